"""GET /v1/instances: what probers read. Runs in a thread: each prober asks once an hour."""

from __future__ import annotations

from collector.keys import collector_key
from collector.registry.instances import probed
from evidence.envelope import seal
from evidence.instances import MEDIA_TYPE, Instance, Instances


def listed() -> bytes:
    """Every instance that is probed, in an envelope signed by the collector."""
    rows = probed().order_by("pk").values_list("pk", "public_url", "ports_may_be_tried")
    found = Instances(tuple(Instance(key, url, consent) for key, url, consent in rows))
    return seal(MEDIA_TYPE, found.encode(), collector_key()).encode()
