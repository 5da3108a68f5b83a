from __future__ import annotations

from checks.security.approval import look_then_approve


def test_a_remedy_first_says_how_to_look_then_how_to_approve_in_both_languages() -> None:
    said = look_then_approve("Lihat `ss -lntup`.", "Look at `ss -lntup`.")
    assert said.id.startswith("Lihat `ss -lntup`. Bila perubahannya sah: catat di register perubahan")
    assert said.en.startswith("Look at `ss -lntup`. If the change is rightful: enter it in the register of changes")
    assert said.id.endswith("di konsol (halaman server, Baseline).")
    assert said.en.endswith("in the console (the server's page, Baseline).")
