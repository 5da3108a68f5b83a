"""From a first answer to a certificate, its revocation and the re-assessment, as people do it."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from checks.calendar import today
from checks.facts.self_assessments import SelfAssessments
from checks.verdict import Status
from collector.accounts.audit import verify_acts
from collector.accounts.models import Act, Role
from collector.assessment.acts import begin, determination, factual, ladder, rules, self_assessment
from collector.assessment.acts.step import offered
from collector.assessment.files import take
from collector.assessment.models import Certificate, EvidenceFile, Recommendation, Round, Submission, Transition
from collector.assessment.unlawful import Overtaken, Unlawful
from collector.assessment.verification import verify
from collector.assessment.work import differences
from collector.ledger.models import Entry
from collector.registry.models import RegisterEntry
from collector.surveillance.models import TargetState
from tests.collector.assessment.cast import Cast
from tests.collector.assessment.test_file_types import A_PDF
from tests.collector.world import sshd


def register(cast: Cast) -> RegisterEntry:
    return RegisterEntry.objects.filter(target=cast.lpse.itself, register="self_assessments").latest("pk")


def test_the_straight_way_ends_in_a_certificate_that_anybody_can_verify(cast: Cast) -> None:
    certificate = cast.determined()
    assert cast.standard().stage == "determined"
    assert cast.standard().certified == "valid"
    assert certificate.number.startswith("0001/SERT-LPSE/K/")
    assert (certificate.proposed_by, certificate.determined_by) == (cast.assessor, cast.approver)
    seen = verify(certificate.token)
    assert seen is not None
    assert (seen.provider, seen.letter, seen.number, seen.state) == (
        "LPSE Kota Contoh",
        "k",
        certificate.number,
        "valid",
    )
    assert set(vars(seen)) == {"provider", "letter", "standard", "number", "issued_on", "state", "since"}
    assert verify("x" * 43) is None
    assert verify("' OR 1=1 --") is None


def test_every_act_is_a_transition_and_an_act_of_the_audit_trail(cast: Cast) -> None:
    cast.determined()
    told = list(Transition.objects.order_by("pk").values_list("act", flat=True))
    assert told == [
        "begin", "answer", "answer", "answer", "submit", "assess", "judge", "judge", "judge", "conclude", "propose",
        "determine",
    ]  # fmt: skip
    verbs = [verb for verb in Act.objects.order_by("pk").values_list("verb", flat=True) if verb.startswith("assess")]
    assert verbs == [f"assessment.{act}" for act in told]
    assert verify_acts().problems == []
    assert [row.version for row in Transition.objects.order_by("pk")] == list(range(1, 13))
    with pytest.raises(ValueError, match="never changed"):
        Transition.objects.latest("pk").save()
    with pytest.raises(ValueError, match="never deleted"):
        Transition.objects.latest("pk").delete()


def test_a_submission_enters_the_register_that_checks_read_and_keeps_what_stands_there(cast: Cast) -> None:
    cast.self_assessed("a")
    cast.self_assessed("k", "3")
    entry = register(cast)
    rows = entry.content["rows"]
    assert [(row["standard"], row["item"], row["answer"]) for row in rows] == [
        *(("a", number, "2") for number in range(1, 6)), *(("k", number, "3") for number in range(1, 4)),
    ]  # fmt: skip
    assert rows[0]["evidence"] == "SK 12/2026"
    assert rows[0]["assessed"] == cast.today.isoformat()
    assert entry.entered_by == cast.head
    assert Entry.objects.filter(digest=entry.digest).exists()
    submission = Submission.objects.latest("pk")
    assert submission.register_digest == entry.digest
    assert submission.digest == self_assessment.digest_of(submission.content)


def test_answers_are_submitted_whole_with_what_shows_them_and_by_the_head(cast: Cast) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    with pytest.raises(Unlawful, match=r"k\.1, k\.2, k\.3"):
        self_assessment.submit(cast.head, cast.lpse.pk, "k", cast.sent())
    for item, answer, note in (("k.1", "0", ""), ("k.2", "3", ""), ("k.3", "n/a", "")):
        self_assessment.answer(cast.admin, cast.lpse.pk, "k", cast.sent(), item=item, answer=answer, note=note)
    with pytest.raises(Unlawful, match=r"k\.2, k\.3\."):
        self_assessment.submit(cast.head, cast.lpse.pk, "k", cast.sent())
    held = take([A_PDF], "Standar pengerasan.pdf")
    self_assessment.attach(cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.2", held=held, dated=cast.today)
    self_assessment.answer(
        cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.3", answer="n/a", note="Tidak ada jaringan sendiri"
    )
    with pytest.raises(Unlawful, match="Only the head"):
        self_assessment.submit(cast.admin, cast.lpse.pk, "k", cast.sent())
    assert not Submission.objects.exists()
    assert not RegisterEntry.objects.exists()
    self_assessment.submit(cast.head, cast.lpse.pk, "k", cast.sent())
    told = Submission.objects.get().content["items"][1]
    assert [(file["name"], file["sha256"], file["size"]) for file in told["files"]] == [
        ("Standar pengerasan.pdf", held.sha256, len(A_PDF))
    ]
    assert "Standar pengerasan.pdf" in register(cast).content["rows"][1]["evidence"]
    with pytest.raises(Unlawful, match="stage"):  # what was submitted does not change any more
        self_assessment.answer(cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.1", answer="3")


@pytest.mark.parametrize(
    ("item", "answer"), [("a.1", "2"), ("k.4", "2"), ("k.1", "4"), ("k.1", ""), ("k.1", "2 "), ("", "2")]
)
def test_what_is_no_item_or_no_answer_is_refused(cast: Cast, item: str, answer: str) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    with pytest.raises(Unlawful):
        self_assessment.answer(cast.admin, cast.lpse.pk, "k", cast.sent(), item=item, answer=answer)
    assert Transition.objects.count() == 1


def test_a_file_that_is_taken_back_stays_and_counts_no_more(cast: Cast) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    made = self_assessment.attach(
        cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.2", held=take([A_PDF], "a.pdf"), dated=date(2026, 1, 2)
    )
    self_assessment.take_back(cast.admin, cast.lpse.pk, "k", cast.sent(), file=made.detail["file"])
    assert EvidenceFile.objects.get().taken_back_by == cast.admin
    with pytest.raises(EvidenceFile.DoesNotExist):
        self_assessment.take_back(cast.admin, cast.lpse.pk, "k", cast.sent(), file=made.detail["file"])


def test_machine_evidence_that_contradicts_is_frozen_with_the_digests_of_its_entries(cast: Cast) -> None:
    sensor = cast.world.sensor(cast.lpse, "spse1.contoh.go.id")
    envelope = sensor.report(sshd(permitrootlogin="yes"), at=cast.world.ago(hours=3))
    cast.world.deliver(envelope, at=cast.world.ago(hours=3))
    cast.self_assessed("k", "3")
    submission = Submission.objects.get()
    told = submission.content["items"][1]
    assert submission.contradicted == 1
    assert told["contradicted_by"] == ["K-SSH-01"]
    shown = told["verdicts"]["K-SSH-01"]["shown"][0]
    assert (shown["status"], shown["counts"], shown["name"]) == ("fail", "fail", "spse1.contoh.go.id")
    assert shown["entry"] == envelope.digest
    assert "permitrootlogin yes" in str(shown["measured"])
    assert "K-SSH-02" in told["verdicts"]


def test_a_later_change_of_rules_leaves_rounds_that_were_begun_alone(cast: Cast) -> None:
    cast.self_assessed()
    rules.set_rules(
        cast.approver, cast.now(), version="2", follow_up_days=14, least_answer=3,
        number_scheme="{sequence}/{letter}/{year}", note="Rapat 12",
    )  # fmt: skip
    cast.judged()
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())  # 2 meets what held when it was begun
    assert cast.standard().stage == "ready"
    cast.self_assessed("m")
    cast.judged("m")
    with pytest.raises(Unlawful, match=r"m\.1"):
        factual.conclude(cast.assessor, cast.lpse.pk, "m", cast.sent())
    assert cast.certified("k").number == f"1/K/{cast.today.year}"


@pytest.mark.parametrize(
    "wrong",
    [{"follow_up_days": 0}, {"least_answer": 4}, {"number_scheme": "{year}"}, {"version": " "}, {"note": ""}],
)
def test_rules_that_make_no_sense_are_refused(cast: Cast, wrong: dict[str, object]) -> None:
    right = {
        "version": "2", "follow_up_days": 14, "least_answer": 2, "number_scheme": "{sequence}/{year}", "note": "Rapat",
    }  # fmt: skip
    with pytest.raises(Unlawful):
        rules.set_rules(cast.approver, cast.now(), **{**right, **wrong})
    with pytest.raises(Unlawful):
        rules.set_rules(cast.assessor, cast.now(), **right)
    with pytest.raises(Unlawful, match="reach back"):
        rules.set_rules(cast.approver, cast.now(), **right, in_force_from=cast.world.ago(days=9))


def test_a_recommendation_is_followed_up_and_rechecked_before_determination(cast: Cast) -> None:
    cast.self_assessed()
    cast.judged(i2="1")
    assert [(item.id, mine, theirs) for item, mine, theirs in differences(Round.objects.get())] == [("k.2", "2", "1")]
    with pytest.raises(Unlawful, match=r"k\.2"):
        factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    given = cast.recommended()
    assert given.due == today(given.given_at) + timedelta(days=30)
    assert given.due_days == 30
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    with pytest.raises(Unlawful):
        determination.propose(cast.assessor, cast.lpse.pk, "k", cast.sent("Memenuhi"))
    held = take([A_PDF], "Checklist.pdf")
    follow = {"recommendation": given.pk, "text": "Sudah ditetapkan"}
    self_assessment.follow_up(cast.admin, cast.lpse.pk, "k", cast.sent(), **follow, files=((held, cast.today),))
    assert cast.standard().stage == "followed_up"
    with pytest.raises(Unlawful):
        self_assessment.follow_up(cast.admin, cast.lpse.pk, "k", cast.sent(), **follow)
    check = {"recommendation": given.pk}
    factual.recheck(cast.second, cast.lpse.pk, "k", cast.sent("Belum lengkap"), **check, accepted=False)
    assert cast.standard().stage == "recommended"
    self_assessment.follow_up(cast.admin, cast.lpse.pk, "k", cast.sent(), **follow)
    with pytest.raises(Unlawful, match="below"):  # accepted, but the item is still judged 1
        factual.recheck(cast.second, cast.lpse.pk, "k", cast.sent("Baik"), **check, accepted=True)
    assert Recommendation.objects.get().state == "waiting"
    factual.recheck(cast.second, cast.lpse.pk, "k", cast.sent("Baik"), **check, accepted=True, answer="2")
    assert cast.standard().stage == "ready"
    assert cast.certified().state == "valid"
    assert list(given.follow_ups.order_by("pk").values_list("accepted", flat=True)) == [False, True]


def test_a_judgement_that_differs_says_why(cast: Cast) -> None:
    cast.self_assessed()
    factual.assess(cast.assessor, cast.lpse.pk, "k", cast.sent(), mode="desk")
    with pytest.raises(Unlawful, match="differs"):
        factual.judge(cast.assessor, cast.lpse.pk, "k", cast.sent(), item="k.1", answer="0", note=" ")


def test_a_submission_that_is_returned_is_submitted_again_and_both_stay(cast: Cast) -> None:
    cast.self_assessed()
    with pytest.raises(Unlawful, match="why"):
        factual.return_for_completion(cast.assessor, cast.lpse.pk, "k", cast.sent())
    factual.return_for_completion(cast.assessor, cast.lpse.pk, "k", cast.sent("Diagram tidak terbaca"))
    self_assessment.answer(cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.1", answer="1")
    self_assessment.submit(cast.head, cast.lpse.pk, "k", cast.sent())
    first, second = Submission.objects.order_by("number")
    assert (first.content["items"][0]["answer"], second.content["items"][0]["answer"]) == ("2", "1")
    rows = [row for row in register(cast).content["rows"] if row["item"] == 1]
    assert [row["answer"] for row in rows] == ["1"]  # of one item and one day the latest


def test_two_persons_determine(cast: Cast) -> None:
    cast.self_assessed()
    cast.judged()
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    determination.propose(cast.assessor, cast.lpse.pk, "k", cast.sent("Memenuhi"))
    cast.assessor.role = Role.APPROVER  # promoted between proposal and determination
    cast.assessor.save()
    signed = {"signatory": "Dr. Sari", "position": "Deputi II"}
    with pytest.raises(Unlawful, match="assessed"):
        determination.determine(cast.assessor, cast.lpse.pk, "k", cast.sent(), **signed)
    with pytest.raises(Unlawful, match="signatory"):
        determination.determine(cast.approver, cast.lpse.pk, "k", cast.sent(), signatory=" ", position="")
    determination.decline(cast.approver, cast.lpse.pk, "k", cast.sent("Lampirkan foto"))
    assert (cast.standard().stage, cast.standard().proposer) == ("ready", None)
    assert not Certificate.objects.exists()


def test_revocation_comes_from_the_ladder_and_needs_a_whole_new_round(cast: Cast) -> None:
    certificate = cast.determined()
    made = ladder.revoke(cast.approver, cast.lpse.pk, "k", action="case-17/c", now=cast.now(), reason="Teguran 2")
    again = ladder.revoke(cast.approver, cast.lpse.pk, "k", action="case-17/c", now=cast.now(), reason="Teguran 2")
    assert again.pk == made.pk
    certificate.refresh_from_db()
    assert (certificate.state, certificate.revoked_by_action) == ("revoked", "case-17/c")
    seen = verify(certificate.token)
    assert seen is not None
    assert seen.state == "revoked"
    with pytest.raises(Unlawful):
        ladder.revoke(cast.approver, cast.lpse.pk, "k", action="case-18/c", now=cast.now(), reason="Lagi")
    with pytest.raises(Unlawful):
        determination.propose(cast.assessor, cast.lpse.pk, "k", cast.sent("Memenuhi"))
    second = cast.determined()
    assert Round.objects.get(number=2).again_after_revocation
    assert second.sequence == 2
    assert cast.standard().certified == "valid"
    with pytest.raises(Unlawful):  # too late: another certificate is there
        ladder.reinstate(cast.approver, cast.lpse.pk, "k", action="case-17/c", now=cast.now(), reason="Keberatan")
    certificate.refresh_from_db()
    assert certificate.state == "revoked"


def test_an_action_that_is_withdrawn_gives_the_certificate_back(cast: Cast) -> None:
    certificate = cast.determined()
    ladder.revoke(cast.approver, cast.lpse.pk, "k", action="case-17/c", now=cast.now(), reason="Teguran 2")
    with pytest.raises(Unlawful):
        ladder.reinstate(cast.approver, cast.lpse.pk, "k", action="case-18/c", now=cast.now(), reason="Keberatan")
    ladder.reinstate(cast.approver, cast.lpse.pk, "k", action="case-17/c", now=cast.now(), reason="Keberatan diterima")
    certificate.refresh_from_db()
    assert (certificate.state, cast.standard().stage) == ("valid", "determined")


def test_a_round_beside_a_valid_certificate_leaves_it_alone_until_it_is_replaced(cast: Cast) -> None:
    first = cast.determined()
    cast.self_assessed()
    first.refresh_from_db()
    assert (first.state, cast.standard().certified, cast.standard().stage) == ("valid", "valid", "submitted")
    cast.judged()
    factual.conclude(cast.assessor, cast.lpse.pk, "k", cast.sent())
    second = cast.certified()
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "valid")


def test_a_page_offers_what_its_reader_can_do(cast: Cast) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    assert offered(cast.admin, cast.standard()) == {"answer"}
    assert offered(cast.head, cast.standard()) == {"answer", "submit"}
    assert offered(cast.assessor, cast.standard()) == set()
    cast.determined("m")
    assert offered(cast.admin, cast.standard("m")) == {"begin"}
    assert offered(cast.approver, cast.standard("m")) == set()
    cast.self_assessed("a")
    cast.judged("a", i2="0")
    assert offered(cast.second, cast.standard("a")) == {"judge", "recommend", "conclude"}
    factual.recommend(cast.assessor, cast.lpse.pk, "a", cast.sent(), text="Perbaiki", item="a.2")
    factual.conclude(cast.assessor, cast.lpse.pk, "a", cast.sent())
    assert offered(cast.admin, cast.standard("a")) == {"follow_up"}
    assert offered(cast.assessor, cast.standard("a")) == {"recommend"}


def test_rules_are_shown_as_what_lkpp_chose(cast: Cast) -> None:
    assert [value for _, _, value in rules.shown(None)] == [30, 2, "{sequence:04d}/SERT-LPSE/{letter}/{month}/{year}"]


def test_a_form_that_is_sent_twice_is_done_once(cast: Cast) -> None:
    cast.self_assessed()
    factual.assess(cast.assessor, cast.lpse.pk, "k", cast.sent(), mode="desk")
    sent = cast.sent(key="form-1")
    done = [factual.recommend(cast.assessor, cast.lpse.pk, "k", sent, text="Perbaiki", item="k.1").pk for _ in range(2)]
    assert len(set(done)) == 1
    assert Recommendation.objects.count() == 1
    sent = cast.sent(key="form-2")
    assert len({begin.begin(cast.admin, cast.lpse, "m", sent).pk for _ in range(2)}) == 1


def test_who_acts_on_an_old_page_is_told_who_was_first(cast: Cast) -> None:
    cast.self_assessed()
    shown = cast.standard().version
    factual.assess(cast.assessor, cast.lpse.pk, "k", cast.sent(seen=shown), mode="desk")
    with pytest.raises(Overtaken) as told:
        factual.return_for_completion(cast.second, cast.lpse.pk, "k", cast.sent("Tidak lengkap", seen=shown))
    assert told.value.who == cast.assessor.username
    assert told.value.what == "assess"
    assert cast.assessor.username in told.value.why.id
    assert cast.standard().stage == "factual"


def test_the_checks_on_self_assessment_see_what_was_submitted(cast: Cast) -> None:
    cast.self_assessed("k")
    while cast.world.judging.step():
        pass
    current = TargetState.objects.get(target=cast.lpse.itself).remembered().current
    assert current["Q-SLF-01"]["k"].status is Status.PASS
    assert current["Q-SLF-01"]["a"].status is Status.FAIL
    assert len(msgspec.convert(register(cast).content, SelfAssessments, strict=False).rows) == 3
