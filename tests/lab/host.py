"""One booted host of the laboratory: a container with systemd as PID 1, on an image that it cannot change.

Laws:
- All that a host writes goes to a layer of its own, which is removed with it.
- A host is ended by the number of its own PID 1, never by a name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.disks import Disk, insert, release
from tests.lab.image import HERE, Layer

CGROUPS = Path("/sys/fs/cgroup")
BOOT = 60.0  # seconds, at the most
IN_ENVIRONMENT = {
    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",  # net.* sysctl
    "SYSTEMD_NSPAWN_TMPFS_TMP": "0",  # /tmp is the host's own affair
}


@dataclass
class Host:
    """A host called `name`, of image `layer`, below `work`, with the network namespace `netns`.

    `files`: what it is given before it is booted, by absolute path: closed to all but root where the name ends with `.key`.
    """

    name: str
    layer: Layer
    work: Path
    netns: str
    bind: Sequence[str] = ()
    disks: Sequence[Disk] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def root(self) -> Path:
        """Its file system, as this machine sees it."""
        return self.work / "root"

    @property
    def entrance(self) -> str:
        """The command that opens a shell inside."""
        return f"nsenter -t {self._init()} -a -r -w bash"

    def boot(self) -> None:
        """Mount, start, and wait until systemd says that it is up (or degraded: some unit may not run in a container)."""
        for folder in ("upper", "inner", "root"):
            (self.work / folder).mkdir(parents=True)
        lower = ":".join(map(str, self.layer.stack))
        options = f"lowerdir={lower},upperdir={self.work}/upper,workdir={self.work}/inner"
        subprocess.run(["mount", "-t", "overlay", "pantau-lab", "-o", options, str(self.root)], check=True)
        (self.root / "etc/hostname").write_text(f"{self.name}\n", encoding="ascii")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n", encoding="ascii")
        keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.root / "etc/ssh/ssh_host_ed25519_key")]
        subprocess.run(keygen, check=True)
        for path, text in self.files.items():
            place = self.root / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
            place.chmod(0o600 if path.endswith(".key") else 0o644)
        insert(self.disks, self.root, self.work / "disks")
        groups = self._groups()
        command = [
            "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", f"--machine={self.name}",
            f"--directory={self.root}", f"--network-namespace-path={self.netns}", "--console=read-only",
            "--capability=CAP_NET_ADMIN,CAP_BPF,CAP_PERFMON", "--system-call-filter=bpf", "--resolv-conf=off", "--timezone=off",
            f"--bind-ro={HERE}/live:/lab", *(f"--bind={one}" for one in self.bind),
        ]  # fmt: skip
        with (self.work / "console.log").open("wb") as console:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env={**os.environ, **IN_ENVIRONMENT}, preexec_fn=lambda: _join(groups),  # noqa: PLW1509 - this program has no threads
            )  # fmt: skip
        self._wait()

    def run(self, *argv: str, timeout: float = 300.0) -> subprocess.CompletedProcess[str]:
        """Run a command inside, in a unit of its own, as root."""
        command = ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--", *argv]
        return self._enter(command, timeout)

    def script(self, name: str) -> None:
        """Run the script `name` of the folder `live` inside. Raises SystemExit with what it printed if it fails."""
        done = self.run("/bin/sh", "-eu", f"/lab/{name}")
        if done.returncode:
            raise SystemExit(f"{self.name}: {name} ended with {done.returncode}\n{done.stdout}{done.stderr}")

    def stop(self) -> None:
        """End it, and remove what it wrote."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError, IndexError):
                os.kill(self._init(), signal.SIGRTMIN + 4)  # systemd's "power off"
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(OSError, ValueError, IndexError):
                    os.kill(self._init(), signal.SIGKILL)
                self.process.kill()
                self.process.wait(10)
        release(self.work)
        for group in self._groups(make=False):
            for folder in sorted((p for p in group.rglob("*") if p.is_dir()), key=lambda p: -len(p.parts)):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            with contextlib.suppress(OSError):
                group.rmdir()
        if not self.root.is_mount():
            shutil.rmtree(self.work, ignore_errors=True)

    def _groups(self, *, make: bool = True) -> list[Path]:
        """Its control groups: on version 2 one, on the older hybrid one for systemd and the unified one."""
        hybrid = [CGROUPS / "systemd", CGROUPS / "unified"]
        above = hybrid if (CGROUPS / "unified").is_dir() else [CGROUPS]
        groups = [one / f"pantau-lab-{self.name}" for one in above]
        for group in groups if make else ():
            group.mkdir(exist_ok=True)
        return [group for group in groups if group.is_dir()]

    def _init(self) -> int:
        """The number of its PID 1 on this machine."""
        found = self._groups()[-1] / "payload/init.scope/cgroup.procs"
        return int(found.read_text(encoding="ascii").split()[0])

    def _enter(self, argv: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
        command = ["nsenter", "-t", str(self._init()), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--", *argv]
        clean = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command, env=clean, capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + BOOT
        said = ""
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, ValueError, IndexError, subprocess.TimeoutExpired):
                said = self._enter(["systemctl", "is-system-running"], 10).stdout.strip()
                if said in {"running", "degraded"}:
                    return
            time.sleep(0.1)
        console = (self.work / "console.log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise SystemExit(f"{self.name} did not come up ({said or 'no answer'}):\n{console}")


def _join(groups: list[Path]) -> None:
    for group in groups:
        (group / "cgroup.procs").write_text("0", encoding="ascii")
