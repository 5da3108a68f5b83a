"""Determination by two persons, and the certificate that comes of it (152/2022, 2.1.e.5)."""

from __future__ import annotations

import secrets
from datetime import date

from checks.calendar import today
from collector.accounts.models import Account
from collector.assessment.acts.once import typed
from collector.assessment.acts.rules import rules_at
from collector.assessment.acts.step import Repeated, Sent, Step, step
from collector.assessment.certificate_number import certificate_number
from collector.assessment.models import AssessmentRules, Certificate, CertificateSequence, Transition
from collector.assessment.standard_words import Act
from collector.assessment.unlawful import Unlawful

State = Certificate.State


def propose(account: Account, provider: int, letter: str, sent: Sent) -> Transition:
    """Propose determination, `sent.reason` says on what ground. Of an assessor. Raises Unlawful, Overtaken."""
    return _reasoned(account, provider, letter, sent, Act.PROPOSE)


def decline(account: Account, provider: int, letter: str, sent: Sent) -> Transition:
    """Send a proposal back, `sent.reason` says why. Of an approver. Raises Unlawful, Overtaken."""
    return _reasoned(account, provider, letter, sent, Act.DECLINE)


def determine(account: Account, provider: int, letter: str, sent: Sent, *, signatory: str, position: str) -> Transition:
    """Determine, and issue the certificate in the name of `signatory`. Of an approver who neither assessed nor proposed.

    The certificate's key is in `detail["certificate"]`. Raises Unlawful, Overtaken.
    """
    signatory, position = typed(signatory), typed(position)
    if not signatory or not position or max(len(signatory), len(position)) > 200:
        raise Unlawful("Nama dan jabatan penanda tangan harus diisi.", "Name and position of the signatory are needed.")
    try:
        with step(account, provider, letter, sent) as one:
            one.demand(Act.DETERMINE)
            row = _issue(one, signatory, position)
            one.detail = {"certificate": row.pk, "number": row.number, "issued_on": row.issued_on.isoformat()}
            one.finish(Act.DETERMINE)
    except Repeated as repeated:
        return repeated.made
    return one.made


def _issue(one: Step, signatory: str, position: str) -> Certificate:
    """The certificate. One that is valid is replaced by it."""
    now, day = one.sent.now, today(one.sent.now)
    proposer = one.standard.proposer
    if proposer is None:
        raise Unlawful("Penetapan harus diusulkan lebih dahulu.", "A determination must be proposed first.")
    Certificate.objects.filter(standard=one.standard, state=State.VALID).update(state=State.REPLACED, state_since=now)
    rules = rules_at(now) or AssessmentRules()
    sequence = _next(day)
    return Certificate.objects.create(
        standard=one.standard, round=one.current, year=day.year, sequence=sequence, issued_on=day,
        number=certificate_number(rules.number_scheme, sequence, one.standard.letter, day), signatory=signatory,
        position=position, token=secrets.token_urlsafe(32), state_since=now, proposed_by=proposer,
        determined_by=one.account, determined_at=now,
    )  # fmt: skip


def _next(day: date) -> int:
    """The next number of the year; whoever takes it holds the year's row until the certificate is there."""
    CertificateSequence.objects.get_or_create(year=day.year)
    row = CertificateSequence.objects.select_for_update().get(year=day.year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def _reasoned(account: Account, provider: int, letter: str, sent: Sent, act: Act) -> Transition:
    if not sent.reason.strip():
        raise Unlawful("Tuliskan alasannya.", "Say why.")
    try:
        with step(account, provider, letter, sent) as one:
            one.finish(act)
    except Repeated as repeated:
        return repeated.made
    return one.made
