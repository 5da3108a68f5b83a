from __future__ import annotations

import pytest

from agent.hosts.local import LocalHost
from checks.availability.spse import alive, answers
from checks.check import Check
from checks.facts.spse_answers import SpseAnswers, ask_all, asked_with_curl
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import PidFile, SpsePidFiles, SpseProcess, SpseProcesses
from checks.verdict import Status, Verdict
from tests.checks.spse import ORDINARY, instance
from tests.spse_stand_in import spse

ONE = SpseInstances((ORDINARY,))
RUNNING = SpseProcesses((SpseProcess(42, "spse", ORDINARY.app),))


def statuses(check: Check, *facts: object) -> list[Status]:
    verdicts = check(*facts)
    assert not isinstance(verdicts, Verdict)
    return [verdict.status for verdict in verdicts]


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (SpseAnswers((200,)), Status.PASS),
        (SpseAnswers((302,)), Status.PASS),
        (SpseAnswers((503,)), Status.FAIL),
        (SpseAnswers((404,)), Status.FAIL),
        (SpseAnswers((0,)), Status.FAIL),
        (SpseAnswers(listening=(22, 80)), Status.FAIL),
        (SpseAnswers(listening=(22, 9090)), Status.UNKNOWN),
        (SpseAnswers((200, 200)), Status.UNKNOWN),
    ],
)
def test_spse_must_answer(seen: SpseAnswers, status: Status) -> None:
    assert statuses(answers, ONE, seen) == [status]


def test_a_training_instance_that_is_down_does_not_hide_production() -> None:
    with spse() as server:
        found = SpseInstances((instance(port=server.port), instance(name="latihan", port=1)))
        seen = asked_with_curl(LocalHost().read(ask_all().make(found)))

        assert statuses(answers, found, seen) == [Status.PASS, Status.FAIL]


def test_the_process_must_be_alive() -> None:
    assert statuses(alive, ONE, RUNNING, None) == [Status.PASS]
    assert statuses(alive, ONE, None, None) == [Status.FAIL]
    other = SpseProcesses((SpseProcess(7, "spse", "/home/appserv/spselat/webapp"),))
    assert statuses(alive, ONE, other, None) == [Status.FAIL]


def test_server_pid_must_name_it() -> None:
    for folder in (ORDINARY.home, ORDINARY.app):
        for pid, status in ((42, Status.PASS), (41, Status.WARN), (0, Status.WARN)):
            files = SpsePidFiles((PidFile(f"{folder}/server.pid", pid),))
            assert statuses(alive, ONE, RUNNING, files) == [status]


def test_a_process_that_does_not_say_its_folder_is_known_by_server_pid() -> None:
    nameless = SpseProcesses((SpseProcess(42, "spse", ""),))
    files = SpsePidFiles((PidFile(f"{ORDINARY.home}/server.pid", 42),))

    assert statuses(alive, ONE, nameless, files) == [Status.PASS]
    assert statuses(alive, ONE, nameless, None) == [Status.FAIL]


def test_a_process_that_anyone_could_have_started_is_no_proof_of_life() -> None:
    fake = SpseProcess(66, "nobody", ORDINARY.app, "/usr/bin/java", confirmed=False)

    assert statuses(alive, ONE, SpseProcesses((fake,)), None) == [Status.UNKNOWN]
    assert statuses(alive, ONE, SpseProcesses((RUNNING.processes[0], fake)), None) == [Status.PASS]
    other = SpseProcess(66, "nobody", "/tmp/evil", "/usr/bin/java", confirmed=False)
    assert statuses(alive, ONE, SpseProcesses((other,)), None) == [Status.FAIL]
