"""What all tests of the collector share."""

from __future__ import annotations

import pytest

from tests.collector.world import World


@pytest.fixture
def world(db: None) -> World:
    """An empty world in an empty database."""
    return World.create()
