from __future__ import annotations

from datetime import timedelta

import pytest

from checks.check import DAY
from checks.fact import name_of
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain
from checks.policy import Policy
from checks.verdict import Result, Status
from collector import SOFTWARE
from collector.ledger.models import Cursor
from collector.surveillance.models import Finding, StandardState, TargetState
from collector.surveillance.policies import publish
from tests.collector.forging import forge
from tests.collector.surveillance.story import BOOK, GRACE, RECOVERY, Gauge, Lamps, Story, after, book
from tests.collector.world import World, sshd

NOW = "G-TST-01"
PATIENT = "G-TST-02"
GAUGE = "G-TST-03"
SILENCE = "L-AVL-12"
CHAIN = "Q-AGT-04"
AGREEMENT = "Q-AGT-05"
MICRO = 1e-6


# --- opening and closing


def test_a_failure_opens_a_finding_and_a_pass_closes_it_with_its_interval_kept() -> None:
    story = Story()
    story.report(0, lamps={"": "pass"})
    assert not story.open
    story.report(60, lamps={"": "fail"})
    assert story.open == {(NOW, "")}
    story.report(120, lamps={"": "fail"})
    story.report(180, lamps={"": "pass"})
    assert story.of(NOW) == [(60, 60, 180)]
    story.report(240, lamps={"": "fail"})
    assert story.of(NOW) == [(60, 60, 180), (240, 240, None)]


@pytest.mark.parametrize("good", ["pass", "warn", "not_applicable"])
def test_warn_and_not_applicable_close_a_finding_as_a_pass_does(good: str) -> None:
    story = Story()
    story.report(0, lamps={"": "fail"})
    story.report(60, lamps={"": good})
    assert story.of(NOW) == [(0, 0, 60)]


def test_unknown_neither_opens_nor_closes() -> None:
    story = Story()
    story.report(0, lamps={"": "unknown"})
    assert not story.open
    story.report(60, lamps={"": "fail"})
    story.report(120, lamps={"": "unknown"})
    assert story.of(NOW) == [(60, 60, None)]
    assert story.status(NOW) is Status.UNKNOWN
    story.report(180, lamps={"": "fail"})
    assert story.of(NOW) == [(60, 60, None)]
    story.report(240, lamps={"": "pass"})
    assert story.of(NOW) == [(60, 60, 240)]


def test_a_finding_opens_only_after_the_grace_and_counts_from_the_first_failure() -> None:
    story = Story()
    for at in range(0, GRACE, 60):
        story.report(at, lamps={"": "fail"})
        assert (PATIENT, "") not in story.open
    story.report(GRACE, lamps={"": "fail"})
    assert story.of(PATIENT) == [(0, GRACE, None)]


def test_passing_for_a_while_begins_the_grace_anew_and_an_unknown_does_not() -> None:
    story = Story()
    story.report(0, lamps={"a": "fail", "b": "fail"})
    story.report(120, lamps={"a": "pass", "b": "unknown"})
    story.report(240, lamps={"a": "pass", "b": "unknown"})
    story.report(300, lamps={"a": "fail", "b": "fail"})
    assert story.open == {(NOW, "a"), (NOW, "b"), (PATIENT, "b")}
    assert story.of(PATIENT, "b") == [(0, 300, None)]


def test_one_pass_among_failures_does_not_begin_the_grace_anew() -> None:
    """Else a check that fails nearly always, and passes once per grace, would never be a finding."""
    story = Story()
    story.report(0, lamps={"a": "fail"})
    story.report(240, lamps={"a": "pass"})
    story.report(300, lamps={"a": "fail"})
    assert story.of(PATIENT, "a") == [(0, 300, None)]


def test_a_finding_closes_only_after_it_passed_for_the_recovery_without_a_break() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"})
    story.report(GRACE, lamps={"": "fail"})
    story.report(400, lamps={"": "pass"})
    story.report(700, lamps={"": "unknown"})  # the recovery begins anew
    story.report(1000, lamps={"": "pass"})
    story.report(1300, lamps={"": "fail"})  # and again
    story.report(1400, lamps={"": "pass"})
    story.report(1400 + RECOVERY - 1, lamps={"": "pass"})
    assert (PATIENT, "") in story.open
    story.report(1400 + RECOVERY, lamps={"": "pass"})
    assert story.of(PATIENT) == [(0, GRACE, 1400 + RECOVERY)]


