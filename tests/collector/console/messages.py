"""The English catalogue of the collector: which messages there are, and how `django.po` becomes `django.mo`.

    python -m tests.collector.console.messages     # adds new messages to django.po (to be translated), compiles django.mo

Messages are Indonesian in the sources. Django's own tool wants GNU gettext on the machine; this needs only Babel.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

COLLECTOR = Path(__file__).parents[3] / "collector"
PO = COLLECTOR / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "ngettext": (1, 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

HEADER = b"""# English texts of Pantau's collector. The messages themselves are Indonesian.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Message = tuple[str, str | None]  # msgid, context


def wanted() -> dict[Message, list[str]]:
    """Every message of the sources and templates, with the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in sorted([*COLLECTOR.rglob("*.py"), *COLLECTOR.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        source = _flat(templatize(text)) if path.suffix == ".html" else text
        for msgid, context in _messages(source):
            found.setdefault((msgid, context), []).append(path.relative_to(COLLECTOR.parent).as_posix())
    return found


def _flat(source: str) -> str:
    """Without the template's indentation, which means nothing to Python."""
    return "\n".join(line.lstrip() for line in source.splitlines())


def _messages(source: str) -> Iterator[Message]:
    for _line, said, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):  # type: ignore[arg-type]
        yield (said if isinstance(said, str) else said[0]), context


def catalog() -> Catalog:
    """The catalogue as it stands in django.po."""
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def compiled() -> bytes:
    """django.po as django.mo."""
    out = io.BytesIO()
    source = catalog()
    source.creation_date = datetime(2026, 1, 1, tzinfo=UTC)  # a date of its own would change with every run
    write_mo(out, source)
    return out.getvalue()


def update() -> list[str]:
    """Add what is new, drop what is gone, compile. Returns the messages that have no translation yet."""
    before = catalog() if PO.exists() else Catalog(locale="en")
    after = Catalog(locale="en", domain="django")
    for (msgid, context), files in sorted(wanted().items()):
        held = before.get(msgid, context)
        after.add(
            msgid,
            held.string if held else "",
            locations=[(file, None) for file in dict.fromkeys(files)],
            context=context,
        )  # type: ignore[misc]
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        file.write(HEADER)  # Babel's own has dates, which would change with every run
        write_po(file, after, width=120, sort_output=True, include_lineno=False, omit_header=True)
    MO.write_bytes(compiled())
    return [str(message.id) for message in after if message.id and not message.string]


if __name__ == "__main__":
    for untranslated in update():
        print(f"not translated: {untranslated}")
