"""Where to log in and how, as a person writes it: `user@host:port`, jumps, identity, known hosts, sudo."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass

PORT = 22
LOGIN = re.compile(r"(?:(?P<user>[^@\s:\[\]]+)@)?(?P<host>\[[0-9a-fA-F:.%\w]+\]|[^\s:@\[\]/]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True)
class Login:
    """An account on a host."""

    user: str
    host: str
    port: int = PORT

    @property
    def known_as(self) -> str:
        """The host as known_hosts names it."""
        return self.host if self.port == PORT else f"[{self.host}]:{self.port}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}" + (f":{self.port}" if self.port != PORT else "")


@dataclass(frozen=True)
class Route:
    """The way to one host.

    `jumps`: hosts in between, in order (ProxyJump). `identity`: a private key file; empty: ssh-agent, then ~/.ssh/id_*.
    `known_hosts`: files of host keys; empty: ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. `sudo`: read as root with `sudo -n`.
    """

    login: Login
    jumps: tuple[Login, ...] = ()
    identity: str = ""
    known_hosts: str = ""
    sudo: bool = False


def login(said: str) -> Login:
    """`[user@]host[:port]`; an IPv6 address in brackets. Raises ValueError."""
    found = LOGIN.fullmatch(said.strip())
    port = int(found["port"] or PORT) if found else 0
    if found is None or not 0 < port < 1 << 16 or found["host"].startswith("-"):
        raise ValueError(said)
    return Login(found["user"] or getpass.getuser(), found["host"].strip("[]"), port)
