"""`pantau-collector instances` and `token --prober` as processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collector.registry.demo import SLUG
from tests.collector.process import Collector


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with Collector.initialised(tmp_path_factory.mktemp("instances"), database="") as collector:
        yield collector


ADD = ("instances", "add", "--provider", SLUG, "--name", "SPSE Kota", "--url")


def test_instances_are_added_listed_changed_and_retired(made: Collector) -> None:
    key, slug, name, url = made.run(*ADD, "https://spse.kota.go.id/eproc4").strip().split("\t")
    assert (slug, name, url) == (SLUG, "SPSE Kota", "https://spse.kota.go.id/eproc4")
    line = next(line for line in made.run("instances").splitlines() if line.startswith(key))
    assert line.endswith("\tprobed")
    assert made.run("instances", "change", key, "--ports-consent", "--name", "SPSE Kota Baru").endswith("changed\n")
    assert made.run("instances", "change", key, "--ports-consent").endswith("was so already\n")
    line = next(line for line in made.run("instances").splitlines() if line.startswith(key))
    assert line.split("\t")[2:] == ["SPSE Kota Baru", url, "probed, ports too"]
    assert "retired" in made.run("instances", "retire", key, "--reason", "pindah ke SPSE lain")
    assert key not in made.run("instances")
    assert "pindah ke SPSE lain" in made.run("instances", "--retired")
    assert "before" in made.run("instances", "retire", key, "--reason", "lagi")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("instances", "add", "--provider", "nobody", "--name", "x", "--url", "https://x.go.id"), 1, "no provider 'nobody'"),
        ((*ADD, "x.go.id"), 1, "no public URL such as"),
        ((*ADD, "https://y.go.id", "--server", "srv-none"), 1, "has no server srv-none"),
        (("instances", "add", "--provider", SLUG), 2, "required"),
        (("instances", "change", "ins-none", "--name", "x"), 1, "no instance 'ins-none'"),
        (("instances", "retire", "ins-none", "--reason", "x"), 1, "no instance 'ins-none'"),
        (("instances", "retire", "ins-none"), 2, "--reason"),
        (("token",), 2, "say of which provider"),
        (("token", SLUG, "--prober", "jakarta-1"), 2, "neither PROVIDER nor --server"),
        (("token", "--prober", "../x"), 2, "no name of a prober"),
        (("token", "--prober", "jakarta-1", "--server", "srv-1"), 2, "neither PROVIDER nor --server"),
    ],
)  # fmt: skip
def test_wrong_use_is_said_in_a_sentence(made: Collector, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = made.command(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
