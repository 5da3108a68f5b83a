"""The provider's own acts: answering items, attaching evidence, submitting, following up recommendations."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import msgspec
from django.db.models import Sum

from checks.calendar import today
from checks.facts.self_assessments import Answer
from collector.accounts.models import Account
from collector.assessment.acts.once import typed
from collector.assessment.acts.register import enter_answers
from collector.assessment.acts.step import Repeated, Sent, Step, step
from collector.assessment.files import MOST_OF_PROVIDER, HeldFile
from collector.assessment.measured import beside, frozen
from collector.assessment.models import EvidenceFile, FollowUp, ItemAnswer, Recommendation, Submission, Transition
from collector.assessment.standard_words import Act
from collector.assessment.unlawful import Unlawful
from collector.assessment.work import answers_of, files_of, items_of

MOST_NOTE = 4000  # characters
MOST_FILES = 20  # of one item
Purpose, Side = EvidenceFile.Purpose, ItemAnswer.Side


def answer(
    account: Account, provider: int, letter: str, sent: Sent, *, item: str, answer: str, note: str = ""
) -> Transition:
    """Save the draft of one answer ("0" to "3", "n/a"). Raises Unlawful, Overtaken."""
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.ANSWER)
            one.detail = write_answer(one, Side.SELF, item, answer, note)
            one.finish(Act.ANSWER)
    except Repeated as repeated:
        return repeated.made
    return one.made


def write_answer(one: Step, side: ItemAnswer.Side, item: str, answer: str, note: str) -> dict[str, object]:
    """Write an answer of `side`; gives what the transition tells of it. Raises Unlawful."""
    if item not in {known.id for known in items_of(one.current)}:
        raise Unlawful("Butir ini bukan bagian dari standar ini.", "This item is not of this standard.")
    if answer not in {known.value for known in Answer}:
        raise Unlawful("Jawaban harus 0, 1, 2, 3, atau n/a.", "An answer is 0, 1, 2, 3 or n/a.")
    if len(note) > MOST_NOTE:
        raise Unlawful(f"Catatan paling panjang {MOST_NOTE} karakter.", f"A note has {MOST_NOTE} characters at most.")
    note = typed(note)
    before = ItemAnswer.objects.filter(round=one.current, side=side, item=item).first()
    ItemAnswer.objects.update_or_create(
        round=one.current, side=side, item=item,
        defaults={"answer": answer, "note": note, "answered_by": one.account, "answered_at": one.sent.now},
    )  # fmt: skip
    told: dict[str, object] = {"item": item, "answer": answer, "note": note}
    if before is not None:
        told |= {"answer_before": before.answer, "note_before": before.note}
    return told


def attach(
    account: Account, provider: int, letter: str, sent: Sent, *, item: str, held: HeldFile, dated: date
) -> Transition:
    """Attach a file to an item of the draft. Raises Unlawful, Overtaken.

    `held` comes from `collector.assessment.files.taken`, which keeps it only if it was attached.
    """
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.ANSWER)
            if item not in {known.id for known in items_of(one.current)}:
                raise Unlawful("Butir ini bukan bagian dari standar ini.", "This item is not of this standard.")
            one.detail = write_file(one, Purpose.SELF, held, dated, item=item)
            one.finish(Act.ANSWER)
    except Repeated as repeated:
        return repeated.made
    return one.made


def write_file(
    one: Step,
    purpose: EvidenceFile.Purpose,
    held: HeldFile,
    dated: date,
    *,
    item: str = "",
    about: Recommendation | None = None,
) -> dict[str, object]:
    """Write the row of a file; gives what the transition tells of it. Raises Unlawful."""
    if dated > today(one.sent.now) or dated.year < 1990:
        raise Unlawful("Tanggal dokumen harus antara 1990 dan hari ini.", "A document is dated from 1990 to today.")
    rows = EvidenceFile.objects.filter(round=one.current, purpose=purpose, item=item, recommendation=about)
    if rows.filter(taken_back_at__isnull=True).count() >= MOST_FILES:
        raise Unlawful(f"Paling banyak {MOST_FILES} berkas.", f"{MOST_FILES} files at most.")
    kept = EvidenceFile.objects.filter(provider=one.standard.provider).aggregate(size=Sum("size"))["size"] or 0
    if kept + held.size > MOST_OF_PROVIDER:
        raise Unlawful("Ruang berkas penyedia ini habis.", "This provider's room for files is used up.")
    row = EvidenceFile.objects.create(
        provider=one.standard.provider, round=one.current, purpose=purpose, item=item, recommendation=about,
        name=held.name, dated=dated, sha256=held.sha256, size=held.size, media_type=held.kind.media_type,
        stored=held.stored, attached_by=one.account, attached_at=one.sent.now,
    )  # fmt: skip
    return {"item": item, "file": row.pk, "name": held.name, "sha256": held.sha256, "stored": held.stored}


def take_back(account: Account, provider: int, letter: str, sent: Sent, *, file: int) -> Transition:
    """Take a file of the draft back: it counts no more, and stays. Raises Unlawful, Overtaken, EvidenceFile.DoesNotExist."""
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.ANSWER)
            row = EvidenceFile.objects.get(pk=file, round=one.round, purpose=Purpose.SELF, taken_back_at__isnull=True)
            row.taken_back_at, row.taken_back_by = sent.now, account
            row.save(update_fields=["taken_back_at", "taken_back_by"])
            one.detail = {"item": row.item, "taken_back": row.pk, "name": row.name, "sha256": row.sha256}
            one.finish(Act.ANSWER)
    except Repeated as repeated:
        return repeated.made
    return one.made


def submit(account: Account, provider: int, letter: str, sent: Sent) -> Transition:
    """Submit the self-assessment: it is frozen with what the machine saw, and entered in the register.

    Of the head of the LPSE. Raises Unlawful, Overtaken, `collector.keys.NoKey`.
    """
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.SUBMIT)
            content, contradicted = _content(one)
            entered = enter_answers(one)
            row = Submission.objects.create(
                round=one.current, number=Submission.objects.filter(round=one.current).count() + 1, content=content,
                digest=digest_of(content), register_digest=entered.digest, contradicted=contradicted,
                submitted_by=account, submitted_at=sent.now,
            )  # fmt: skip
            one.detail = {
                "submission": row.number, "digest": row.digest, "register": row.register_digest,
                "contradicted": contradicted,
            }  # fmt: skip
            one.finish(Act.SUBMIT)
    except Repeated as repeated:
        return repeated.made
    return one.made


def digest_of(content: object) -> str:
    """SHA-256 (hex) of canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(one: Step) -> tuple[dict[str, object], int]:
    """The self-assessment as it is now, with the machine's evidence; and how many of its items that contradicts."""
    held, provider = one.current, one.standard.provider_id
    items, mine, files = items_of(held), answers_of(held, Side.SELF), files_of(held, Purpose.SELF)
    seen = beside(provider, items, {item: row.answer for item, row in mine.items()})
    verdicts = frozen(provider, {code for item in items for code in item.checks})
    told: list[dict[str, object]] = [
        {
            "item": item.id,
            "question": msgspec.to_builtins(item.question),
            "answer": mine[item.id].answer if item.id in mine else "",
            "note": mine[item.id].note if item.id in mine else "",
            "files": [
                {"name": row.name, "dated": row.dated.isoformat(), "sha256": row.sha256, "size": row.size}
                for row in files.get(item.id, [])
            ],
            "contradicted_by": list(seen[item.id].contradicting),
            "never_judged": list(seen[item.id].unseen),
            "measured": msgspec.to_builtins(list(seen[item.id].measured)),
            "verdicts": {
                code: {"shown": msgspec.to_builtins(verdicts[code][0]), "more": verdicts[code][1]}
                for code in item.checks
                if code in verdicts
            },
        }
        for item in items
    ]
    whole = {"standard": one.standard.letter, "questionnaire": held.questionnaire, "round": held.number, "items": told}
    return whole, sum(bool(seen[item.id].contradicting) for item in items)