def test_a_subject_that_vanishes_keeps_its_finding_until_the_recovery_is_over() -> None:
    story = Story()
    for at in range(0, GRACE + 60, 60):
        story.report(at, lamps={"red": "fail"})
    assert story.open == {(PATIENT, "red"), (NOW, "red")}
    gone = GRACE + 60
    for at in range(gone, gone + RECOVERY, 60):
        story.report(at, lamps={"green": "pass"})
        assert (PATIENT, "red") in story.open
        assert story.status(PATIENT, "red") is Status.NOT_APPLICABLE
    story.report(gone + RECOVERY, lamps={"green": "pass"})
    assert story.of(PATIENT, "red") == [(0, GRACE, gone + RECOVERY)]
    assert "red" not in story.state.current[PATIENT]


def test_each_subject_has_findings_of_its_own_and_one_that_vanishes_closes() -> None:
    story = Story()
    story.report(0, lamps={"/": "fail", "/var": "fail", "/home": "pass"})
    assert story.open == {(NOW, "/"), (NOW, "/var")}
    story.report(60, lamps={"/": "fail", "/home": "pass"})
    assert story.of(NOW, "/var") == [(0, 0, 60)]
    assert story.open == {(NOW, "/")}
    assert "/var" not in story.state.current[NOW]


def test_a_fact_that_could_not_be_read_keeps_every_subject_and_its_finding() -> None:
    story = Story()
    story.report(0, lamps={"/": "fail", "/var": "pass"})
    story.report(60, missing=[Lamps])
    assert story.open == {(NOW, "/")}
    assert {story.status(NOW, "/"), story.status(NOW, "/var")} == {Status.UNKNOWN}
    story.report(120, lamps={"/": "pass", "/var": "pass"})
    assert story.of(NOW, "/") == [(0, 0, 120)]


def test_a_report_without_a_fact_leaves_what_is_known_of_it_alone() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"}, gauge=1)
    story.report(60, gauge=2)
    assert story.open == {(NOW, "")}
    assert story.status(GAUGE) is Status.PASS


def test_a_fact_that_does_not_decode_is_unknown_and_the_report_still_counts() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"})
    import msgspec

    story.report(60, gauge=1, facts={"lamps": msgspec.Raw(b'{"lamps":7}'), "other": msgspec.Raw(b"1")})
    assert story.status(NOW) is Status.UNKNOWN
    assert (NOW, "") in story.open


def test_one_subject_told_twice_counts_once_at_its_worst() -> None:
    from checks.verdict import Verdict
    from collector.surveillance.settlement import Settlement
    from tests.collector.surveillance.story import CATALOGUE

    check = CATALOGUE.checks[NOW]
    settle = Settlement("srv", {}, [])
    from checks.verdict import result

    twice = [result(NOW, Verdict(Status(status), subject="/")) for status in ("pass", "fail", "warn")]
    settle.check(BOOK, check, twice, after(0), 1)
    settle.check(BOOK, check, twice, after(60), 2)
    assert len(settle.transitions) == 1
    assert settle.known[NOW]["/"].status is Status.FAIL


def test_a_subject_too_long_or_with_a_nul_fits_a_row() -> None:
    story = Story()
    story.report(0, lamps={"x" * 1000: "fail", "a\0b": "fail"})
    assert story.open == {(NOW, "x" * 300), (NOW, "a?b")}


# --- order and clocks


def test_a_late_report_changes_the_chain_and_not_the_state() -> None:
    story = Story()
    story.report(0, lamps={"": "pass"}, sequence=1)
    story.report(120, lamps={"": "pass"}, sequence=3)
    assert (CHAIN, "") in story.open
    story.report(60, lamps={"": "fail"}, sequence=2, received=130)
    assert (NOW, "") not in story.open
    assert story.state.taken_at == after(120)
    assert (CHAIN, "") not in story.open
    assert story.state.reports == 3


