from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, After, Missing
from checks.facts.spse_instances import SpseConfigFiles, SpseInstance, SpseInstances, elsewhere, installed, properties
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.source import FileText
from tests.checks.real import real
from tests.checks.trees import plant

CONFIG = real("spse/application.conf.lat")
PATH = "/home/appserv/spselat/webapp/conf/application.conf"

MADE = [source.make for source in elsewhere.sources if isinstance(source, After)]


def instance(text: str, path: str = PATH) -> SpseInstance:
    return installed((FileText(path, text),)).instances[0]


def test_the_training_configuration_of_the_guides_is_understood() -> None:
    read = instance(CONFIG)

    assert (read.name, read.home, read.app) == ("spselat", "/home/appserv/spselat", "/home/appserv/spselat/webapp")
    assert (read.port, read.path, read.mode, read.pool_max) == (9009, "/eproc4lat", "prod", 30)
    assert read.secret_length == 64
    assert read.default_credentials
    assert read.clear_password
    assert not read.securedb
    assert read.database_local is True
    assert not read.metrics_allowed


def test_no_secret_value_leaves_the_parser() -> None:
    text = (
        "application.secret=TOPSECRET\ndb=postgres://someone:hunter2@10.1.1.5:5432/epns_prod\n"
        "securedb=CIPHERTEXT\nmail.smtp.pass=MAILPASS\napplication.statusKey=STATUSKEY\n"
    )
    wire = msgspec.json.encode(installed((FileText(PATH, text),))).decode()

    for value in ("TOPSECRET", "someone", "hunter2", "10.1.1.5", "epns_prod", "CIPHERTEXT", "MAILPASS", "STATUSKEY"):
        assert value not in wire


@pytest.mark.parametrize(
    "text",
    [
        "db.user=epns\ndb.pass=epns",
        "db=postgres://epns:epns@localhost:5432/epns_prod",
        "db.url=jdbc:postgresql://localhost/epns_prod?user=epns&password=epns",
        "db.default.user: epns\ndb.default.pass=epns",
    ],
)
def test_the_account_of_the_guides_is_known_in_every_way_to_write_it(text: str) -> None:
    assert instance(text).default_credentials
    assert not instance(text.replace("=epns", "=inirahasia").replace(":epns", ":inirahasia")).default_credentials


def test_a_password_from_the_environment_is_not_in_clear() -> None:
    assert not instance("db.user=epns\ndb.pass=${DB_PASS}").clear_password
    assert instance("db.user=epns\ndb.pass=x").clear_password


def test_the_database_is_elsewhere_only_where_the_file_says_so() -> None:
    assert instance("db=postgres://a:b@10.0.0.2/epns_prod").database_local is False
    assert instance("securedb=x").database_local is None


def test_metrics_are_allowed_for_an_address_among_others() -> None:
    assert instance("http.port=1\npromotheus.remoteaddr=10.0.0.1;127.0.0.1").metrics_allowed
    assert not instance("http.port=1\npromotheus.remoteaddr=10.0.0.1;127.0.0.11").metrics_allowed


def test_modes_of_framework_ids_stand_beside_the_plain_one() -> None:
    read = instance("application.mode=dev\n%prod.application.mode=PROD\n@include.x=secret.conf")

    assert (read.mode, read.mode_by_id, read.includes) == ("dev", {"prod": "prod"}, True)


def test_settings_are_read_as_java_reads_them() -> None:
    text = "! comment\n# comment\na : 1\nb=2\nb = 3\nlong = one \\\n   two\nc\\:d=x\n  e f\n"

    assert properties(text) == {"a": "1", "b": "3", "long": "one two", "c:d": "x", "e": "f"}


@pytest.mark.parametrize("text", ["", "garbage", "<html></html>", "http.port=ninety"])
def test_a_text_that_is_no_configuration_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        instance(text)


def test_no_file_is_absent_and_a_running_spse_elsewhere_is_not() -> None:
    with pytest.raises(Absent):
        installed((), (), (), ())
    with pytest.raises(Missing):
        elsewhere((), (), (), ())
    texts = (FileText("/srv/app/conf/application.conf", CONFIG),)
    assert [one.home for one in elsewhere(texts, texts, texts, texts).instances] == ["/srv/app"]


def test_all_processes_that_are_confirmed_lead_to_an_installation(tmp_path: Path) -> None:
    for app in ("/srv/a", "/srv/b", "/tmp/evil"):
        plant(tmp_path, f"{app}/conf/application.conf", CONFIG)
    running = SpseProcesses(
        (
            SpseProcess(1, "root", "/srv/a"), SpseProcess(2, "root", "/srv/a"), SpseProcess(3, "root", "/srv/b"),
            SpseProcess(4, "nobody", "/tmp/evil", confirmed=False),
        )
    )  # fmt: skip
    host = LocalHost(str(tmp_path))
    texts = [host.read(made(running)) for made in MADE]

    assert [one.home for one in elsewhere(*texts).instances] == ["/srv/a", "/srv/b"]


def test_a_process_of_nobody_leads_nowhere_and_the_reason_is_said() -> None:
    nobody = SpseProcesses((SpseProcess(4, "nobody", "/tmp/evil", "/usr/bin/java", confirmed=False),))

    with pytest.raises(Missing, match=r"pid 4 of nobody, who owns no installation .* not confirmed"):
        MADE[0](nobody)


def test_patterns_and_too_many_places_are_refused() -> None:
    for apps in (("/srv/*",), ("/srv/../etc",), tuple(f"/srv/{n}" for n in range(5))):
        with pytest.raises(Missing):
            MADE[0](SpseProcesses(tuple(SpseProcess(1, "root", app) for app in apps)))


def test_installations_are_found_below_a_root(tmp_path: Path) -> None:
    plant(tmp_path, PATH, CONFIG, 0o640)
    plant(tmp_path, "/home/appserv/spse/webapp/conf/application.conf", CONFIG, 0o600)
    snapshot = Survey(LocalHost(str(tmp_path))).take([SpseInstances, SpseConfigFiles])

    spse, files = snapshot.facts[SpseInstances], snapshot.facts[SpseConfigFiles]
    assert isinstance(spse, SpseInstances)
    assert isinstance(files, SpseConfigFiles)
    assert [one.name for one in spse.instances] == ["spse", "spselat"]
    assert sorted(oct(one.mode) for one in files.files) == ["0o600", "0o640"]


@given(st.text())
def test_any_text_gives_the_fact_or_missing(text: str) -> None:
    with contextlib.suppress(Missing):
        assert instance(text).secret_length >= 0
