"""A provider never sees or touches another's assessment; each act has its roles; drafts of assessors stay theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist

from collector.accounts.models import Account, Role
from collector.assessment.acts import (
    begin,
    competence,
    corrective,
    determination,
    factual,
    mentoring,
    rules,
    self_assessment,
)
from collector.assessment.corrective_machine import Act as Correct
from collector.assessment.files import take
from collector.assessment.mentoring_machine import Act as Mentor
from collector.assessment.models import Certificate, EvidenceFile, ItemAnswer, Recommendation, Transition
from collector.assessment.unlawful import Unlawful
from tests.collector.assessment.cast import Cast
from tests.collector.assessment.test_file_types import A_PDF

MODELS = list(apps.get_app_config("assessment").get_models())
INTERNAL = {"Done", "CertificateSequence"}  # no person ever looks at them
PUBLIC = {"AssessmentRules"}


def filled(cast: Cast) -> None:
    """One row at least of every model."""
    own = {"account": cast.admin, "provider": cast.lpse}
    rules.set_rules(
        cast.approver, cast.now(), version="1", follow_up_days=30, least_answer=2,
        number_scheme="{sequence}/{year}", note="Rapat",
    )  # fmt: skip
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    self_assessment.attach(
        cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.1", held=take([A_PDF], "a.pdf"), dated=cast.today
    )
    for item in ("k.1", "k.2", "k.3"):
        self_assessment.answer(cast.admin, cast.lpse.pk, "k", cast.sent(), item=item, answer="2", note="SK")
    self_assessment.submit(cast.head, cast.lpse.pk, "k", cast.sent())
    cast.judged(i2="1")
    given = cast.recommended()
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    self_assessment.follow_up(cast.admin, cast.lpse.pk, "k", cast.sent(), recommendation=given.pk, text="Sudah")
    factual.recheck(
        cast.assessor, cast.lpse.pk, "k", cast.sent("Baik"), recommendation=given.pk, accepted=True, answer="3"
    )
    cast.certified()
    soon = cast.today + timedelta(days=9)
    found = corrective.Found("k", "T-1", "Tidak ada diagram", soon, "Budi")
    corrective.open_action(**own, sent=cast.sent(key="c"), found=found)
    person = competence.add_person(**own, sent=cast.sent(), name="Budi", position="helpdesk", joined_on=cast.today)
    about = {"competence": "service_desk"}
    competence.record_level(cast.admin, person.pk, cast.sent(), **about, level=1, assessed_on=cast.today)
    competence.record_training(cast.admin, person.pk, cast.sent(), **about, title="Bimtek", planned_for=soon)
    mentoring.request_mentoring(
        **own, sent=cast.sent(), kind="consultation", means="online", subject="Standar k", question="Bagaimana?"
    )


def test_every_row_is_seen_by_its_provider_and_by_lkpp_and_by_nobody_else(cast: Cast) -> None:
    filled(cast)
    other = Cast.of(cast.world, "LPSE Kabupaten Lain")
    auditor = cast.world.account(Role.AUDITOR)
    for model in MODELS:
        everything = model.objects.count()
        assert everything, f"the test has a row of {model.__name__}"
        if model.__name__ in INTERNAL:
            assert not hasattr(model.objects, "visible_to")
            continue
        for theirs in (other.admin, other.head):
            shown = everything if model.__name__ in PUBLIC else 0
            assert model.objects.visible_to(theirs).count() == shown, model.__name__
        for own in (cast.admin, cast.head, cast.assessor, cast.approver, auditor):
            assert model.objects.visible_to(own).count() == everything, model.__name__


def touches(cast: Cast) -> dict[str, Callable[[Account], object]]:
    """Every act on what is `cast`'s, by its name."""
    lpse, day = cast.lpse.pk, cast.today
    soon = day + timedelta(days=9)
    row: dict[str, Any] = {
        name: apps.get_model("assessment", name).objects.order_by("pk").first()
        for name in ("Recommendation", "EvidenceFile", "CorrectiveAction", "Mentoring", "Person")
    }
    file, rec = row["EvidenceFile"].pk, row["Recommendation"].pk
    act, ask, person = row["CorrectiveAction"].pk, row["Mentoring"].pk, row["Person"].pk
    held = take([A_PDF], "b.pdf")
    say = cast.sent
    return {
        "begin": lambda by: begin.begin(by, cast.lpse, "k", say()),
        "answer": lambda by: self_assessment.answer(by, lpse, "k", say(), item="k.1", answer="1"),
        "attach": lambda by: self_assessment.attach(by, lpse, "k", say(), item="k.1", held=held, dated=day),
        "take_back": lambda by: self_assessment.take_back(by, lpse, "k", say(), file=file),
        "submit": lambda by: self_assessment.submit(by, lpse, "k", say()),
        "follow_up": lambda by: self_assessment.follow_up(by, lpse, "k", say(), recommendation=rec, text="Sudah"),
        "return": lambda by: factual.return_for_completion(by, lpse, "k", say("Kurang")),
        "assess": lambda by: factual.assess(by, lpse, "k", say(), mode="desk"),
        "judge": lambda by: factual.judge(by, lpse, "k", say(), item="k.1", answer="1", note="Dilihat"),
        "recommend": lambda by: factual.recommend(by, lpse, "k", say(), text="Perbaiki"),
        "conclude": lambda by: factual.conclude(by, lpse, "k", say()),
        "recheck": lambda by: factual.recheck(by, lpse, "k", say("Baik"), recommendation=rec, accepted=True),
        "propose": lambda by: determination.propose(by, lpse, "k", say("Memenuhi")),
        "decline": lambda by: determination.decline(by, lpse, "k", say("Kurang")),
        "determine": lambda by: determination.determine(by, lpse, "k", say(), signatory="S", position="D"),
        "open_action": lambda by: corrective.open_action(
            by, cast.lpse, say(), corrective.Found("k", "T-9", "Tidak ada", soon, "Budi")
        ),
        "finish_action": lambda by: corrective.act_on(by, act, say("Sudah"), Correct.FINISH),
        "request": lambda by: mentoring.request_mentoring(
            by, cast.lpse, say(), kind="mentoring", means="offline", subject="Bimtek", question="Kapan?"
        ),
        "schedule": lambda by: mentoring.act_on(
            by, ask, say(), Mentor.SCHEDULE, when=cast.world.now + timedelta(days=2)
        ),
        "cancel": lambda by: mentoring.act_on(by, ask, say(), Mentor.CANCEL, notes="Batal"),
        "person": lambda by: competence.add_person(by, cast.lpse, say(), name="X", position="head", joined_on=day),
        "place": lambda by: competence.change_position(by, person, say(), position="head"),
        "leave": lambda by: competence.leave(by, person, say(), left_on=day),
        "level": lambda by: competence.record_level(
            by, person, say(), competence="risk", level=1, assessed_on=day
        ),
        "training": lambda by: competence.record_training(
            by, person, say(), competence="risk", title="X", planned_for=soon
        ),
        "rules": lambda by: rules.set_rules(
            by, cast.now(), version="9", follow_up_days=9, least_answer=2, number_scheme="{sequence}/{year}", note="x"
        ),
    }  # fmt: skip