def test_reports_out_of_order_end_where_reports_in_order_end() -> None:
    story, shuffled = Story(), Story()
    lamps = [{"": "pass"}, {"": "fail"}, {"": "fail"}, {"": "pass"}, {"": "fail"}]
    for number, one in enumerate(lamps):
        story.report(number * 60, lamps=one, sequence=number + 1, received=1000 + number)
    for position, number in enumerate((1, 0, 3, 2, 4)):
        shuffled.report(number * 60, lamps=lamps[number], sequence=number + 1, received=1000 + position, previous="")
    assert shuffled.status(NOW) is story.status(NOW) is Status.FAIL
    assert shuffled.of(NOW)[-1] == story.of(NOW)[-1]
    assert not shuffled.state.chain.holes


def test_a_clock_that_is_ahead_counts_as_the_moment_of_receipt() -> None:
    story = Story()
    story.report(3000, lamps={"": "fail"}, received=60)
    assert story.of(NOW) == [(60, 60, None)]
    assert story.state.taken_at == after(60)


def test_a_clock_that_was_ahead_and_is_set_right_blinds_the_judge_for_no_moment() -> None:
    story = Story()
    story.report(3060, lamps={"": "pass"}, received=60)
    story.report(120, lamps={"": "fail"}, received=120)
    assert story.of(NOW) == [(120, 120, None)]


def test_a_clock_that_is_set_back_does_not_blind_the_judge() -> None:
    story = Story()
    story.report(7200, lamps={"": "pass"}, received=7200)
    story.report(60, lamps={"": "fail"}, received=7260)  # two hours behind from now on
    assert story.open >= {(NOW, "")}
    story.report(120, lamps={"": "pass"}, received=7320)
    assert (NOW, "") not in story.open


def test_reports_of_yesterday_open_and_close_findings_of_yesterday() -> None:
    story = Story()
    for number in range(10):
        story.report(number * 60, lamps={"": "fail" if 3 <= number < 6 else "pass"}, received=86_400 + number)
    assert story.of(NOW) == [(180, 180, 360)]
    assert story.state.heard_at == after(86_409)


def test_receipts_that_step_back_in_time_never_close_before_they_open() -> None:
    story = Story()
    story.report(100, lamps={"": "pass"}, sequence=1, received=100)
    story.report(101, lamps={"": "pass"}, sequence=3, received=101)
    story.report(99, lamps={"": "pass"}, sequence=2, received=99)
    assert story.of(CHAIN) == [(101, 101, 101)]
    assert story.state.heard_at == after(101)


# --- silence


def test_silence_opens_where_it_began_and_closes_at_the_next_report() -> None:
    story = Story()
    story.report(0, lamps={"": "pass"})
    assert not story.sweep(600)
    story.sweep(5000)
    assert story.of(SILENCE) == [(600 + MICRO, 600 + MICRO, None)]
    assert not story.sweep(9000)
    story.report(10_000, lamps={"": "pass"})
    assert story.of(SILENCE) == [(600 + MICRO, 600 + MICRO, 10_000)]


def test_who_sweeps_and_who_only_folds_find_the_same_silence() -> None:
    swept, folded = Story(), Story()
    for story in (swept, folded):
        story.report(0, lamps={"": "pass"})
    swept.sweep(601)
    swept.sweep(4000)
    for story in (swept, folded):
        story.report(5000, lamps={"": "pass"})
    assert swept.findings == folded.findings
    assert swept.state == folded.state


def test_a_server_that_was_never_heard_is_not_silent() -> None:
    story = Story()
    assert not story.sweep(100_000)
    assert not story.findings


def test_a_grace_for_silence_lengthens_it_and_the_finding_still_counts_from_its_beginning() -> None:
    story = Story(rulebook=book(grace={SILENCE: 300}))
    story.report(0, lamps={"": "pass"})
    assert not story.sweep(900)
    story.sweep(901)
    assert story.of(SILENCE) == [(600 + MICRO, 900 + MICRO, None)]
    folded = Story(rulebook=book(grace={SILENCE: 300}))
    for one in (folded, story):
        if one is folded:
            one.report(0, lamps={"": "pass"})
        one.report(2000, lamps={"": "pass"})
    assert folded.findings == story.findings


