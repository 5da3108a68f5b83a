"""What the agent's tests are made of: settings, identities, small sealed reports, and commands as real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agent.audit import Audit
from agent.identity import Identity, save
from agent.seal import Circumstances, seal_report
from agent.settings import Settings
from agent.spool import Place, Spool
from checks.fact import Snapshot
from evidence.envelope import Envelope, pack_envelopes, unpack_envelopes
from evidence.key import PrivateKey
from evidence.report import Report, read_report

TREE = Path(__file__).parents[2]
COLLECTOR_KEY = PrivateKey.generate()


def settings(state: Path, **changed: object) -> Settings:
    """Settings with their state below `state`, and no metrics."""
    return Settings(**{"state": str(state / "agent"), "metrics": "", "hostname": "spse.contoh.go.id", **changed})  # type: ignore[arg-type]


def enrolled(known: Settings, url: str = "http://127.0.0.1:1") -> Identity:
    """An identity, kept in the state directory."""
    made = Identity(PrivateKey.generate(), "srv-1", "LPSE Kota Contoh", url, COLLECTOR_KEY.public)
    save(known, made)
    return made


def spool(state: Path, **changed: object) -> Spool:
    """A roomy spool."""
    return Spool(state / "spool.db", **{"most_bytes": 8 << 20, "most_days": 30.0, **changed})  # type: ignore[arg-type]


def maker(identity: Identity, *, at: datetime | None = None, filler: str = "") -> Callable[[Place], Envelope]:
    """Seals an empty audit at its place; `filler` makes it larger."""
    audit = Audit(at or datetime.now(UTC), Snapshot(), ())
    circumstances = Circumstances("boot-1" + filler[:150], None, "0" * 64)
    return lambda place: seal_report(audit, 60, place, identity, circumstances)


def seal(into: Spool, identity: Identity, count: int = 1, *, every: int = 60, at: datetime | None = None) -> list[str]:
    """Seal `count` reports; their digests."""
    at = at or datetime.now(UTC)
    return [into.seal(maker(identity, at=at), taken_at=at.timestamp(), every=every) for _ in range(count)]


def reports(of: Spool) -> list[Report]:
    """Every report that waits, in order."""
    return [read(one.envelope) for one in of.waiting(most=100_000, most_bytes=1 << 40)]


def read(envelope: bytes) -> Report:
    """The report in an envelope, unverified."""
    return read_report(unpack_envelopes(pack_envelopes([envelope]))[0].payload)


def agent(
    *arguments: str, state: Path, environment: dict[str, str] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `pantau-agent` as a process of its own, with a clean environment."""
    return subprocess.run(
        command(*arguments), env=clean(state, environment), cwd=TREE, input=given, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def command(*arguments: str) -> list[str]:
    """The argument vector of `pantau-agent`."""
    return [sys.executable, "-c", "import sys; from agent.cli import main; sys.exit(main())", *arguments]


def clean(state: Path, environment: dict[str, str] | None = None) -> dict[str, str]:
    """An environment without a locale, whose agent keeps everything below `state`."""
    return {
        "PATH": os.environ["PATH"],
        "PANTAU_STATE": str(state / "agent"),
        "PANTAU_METRICS": "",
        "PANTAU_HOSTNAME": "spse.contoh.go.id",
        "PYTHONPATH": str(TREE),
        "PYTHONUTF8": "1",
        **(environment or {}),
    }
