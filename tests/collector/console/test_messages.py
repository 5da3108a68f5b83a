from __future__ import annotations

import gettext

from tests.collector.console.messages import MO, Message, catalog, wanted

RUN = "run `python -m tests.collector.console.messages`"


def key(message: Message) -> str:
    msgid, context = message
    return f"{context}\x04{msgid}" if context else msgid


def test_every_message_has_an_english_text() -> None:
    known = catalog()
    missing = [
        message
        for message in wanted()
        if not (held := known.get(message[0], message[1])) or not held.string or held.fuzzy
    ]
    assert missing == [], RUN


def test_no_english_text_is_left_over() -> None:
    said = wanted()
    assert [m.id for m in catalog() if m.id and (m.id, m.context) not in said] == [], RUN


def test_the_compiled_catalogue_is_current() -> None:
    with MO.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [m.id for m in catalog() if m.id and compiled._catalog.get(key((m.id, m.context))) != m.string]  # type: ignore[attr-defined]
    assert stale == [], RUN


def test_translations_keep_their_placeholders() -> None:
    def names(text: object) -> set[str]:
        return {part.partition(")")[0] for part in str(text).split("%(")[1:]}

    assert [m.id for m in catalog() if m.id and names(m.id) != names(m.string)] == []


def test_no_message_is_its_own_translation() -> None:
    """It would be one that was forgotten, but for words that both languages share."""
    shared = {"Auditor", "Baseline", "Boot", "English", "Server"}
    assert {str(m.id) for m in catalog() if m.id and m.id == m.string} - shared == set()
