"""The policy the agent judges under: signed by the collector, kept in the state directory, refreshed hourly.

Laws:
- Only a policy signed by the collector's key, learnt at enrolment, is ever used. Policy is data; nothing else comes down.
- A policy that does not fit this agent's catalogue (an older agent) is not used in part: the agent goes on with the last that
  fits, says so, and its reports name the policy they were really judged under.
"""

from __future__ import annotations

import logging

from agent.files import replace
from agent.problem import Problem
from agent.settings import Settings
from checks.catalogue import Catalogue
from checks.policy import Policy, PolicyError, Rulebook, read_policy, rulebook
from checks.text import Text
from evidence.enrolment import POLICY_MEDIA_TYPE
from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, read_envelope, verify
from evidence.key import PublicKey

log = logging.getLogger(__name__)

FILE = "policy.json"


class PolicyNotTrusted(Problem):
    """A policy that the collector's key did not sign."""


def accept(settings: Settings, catalogue: Catalogue, envelope: Envelope, key: PublicKey) -> Rulebook:
    """Verify `envelope`, keep it if it fits, and return what it makes. Raises PolicyNotTrusted or PolicyError.

    What was kept before stays where this raises.
    """
    made = rulebook(catalogue, _verified(envelope, key))
    replace(settings.path(FILE), envelope.encode())
    return made


def current(settings: Settings, catalogue: Catalogue, key: PublicKey | None) -> Rulebook:
    """The rulebook of the kept policy, or of the default one where none is kept, trusted and fitting."""
    if key is not None:
        try:
            return rulebook(catalogue, _verified(read_envelope(settings.path(FILE).read_bytes()), key))
        except FileNotFoundError:
            pass
        except (OSError, NotAnEnvelope, PolicyNotTrusted, PolicyError) as error:
            log.warning("event=policy_not_used file=%s error=%r; judging under the default policy", FILE, str(error))
    return rulebook(catalogue, Policy())


def _verified(envelope: Envelope, key: PublicKey) -> Policy:
    if envelope.payload_type != POLICY_MEDIA_TYPE:
        raise PolicyNotTrusted(
            Text(
                f"yang datang bukan kebijakan: jenis isinya {envelope.payload_type!r}, seharusnya {POLICY_MEDIA_TYPE!r}",
                f"what came is no policy: its payload type is {envelope.payload_type!r}, expected {POLICY_MEDIA_TYPE!r}",
            )
        )
    try:
        return read_policy(verify(envelope, key))
    except NotSigned as error:
        raise PolicyNotTrusted(
            Text(
                f"kebijakan ini tidak ditandatangani dengan kunci collector: {error}",
                f"the policy is not signed by the collector's key: {error}",
            )
        ) from error
