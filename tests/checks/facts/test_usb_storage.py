from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.usb_storage import usb_storage
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

DRIVER = (
    FileStat("/lib/modules/6.1.0-41-amd64/kernel/drivers/usb/storage/usb-storage.ko", "file", 0o644, 0, 0, 1, 0.0),
)
LOADED = "uas 32768 0 - Live 0x0000000000000000\nusb_storage 81920 1 uas, Live 0x0000000000000000\n"


def settings(text: str) -> tuple[FileText, ...]:
    return (FileText("/etc/modprobe.d/usb-storage.conf", text),)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("install usb-storage /bin/false\n", True),
        ("install usb_storage /bin/true\n", True),
        ("install  usb-storage  /usr/bin/false\n", True),
        ("install usb-storage /bin/true; modprobe -i usb-storage\n", False),
        ("# install usb-storage /bin/false\n", False),
        ("blacklist usb-storage\n", False),
        ("", False),
    ],
)
def test_only_an_install_rule_refuses_the_driver(text: str, refused: bool) -> None:
    assert usb_storage(DRIVER, "", settings(text), ()).refused is refused


def test_a_loaded_driver_is_seen_under_its_kernel_name() -> None:
    assert usb_storage(DRIVER, LOADED, (), ()).loaded
    assert not usb_storage(DRIVER, "usbcore 331776 1 ehci_hcd, Live 0x0\n", (), ()).loaded


def test_a_list_of_modules_that_makes_no_sense_is_missing() -> None:
    with pytest.raises(Missing):
        usb_storage(DRIVER, "<html>\n", (), ())


@given(mixed("usb_storage ", "install ", "usb-storage ", "/bin/false", "\n"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(usb_storage, DRIVER, text, settings(text), ())


def test_an_ubuntu_as_installed_would_mount_a_stick() -> None:
    blacklist = (FileText("/etc/modprobe.d/blacklist.conf", real("ubuntu2004/modprobe-blacklist.conf")),)
    found = usb_storage(DRIVER, real("ubuntu2004/proc-modules.txt"), blacklist, ())

    assert (found.loaded, found.refused, found.blacklisted) == (False, False, False)


def test_what_el_8_blacklists_is_another_driver() -> None:
    sctp = (FileText("/etc/modprobe.d/sctp-blacklist.conf", real("el8/modprobe-sctp-blacklist.conf")),)

    assert not usb_storage(DRIVER, LOADED, sctp, ()).blacklisted
