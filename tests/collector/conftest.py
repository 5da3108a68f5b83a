"""What all tests of the collector share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.collector.process import Collector
from tests.collector.world import Sensor, World


@pytest.fixture
def world(db: None) -> World:
    """An empty world in an empty database."""
    return World.create()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """One real collector for the whole session, with short time limits. Leave it serving."""
    folder = tmp_path_factory.mktemp("served")
    with Collector.initialised(folder, request_timeout=1.5) as made, made.serving():
        yield made


@pytest.fixture
def sensor(served: Collector) -> Sensor:
    """A newly enrolled agent of `served`."""
    return served.enrol()
