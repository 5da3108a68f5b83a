from __future__ import annotations

import pytest

from checks.fact import Absent
from checks.facts.second_factor import pam_second_factor
from checks.source import FileText
from tests.checks.real import real

SSHD, AUTH = real("debian12/pam-sshd"), real("debian12/pam-common-auth")


def test_debian_12_as_installed_has_no_second_factor() -> None:
    pam = (FileText("/etc/pam.d/common-auth", AUTH), FileText("/etc/pam.d/sshd", SSHD))

    assert pam_second_factor(pam).modules == ()


@pytest.mark.parametrize("where", ["sshd", "common-auth"])
def test_a_module_is_found_in_the_file_and_in_what_it_includes(where: str) -> None:
    line = "auth required pam_google_authenticator.so nullok\n"
    files = {"sshd": SSHD, "common-auth": AUTH}
    files[where] += line
    pam = tuple(FileText(f"/etc/pam.d/{name}", text) for name, text in files.items())

    assert pam_second_factor(pam).modules == ("pam_google_authenticator.so",)


def test_a_commented_module_does_not_count() -> None:
    pam = (FileText("/etc/pam.d/sshd", "# auth required pam_oath.so\nauth required pam_unix.so\n"),)

    assert pam_second_factor(pam).modules == ()


def test_a_file_that_includes_itself_ends() -> None:
    assert pam_second_factor((FileText("/etc/pam.d/sshd", "auth include sshd\n"),)).modules == ()


def test_without_a_file_for_sshd_it_is_absent() -> None:
    with pytest.raises(Absent):
        pam_second_factor(())
