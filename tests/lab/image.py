"""Makes the root file systems of the laboratory's hosts, once for each state of their recipes.

Laws:
- Packages come from the apt sources this machine is configured with; no mirror is named here.
- An image is a stack of layers, each a directory outside the tree, named by the digest of everything that went into it.
- A layer stands in the cache whole or not at all: it is made beside its place and renamed.
- A layer older than `FRESH` is made again: a host whose package lists are old is not well kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parent.parent
HOSTS = HERE / "hosts"
SUITE = "bookworm"
FRESH = 5 * 86400.0  # seconds
GIVEN = {"metrics.txt": TREE / "tests" / "checks" / "real" / "spse" / "metrics.txt"}
"""Files of the tree that recipes take from /lab beside their own folder."""


@dataclass(frozen=True)
class Layer:
    """One layer: the folder of its recipe below `hosts/`, and the layer it stands on."""

    name: str
    below: Layer | None = None

    @property
    def digest(self) -> str:
        """Of all files of the recipe, of what is given to it, and of the layers below."""
        whole = hashlib.sha256((self.below.digest if self.below else SUITE).encode())
        for file in (*sorted(p for p in (HOSTS / self.name).rglob("*") if p.is_file()), *GIVEN.values()):
            whole.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
        return whole.hexdigest()[:16]

    @property
    def folder(self) -> Path:
        """Where it stands in the cache."""
        return cache() / f"{self.name}-{self.digest}"

    @property
    def stack(self) -> tuple[Path, ...]:
        """The folders of this layer and all below, the uppermost first: overlayfs's `lowerdir`."""
        return (self.folder, *(self.below.stack if self.below else ()))


def cache() -> Path:
    """The directory of all layers, outside the tree: `$XDG_CACHE_HOME/pantau-lab`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pantau-lab"


def made(layer: Layer) -> float:
    """Make `layer` and what is below it, where they are not there or old; seconds spent. Says what it does."""
    spent = made(layer.below) if layer.below else 0.0
    below_is_newer = layer.below and layer.folder.exists() and _made_at(layer.folder) < _made_at(layer.below.folder)
    if layer.folder.exists() and not below_is_newer and time.time() - _made_at(layer.folder) < FRESH:
        return spent
    start = time.monotonic()
    print(f"making {layer.name} ...", flush=True)
    cache().mkdir(parents=True, exist_ok=True)
    for old in cache().iterdir():
        if re.fullmatch(rf"{layer.name}-[0-9a-f]{{16}}(\.made)?", old.name):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    work = cache() / f"new-{layer.name}"
    shutil.rmtree(work, ignore_errors=True)
    if layer.below is None:
        _bootstrap(layer, work)
    else:
        _on_top(layer, work)
    work.rename(layer.folder)
    _stamp(layer.folder).touch()
    return spent + time.monotonic() - start


def _stamp(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.made")


def _made_at(folder: Path) -> float:
    with contextlib.suppress(FileNotFoundError):
        return _stamp(folder).stat().st_mtime
    return 0.0


def _bootstrap(layer: Layer, work: Path) -> None:
    packages = ",".join((HOSTS / layer.name / "packages").read_text(encoding="utf-8").split())
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", "--skip=cleanup/apt/lists"]
    command += [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("doc", "man", "locale", "info")]
    _run([*command, SUITE, str(work), *_sources()], cache() / f"{layer.name}.log")
    (work / "etc/resolv.conf").unlink(missing_ok=True)
    _recipe(layer, work)


def _on_top(layer: Layer, work: Path) -> None:
    assert layer.below is not None
    inner = cache() / f"inner-{layer.name}"
    shutil.rmtree(inner, ignore_errors=True)
    for folder in (work, inner / "work", inner / "root"):
        folder.mkdir(parents=True)
    with overlay(layer.below.stack, work, inner / "work", inner / "root") as root:
        _recipe(layer, root)
    shutil.rmtree(inner)


def _recipe(layer: Layer, root: Path) -> None:
    """Run every `*.sh` of the recipe in `root`, by the order of their names, with this machine's network."""
    command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--as-pid2", "--pipe", "-D", str(root)]
    command += [
        "--resolv-conf=copy-host",
        "--timezone=off",
        f"--bind-ro={HOSTS / layer.name}:/lab",
        "--setenv=DEBIAN_FRONTEND=noninteractive",
    ]
    command += [f"--bind-ro={path}:/given/{name}" for name, path in GIVEN.items()]
    for script in sorted((HOSTS / layer.name).glob("*.sh")):
        _run([*command, "/bin/sh", "-eu", f"/lab/{script.name}"], cache() / f"{layer.name}.log")
    for folder in ("lab", "given"):
        shutil.rmtree(root / folder, ignore_errors=True)
    (root / "etc/resolv.conf").unlink(missing_ok=True)


def _sources() -> list[str]:
    """The Debian sources of this suite that this machine's apt is configured with, one `deb` line each."""
    form = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(CODENAME)"
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = {}
    for line in said.splitlines():
        uri, release, component, origin, codename = line.split("|")
        if origin == "Debian" and codename.startswith(SUITE):
            key = "/usr/share/keyrings/debian-archive-keyring.gpg"
            lines[f"deb [signed-by={key}] {uri} {release} {component}"] = None
    if not lines:
        raise SystemExit(f"apt of this machine has no source of Debian {SUITE}: the laboratory's hosts are made of it")
    return list(lines)


@contextlib.contextmanager
def overlay(lower: tuple[Path, ...], upper: Path, work: Path, root: Path) -> Iterator[Path]:
    """Mount `lower` (uppermost first) below `upper` at `root`."""
    options = f"lowerdir={':'.join(map(str, lower))},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "pantau-lab", "-o", options, str(root)], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", str(root)], check=True)


def _run(command: list[str], log: Path) -> None:
    with log.open("ab") as sink:
        code = subprocess.run(command, stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise SystemExit(f"{tail}\n{command[0]} ended with {code}; the whole log is {log}")
