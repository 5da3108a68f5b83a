"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("pantau", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("pantau")
