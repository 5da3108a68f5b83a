"""`pantau-agent probe`: audit one instance from outside, as the public sees it. Needs nothing but a network."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from agent.audit import audit
from agent.cli.check import choose, outputs, present
from agent.cli.common import WrongUse, judging
from agent.hosts.outside import NotAnInstance, OutsideHost
from agent.present import Presentation
from checks.standard import load
from checks.vantage import Vantage

EPILOG = """\
Prober meminta paling banyak satu halaman per detik dan menyebut dirinya jujur, kecuali saat menguji cloaking; pemeriksaan
lengkap memakan sekitar dua menit. Bentuk keluaran dan kode keluar: lihat pantau-agent check --help.
The prober asks for one page a second at the most and says who it is, except where it tests for cloaking; a whole probe
takes about two minutes. Forms of output and exit codes: see pantau-agent check --help.
"""


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "probe",
        help="periksa satu instans dari luar / audit one instance from outside",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "url",
        metavar="URL",
        help="URL publik instans / the public URL of the instance (https://lpse.example.go.id/eproc4)",
    )
    parser.add_argument(
        "--consent-ports", action="store_true",
        help="pemilik instans setuju port-nya diperiksa / the owner agreed that its ports are tried",
    )  # fmt: skip
    parser.add_argument(
        "--ca", metavar="FILE", default="",
        help="otoritas sertifikat sendiri, pengganti milik sistem / certificate authorities in the place of the system's",
    )  # fmt: skip
    outputs(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Probe and present."""
    found, rulebook, _ = judging(options.settings)
    chosen = choose(options, found, Vantage.OUTSIDE)
    try:
        host = OutsideHost(options.url, consent=options.consent_ports, authorities=options.ca)
    except NotAnInstance as error:
        raise WrongUse(error.said) from error
    if sys.stderr.isatty() and not (options.json or options.junit or options.nagios):
        from agent.present.progress import showing

        with showing(options.lang) as progress:
            taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC), progress=progress)
    else:
        taken = audit(host, rulebook, chosen, now=lambda: datetime.now(UTC))
    return present(options, Presentation(options.url, "", rulebook, load(), taken, options.lang), taken)
