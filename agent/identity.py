"""Who this agent is: its key, and what the collector told it at enrolment."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from agent.files import replace
from agent.settings import Settings
from evidence.key import PrivateKey, PublicKey

KEY, IDENTITY = "agent_key.pem", "identity.json"


class NotEnrolled(Exception):
    """This agent has no identity yet, or a broken one; the message says what to do."""


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    server: str
    provider: str
    collector: str
    collector_key: bytes


@dataclass(frozen=True)
class Identity:
    """The agent's key and place, and the collector it belongs to."""

    key: PrivateKey
    server: str
    provider: str
    collector: str
    collector_key: PublicKey


def load(settings: Settings) -> Identity:
    """The identity in the state directory. Raises NotEnrolled."""
    try:
        key = PrivateKey.from_pem(settings.path(KEY).read_bytes())
        stored = msgspec.json.decode(settings.path(IDENTITY).read_bytes(), type=_Stored)
        collector_key = PublicKey.from_raw(stored.collector_key)
    except FileNotFoundError as error:
        raise NotEnrolled(
            f"{error.filename} does not exist: this agent is not enrolled; ask for a token, then run "
            "`pantau-agent enrol --collector URL --token TOKEN`"
        ) from error
    except OSError as error:
        raise NotEnrolled(f"{error.filename}: {error.strerror}; run as the user that enrolled, or as root") from error
    except (ValueError, msgspec.DecodeError) as error:
        raise NotEnrolled(
            f"the identity in {settings.state} is damaged ({error}); enrol again with `pantau-agent enrol --again`"
        ) from error
    return Identity(key, stored.server, stored.provider, stored.collector, collector_key)


def save(settings: Settings, identity: Identity) -> None:
    """Keep `identity`, the key first: an identity without its key would be worse than none."""
    replace(settings.path(KEY), identity.key.pem())
    stored = _Stored(identity.server, identity.provider, identity.collector, identity.collector_key.raw)
    replace(settings.path(IDENTITY), msgspec.json.format(msgspec.json.encode(stored), indent=1))
