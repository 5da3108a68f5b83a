from __future__ import annotations

from datetime import UTC, date, datetime

from checks.facts.network_equipment import DeviceConfigurations, DeviceFirmware, Firmware, Kept
from checks.security.network_equipment import configuration_saved, firmware_age
from checks.text import words
from checks.verdict import Status

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_old_firmware_fails_new_passes_and_what_is_not_told_is_unknown() -> None:
    found = list(
        firmware_age(
            DeviceFirmware(
                (
                    Firmware("new", "7.20", "hEX S", date(2025, 11, 23)),
                    Firmware("edge", "7.16.1", "hEX S", date(2024, 11, 23)),
                    Firmware("old", "12.2(54)SG1", "WS-C4948E", date(2011, 1, 27)),
                    Firmware("silent", "5.20"),
                    Firmware("gone", unread="ssh: refused"),
                )
            ),
            NOW,
        )
    )
    assert [one.status for one in found] == [Status.PASS, Status.PASS, Status.FAIL, Status.UNKNOWN, Status.UNKNOWN]
    assert [one.subject for one in found] == ["new", "edge", "old", "silent", "gone"]
    assert found[2].measured == "12.2(54)SG1, 2011-01-27"
    assert words(found[3].measured, "en") == "5.20; its build date is not told"
    (stricter,) = firmware_age(DeviceFirmware((Firmware("new", "7", "", date(2025, 11, 23)),)), NOW, maximum_days=90)
    assert stricter.status is Status.FAIL


def test_a_configuration_that_is_not_saved_since_its_last_change_fails() -> None:
    early, late = datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9)
    found = list(
        configuration_saved(
            DeviceConfigurations(
                (
                    Kept("at once", at_once=True),
                    Kept("saved", changed=early, saved=late),
                    Kept("same second", changed=early, saved=early),
                    Kept("untouched", saved=early),
                    Kept("unsaved", changed=late, saved=early),
                    Kept("never", changed=late),
                    Kept("gone", unread="ssh: refused"),
                )
            )
        )
    )
    assert [one.status for one in found] == [Status.PASS] * 4 + [Status.FAIL] * 2 + [Status.UNKNOWN]
    assert words(found[4].measured, "en") == "changed 2026-01-01 09:00:00, saved 2026-01-01 08:00:00"
    assert words(found[5].measured, "en") == "changed 2026-01-01 09:00:00, never saved"