def test_nobody_of_another_provider_and_no_auditor_can_do_anything(cast: Cast) -> None:
    filled(cast)
    other = Cast.of(cast.world, "LPSE Kabupaten Lain")
    before = {model: model.objects.count() for model in MODELS}
    strangers = [other.admin, other.head, cast.world.account(Role.AUDITOR), cast.world.account(Role.ADMINISTRATOR)]
    for name, act in touches(cast).items():
        for account in strangers:
            with pytest.raises((Unlawful, ObjectDoesNotExist)):
                assert act(account) is None, name
    assert {model: model.objects.count() for model in MODELS} == before


OF_THE_LPSE = {
    "begin", "answer", "attach", "take_back", "submit", "follow_up", "open_action", "finish_action", "request", "person",
    "place", "leave", "level", "training",
}  # fmt: skip
OF_LKPP = {
    "return", "assess", "judge", "recommend", "conclude", "recheck", "propose", "decline", "determine", "schedule", "rules",
}  # fmt: skip


def test_the_lpse_never_does_what_is_lkpps_nor_lkpp_what_is_the_lpses(cast: Cast) -> None:
    filled(cast)
    acts = touches(cast)
    assert OF_THE_LPSE | OF_LKPP | {"cancel"} == set(acts)
    for name in OF_LKPP:
        with pytest.raises(Unlawful):
            acts[name](cast.head)
    for name in OF_THE_LPSE:
        for account in (cast.assessor, cast.approver):
            with pytest.raises((Unlawful, ObjectDoesNotExist)):
                acts[name](account)


def test_who_was_locked_out_acts_no_more(cast: Cast) -> None:
    cast.admin.is_active = False
    with pytest.raises(Unlawful):
        begin.begin(cast.admin, cast.lpse, "k", cast.sent())


def test_the_assessors_draft_is_theirs_until_they_conclude(cast: Cast) -> None:
    cast.self_assessed()
    cast.judged(i2="1")
    cast.recommended()
    drafted = (
        ItemAnswer.objects.filter(side="factual"), Recommendation.objects.all(),
        Transition.objects.filter(act__in=["judge", "recommend"]),
    )  # fmt: skip
    for rows in drafted:
        assert not rows.visible_to(cast.head).exists()
        assert rows.visible_to(cast.second).exists()
    assert ItemAnswer.objects.visible_to(cast.head).count() == 3
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    for rows in drafted:
        assert rows.visible_to(cast.head).count() == rows.count()


def test_a_new_round_hides_nothing_of_the_one_before(cast: Cast) -> None:
    cast.determined()
    cast.self_assessed()
    cast.judged()
    assert ItemAnswer.objects.visible_to(cast.head).filter(side="factual").count() == 3
    assert ItemAnswer.objects.filter(side="factual").count() == 6
    assert Certificate.objects.visible_to(cast.head).count() == 1
    assert not EvidenceFile.objects.visible_to(cast.head).exists()
