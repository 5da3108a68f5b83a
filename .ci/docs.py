"""Write docs/checks.md from the catalogue and the standards. A test holds that the page is current.

python .ci/docs.py            writes the page
python .ci/docs.py --check    says whether it is current
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checks.catalogue import Catalogue, catalogue  # noqa: E402
from checks.check import DAY, HOUR, MINUTE, Check  # noqa: E402
from checks.fact import name_of, recipes, vantages  # noqa: E402
from checks.standard import Standard, load  # noqa: E402

PAGE = ROOT / "docs" / "checks.md"
HEAD = """# Checks

Generated from the catalogue by `python .ci/docs.py`; do not edit. {count} checks, by the standard under which they stand.
*From*: the vantage that answers: `host` (on the machine or over SSH), `outside` (a prober), `register` (what people
entered), `collector` (what it saw itself); several: the collector joins them. Thresholds are defaults;
a policy may override them by their names.
"""


def every(seconds: int) -> str:
    """A cadence as people say it."""
    for unit, sign in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {sign}"
    return f"{seconds} s"


def origin(check: Check) -> str:
    """From where it is answered."""
    if check.vantages:
        return ", ".join(sorted(check.vantages))
    return " + ".join(sorted({str(vantage) for fact in check.facts for vantage in vantages(fact)}))


def described(check: Check) -> Iterator[str]:
    """One check."""
    yield f"### {check.code} {check.title.id}"
    yield ""
    yield f"*{check.title.en}.* {check.severity} · {check.aspect} · every {every(check.every)} · from {origin(check)}"
    limits = ", ".join(f"`{name}` = {value!r}" for name, value in check.thresholds.items())
    yield f"· source: {check.source}" + (f" · thresholds: {limits}" if limits else "")
    yield ""
    yield f"{check.why.id} *{check.why.en}*"
    yield ""
    for fact in check.facts:
        read = "; ".join(dict.fromkeys(source.describe() for recipe in recipes(fact) for source in recipe.sources))
        yield f"- `{name_of(fact)}`: {' '.join(read.split())[:400] or 'observed by the collector'}"
    yield ""


def under(standard: Standard, found: Catalogue) -> Iterator[str]:
    """One standard with its checks."""
    yield f"## {standard.letter}. {standard.title.id}"
    yield ""
    yield f"*{standard.title.en}*"
    yield ""
    for code in sorted(standard.checks):
        yield from described(found.checks[code])
    planned = sorted({code for requirement in standard.requirements for code in requirement.planned})
    if planned:
        yield f"Planned: {', '.join(planned)}"
        yield ""


def page() -> str:
    """The whole page."""
    found = catalogue()
    lines = [HEAD.format(count=len(found.checks))]
    placed: set[str] = set()
    for standard in load().values():
        lines += under(standard, found)
        placed |= standard.checks
    rest = sorted(set(found.checks) - placed)
    if rest:
        lines += ["## Under no standard", ""]
        for code in rest:
            lines += described(found.checks[code])
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("docs/checks.md is current" if current else "docs/checks.md is not current; run: python .ci/docs.py")
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
