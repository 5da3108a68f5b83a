from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.outbound import MOST, Connection, Outbound, outbound
from checks.source import Command
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read
from tests.checks.real import real

HEADER = "State      Recv-Q Send-Q Local Address:Port               Peer Address:Port              \n"
# EL7 prints IPv6 without brackets: as in the Argus documentation (ss -tnpl on EL7), shortened to one line of each kind.
EL7 = f"""{HEADER}LISTEN     0      50      :::9090                 :::*          users:(("java",pid=8030,fd=63))
LISTEN     0      50      ::ffff:127.0.0.1:8151   :::*          users:(("java",pid=8030,fd=58))
ESTAB      0      0       ::ffff:10.0.0.173:9090  ::ffff:36.66.1.2:52144  users:(("java",pid=8030,fd=70))
ESTAB      0      0       ::ffff:10.0.0.173:40112 ::ffff:103.55.160.11:443 users:(("java",pid=8030,fd=71))
ESTAB      0      0       10.0.0.173:40113        10.0.0.5:25   users:(("postmaster",pid=91,fd=4),("postmaster",pid=92,fd=4))
ESTAB      0      0       10.0.0.173:40114        9.9.9.9:443   users:(("apt",pid=99,fd=4))
"""
# CentOS 6: no "pid=" and "fd=".
EL6 = f'{HEADER}ESTAB 0 0 10.0.0.173:40112 ::ffff:8.8.8.8:443 users:(("java",8030,71))\n'

# In a network namespace of its own: something called java (a copy of this interpreter) connects to "the internet".
STAGE = """
import shutil, socket, subprocess, sys
for words in (("link", "set", "lo", "up"), ("addr", "add", "8.8.8.8/32", "dev", "lo"), ("addr", "add", "10.7.7.7/32", "dev", "lo")):
    subprocess.run(("ip", *words), check=True)
server = socket.create_server(("8.8.8.8", 443))
code = "import socket,time; s=socket.create_connection(('8.8.8.8',443)); print('up',flush=True); time.sleep(60)"
children = [subprocess.Popen([program, "-c", code], stdout=subprocess.PIPE) for program in sys.argv[1:]]
for child in children:
    child.stdout.readline()
print(subprocess.run(["ss", *"-tanp state established state syn-sent state close-wait state listening".split()],
      capture_output=True, text=True, check=True).stdout, end="")
for child in children:
    child.kill()
"""


def test_what_java_opened_is_told_and_what_it_accepted_is_not(tmp_path: Path) -> None:
    java = tmp_path / "java"
    shutil.copy(Path(sys.executable).resolve(), java)
    ran = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", STAGE, str(java), sys.executable],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "Operation not permitted" in ran.stderr:
        pytest.skip(f"no network namespaces here: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr

    found = outbound(ran.stdout)

    assert found == Outbound((Connection("java", "8.8.8.8", 443),), 1)
    assert found.connections[0].public


def test_addresses_without_brackets_are_read_and_clients_are_left_out() -> None:
    assert outbound(EL7) == Outbound(
        (Connection("java", "103.55.160.11", 443), Connection("postgres", "10.0.0.5", 25)), 2
    )
    assert outbound(EL6) == Outbound((Connection("java", "8.8.8.8", 443),), 1)


def test_whose_process_cannot_be_seen_is_told_without_a_name() -> None:
    assert outbound(f"{HEADER}SYN-SENT 0 1 10.0.0.2:40112 [2001:4860:4860::8888]:443\n").connections == (
        Connection("", "2001:4860:4860::8888", 443),
    )


def test_loopback_and_link_scopes_are_understood() -> None:
    lines = "ESTAB 0 0 [::1]:5 [::1]:6\nESTAB 0 0 [fe80::1]%eth0:22 [fe80::2]%eth0:7\nLISTEN 0 9 0.0.0.0%lo:68 *:*\n"
    assert outbound(HEADER + lines).connections == (Connection("", "fe80::2", 7),)


def test_only_so_many_are_told_public_ones_first() -> None:
    lines = [f"ESTAB 0 0 10.0.0.2:4{n:03} 10.0.1.{n}:443" for n in range(30)]
    found = outbound(HEADER + "\n".join([*lines, "ESTAB 0 0 10.0.0.2:5000 8.8.8.8:443"]))
    assert (len(found.connections), found.total) == (MOST, 31)
    assert found.connections[0].address == "8.8.8.8"


@pytest.mark.parametrize("text", ["", "ss: command not found", f"{HEADER}ESTAB 0 0 here there", f"{HEADER}ESTAB 0 0\n"])
def test_what_is_no_table_of_sockets_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        outbound(text)


def test_this_machine_is_read() -> None:
    (source,) = outbound.sources
    assert isinstance(source, Command)
    assert isinstance(read(Outbound), Outbound)


@given(mixed(HEADER, "ESTAB 0 0 ", "10.0.0.1:4 ", "8.8.8.8:443 ", 'users:(("java",pid=1,fd=2))', "\n", "[::1]:9 "))
def test_any_text_gives_connections_or_says_why(text: str) -> None:
    found = gives_or_says_why(outbound, HEADER + text)
    assert found is None or isinstance(found, Outbound)


def test_a_tomcat_that_only_listens_has_opened_nothing() -> None:
    listening = real("linux/ss-java.txt")
    assert outbound(listening) == Outbound()

    out = 'ESTAB 0 0 [::ffff:10.0.0.173]:40112 [::ffff:103.55.160.11]:443 users:(("java",pid=38123,fd=71))\n'
    answered = 'ESTAB 0 0 [::ffff:10.0.0.173]:8080 [::ffff:36.66.1.2]:52144 users:(("java",pid=38123,fd=70))\n'
    assert outbound(listening + out + answered).connections == (Connection("java", "103.55.160.11", 443),)