def test_a_silence_is_judged_under_the_policy_that_held_when_the_server_was_last_heard() -> None:
    swept, folded = Story(), Story()
    for story in (swept, folded):
        story.report(0, lamps={"": "pass"})
    swept.sweep(700)
    for story in (swept, folded):
        story.before, story.rulebook = BOOK, book(silence_after=60)
        story.report(1000, lamps={"": "pass"})
    assert swept.findings == folded.findings
    assert swept.of(SILENCE) == [(600 + MICRO, 600 + MICRO, 1000)]


# --- agreement


def claim(status: str, code: str = NOW) -> tuple[Result, ...]:
    return (Result(code, Status(status)),)


def test_a_verdict_that_differs_under_the_agents_own_policy_is_a_finding_until_it_has_agreed_for_a_day() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"}, results=claim("pass"))
    assert story.open == {(NOW, ""), (AGREEMENT, "")}
    assert NOW in story.state.disputed
    for at in range(60, DAY + 180, 60):
        assert (AGREEMENT, "") in story.open or at > DAY + 60
        story.report(at, lamps={"": "fail"})
    assert story.of(AGREEMENT) == [(0, 0, DAY + 60)]


def test_an_agent_that_claims_nothing_of_what_was_due_is_not_called_in_agreement() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"}, results=())
    assert story.status(AGREEMENT) is Status.UNKNOWN


def test_a_flood_of_subjects_is_judged_by_the_worst_of_it() -> None:
    story = Story()
    story.report(0, lamps={f"unit{n}": "fail" for n in range(5000)})
    opened = [subject for code, subject in story.open if code == NOW]
    assert len(opened) == 200
    assert "…" in opened


