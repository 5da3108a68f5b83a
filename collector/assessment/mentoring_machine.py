"""One request for mentoring or consultation (152/2022, 2.1.d). Pure.

    diminta -> dijadwalkan -> dilaksanakan -> [tindak lanjut ->] selesai;  diminta, dijadwalkan -> dibatalkan

Laws:
- The provider asks; LKPP schedules, holds and closes. Either calls off what was not held yet, with a reason.
- A session is not held before the time it was scheduled for, and what was said is written down.
- A follow-up that was agreed is reported by the provider before LKPP closes.
- What is closed or called off stays so: who needs more asks anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checks.text import Text
from collector.assessment.unlawful import Unlawful


class Stage(StrEnum):
    """How far a request is."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    HELD = "held"
    TO_FOLLOW = "to_follow"
    FOLLOWED = "followed"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Text:
        """What people call it."""
        return LABELS[self]


LABELS: Mapping[Stage, Text] = {
    Stage.REQUESTED: Text("Diminta", "Requested"),
    Stage.SCHEDULED: Text("Dijadwalkan", "Scheduled"),
    Stage.HELD: Text("Dilaksanakan", "Held"),
    Stage.TO_FOLLOW: Text("Menunggu tindak lanjut", "To be followed up"),
    Stage.FOLLOWED: Text("Tindak lanjut dilaporkan", "Follow-up reported"),
    Stage.CLOSED: Text("Selesai", "Closed"),
    Stage.CANCELLED: Text("Dibatalkan", "Called off"),
}


class Act(StrEnum):
    """What people do with a request."""

    SCHEDULE = "schedule"
    HOLD = "hold"
    AGREE = "agree"
    REPORT = "report"
    CLOSE = "close"
    CANCEL = "cancel"


class Side(StrEnum):
    """Who acts."""

    PROVIDER = "provider"
    MENTOR = "mentor"


FROM: Mapping[Act, Mapping[Stage, Stage]] = {
    Act.SCHEDULE: {Stage.REQUESTED: Stage.SCHEDULED, Stage.SCHEDULED: Stage.SCHEDULED, Stage.HELD: Stage.SCHEDULED},
    Act.HOLD: {Stage.SCHEDULED: Stage.HELD},
    Act.AGREE: {Stage.HELD: Stage.TO_FOLLOW},
    Act.REPORT: {Stage.TO_FOLLOW: Stage.FOLLOWED},
    Act.CLOSE: {Stage.HELD: Stage.CLOSED, Stage.FOLLOWED: Stage.CLOSED},
    Act.CANCEL: {Stage.REQUESTED: Stage.CANCELLED, Stage.SCHEDULED: Stage.CANCELLED},
}
BY: Mapping[Act, frozenset[Side]] = {
    Act.SCHEDULE: frozenset({Side.MENTOR}),
    Act.HOLD: frozenset({Side.MENTOR}),
    Act.AGREE: frozenset({Side.MENTOR}),
    Act.REPORT: frozenset({Side.PROVIDER}),
    Act.CLOSE: frozenset({Side.MENTOR}),
    Act.CANCEL: frozenset(Side),
}


@dataclass(frozen=True)
class Request:
    """Where a request stands, and when its next session is."""

    stage: Stage = Stage.REQUESTED
    scheduled_for: datetime | None = None


def after(
    request: Request, act: Act, side: Side | None, now: datetime, *, notes: str, when: datetime | None = None
) -> Request:
    """Where the request stands once `side` did `act`. `notes`: of the session, or the reason. `when`: of the next session.

    Raises Unlawful.
    """
    if side not in BY[act]:
        raise Unlawful("Bukan pihak yang dapat melakukan ini.", "This is not theirs to do.")
    if request.stage not in FROM[act]:
        label = request.stage.label
        raise Unlawful(f"Tidak dapat dilakukan pada tahap “{label.id}”.", f"Cannot be done at “{label.en}”.")
    if not notes.strip() and act is not Act.SCHEDULE:
        raise Unlawful("Catatan harus diisi.", "Notes are needed.")
    if act is Act.SCHEDULE:
        if when is None or when <= now:
            raise Unlawful("Jadwal harus di masa depan.", "The session must lie in the future.")
        return Request(Stage.SCHEDULED, when)
    if act is Act.HOLD and (request.scheduled_for is None or now < request.scheduled_for):
        raise Unlawful("Belum waktunya; jadwalkan ulang bila dimajukan.", "It is not time yet; schedule it anew.")
    return Request(FROM[act][request.stage], request.scheduled_for)
