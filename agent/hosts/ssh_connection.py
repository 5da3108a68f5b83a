"""One SSH connection to one host, reused for all readings of a survey, and made again when it was lost.

Laws:
- The host's key stands in a known_hosts file, or nothing is said to that host (`ssh_trust`). No passwords, ever.
- Everything ends: connecting, each command and each answer has its time, and output its limit. What goes beyond is closed, and is
  Missing. A connection that was cut in the middle of an answer gave none.
- stdout and stderr are read together, so neither can fill its window and block.
- A host that cannot be reached is not asked again for `PAUSE` seconds, then twice as long, up to `LONGEST_PAUSE`: in a survey of
  many hosts one that is dead costs one attempt.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import paramiko

from agent.hosts.commands import STDERR_KEPT
from agent.hosts.ssh_command import MARK, PROOF, encoded, line
from agent.hosts.ssh_login import Login, Route
from agent.hosts.ssh_trust import authenticate, check_key, known_keys, prefer
from checks.fact import Missing
from checks.text import Text, Words, joined

log = logging.getLogger(__name__)

CONNECT, BANNER, SESSION = 10.0, 15.0, 10.0  # seconds
KEEPALIVE = 15  # seconds between signs of life
UNACKNOWLEDGED = 20_000  # milliseconds after which the kernel gives a silent connection up (TCP_USER_TIMEOUT)
SESSIONS = 4  # commands at once; sshd allows 10 on one connection (MaxSessions), some set fewer
MOST_SLOW = 6  # readings in a row that did not end: then the host is held to be hanging, and left alone for a while
PAUSE, LONGEST_PAUSE = 30.0, 600.0  # seconds


class TooSlow(Missing):
    """It did not end in its time."""


class TooMuch(Missing):
    """It printed more than was allowed."""


class NotReached(Missing):
    """Something on the way to the program refused: sudo, or a tool that is not there."""


class Refused(Missing):
    """The connection itself failed; nothing on that host was asked."""


@dataclass(frozen=True)
class Printed:
    """What a command printed and how it ended. `err` holds at most what was asked for; `cut` tells that there was more."""

    code: int
    out: bytes
    err: str
    cut: bool = False


@dataclass
class Connection:
    """The way to one host. Threads may share it."""

    route: Route
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _sessions: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(SESSIONS), repr=False)
    _transports: list[paramiko.Transport] = field(default_factory=list, repr=False)
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
        name = name or argv[0]
        transport = self._open()
        try:
            said = line(argv, seconds=seconds, heavy=heavy, sudo=self.sudo, user=user)
        except ValueError as error:
            raise Missing(f"{name}: {error}") from error
        try:
            printed = self._run(transport, said, name, seconds, most, kept)
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

    def close(self) -> None:
        """End the connection; the next reading makes a new one."""
        with self._lock:
            self._drop()

    def connect(self) -> None:
        """Make sure that there is a connection. Raises Refused with what to do."""
        self._open()

    def _drop(self) -> None:
        for transport in reversed(self._transports):
            transport.close()
        self._transports.clear()

    def _open(self) -> paramiko.Transport:
        with self._lock:
            if self._transports and all(one.is_active() for one in self._transports):
                return self._transports[-1]
            lost = bool(self._transports)
            self._drop()
            if lost and not self._failed:
                self._hold(Text("koneksi SSH terputus", "the SSH connection was cut"))
            if time.monotonic() < self._not_before:
                raise Refused(self._failed)
            try:
                self._dial()
            except Missing as error:
                self._drop()
                self._hold(error.reason)
                raise Refused(self._failed) from error
            except (OSError, EOFError, paramiko.SSHException) as error:
                self._drop()
                self._hold(str(error) or type(error).__name__)
                raise Refused(self._failed) from error
            self._failed, self._pause = "", PAUSE
            return self._transports[-1]

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
        self._look_around(self._transports[-1])

    def _line_to(self, hop: Login) -> socket.socket | paramiko.Channel:
        if self._transports:
            return self._transports[-1].open_channel(
                "direct-tcpip", (hop.host, hop.port), ("127.0.0.1", 0), timeout=CONNECT
            )
        line_ = socket.create_connection((hop.host, hop.port), timeout=CONNECT)
        line_.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line_.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED)
        return line_

    def _look_around(self, transport: paramiko.Transport) -> None:
        """Prove that the login shell hands arguments on unchanged, and see who we are there."""

        def ask(*argv: str, sudo: bool = False) -> Printed:
            return self._run(transport, line(argv, seconds=SESSION, sudo=sudo), argv[0], SESSION, 1 << 16, STDERR_KEPT)

        try:
            proof = ask("printf", "%s", PROOF)
        except NotReached as error:
            proof = Printed(-1, b"", str(error))
        if (proof.code, proof.out) != (0, encoded(PROOF)):
            hint = proof.err.strip().splitlines()
            said = f" ({hint[0][:200]})" if hint else ""
            raise Missing(
                Text(
                    f"akun ini tidak mempunyai shell POSIX yang diam: perintah sampai dalam bentuk lain atau ~/.bashrc "
                    f"mencetak sesuatu{said}; beri akun ini /bin/sh, dan coreutils GNU pada server",
                    f"this account has no quiet POSIX shell: commands arrive changed, or ~/.bashrc prints something{said}; "
                    f"give the account /bin/sh, and the server GNU coreutils",
                )
            )
        self.root = ask("id", "-u").out.strip() == b"0"
        self.sudo = False
        if self.route.sudo and not self.root:
            try:
                self.sudo = self.root = ask("id", "-u", sudo=True).out.strip() == b"0"
            except NotReached as error:
                log.warning(
                    "event=sudo_refused host=%s error=%r; what only root can read is unknown",
                    self.route.login, str(error),
                )  # fmt: skip

    def _run(
        self, transport: paramiko.Transport, said: bytes, name: str, seconds: float, most: int, kept: int
    ) -> Printed:
        with self._sessions:
            deadline = time.monotonic() + seconds
            channel = self._session(transport, deadline)
            watch = threading.Timer(seconds, channel.close)  # paramiko waits for sshd's consent without a limit
            watch.daemon = True
            watch.start()
            try:
                channel.exec_command(said)
                watch.cancel()
                channel.shutdown_write()
                out, err, cut = _drain(channel, name, deadline, seconds, most, kept)
                code = channel.recv_exit_status() if channel.status_event.wait(deadline - time.monotonic()) else None
            except (OSError, EOFError, paramiko.SSHException) as error:
                if time.monotonic() >= deadline:
                    raise TooSlow(_too_slow(name, seconds)) from error
                raise Missing(_broken(name)) from error
            finally:
                watch.cancel()
                with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
                    channel.close()
        if code is None:
            raise TooSlow(_too_slow(name, seconds))
        if code < 0:  # no exit status: a signal, or the connection was cut
            raise Missing(_broken(name))
        before, mark, after = err.partition(f"{MARK}\n")
        if not mark:
            why = next(iter(before.strip().splitlines()), "")[:200]
            raise NotReached(Text(f"{name} tidak dapat dijalankan: {why}", f"{name} could not be run: {why}"))
        return Printed(code, out, after, cut)

    def _session(self, transport: paramiko.Transport, deadline: float) -> paramiko.Channel:
        """A new session on the connection. sshd may allow fewer at once than we would like (MaxSessions): then wait."""
        while True:
            try:
                return transport.open_session(timeout=SESSION)
            except (OSError, EOFError, paramiko.SSHException) as error:
                said = str(error)
                if not transport.is_active() or "Timeout" in said:
                    transport.close()  # it does not answer: nobody else shall wait for it
                    raise Missing(_lost()) from error
                if time.monotonic() > deadline:
                    raise Missing(Text(f"sshd menolak sesi: {said}", f"sshd refused a session: {said}")) from error
                time.sleep(0.1)


def _drain(
    channel: paramiko.Channel, name: str, deadline: float, seconds: float, most: int, kept: int
) -> tuple[bytes, str, bool]:
    out, err, cut = bytearray(), bytearray(), False
    with selectors.DefaultSelector() as selector:
        selector.register(channel.fileno(), selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TooSlow(_too_slow(name, seconds))
            ended = channel.eof_received or channel.closed  # seen before the rest is read
            while channel.recv_ready():
                out += channel.recv(65536)
                if len(out) > most:
                    raise TooMuch(
                        Text(f"{name} mencetak lebih dari {most} byte", f"{name} printed more than {most} bytes")
                    )
            while channel.recv_stderr_ready():
                chunk = channel.recv_stderr(65536)
                cut = cut or len(err) + len(chunk) > kept
                err += chunk[: max(0, kept - len(err))]
                if time.monotonic() > deadline:
                    raise TooSlow(_too_slow(name, seconds))
            if ended:
                return bytes(out), err.decode("utf-8", "replace"), cut


def _too_slow(name: str, seconds: float) -> Text:
    return Text(f"{name} tidak selesai dalam {seconds:g} detik", f"{name} did not end within {seconds:g} s")


def _broken(name: str) -> Text:
    return Text(
        f"{name} terputus: dihentikan sinyal, atau koneksi SSH putus",
        f"{name} broke off: ended by a signal, or the SSH connection was cut",
    )


def _lost() -> Text:
    return Text("koneksi SSH tidak menjawab", "the SSH connection does not answer")
