from __future__ import annotations

import os
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.base import Host
from agent.hosts.local import LocalHost
from agent.hosts.ssh import SshHost
from agent.hosts.ssh_connection import Connection
from agent.hosts.ssh_login import Login
from checks.fact import Absent, After, Missing, Unread
from checks.facts.memory import Memory
from checks.source import Answer, Command, File, Glob, Http, Source, Sql, Stat
from checks.text import words
from tests.agent.hosts.conformance import Conformance
from tests.agent.sshd import Server, free_port, keygen, sshd
from tests.spse_stand_in import spse

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="makes a user, which takes root")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture(scope="module")
def far(server: Server) -> Iterator[SshHost]:
    host = server.host()
    yield host
    host.connection.close()


class TestOverSsh(Conformance):
    """The laws of every host, at the other end of SSH."""

    @pytest.fixture
    def host(self, far: SshHost) -> Host:
        return far

    def path(self, folder: Path, name: str) -> str:
        return str(folder / name)


HOSTILE = [
    "a b", "a\nfind: 'x': Permission denied", "'", '"$(id)"', "`id`", "-delete", "*", "\\", "ü", "\udcff\udcfe",
]  # fmt: skip


def both(far: SshHost, source: Source[object]) -> tuple[object, object]:
    """What this machine says of itself, and what it says over SSH."""
    said: list[object] = []
    for host in (LocalHost(), far):
        try:
            said.append(host.read(source))
        except Unread as error:
            said.append(Absent if isinstance(error, Absent) else Missing)
    return said[0], said[1]


def test_files_of_hostile_names_are_the_same_over_ssh(far: SshHost, tmp_path: Path) -> None:
    for name in HOSTILE:
        (tmp_path / name).write_text(f"text of {name!a}\n\0.\0!\0")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / HOSTILE[1])
    (tmp_path / "broken").symlink_to("/nonexistent")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / ".hidden").write_text("x")
    for source in (
        Stat((f"{tmp_path}/*",)), Stat((f"{tmp_path}/.*", f"{tmp_path}/loop/x", f"{tmp_path}/a b/x")),
        Glob(f"{tmp_path}/[!bl]*"), Stat((f"{tmp_path}/?",)), Stat((f"{tmp_path}/[",)),
        Stat((f"{tmp_path}/nothing/*",)), Glob(f"{tmp_path}/link"), Glob(f"{tmp_path}/broken"),
        Glob(f"{tmp_path}/loop"), File(f"{tmp_path}/loop"), File(f"{tmp_path}/broken"), File(f"{tmp_path}/folder"),
        File(f"{tmp_path}/a b/x"), Stat(("/../etc/passwd", "/etc/./group", "/etc//hosts")),
        Stat((), folders=(f"{tmp_path}/folder/..",), below=("*", "*/*")),
        *(File(f"{tmp_path}/{name}") for name in HOSTILE),
    ):  # fmt: skip
        here, there = both(far, source)
        assert there == here, source.describe()


def test_too_much_is_crowded_or_missing_as_it_is_locally(far: SshHost, tmp_path: Path) -> None:
    for number in range(2005):
        (tmp_path / f"full{number % 2}").mkdir(exist_ok=True)
        (tmp_path / "full0" / f"{number}.sql").touch()
    for number in range(52):
        (tmp_path / "many" / f"{number}").mkdir(parents=True)
    for source in (
        Stat((f"{tmp_path}/full0/*",)), Glob(f"{tmp_path}/full0/*"),
        Stat((), folders=(f"{tmp_path}/*",), below=("*.sql", "*/*.sql")),
        Stat((), folders=(f"{tmp_path}/many/*",), below=("*",)),
    ):  # fmt: skip
        here, there = both(far, source)
        assert there == here, source.describe()


