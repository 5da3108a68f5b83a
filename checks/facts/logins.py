"""When people last logged in: accounts that could log in today, and when each was last used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.accounts import Account, passwd_lines, shadow_lines
from checks.source import Command, File, FileStat, Stat
from checks.text import Text

MOST = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = "%a %b %d %H:%M:%S %z %Y"  # lastlog(8) with LC_ALL=C
NEVER = "**Never logged in**"

# The first pattern is there so that "nobody has a key" is not taken for "could not be read".
KEYS = Stat(
    (
        "/etc/passwd",
        "/home/*/.ssh/authorized_keys*",
        "/srv/*/.ssh/authorized_keys*",
        "/var/lib/*/.ssh/authorized_keys*",
    )
)


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When one account was last used. `logged_in` False: it never was, and `at` is when its password was last set."""

    at: datetime
    logged_in: bool = True


class LoginAccounts(Fact, frozen=True):
    """Accounts of people that could log in now: with a shell, not expired, and with a usable password or an SSH key.

    `uses` are the longest unused first, at most 50, without names. Never absent.
    """

    total: int
    uses: tuple[Use, ...] = ()


@reads(Command(("lastlog",)), File("/etc/passwd"), File("/etc/shadow"), KEYS, root=True)
def by_lastlog(printed: str, passwd: str, shadow: str, keys: tuple[FileStat, ...]) -> LoginAccounts:
    return _uses(printed, passwd, shadow, keys)


@reads(Command(("lastlog2",)), File("/etc/passwd"), File("/etc/shadow"), KEYS, root=True)
def by_lastlog2(printed: str, passwd: str, shadow: str, keys: tuple[FileStat, ...]) -> LoginAccounts:
    return _uses(printed, passwd, shadow, keys)


def _uses(printed: str, passwd: str, shadow: str, keys: tuple[FileStat, ...]) -> LoginAccounts:
    last, shadowed = _last_logins(printed), shadow_lines(shadow)
    homes_with_keys = {one.path.partition("/.ssh/")[0] for one in keys if "/.ssh/" in one.path and one.size}
    uses = []
    for account in passwd_lines(passwd):
        fields = shadowed.get(account.name)
        if not account.is_person or not account.has_shell or fields is None or _expired(fields):
            continue
        if not _has_password(fields) and account.home not in homes_with_keys:
            continue
        seen = last.get(account.name)
        uses.append(Use(seen) if seen else Use(_password_set(account, fields), logged_in=False))
    uses.sort(key=lambda use: use.at)
    return LoginAccounts(len(uses), tuple(uses[:MOST]))


def _last_logins(printed: str) -> dict[str, datetime]:
    lines = printed.splitlines()
    if not lines or not lines[0].startswith("Username") or "Latest" not in lines[0]:
        raise Missing(Text("lastlog tidak menampilkan tabel", "lastlog printed no table"))
    found = {}
    for line in lines[1:]:
        words = line.split()
        if not words or line.rstrip().endswith(NEVER):
            continue
        try:
            found[words[0]] = datetime.strptime(" ".join(words[-6:]), LAST)
        except ValueError as error:
            raise Missing(
                Text(
                    f"lastlog: tanggal tidak dapat dibaca pada {' '.join(words[-6:])[:60]!r}",
                    f"lastlog: cannot read the date in {' '.join(words[-6:])[:60]!r}",
                )
            ) from error
    return found


def _has_password(fields: list[str]) -> bool:
    return not fields[0].startswith(("!", "*"))


def _expired(fields: list[str]) -> bool:
    """Was it closed with `usermod -e 1` or `chage -E 0`? A date later than 1970 may lie ahead: not counted as closed."""
    return fields[6] in ("0", "1")


def _password_set(account: Account, fields: list[str]) -> datetime:
    days = fields[1]
    if days and not (days.isascii() and days.isdigit() and len(days) < 7):
        raise Missing(
            Text(
                f"/etc/shadow: tanggal ganti kata sandi {account.name} bukan angka",
                f"/etc/shadow: the date of the last password change of {account.name} is not a number",
            )
        )
    return EPOCH + timedelta(days=int(days or 0))
