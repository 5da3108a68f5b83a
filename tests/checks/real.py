"""Real output of real systems, kept in `tests/checks/real/<system>/<file>`; each folder's SOURCES.md says where it came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent / "real"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def real(name: str) -> str:
    """The text of one recorded output, such as `debian12/sshd-T.txt`."""
    return (HERE / name).read_text(encoding="utf-8", errors="replace")
