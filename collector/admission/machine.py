"""An application to run the service (152/2022, 2.1.a), from its draft until the provider is active. Pure.

Laws:
- draft -> submitted -> in review -> (incomplete -> submitted again) -> complete -> SLA signed -> active; a system provider is
  installed between the last two, a service provider never. No step is skipped. Active and withdrawn are final.
- It is submitted with its letter; no document is dated in the future.
- Who drafted, changed, submitted or withdrew it never reviews it nor makes it active, and who reviewed it does none of those.
- Incomplete needs reasons. Who declared it complete is not who makes it active.
- An SLA counts only if the application was complete when it was signed, by both sides, with a term that is not over.
- A system provider is active only after the installation's minutes (berita acara), with at least one instance; it was
  installed on or after the day the first SLA was signed. Agents are enrolled after that, not before.
- A provider becomes active only while an SLA is in force.
- It is withdrawn with a reason, until the provider is active.
- No act comes before the act before it (`SKEW`: clocks of two processes differ).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from checks.calendar import today
from collector.admission.words import FINAL, Kind, Stage
from collector.enforcement.unlawful import Unlawful, demand

SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Term:
    """An SLA that both sides signed: the day of the last signature, and from when to when it holds (both days within)."""

    signed_on: date
    valid_from: date
    valid_until: date

    def holds(self, day: date) -> bool:
        """Is it in force on `day`?"""
        return self.signed_on <= day and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True)
class Application:
    """Where an application stands. People are keys of accounts."""

    kind: Kind
    changed_at: datetime
    stage: Stage = Stage.DRAFT
    applicants: frozenset[int] = frozenset()
    reviewers: frozenset[int] = frozenset()
    completed_by: int | None = None
    completed_on: date | None = None
    terms: tuple[Term, ...] = ()
    installed_on: date | None = None


@dataclass(frozen=True)
class Edit:
    """Change the draft, or what was found incomplete."""

    by: int


@dataclass(frozen=True)
class Submit:
    """`letters` and `documents` are the dates of the letters of application and of all documents."""

    by: int
    letters: tuple[date, ...]
    documents: tuple[date, ...]


@dataclass(frozen=True)
class Take:
    """Take up for review."""

    by: int


@dataclass(frozen=True)
class Return:
    """Find incomplete: each reason is a sentence."""

    by: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Complete:
    """Find complete."""

    by: int


@dataclass(frozen=True)
class Agree:
    """Both sides have signed."""

    by: int
    term: Term


@dataclass(frozen=True)
class Install:
    """The minutes of the installation of the day `on`: their digest, and how many instances they name. Again: they are replaced."""

    by: int
    on: date
    minutes: str
    instances: int


@dataclass(frozen=True)
class Activate:
    """The provider becomes active."""

    by: int


@dataclass(frozen=True)
class Withdraw:
    """The applicant takes it back."""

    by: int
    reason: str


Act: TypeAlias = Edit | Submit | Take | Return | Complete | Agree | Install | Activate | Withdraw

FROM: Mapping[type, frozenset[Stage]] = {
    Edit: frozenset({Stage.DRAFT, Stage.INCOMPLETE}),
    Submit: frozenset({Stage.DRAFT, Stage.INCOMPLETE}),
    Take: frozenset({Stage.SUBMITTED}),
    Return: frozenset({Stage.IN_REVIEW}),
    Complete: frozenset({Stage.IN_REVIEW}),
    Agree: frozenset({Stage.COMPLETE, Stage.SIGNED, Stage.INSTALLED}),
    Install: frozenset({Stage.SIGNED, Stage.INSTALLED}),
    Activate: frozenset({Stage.SIGNED, Stage.INSTALLED}),
    Withdraw: frozenset(Stage) - FINAL,
}
"""At which stages what may be done."""
APPLYING = (Edit, Submit, Withdraw)
REVIEWING = (Take, Return, Complete)


def draft(kind: Kind, by: int, now: datetime) -> Application:
    """A new draft of the person `by`."""
    return Application(kind, now, applicants=frozenset({by}))


def allowed(application: Application, act: Act, now: datetime) -> bool:
    """May `act` be done?"""
    try:
        after(application, act, now)
    except Unlawful:
        return False
    return True


def may_enrol(application: Application) -> bool:
    """May agents be enrolled? Only of a system provider, after its installation, once it is active."""
    return application.kind is Kind.SYSTEM and application.stage is Stage.ACTIVE


def after(application: Application, act: Act, now: datetime) -> Application:
    """The application after `act`. Raises Unlawful."""
    told = application.stage.label
    demand(
        application.stage in FROM[type(act)],
        f"Pada tahap “{told.id}” hal itu tidak dapat dilakukan.", f"That cannot be done at the stage “{told.en}”.",
    )  # fmt: skip
    demand(
        now >= application.changed_at - SKEW,
        "Waktu tindakan ini mendahului tindakan sebelumnya; periksa jam.", "This act comes before the last one; check the clock.",
    )  # fmt: skip
    if isinstance(act, (*REVIEWING, Activate)):
        demand(
            act.by not in application.applicants,
            "Yang mengajukan permohonan tidak mereviu dan tidak mengaktifkannya.",
            "Who applied neither reviews the application nor makes the provider active.",
        )
    if isinstance(act, APPLYING):
        demand(
            act.by not in application.reviewers,
            "Yang mereviu permohonan tidak mengubah, mengajukan, atau menariknya.",
            "Who reviewed the application does not change, submit or withdraw it.",
        )
        application = replace(application, applicants=application.applicants | {act.by})
    if isinstance(act, REVIEWING):
        application = replace(application, reviewers=application.reviewers | {act.by})
    return replace(_changed(application, act, today(now)), changed_at=max(now, application.changed_at))


def _changed(application: Application, act: Act, day: date) -> Application:
    match act:
        case Edit():
            return application
        case Submit(letters=letters, documents=documents):
            demand(bool(letters), "Lampirkan surat permohonannya.", "Attach the letter of application.")
            demand(
                all(dated <= day for dated in (*letters, *documents)),
                "Ada dokumen yang bertanggal di masa depan.", "A document is dated in the future.",
            )  # fmt: skip
            return replace(application, stage=Stage.SUBMITTED)
        case Take():
            return replace(application, stage=Stage.IN_REVIEW)
        case Return(reasons=reasons):
            demand(
                bool(reasons) and all(reason.strip() for reason in reasons),
                "Sebutkan apa yang belum lengkap.", "Say what is incomplete.",
            )  # fmt: skip
            return replace(application, stage=Stage.INCOMPLETE)
        case Complete(by=by):
            return replace(application, stage=Stage.COMPLETE, completed_by=by, completed_on=day)
        case Agree(term=term):
            return _agreed(application, term, day)
        case Install():
            return _installed(application, act, day)
        case Activate(by=by):
            return _activated(application, by, day)
        case Withdraw(reason=reason):
            demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
            return replace(application, stage=Stage.WITHDRAWN)


def _agreed(application: Application, term: Term, day: date) -> Application:
    demand(
        application.completed_on is not None and application.completed_on <= term.signed_on <= day,
        "SLA ditandatangani sejak permohonan dinyatakan lengkap, tidak di masa depan.",
        "An SLA is signed from the day the application was found complete, and not in the future.",
    )
    demand(term.valid_from < term.valid_until, "SLA berakhir setelah mulai berlaku.", "An SLA ends after it begins.")
    demand(day <= term.valid_until, "Masa berlaku SLA ini sudah lewat.", "The term of this SLA is over.")
    stage = Stage.SIGNED if application.stage is Stage.COMPLETE else application.stage
    return replace(application, stage=stage, terms=(*application.terms, term))


def _installed(application: Application, act: Install, day: date) -> Application:
    demand(
        application.kind is Kind.SYSTEM,
        "Penyedia layanan tidak memerlukan instalasi (152/2022, 2.1.a.4).",
        "A service provider needs no installation (152/2022, 2.1.a.4).",
    )
    demand(bool(act.minutes), "Lampirkan berita acara instalasi.", "Attach the minutes of the installation.")
    demand(act.instances > 0, "Sebutkan instans yang dipasang.", "Name the instances that were installed.")
    first = min(term.signed_on for term in application.terms)
    demand(
        first <= act.on <= day,
        f"Instalasi dilakukan sejak SLA ditandatangani ({first}), tidak di masa depan.",
        f"The installation comes on or after the day the SLA was signed ({first}), and not in the future.",
    )
    return replace(application, stage=Stage.INSTALLED, installed_on=act.on)


def _activated(application: Application, by: int, day: date) -> Application:
    demand(
        application.kind is Kind.SERVICE or application.stage is Stage.INSTALLED,
        "Penyedia sistem aktif setelah berita acara instalasi dicatat (152/2022, 2.1.a.4).",
        "A system provider is active after the minutes of its installation are recorded (152/2022, 2.1.a.4).",
    )
    demand(
        by != application.completed_by,
        "Yang menyatakan lengkap tidak mengaktifkannya sendiri.", "Who found it complete does not make it active.",
    )  # fmt: skip
    demand(
        any(term.holds(day) for term in application.terms),
        "Tidak ada SLA yang berlaku hari ini; perbarui SLA-nya, atau tunggu sampai mulai berlaku.",
        "No SLA is in force today; renew it, or wait until it begins.",
    )
    return replace(application, stage=Stage.ACTIVE)
