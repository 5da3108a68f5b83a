"""Enrolment: turn a one-time token into an identity."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent import policy
from agent.collector_client import CollectorClient
from agent.identity import Identity, save
from agent.settings import Settings
from checks import SOFTWARE
from evidence import enrolment as wire
from evidence.envelope import seal
from evidence.key import PrivateKey, PublicKey


def enrol(settings: Settings, url: str, token: str) -> Identity:
    """Enrol at `url` with a new key and keep the identity. Raises Unreachable, RefusedByCollector, or PolicyNotTrusted."""
    key = PrivateKey.generate()
    request = wire.Enrolment(token.strip(), key.public.raw, settings.hostname, machine_id(), SOFTWARE)
    client = CollectorClient(url, settings)
    enrolled = client.enrol(seal(wire.MEDIA_TYPE, msgspec.json.encode(request), key))
    collector_key = PublicKey.from_raw(enrolled.collector_key)
    identity = Identity(key, enrolled.server, enrolled.provider, url, collector_key)
    save(settings, identity)
    policy.accept(settings, enrolled.policy, collector_key)
    return identity


def machine_id() -> str:
    """The id systemd gave this installation; empty where there is none."""
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""
