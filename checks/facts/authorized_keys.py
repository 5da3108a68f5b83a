"""The keys that open an account over SSH: whose, in which file, with which fingerprint and options.

Laws:
- Everywhere sshd looks, for every account: the files that its configuration names, in any Match block.
- Neither a key's comment nor the command it is bound to leaves this parser; a fingerprint and a digest do.
- A line that sshd would not take for a key is only counted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Iterator

from checks.baseline import Approved, Listed, listed
from checks.fact import After, Fact, Missing, reads
from checks.facts.accounts import Account, passwd_lines
from checks.facts.items import digest, item
from checks.source import Command, File, FileStat, FileText, Glob, Register, Source, Stat
from checks.text import Text

PASSWD = "/etc/passwd"
USUAL = (".ssh/authorized_keys", ".ssh/authorized_keys2")  # where the configuration is silent
ELSEWHERE = ("authorizedkeyscommand", "authorizedprincipalscommand", "authorizedprincipalsfile")
READ = re.compile(r"/etc/ssh/sshd_config\.d/[^/]*|sshd_config\.d/[^/]*|/etc/crypto-policies/back-ends/[^/]*")
MOST_SIZE = 1 << 20  # bytes of one file
KEY = re.compile(
    r'\s*(?:(?P<options>(?:[^\s"#]|"(?:\\.|[^"\\])*")(?:[^\s"]|"(?:\\.|[^"\\])*")*)[ \t]+)?'
    r"(?P<type>(?:ssh-|ecdsa-|sk-)[\w.@-]{3,60})[ \t]+(?P<blob>[A-Za-z0-9+/]{16,20000}={0,2})(?:\s.*)?"
)
OPTION = re.compile(r'([\w-]+)(?:=("(?:\\.|[^"\\])*"|[^,]*))?(?:,|$)')
TOLD = ("expiry-time", "from", "permitlisten", "permitopen", "principals", "tunnel")  # options whose value is no secret


class KeyPlaces(Fact, frozen=True):
    """Every file in which sshd would look for some account's keys. Never absent."""

    paths: tuple[str, ...]


class KeyFiles(Fact, frozen=True):
    """Those of `KeyPlaces` that exist. Never absent."""

    paths: tuple[str, ...]


class AuthorizedKeys(Listed, frozen=True):
    """Every key that opens an account: account, file, owner of the file, kind, fingerprint, options. Never absent."""


class ApprovedAuthorizedKeys(Approved, frozen=True):
    """What of `AuthorizedKeys` a person approved. Absent: nothing yet."""


ACCOUNTS = File(PASSWD)
MAIN, DROP_INS = Glob("/etc/ssh/sshd_config"), Glob("/etc/ssh/sshd_config.d/*.conf")


@reads(ACCOUNTS, MAIN, DROP_INS)
def key_places(passwd: str, main: tuple[FileText, ...], drop_ins: tuple[FileText, ...]) -> KeyPlaces:
    return KeyPlaces(tuple(sorted(_places(passwd_lines(passwd), _settings(main + drop_ins)))))


def _existing(places: KeyPlaces) -> Source[tuple[FileStat, ...]]:
    """The host says Missing where it may not look: not seeing a file is not its absence."""
    return Stat((PASSWD, *(re.sub(r"([*?[])", r"[\1]", path) for path in places.paths)))


@reads(After(KeyPlaces, "stat AUTHORIZED-KEYS-FILES", _existing), root=True)
def key_files(seen: tuple[FileStat, ...]) -> KeyFiles:
    return KeyFiles(tuple(one.path for one in seen if one.kind in ("file", "link") and one.path != PASSWD))


def _read(files: KeyFiles) -> Source[str]:
    """Owner, size and lines of each file that is a regular one; of /etc/passwd too, so that there is always an answer."""
    return Command(
        (
            "find", "-L", PASSWD, *files.paths, "-maxdepth", "0", "-type", "f", "-printf", r"s %U %s %p\n",
            "-size", f"-{(MOST_SIZE >> 10) + 1}k", "-exec", "grep", "-aHZ", "", "{}", "+",
        ),
        max_bytes=4 << 20,
    )  # fmt: skip


@reads(
    ACCOUNTS, MAIN, DROP_INS,
    After(KeyFiles, "command find -L AUTHORIZED-KEYS-FILES -maxdepth 0 -type f -exec grep '' {} +", _read),
    root=True,
)  # fmt: skip
def authorized_keys(
    passwd: str, main: tuple[FileText, ...], drop_ins: tuple[FileText, ...], printed: str
) -> AuthorizedKeys:
    accounts, settings = passwd_lines(passwd), _settings(main + drop_ins)
    places, owners = _places(accounts, settings), _owners(printed)
    names = {one.uid: one.name for one in reversed(accounts)}
    strange: dict[str, int] = {}
    items = [_elsewhere(name, value) for name, value in settings if name in ELSEWHERE and value != "none"]
    for line in printed.split("\n"):
        path, nul, text = line.partition("\0")
        if not nul or path == PASSWD:
            continue
        if path not in places or path not in owners:
            raise Missing(_unknown(line))
        whose = item(", ".join(sorted(places[path])))
        owner = names.get(owners[path], str(owners[path]))
        if key := _key(text):
            items.append(item(whose, path, f"({owner})", *key))
        elif text.strip() and not text.lstrip().startswith("#"):
            strange[f"{whose} {path}"] = strange.get(f"{whose} {path}", 0) + 1
    items += [item(where, f"lines that are no key: {count}") for where, count in strange.items()]
    return listed(AuthorizedKeys, items)


