"""`pantau-agent check`: audit this server now. Needs no collector, no configuration and no root."""

from __future__ import annotations

import argparse
import difflib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.audit import Audit, answerable, audit
from agent.cli.common import fail, judging
from agent.hosts.local import LocalHost
from agent.present import Presentation, exit_code
from checks.catalogue import Catalogue
from checks.check import Check
from checks.standard import LETTERS, load
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("check", help="periksa server ini sekarang / audit this server now")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="results as JSON")
    form.add_argument("--junit", action="store_true", help="results as JUnit XML")
    form.add_argument("--nagios", action="store_true", help="one line and exit codes of a Nagios plugin")
    form.add_argument("--html", metavar="FILE", help="write a page to FILE")
    form.add_argument("--explain", metavar="CODE", help="explain one check, and judge it")
    parser.add_argument("--standard", metavar="LETTER", action="append", default=[], help="only this standard (a to q)")
    parser.add_argument("--only", metavar="CODE", action="append", default=[], help="only this check; may be repeated")
    parser.add_argument("--all", action="store_true", help="show passing checks too")
    parser.add_argument("--root", metavar="DIR", default="/", help="audit the files below DIR, such as a mounted image")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Audit and present."""
    found, rulebook, provider = judging(options.settings)
    try:
        chosen = _choose(options, found)
    except LookupError as error:
        return fail(error.args[0].in_(options.lang), 2)
    root = Path(options.root)
    if not root.is_dir():
        return fail(Text(f"{root} bukan direktori", f"{root} is not a directory").in_(options.lang), 2)
    host = LocalHost(str(root.resolve()))
    quiet = options.json or options.junit or options.nagios
    if sys.stderr.isatty() and not quiet:
        from agent.present.progress import showing

        with showing(options.lang) as progress:
            taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC), progress=progress)
    else:
        taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC))
    shown = Presentation(options.settings.hostname, provider, rulebook, load(), taken, options.lang)
    return _present(options, shown, taken)


def _choose(options: argparse.Namespace, found: Catalogue) -> list[Check]:
    local = {check.code: check for check in answerable(found)}
    codes = [code.upper() for code in [*options.only, *([options.explain] if options.explain else [])]]
    for code in codes:
        if code not in found.checks:
            near = ", ".join(
                [other for other in found.checks if other[:5] == code[:5]]
                or difflib.get_close_matches(code, found.checks, 5, 0.4)
                or [*list(found.checks)[:5], "…"]
            )
            raise LookupError(
                Text(f"tidak ada pemeriksaan {code}; yang mirip: {near}", f"there is no check {code}; near: {near}")
            )
        if code not in local:
            raise LookupError(
                Text(
                    f"{code} dinilai oleh collector; sebuah server tidak dapat menjawabnya",
                    f"{code} is judged by the collector; a host cannot answer it",
                )
            )
    standards = load()
    letters = {letter.lower() for letter in options.standard}
    for letter in letters:
        if letter not in standards:
            first, last = LETTERS[0], LETTERS[-1]
            raise LookupError(
                Text(
                    f"tidak ada standar {letter!r}; pilih {first} sampai {last}",
                    f"there is no standard {letter!r}; choose one of {first} to {last}",
                )
            )
    wanted = {code for letter in letters for code in standards[letter].checks}
    chosen = [
        check for code, check in local.items() if (not codes or code in codes) and (not letters or code in wanted)
    ]
    if not chosen:
        said = ", ".join(sorted(letters))
        raise LookupError(
            Text(f"tidak ada pemeriksaan server ini di bawah {said}", f"no check of this host stands under {said}")
        )
    return chosen


def _present(options: argparse.Namespace, shown: Presentation, taken: Audit) -> int:
    code = exit_code(taken.results)
    if options.json:
        from agent.present import as_json

        sys.stdout.write(as_json.render(shown))
    elif options.junit:
        from agent.present import junit

        sys.stdout.write(junit.render(shown))
    elif options.nagios:
        from agent.present import nagios

        line, code = nagios.render(shown)
        sys.stdout.write(line + "\n")
    elif options.html:
        from agent.present import html

        try:
            Path(options.html).write_text(html.render(shown), encoding="utf-8")
        except OSError as error:
            return fail(f"{options.html}: {error.strerror}", 2)
        sys.stdout.write(f"{options.html}\n")
    elif options.explain:
        from agent.present import explain

        explain.show(shown, options.explain.upper())
    else:
        from agent.present import table

        table.show(shown, everything=options.all or bool(options.only))
    return code
