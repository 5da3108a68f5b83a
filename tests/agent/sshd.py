"""Real OpenSSH servers on loopback, with keys of their own, gone when the test ends. (PYTEST_DONT_REWRITE)

    with sshd(tmp_path) as server:
        host = server.host()

Started as whoever runs the tests: root may log in as anyone, others as themselves. Skips where there is no sshd.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.hosts.ssh import SshHost
from agent.hosts.ssh_connection import Connection
from agent.hosts.ssh_login import Login, Route

CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
LogLevel VERBOSE
SetEnv HOME={folder}/home
"""


@dataclass(frozen=True)
class Server:
    """A running sshd. `identity` is a key it accepts; `known_hosts` a file that holds its host key."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def identity(self) -> Path:
        return self.folder / "identity"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def login(self) -> Login:
        return Login(getpass.getuser(), "127.0.0.1", self.port)

    def route(self, **changed: object) -> Route:
        made = Route(self.login, identity=str(self.identity), known_hosts=str(self.known_hosts))
        return replace(made, **changed)  # type: ignore[arg-type]

    def host(self, **changed: object) -> SshHost:
        """This machine, over SSH."""
        return SshHost(Connection(self.route(**changed)))

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


def keygen(path: Path, passphrase: str = "") -> Path:
    """A new key pair."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", path], check=True)
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def sshd(folder: Path, *options: str) -> Iterator[Server]:
    """An sshd whose files are in `folder`; `options` are lines of its configuration, which come first and so win."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("no sshd here (Debian: openssh-server)")
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it separates its privileges
    (folder / "home").mkdir(exist_ok=True)  # not the tester's, whose ~/.bashrc is nobody's business
    port = free_port()
    for name in ("host_key", "identity"):
        keygen(folder / name)
    shutil.copy(folder / "identity.pub", folder / "authorized_keys")
    host_key = (folder / "host_key.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
    (folder / "config").write_text("\n".join(options) + "\n" + CONFIG.format(port=port, folder=folder))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", folder / "config"], stderr=log, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 15
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield Server(folder, port, process)
    finally:
        process.terminate()
        process.wait(10)
