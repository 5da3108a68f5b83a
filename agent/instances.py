"""The instances a prober reads: listed and signed by the collector, kept in the state directory, refreshed hourly.

Law: only a list that the collector's key signed, learnt at enrolment, is ever used. While there is no new one the last good one
holds.
"""

from __future__ import annotations

import logging

from agent.files import replace
from agent.problem import Problem
from agent.settings import Settings
from checks.text import Text
from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, read_envelope, verify
from evidence.instances import MEDIA_TYPE, Instance, NotInstances, read_instances
from evidence.key import PublicKey

log = logging.getLogger(__name__)

FILE = "instances.json"


class InstancesNotTrusted(Problem):
    """A list that the collector's key did not sign, or that makes no sense."""


def accept(settings: Settings, envelope: Envelope, key: PublicKey) -> tuple[Instance, ...]:
    """Verify `envelope`, keep it, and return what it lists. Raises InstancesNotTrusted; then what was kept before stays."""
    listed = _verified(envelope, key)
    replace(settings.path(FILE), envelope.encode())
    return listed


def current(settings: Settings, key: PublicKey) -> tuple[Instance, ...]:
    """The kept list; none where none is kept and trusted."""
    try:
        return _verified(read_envelope(settings.path(FILE).read_bytes()), key)
    except FileNotFoundError:
        pass
    except (OSError, NotAnEnvelope, InstancesNotTrusted) as error:
        log.warning("event=instances_not_used file=%s error=%r; waiting for the collector's", FILE, str(error))
    return ()


def _verified(envelope: Envelope, key: PublicKey) -> tuple[Instance, ...]:
    if envelope.payload_type != MEDIA_TYPE:
        raise InstancesNotTrusted(
            Text(
                f"yang datang bukan daftar instans: jenis isinya {envelope.payload_type!r}, seharusnya {MEDIA_TYPE!r}",
                f"what came is no list of instances: its payload type is {envelope.payload_type!r}, expected {MEDIA_TYPE!r}",
            )
        )
    try:
        return read_instances(verify(envelope, key)).instances
    except NotSigned as error:
        raise InstancesNotTrusted(
            Text(
                f"daftar instans ini tidak ditandatangani dengan kunci collector: {error}",
                f"the list of instances is not signed by the collector's key: {error}",
            )
        ) from error
    except NotInstances as error:
        raise InstancesNotTrusted(
            Text(f"daftar instans tidak terbaca: {error}", f"the list of instances makes no sense: {error}")
        ) from error
