"""A provider, its people and LKPP's, and a collector with a key of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from pytest_django import Settings

from evidence.key import PrivateKey
from tests.collector.assessment.cast import Cast
from tests.collector.world import World


@pytest.fixture(autouse=True)
def own_state(settings: Settings, tmp_path: Path) -> Path:
    """A state directory with a key, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))
    return tmp_path


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast.of(world)
