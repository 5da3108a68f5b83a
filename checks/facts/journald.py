"""systemd-journald: does what it writes survive a reboot?"""

from __future__ import annotations

from checks.fact import Absent, Fact, Missing, reads
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text

STORAGES = ("auto", "persistent", "volatile", "none")


class Journald(Fact, frozen=True):
    """`storage` as configured (`auto` by default); `directory`: /var/log/journal exists. Absent: a host without journald."""

    storage: str
    directory: bool

    @property
    def persistent(self) -> bool:
        """Is the journal kept on disk, by journald.conf(5)?"""
        return self.storage == "persistent" or (self.storage == "auto" and self.directory)


@reads(
    Glob("/etc/systemd/journald.conf"),
    Glob("/usr/lib/systemd/journald.conf.d/*.conf"),
    Glob("/etc/systemd/journald.conf.d/*.conf"),
    Stat(("/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald", "/var/log/journal")),
)
def journald(
    main: tuple[FileText, ...],
    vendor: tuple[FileText, ...],
    local: tuple[FileText, ...],
    seen: tuple[FileStat, ...],
) -> Journald:
    if all(one.path == "/var/log/journal" for one in seen):
        raise Absent(Text("systemd-journald tidak terpasang", "systemd-journald is not installed"))
    # A drop-in in /etc hides the vendor's of the same name; the last in the order of names wins (journald.conf(5)).
    drop_ins = {file.path.rsplit("/", 1)[-1]: file.text for file in (*vendor, *local)}
    texts = [file.text for file in main] + [drop_ins[name] for name in sorted(drop_ins)]
    storage = "auto"
    for text in texts:
        for raw in text.splitlines():
            name, _, value = raw.strip().partition("=")
            if name.strip() == "Storage":
                storage = value.strip().lower() or "auto"
    if storage not in STORAGES:
        raise Missing(
            Text(
                f"journald.conf: Storage={storage[:20]} tidak dikenal journald",
                f"journald.conf: Storage={storage[:20]} is not a value that journald knows",
            )
        )
    return Journald(storage, any(one.path == "/var/log/journal" and one.kind == "directory" for one in seen))
