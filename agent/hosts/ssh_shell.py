"""One long-lived shell at the other end of SSH, which runs one command after another.

Laws:
- An answer lies between its marks, whole, or there is none (`ssh_command`). What stands outside is nobody's answer.
- Every command has its time, and its output a limit. A shell in which anything else happened than a whole answer is not used again.
- stdout and stderr are read together, so neither can fill its window and block.
"""

from __future__ import annotations

import secrets
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.hosts.commands import STDERR_KEPT
from agent.hosts.ssh_command import PROOF, TRAILER, began, code, encoded, ended, script
from checks.fact import Missing
from checks.text import Text

BEFORE = 4096  # bytes kept of what a login shell says by itself: it tells why there is no shell
CHUNK = 65536  # bytes
LOOK = 0.05  # seconds: paramiko loses a sign of new data now and then, when both streams have some at once
LEFT_TO_END = 1.0  # seconds for a command whose output was cut off to notice it


class TooSlow(Missing):
    """It did not end in its time."""


class TooMuch(Missing):
    """It printed more than was allowed."""


class NotReached(Missing):
    """There was no shell: sudo, the login shell, or a tool that is not there."""


@dataclass(frozen=True)
class Printed:
    """What a command printed and how it ended. `err` holds at most what was asked for; `cut` tells that there was more."""

    code: int
    out: bytes
    err: str
    cut: bool = False


class Channel(Protocol):
    """The two streams of a program over SSH, and its standard input (`paramiko.Channel`)."""

    eof_received: bool
    closed: bool

    def fileno(self) -> int: ...
    def settimeout(self, timeout: float) -> None: ...
    def sendall(self, s: bytes) -> object: ...
    def recv_ready(self) -> bool: ...
    def recv(self, nbytes: int) -> bytes: ...
    def recv_stderr_ready(self) -> bool: ...
    def recv_stderr(self, nbytes: int) -> bytes: ...
    def close(self) -> object: ...


@dataclass
class Between:
    """What lies between two marks of a stream that comes in pieces: `kept`, of which there are at most `most` bytes."""

    begin: bytes
    end: bytes
    most: int
    before: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    begun: bool = False
    ended: bool = False
    cut: bool = False
    _held: bytes = b""  # the end of the last piece, which may be the beginning of a mark

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        data, self._held = self._held + chunk, b""
        if not self.begun:
            before, mark, data = self._split(data, self.begin)
            self.before += before[: max(0, BEFORE - len(self.before))]
            self.begun = bool(mark)
        if self.begun and not self.ended:
            inside, mark, _ = self._split(data, self.end)
            room = self.most - len(self.kept)
            self.cut = self.cut or len(inside) > room
            self.kept += inside[:room]
            self.ended = bool(mark)

    def _split(self, data: bytes, mark: bytes) -> tuple[bytes, bytes, bytes]:
        before, found, after = data.partition(mark)
        if found:
            return before, found, after
        held = next((size for size in range(len(mark) - 1, 0, -1) if data.endswith(mark[:size])), 0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held], b"", b""


