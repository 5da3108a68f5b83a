from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts.local import LocalHost
from checks.fact import After, Missing
from checks.facts.spse_answers import MARK, ask, ask_all
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_release import FrameworkJar, SpseFrameworks, SpseReleases, frameworks, told, told_with_curl
from checks.source import Answer
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.real import real
from tests.checks.spse import instance
from tests.checks.trees import plant
from tests.spse_stand_in import spse

TEXT = real("spse/metrics.txt")
SAID = 'version="4.5"'


def test_each_running_spse_says_its_release_or_nothing() -> None:
    with spse(allow=("127.0.0.1",)) as known, spse() as silent:
        host = LocalHost()
        both = SpseInstances((instance(port=known.port), instance(port=silent.port)))

        assert told(host.read(ask(0, "/metrics").make(both)), host.read(ask(1, "/metrics").make(both))) == SpseReleases(
            ("4.5", "")
        )
        assert told_with_curl(host.read(ask_all("/metrics", body=True).make(both))) == SpseReleases(("4.5", ""))


@pytest.mark.parametrize("version", ["1.0", "", "4.5 beta", "<script>", "x" * 41])
def test_a_default_of_the_framework_and_nonsense_are_no_release(version: str) -> None:
    with pytest.raises(Missing, match=r"does not say its version at /metrics \(status 200;"):
        told(Answer(200, {}, TEXT.replace(SAID, f'version="{version}"')), ())


def test_whom_spse_does_not_answer_is_told_what_to_do() -> None:
    with pytest.raises(Missing, match=r"status 403; 403: add 127\.0\.0\.1 to promotheus\.remoteaddr"):
        told(Answer(403, {}, "Akses Ditolak"), ())


@given(text())
def test_any_answer_gives_releases_or_says_why(printed: str) -> None:
    for recipe, readings in (
        (told, (Answer(200, {}, f"{TEXT}\n{printed}"), ())),
        (told_with_curl, (f"{printed}\n{MARK}200\n",)),
    ):
        found = gives_or_says_why(recipe, *readings)
        assert found is None or isinstance(found, SpseReleases)


def jars(root: Path) -> SpseFrameworks:
    source = frameworks.sources[0]
    assert isinstance(source, After)
    return frameworks(LocalHost(str(root)).read(source.make(SpseInstances((instance(),)))))


def test_the_jar_of_the_framework_bears_its_version(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/framework/play-1.5.3-lkpp.jar", "12345")
    plant(tmp_path, "/home/appserv/spse/framework/framework/play-lkpp.jar", "1")
    plant(tmp_path, "/home/appserv/spse/framework/play-.jar")
    (tmp_path / "home/appserv/spse/framework/play-link.jar").symlink_to("play-1.5.3-lkpp.jar")

    assert jars(tmp_path).jars == (
        FrameworkJar("/home/appserv/spse/framework", "1.5.3-lkpp", 5),
        FrameworkJar("/home/appserv/spse/framework/framework", "lkpp", 1),
    )


def test_a_jar_with_a_strange_name_is_missing(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/framework/play-; rm.jar")
    with pytest.raises(Missing, match="sensible name"):
        jars(tmp_path)
