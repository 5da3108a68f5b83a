from __future__ import annotations

from collections.abc import Iterable
from hashlib import md5

import pytest

from checks.check import Check
from checks.facts.listeners import Listener, Listeners
from checks.facts.spse_instances import ConfigFile, SpseConfigFiles, SpseInstance, SpseInstances, installed
from checks.facts.spse_integrity import integrity
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.security import spse
from checks.source import FileText
from checks.verdict import Status, Verdict
from tests.checks.real import real
from tests.checks.spse import ORDINARY, instance

PASS, WARN, FAIL, UNKNOWN = Status.PASS, Status.WARN, Status.FAIL, Status.UNKNOWN
GUIDE = installed((FileText("/home/appserv/spselat/webapp/conf/application.conf", real("spse/application.conf.lat")),))


def said(check: Check, *facts: object) -> list[Verdict]:
    verdicts = check(*facts)
    return [verdicts] if isinstance(verdicts, Verdict) else list(verdicts)


def statuses(check: Check, *facts: object) -> list[Status]:
    return [verdict.status for verdict in said(check, *facts)]


def one(**changed: object) -> SpseInstances:
    return SpseInstances((instance(**changed),))


def process(**changed: object) -> SpseProcesses:
    fields: dict[str, object] = {"pid": 42, "user": "spse", "app": ORDINARY.app} | changed
    return SpseProcesses((SpseProcess(**fields),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("conf", "running", "status"),
    [
        ({"mode": "prod"}, None, PASS),
        ({"mode": "dev"}, None, FAIL),
        ({"mode": ""}, None, FAIL),
        ({"mode": "dev", "mode_by_id": {"prod": "prod"}}, None, UNKNOWN),
        ({"mode": "dev", "mode_by_id": {"prod": "prod"}}, process(play_id="prod"), PASS),
        ({"mode": "dev", "mode_by_id": {"prod": "prod"}}, process(play_id=""), FAIL),
        ({"mode": "dev"}, process(precompiled=True), PASS),
        ({"mode": "prod", "includes": True}, None, UNKNOWN),
    ],
)
def test_production_mode_is_what_play_would_take(
    conf: dict[str, object], running: SpseProcesses | None, status: Status
) -> None:
    assert statuses(spse.production_mode, one(**conf), running) == [status]


@pytest.mark.parametrize(
    ("mode", "status"), [(0o600, PASS), (0o400, PASS), (0o640, FAIL), (0o644, FAIL), (0o700, FAIL)]
)
def test_application_conf_is_for_its_owner_alone(mode: int, status: Status) -> None:
    assert statuses(spse.config_private, SpseConfigFiles((ConfigFile("/a/application.conf", mode, 1000, 1000),))) == [
        status
    ]


def test_securedb_must_be_set_and_no_password_in_clear() -> None:
    assert statuses(spse.database_obscured, one()) == [PASS]
    assert statuses(spse.database_obscured, one(clear_password=True)) == [FAIL]
    assert statuses(spse.database_obscured, one(securedb=False)) == [FAIL]
    assert statuses(spse.database_obscured, one(includes=True)) == [UNKNOWN]
    assert statuses(spse.database_obscured, GUIDE) == [FAIL]


def test_spse_as_root_fails() -> None:
    assert statuses(spse.not_root, process()) == [PASS]
    assert statuses(spse.not_root, process(user="root")) == [FAIL]


def test_a_debug_port_fails() -> None:
    assert statuses(spse.no_debug_port, process()) == [PASS]
    assert statuses(spse.no_debug_port, process(debug=("JDWP 8000",))) == [FAIL]


def test_an_edited_list_of_checksums_fails() -> None:
    good = f"abc\n{md5(b'abc').hexdigest()}\n"

    assert statuses(spse.integrity_file, integrity((FileText("/x/conf/integrity", good),))) == [PASS]
    assert statuses(spse.integrity_file, integrity((FileText("/x/conf/integrity", f"d{good}"),))) == [FAIL]


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (("127.0.0.1",), PASS),
        (("127.0.0.1", "::1"), PASS),
        (("0.0.0.0",), FAIL),
        (("::",), FAIL),
        (("127.0.0.1", "203.0.113.7"), WARN),
        (("103.55.160.20",), FAIL),
        (("10.0.0.5",), WARN),
        (("::ffff:127.0.0.1",), PASS),  # how a dual-stack JVM shows loopback
        (("::ffff:103.55.160.20",), FAIL),
        ((), Status.NOT_APPLICABLE),
    ],
)
def test_the_port_of_spse_listens_on_loopback_only(addresses: tuple[str, ...], status: Status) -> None:
    listeners = Listeners(tuple(Listener(address, 9090, "tcp", "java") for address in addresses))

    assert statuses(spse.port_closed, one(), listeners, None) == [status]


def test_a_process_whose_port_nobody_listens_on_is_unknown() -> None:
    assert statuses(spse.port_closed, one(), Listeners(()), process()) == [UNKNOWN]


def test_a_port_from_the_command_line_goes_before_the_file() -> None:
    listeners = Listeners((Listener("127.0.0.1", 9090, "tcp"), Listener("0.0.0.0", 9191, "tcp")))

    assert statuses(spse.port_closed, one(), listeners, process(port=9191)) == [FAIL]


def test_every_installation_has_its_own_verdict() -> None:
    both: Iterable[SpseInstance] = (instance(), instance(name="latihan", mode="dev"))

    assert [(v.subject, v.status) for v in said(spse.production_mode, SpseInstances(tuple(both)), None)] == [
        ("spse", PASS), ("latihan", FAIL),
    ]  # fmt: skip


def test_a_process_that_anyone_could_have_started_passes_nothing() -> None:
    fake = process(user="nobody", confirmed=False)

    assert statuses(spse.not_root, fake) == [UNKNOWN]
    assert statuses(spse.no_debug_port, fake) == [UNKNOWN]
    assert statuses(spse.no_debug_port, process(user="nobody", confirmed=False, debug=("JDWP 8000",))) == [WARN]
    precompiled = process(user="nobody", confirmed=False, precompiled=True)
    assert statuses(spse.production_mode, one(mode="dev"), precompiled) == [FAIL]


def test_all_processes_of_an_installation_are_looked_at() -> None:
    good = process(precompiled=True, port=9191).processes[0]
    other = process(pid=43, port=9292).processes[0]
    both = SpseProcesses((good, other))
    listeners = Listeners((Listener("127.0.0.1", 9191, "tcp"), Listener("0.0.0.0", 9292, "tcp")))

    assert statuses(spse.production_mode, one(mode="dev"), both) == [FAIL]
    assert statuses(spse.production_mode, one(mode="prod"), both) == [PASS]
    assert statuses(spse.port_closed, one(), listeners, both) == [FAIL]
