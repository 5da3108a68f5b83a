"""`pantau-agent check`: audit this server now. Needs no collector, no configuration and no root."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.audit import Audit, audit
from agent.cli import over_ssh
from agent.cli.common import WrongUse, directory, judging, known_code
from agent.history import History
from agent.hosts.base import Host
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost
from agent.hosts.ssh_login import Route
from agent.present import Presentation, exit_code
from agent.problem import os_words
from checks.catalogue import Catalogue
from checks.check import Check
from checks.policy import Rulebook
from checks.standard import LETTERS, load
from checks.text import Text
from checks.vantage import Vantage

EPILOG = """\
Kode keluar / exit codes: 0 semua lulus / all pass, 1 ada yang gagal / something fails, 2 salah pakai / wrong use,
3 tidak ada yang gagal tetapi ada yang tidak diketahui / nothing fails but something is unknown.

--nagios: 0 OK, 1 WARNING (gagal, sedang atau rendah, atau waspada / a failure of medium or low severity, or a warning),
2 CRITICAL (gagal, kritis atau tinggi / a failure of critical or high severity), 3 UNKNOWN (tidak diketahui, salah pakai,
atau galat / unknown, wrong use, or an error). Baris pertama pendek, yang terparah lebih dahulu; baris berikutnya merinci.
The first line is short, the most severe first; the lines below it give the particulars.

Angka menghitung pemeriksaan menurut hasil terburuknya / figures count checks by their worst result.

--json: {"format": 1, hostname, taken_at, software, policy: {version, digest}, summary: {checks, results}, filtered,
standards: {a-q: {standing, coverage, met, not_met, undetermined, not_applicable}},
results: [{check, standard, status, severity, subject, title, measured, expected, value, source}]}
  title, measured, expected: {"id": ..., "en": ...}, apa pun --lang / whatever --lang says.
  summary.checks: pemeriksaan menurut hasil terburuknya / checks by their worst result; summary.results: semua hasil / all.
  standards: hanya yang diperiksa seluruhnya / only those of which every check ran; coverage: 0-1 dari pemeriksaan yang
  berlaku / of the applicable checks; met ... not_applicable: jumlah persyaratan / numbers of requirements.
"""


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "check",
        help="periksa server ini sekarang / audit this server now",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    outputs(parser).add_argument(
        "--cost",
        action="store_true",
        help="biaya tiap fakta (waktu, CPU, byte), bukan hasilnya / what each fact costs (wall, CPU, bytes), not the results",
    )
    parser.add_argument(
        "--root", metavar="DIR", default="/",
        help="periksa berkas di bawah DIR, misalnya image yang di-mount / audit the files below DIR, such as a mounted image",
    )  # fmt: skip
    over_ssh.options(parser)
    parser.set_defaults(run=run)


def outputs(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """The options of what is checked and how it is shown, alike wherever from it is looked. Returns the forms to choose from."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="hasil sebagai JSON, dalam dua bahasa / results as JSON, in both languages"
    )
    form.add_argument(
        "--junit",
        action="store_true",
        help="hasil sebagai JUnit XML, bahasa: --lang / results as JUnit XML, words: --lang",
    )
    form.add_argument(
        "--nagios",
        action="store_true",
        help="keluaran dan kode keluar plugin Nagios / output and exit codes of a Nagios plugin",
    )
    form.add_argument("--html", metavar="FILE", help="tulis halaman ke FILE / write a page to FILE")
    form.add_argument(
        "--explain", metavar="CODE", help="jelaskan dan nilai satu pemeriksaan / explain one check, and judge it"
    )
    parser.add_argument(
        "--standard", metavar="LETTER", action="append", default=[],
        help="hanya standar ini (a sampai q) / only this standard (a to q)",
    )  # fmt: skip
    parser.add_argument(
        "--only", metavar="CODE", action="append", default=[],
        help="hanya pemeriksaan ini; boleh diulang / only this check; may be repeated",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="tampilkan juga yang lulus / show passing checks too")
    return form


