"""Corrective actions, mentoring, and competence, as people do them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.corrective_actions import CorrectiveActions
from checks.verdict import Status
from collector.assessment.acts import competence, corrective, mentoring
from collector.assessment.acts.once import new_key, typed
from collector.assessment.corrective_machine import Act as Correct
from collector.assessment.mentoring_machine import Act as Mentor
from collector.assessment.models import CorrectiveAction, Level, Mentoring, Person, Training
from collector.assessment.unlawful import Overtaken, Unlawful
from collector.registry.models import RegisterEntry
from collector.registry.registrar import enter
from collector.surveillance.models import TargetState
from tests.collector.assessment.cast import Cast


def entered(cast: Cast) -> list[dict[str, object]]:
    rows = RegisterEntry.objects.filter(target=cast.lpse.itself, register="corrective_actions")
    found: list[dict[str, object]] = rows.latest("pk").content["rows"]
    return found


def opened(cast: Cast, number: str = "T-1", key: str = "", days: int = 9) -> CorrectiveAction:
    soon = cast.today + timedelta(days=days)
    found = corrective.Found("k", number, "Diagram jaringan tidak ada", soon, "Budi", priority="Tinggi")
    return corrective.open_action(cast.admin, cast.lpse, cast.sent(key=key), found)


def test_a_corrective_action_goes_from_belum_to_approved_and_the_register_follows(cast: Cast) -> None:
    action = opened(cast)
    assert entered(cast)[0]["status"] == "belum"
    corrective.act_on(cast.admin, action.pk, cast.sent(), Correct.BEGIN)
    corrective.act_on(cast.admin, action.pk, cast.sent("Diagram dibuat"), Correct.FINISH)
    with pytest.raises(Unlawful, match="Whoever did it"):
        corrective.act_on(cast.admin, action.pk, cast.sent("Baik"), Correct.APPROVE)
    corrective.act_on(cast.head, action.pk, cast.sent("Diperiksa"), Correct.APPROVE)
    assert entered(cast) == [
        {
            "standard": "k", "number": "T-1", "description": "Diagram jaringan tidak ada", "criterion": "",
            "target": (cast.today + timedelta(days=9)).isoformat(), "pic": "Budi", "status": "sudah",
            "priority": "Tinggi", "assessor": "", "action": "Diagram dibuat", "acted": cast.today.isoformat(),
            "approved_by": str(cast.head),
        }
    ]  # fmt: skip
    told = list(action.transitions.order_by("pk").values_list("act", "version"))
    assert told == [("open", 0), ("begin", 1), ("finish", 2), ("approve", 3)]
    while cast.world.judging.step():
        pass
    assert TargetState.objects.get(target=cast.lpse.itself).statuses["Q-CAR-01"] == Status.PASS


def test_what_others_entered_in_the_register_stays_and_what_is_withdrawn_goes(cast: Cast) -> None:
    from checks.facts.corrective_actions import CorrectiveAction as Row
    from checks.facts.corrective_actions import Progress

    by_hand = Row("j", "L-3", "Log", cast.today, "Ani", Progress.PENDING)
    enter(cast.lpse.itself, CorrectiveActions((by_hand,)), by=cast.head, reason="Tabel lama", now=cast.now())
    action = opened(cast)
    assert [row["number"] for row in entered(cast)] == ["L-3", "T-1"]
    corrective.act_on(cast.admin, action.pk, cast.sent("Salah masuk"), Correct.WITHDRAW)
    assert [row["number"] for row in entered(cast)] == ["L-3"]
    opened(cast)  # the number is free again
    assert [row["number"] for row in entered(cast)] == ["L-3", "T-1"]


def test_a_finding_has_one_action_and_a_target_ahead(cast: Cast) -> None:
    opened(cast, key="once")
    assert opened(cast, key="once").pk == CorrectiveAction.objects.get().pk
    with pytest.raises(Unlawful, match="is an action"):
        opened(cast)
    with pytest.raises(Unlawful, match="future"):
        opened(cast, "T-2", days=0)


def test_of_two_who_act_on_an_action_at_once_one_is_told(cast: Cast) -> None:
    action = opened(cast)
    corrective.act_on(cast.admin, action.pk, cast.sent(seen=0), Correct.BEGIN)
    with pytest.raises(Overtaken, match=cast.admin.username):
        corrective.act_on(cast.head, action.pk, cast.sent("Sudah", seen=0), Correct.FINISH)


def test_what_no_database_keeps_is_left_out_of_what_was_typed() -> None:
    assert typed(" a\0b\ud800 \n") == "ab"


def asked(cast: Cast, key: str = "") -> Mentoring:
    return mentoring.request_mentoring(
        cast.admin, cast.lpse, cast.sent(key=key), kind="mentoring", means="online", subject="Standar k",
        question="Bagaimana menyusun standar pengerasan?", letters="kik",
    )  # fmt: skip


def test_mentoring_is_asked_for_scheduled_held_followed_up_and_closed(cast: Cast) -> None:
    key = new_key()
    row = asked(cast, key)
    assert asked(cast, key).pk == row.pk
    assert row.letters == "ik"
    later = cast.sent().now + timedelta(seconds=2)
    mentoring.act_on(cast.assessor, row.pk, cast.sent(), Mentor.SCHEDULE, when=later)
    cast.sent()
    cast.sent()
    mentoring.act_on(cast.assessor, row.pk, cast.sent(), Mentor.HOLD, notes="Dibahas contoh CIS")
    soon = cast.today + timedelta(days=14)
    mentoring.act_on(cast.assessor, row.pk, cast.sent(), Mentor.AGREE, notes="Susun dokumen", due=soon)
    with pytest.raises(Unlawful):
        mentoring.act_on(cast.assessor, row.pk, cast.sent(), Mentor.CLOSE, notes="Selesai")
    mentoring.act_on(cast.head, row.pk, cast.sent(), Mentor.REPORT, notes="Sudah disusun")
    shown = Mentoring.objects.get().version
    mentoring.act_on(cast.assessor, row.pk, cast.sent(seen=shown), Mentor.CLOSE, notes="Selesai")
    row.refresh_from_db()
    assert (row.stage, row.mentor, row.follow_up_due) == ("closed", cast.assessor, soon)
    with pytest.raises(Overtaken, match=cast.assessor.username):
        mentoring.act_on(cast.second, row.pk, cast.sent(seen=shown), Mentor.CLOSE, notes="Selesai")


@pytest.mark.parametrize(
    "wrong", [{"kind": "party"}, {"means": "fax"}, {"letters": "z"}, {"subject": " "}, {"question": ""}]
)
def test_a_request_that_says_nothing_is_refused(cast: Cast, wrong: dict[str, str]) -> None:
    right = {"kind": "mentoring", "means": "online", "subject": "Standar k", "question": "Bagaimana?"}
    with pytest.raises(Unlawful):
        mentoring.request_mentoring(cast.admin, cast.lpse, cast.sent(), **{**right, **wrong})


def person(cast: Cast, key: str = "") -> Person:
    return competence.add_person(
        cast.admin, cast.lpse, cast.sent(key=key), name="Budi", position="helpdesk", joined_on=cast.today
    )


def test_levels_are_history_and_gaps_close_with_them(cast: Cast) -> None:
    row, day = person(cast), cast.today
    assert person(cast, "k").pk == person(cast, "k").pk
    about = {"competence": "service_desk", "assessed_on": day}
    for level in (1, 2):
        competence.record_level(cast.admin, row.pk, cast.sent(), **about, level=level, evidence="Uji")
    assert Level.objects.filter(person=row).count() == 2
    assert competence.levels_of(row) == {"service_desk": 2}
    assert [gap.competence.code for gap in competence.gaps_of(row, day)] == ["registration", "information_security"]
    competence.change_position(cast.head, row.pk, cast.sent(), position="verifier")
    row.refresh_from_db()
    assert [gap.competence.code for gap in competence.gaps_of(row, day)] == [
        "governance", "registration", "information_security",
    ]  # fmt: skip


def test_a_planned_training_is_carried_out_once(cast: Cast) -> None:
    row, day = person(cast), cast.today
    about = {"competence": "service_desk", "title": "Bimtek", "planned_for": day}
    plan = competence.record_training(cast.admin, row.pk, cast.sent(), **about)
    held = {**about, "held_on": day, "certificate": "S-1", "follows": plan.pk}
    competence.record_training(cast.admin, row.pk, cast.sent(), **held)
    with pytest.raises(Unlawful, match="does not wait"):
        competence.record_training(cast.admin, row.pk, cast.sent(), **held)
    with pytest.raises(Unlawful, match="is a plan"):
        competence.record_training(cast.admin, row.pk, cast.sent(), **about, held_on=day + timedelta(days=1))
    assert Training.objects.count() == 2


def test_what_no_dictionary_has_is_refused(cast: Cast) -> None:
    row, day = person(cast), cast.today
    with pytest.raises(Unlawful):
        competence.record_level(cast.admin, row.pk, cast.sent(), competence="magic", level=1, assessed_on=day)
    with pytest.raises(Unlawful):
        competence.record_level(cast.admin, row.pk, cast.sent(), competence="risk", level=5, assessed_on=day)
    with pytest.raises(Unlawful):
        competence.change_position(cast.admin, row.pk, cast.sent(), position="astronaut")
    with pytest.raises(Unlawful):
        competence.leave(cast.admin, row.pk, cast.sent(), left_on=day + timedelta(days=1))
    competence.leave(cast.admin, row.pk, cast.sent(), left_on=day)
    with pytest.raises(Unlawful):
        competence.leave(cast.admin, row.pk, cast.sent(), left_on=day)
