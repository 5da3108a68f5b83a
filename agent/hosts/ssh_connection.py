"""One SSH connection to one host, reused for all readings of a survey, and made again when it was lost.

Laws:
- The host's key stands in a known_hosts file, or nothing is said to that host (`ssh_trust`). No passwords, ever.
- Everything ends: connecting, each command and each answer has its time, and output its limit (`ssh_shell`). What goes beyond is
  closed, and is Missing. A connection that was cut in the middle of an answer gave none.
- A survey needs a few sessions however much it reads: commands are run by shells that stay open (`ssh_shells`).
- A host that cannot be reached is not asked again for `PAUSE` seconds, then twice as long, up to `LONGEST_PAUSE`: in a survey of
  many hosts one that is dead costs one attempt.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import paramiko

from agent.hosts.commands import STDERR_KEPT
from agent.hosts.ssh_answer import answer
from agent.hosts.ssh_command import opening
from agent.hosts.ssh_login import Login, Route
from agent.hosts.ssh_shell import NotReached, Printed, Shell, TooSlow
from agent.hosts.ssh_shells import SessionRefused, Shells
from agent.hosts.ssh_trust import authenticate, check_key, known_keys, prefer
from checks.fact import Missing
from checks.text import Text, Words, joined

log = logging.getLogger(__name__)

CONNECT, BANNER, SESSION = 10.0, 15.0, 10.0  # seconds
KEEPALIVE = 15  # seconds between signs of life
UNACKNOWLEDGED = 20_000  # milliseconds after which the kernel gives a silent connection up (TCP_USER_TIMEOUT)
MOST_SLOW = 6  # readings in a row that did not end: then the host is held to be hanging, and left alone for a while
PAUSE, LONGEST_PAUSE = 30.0, 600.0  # seconds


class Refused(Missing):
    """The connection itself failed; nothing on that host was asked."""


@dataclass
class Connection:
    """The way to one host. Threads may share it."""

    route: Route
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _transports: list[paramiko.Transport] = field(default_factory=list, repr=False)
    _shells: Shells | None = field(default=None, repr=False)
    _failed: Words = ""
    _pause: float = PAUSE
    _not_before: float = 0.0
    _slow: int = 0
    root: bool = False
    sudo: bool = False

    def run(
        self, argv: Sequence[str], *, seconds: float, most: int, heavy: bool = False, user: str = "",
        kept: int = STDERR_KEPT, name: str = "",
    ) -> Printed:  # fmt: skip
        """Run `argv` on the far side: with sudo if the route says so and it is allowed, as `user` if one is named.

        `most` bytes of stdout at the most, `kept` of stderr are kept. Raises Missing: no connection, too slow, too much, cut.
        """
        try:
            with self._open().one() as shell:
                printed = shell.run(argv, seconds=seconds, most=most, heavy=heavy, user=user, kept=kept, name=name)
        except TooSlow as error:
            self._slow += 1
            if self._slow >= MOST_SLOW:
                with self._lock:
                    self._drop()
                    self._slow = 0
                    self._hold(error.reason)
            raise
        self._slow = 0
        return printed

    def say(self, command: str, *, seconds: float, most: int) -> bytes:
        """What a device without a shell prints for `command`, which is sent as it stands; with a login of its own.

        Raises Missing: no connection, too slow, too much, nothing.
        """
        with self._lock:
            if time.monotonic() < self._not_before:
                raise Refused(self._failed)
            with self._failing():
                self._dial()
            try:
                printed = answer(self._transports[-1].open_session(timeout=SESSION), command, seconds, most)
            except (OSError, EOFError, paramiko.SSHException) as error:
                raise Missing(_lost()) from error
            finally:
                self._drop()
            self._failed, self._pause = "", PAUSE
            return printed

    def close(self) -> None:
        """End the connection; the next reading makes a new one."""
        with self._lock:
            self._drop()

    def connect(self) -> None:
        """Make sure that there is a connection. Raises Refused with what to do."""
        self._open()

    def _drop(self) -> None:
        if self._shells is not None:
            self._shells.close()
            self._shells = None
        for transport in reversed(self._transports):
            transport.close()
        self._transports.clear()

    def _open(self) -> Shells:
        with self._lock:
            if self._shells is not None and all(one.is_active() for one in self._transports):
                return self._shells
            lost = bool(self._transports)
            self._drop()
            if lost and not self._failed:
                self._hold(Text("koneksi SSH terputus", "the SSH connection was cut"))
            if time.monotonic() < self._not_before:
                raise Refused(self._failed)
            with self._failing():
                self._dial()
                self._shells = self._look_around(self._transports[-1])
            self._failed, self._pause = "", PAUSE
            return self._shells

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """What fails to connect is said, and not tried again for a while."""
        try:
            yield
        except Missing as error:
            self._drop()
            self._hold(error.reason)
            raise Refused(self._failed) from error
        except (OSError, EOFError, paramiko.SSHException) as error:
            self._drop()
            self._hold(str(error) or type(error).__name__)
            raise Refused(self._failed) from error

    def _hold(self, reason: Words) -> None:
        """Do not try again for a while, and say why to who asks meanwhile."""
        self._failed = joined((f"ssh {self.route.login}", reason), ": ")
        self._not_before, self._pause = time.monotonic() + self._pause, min(2 * self._pause, LONGEST_PAUSE)

    def _dial(self) -> None:
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it would log every refusal with a traceback
        for hop in (*self.route.jumps, self.route.login):
            transport = paramiko.Transport(self._line_to(hop))
            self._transports.append(transport)
            transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = BANNER
            transport.daemon = True
            known = known_keys(self.route.known_hosts, hop)
            prefer(transport, known)
            transport.start_client(timeout=BANNER)
            check_key(transport.get_remote_server_key(), known, hop)
            authenticate(transport, hop, self.route.identity)
            transport.set_keepalive(KEEPALIVE)

    def _line_to(self, hop: Login) -> socket.socket | paramiko.Channel:
        if self._transports:
            return self._transports[-1].open_channel(
                "direct-tcpip", (hop.host, hop.port), ("127.0.0.1", 0), timeout=CONNECT
            )
        line_ = socket.create_connection((hop.host, hop.port), timeout=CONNECT)
        line_.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line_.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED)
        return line_

    def _look_around(self, transport: paramiko.Transport) -> Shells:
        """See who we are there; the shells to read with."""
        plain = Shells(lambda: self._shell(transport, opening()))
        self.root, self.sudo = _is_root(plain), False
        if self.root or not self.route.sudo:
            return plain
        privileged = Shells(lambda: self._shell(transport, opening(sudo=True)))
        try:
            self.sudo = self.root = _is_root(privileged)
        except NotReached as error:
            log.warning(
                "event=sudo_refused host=%s error=%r; what only root can read is unknown", self.route.login, str(error)
            )
        unused = plain if self.sudo else privileged
        unused.close()
        return privileged if self.sudo else plain

    def _shell(self, transport: paramiko.Transport, said: bytes) -> Shell:
        """A new shell in a session of its own, proven to work. Raises SessionRefused where sshd gives no more of them."""
        try:
            channel = transport.open_session(timeout=SESSION)
        except (OSError, EOFError, paramiko.SSHException) as error:
            if not transport.is_active() or "Timeout" in str(error):
                transport.close()  # it does not answer: nobody else shall wait for it
                raise Missing(_lost()) from error
            raise SessionRefused(Text(f"sshd menolak sesi: {error}", f"sshd refused a session: {error}")) from error
        shell = Shell(channel)
        watch = threading.Timer(SESSION, shell.close)  # paramiko waits for sshd's consent without a limit
        watch.daemon = True
        watch.start()
        try:
            channel.exec_command(said)
            watch.cancel()
            shell.prove(SESSION)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise Missing(_lost()) from error
        finally:
            watch.cancel()
            if not shell.sound:
                shell.close()
        return shell


def _is_root(shells: Shells) -> bool:
    with shells.one() as shell:
        return shell.run(("id", "-u"), seconds=SESSION, most=4096).out.strip() == b"0"


def _lost() -> Text:
    return Text("koneksi SSH tidak menjawab", "the SSH connection does not answer")
