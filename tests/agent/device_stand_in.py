"""A stand-in for a router or switch that speaks SSH: no real device. It answers exec requests from recorded outputs.

It accepts one public key, as a device with a configured user does, and like Cisco IOS ends the connection after one answer.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

from agent.hosts.ssh_login import Login, Route
from tests.agent.sshd import keygen

UNKNOWN = b"% Invalid input detected at '^' marker.\r\n"


@dataclass
class DeviceStandIn:
    """A running stand-in. `asked`: every command it got; `logins`: how many connections."""

    folder: Path
    answers: Mapping[str, bytes]
    delay: float = 0.0
    port: int = 0
    logins: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def identity(self) -> Path:
        return self.folder / "identity"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def route(self) -> Route:
        return Route(
            Login("pantau", "127.0.0.1", self.port), identity=str(self.identity), known_hosts=str(self.known_hosts)
        )

    def serve(self, line: socket.socket) -> None:
        """One connection."""
        self.logins += 1
        transport = paramiko.Transport(line)
        transport.add_server_key(paramiko.Ed25519Key.from_private_key_file(str(self.folder / "host_key")))
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            transport.start_server(server=_Server(self))
            channel = transport.accept(10)
            while channel is not None and transport.is_active() and not channel.closed:
                time.sleep(0.02)
        transport.close()


class _Server(paramiko.ServerInterface):
    def __init__(self, device: DeviceStandIn) -> None:
        self.device = device
        self.key = (device.folder / "identity.pub").read_text().split()[1]

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key.get_base64() == self.key else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        said = command.decode()
        self.device.asked.append(said)
        threading.Thread(target=self._answer, args=(channel, said), daemon=True).start()
        return True

    def _answer(self, channel: paramiko.Channel, said: str) -> None:
        time.sleep(self.device.delay + 0.1)  # what consents to the command goes first
        with contextlib.suppress(OSError, EOFError):
            channel.sendall(self.device.answers.get(said, UNKNOWN))
            channel.close()


@contextlib.contextmanager
def device(folder: Path, answers: Mapping[str, bytes], delay: float = 0.0) -> Iterator[DeviceStandIn]:
    """A stand-in on loopback whose keys are in `folder`. `delay` in seconds before each answer."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("host_key", "identity"):
        keygen(folder / name)
    made = DeviceStandIn(folder, answers, delay)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = listening.getsockname()[1]
        made.known_hosts.write_text(f"[127.0.0.1]:{made.port} {(folder / 'host_key.pub').read_text()}")

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    threading.Thread(target=made.serve, args=(line,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield made
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
