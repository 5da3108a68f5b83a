"""The processes of a far host, read from /proc by two programs however many they are.

Laws:
- `grep` prints what the files hold with their names, separated by NULs: no command line can be taken for another process.
- The meaning of each field is psutil's (its Process.name, cmdline, username, create_time), so that facts agree.
- A process that vanished between two readings was not there.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.hosts.processes import SERVICES
from agent.hosts.ssh_command import batches
from agent.hosts.ssh_find import Far
from checks.fact import Missing
from checks.facts.processes import Process
from checks.source import MEBIBYTE, Source
from checks.text import Text

TICKS = 100  # USER_HZ: in a second
MOST = 8 * MEBIBYTE  # of one answer
STAT = re.compile(r"\d+ \((.*)\) (.+)", re.DOTALL)


@dataclass(frozen=True)
class Processes:
    """Reads the processes of `far` within the time of `source`."""

    far: Far
    source: Source[object]

    def table(self, boot: float, passwd: str) -> tuple[Process, ...]:
        """All processes. `boot` in seconds since the epoch; `passwd`: the text of /etc/passwd, for the users' names."""
        pids = self._pids()
        told = self._told(pids, ("stat", "status", "cmdline"))
        exes = dict(self._links([f"/proc/{pid}/exe" for pid in pids], "-maxdepth", "0", "-printf", r"%p\0%l\0"))
        users = self._users(passwd, {_uid(told[pid]) for pid in pids if told[pid]["status"]})
        found = []
        for pid in pids:
            made = _process(pid, told[pid], exes.get(f"/proc/{pid}/exe", ""), users, boot)
            if made is not None:
                found.append(made)
        return self._with_files(found)

    def sockets(self) -> dict[str, str]:
        """The name of the process that holds each socket, by its inode, where this account may see it."""
        pids = self._pids()
        folders = [f"/proc/{pid}/fd" for pid in pids]
        tests = ("-mindepth", "1", "-maxdepth", "1", "-lname", "socket:*", "-printf", r"%h\0%l\0")
        holders = {link[8:-1]: int(folder.split("/")[2]) for folder, link in self._links(folders, *tests)}
        told = self._told(sorted(set(holders.values())), ("stat", "cmdline"))
        names = {pid: _name(one["stat"], one["cmdline"]) for pid, one in told.items() if one["stat"]}
        return {inode: names[pid] for inode, pid in holders.items() if pid in names}

    def _pids(self) -> list[int]:
        argv = ("find", "/proc", "-mindepth", "1", "-maxdepth", "1", "-name", "[0-9]*", "-printf", r"%f\0")
        pids = sorted(int(name) for name in self._run(argv).split(b"\0") if name.isdigit())
        if not pids:
            raise Missing(Text("/proc tidak memuat satu proses pun", "/proc holds no process"))
        return pids

    def _told(self, pids: Sequence[int], files: tuple[str, ...]) -> dict[int, dict[str, list[bytes]]]:
        """Per process and file: its content, cut at NULs. Empty where it vanished or may not be read."""
        found: dict[int, dict[str, list[bytes]]] = {pid: {name: [] for name in files} for pid in pids}
        for batch in batches([f"/proc/{pid}/{name}" for pid in pids for name in files]):
            printed = self._run(("grep", "-a", "-z", "-Z", "-H", "-s", "", *batch))
            fields = printed.split(b"\0")
            for path, record in zip(fields[::2], fields[1::2], strict=False):
                _, _, pid, name = path.decode("ascii").split("/")
                found[int(pid)][name].append(record)
        return found

    def _links(self, paths: Sequence[str], *tests: str) -> Iterator[tuple[str, str]]:
        for batch in batches(paths):
            fields = self._run(("find", *batch, *tests)).decode("utf-8", "replace").split("\0")
            yield from zip(fields[::2], fields[1::2], strict=False)

    def _users(self, passwd: str, uids: set[int]) -> dict[int, str]:
        """Names of users; those who are not in /etc/passwd are asked for where a directory (LDAP, SSSD) may know them."""
        rows = [line.split(":") for line in passwd.splitlines()]
        names = {int(row[2]): row[0] for row in reversed(rows) if len(row) > 2 and row[2].isdigit()}
        if others := sorted(uids - set(names)):
            rows = [line.split(":") for line in self._text(("getent", "passwd", *map(str, others))).splitlines()]
            names |= {int(row[2]): row[0] for row in rows if len(row) > 2 and row[2].isdigit()}
        return names

    def _with_files(self, found: Sequence[Process]) -> tuple[Process, ...]:
        """The same, with the number of open files and its limit for services whose /proc/<pid>/fd can be read."""
        services = [one.pid for one in found if one.name in SERVICES]
        if not services:
            return tuple(found)
        tests = ("-maxdepth", "1", "-printf", r"%H\0%d\0")
        printed = list(self._links([f"/proc/{pid}/fd" for pid in services], *tests))
        opened = Counter(int(folder.split("/")[2]) for folder, depth in printed if depth == "1")
        limits = self._told(services, ("limits",))
        return tuple(
            _counted(one, opened[one.pid], limits[one.pid]["limits"]) if opened.get(one.pid) else one for one in found
        )

    def _run(self, argv: Sequence[str]) -> bytes:
        """What it printed; that some of it could not be read is expected (exit codes 1 and 2 of find and grep)."""
        printed = self.far.run(argv, seconds=self.source.timeout, most=MOST)
        if printed.code not in {0, 1, 2}:
            code, name = printed.code, argv[0]
            raise Missing(Text(f"{name} berakhir dengan kode {code}", f"{name} ended with code {code}"))
        return printed.out

    def _text(self, argv: Sequence[str]) -> str:
        try:
            return self._run(argv).decode("utf-8", "replace")
        except Missing:
            return ""


