"""The factual assessment by LKPP's assessors: judging items, recommending, concluding, re-checking what was followed up."""

from __future__ import annotations

from datetime import date, timedelta

from checks.calendar import today
from collector.accounts.models import Account
from collector.assessment.acts.once import typed
from collector.assessment.acts.self_assessment import MOST_NOTE, write_answer, write_file
from collector.assessment.acts.step import Repeated, Sent, step
from collector.assessment.files import HeldFile
from collector.assessment.models import EvidenceFile, FollowUp, ItemAnswer, Recommendation, Round, Transition
from collector.assessment.standard_machine import Work
from collector.assessment.standard_words import Act, Stage
from collector.assessment.unlawful import Unlawful
from collector.assessment.work import items_of

Side, State = ItemAnswer.Side, Recommendation.State


def return_for_completion(account: Account, provider: int, letter: str, sent: Sent) -> Transition:
    """Give a submission back to be completed; `sent.reason` says why. Raises Unlawful, Overtaken."""
    return _plain(account, provider, letter, sent, Act.RETURN, needs_reason=True)


def assess(account: Account, provider: int, letter: str, sent: Sent, *, mode: str) -> Transition:
    """Begin the factual assessment, on site or at the desk (`Round.Mode`). Raises Unlawful, Overtaken."""
    if mode not in Round.Mode.values:
        raise Unlawful("Pilih dokumen atau kunjungan lapangan.", "Choose desk or on-site.")
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.ASSESS)
            one.current.mode = mode
            one.current.save(update_fields=["mode"])
            one.detail = {"mode": mode}
            one.finish(Act.ASSESS)
    except Repeated as repeated:
        return repeated.made
    return one.made


def judge(
    account: Account, provider: int, letter: str, sent: Sent, *, item: str, answer: str, note: str,
    files: tuple[tuple[HeldFile, date], ...] = (),
) -> Transition:  # fmt: skip
    """Save the factual answer to an item; where it differs from the provider's, `note` says why. Raises Unlawful, Overtaken."""
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.JUDGE)
            said = ItemAnswer.objects.filter(round=one.current, side=Side.SELF, item=item).first()
            if said is not None and said.answer != answer and not note.strip():
                raise Unlawful(
                    "Jawaban berbeda dari penilaian mandiri: tuliskan alasannya.",
                    "This differs from the self-assessment: say why.",
                )
            told = write_answer(one, Side.FACTUAL, item, answer, note)
            shown = [write_file(one, EvidenceFile.Purpose.FACTUAL, held, dated, item=item) for held, dated in files]
            one.detail = {**told, "self": said.answer if said else "", "files": shown}
            one.finish(Act.JUDGE)
    except Repeated as repeated:
        return repeated.made
    return one.made


def recommend(
    account: Account, provider: int, letter: str, sent: Sent, *, text: str, item: str = "", due: date | None = None
) -> Transition:
    """Recommend an improvement, of an item or of the whole standard. `due` None: by LKPP's rules. Raises Unlawful, Overtaken."""
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.RECOMMEND, Work(open=1))
            if item and item not in {known.id for known in items_of(one.current)}:
                raise Unlawful("Butir ini bukan bagian dari standar ini.", "This item is not of this standard.")
            text = typed(text)
            if not text or len(text) > MOST_NOTE:
                raise Unlawful("Rekomendasi harus diisi.", "A recommendation needs its text.")
            days = one.current.follow_up_days if due is None else None
            day = due if due is not None else today(sent.now) + timedelta(days=one.current.follow_up_days)
            if day <= today(sent.now):
                raise Unlawful("Batas waktu harus di masa depan.", "The due date must lie in the future.")
            row = Recommendation.objects.create(
                round=one.current, item=item, text=text, due=day, due_days=days, given_by=account,
                given_at=sent.now,
            )  # fmt: skip
            one.detail = {"recommendation": row.pk, "item": item, "due": day.isoformat(), "due_days": days}
            one.finish(Act.RECOMMEND)
    except Repeated as repeated:
        return repeated.made
    return one.made


def conclude(account: Account, provider: int, letter: str, sent: Sent) -> Transition:
    """Conclude the factual assessment: the provider sees it now. `sent.reason` sums it up. Raises Unlawful, Overtaken."""
    return _plain(account, provider, letter, sent, Act.CONCLUDE)


def recheck(
    account: Account, provider: int, letter: str, sent: Sent, *, recommendation: int, accepted: bool, answer: str = ""
) -> Transition:
    """Accept or reject a follow-up, `sent.reason` says why; `answer`: the item's factual answer after the re-check.

    Raises Unlawful, Overtaken, Recommendation.DoesNotExist.
    """
    try:
        with step(account, provider, letter, sent) as one:
            row = Recommendation.objects.get(pk=recommendation, round=one.round)
            if (
                one.standard.stage not in {Stage.RECOMMENDED.value, Stage.FOLLOWED_UP.value}
                or row.state != State.WAITING
            ):
                raise Unlawful("Tidak ada tindak lanjut yang menunggu.", "No follow-up is waiting.")
            if not sent.reason.strip():
                raise Unlawful("Tuliskan hasil pemeriksaan ulang.", "Say what the re-check found.")
            done = FollowUp.objects.get(recommendation=row, accepted__isnull=True)
            done.accepted, done.checked_by, done.checked_at = accepted, account, sent.now
            done.check_reason = sent.reason.strip()
            done.save(update_fields=["accepted", "checked_by", "checked_at", "check_reason"])
            row.state = State.ACCEPTED if accepted else State.OPEN
            row.save(update_fields=["state"])
            told = write_answer(one, Side.FACTUAL, row.item, answer, sent.reason) if answer and row.item else {}
            one.detail = {"recommendation": row.pk, "accepted": accepted, "follow_up": done.pk, **told}
            one.finish(Act.RECHECK)
    except Repeated as repeated:
        return repeated.made
    return one.made


def _plain(
    account: Account, provider: int, letter: str, sent: Sent, act: Act, *, needs_reason: bool = False
) -> Transition:
    """An act that writes no rows of its own."""
    try:
        with step(account, provider, letter, sent) as one:
            if needs_reason and not sent.reason.strip():
                raise Unlawful("Tuliskan alasannya.", "Say why.")
            one.finish(act)
    except Repeated as repeated:
        return repeated.made
    return one.made