def test_a_command_gives_its_output_its_exit_code_and_its_words(far: SshHost, tmp_path: Path) -> None:
    assert far.read(Command(("printf", "%s|", "a b", "'\n$(id)", ""))) == "a b|'\n$(id)||"
    assert far.read(Command(("sh", "-c", "echo a; exit 3"), ok=(3,))) == "a\n"
    with pytest.raises(Missing, match="sh ended with code 4: no such thing"):
        far.read(Command(("sh", "-c", "echo 'sh: no such thing' >&2; exit 4")))
    assert far.read(Command(("sh", "-c", "echo $LC_ALL $HOME $(pwd); nice"), heavy=True)) == "C /nonexistent /\n19\n"
    assert far.read(Command(("wc", "-c"))) == "0\n"  # standard input is empty


def test_a_program_that_is_not_there_is_missing_and_absent_where_it_is_the_thing(far: SshHost, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="the command pantau-no-such is not installed"):
        far.read(Command(("pantau-no-such",)))
    with pytest.raises(Absent):
        far.read(Command(("pantau-no-such",), is_the_thing=True))
    with pytest.raises(Missing, match="not installed"):
        far.read(Command((f"{tmp_path}/x",)))
    assert far.read(Command(("/bin/echo", "x"))) == "x\n"


def test_a_command_that_hangs_is_missing_in_time_and_ended_over_there(server: Server) -> None:
    host = server.host()
    host.connection.connect()
    begin = time.monotonic()
    with pytest.raises(Missing, match=r"sleep did not end within 1 s"):
        host.read(Command(("sleep", "987.125"), timeout=1.0))
    assert time.monotonic() - begin < 5
    assert host.read(Command(("echo", "on"))) == "on\n"  # the connection goes on
    deadline = time.monotonic() + 20
    while subprocess.run(["pgrep", "-f", "^sleep 987.125"], stdout=subprocess.DEVNULL, check=False).returncode == 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    host.connection.close()


def test_a_hundred_megabytes_are_cut_off_at_the_limit(far: SshHost, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="head printed more than 1048576 bytes"):
        far.read(Command(("head", "-c", "100000000", "/dev/zero")))
    with (tmp_path / "large.log").open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(Missing, match=r"large\.log is larger than 1048576 bytes"):
        far.read(File(f"{tmp_path}/large.log"))
    assert far.read(Command(("echo", "on"))) == "on\n"


def test_a_flood_on_stderr_blocks_nothing(far: SshHost) -> None:
    flood = "head -c 20000000 /dev/zero >&2; echo done"
    assert far.read(Command(("sh", "-c", flood))) == "done\n"
    with pytest.raises(Missing, match="did not end within"):
        far.read(Command(("sh", "-c", "while :; do echo flood >&2; done"), timeout=1.0))


def test_a_connection_that_is_cut_in_the_middle_makes_the_rest_missing_never_absent(tmp_path: Path) -> None:
    with sshd(tmp_path) as own:
        host = own.host()
        assert host.read(Command(("echo", "salam"))) == "salam\n"
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                host.read(Command(("sleep", "20"), timeout=25.0, is_the_thing=True))
            except BaseException as error:  # noqa: BLE001 - looked at below
                failures.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(1)
        children = subprocess.run(["pgrep", "-P", str(own.process.pid)], capture_output=True, text=True, check=True)
        for child in children.stdout.split():
            os.kill(int(child), 9)
        asking.join(10)
        assert not asking.is_alive()
        assert [type(error) for error in failures] == [Missing]
        begin = time.monotonic()
        for source in (File("/nonexistent"), Command(("x",), is_the_thing=True), Stat(("/nonexistent",))):
            with pytest.raises(Missing, match="was cut"):
                host.read(source)
        assert time.monotonic() - begin < 2  # nobody waits for what is gone
        host.connection._not_before = 0.0  # half a minute later
        assert host.read(Command(("echo", "again"))) == "again\n"


def test_nobody_listening_is_missing_once_and_then_at_once() -> None:
    host = SshHost(Connection(Server(Path("/nonexistent"), free_port(), None).route()))  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(Missing, match=r"ssh .*@127\.0\.0\.1:\d+: .*refused"):
            host.read(File("/etc/passwd"))
    assert host.connection._pause == 60.0  # one attempt


