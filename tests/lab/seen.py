"""Print what a baseline would hold of an instance as the public sees it: `python -m tests.lab.seen URL AUTHORITIES`, as JSON."""

from __future__ import annotations

import sys

import msgspec

from agent.hosts.outside import OutsideHost
from agent.survey import Survey
from checks.baseline import baselines
from checks.catalogue import catalogue
from checks.fact import name_of, vantages
from checks.vantage import Vantage


def main(url: str, authorities: str) -> None:
    """Look, and say."""
    wanted = [one.listed for one in baselines(catalogue()) if Vantage.OUTSIDE in vantages(one.listed)]
    taken = Survey(OutsideHost(url, authorities=authorities)).take(wanted)
    sys.stdout.write(msgspec.json.encode({name_of(kind): fact for kind, fact in taken.facts.items()}).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
