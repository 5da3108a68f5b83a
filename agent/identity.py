"""Who this agent is: its key, and what the collector told it at enrolment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from agent.files import replace
from agent.private import NotPrivate, check_directory, read
from agent.problem import Problem, os_words
from agent.settings import Settings
from checks.text import Text, joined
from evidence.key import PrivateKey, PublicKey

KEY, IDENTITY = "agent_key.pem", "identity.json"


class NotEnrolled(Problem):
    """This agent has no identity yet, or a broken one; the message says what to do."""


class BrokenIdentity(NotEnrolled):
    """There is an identity, but it cannot be read or makes no sense. Only a person may put another in its place."""


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    server: str
    provider: str
    collector: str
    collector_key: bytes
    enrolled_at: datetime | None = None
    prober: str = ""


@dataclass(frozen=True)
class Identity:
    """The agent's key and place, and the collector it belongs to. `enrolled_at` (aware) by this host's clock, if known.

    Of a prober: its name; `server` and `provider` are empty then.
    """

    key: PrivateKey
    server: str
    provider: str
    collector: str
    collector_key: PublicKey
    enrolled_at: datetime | None = None
    prober: str = ""


def load(settings: Settings) -> Identity:
    """The identity in the state directory. Raises NotEnrolled, or BrokenIdentity, which is one."""
    try:
        key = PrivateKey.from_pem(read(settings.path(KEY)))
        stored = msgspec.json.decode(read(settings.path(IDENTITY)), type=_Stored)
        check_directory(Path(settings.state))
        collector_key = PublicKey.from_raw(stored.collector_key)
    except NotPrivate as error:
        raise BrokenIdentity(error.said) from error
    except FileNotFoundError as error:
        run = "`pantau-agent enrol --collector URL --token TOKEN`"
        raise NotEnrolled(
            Text(
                f"{error.filename} tidak ada: agen ini belum terdaftar; minta token, lalu jalankan {run}",
                f"{error.filename} does not exist: this agent is not enrolled; ask for a token, then run {run}",
            )
        ) from error
    except OSError as error:
        mend = Text(
            "jalankan sebagai pengguna yang mendaftarkan agen, atau sebagai root",
            "run as the user that enrolled, or as root",
        )
        raise BrokenIdentity(joined([os_words(error), mend])) from error
    except (ValueError, msgspec.DecodeError) as error:
        again = "`pantau-agent enrol --again`"
        raise BrokenIdentity(
            Text(
                f"identitas di {settings.state} rusak ({error}); daftarkan lagi dengan {again}",
                f"the identity in {settings.state} is damaged ({error}); enrol again with {again}",
            )
        ) from error
    return Identity(
        key, stored.server, stored.provider, stored.collector, collector_key, stored.enrolled_at, stored.prober
    )


def save(settings: Settings, identity: Identity) -> None:
    """Keep `identity`, the key first: an identity without its key would be worse than none."""
    replace(settings.path(KEY), identity.key.pem())
    stored = _Stored(
        identity.server,
        identity.provider,
        identity.collector,
        identity.collector_key.raw,
        identity.enrolled_at,
        identity.prober,
    )
    replace(settings.path(IDENTITY), msgspec.json.format(msgspec.json.encode(stored), indent=1))
