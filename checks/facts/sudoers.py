"""sudo: who needs no password, and whether what is done is recorded."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

MOST = 20
ALIAS = re.compile(r"(User|Runas|Host|Cmnd|Cmd)_Alias\b")
RULE = re.compile(r"(?P<who>[^=]+?)\s*=\s*(?P<what>.+)")
LIST_COMMA = re.compile(r",\s*")
INCLUDE = re.compile(r"^\s*[@#]include(?P<dir>dir)?\s+\"?(?P<path>\S+?)/?\"?\s*$", re.MULTILINE)
FOLDER = "/etc/sudoers.d"


class Sudoers(Fact, frozen=True):
    """What sudoers and sudoers.d allow. Absent: sudo is not installed.

    `everything_without_password`: users and groups that may run ALL without a password (at most 20 of them).
    `some_without_password`: how many rules give NOPASSWD for named commands only.
    `use_pty` and `logged` (logfile or I/O log) are Defaults; `asks` is False where some Defaults says !authenticate.
    """

    everything_without_password: tuple[str, ...] = ()
    some_without_password: int = 0
    use_pty: bool = False
    logged: bool = False
    asks: bool = True


@reads(File("/etc/sudoers"), Glob("/etc/sudoers.d/*"), root=True)
def sudoers(main: str, drop_ins: tuple[FileText, ...]) -> Sudoers:
    lines = _lines(main)
    if not lines:
        raise Missing(Text("/etc/sudoers tidak memuat aturan apa pun", "/etc/sudoers has no line that says anything"))
    texts = [main]
    includes = list(INCLUDE.finditer(main))
    for file in drop_ins if any(one["path"] == FOLDER for one in includes) else ():
        name = file.path.rsplit("/", 1)[-1]
        if "." not in name and not name.endswith("~"):  # as sudo itself skips them
            texts.append(file.text)
            lines += _lines(file.text)
    elsewhere = [one["path"] for text in texts for one in INCLUDE.finditer(text) if one["path"] != FOLDER]
    if elsewhere:  # rules that were not read could say anything
        raise Missing(
            Text(
                f"sudoers menyertakan {elsewhere[0][:80]}, yang tidak dibaca",
                f"sudoers includes {elsewhere[0][:80]}, which is not read",
            )
        )
    settings: dict[str, bool] = {}
    everything: list[str] = []
    some, understood = 0, 0
    for line in lines:
        if line.startswith("Defaults"):
            understood += 1
            _defaults(line, settings)
        elif rule := None if ALIAS.match(line) else RULE.fullmatch(line):
            understood += 1
            who = rule["who"].split()[0].rstrip(",")
            free = _without_password(rule["what"])
            if "ALL" in free:
                everything.append(who)
            elif free:
                some += 1
    if not understood:
        raise Missing(Text("isi /etc/sudoers tidak dapat dipahami", "/etc/sudoers cannot be understood"))
    return Sudoers(
        tuple(dict.fromkeys(everything))[:MOST],
        some,
        settings.get("use_pty", False),
        settings.get("logged", False),
        settings.get("authenticate", True),
    )


def _lines(text: str) -> list[str]:
    lines = []
    for raw in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(?<!\\)#(?!\d).*", "", raw).strip()
        if line and not line.startswith("@"):
            lines.append(line)
    return lines


def _defaults(line: str, settings: dict[str, bool]) -> None:
    scoped = line[len("Defaults") : len("Defaults") + 1] in "@:!>" and line != "Defaults"
    for option in LIST_COMMA.split(line.partition(" ")[2].strip() or line.partition("\t")[2].strip()):
        name, off = option.lstrip("!").partition("=")[0].strip(), option.startswith("!")
        if name == "authenticate" and off:
            settings["authenticate"] = False
        elif not scoped and name == "use_pty":
            settings["use_pty"] = not off
        elif not scoped and name in ("logfile", "log_output", "log_input", "iolog_dir"):
            settings["logged"] = not off


def _without_password(what: str) -> list[str]:
    """The commands of a rule that need no password. A tag holds for the commands after it until its opposite."""
    free, tag = [], False
    for command in LIST_COMMA.split(re.sub(r"\([^)]*\)", "", what)):
        rest = command.strip()
        while match := re.match(r"([A-Z_]+):\s*", rest):
            tag = {"NOPASSWD": True, "PASSWD": False}.get(match[1], tag)
            rest = rest[match.end() :]
        if tag and rest and not rest.startswith("!"):
            free.append(rest)
    return free