def run(options: argparse.Namespace) -> int:
    """Audit and present."""
    found, rulebook, provider = judging(options.settings)
    chosen = choose(options, found, Vantage.HOST)
    way = over_ssh.route(options)
    host, hostname = _host(options, way), options.settings.hostname
    if way:  # another server: neither our name nor our provider
        relay = over_ssh.named(options)
        hostname, provider = (relay.hostname if relay else "") or way.login.host, ""
    if options.cost:
        return _cost(options, host, rulebook, chosen)
    quiet = options.json or options.junit or options.nagios
    if sys.stderr.isatty() and not quiet:
        from agent.present.progress import showing

        with showing(options.lang) as progress:
            taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC), progress=progress)
    else:
        taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC))
    shown = Presentation(hostname, provider, rulebook, load(), taken, options.lang)
    return present(options, shown, taken)


def _cost(options: argparse.Namespace, host: Host, rulebook: Rulebook, chosen: list[Check]) -> int:
    """Show what the audit costs. The exit code is that of the audit."""
    from agent.cost import priced
    from agent.present import costs

    taken, prices = priced(host, rulebook, chosen, now=lambda: datetime.now(UTC))
    costs.show(prices, options.lang)
    return exit_code(taken.results)


def _host(options: argparse.Namespace, way: Route | None) -> Host:
    """A machine with what the daemon remembers of it: this one, or a [[relay]]. An image and any other host have no past here."""
    settings = options.settings
    if way:
        if options.root != "/":
            raise WrongUse(Text("--root dan --ssh tidak dapat bersama", "--root and --ssh exclude each other"))
        far, relay = over_ssh.connected(way), over_ssh.named(options)
        if relay is None:
            return far
        own = settings.of(relay)
        return RememberingHost(far, History(own.path("history.db"), own.history_days))
    host = LocalHost(str(directory(options.root)))
    if host.root != "/":
        return host
    return RememberingHost(
        over_ssh.watching(host, settings), History(settings.path("history.db"), settings.history_days)
    )


def choose(options: argparse.Namespace, found: Catalogue, vantage: Vantage) -> list[Check]:
    """The checks that were asked for, of those that one vantage can answer alone. Raises WrongUse."""
    local = {check.code: check for check in found.at(vantage)}
    codes = [known_code(said, found) for said in [*options.only, *([options.explain] if options.explain else [])]]
    for code in codes:
        if code not in local:
            raise WrongUse(_elsewhere(code, found.checks[code]))
    standards = load()
    letters = {letter.lower() for letter in options.standard}
    for letter in letters:
        if letter not in standards:
            first, last = LETTERS[0], LETTERS[-1]
            raise WrongUse(
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
        raise WrongUse(
            Text(f"tidak ada pemeriksaan server ini di bawah {said}", f"no check of this host stands under {said}")
        )
    return chosen


def _elsewhere(code: str, check: Check) -> Text:
    """Who answers `check`, if not the one who was asked."""
    if Vantage.OUTSIDE in check.vantages:
        return Text(
            f"{code} dijawab dari luar: pantau-agent probe URL",
            f"{code} is answered from outside: pantau-agent probe URL",
        )
    if Vantage.HOST in check.vantages:
        return Text(
            f"{code} dijawab pada servernya: pantau-agent check",
            f"{code} is answered on the server: pantau-agent check",
        )
    return Text(
        f"{code} dinilai oleh collector; sebuah server tidak dapat menjawabnya",
        f"{code} is judged by the collector; a host cannot answer it",
    )


def present(options: argparse.Namespace, shown: Presentation, taken: Audit) -> int:
    """Show `taken` in the form that `outputs` let the person choose; returns the exit code."""
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
            raise WrongUse(os_words(error)) from error
        sys.stdout.write(f"{options.html}\n")
    elif options.explain:
        from agent.present import explain

        explain.show(shown, options.explain.upper())
    else:
        from agent.present import table

        table.show(shown, everything=options.all or bool(options.only))
    return code
