"""SPSE installations for tests: an ordinary one, changed where a test says so."""

from __future__ import annotations

import msgspec

from checks.facts.spse_instances import SpseInstance

ORDINARY = SpseInstance(
    name="spse", home="/home/appserv/spse", app="/home/appserv/spse/webapp", port=9090, path="/eproc4", mode="prod",
    pool_max=60, secret_length=64, securedb=True, clear_password=False, default_credentials=False, metrics_allowed=True,
)  # fmt: skip


def instance(**changed: object) -> SpseInstance:
    """An ordinary installation with some of its fields changed."""
    return msgspec.structs.replace(ORDINARY, **changed)
