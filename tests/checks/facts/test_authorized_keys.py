from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Absent, Missing
from checks.facts import authorized_keys as module
from checks.facts.authorized_keys import (
    USUAL,
    AuthorizedKeys,
    KeyFiles,
    KeyPlaces,
    authorized_keys,
    key_files,
    key_places,
)
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read
from tests.checks.real import real

# Public halves of keys that were made for this test.
ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
HEAD = "s 0 2000 /etc/passwd\n/etc/passwd\0root:x:0:0:root:/root:/bin/bash\n"
ME = pwd.getpwuid(os.geteuid()).pw_name


def make(folder: Path, kind: str, comment: str = "budi@laptop hunter2") -> tuple[str, str]:
    """A new key pair of `kind`: the line of its public half, and its fingerprint as ssh-keygen says it."""
    path = folder / f"key_{kind}"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", comment, "-f", path], check=True)
    said = subprocess.run(["ssh-keygen", "-lf", path], check=True, capture_output=True, text=True)
    return path.with_suffix(".pub").read_text().strip(), said.stdout.split()[1]


def passwd(*homes: tuple[str, Path | str]) -> str:
    me = os.geteuid()
    return "root:x:0:0:root:/nonexistent:/bin/bash\n" * bool(me) + "".join(
        f"{name}:x:{me if number == 0 else 20000 + number}:0:Budi hunter2:{home}:/bin/bash\n"
        for number, (name, home) in enumerate(homes)
    )


def survey(accounts: str, *configuration: FileText) -> AuthorizedKeys:
    """The chain of recipes, over the real files that `accounts` leads to."""
    host = LocalHost()
    places = key_places(accounts, configuration, ())
    files = key_files(host.read(module._existing(places)))
    return authorized_keys(accounts, configuration, (), host.read(module._read(files)))


def test_a_key_stands_with_account_file_owner_fingerprint_and_options_and_without_comment(tmp_path: Path) -> None:
    home = tmp_path / "andi"
    (home / ".ssh").mkdir(parents=True)
    lines, prints = zip(*(make(tmp_path, kind) for kind in ("ed25519", "ecdsa", "rsa")), strict=True)
    file = home / ".ssh/authorized_keys"
    file.write_text(
        f"# hunter2\n{lines[0]}\n\n"
        f'from="10.0.0.0/8,!10.1.1.1",no-pty,command="backup --password \\"hunter2, x\\"" {lines[1]}\n'
        f"cert-authority,environment=\"TOKEN=hunter2\"\t{lines[2]}\n"
    )  # fmt: skip

    found = survey(passwd(("andi", home)))

    assert {line.split(" ")[4] for line in found.items} == set(prints)
    assert all(line.startswith(f"andi {file} (andi) ") for line in found.items)
    said = "\n".join(found.items)
    assert "hunter2" not in said
    assert 'from="10.0.0.0/8,!10.1.1.1",no-pty,command=sha256:' in said
    assert "cert-authority,environment=sha256:" in said


