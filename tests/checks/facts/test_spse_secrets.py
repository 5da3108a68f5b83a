from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.spse_secrets import SpseSecret, SpseSecrets, secrets
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

SECRET = "q7" * 32


def of(text: str) -> SpseSecret:
    fact = secrets.parse((FileText("/home/appserv/spse/webapp/conf/application.conf", text),))
    return fact.instances[0]


def test_only_length_mark_and_name_of_the_database_are_kept() -> None:
    text = f"application.mode=prod\napplication.secret={SECRET}\ndb.url=jdbc:postgresql://localhost:5432/epns_prod\ndb.pass=hunter2\n"
    found = of(text)

    assert (found.name, found.length, found.database) == ("spse", 64, "epns_prod")
    assert len(found.mark) == 16
    raw = msgspec.json.encode(found)
    assert SECRET[:6].encode() not in raw
    assert b"hunter2" not in raw


def test_equal_secrets_have_equal_marks_and_others_have_not() -> None:
    assert of(f"application.secret={SECRET}").mark == of(f"application.secret = {SECRET}\nhttp.port=9009").mark
    assert of(f"application.secret={SECRET}").mark != of(f"application.secret={SECRET}x").mark


def test_what_can_be_guessed_gets_no_mark() -> None:
    assert of("application.secret=rahasia").mark == ""
    assert of("application.mode=prod") == SpseSecret("spse", "/home/appserv/spse/webapp", 0)


def test_the_shortest_secret_of_all_framework_ids_counts() -> None:
    assert of(f"application.secret={SECRET}\n%prod.application.secret=short").length == 5


@pytest.mark.parametrize(
    "text", ["application.secret=${SECRET_OF_SPSE_IN_ENVIRONMENT}", "application.mode=prod\n@include.x=secret.conf"]
)
def test_a_secret_kept_elsewhere_is_said_to_be(text: str) -> None:
    assert (of(text).elsewhere, of(text).length) == (True, 0)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("postgres:epns:p@ss@epns_prod", "epns_prod"),
        ("postgres://epns:secret@10.0.0.2:5432/epns_prod", "epns_prod"),
        ("jdbc:postgresql://localhost/epns_lat?user=epns&password=hunter2", "epns_lat"),
        ("jdbc:postgresql:epns", "epns"),
        ("postgres:epns:hunter2", ""),
        ("hunter2", ""),
    ],
)
def test_of_a_database_only_its_name_is_taken(value: str, name: str) -> None:
    assert of(f"application.mode=prod\ndb={value}").database == name


def test_the_training_configuration_of_the_guides() -> None:
    assert of(real("spse/application.conf.lat")).database == "epns_lat"


def test_installations_are_found_on_a_host(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/webapp/conf/application.conf", f"application.secret={SECRET}\n")
    plant(tmp_path, "/home/appserv/latihan/webapp/conf/application.conf", f"application.secret={SECRET}\n")
    fact = Survey(LocalHost(str(tmp_path))).outcome(SpseSecrets).fact

    assert isinstance(fact, SpseSecrets)
    assert [one.name for one in fact.instances] == ["latihan", "spse"]
    assert fact.instances[0].mark == fact.instances[1].mark


def test_neither_no_installation_nor_another_file_gives_a_fact(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(SpseSecrets).fact is None
    with pytest.raises(Missing):
        of("<html>")
    with pytest.raises((Missing, Absent)):
        secrets.parse(())


@given(mixed("application.secret=", "db=", "postgres:a:b@", "${X}", "\n", "%prod."))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(secrets, (FileText("/a/conf/application.conf", text),))
