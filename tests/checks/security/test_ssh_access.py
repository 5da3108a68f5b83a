from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.check import Check
from checks.facts.listeners import Listeners
from checks.facts.permissions import Permissions
from checks.facts.processes import ProcessTable
from checks.facts.ssh_files import SshFiles
from checks.facts.sshd import Sshd, configured, effective
from checks.security import ssh_access
from checks.verdict import Status, Verdict
from tests.checks.real import real

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
DEBIAN = effective(real("debian12/sshd-T.txt"), real("debian12/sshd_config"), (), ProcessTable(()), Listeners(()), ())
KEY = Permissions("/etc/ssh/ssh_host_rsa_key", 0o600, "root", "root")


def one(check: Check, config: str, **thresholds: int) -> Status:
    said = check(configured(config, ()), **thresholds)
    assert isinstance(said, Verdict)
    return said.status


def many(said: object) -> dict[str, Status]:
    assert isinstance(said, Iterable)
    return {verdict.subject: verdict.status for verdict in said}


def test_debian_12_as_installed_offers_a_weak_mac_only() -> None:
    assert many(ssh_access.strong_algorithms(DEBIAN)) == {"ciphers": PASS, "macs": FAIL, "kexalgorithms": PASS}


def test_a_hardened_server_passes() -> None:
    options = DEBIAN.options | {"macs": "hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com"}

    assert set(many(ssh_access.strong_algorithms(Sshd(options, effective=True))).values()) == {PASS}


def test_a_weak_cipher_that_the_file_names_fails_without_root_and_the_rest_is_unknown() -> None:
    said = many(ssh_access.strong_algorithms(configured("Ciphers aes256-ctr,aes128-cbc\nMACs -umac-64*\n", ())))

    assert said == {"ciphers": FAIL, "macs": UNKNOWN, "kexalgorithms": UNKNOWN}


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ("ClientAliveInterval 300", PASS),
        ("ClientAliveInterval 300\nClientAliveCountMax 4", FAIL),
        ("ClientAliveInterval 300\nClientAliveCountMax 0", FAIL),
        ("ClientAliveInterval 5m", FAIL),
        ("UsePAM yes", FAIL),
    ],
)
def test_silent_sessions_must_end_within_a_quarter_of_an_hour(config: str, status: Status) -> None:
    assert one(ssh_access.idle_timeout, config) is status


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ("AllowGroups ssh-admin", PASS),
        ("AllowUsers budi siti@10.1.2.3", PASS),
        ("AllowUsers *", FAIL),
        ("DenyUsers root", FAIL),
        ("UsePAM yes", FAIL),
    ],
)
def test_a_list_of_those_who_may_log_in_is_wanted(config: str, status: Status) -> None:
    assert one(ssh_access.named_users, config) is status


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ("DisableForwarding yes", PASS),
        ("AllowTcpForwarding no", PASS),
        ("AllowTcpForwarding local", FAIL),
        ("DisableForwarding yes\nMatch User dba\nAllowTcpForwarding yes", PASS),
        ("AllowTcpForwarding no\nMatch User dba\nAllowTcpForwarding yes", FAIL),
        ("UsePAM yes", FAIL),
    ],
)
def test_forwarding_must_be_off_for_everybody(config: str, status: Status) -> None:
    assert one(ssh_access.no_forwarding, config) is status


def test_debian_as_installed_lets_everybody_read_its_configuration() -> None:
    main = Permissions("/etc/ssh/sshd_config", 0o644, "root", "root")
    public = Permissions("/etc/ssh/ssh_host_rsa_key.pub", 0o644, "root", "root")

    assert list(many(ssh_access.file_permissions(SshFiles((main,), (KEY,), (public,)))).values()) == [FAIL, PASS, PASS]


@pytest.mark.parametrize(
    ("mode", "group", "status"),
    [(0o600, "root", PASS), (0o640, "ssh_keys", PASS), (0o640, "root", FAIL), (0o644, "root", FAIL)],
)
def test_private_keys_belong_to_root_or_the_keys_group_of_el(mode: int, group: str, status: Status) -> None:
    key = Permissions(KEY.path, mode, "root", group)

    assert many(ssh_access.file_permissions(SshFiles((), (key,), ()))) == {KEY.path: status}


def test_a_server_without_visible_keys_is_not_called_good() -> None:
    assert UNKNOWN in many(ssh_access.file_permissions(SshFiles((), (), ()))).values()
