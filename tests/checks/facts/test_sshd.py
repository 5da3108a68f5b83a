from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.listeners import Listeners
from checks.facts.processes import Process, ProcessTable
from checks.facts.sshd import configured, effective, on_a_running_host
from checks.source import FileStat, FileText
from tests.checks.real import real

UNSEEN = (ProcessTable(()), Listeners(()), ())


def test_debian_12_as_installed_says_the_same_by_sshd_and_by_its_files() -> None:
    config = real("debian12/sshd_config")
    said = effective(real("debian12/sshd-T.txt"), config, (), *UNSEEN)
    read = configured(config, ())

    assert said.effective
    assert not read.effective
    for name in ("permitrootlogin", "passwordauthentication", "kbdinteractiveauthentication", "permitemptypasswords"):
        assert said.option(name).replace("without-password", "prohibit-password") == read.option(name)


def test_a_drop_in_that_is_included_first_wins() -> None:
    drop_in = FileText("/etc/ssh/sshd_config.d/00-pantau.conf", "PermitRootLogin no\n")
    main = "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"

    assert configured(main, (drop_in,)).option("permitrootlogin") == "no"


def test_a_drop_in_that_nothing_includes_does_not_count() -> None:
    drop_in = FileText("/etc/ssh/sshd_config.d/00-pantau.conf", "PermitRootLogin no\n")

    assert configured("PermitRootLogin yes\n", (drop_in,)).option("permitrootlogin") == "yes"


def test_an_exception_for_one_address_is_seen() -> None:
    main = "PermitRootLogin no\nMatch Address 10.0.0.0/8\n  PermitRootLogin yes\nMatch all\n  X11Forwarding no\n"

    assert configured(main, ()).matched == ("permitrootlogin yes",)


@pytest.mark.parametrize("text", ["", "\n", "<html>502</html>\n", "Permission denied\n", "PermitRootLogin 'no\n"])
def test_what_is_no_configuration_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        configured(text, ())


def test_a_value_that_cannot_be_read_is_not_repeated() -> None:
    with pytest.raises(Missing) as caught:
        configured("SetEnv 'TOKEN=secret\n", ())
    assert "secret" not in str(caught.value)


def test_a_server_that_stands_still_until_the_next_boot_is_known_as_such() -> None:
    init = ProcessTable((Process(1, 0, "systemd", "root", "", False, ("init",), 0.0),))
    sshd = FileStat("/usr/sbin/sshd", "file", 0o755, 0, 0, 1, 0.0)
    link = FileStat("/etc/systemd/system/multi-user.target.wants/ssh.service", "link", 0o777, 0, 0, 1, 0.0)
    config = real("debian12/sshd_config")

    assert on_a_running_host(config, (), init, Listeners(()), (sshd, link)).idle
    assert effective(real("debian12/sshd-T.txt"), config, (), init, Listeners(()), (sshd, link)).idle
    assert not on_a_running_host(config, (), *UNSEEN).idle


def drop_ins(*names: str) -> tuple[FileText, ...]:
    """Recorded drop-ins of Ubuntu, in the order of their names."""
    return tuple(
        FileText(f"/etc/ssh/{name.partition('/')[2].replace('.d-', '.d/')}", real(name)) for name in sorted(names)
    )


def test_what_sshd_of_el_9_says_of_itself_is_understood() -> None:
    said = effective(real("el9/sshd-T.txt"), "", (), *UNSEEN)

    wanted = ("permitrootlogin", "passwordauthentication", "kbdinteractiveauthentication", "maxauthtries", "usepam")
    assert [said.option(name) for name in wanted] == ["yes", "no", "no", "6", "yes"]


@pytest.mark.parametrize(
    ("name", "root", "passwords", "keyboard"),
    [
        ("el7/sshd_config", "no", "yes", "no"),  # ChallengeResponseAuthentication is the old name
        ("el8/sshd_config", "no", "no", "no"),
        ("ubuntu2204/sshd_config", "prohibit-password", "yes", "no"),
        ("ubuntu2404/sshd_config", "prohibit-password", "yes", "no"),
    ],
)
def test_the_files_of_other_systems_are_understood(name: str, root: str, passwords: str, keyboard: str) -> None:
    read = configured(real(name), ())

    assert read.option("permitrootlogin") == root
    assert read.option("passwordauthentication") == passwords
    assert read.option("kbdinteractiveauthentication") == keyboard


def test_on_ubuntu_the_drop_in_of_the_installer_wins_over_that_of_the_cloud_image() -> None:
    first, second = "ubuntu2204/sshd_config.d-50-cloud-init.conf", "ubuntu2204/sshd_config.d-60-cloudimg-settings.conf"
    main = real("ubuntu2204/sshd_config")

    assert configured(main, drop_ins(first, second)).option("passwordauthentication") == "yes"
    assert configured(main, drop_ins(second)).option("passwordauthentication") == "no"


def test_a_drop_in_of_ubuntu_24_04_with_an_equals_sign_is_understood() -> None:
    names = ("ubuntu2404/sshd_config.d-60-cloudimg-settings.conf", "ubuntu2404/sshd_config.d-pubkey.conf")

    assert configured(real("ubuntu2404/sshd_config"), drop_ins(*names)).option("passwordauthentication") == "no"


def test_only_allowed_users_of_a_centos_7_are_known() -> None:
    assert configured(real("el7/sshd_config"), ()).option("allowusers") == "spadmin spos1 spos2 spos3 spos4 opusr"
