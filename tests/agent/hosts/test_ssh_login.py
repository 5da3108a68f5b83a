from __future__ import annotations

import getpass
import re

import pytest

from agent.hosts.ssh_login import Login, login


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("audit@spse.go.id", Login("audit", "spse.go.id", 22)),
        ("audit@10.0.0.5:2222", Login("audit", "10.0.0.5", 2222)),
        ("root@[fe80::1%eth0]:22", Login("root", "fe80::1%eth0", 22)),
        ("spse.go.id", Login(getpass.getuser(), "spse.go.id", 22)),
    ],
)
def test_it_is_read_as_ssh_reads_it(said: str, meant: Login) -> None:
    assert login(said) == meant


@pytest.mark.parametrize(
    "said", ["", "@", "a@", "a@b:", "a@b:0", "a@b:70000", "a b", "a@b c", "-oProxyCommand=x", "ssh://a@b", "a@b/c"]
)
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(said)}$"):
        login(said)


def test_known_hosts_and_people_read_a_port_and_an_ipv6_address_in_their_own_ways() -> None:
    assert Login("a", "h").known_as == "h"
    assert Login("a", "h", 2222).known_as == "[h]:2222"
    assert str(Login("a", "::1", 2222)) == "a@[::1]:2222"
    assert login(str(Login("a", "::1", 2222))) == Login("a", "::1", 2222)
