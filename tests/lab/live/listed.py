"""Print what a baseline would hold of this host: each fact that a person approves, by its name, as JSON."""

from __future__ import annotations

import sys

import msgspec

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.baseline import baselines
from checks.catalogue import catalogue
from checks.fact import name_of, vantages
from checks.vantage import Vantage

taken = Survey(LocalHost()).take(one.listed for one in baselines(catalogue()) if Vantage.HOST in vantages(one.listed))
sys.stdout.write(msgspec.json.encode({name_of(kind): fact for kind, fact in taken.facts.items()}).decode())
