"""Who may do what here: accounts with a login shell, members of groups that give rights, rules of sudo.

Law: of a sudo rule only who it is for is told, and a digest of the rest: commands can hold secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.baseline import Approved, Listed, listed
from checks.fact import Missing, reads
from checks.facts.accounts import Account, passwd_lines
from checks.facts.items import digest, item
from checks.facts.sudoers import ALIAS, FOLDER, INCLUDE, RULE
from checks.source import File, FileText, Glob, Register
from checks.text import Text

# Groups whose members can become root, read every log or file, or command the database.
POWERFUL = frozenset({
    "adm", "admin", "disk", "docker", "incus", "incus-admin", "kmem", "libvirt", "lxd", "postgres", "root", "shadow",
    "sudo", "systemd-journal", "wheel",
})  # fmt: skip


class AccountRights(Listed, frozen=True):
    """Every account with a login shell, with its user id and shell; every member of a group that gives rights; every
    rule of sudo. Only local accounts: those of a directory (LDAP) appear where a rule names them. Never absent.
    """


class ApprovedAccountRights(Approved, frozen=True):
    """What of `AccountRights` a person approved. Absent: nothing yet."""


@reads(File("/etc/passwd"), File("/etc/group"), Glob("/etc/sudoers"), Glob("/etc/sudoers.d/*"), root=True)
def account_rights(
    passwd: str, group: str, main: tuple[FileText, ...], drop_ins: tuple[FileText, ...]
) -> AccountRights:
    accounts = passwd_lines(passwd)
    items = [item("account", one.name, f"uid={one.uid}", one.shell or "/bin/sh") for one in accounts if one.has_shell]
    items += _members(group, accounts, passwd)
    items += [line for file in main for line in _sudo(file.text, drop_ins)]
    return listed(AccountRights, items)


@reads(Register("approved_account_rights", ApprovedAccountRights))
def approved_account_rights(approved: ApprovedAccountRights) -> ApprovedAccountRights:
    return approved


def _members(text: str, accounts: tuple[Account, ...], passwd: str) -> Iterator[str]:
    """Members by /etc/group and by primary group. An account's own group of its own name says nothing."""
    primary: dict[str, list[str]] = {}
    for line in passwd.splitlines():
        fields = line.split(":")
        if len(fields) == 7:
            primary.setdefault(fields[3], []).append(fields[0])
    groups = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(("+", "-")):  # what NIS adds
            continue
        fields = line.split(":")
        if len(fields) != 4 or not fields[0] or not fields[2].isdecimal():
            raise Missing(
                Text(f"/etc/group: baris {number} bukan kelompok", f"/etc/group: line {number} is not a group")
            )
        groups += 1
        if fields[0] in POWERFUL:
            members = {*filter(None, fields[3].split(",")), *primary.get(fields[2], [])} - {fields[0]}
            yield from (item("group", fields[0], member.strip()) for member in members)
    if not groups:
        raise Missing(Text("/etc/group tidak memuat kelompok", "/etc/group has no groups"))


def _sudo(main: str, drop_ins: tuple[FileText, ...]) -> Iterator[str]:
    """Every rule and alias, and every file that is included and not read. Settings (Defaults) are not among them."""
    texts = [("/etc/sudoers", main)]
    if any(one["path"] == FOLDER for one in INCLUDE.finditer(main)):
        texts += [(file.path, file.text) for file in drop_ins if _taken(file.path.rsplit("/", 1)[-1])]
    understood = False
    for path, text in texts:
        yield from (item("sudo", "include", one["path"]) for one in INCLUDE.finditer(text) if one["path"] != FOLDER)
        for raw in text.replace("\\\n", " ").splitlines():
            line = re.sub(r"(?<!\\)#(?!\d).*", "", raw).strip()
            if line.startswith("Defaults"):
                understood = True
            elif alias := ALIAS.match(line):
                yield item("sudo", alias[0], line[alias.end() :].strip().split(" ")[0].split("=")[0], digest(line))
            elif rule := RULE.fullmatch(line):
                understood = True
                who = [word for word in re.split(r"\s*,\s*|\s+", rule["who"].strip()) if word]
                names = ",".join(who[:-1] or who)  # the last word is the host
                yield item("sudo", names, "ALL" if re.search(r"\bALL\s*$", rule["what"]) else "", digest(line))
            elif line and not line.startswith("@"):
                yield item("sudo", path, digest(line))
    if not understood:
        raise Missing(Text("isi /etc/sudoers tidak dapat dipahami", "/etc/sudoers cannot be understood"))


def _taken(name: str) -> bool:
    """Does sudo read a file of this name in its folder?"""
    return "." not in name and not name.endswith("~")