@reads(Register("approved_authorized_keys", ApprovedAuthorizedKeys))
def approved_authorized_keys(approved: ApprovedAuthorizedKeys) -> ApprovedAuthorizedKeys:
    return approved


def _settings(files: tuple[FileText, ...]) -> list[tuple[str, str]]:
    """Every option of sshd that says where keys are, in whichever file and Match block. No configuration: none."""
    found = []
    for file in files:
        for raw in file.text.splitlines():
            name, _, value = raw.strip().replace("\t", " ").replace("=", " ", 1).partition(" ")
            name, value = name.lower(), re.sub(r'^"([^"]*)"$', r"\1", re.sub(r"\s#.*", "", value).strip())
            if name == "include" and (strange := [one for one in value.split() if not READ.fullmatch(one)]):
                raise Missing(
                    Text(
                        f"{file.path} menyertakan {strange[0][:80]}, yang tidak dibaca",
                        f"{file.path} includes {strange[0][:80]}, which is not read",
                    )
                )
            if name in (*ELSEWHERE, "authorizedkeysfile", "trustedusercakeys") and value:
                found.append((name, value))
    return found


def _places(accounts: tuple[Account, ...], settings: list[tuple[str, str]]) -> dict[str, set[str]]:
    """The accounts that each file would open. sshd's own default counts whatever some Match block says."""
    patterns = {word for name, value in settings if name == "authorizedkeysfile" for word in value.split()} - {"none"}
    places: dict[str, set[str]] = {}
    for account in accounts:
        tokens = {"%h": account.home, "%u": account.name, "%U": str(account.uid), "%%": "%"}
        for pattern in patterns | set(USUAL):
            path = re.sub(r"%[hu%U]", lambda one, t=tokens: t[one[0]], pattern)  # type: ignore[misc]
            path = posixpath.normpath(posixpath.join(account.home, path))
            if path.startswith("/"):
                places.setdefault(path, set()).add(account.name)
    for name, value in settings:
        if name == "trustedusercakeys" and value.startswith("/"):
            places.setdefault(value, set()).add("TrustedUserCAKeys")
    return places


def _owners(printed: str) -> dict[str, int]:
    """The owner of each file that was reached."""
    owners = {}
    for line in printed.split("\n"):
        if "\0" in line or not line:
            continue
        found = re.fullmatch(r"s (\d{1,10}) (\d{1,18}) (/.*)", line)
        if not found:
            raise Missing(_unknown(line))
        if int(found[2]) > MOST_SIZE and found[3] != PASSWD:
            raise Missing(
                Text(f"{found[3]} lebih besar dari {MOST_SIZE} byte", f"{found[3]} is larger than {MOST_SIZE} bytes")
            )
        owners[found[3]] = int(found[1])
    if PASSWD not in owners:
        raise Missing(Text("find tidak mencapai /etc/passwd", "find did not reach /etc/passwd"))
    return owners


def _unknown(line: str) -> Text:
    """A line that should not be there; what it says may be anything, so only its length is told."""
    return Text(
        f"keluaran find dan grep tidak dikenali (baris {len(line)} karakter)",
        f"find and grep printed what is not understood (a line of {len(line)} characters)",
    )


def _key(line: str) -> tuple[str, str, str] | None:
    """Kind, fingerprint and options, or None if sshd would not take the line for a key."""
    found = KEY.fullmatch(line)
    if not found:
        return None
    try:
        blob = base64.b64decode(found["blob"], validate=True)
    except (ValueError, binascii.Error):
        return None
    name = found["type"].encode()
    if blob[:4] != len(name).to_bytes(4, "big") or blob[4 : 4 + len(name)] != name:
        return None
    fingerprint = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return found["type"], f"SHA256:{fingerprint}", ",".join(_options(found["options"] or ""))


def _options(text: str) -> Iterator[str]:
    end = 0
    for one in OPTION.finditer(text):
        if one.start() != end:
            break
        end = one.end()
        name, value = one[1].lower(), one[2]
        if value is None:
            yield name
        else:
            yield f"{name}={value}" if name in TOLD else f"{name}={digest(value)}"
        if end == len(text):
            return
    if text:
        yield digest(text)


def _elsewhere(name: str, value: str) -> str:
    """A setting by which sshd takes keys from elsewhere: the program or file, and a digest of the whole."""
    return item("sshd", name, value.split(maxsplit=1)[0], digest(value))
