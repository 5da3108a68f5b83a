"""Enrolment: turn a one-time token into an identity."""

from __future__ import annotations

import errno
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agent import policy
from agent.collector_client import CollectorClient
from agent.identity import Identity, save
from agent.policy import PolicyNotTrusted
from agent.private import check_directory
from agent.problem import Problem
from agent.settings import Settings
from checks import SOFTWARE
from checks.catalogue import catalogue
from checks.policy import PolicyError
from checks.text import Text
from evidence import enrolment as wire
from evidence.envelope import seal
from evidence.key import PrivateKey, PublicKey

log = logging.getLogger(__name__)


class WrongToken(Problem):
    """The token was for something else than the settings make of this agent."""


def _wrong(prober: str) -> Text:
    if prober:
        how = f"`pantau-collector token --prober {prober}`"
        return Text(
            f"token ini untuk agen sebuah server, bukan untuk prober {prober}; minta yang lain: {how}, dan pensiunkan server "
            f"{prober} yang terlanjur terdaftar",
            f"this token was for the agent of a server, not for the prober {prober}; ask for another: {how}, and retire the server "
            f"{prober} that it made",
        )
    return Text(
        "token ini untuk sebuah prober; isi `[prober]` dengan `name` di pengaturan, lalu minta token baru",
        "this token was for a prober; set `[prober]` with `name` in the settings, then ask for a new token",
    )


def enrol(settings: Settings, url: str, token: str, machine: str | None = None) -> Identity:
    """Enrol at `url` with a new key and keep the identity. Raises Unreachable, RefusedByCollector, PolicyNotTrusted,
    WrongToken, or NotPrivate where others may write in the state directory.

    The token is spent once the collector has answered, so a policy that this agent is too old for is no reason to fail: it
    judges under the default one, and its reports say so. `machine`: the machine id of a host that is surveyed from here.
    """
    state = Path(settings.state)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(state, os.W_OK | os.X_OK):  # found out before the token is spent
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(state))
    check_directory(state)
    key = PrivateKey.generate()
    prober = settings.prober.name if settings.prober else ""
    request = wire.Enrolment(
        token.strip(),
        key.public.raw,
        prober or settings.hostname,
        machine_id() if machine is None else machine,
        SOFTWARE,
    )
    client = CollectorClient(url, settings)
    enrolled = client.enrol(seal(wire.MEDIA_TYPE, msgspec.json.encode(request), key))
    try:
        collector_key = PublicKey.from_raw(enrolled.collector_key)
    except ValueError as error:
        raise PolicyNotTrusted(
            Text(
                f"collector di {url} tidak memberikan kuncinya sendiri yang dapat dipakai: {error}",
                f"the collector at {url} gives no usable key of its own: {error}",
            )
        ) from error
    if bool(prober) is bool(enrolled.server):
        raise WrongToken(_wrong(prober))
    identity = Identity(key, enrolled.server, enrolled.provider, url, collector_key, datetime.now(UTC), prober)
    save(settings, identity)
    try:
        policy.accept(settings, catalogue(), enrolled.policy, collector_key)
    except PolicyError as error:
        log.warning("event=policy_not_used error=%r; judging under the default policy", str(error))
    return identity


def machine_id() -> str:
    """The id systemd gave this installation; empty where there is none."""
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""
