"""The product as the hosts get it: its wheel and the agent's dependencies, for the Python that Debian 12 brings (3.11)."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.lab.image import TREE, cache

PLACE = "/opt/pantau/lib/python3.11/site-packages"  # of the virtual environment in every image
COMMAND = "/opt/pantau/bin/pantau-agent"
PYTHON = "/opt/pantau/bin/python3"


def installed(work: Path) -> Path:
    """A folder with the product, as it is in the tree now, and its dependencies; to be bound to `PLACE`."""
    target = work / "product"
    shutil.copytree(_dependencies(), target, copy_function=lambda a, b: Path(b).hardlink_to(a))
    _pip("--no-deps", "--target", str(target), "--upgrade", str(TREE))
    return target


def _dependencies() -> Path:
    wanted = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    place = cache() / f"dependencies-{hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]}"
    if not place.exists():
        new = cache() / "new-dependencies"
        shutil.rmtree(new, ignore_errors=True)
        _pip("--target", str(new), "--python-version", "3.11", "--only-binary=:all:", *wanted)
        new.rename(place)
    return place


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\npip could not install the product for the hosts")
