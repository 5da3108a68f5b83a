from __future__ import annotations

import pytest

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.sysctl import sysctl
from checks.source import FileText

IP_FORWARD = FileText("/proc/sys/net/ipv4/ip_forward", "0\n")


def test_parameters_are_named_as_sysctl_names_them() -> None:
    redirects = FileText("/proc/sys/net/ipv4/conf/all/accept_redirects", "1\n")
    found = sysctl("2\n", (IP_FORWARD,), (redirects,), ())

    assert found.values == {
        "kernel.randomize_va_space": "2",
        "net.ipv4.ip_forward": "0",
        "net.ipv4.conf.all.accept_redirects": "1",
    }


def test_this_kernel_shows_all_that_the_checks_need() -> None:
    host = LocalHost()
    values = sysctl(*[host.read(source) for source in sysctl.sources]).values

    for name in (
        "ip_forward",
        "tcp_syncookies",
        "conf.all.rp_filter",
        "conf.default.log_martians",
        "conf.all.send_redirects",
    ):
        assert values[f"net.ipv4.{name}"].isdigit()


@pytest.mark.parametrize("aslr", ["", "yes", "2 2"])
def test_a_kernel_that_says_nonsense_is_missing(aslr: str) -> None:
    with pytest.raises(Missing):
        sysctl(aslr, (IP_FORWARD,), (), ())


def test_no_network_parameters_at_all_is_missing() -> None:
    with pytest.raises(Missing):
        sysctl("2\n", (), (), ())
