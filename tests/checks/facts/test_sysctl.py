from __future__ import annotations

import pytest

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.sysctl import sysctl
from checks.source import FileText
from tests.checks.real import real

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


def of_sysctl(name: str) -> dict[str, str]:
    """What the files of /proc/sys hold whose values `sysctl -a` printed."""
    lines = [line.split(" = ") for line in real(name).splitlines()]
    files = [FileText(f"/proc/sys/{name.replace('.', '/')}", f"{value}\n") for name, value in lines]
    groups = [
        tuple(file for file in files if file.path.rpartition("/")[0].startswith(folder))
        for folder in ("/proc/sys/net/ipv4", "/proc/sys/net/ipv6")
    ]
    return sysctl(next(file.text for file in files if "randomize" in file.path), groups[0], (), groups[1]).values


def test_kernels_of_centos_7_and_ubuntu_20_04_as_installed() -> None:
    centos, ubuntu = of_sysctl("el7/sysctl-a.txt"), of_sysctl("ubuntu2004/sysctl-a.txt")

    for values in (centos, ubuntu):
        assert values["kernel.randomize_va_space"] == "2"
        assert values["net.ipv4.tcp_syncookies"] == "1"
        assert values["net.ipv4.conf.all.log_martians"] == "0"
    assert centos["net.ipv4.conf.all.rp_filter"] == "1"
    assert ubuntu["net.ipv4.conf.all.rp_filter"] == "2"
