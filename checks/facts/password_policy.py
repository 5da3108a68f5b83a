"""Password rules as PAM applies them: length, classes, history, lockout. A rule that no PAM line uses does not count."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Fact, Missing, reads
from checks.source import FileText, Glob
from checks.text import Text

LOGIN_STACKS = (("common-auth", "common-password"), ("system-auth", "password-auth"))  # Debian and Ubuntu; EL
QUALITY = ("pam_pwquality.so", "pam_cracklib.so", "pam_passwdqc.so")
PWQUALITY_MINLEN = 8  # pwquality.conf(5)
FAILLOCK_DENY = 3  # faillock.conf(5)
PWHISTORY_REMEMBER = 10  # pam_pwhistory(8)


class PasswordPolicy(Fact, frozen=True):
    """What a new password must be and when an account is locked; the weakest of the stacks that log people in.

    `minimum_length` 0: no module demands a length. `classes`: kinds of characters demanded. `remember` 0: old
    passwords may be used again. `deny` 0: an account is never locked after failures. Never absent on Linux with PAM.
    """

    minimum_length: int = 0
    classes: int = 0
    remember: int = 0
    deny: int = 0


@dataclass(frozen=True)
class PamLine:
    """One rule of a PAM file: `kind` is auth, account, password or session; `options` of flags is empty strings."""

    kind: str
    module: str
    options: dict[str, str]


def pam_lines(text: str) -> tuple[PamLine, ...]:
    """The rules of one file of /etc/pam.d. `include` and `substack` lines have the included file as module."""
    found = []
    for raw in text.replace("\\\n", " ").splitlines():
        line = raw.partition("#")[0].strip().lstrip("-")
        kind, _, rest = line.replace("\t", " ").partition(" ")
        if kind == "@include":
            found.append(PamLine("include", rest.strip(), {}))
            continue
        rest = rest.strip()
        rest = rest.partition("]" if rest.startswith("[") else " ")[2]
        words = rest.split()
        if words and kind.lower() in ("auth", "account", "password", "session"):
            options = {name: value for name, _, value in (word.partition("=") for word in words[1:])}
            found.append(PamLine(kind.lower(), words[0].rsplit("/", 1)[-1], options))
    return tuple(found)


@reads(Glob("/etc/pam.d/*"), Glob("/etc/security/*.conf"), Glob("/etc/security/pwquality.conf.d/*.conf"))
def password_policy(
    pam: tuple[FileText, ...], security: tuple[FileText, ...], drop_ins: tuple[FileText, ...]
) -> PasswordPolicy:
    files = {file.path.rsplit("/", 1)[-1]: pam_lines(file.text) for file in pam}
    stacks = next((names for names in LOGIN_STACKS if all(name in files for name in names)), None)
    if stacks is None:
        raise Missing(
            Text(
                "/etc/pam.d tidak memuat common-auth dan common-password, atau system-auth dan password-auth",
                "/etc/pam.d has neither common-auth and common-password nor system-auth and password-auth",
            )
        )
    conf = {file.path.rsplit("/", 1)[-1]: _settings(file.text) for file in security}
    quality: dict[str, str] = {}
    for file in drop_ins:
        quality |= _settings(file.text)
    quality |= conf.get("pwquality.conf", {})  # read last, so it wins (pwquality.conf(5))
    faillock, history = conf.get("faillock.conf", {}), conf.get("pwhistory.conf", {})
    setting = [files[name] for name in stacks if any(line.kind == "password" for line in files[name])]
    asking = [files[name] for name in stacks if any(line.kind == "auth" for line in files[name])]
    if not setting or not asking:
        raise Missing(
            Text("berkas PAM tidak memuat baris auth dan password", "the PAM stacks have no lines auth and password")
        )
    lengths = [_quality(lines, quality) for lines in setting]
    return PasswordPolicy(
        minimum_length=min(length for length, _ in lengths),
        classes=min(classes for _, classes in lengths),
        remember=min(_remember(lines, history) for lines in setting),
        deny=_weakest_deny([_deny(lines, faillock) for lines in asking]),
    )


def _quality(lines: tuple[PamLine, ...], conf: dict[str, str]) -> tuple[int, int]:
    for line in lines:
        if line.kind == "password" and line.module in QUALITY:
            settings = conf | line.options if line.module == "pam_pwquality.so" else line.options
            demanded = sum(_number(settings, f"{kind}credit", 0) < 0 for kind in "dulo")
            return _number(settings, "minlen", PWQUALITY_MINLEN), max(demanded, _number(settings, "minclass", 0))
    return 0, 0


def _remember(lines: tuple[PamLine, ...], conf: dict[str, str]) -> int:
    found = [0]
    for line in lines:
        if line.kind == "password" and line.module == "pam_pwhistory.so":
            found.append(_number(conf | line.options, "remember", PWHISTORY_REMEMBER))
        elif line.kind == "password" and line.module == "pam_unix.so":
            found.append(_number(line.options, "remember", 0))
    return max(found)


def _deny(lines: tuple[PamLine, ...], conf: dict[str, str]) -> int:
    found = []
    for line in lines:
        if line.kind == "auth" and line.module == "pam_faillock.so":
            found.append(_number(conf | line.options, "deny", FAILLOCK_DENY))
        elif line.kind == "auth" and line.module in ("pam_tally2.so", "pam_tally.so"):
            found.append(_number(line.options, "deny", 0))
    return _weakest_deny(found) if found else 0


def _weakest_deny(values: list[int]) -> int:
    return 0 if 0 in values else max(values)


def _settings(text: str) -> dict[str, str]:
    found = {}
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line:
            name, _, value = line.partition("=")
            found[name.strip()] = value.strip()
    return found


def _number(settings: dict[str, str], name: str, default: int) -> int:
    value = settings.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise Missing(
            Text(f"{name} = {value[:20]!r} bukan angka", f"{name} = {value[:20]!r} is not a number")
        ) from error
