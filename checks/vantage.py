"""From where a fact can be read. A source belongs to one vantage; with it its recipe, and every check that takes such facts.

    host      on the machine itself, or over SSH: files, commands, the database, loopback
    outside   from another network, as the public sees an instance: names, ports, TLS, pages
    register  what people entered at the collector: assets, contracts, changes, approved lists
    collector what only the collector sees of its reporters: silence, chains, agreement, coverage

Law: a check whose facts come from several vantages is joined by the collector, which alone has them all.
"""

from __future__ import annotations

from enum import StrEnum


class Vantage(StrEnum):
    """From where a fact can be read."""

    HOST = "host"
    OUTSIDE = "outside"
    REGISTER = "register"
    COLLECTOR = "collector"