def follow_up(
    account: Account, provider: int, letter: str, sent: Sent, *, recommendation: int, text: str,
    files: tuple[tuple[HeldFile, date], ...] = (),
) -> Transition:  # fmt: skip
    """Say what was done about a recommendation, with evidence. Raises Unlawful, Overtaken, Recommendation.DoesNotExist."""
    try:
        with step(account, provider, letter, sent) as one:
            row = Recommendation.objects.get(pk=recommendation, round=one.round)
            if row.state != Recommendation.State.OPEN:
                raise Unlawful("Rekomendasi ini tidak terbuka.", "This recommendation is not open.")
            text = typed(text)
            if not text or len(text) > MOST_NOTE:
                raise Unlawful(
                    f"Jelaskan tindak lanjutnya, paling panjang {MOST_NOTE} karakter.",
                    f"Say what was done, in {MOST_NOTE} characters at most.",
                )
            made = FollowUp.objects.create(recommendation=row, text=text, followed_by=account, followed_at=sent.now)
            row.state = Recommendation.State.WAITING
            row.save(update_fields=["state"])
            told = [write_file(one, Purpose.FOLLOW_UP, held, dated, about=row) for held, dated in files]
            one.detail = {
                "recommendation": row.pk, "item": row.item, "follow_up": made.pk, "files": told,
                "late": today(sent.now) > row.due,
            }  # fmt: skip
            one.finish(Act.FOLLOW_UP)
    except Repeated as repeated:
        return repeated.made
    return one.made