def test_a_host_whose_commands_all_hang_is_left_alone_for_a_while(server: Server) -> None:
    host = server.host()
    for _ in range(6):
        with pytest.raises(Missing, match="did not end"):
            host.read(Command(("sleep", "9"), timeout=0.2))
    begin = time.monotonic()
    with pytest.raises(Missing, match="did not end"):
        host.read(Command(("sleep", "9"), timeout=5.0))
    assert time.monotonic() - begin < 1


def test_a_jump_host_leads_to_one_behind_it(server: Server, tmp_path: Path) -> None:
    with sshd(tmp_path) as behind:
        known = tmp_path / "both"
        known.write_text(server.known_hosts.read_text() + behind.known_hosts.read_text())
        with (behind.folder / "authorized_keys").open("a") as keys:
            keys.write((server.folder / "identity.pub").read_text())
        host = SshHost(Connection(server.route(login=behind.login, jumps=(server.login,), known_hosts=str(known))))
        assert host.read(Command(("echo", "behind"))) == "behind\n"
        assert "Accepted publickey" in behind.log()
        host.connection.close()
        blind = server.route(login=behind.login, jumps=(server.login,))  # it does not know the key of the second
        with pytest.raises(Missing, match="is not known"):
            SshHost(Connection(blind)).read(Command(("echo", "x")))


