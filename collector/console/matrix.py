"""The nation in one table: how every visible provider stands towards the 17 standards, and what is open there.

Laws:
- Sums come from the database by provider; no server's state is decoded here.
- The worst comes first: standards not met, then open findings by severity, then silent servers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from checks.standard import LETTERS, Standing
from collector.accounts.models import Account
from collector.console.access import visible
from collector.console.filters import SEVERITIES, Filters
from collector.ledger.models import Entry, Kind
from collector.registry.models import Provider, Server
from collector.surveillance.models import Finding, StandardState

RANK = {
    Standing.NOT_MET.value: 0,
    Standing.UNDETERMINED.value: 1,
    Standing.NOT_APPLICABLE.value: 2,
    Standing.MET.value: 3,
}


@dataclass(frozen=True)
class Fleet:
    """The servers of one provider, in sums. `coverage`: determined over applicable checks; None if nothing was heard.

    `quiet`: servers that are silent, or of which the judge knows nothing yet. `heard_at`: when one last reported.
    """

    servers: int = 0
    quiet: int = 0
    heard_at: datetime | None = None
    coverage: float | None = None


@dataclass(frozen=True)
class Row:
    """One provider. `standings` has one standing for each of the letters a to q."""

    id: int
    slug: str
    name: str
    institution: str
    standings: tuple[str, ...]
    findings: Mapping[str, int]
    fleet: Fleet

    @property
    def open(self) -> int:
        """Open findings of all severities."""
        return sum(self.findings.values())

    @property
    def severities(self) -> list[tuple[str, int]]:
        """Severities that are open, with how many, worst first."""
        return [(severity, self.findings[severity]) for severity in SEVERITIES if self.findings.get(severity)]

    @property
    def not_met(self) -> int:
        """Standards that are not met."""
        return self.standings.count(Standing.NOT_MET.value)

    def worst(self, letter: str) -> tuple[object, ...]:
        """Sorts the worst first; with `letter`, by that standard before all."""
        first = RANK[self.standings[LETTERS.index(letter)]] if letter else 0
        return (first, -self.not_met, *(-self.findings.get(s, 0) for s in SEVERITIES), -self.fleet.quiet, self.name)


@dataclass(frozen=True)
class Matrix:
    """All rows the account may see, and their totals."""

    rows: list[Row]
    findings: Mapping[str, int] = field(default_factory=dict)

    @property
    def servers(self) -> int:
        """All servers."""
        return sum(row.fleet.servers for row in self.rows)

    @property
    def quiet(self) -> int:
        """All servers that are silent or were never heard."""
        return sum(row.fleet.quiet for row in self.rows)

    @property
    def breaching(self) -> int:
        """Providers with at least one standard not met."""
        return sum(row.not_met > 0 for row in self.rows)

    @property
    def severities(self) -> list[tuple[str, int]]:
        """Open findings by severity, worst first, zeros too."""
        return [(severity, self.findings.get(severity, 0)) for severity in SEVERITIES]

    def not_met(self) -> dict[str, int]:
        """Providers that do not meet, by letter."""
        columns = zip(*(row.standings for row in self.rows), strict=True)
        counts = [column.count(Standing.NOT_MET.value) for column in columns] or [0] * len(LETTERS)
        return dict(zip(LETTERS, counts, strict=True))

    def chosen(self, filters: Filters) -> list[Row]:
        """The rows that `filters` leave, in the order they ask for."""
        words = filters.q.casefold().split()
        rows = [row for row in self.rows if _passes(row, filters, words)]
        match filters.sort:
            case "name":
                rows.sort(key=lambda row: row.name)
            case "heard":  # longest silence first; never heard before all
                rows.sort(key=lambda row: (row.fleet.heard_at.timestamp() if row.fleet.heard_at else 0.0, row.name))
            case _:
                rows.sort(key=lambda row: row.worst(filters.letter))
        return rows


def _passes(row: Row, filters: Filters, words: list[str]) -> bool:
    if filters.standing:
        looked = row.standings[LETTERS.index(filters.letter)] if filters.letter else row.standings
        if filters.standing not in ((looked,) if isinstance(looked, str) else looked):
            return False
    if filters.severity and not row.findings.get(filters.severity):
        return False
    if filters.silent and not row.fleet.quiet:
        return False
    name = f"{row.name} {row.institution}".casefold()
    return all(word in name for word in words)


def matrix(account: Account) -> Matrix:
    """Everything `account` may see, in four queries."""
    standings = _standings(account)
    findings = _findings(account)
    fleets = _fleets(account)
    nothing = (Standing.UNDETERMINED.value,) * len(LETTERS)
    rows = [
        Row(key, slug, name, institution, standings.get(key, nothing), findings.get(key, {}), fleets.get(key, Fleet()))
        for key, slug, name, institution in visible(Provider, account).values_list(
            "pk", "slug", "name", "institution__name"
        )
    ]
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.findings)
    return Matrix(rows, total)


def _standings(account: Account) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(lambda: [Standing.UNDETERMINED.value] * len(LETTERS))
    rows = visible(StandardState, account).order_by().values_list("provider_id", "letter", "standing")
    for provider, letter, standing in rows.iterator(chunk_size=5000):
        found[provider][LETTERS.index(letter)] = standing
    return {provider: tuple(letters) for provider, letters in found.items()}


def _findings(account: Account) -> dict[int, dict[str, int]]:
    """Open findings by provider and severity."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        visible(Finding, account)
        .filter(closed_at__isnull=True, target__retired_at__isnull=True)
        .order_by()
        .values_list("target__provider_id", "severity")
        .annotate(count=Count("*"))
    )
    for provider, severity, count in rows:
        found[provider][severity] = count
    return found


def _fleets(account: Account) -> dict[int, Fleet]:
    """Servers in use, by provider."""
    rows = (
        visible(Server, account)
        .filter(retired_at__isnull=True)
        .annotate(reported=Exists(Entry.objects.filter(target=OuterRef("pk"), kind=Kind.REPORT)))
        .order_by()
        .values_list("provider_id")
        .annotate(
            all=Count("*"), known=Count("state"), silent=Count("state", filter=Q(state__silent=True)),
            last=Max("state__heard_at", filter=Q(reported=True)), failing=Sum("state__failing"), passing=Sum("state__passing"),
            undetermined=Sum("state__undetermined"),
        )
    )  # fmt: skip
    return {
        provider: Fleet(
            servers, silent + servers - known, last, _coverage(failing, passing, undetermined) if last else None
        )
        for provider, servers, known, silent, last, failing, passing, undetermined in rows
    }


def _coverage(failing: int, passing: int, undetermined: int) -> float:
    applicable = failing + passing + undetermined
    return (failing + passing) / applicable if applicable else 0.0
