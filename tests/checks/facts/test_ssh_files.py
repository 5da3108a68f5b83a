from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.ssh_files import ssh_files
from checks.source import FileStat

GROUPS = "root:x:0:\nssh_keys:x:998:\n"


def stat(name: str, mode: int, gid: int = 0, kind: str = "file") -> FileStat:
    return FileStat(f"/etc/ssh/{name}", kind, mode, 0, gid, 1, 0.0)


def test_keys_and_configuration_are_told_apart() -> None:
    main = stat("sshd_config", 0o600)
    files = (
        main, stat("sshd_config.d/50-redhat.conf", 0o600), stat("ssh_host_rsa_key", 0o640, 998),
        stat("ssh_host_rsa_key.pub", 0o644),
    )  # fmt: skip
    found = ssh_files((main,), files, GROUPS)

    assert [file.path for file in found.configuration] == [
        "/etc/ssh/sshd_config",
        "/etc/ssh/sshd_config.d/50-redhat.conf",
    ]
    assert [file.words for file in found.private_keys] == ["0640 root:ssh_keys"]
    assert [file.words for file in found.public_keys] == ["0644 root:root"]


def test_a_configuration_that_is_no_file_is_missing() -> None:
    main = stat("sshd_config", 0o777, kind="link")
    with pytest.raises(Missing):
        ssh_files((main,), (main,), GROUPS)