def test_numbers_and_texts_without_end_do_not_stop_the_judge(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    unit = {"id": "spse.service", "active": "active", "restarts": 10**30, "result": "x" * 100_000}
    world.deliver(
        forge(sensor, facts={"service_units": {"units": [unit]}, "boot": {"at": "2026-11-23T00:00:00Z", "kernel": "6"}})
    )
    other = world.sensor(world.provider("LPSE Kota Lain"), "spse1.lain.go.id")
    world.deliver(other.report(sshd(permitrootlogin="yes")))
    assert Cursor.objects.get().passed_over == 0
    assert Finding.objects.filter(check_code="K-SSH-01", closed_at=None).exists()
    assert len(bytes(TargetState.objects.get(target=sensor.server).state)) < 50_000


def test_a_claim_about_another_subject_differs_too() -> None:
    story = Story()
    story.report(0, lamps={"/": "fail", "/var": "pass"}, results=(Result(NOW, Status.PASS, subject="/var"),))
    assert (AGREEMENT, "") in story.open


def test_the_agents_policy_is_what_its_results_are_held_against_and_ours_is_what_counts() -> None:
    lenient = book(thresholds={GAUGE: {"maximum": 100.0}})
    story = Story(agents=lenient)
    story.report(0, gauge=50.0)
    assert story.status(GAUGE) is Status.FAIL
    assert (AGREEMENT, "") not in story.open
    story.report(60, gauge=50.0, results=claim("fail", GAUGE))
    assert (AGREEMENT, "") in story.open


def test_an_agent_of_other_software_or_with_an_unknown_policy_is_not_compared() -> None:
    story = Story(agents=None)
    story.report(0, lamps={"": "fail"}, results=claim("pass"))
    assert story.open == {(NOW, "")}


def test_not_being_compared_any_more_does_not_settle_a_dispute() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"}, results=claim("pass"))
    story.agents = None
    story.report(60, lamps={"": "fail"}, results=claim("fail"))
    assert (AGREEMENT, "") in story.open


def test_a_claim_without_its_facts_is_a_difference_and_settles_nothing() -> None:
    story = Story()
    story.report(0, results=claim("pass"))
    assert story.open == {(AGREEMENT, "")}
    assert NOW not in story.state.current


def test_claims_about_unknown_checks_and_about_the_collectors_own_are_passed_over() -> None:
    story = Story()
    story.report(0, lamps={"": "pass"}, results=(*claim("pass"), *claim("fail", "Z-NONE-01"), *claim("pass", CHAIN)))
    assert not story.open


def test_results_that_are_left_out_are_no_difference() -> None:
    story = Story()
    story.report(0, lamps={"": "fail"}, results=())
    assert story.open == {(NOW, "")}


def test_an_honest_agent_whose_clock_is_ahead_is_not_disputed() -> None:
    story = Story()
    story.report(3000, lamps={"": "fail"}, received=0)
    assert (AGREEMENT, "") not in story.open


# --- policy


def test_a_new_policy_judges_later_reports_only() -> None:
    story = Story()
    story.report(0, gauge=5.0)
    story.rulebook = book(thresholds={GAUGE: {"maximum": 3.0}})
    assert story.status(GAUGE) is Status.PASS
    story.report(60, gauge=5.0)
    assert story.of(GAUGE) == [(60, 60, None)]
    story.rulebook = BOOK
    story.report(120, gauge=5.0)
    assert story.of(GAUGE) == [(60, 60, 120)]


def test_a_published_policy_holds_from_its_date_also_for_what_is_judged_later(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    publish(Policy(version="2", thresholds={"K-SSH-04": {"maximum": 2}}), now=world.ago(minutes=5), by=None)
    for minutes in (8, 6, 4):
        at = world.ago(minutes=minutes)
        world.deliver(sensor.report(sshd(maxauthtries="4"), at=at), at=at)
    finding = Finding.objects.get(check_code="K-SSH-04")
    assert (finding.since, finding.closed_at) == (world.ago(minutes=4), None)


# --- what an agent cannot feed


def test_an_agent_cannot_feed_the_facts_that_the_collector_itself_sees(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    world.deliver(sensor.report(sshd()))
    rosy = {
        name_of(Heartbeat): {"heard_at": "2099-01-01T00:00:00Z", "allowed": 10**9},
        name_of(ReportChain): {"missing": 0},
        name_of(Agreement): {"differences": []},
        name_of(Coverage): {"determined": 1000, "applicable": 1000},
    }
    world.deliver(forge(sensor, sequence=5, software=SOFTWARE, facts=rosy))
    found = set(Finding.objects.filter(closed_at=None).values_list("check_code", flat=True))
    assert CHAIN in found
    state = TargetState.objects.get().remembered()
    assert state.current[SILENCE][""].at <= state.heard_at if state.heard_at else False
    assert state.current["Q-AGT-02"][""].status is not Status.PASS
    world.judging.sweep(world.now + timedelta(days=1))
    assert Finding.objects.filter(check_code=SILENCE, closed_at=None).exists()


def test_facts_called_missing_or_absent_do_not_hide_what_the_collector_sees(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    names = [name_of(kind) for kind in (Heartbeat, ReportChain, Agreement, Coverage)]
    world.deliver(
        forge(sensor, sequence=3, missing=dict.fromkeys(names[:2], "x"), absent=dict.fromkeys(names[2:], "x"))
    )
    state = TargetState.objects.get().remembered()
    assert state.current[CHAIN][""].status is Status.FAIL
    assert state.current[SILENCE][""].status is Status.PASS
    assert state.current[AGREEMENT][""].status is Status.UNKNOWN  # forged under a policy nobody knows


def test_words_with_a_nul_from_an_agent_reach_every_database(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    bad = (Result("K-SSH-01", Status.PASS, "a\0b", "\0", subject="\0"),)
    world.deliver(sensor.report(sshd(permitrootlogin="yes\0"), results=bad))
    assert Finding.objects.filter(check_code=AGREEMENT, closed_at=None).exists()
    assert StandardState.objects.exists()


def test_a_gauge_that_is_absent_is_said_so_by_its_check() -> None:
    story = Story()
    story.report(0, gauge=50.0)
    story.report(60, absent=[Gauge])
    assert story.status(GAUGE) is Status.UNKNOWN  # this check does not say what absence means
    assert (GAUGE, "") in story.open
