"""The one verb of a host, and the ways in which it can fail.

A host raises `Absent` when the thing is not there, `Missing` when it could not be read; nothing else leaves it.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from checks.source import Source

T = TypeVar("T")


class Host(Protocol):
    """Something whose sources can be read."""

    def read(self, source: Source[T]) -> T:
        """The reading of `source`. Raises `checks.fact.Missing` or `checks.fact.Absent` with a sentence."""
        ...
