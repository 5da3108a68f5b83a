"""What the ladder does to certificates (152/2022, 2.2.c). Called by `collector.enforcement` only, in its own transaction.

    revoke(approver, provider.pk, "k", action="case-17/c", now=now, reason="...")      # once the action was approved by two
    reinstate(approver, provider.pk, "k", action="case-17/c", now=now, reason="...")   # once an objection withdrew that action

Laws:
- The caller has settled that the action was lawful and by whom; here it is only a certificate of that standard that falls.
- The same action twice is done once: the second call gives the first transition.
"""

from __future__ import annotations

from datetime import datetime

from collector.accounts.models import Account
from collector.assessment.acts.step import Repeated, Sent, step
from collector.assessment.models import Certificate, Transition
from collector.assessment.standard_machine import Who
from collector.assessment.standard_words import Act, Duty
from collector.assessment.unlawful import Unlawful

LADDER = frozenset({Duty.LADDER})


def revoke(account: Account, provider: int, letter: str, *, action: str, now: datetime, reason: str) -> Transition:
    """Revoke the valid certificate of a standard by the action with the key `action` (40 characters at most).

    What was under way of a new round counts no more. `account` is who approved last. Raises Unlawful (no valid certificate),
    `ProviderStandard.DoesNotExist` (never assessed here).
    """
    return _by_ladder(account, provider, letter, Act.REVOKE, action, now, reason)


def reinstate(account: Account, provider: int, letter: str, *, action: str, now: datetime, reason: str) -> Transition:
    """Make valid again what the action with the key `action` revoked: it was withdrawn. Raises Unlawful."""
    return _by_ladder(account, provider, letter, Act.REINSTATE, action, now, reason)


def _by_ladder(
    account: Account, provider: int, letter: str, act: Act, action: str, now: datetime, reason: str
) -> Transition:
    if account.provider_id is not None or not account.is_active:
        raise Unlawful("Hanya pejabat LKPP.", "Only LKPP's own people.")
    if not action or len(action) > 40:
        raise Unlawful("Kunci tindakan 1 sampai 40 karakter.", "An action's key has 1 to 40 characters.")
    sent = Sent(now, key=f"{act.value}:{provider}{letter}:{action}", reason=reason)
    try:
        with step(account, provider, letter, sent, who=Who(account.pk, LADDER)) as one:
            one.detail = {"action": action, "number": _mark(one.standard.pk, act, action, now)}
            one.finish(act, key=action)
    except Repeated as repeated:
        return repeated.made
    return one.made


def _mark(standard: int, act: Act, action: str, now: datetime) -> str:
    """Change the state of the certificate; gives its number, "" where there is none: the machine then forbids the act."""
    rows = Certificate.objects.filter(standard=standard)
    if act is Act.REVOKE:
        found = rows.filter(state=Certificate.State.VALID).first()
        then, named = Certificate.State.REVOKED, action
    else:
        found = rows.filter(state=Certificate.State.REVOKED, revoked_by_action=action).first()
        if rows.filter(state=Certificate.State.VALID).exists():
            found = None
        then, named = Certificate.State.VALID, ""
    if found is None:
        return ""
    found.state, found.state_since, found.revoked_by_action = then, now, named
    found.save(update_fields=["state", "state_since", "revoked_by_action"])
    return found.number