def _process(pid: int, told: dict[str, list[bytes]], exe: str, users: dict[int, str], boot: float) -> Process | None:
    stat = STAT.match(_joined(told["stat"]))
    if stat is None or not told["status"]:
        return None
    fields = stat[2].split()
    if fields[0] == "Z" and not told["cmdline"]:
        return None
    uid = _uid(told)
    return Process(
        pid=pid,
        parent=int(fields[1]),
        name=_name(told["stat"], told["cmdline"]),
        user=users.get(uid, str(uid)),
        exe=exe.removesuffix(" (deleted)"),
        deleted=exe.endswith(" (deleted)"),
        argv=_argv(told["cmdline"]),
        started=boot + int(fields[19]) / TICKS,
    )


def _counted(one: Process, opened: int, limits: Sequence[bytes]) -> Process:
    found = re.search(r"^Max open files\s+(\d+|unlimited)", _joined(limits), re.MULTILINE)
    if found is None:
        return one
    limit = -1 if found[1] == "unlimited" else int(found[1])
    return Process(one.pid, one.parent, one.name, one.user, one.exe, one.deleted, one.argv, one.started, opened, limit)


def _uid(told: dict[str, list[bytes]]) -> int:
    """The real user of a process, from its status."""
    found = re.search(r"^Uid:\t(\d+)", _joined(told["status"]), re.MULTILINE)
    return int(found[1]) if found else -1


def _name(stat: Sequence[bytes], cmdline: Sequence[bytes]) -> str:
    """The kernel keeps 15 bytes of a name; where the command line begins alike it tells the whole."""
    found = STAT.match(_joined(stat))
    name = found[1] if found else ""
    if len(name) >= 15 and (argv := _argv(cmdline)):
        whole = posixpath.basename(argv[0])
        return whole if whole.startswith(name) else name
    return name


def _argv(cmdline: Sequence[bytes]) -> tuple[str, ...]:
    """The arguments. A process that renamed itself separates them by spaces."""
    words = [record.decode("utf-8", "replace") for record in cmdline]
    return tuple(words[0].split(" ")) if len(words) == 1 and " " in words[0] else tuple(words)


def _joined(records: Sequence[bytes]) -> str:
    return b"\0".join(records).decode("utf-8", "replace")
