"""One answer of a device that has no shell: what it prints for one command, until it ends the channel.

Law: it ends in its time and within its limit, or it is Missing. An answer that is empty is none.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Protocol

from agent.hosts.ssh_shell import CHUNK, Channel, TooMuch, TooSlow
from checks.fact import Missing
from checks.text import Text


class Asked(Channel, Protocol):
    """A channel on which a command can be run (`paramiko.Channel`)."""

    def exec_command(self, command: str) -> None: ...


def answer(channel: Asked, command: str, seconds: float, most: int) -> bytes:
    """What is printed for `command`, on both streams. Raises Missing, and OSError where the connection broke."""
    deadline = time.monotonic() + seconds
    watch = threading.Timer(seconds, _close, (channel,))  # paramiko waits for consent without a limit
    watch.daemon = True
    watch.start()
    out = bytearray()
    try:
        channel.settimeout(seconds)
        channel.exec_command(command)
        while True:
            chunk = channel.recv(CHUNK) or (channel.recv_stderr(CHUNK) if channel.recv_stderr_ready() else b"")
            out += chunk
            if len(out) > most:
                raise TooMuch(Text(f"{command}: lebih dari {most} byte", f"{command}: more than {most} bytes"))
            if time.monotonic() >= deadline:
                raise TooSlow(_too_slow(command, seconds))
            if not chunk:
                break
    except (OSError, EOFError) as error:
        if time.monotonic() >= deadline:
            raise TooSlow(_too_slow(command, seconds)) from error
        raise
    finally:
        watch.cancel()
        _close(channel)
    if not out.strip():
        raise Missing(Text(f"{command}: tidak menjawab apa pun", f"{command}: it answered nothing"))
    return bytes(out)


def _close(channel: Asked) -> None:
    with contextlib.suppress(OSError, EOFError):  # many devices have ended the whole connection by now
        channel.close()


def _too_slow(command: str, seconds: float) -> Text:
    return Text(f"{command} tidak dijawab dalam {seconds:g} detik", f"{command} was not answered within {seconds:g} s")
