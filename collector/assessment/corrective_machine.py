"""One corrective action of an internal assessment (standard q): Belum -> Proses -> Sudah -> approved. Pure.

Laws:
- Only what is done is approved, and never by who said that it is done.
- What the assessor does not accept goes back to Proses, with a reason.
- A target moves only with a reason, and not once the action is approved. What is approved, or withdrawn, stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from checks.facts.corrective_actions import Progress
from collector.assessment.unlawful import Unlawful


class Act(StrEnum):
    """What people do with an action."""

    BEGIN = "begin"
    FINISH = "finish"
    REJECT = "reject"
    APPROVE = "approve"
    MOVE = "move"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Corrective:
    """Where an action stands. `done_by` and `approved_by` are keys of accounts."""

    status: Progress = Progress.PENDING
    target: date = date.max
    done_by: int | None = None
    approved_by: int | None = None
    withdrawn: bool = False


FROM: Mapping[Act, frozenset[Progress]] = {
    Act.BEGIN: frozenset({Progress.PENDING}),
    Act.FINISH: frozenset({Progress.PENDING, Progress.UNDER_WAY}),
    Act.REJECT: frozenset({Progress.DONE}),
    Act.APPROVE: frozenset({Progress.DONE}),
    Act.MOVE: frozenset(Progress),
    Act.WITHDRAW: frozenset(Progress),
}


def after(
    action: Corrective, act: Act, who: int, today: date, *, reason: str, target: date | None = None
) -> Corrective:
    """Where `action` stands once `who` did `act`. `reason`: why, or what was done. `target`: of MOVE. Raises Unlawful."""
    if action.withdrawn or action.approved_by is not None:
        raise Unlawful("Tindakan ini sudah selesai.", "This action is closed.")
    if action.status not in FROM[act]:
        label = action.status.label
        raise Unlawful(f"Tidak dapat dilakukan pada status {label.id}.", f"Cannot be done while {label.en}.")
    if not reason.strip() and act is not Act.BEGIN:
        raise Unlawful("Keterangan harus diisi.", "It needs a word of explanation.")
    match act:
        case Act.BEGIN:
            return replace(action, status=Progress.UNDER_WAY)
        case Act.FINISH:
            return replace(action, status=Progress.DONE, done_by=who)
        case Act.REJECT | Act.APPROVE if who == action.done_by:
            raise Unlawful("Yang melaksanakan tidak boleh memeriksa.", "Whoever did it may not examine it.")
        case Act.REJECT:
            return replace(action, status=Progress.UNDER_WAY, done_by=None)
        case Act.APPROVE:
            return replace(action, approved_by=who)
        case Act.MOVE:
            if target is None or target <= today or target == action.target:
                raise Unlawful("Target baru harus di masa depan.", "The new target must lie in the future.")
            return replace(action, target=target)
        case Act.WITHDRAW:
            return replace(action, withdrawn=True)
