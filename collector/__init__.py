"""The judge: a Django project that verifies reports, keeps them, judges them and shows what follows.

The way of a report: `ingest` (admit) -> `ledger` (durable, in order) -> `surveillance` (judge) -> `console` and `export`.
The ledger is the truth; everything after it could be rebuilt from it.
"""

from checks import SOFTWARE, VERSION

__all__ = ["SOFTWARE", "VERSION"]
