"""The OpenSSH server: what it would do with the configuration it has."""

from __future__ import annotations

import fnmatch
import shlex

import msgspec

from checks.fact import Fact, Missing, Recipe
from checks.facts.listeners import Listeners
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.ssh_service import FILES, LISTENING, SshService, stands_still
from checks.source import Command, File, FileStat, FileText, Glob
from checks.text import Text

# What sshd does where the configuration is silent: sshd_config(5) of OpenSSH 8.0 to 9.9, only where all agree.
DEFAULTS = {
    "allowtcpforwarding": "yes",
    "clientalivecountmax": "3",
    "clientaliveinterval": "0",
    "disableforwarding": "no",
    "kbdinteractiveauthentication": "yes",
    "maxauthtries": "6",
    "passwordauthentication": "yes",
    "permitemptypasswords": "no",
    "permitrootlogin": "prohibit-password",
    "pubkeyauthentication": "yes",
    "usepam": "no",
}
OLD_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
KEPT = frozenset(DEFAULTS) | {
    "allowgroups", "allowusers", "authenticationmethods", "ciphers", "denygroups", "denyusers", "kexalgorithms",
    "loglevel", "macs", "port", "protocol",
}  # fmt: skip
USUAL = frozenset({"acceptenv", "hostkey", "include", "listenaddress", "subsystem", "x11forwarding"})  # in every file


class Sshd(Fact, frozen=True):
    """Options of sshd in lower case, outside of Match blocks, with their first value. Absent: no OpenSSH server.

    `effective`: sshd itself said so (`sshd -T`); otherwise it is what the files say, with sshd's documented defaults.
    `matched` are options that some Match block sets to another value, as "option value". `idle`: it does not run at the
    moment, but is started at boot. One that is installed and never started is absent (`SshService`).
    """

    options: dict[str, str]
    effective: bool
    matched: tuple[str, ...] = ()
    idle: bool = False

    def option(self, name: str) -> str:
        """The value of `name`, in lower case; empty if neither set nor known by default."""
        return self.options.get(name, "").lower()


PRINTED = Command(("sshd", "-T", "-C", "user=root,host=localhost,addr=192.0.2.1"), is_the_thing=True)
TEXTS = (File("/etc/ssh/sshd_config"), Glob("/etc/ssh/sshd_config.d/*.conf"))


def _effective(
    printed: str, main: str, drop_ins: tuple[FileText, ...],
    table: ProcessTable, listeners: Listeners, files: tuple[FileStat, ...],
) -> Sshd:  # fmt: skip
    options: dict[str, str] = {}
    for line in printed.splitlines():
        name, _, value = line.strip().partition(" ")
        name = OLD_NAMES.get(name.lower(), name.lower())
        if name in KEPT:
            options[name] = (
                f"{options[name]} {value}" if name in options and name.startswith(("allow", "deny")) else value
            )
    if "permitrootlogin" not in options:
        raise Missing(Text("sshd -T tidak menampilkan konfigurasi", "sshd -T printed no configuration"))
    matched = _matched(_lines(main, drop_ins), options)
    return Sshd(options, effective=True, matched=matched, idle=stands_still(table, listeners, files))


def _on_a_running_host(
    main: str, drop_ins: tuple[FileText, ...],
    table: ProcessTable, listeners: Listeners, files: tuple[FileStat, ...],
) -> Sshd:  # fmt: skip
    return msgspec.structs.replace(_configured(main, drop_ins), idle=stands_still(table, listeners, files))


def _configured(main: str, drop_ins: tuple[FileText, ...]) -> Sshd:
    lines = _lines(main, drop_ins)
    if not main.strip():
        raise Missing(Text("sshd_config kosong", "sshd_config is empty"))
    if lines and not any(name in KEPT | USUAL for name, _, _ in lines):  # sshd would refuse such a file
        raise Missing(
            Text("sshd_config tidak tampak seperti konfigurasi sshd", "sshd_config does not look like one of sshd")
        )
    options: dict[str, str] = {}
    for name, value, match in lines:
        if not match and name in KEPT:
            options.setdefault(name, value)  # sshd: the first value wins
    options = DEFAULTS | options
    return Sshd(options, effective=False, matched=_matched(lines, options))


SERVICE = (PROCESSES, LISTENING, FILES)
effective = Recipe(Sshd, (PRINTED, *TEXTS, *SERVICE), _effective, root=True, given=SshService)
on_a_running_host = Recipe(Sshd, (*TEXTS, *SERVICE), _on_a_running_host, given=SshService)
configured = Recipe(Sshd, TEXTS, _configured, given=SshService)


def _matched(lines: list[tuple[str, str, str]], options: dict[str, str]) -> tuple[str, ...]:
    said = {
        f"{name} {value}"
        for name, value, match in lines
        if match and match.lower() != "all" and name in KEPT and value.lower() != options.get(name, "").lower()
    }
    return tuple(sorted(said))


def _lines(main: str, drop_ins: tuple[FileText, ...]) -> list[tuple[str, str, str]]:
    """(option, value, Match condition) in the order sshd reads them, with Include followed into the drop-in folder."""
    lines: list[tuple[str, str, str]] = []
    for name, value, match in _parse(main, ""):
        if name == "include":
            for pattern in value.split():
                path = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
                for file in drop_ins:
                    if fnmatch.fnmatchcase(file.path, path):
                        lines += _parse(file.text, match)
        else:
            lines.append((name, value, match))
    return lines


def _parse(text: str, match: str) -> list[tuple[str, str, str]]:
    lines = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, _, value = line.replace("\t", " ").replace("=", " ", 1).partition(" ")
        name = OLD_NAMES.get(name.lower(), name.lower())
        try:
            value = " ".join(shlex.split(value, comments=True))
        except ValueError as error:
            raise Missing(
                Text(
                    f"sshd_config: nilai {name[:40]} tidak terbaca ({error})",
                    f"sshd_config: cannot read the value of {name[:40]} ({error})",
                )
            ) from error
        if name == "match":
            match = value
        else:
            lines.append((name, value, match))
    return lines
