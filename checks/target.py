"""What a fact, a check, a report is about. Everything in a check is about one target.

    server    one machine: what is read on it, over SSH, and what people enter about it
    instance  one SPSE installation as the public sees it: what probers read from outside
    provider  the LPSE itself: its registers, and what the collector sees over all its servers and instances

Law: registers and observations of the collector say what they are about; what probers read is about an instance.
"""

from __future__ import annotations

from enum import StrEnum


class Target(StrEnum):
    """What a fact, a check, a report is about."""

    SERVER = "server"
    INSTANCE = "instance"
    PROVIDER = "provider"
