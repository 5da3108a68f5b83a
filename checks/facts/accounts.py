"""Local accounts: who is root, who may have a shell, who has no password. Names where a person needs them, never a hash."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Fact, Missing, reads
from checks.source import File
from checks.text import Text

FIRST_PERSON = 1000  # UID_MIN of login.defs on Debian, Ubuntu and EL7 and later
NOBODY = (65534, 65535)
NO_SHELL = ("nologin", "false", "git-shell")
MOST_NAMES = 20


@dataclass(frozen=True)
class Account:
    """One line of /etc/passwd. `password` is what stands in its second field: a hash never does on a shadowed system."""

    name: str
    uid: int
    home: str
    shell: str
    without_password: bool

    @property
    def has_shell(self) -> bool:
        """May it log in to a shell? An empty field means /bin/sh (passwd(5))."""
        return self.shell.rsplit("/", 1)[-1] not in NO_SHELL

    @property
    def is_person(self) -> bool:
        """Was it made for a person or an application, rather than by a package?"""
        return self.uid >= FIRST_PERSON and self.uid not in NOBODY


class Accounts(Fact, frozen=True):
    """The local accounts. Absent: there is no /etc/passwd, which no working host lacks.

    `uid_0`: names with user id 0. `system_with_shell`: package accounts that have a login shell.
    """

    total: int
    people: int
    uid_0: tuple[str, ...]
    system_with_shell: tuple[str, ...] = ()


class EmptyPasswords(Fact, frozen=True):
    """How many accounts let anyone in: an empty password field in /etc/shadow, or in /etc/passwd. Counts only.

    Absent: there are no such files, which no working host lacks.
    """

    accounts: int
    empty: int


def passwd_lines(text: str) -> tuple[Account, ...]:
    """All lines of /etc/passwd. Raises Missing where one cannot be read: half a list would hide an account."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split(":")
        if len(parts) != 7 or not parts[0] or not _is_number(parts[2]):
            raise Missing(
                Text(f"/etc/passwd: baris {number} bukan akun", f"/etc/passwd: line {number} is not an account")
            )
        found.append(Account(parts[0], int(parts[2]), parts[5], parts[6].strip(), parts[1] == ""))
    if not found:
        raise Missing(Text("/etc/passwd tidak memuat akun", "/etc/passwd has no accounts"))
    return tuple(found)


def shadow_lines(text: str) -> dict[str, list[str]]:
    """The fields of /etc/shadow after the name, by name; all empty strings where absent. They hold hashes: keep inside."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split(":")
        if len(parts) < 8 or not parts[0]:
            raise Missing(
                Text(f"/etc/shadow: baris {number} bukan akun", f"/etc/shadow: line {number} is not an account")
            )
        found[parts[0]] = parts[1:]
    if not found:
        raise Missing(Text("/etc/shadow tidak memuat akun", "/etc/shadow has no accounts"))
    return found


@reads(File("/etc/passwd"))
def accounts(text: str) -> Accounts:
    lines = passwd_lines(text)
    return Accounts(
        total=len(lines),
        people=sum(one.is_person for one in lines),
        uid_0=tuple(one.name for one in lines if one.uid == 0)[:MOST_NAMES],
        system_with_shell=tuple(one.name for one in lines if 0 < one.uid < FIRST_PERSON and one.has_shell)[:MOST_NAMES],
    )


@reads(File("/etc/passwd"), File("/etc/shadow"), root=True)
def empty_passwords(passwd: str, shadow: str) -> EmptyPasswords:
    shadowed = shadow_lines(shadow)
    empty = {name for name, fields in shadowed.items() if fields[0] == ""}
    lines = passwd_lines(passwd)
    empty |= {one.name for one in lines if one.without_password}
    return EmptyPasswords(len({one.name for one in lines} | set(shadowed)), len(empty))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
