"""What the remedies of all baselines end with: how a change that is wanted is approved."""

from __future__ import annotations

from checks.text import Text


def look_then_approve(indonesian: str, english: str) -> Text:
    """A remedy: how to look into a change, then what to do with one that is wanted."""
    return Text(
        f"{indonesian} Bila perubahannya sah: catat di register perubahan, lalu setujui keadaan baru di konsol (halaman "
        "server, Baseline).",
        f"{english} If the change is rightful: enter it in the register of changes, then approve the new state in the "
        "console (the server's page, Baseline).",
    )
