"""What to say where something is hidden from the reader: who is not root can do something about it, root cannot."""

from __future__ import annotations

from checks.text import Text

ROOT_OUTSIDE = Text("jalankan sebagai root, di luar kontainer", "run as root, outside any container")
"""For a parser that does not know whether it reads as root."""


def hidden_from(*, root: bool) -> Text:
    """The reason, or the way out, for a reader that is `root` or not."""
    if root:
        return Text(
            "juga root tidak melihatnya: Pantau berjalan dalam kontainer, atau kernel membatasinya",
            "not even root sees it: Pantau runs in a container, or the kernel restricts it",
        )
    return Text("jalankan sebagai root", "run as root")
