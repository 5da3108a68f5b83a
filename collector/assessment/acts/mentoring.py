"""Acts of mentoring and consultation (152/2022, 2.1.d): the provider asks, LKPP schedules, holds, agrees on what follows."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from checks.calendar import today
from checks.standard import LETTERS
from collector.accounts.audit import record
from collector.accounts.models import PROVIDER, Account, Role
from collector.assessment.acts.once import done_before, remember, typed
from collector.assessment.acts.row import locked, not_overtaken
from collector.assessment.acts.step import Sent
from collector.assessment.mentoring_machine import Act, Request, Side, Stage, after
from collector.assessment.models import Mentoring, MentoringTransition
from collector.assessment.unlawful import Unlawful
from collector.registry.models import Provider

MOST = 8000  # characters of a question or of notes


def request_mentoring(
    account: Account, provider: Provider, sent: Sent, *, kind: str, means: str, subject: str, question: str,
    letters: str = "",
) -> Mentoring:  # fmt: skip
    """Ask for mentoring or consultation about the standards in `letters` ("ik"). Of the LPSE's own people. Raises Unlawful."""
    if account.role not in PROVIDER or account.provider_id != provider.pk:
        raise Unlawful("Hanya orang LPSE itu.", "Only the LPSE's own people.")
    if kind not in Mentoring.Kind.values or means not in Mentoring.Means.values or not set(letters) <= set(LETTERS):
        raise Unlawful("Pilih bentuk, cara, dan standarnya.", "Choose form, means and standards.")
    subject, question = typed(subject), typed(question)
    if not subject or not question or len(subject) > 200 or len(question) > MOST:
        raise Unlawful("Pokok dan pertanyaan harus diisi.", "Subject and question are needed.")
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        if (before := done_before(account, sent.key)) is not None:
            return Mentoring.objects.get(pk=before)
        made = Mentoring.objects.create(
            provider=provider, kind=kind, means=means, letters="".join(sorted(set(letters))), subject=subject,
            question=question, stage=Stage.REQUESTED.value, requested_by=account, requested_at=sent.now,
        )  # fmt: skip
        _told(made, account, sent, "request", "", question, {})
        remember(account, sent.key, "mentoring.request", made.pk, sent.now)
    return made


def act_on(
    account: Account, mentoring: int, sent: Sent, act: Act, *, notes: str = "", when: datetime | None = None,
    due: date | None = None,
) -> MentoringTransition:  # fmt: skip
    """Do `act`. `notes`: of the session, the follow-up agreed or reported, or why. `when`: of the session to be held; `due`: of
    the follow-up agreed. Raises Unlawful, Overtaken, Mentoring.DoesNotExist.
    """
    notes = typed(notes)
    if len(notes) > MOST:
        raise Unlawful(f"Catatan paling panjang {MOST} karakter.", f"Notes have {MOST} characters at most.")
    with transaction.atomic():
        row = locked(Mentoring.objects.all(), account, mentoring)
        if (before := done_before(account, sent.key)) is not None:
            return MentoringTransition.objects.get(pk=before)
        not_overtaken(row, sent, MentoringTransition.objects.filter(mentoring=row).first())
        held = Request(Stage(row.stage), row.scheduled_for)
        then = after(held, act, _side(account), sent.now, notes=notes, when=when)
        row.stage, row.scheduled_for = then.stage.value, then.scheduled_for
        if act is Act.SCHEDULE:
            row.mentor = account
        if act is Act.AGREE:
            if due is not None and due <= today(sent.now):
                raise Unlawful("Batas waktu harus di masa depan.", "The due date must lie in the future.")
            row.follow_up, row.follow_up_due = notes, due
        row.version += 1
        row.save()
        detail = {"when": when.isoformat() if when else "", "due": due.isoformat() if due else ""}
        made = _told(row, account, sent, act.value, held.stage.value, notes, detail)
        remember(account, sent.key, f"mentoring.{act.value}", made.pk, sent.now)
    return made


def _side(account: Account) -> Side | None:
    if account.role in PROVIDER:
        return Side.PROVIDER
    return Side.MENTOR if account.role == Role.OFFICER else None


def _told(
    row: Mentoring, account: Account, sent: Sent, act: str, was: str, notes: str, detail: dict[str, str]
) -> MentoringTransition:
    made = MentoringTransition.objects.create(
        mentoring=row, at=sent.now, account=account, act=act, notes=notes, before=was, after=row.stage,
        detail=detail, version=row.version,
    )  # fmt: skip
    record(
        account, f"mentoring.{act}", f"{row.provider} · {row.subject}", provider=row.provider_id, reason=sent.reason,
        before={"stage": was}, after={"stage": row.stage, **detail}, now=sent.now,
    )  # fmt: skip
    return made
