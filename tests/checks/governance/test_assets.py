from __future__ import annotations

from checks.facts.listeners import Listener, Listeners
from checks.governance.assets import services_are_declared
from checks.text import words
from checks.verdict import Status, Verdict

SSHD = Listener("0.0.0.0", 22, "tcp", "sshd")


def said(*listeners: Listener, **thresholds: tuple[str, ...]) -> list[Verdict]:
    verdicts = services_are_declared(Listeners(listeners), **thresholds)
    assert not isinstance(verdicts, Verdict)
    return list(verdicts)


def test_declared_services_pass() -> None:
    seen = said(SSHD, Listener("::", 443, "tcp", "nginx"), Listener("0.0.0.0", 5432, "tcp", "postgres"))

    assert [verdict.status for verdict in seen] == [Status.PASS]


def test_an_undeclared_service_fails_by_its_name() -> None:
    seen = said(SSHD, Listener("0.0.0.0", 6379, "tcp", "redis-server"), Listener("::", 6379, "tcp", "redis-server"))

    assert [(verdict.status, verdict.subject) for verdict in seen] == [(Status.FAIL, "redis-server")]


def test_what_only_this_host_can_reach_does_not_count() -> None:
    assert [verdict.status for verdict in said(SSHD, Listener("127.0.0.1", 6379, "tcp", "redis-server"))] == [
        Status.PASS
    ]


def test_a_program_declared_on_one_port_is_not_declared_on_another() -> None:
    assert said(Listener("::", 22, "tcp", "systemd"))[0].status is Status.PASS
    assert said(Listener("::", 111, "tcp", "systemd"))[0].status is Status.FAIL


def test_a_process_that_cannot_be_seen_is_unknown() -> None:
    seen = said(SSHD, Listener("0.0.0.0", 2049, "tcp"), Listener("0.0.0.0", 21, "tcp", "vsftpd"))

    assert {verdict.status for verdict in seen} == {Status.FAIL, Status.UNKNOWN}


def test_policy_may_declare_another_service() -> None:
    assert said(Listener("0.0.0.0", 6379, "tcp", "redis-server"), declared=("redis-server",))[0].status is Status.PASS


def test_root_is_told_why_it_sees_no_process_and_others_what_to_do() -> None:
    nfs = Listener("0.0.0.0", 2049, "tcp")
    by_root, by_user = (next(iter(services_are_declared(Listeners((nfs,), root=root)))) for root in (True, False))

    assert "belongs to the kernel" in words(by_root.measured, "en")
    assert "run as root" not in words(by_root.measured, "en")
    assert "run as root" in words(by_user.measured, "en")
