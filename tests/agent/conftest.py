"""What all tests of the agent share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.collector_stand_in import CollectorStandIn
from tests.agent.collector_stand_in import collector as running


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Path]:
    """A directory that everybody may enter (pytest's own only its owner may)."""
    made = Path(tempfile.mkdtemp(prefix="pantau-public-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def collector() -> Iterator[CollectorStandIn]:
    """A stand-in for the collector, over plain HTTP."""
    with running() as server:
        yield server
