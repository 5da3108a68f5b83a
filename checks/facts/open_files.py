"""How near the processes of Java and PostgreSQL are to their limit of open files."""

from __future__ import annotations

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.privilege import hidden_from
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.text import Text

SERVICES = {"java": "java", "postgres": "postgresql", "postmaster": "postgresql"}  # process name: service


class ServiceFiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The process of one service that is nearest to its limit: open files and soft limit (0: unlimited)."""

    service: str
    processes: int
    files: int
    limit: int

    @property
    def share(self) -> float:
        """Open files as a share of the limit, 0 to 1."""
        return self.files / self.limit if self.limit else 0.0


class OpenFiles(Fact, frozen=True):
    """Open files of java and postgres, without any process number. Absent: neither runs here."""

    services: tuple[ServiceFiles, ...]


@reads(PROCESSES, root=True)
def open_files(table: ProcessTable) -> OpenFiles:
    """Processes of PostgreSQL come and go with every connection: one that ended meanwhile does not hide the others."""
    alike = [process for process in all_of(table) if process.name in SERVICES]
    if not alike:
        raise Absent(Text("java maupun postgres tidak berjalan di sini", "neither java nor postgres runs here"))
    found: dict[str, list[ServiceFiles]] = {SERVICES[process.name]: [] for process in alike}
    hidden = ""
    for process in alike:
        if process.files is None or process.file_limit is None:
            hidden = process.name
        else:
            limit = max(0, process.file_limit)  # RLIM_INFINITY is -1
            service = SERVICES[process.name]
            found[service].append(ServiceFiles(service, 1, process.files, limit))
    if hidden and not (table.root and all(found.values())):
        reason = hidden_from(root=table.root)
        raise Missing(
            Text(
                f"berkas terbuka milik {hidden} tidak terlihat; {reason.id}",
                f"the open files of {hidden} cannot be seen; {reason.en}",
            )
        )
    return OpenFiles(tuple(_nearest(service, seen) for service, seen in sorted(found.items())))


def _nearest(service: str, seen: list[ServiceFiles]) -> ServiceFiles:
    worst = max(seen, key=lambda one: (one.share, one.files))
    return ServiceFiles(service, len(seen), worst.files, worst.limit)