@dataclass(eq=False)
class Shell:
    """A shell that reads commands. One command at a time: who uses it has it alone. `opened_at` in monotonic seconds."""

    channel: Channel
    opened_at: float = field(default_factory=time.monotonic)
    sound: bool = True

    def run(
        self, argv: Sequence[str], *, seconds: float, most: int, heavy: bool = False, user: str = "",
        kept: int = STDERR_KEPT, name: str = "",
    ) -> Printed:  # fmt: skip
        """Run `argv`. Raises Missing: too slow, too much, cut in the middle, no shell; then this one is no longer `sound`."""
        name, mark = name or argv[0], secrets.token_hex(16)
        try:
            said = script(argv, mark, seconds=seconds, most=most, heavy=heavy, user=user)
        except ValueError as error:
            raise Missing(f"{name}: {error}") from error
        self.sound = False
        out = Between(began(mark), ended(mark), most + TRAILER)
        err = Between(began(mark), ended(mark), kept)
        try:
            self._exchange(said, out, err, name, seconds)
        except TooSlow as error:
            raise TooMuch(_too_much(name, most)) if len(out.kept) >= out.most else error from None
        answer = code(bytes(out.kept), mark)
        if len(out.kept if answer is None else answer[0]) > most:
            self.sound = answer is None  # cut off where it was read: the marks are whole
            raise TooMuch(_too_much(name, most))
        if answer is None:
            raise Missing(_broken(name))
        self.sound = True
        return Printed(answer[1], answer[0], err.kept.decode("utf-8", "replace"), err.cut)

    def prove(self, seconds: float) -> None:
        """Prove that arguments arrive here unchanged. Raises Missing with what to do."""
        try:
            proof = self.run(("printf", "%s", PROOF), seconds=seconds, most=4096)
            said = proof.err.strip().partition("\n")[0] if (proof.code, proof.out) != (0, encoded(PROOF)) else None
        except NotReached:
            raise
        except Missing as error:
            said = str(error)
        if said is not None:
            self.sound = False
            raise NotReached(no_shell(said))

    def close(self) -> None:
        """End it."""
        self.sound = False
        try:
            self.channel.close()
        except (OSError, EOFError):  # it is gone already
            return

    def _exchange(self, said: bytes, out: Between, err: Between, name: str, seconds: float) -> None:
        """Send `said`, and read until both streams have ended."""
        deadline = time.monotonic() + seconds
        channel = self.channel
        try:
            channel.settimeout(seconds)
            channel.sendall(said)
        except (OSError, EOFError) as error:
            if time.monotonic() >= deadline:
                raise TooSlow(_too_slow(name, seconds)) from error
            if not (channel.eof_received or channel.closed):
                raise Missing(_broken(name)) from error
        with selectors.DefaultSelector() as selector:
            selector.register(channel.fileno(), selectors.EVENT_READ)
            while not (out.ended and err.ended):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TooSlow(_too_slow(name, seconds))
                selector.select(min(left, LOOK))
                gone = channel.eof_received or channel.closed  # seen before the rest is read
                while channel.recv_ready() and time.monotonic() < deadline:
                    out.feed(channel.recv(CHUNK))
                while channel.recv_stderr_ready() and time.monotonic() < deadline:
                    err.feed(channel.recv_stderr(CHUNK))
                if len(out.kept) >= out.most:
                    deadline = min(deadline, time.monotonic() + LEFT_TO_END)
                if gone and not (out.ended and err.ended):
                    if out.begun:
                        raise Missing(_broken(name))
                    why = _first(bytes(err.before + err._held)) or _first(bytes(out.before + out._held))
                    raise NotReached(no_shell(why))


def no_shell(why: str) -> Text:
    """Why nothing can be read with this account, and what to do."""
    said = f" ({why[:200]})" if why else ""
    return Text(
        f"akun ini tidak memberi shell POSIX{said}; beri akun ini /bin/sh, dan coreutils GNU pada server",
        f"this account gives no POSIX shell{said}; give the account /bin/sh, and the server GNU coreutils",
    )


def _first(said: bytes) -> str:
    return next(iter(said.decode("utf-8", "replace").strip().splitlines()), "")


def _too_slow(name: str, seconds: float) -> Text:
    return Text(f"{name} tidak selesai dalam {seconds:g} detik", f"{name} did not end within {seconds:g} s")


def _too_much(name: str, most: int) -> Text:
    return Text(f"{name} mencetak lebih dari {most} byte", f"{name} printed more than {most} bytes")


def _broken(name: str) -> Text:
    return Text(
        f"{name} terputus: dihentikan sinyal, atau koneksi SSH putus",
        f"{name} broke off: ended by a signal, or the SSH connection was cut",
    )
