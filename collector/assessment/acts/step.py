"""One act on one standard of one provider: `with step(...) as one: ...; one.finish(...)`.

    with step(account, standard, Sent(now, seen=3, key="...")) as one:
        ...rows...
        one.finish(Act.SUBMIT)
    return one.made

Laws:
- The row is locked first; then the double sending is looked for, then whether somebody else acted since the page was shown.
- The machine is asked once the rows of the act are written; what it forbids leaves nothing behind.
- The transition and the act of the audit trail are written last, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from collector.accounts.audit import record
from collector.accounts.models import Account, Role
from collector.assessment.acts.once import done_before, remember, typed
from collector.assessment.models import ProviderStandard, Round, Transition
from collector.assessment.standard_machine import JUDGING, Standing, Who, Work, after, allowed
from collector.assessment.standard_words import Act, Certified, Duty, Stage
from collector.assessment.unlawful import Overtaken
from collector.assessment.work import work_of

DUTIES: Mapping[str, frozenset[Duty]] = {
    Role.PROVIDER_ADMIN: frozenset({Duty.PROVIDER}),
    Role.PROVIDER_HEAD: frozenset({Duty.PROVIDER, Duty.HEAD}),
    Role.OFFICER: frozenset({Duty.ASSESSOR}),
    Role.APPROVER: frozenset({Duty.DETERMINER}),
}
"""What a role may be for a standard (of its own provider, where it has one)."""


@dataclass(frozen=True)
class Sent:
    """How a form came: when, the one-time key in it, the standard's `version` when its page was shown (None: not asked), and
    the reason that was typed.
    """

    now: datetime
    key: str = ""
    seen: int | None = None
    reason: str = ""


class Repeated(Exception):
    """The form was done before, as `made`."""

    def __init__(self, made: Transition) -> None:
        super().__init__(f"done before: transition {made.pk}")
        self.made = made


def who_is(account: Account, provider: int) -> Who:
    """What `account` may be for the standards of `provider`."""
    theirs = account.provider_id in (None, provider) and account.is_active
    return Who(account.pk, DUTIES.get(account.role, frozenset()) if theirs else frozenset())


def standing_of(standard: ProviderStandard) -> Standing:
    """The state of the machine that `standard` and its transitions hold."""
    judged = Transition.objects.filter(
        standard=standard, round__number=standard.round_number, act__in=[one.value for one in JUDGING]
    ).values_list("account_id", flat=True)
    assessors = frozenset(key for key in judged if key is not None)
    stage = Stage(standard.stage)
    return Standing(
        stage, Certified(standard.certified), standard.round_number,
        frozenset() if stage is Stage.REVOKED else assessors, standard.proposer_id, standard.revoked_by,
    )  # fmt: skip


def round_of(standard: ProviderStandard) -> Round | None:
    """The current round; None before the first."""
    return (
        Round.objects.filter(standard=standard, number=standard.round_number)
        .select_related("standard__provider", "rules")
        .first()
    )


def offered(account: Account, standard: ProviderStandard) -> frozenset[Act]:
    """The acts a page may offer `account`: by stage, duty, person, and recommendations that are there.

    What items still lack is told by `work_of`, and by the machine when the form comes.
    """
    held = round_of(standard)
    work = work_of(held) if held is not None else Work()
    found = allowed(standing_of(standard), who_is(account, standard.provider_id), Work(open=1, waiting=1))
    lacking = {Act.FOLLOW_UP} if not work.open else set()
    return found - (lacking | {Act.RECHECK} if not work.waiting else lacking)


@dataclass
class Step:
    """One act under way. `made` is its transition once it is finished."""

    account: Account
    standard: ProviderStandard
    sent: Sent
    who: Who
    round: Round | None
    detail: dict[str, object] = field(default_factory=dict)
    _made: Transition | None = None

    @property
    def made(self) -> Transition:
        """The transition."""
        if self._made is None:
            raise RuntimeError("the act was not finished")
        return self._made

    @property
    def current(self) -> Round:
        """The current round; the machine lets nobody act on items before the first."""
        if self.round is None:
            raise RuntimeError("no round was begun")
        return self.round

    def demand(self, act: Act, work: Work | None = None) -> None:
        """Raises Unlawful unless `act` may be done now: for acts whose rows cannot be written before."""
        after(standing_of(self.standard), act, self.who, work or Work())

    def finish(self, act: Act, *, key: str = "") -> Standing:
        """Ask the machine, and write what comes of it. `key`: of an action of the ladder. Raises Unlawful."""
        before = standing_of(self.standard)
        work = work_of(self.round) if self.round is not None else Work()
        then = after(before, act, self.who, work, key)
        if then.round != before.round:
            self.round = Round.objects.get(standard=self.standard, number=then.round)
        standard = self.standard
        standard.stage, standard.certified = then.stage.value, then.certified.value
        standard.round_number, standard.proposer_id = then.round, then.proposer
        standard.revoked_by, standard.version = then.revoked_by, standard.version + 1
        standard.changed_at = self.sent.now
        standard.save()
        self._made = Transition.objects.create(
            standard=standard, round=self.round, at=self.sent.now, account=self.account, act=act.value,
            reason=self.sent.reason, stage_before=before.stage.value, stage_after=then.stage.value,
            certified_before=before.certified.value, certified_after=then.certified.value, version=standard.version,
            detail=self.detail,
        )  # fmt: skip
        verb = f"assessment.{act.value}"
        remember(self.account, self.sent.key, verb, self._made.pk, self.sent.now)
        record(
            self.account, verb, f"{standard.provider} · {standard.letter}", provider=standard.provider_id,
            reason=self.sent.reason, before={"stage": before.stage.value, "certified": before.certified.value},
            after={"stage": then.stage.value, "certified": then.certified.value, **self.detail}, now=self.sent.now,
        )  # fmt: skip
        return then


@contextmanager
def step(account: Account, provider: int, letter: str, sent: Sent, *, who: Who | None = None) -> Iterator[Step]:
    """Lock the standard and go. Raises `ProviderStandard.DoesNotExist` (not theirs to see), Repeated, Overtaken, Unlawful."""
    sent = replace(sent, reason=typed(sent.reason))
    with transaction.atomic():
        rows = ProviderStandard.objects.visible_to(account)
        standard = rows.select_for_update(of=("self",)).select_related("provider").get(provider=provider, letter=letter)
        if (before := done_before(account, sent.key)) is not None:
            raise Repeated(Transition.objects.get(pk=before))
        if sent.seen is not None and standard.version != sent.seen:
            last = Transition.objects.select_related("account").get(standard=standard, version=standard.version)
            raise Overtaken(str(last.account or "—"), last.act, last.at)
        yield Step(account, standard, sent, who or who_is(account, provider), round_of(standard))