def test_one_session_at_a_time_is_enough(tmp_path: Path) -> None:
    with sshd(tmp_path, "MaxSessions 1") as strict:
        host = strict.host()
        said: list[str] = []
        threads = [threading.Thread(target=lambda: said.append(host.read(Command(("echo", "x"))))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert said == ["x\n"] * 6
        host.connection.close()


def test_a_login_shell_that_talks_spoils_nothing(tmp_path: Path) -> None:
    with sshd(tmp_path) as noisy:
        (noisy.folder / "home" / ".bashrc").write_text(
            "echo Selamat datang; echo rm: cannot remove x: No such file or directory >&2; head -c 300000 /dev/zero\n"
        )
        host = noisy.host()
        assert host.read(File("/etc/passwd")) == Path("/etc/passwd").read_text()
        with pytest.raises(Absent):
            host.read(File("/nonexistent"))
        host.connection.close()


def test_an_account_without_a_shell_is_refused_with_what_to_do(tmp_path: Path) -> None:
    for number, command in enumerate(("/bin/false", "/bin/echo This account is currently not available.", "/bin/cat")):
        folder = tmp_path / str(number)
        with sshd(folder, f"ForceCommand {command}") as closed, pytest.raises(Missing, match="no POSIX shell"):
            closed.host().read(File("/etc/passwd"))


@pytest.fixture
def person() -> Iterator[str]:
    """A user of this machine without any right, for as long as a test lasts."""
    name = f"pantau-{secrets.token_hex(4)}"
    subprocess.run(["useradd", "-M", "-d", "/", "-s", "/bin/sh", "-p", "*", name], check=True)
    yield name
    subprocess.run(["userdel", "-f", name], check=False, capture_output=True)
    Path(f"/etc/sudoers.d/{name}").unlink(missing_ok=True)


def as_person(server: Server, name: str, *, sudo: bool = False) -> SshHost:
    server.folder.chmod(0o755)
    for parent in server.folder.parents:
        if str(parent) not in {"/", "/tmp"}:
            parent.chmod(parent.stat().st_mode | 0o111)
    (server.folder / "authorized_keys").chmod(0o644)
    return server.host(login=Login(name, "127.0.0.1", server.port), sudo=sudo)


@ROOT
def test_without_root_what_may_not_be_seen_is_missing_never_absent(server: Server, person: str, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "x.conf").write_text("x")
    closed.chmod(0o700)
    tmp_path.chmod(0o755)
    host = as_person(server, person)
    sources: list[Source[object]] = [
        File("/etc/shadow"), File(f"{closed}/x.conf"), File(f"{closed}/nothing"), Glob(f"{closed}/*.conf"), Stat((f"{closed}/*",)),
        Stat((f"{closed}/x.conf",)), Stat((f"{closed}/nothing",)), Stat((), folders=(f"{closed}/*",), below=("*",)),
        Glob(f"{closed}/nothing"),
    ]  # fmt: skip
    for source in sources:
        with pytest.raises(Missing, match="permission denied; log in as root or use --sudo"):
            host.read(source)
    assert host.read(File("/etc/passwd"))
    assert not host.connection.root
    host.connection.close()


@ROOT
def test_sudo_reads_as_root_where_it_is_allowed_and_otherwise_it_is_missing_and_said(
    server: Server, person: str, caplog: pytest.LogCaptureFixture
) -> None:
    if not Path("/usr/bin/sudo").exists():
        pytest.skip("no sudo here")
    refused = as_person(server, person, sudo=True)
    with pytest.raises(Missing, match="permission denied"):
        refused.read(File("/etc/shadow"))
    assert "event=sudo_refused" in caplog.text
    assert "password is required" in caplog.text
    refused.connection.close()
    rule = Path(f"/etc/sudoers.d/{person}")
    rule.write_text(f"{person} ALL=(ALL) NOPASSWD: /usr/bin/env\n")
    rule.chmod(0o440)
    host = as_person(server, person, sudo=True)
    assert host.read(File("/etc/shadow")) == Path("/etc/shadow").read_text()
    assert host.read(Command(("id", "-u"))) == "0\n"
    with pytest.raises(Missing, match="did not end"):
        host.read(Command(("sleep", "543.25"), timeout=0.5))
    host.connection.close()


def test_http_on_the_far_side_is_asked_there_by_number(far: SshHost) -> None:
    with spse() as stand_in:
        for url in (f"http://127.0.0.1:{stand_in.port}/eproc4", f"http://localhost:{stand_in.port}/eproc4/metrics"):
            here, there = LocalHost().read(Http(url)), far.read(Http(url))
            assert (here.status, here.text) == (there.status, there.text)
            assert isinstance(there, Answer)
            assert {k: v for k, v in here.headers.items() if k != "date"} == {
                k: v for k, v in there.headers.items() if k != "date"
            }
        assert far.read(Http(f"http://127.0.0.1:{stand_in.port}/eproc4", method="HEAD")).text == ""
    for url in ("http://10.0.0.1/", "https://127.0.0.1/", "http://127.0.0.1/\nx", "file:///etc/passwd", "http://[::1"):
        with pytest.raises(Missing):
            far.read(Http(url))
    with pytest.raises(Missing, match=r"127\.0\.0\.1:1/"):
        far.read(Http("http://127.0.0.1:1/"))


def test_a_database_that_does_not_answer_is_missing_in_postgresqls_own_words(far: SshHost) -> None:
    with pytest.raises(Missing, match=r"^PostgreSQL: ") as error:
        far.read(Sql("SELECT 1", database="host=/nowhere"))
    assert "runuser" not in words(error.value.reason, "en")


def test_what_no_host_can_read_is_missing_and_what_follows_a_fact_is_for_the_survey(far: SshHost) -> None:
    class Smell(Source[str]):
        def describe(self) -> str:
            return "smell"

    with pytest.raises(Missing, match="smell: not over SSH"):
        far.read(Smell())
    with pytest.raises(TypeError, match="must be resolved by the survey"):
        far.read(After(Memory, "file {x}", lambda memory: File("/x")))


def test_an_encrypted_key_in_an_agent_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    key = keygen(tmp_path / "locked")
    with (server.folder / "authorized_keys").open("a") as keys:
        keys.write(key.with_suffix(".pub").read_text())
    agent = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not (tmp_path / "agent").exists():
            time.sleep(0.05)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        monkeypatch.setenv("HOME", str(tmp_path))
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        host = server.host(identity="")
        assert host.read(Command(("echo", "x"))) == "x\n"
        host.connection.close()
    finally:
        agent.terminate()
        agent.wait(5)
