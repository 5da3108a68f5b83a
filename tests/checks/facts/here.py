"""What this machine says, read as an agent on it reads."""

from __future__ import annotations

from typing import TypeVar

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Fact

F = TypeVar("F", bound=Fact)


def read(kind: type[F]) -> F:
    """One fact of this machine; the test fails, with the reason, if it could not be read."""
    outcome = Survey(LocalHost()).outcome(kind)
    assert isinstance(outcome.fact, kind), outcome.missing or outcome.absent
    return outcome.fact
