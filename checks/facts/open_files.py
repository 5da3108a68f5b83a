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
    found: dict[str, list[ServiceFiles]] = {}
    for process in all_of(table):
        service = SERVICES.get(process.name)
        if service is None:
            continue
        if process.files is None or process.file_limit is None:
            reason = hidden_from(root=table.root)
            raise Missing(
                Text(
                    f"berkas terbuka milik {process.name} tidak terlihat; {reason.id}",
                    f"the open files of {process.name} cannot be seen; {reason.en}",
                )
            )
        limit = max(0, process.file_limit)  # RLIM_INFINITY is -1
        found.setdefault(service, []).append(ServiceFiles(service, 1, process.files, limit))
    if not found:
        raise Absent(Text("java maupun postgres tidak berjalan di sini", "neither java nor postgres runs here"))
    return OpenFiles(tuple(_nearest(service, seen) for service, seen in sorted(found.items())))


def _nearest(service: str, seen: list[ServiceFiles]) -> ServiceFiles:
    worst = max(seen, key=lambda one: (one.share, one.files))
    return ServiceFiles(service, len(seen), worst.files, worst.limit)
