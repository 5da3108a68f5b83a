from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from agent.hosts.ssh_connection import Connection, Refused
from checks.text import words
from tests.agent.sshd import Server, keygen, sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> object:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def refused(server: Server, **changed: object) -> tuple[str, str]:
    """Why it was not connected, in both languages; nobody logged in."""
    before = server.log().count("Accepted publickey")
    with pytest.raises(Refused) as error:
        Connection(server.route(**changed)).connect()
    assert server.log().count("Accepted publickey") == before
    return words(error.value.reason, "id"), words(error.value.reason, "en")


def known(folder: Path, text: str) -> str:
    path = folder / "known_hosts"
    path.write_text(text)
    return str(path)


def host_key(server: Server) -> str:
    return (server.folder / "host_key.pub").read_text().strip()


def fingerprint(path: Path) -> str:
    return subprocess.run(["ssh-keygen", "-lf", path], capture_output=True, text=True, check=True).stdout.split()[1]


def test_a_host_whose_key_is_not_known_is_refused_with_its_fingerprint_and_what_to_do(
    server: Server, tmp_path: Path
) -> None:
    indonesian, english = refused(server, known_hosts=known(tmp_path, ""))
    for said in (
        f"[127.0.0.1]:{server.port} is not known",
        fingerprint(server.folder / "host_key.pub"),
        "ssh-keyscan -p",
    ):
        assert said in english
    assert "tidak dikenal" in indonesian
    assert (tmp_path / "known_hosts").read_text() == ""  # never learned


def test_a_host_whose_key_changed_is_refused_aloud(server: Server, tmp_path: Path) -> None:
    other = keygen(tmp_path / "other").with_suffix(".pub").read_text()
    indonesian, english = refused(server, known_hosts=known(tmp_path, f"[127.0.0.1]:{server.port} {other}"))
    assert "has CHANGED" in english
    assert "ssh-keygen -R '[127.0.0.1]:" in english
    assert "BERUBAH" in indonesian


def test_the_key_of_the_same_address_on_another_port_is_not_its_key(server: Server, tmp_path: Path) -> None:
    lines = f"127.0.0.1 {host_key(server)}\n[127.0.0.1]:1 {host_key(server)}\n"
    assert "is not known" in refused(server, known_hosts=known(tmp_path, lines))[1]


def test_a_revoked_key_is_refused_whatever_other_lines_say(server: Server, tmp_path: Path) -> None:
    lines = f"[127.0.0.1]:{server.port} {host_key(server)}\n@revoked * {host_key(server)}\n"
    assert "is revoked" in refused(server, known_hosts=known(tmp_path, lines))[1]


def test_a_certificate_authority_makes_no_host_known(server: Server, tmp_path: Path) -> None:
    assert "is not known" in refused(server, known_hosts=known(tmp_path, f"@cert-authority * {host_key(server)}\n"))[1]


def test_hashed_names_several_keys_of_one_type_and_lines_of_nonsense_are_understood(
    server: Server, tmp_path: Path
) -> None:
    other = keygen(tmp_path / "other").with_suffix(".pub").read_text()
    name = f"[127.0.0.1]:{server.port}"
    path = known(tmp_path, f"# note\n\nx\n{name} ssh-ed25519 %%%\n{name} {other}{name} {host_key(server)}\n")
    Connection(server.route(known_hosts=path)).connect()
    known(tmp_path, f"{name} {host_key(server)}\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", path], capture_output=True, check=True)
    assert "|1|" in Path(path).read_text()
    Connection(server.route(known_hosts=path)).connect()


def test_a_known_hosts_file_that_is_not_there_is_said(server: Server) -> None:
    assert "known_hosts /no/such: No such file" in refused(server, known_hosts="/no/such")[1]


def test_a_key_that_the_host_does_not_accept_is_refused_with_what_to_do(server: Server, tmp_path: Path) -> None:
    said = refused(server, identity=str(keygen(tmp_path / "stranger")))[1]
    assert "accepts none of 1 keys" in said
    assert "authorized_keys" in said


def test_a_key_that_others_may_read_or_that_has_a_passphrase_or_that_is_none_is_refused(
    server: Server, tmp_path: Path
) -> None:
    shutil.copy(server.identity, tmp_path / "open")
    (tmp_path / "open").chmod(0o644)
    assert "chmod 600" in refused(server, identity=str(tmp_path / "open"))[1]
    assert "ssh-add" in refused(server, identity=str(keygen(tmp_path / "locked", "secret")))[1]
    (tmp_path / "nonsense").write_text("nonsense")
    (tmp_path / "nonsense").chmod(0o600)
    assert "is no private SSH key" in refused(server, identity=str(tmp_path / "nonsense"))[1]
    assert "No such file" in refused(server, identity=str(tmp_path / "nothing"))[1]


def test_a_server_that_wants_a_password_too_is_refused(tmp_path: Path) -> None:
    with sshd(tmp_path, "AuthenticationMethods publickey,password", "PasswordAuthentication yes") as strict:
        assert "uses keys only" in refused(strict)[1]
