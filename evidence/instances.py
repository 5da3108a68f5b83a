"""The instances that probers read, as the collector lists them: signed by it, like the policy."""

from __future__ import annotations

from typing import Annotated

import msgspec

from evidence.envelope import Verified

MEDIA_TYPE = "application/vnd.pantau.instances.v1+json"


class Instance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instance: its id, which stands in every report of it, and its public URL.

    `consent`: its provider agreed that its TCP ports are tried.
    """

    id: Annotated[str, msgspec.Meta(max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9-]*\\Z")]
    public_url: str
    consent: bool


class Instances(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All instances that are in use and have a public URL, in the order of their ids."""

    instances: tuple[Instance, ...]

    def encode(self) -> bytes:
        """The payload to be signed."""
        return msgspec.json.encode(self)


class NotInstances(ValueError):
    """Verified bytes that are no list of instances, with what is wrong and where."""


def read_instances(payload: Verified) -> Instances:
    """The list in verified bytes. Raises NotInstances."""
    try:
        return msgspec.json.decode(payload, type=Instances)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotInstances(str(error) or type(error).__name__) from error