def test_the_same_key_bound_to_another_command_is_another_item(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    line, _ = make(tmp_path, "ed25519")
    said = []
    for command in ("/usr/bin/backup", "/bin/bash"):
        (tmp_path / ".ssh/authorized_keys").write_text(f'command="{command}" {line}\n')
        said.append(survey(passwd(("andi", tmp_path))).items)
    assert said[0] != said[1]


def test_service_accounts_second_files_and_files_of_the_configuration_are_read_too(tmp_path: Path) -> None:
    line, fingerprint = make(tmp_path, "ed25519")
    for path in ("postgres/.ssh/authorized_keys2", "keys/andi", "ca.pub"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(line + "\n")
    configuration = FileText(
        "/etc/ssh/sshd_config",
        f"Match Group sftp\n  AuthorizedKeysFile %h/none {tmp_path}/keys/%u\nTrustedUserCAKeys {tmp_path}/ca.pub\n",
    )

    found = survey(passwd(("andi", "/nonexistent"), ("postgres", tmp_path / "postgres")), configuration)

    assert [line.split(" ")[:2] for line in found.items] == [
        ["TrustedUserCAKeys", f"{tmp_path}/ca.pub"],
        ["andi", f"{tmp_path}/keys/andi"],
        ["postgres", f"{tmp_path}/postgres/.ssh/authorized_keys2"],
    ]
    assert all(fingerprint in line for line in found.items)


def test_hostile_files_neither_hold_up_nor_leak(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    secret = tmp_path / "secret"
    secret.write_text("root:$6$hunter2$hash:1::::::\nssh-ed25519 hunter2\n")
    (tmp_path / ".ssh/authorized_keys").symlink_to(secret)
    os.mkfifo(tmp_path / ".ssh/authorized_keys2")

    found = survey(passwd(("andi", tmp_path)))

    assert found.items == (f"andi {tmp_path}/.ssh/authorized_keys lines that are no key: 2",)


def test_an_empty_file_and_no_file_are_no_key(tmp_path: Path) -> None:
    assert survey(passwd(("andi", tmp_path))).count == 0
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/authorized_keys").touch()
    assert survey(passwd(("andi", tmp_path))).count == 0


def test_a_file_that_is_too_large_is_missing_not_half_read(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    with (tmp_path / ".ssh/authorized_keys").open("wb") as file:
        file.truncate(5 << 30)
    with pytest.raises(Missing, match="larger"):
        survey(passwd(("andi", tmp_path)))


def test_the_default_places_are_those_of_sshd_itself() -> None:
    assert f"authorizedkeysfile {' '.join(USUAL)}\n" in real("debian12/sshd-T.txt")


def test_a_program_that_gives_keys_is_told_without_what_it_is_given() -> None:
    configuration = (
        FileText(
            "/etc/ssh/sshd_config",
            "AuthorizedKeysCommand /usr/bin/keys hunter2 %u\nauthorizedkeyscommanduser x\nAuthorizedPrincipalsFile none\n",
        ),
    )
    (said,) = authorized_keys("root:x:0:0::/root:/bin/sh\n", configuration, (), HEAD).items
    assert said.startswith("sshd authorizedkeyscommand /usr/bin/keys sha256:")
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "include", ["/etc/ssh/sshd_config.d/*.conf", "/etc/crypto-policies/back-ends/opensshserver.config"]
)
def test_usual_includes_are_followed_and_others_are_missing(include: str) -> None:
    accounts = "root:x:0:0::/root:/bin/sh\n"
    assert key_places(accounts, (FileText("/etc/ssh/sshd_config", f"Include {include}\n"),), ()).paths
    with pytest.raises(Missing, match="/opt/x"):
        key_places(accounts, (FileText("/etc/ssh/sshd_config", f"Include {include} /opt/x\n"),), ())


@pytest.mark.parametrize(
    "printed",
    ["", "\n", "find: permission denied\n", HEAD + f"/root/.ssh/authorized_keys\0{ED}\n", HEAD + "/etc/shadow\0x\n"],
)
def test_output_that_makes_no_sense_is_missing_and_is_not_repeated(printed: str) -> None:
    with pytest.raises(Missing) as caught:
        authorized_keys("root:x:0:0::/root:/bin/sh\n", (), (), printed)
    assert ED not in str(caught.value)


def test_where_one_may_not_look_is_missing(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        return  # root may look everywhere; as anyone else this is what a foreign home says
    home = tmp_path / "closed"
    home.mkdir(mode=0)
    with pytest.raises(Missing):
        survey(passwd(("andi", home)))


def test_odd_homes_are_taken_as_they_are(tmp_path: Path) -> None:
    home = tmp_path / "a[b]*?"
    (home / ".ssh").mkdir(parents=True)
    line, fingerprint = make(tmp_path, "ed25519")
    (home / ".ssh/authorized_keys").write_text(line)
    (only,) = survey(passwd(("andi", home))).items
    assert fingerprint in only


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, as the recipe says")
def test_this_machine_is_read() -> None:
    assert read(AuthorizedKeys).count == len(read(AuthorizedKeys).items)
    assert read(KeyFiles).paths == tuple(path for path in read(KeyPlaces).paths if Path(path).is_file())


@given(mixed("/root/.ssh/authorized_keys\0", "s 0 1 /root/.ssh/authorized_keys\n", ED, 'from="', "\n", ","))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    accounts = "root:x:0:0::/root:/bin/sh\n"
    files = (FileText("/etc/ssh/sshd_config", text),)
    gives_or_says_why(authorized_keys, accounts, (), (), HEAD + text)
    gives_or_says_why(authorized_keys, accounts, files, (), HEAD)
    gives_or_says_why(key_places, text, files, ())
    gives_or_says_why(key_places, accounts, files, files)


def test_absence_is_never_said_of_keys() -> None:
    with pytest.raises(Absent):  # /etc/passwd is always asked for; without it there is no host
        LocalHost("/nonexistent").read(module._existing(KeyPlaces(())))
