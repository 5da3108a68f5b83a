from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Absent, Missing
from checks.facts.reboot import reboot
from checks.source import FileStat
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why


def kernels(**installed: float) -> tuple[FileStat, ...]:
    return tuple(
        FileStat(f"/lib/modules/{name}/modules.dep", "file", 0o644, 0, 0, 1, at) for name, at in installed.items()
    )


@pytest.mark.parametrize(
    ("running", "installed", "newest"),
    [
        ("6.1.0-18-amd64", {"6.1.0-18-amd64": 1.0, "6.1.0-41-amd64": 5.0}, "6.1.0-41-amd64"),
        ("6.1.0-41-amd64", {"6.1.0-18-amd64": 1.0, "6.1.0-41-amd64": 5.0}, ""),
        ("6.1.0-9-amd64", {"6.1.0-9-amd64": 1.0, "6.1.0-10-cloud-amd64": 5.0}, ""),
        ("5.15.0-91-generic", {"5.15.0-91-generic": 1.0, "6.8.0-45-generic": 5.0}, "6.8.0-45-generic"),
        (
            "5.14.0-362.8.1.el9_3.x86_64",
            {"5.14.0-362.el9.x86_64": 1.0, "5.14.0-427.13.1.el9_4.x86_64": 5.0},
            "5.14.0-427.13.1.el9_4.x86_64",
        ),
        ("5.14.0-362.8.1.el9_3.x86_64", {"5.14.0-362.el9.x86_64": 1.0, "5.15.0-3.60.5.1.el9uek.x86_64": 5.0}, ""),
        (
            "3.10.0-862.el7.x86_64",
            {"3.10.0-862.el7.x86_64": 1.0, "3.10.0-1160.119.1.el7.x86_64": 5.0},
            "3.10.0-1160.119.1.el7.x86_64",
        ),
    ],
)  # fmt: skip
def test_a_newer_kernel_of_the_same_flavour_waits(running: str, installed: dict[str, float], newest: str) -> None:
    found = reboot(f"{running}\n", kernels(**installed))

    assert found.newest == newest
    assert found.since == (5.0 if newest else None)


def test_the_flag_of_the_distribution_counts() -> None:
    flag = FileStat("/run/reboot-required", "file", 0o644, 0, 0, 32, 7.0)
    found = reboot("6.1.0-41-amd64\n", (*kernels(**{"6.1.0-41-amd64": 1.0}), flag))

    assert found.flagged
    assert found.since == 7.0


def test_a_container_has_no_kernel() -> None:
    with pytest.raises(Absent):
        reboot("6.1.0-41-amd64\n", (FileStat("/run/reboot-required", "file", 0o644, 0, 0, 32, 7.0),))


def test_a_kernel_without_version_is_missing() -> None:
    with pytest.raises(Missing):
        reboot("\n", kernels(**{"6.1.0-41-amd64": 1.0}))


@given(TEXT, TEXT)
def test_any_names_give_the_fact_or_say_why_not(running: str, installed: str) -> None:
    gives_or_says_why(reboot, running, kernels(**{installed.replace("/", ""): 1.0}))
