from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.shell_timeout import ShellTimeout, shell_timeout
from checks.source import FileText
from tests.checks.real import real


def read(*lines: str) -> ShellTimeout:
    part = FileText("/etc/profile.d/tmout.sh", "\n".join(lines))
    bashrc = FileText("/etc/bash.bashrc", real("debian12/bash.bashrc"))
    return shell_timeout(real("debian12/profile"), (part,), (bashrc,), ())


def test_debian_12_as_installed_has_no_timeout() -> None:
    assert read() == ShellTimeout()


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        (("readonly TMOUT=900 ; export TMOUT",), True),
        (("TMOUT=900", "readonly TMOUT", "export TMOUT"), True),
        (("typeset -xr TMOUT=900",), True),
        (("export TMOUT=900",), False),
        (("TMOUT=900",), False),
    ],
)
def test_the_usual_ways_to_set_it_are_understood(lines: tuple[str, ...], fixed: bool) -> None:
    assert read(*lines) == ShellTimeout((900,), fixed)


def test_all_values_are_kept() -> None:
    assert read("TMOUT=900", "TMOUT=0", "# TMOUT=5").seconds == (0, 900)


def test_an_empty_profile_is_missing() -> None:
    with pytest.raises(Missing):
        shell_timeout("", (), (), ())
