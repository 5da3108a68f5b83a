"""Texts in the two languages of the product: Indonesian first, English beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

Language: TypeAlias = Literal["id", "en"]


class Text(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One sentence or paragraph in Indonesian (`id`) and in English (`en`)."""

    id: str
    en: str

    def in_(self, language: Language) -> str:
        """This text in `language`."""
        return self.en if language == "en" else self.id


Words: TypeAlias = str | Text
"""What a verdict says: a plain `str` where both languages say the same ("83 %", "PermitRootLogin yes")."""


def words(value: Words, language: Language) -> str:
    """`value` as a string in `language`."""
    return value if isinstance(value, str) else value.in_(language)


def joined(parts: Iterable[Words], separator: str = "; ") -> Words:
    """All `parts`, each once, in order; a plain `str` if both languages say the same."""
    once = list(dict.fromkeys(parts))
    indonesian = separator.join(words(part, "id") for part in once)
    english = separator.join(words(part, "en") for part in once)
    return english if indonesian == english else Text(indonesian, english)
