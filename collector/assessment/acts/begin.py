"""How a round of assessment begins."""

from __future__ import annotations

from checks.calendar import today
from checks.self_assessment import in_force
from collector.accounts.models import Account
from collector.assessment.acts.rules import rules_at
from collector.assessment.acts.step import Repeated, Sent, standing_of, step
from collector.assessment.models import ProviderStandard, Round, Transition
from collector.assessment.standard_words import Act, Certified
from collector.registry.models import Provider


def begin(account: Account, provider: Provider, letter: str, sent: Sent) -> Transition:
    """Begin an assessment: the first, one beside a valid certificate, or the whole new one after a revocation.

    Of the LPSE's own people. Raises Unlawful, Overtaken.
    """
    if account.provider_id == provider.pk:  # else `step` finds nothing that is theirs
        ProviderStandard.objects.get_or_create(provider=provider, letter=letter)
    try:
        with step(account, provider.pk, letter, sent) as one:
            standing = standing_of(one.standard)
            one.demand(Act.BEGIN)
            asked = in_force(today(sent.now))
            Round.objects.create(
                standard=one.standard, number=standing.round + 1, questionnaire=asked.version,
                rules=rules_at(sent.now), begun_at=sent.now,
                again_after_revocation=standing.certified is Certified.REVOKED,
            )  # fmt: skip
            one.detail = {"round": standing.round + 1, "questionnaire": asked.version}
            one.finish(Act.BEGIN)
    except Repeated as repeated:
        return repeated.made
    return one.made
