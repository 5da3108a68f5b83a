from __future__ import annotations

import pytest

from checks.facts.removable_media import Medium, RemovableMedia
from checks.facts.usb_storage import UsbStorage
from checks.security import devices
from checks.text import words
from checks.verdict import Status, Verdict


@pytest.mark.parametrize(
    ("loaded", "refused", "blacklisted", "status"),
    [
        (False, True, True, Status.PASS),
        (False, True, False, Status.PASS),
        (True, True, True, Status.FAIL),
        (False, False, True, Status.FAIL),
        (False, False, False, Status.FAIL),
    ],
)
def test_the_driver_must_be_refused_and_not_loaded(
    loaded: bool, refused: bool, blacklisted: bool, status: Status
) -> None:
    said = devices.usb_storage(UsbStorage(loaded, refused, blacklisted))

    assert isinstance(said, Verdict)
    assert said.status is status


def test_a_host_without_the_driver_is_not_meant() -> None:
    assert devices.usb_storage.absent is Status.NOT_APPLICABLE


def test_no_media_pass_and_any_wants_a_record_of_the_visit() -> None:
    none = devices.removable(RemovableMedia(()))
    some = devices.removable(RemovableMedia((Medium("sdb", 16 << 30, True), Medium("sr0", 1 << 20, False))))

    assert isinstance(none, Verdict)
    assert isinstance(some, Verdict)
    assert (none.status, some.status) == (Status.PASS, Status.WARN)
    assert words(some.measured, "en") == "sdb 16 GiB USB, sr0 1 MiB: needs a server-room visit record"
