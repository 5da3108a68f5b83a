"""What LKPP sets about assessment where the decree says nothing: dated, versioned, shown as LKPP's choice.

Law: rules hold from a moment on and never reach back; a round that was begun keeps those under which it began.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from checks.text import Text
from collector.accounts.audit import record
from collector.accounts.models import Account, Role
from collector.assessment.certificate_number import check_scheme
from collector.assessment.models import AssessmentRules
from collector.assessment.unlawful import Unlawful

TITLES = {
    "follow_up_days": Text("Waktu tindak lanjut rekomendasi (hari kalender)", "Time to follow up (calendar days)"),
    "least_answer": Text(
        "Jawaban faktual terendah yang memenuhi (0 sampai 3)", "Least factual answer that meets (0 to 3)"
    ),
    "number_scheme": Text("Pola nomor sertifikat", "Scheme of certificate numbers"),
}


def shown(rules: AssessmentRules | None) -> tuple[tuple[str, Text, int | str], ...]:
    """(name, title, value) of all that LKPP sets, for pages that show it as "ditetapkan LKPP"; None: the defaults."""
    held = rules or AssessmentRules()
    return tuple((name, title, getattr(held, name)) for name, title in TITLES.items())


def rules_at(now: datetime) -> AssessmentRules | None:
    """The rules in force; None where LKPP set none: then the defaults of the model hold."""
    return AssessmentRules.objects.filter(in_force_from__lte=now).order_by("-in_force_from").first()


def set_rules(
    account: Account, now: datetime, *, version: str, follow_up_days: int, least_answer: int, number_scheme: str,
    note: str, in_force_from: datetime | None = None,
) -> AssessmentRules:  # fmt: skip
    """Set rules from `in_force_from` (now) on; rounds that were begun keep theirs. Approvers only. Raises Unlawful."""
    if account.role != Role.APPROVER:
        raise Unlawful("Hanya pejabat penyetuju LKPP.", "Only LKPP's approver.")
    begins = in_force_from or now
    if begins < now:
        raise Unlawful("Ketentuan tidak berlaku surut.", "Rules do not reach back.")
    if not version.strip() or not note.strip():
        raise Unlawful("Versi dan dasar ketentuan harus diisi.", "Version and ground of the rules are needed.")
    if not 1 <= follow_up_days <= 365 or not 0 <= least_answer <= 3:
        raise Unlawful("Hari 1 sampai 365, jawaban 0 sampai 3.", "Days from 1 to 365, answers from 0 to 3.")
    check_scheme(number_scheme)
    with transaction.atomic():
        if AssessmentRules.objects.filter(version=version).exists():
            raise Unlawful("Versi ini sudah ada.", "This version exists.")
        if AssessmentRules.objects.filter(in_force_from=begins).exists():
            raise Unlawful("Sudah ada ketentuan sejak saat itu.", "Rules from that moment exist.")
        made = AssessmentRules.objects.create(
            version=version, in_force_from=begins, follow_up_days=follow_up_days, least_answer=least_answer,
            number_scheme=number_scheme, note=note, set_by=account,
        )  # fmt: skip
        record(account, "assessment.rules", version, reason=note, after={
            "follow_up_days": follow_up_days, "least_answer": least_answer, "number_scheme": number_scheme,
            "in_force_from": begins,
        }, now=now)  # fmt: skip
    return made
