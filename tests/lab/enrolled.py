"""An agent that is enrolled with the laboratory: a key of its own, and a policy signed by the laboratory.

The policy says only what a catalogue cannot know of a place and a time: which release is in force, from where people log in,
what the server was tested for, how soon its data must be back, and how often its log must have a line (hosts here live
minutes, so an hour's silence cannot be had).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from agent.files import replace
from agent.identity import Identity, save
from agent.settings import Settings
from checks.policy import Policy
from evidence.enrolment import POLICY_MEDIA_TYPE
from evidence.envelope import seal
from evidence.key import PrivateKey

CAPACITY, BID = 100.0, 5.0  # Mbit/s, MiB


def manifest(home: Path) -> str:
    """The SHA-256 of the manifest of an installation of SPSE, as K-FIM-04 says: what LKPP would publish of a release."""
    jars = sorted(home.rglob("*.jar"), key=lambda path: bytes(path.relative_to(home)))
    lines = [f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.relative_to(home)}\n" for jar in jars]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def policy(released: str) -> Policy:
    """The laboratory's policy; `released` is the manifest of the release in force."""
    return Policy(
        version="laboratory",
        thresholds={
            "F-CHG-05": {"required": ["4.5 2026-01-01"]},
            "G-WEB-03": {"capacity_mbit": CAPACITY, "bid_mib": BID},
            "J-LOG-06": {"minutes": 1},
            "J-RMT-02": {"networks": ["10.99.0.0/24"]},
            "K-FIM-04": {"accepted": [f"4.5 {released}"]},
            "L-BCK-10": {"hours": 0.0056},
        },
    )


def enrol(state: Path, law: Policy) -> None:
    """Put an identity and the policy `law` into `state`, as an enrolment would."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings, collector, now = Settings(state=str(state)), PrivateKey.generate(), datetime.now(UTC)
    identity = Identity(PrivateKey.generate(), "", "LPSE of the laboratory", "https://10.99.0.1", collector.public, now)
    save(settings, identity)
    replace(settings.path("policy.json"), seal(POLICY_MEDIA_TYPE, law.encode(), collector).encode())
