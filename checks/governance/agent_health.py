"""Is the agent itself as it should be (standard q)? What it reports is worth no more than its own program and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from checks.check import HIGH, HOUR, INTEGRITY, check
from checks.facts.agent_health import AgentHealth
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, unknown, warned

LINE = re.compile(r"(\S{1,30}) ([0-9a-f]{64})")
NEAR = 30  # days before the key is too old
MEBIBYTE = 1 << 20


@check(
    "Q-AGT-03", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Program, konfigurasi, dan kunci agen sehat", "The agent's program, configuration and key are healthy"),
    why=Text(
        "Bukti bernilai selama program agen asli dan kuncinya hanya di tangan agen; agen yang usang atau tanpa ruang spool "
        "kehilangan pemeriksaan.",
        "Evidence is worth something while the agent's program is genuine and its key in its hands alone; an agent that is "
        "outdated or has no room for its spool loses checks.",
    ),
    remedy=Text(
        "Pasang ulang rilis terkini: `/opt/pantau/bin/pip install --upgrade .`. Kunci baru: `pantau-agent enrol --again`. Izin: "
        "`chmod 600 /var/lib/pantau/agent_key.pem` dan `chmod go-w /etc/pantau/agent.toml`. Ruang: `df -h /var/lib/pantau`.",
        "Install the current release anew: `/opt/pantau/bin/pip install --upgrade .`. A new key: `pantau-agent enrol --again`. "
        "Modes: `chmod 600 /var/lib/pantau/agent_key.pem` and `chmod go-w /etc/pantau/agent.toml`. Room: `df -h /var/lib/pantau`.",
    ),
)  # fmt: skip
def agent_is_healthy(
    agent: AgentHealth, now: datetime, *, current: tuple[str, ...] = (), days: int = 365, free_mib: int = 64
) -> Iterator[Verdict]:
    """`current`: lines "VERSION SHA256" of the releases that may run (`AgentHealth.digest`); none: any unaltered one may."""
    yield _program(agent, current)
    yield _key(agent, now, days)
    if agent.config_mode is not None:
        mode = f"{agent.config_mode:04o}"
        expected = Text("hanya dapat diubah pemiliknya", "only its owner can change it")
        yield judge(not agent.config_mode & 0o022, mode, expected, subject="agent.toml")
    free = agent.free / MEBIBYTE
    yield judge(free >= free_mib, f"{free:.0f} MiB", f">= {free_mib} MiB", subject="spool", value=round(free))


def _program(agent: AgentHealth, current: tuple[str, ...]) -> Verdict:
    subject = "pantau-agent"
    if not agent.version:
        reason = Text(
            "agen tidak terpasang di /opt/pantau atau tempat lazim lain",
            "the agent is not installed in /opt/pantau or another usual place",
        )
        return unknown(reason, subject=subject)
    if agent.altered:
        names = ", ".join(agent.which)
        measured = Text(
            f"{agent.version}; {agent.altered} berkas berubah: {names}",
            f"{agent.version}; {agent.altered} files altered: {names}",
        )
        return judge(False, measured, Text("seperti dipasang", "as installed"), subject=subject)
    releases = [LINE.fullmatch(line.strip()) for line in current]
    if not all(releases):
        return unknown(Text("baris kebijakan salah (current)", "wrong line in the policy (current)"), subject=subject)
    expected: Words = ", ".join(sorted({match[1] for match in releases if match})) or Text(
        "seperti dipasang", "as installed"
    )
    met = not releases or any(match and match[2] == agent.digest for match in releases)
    return judge(met, f"{agent.version} sha256:{agent.digest[:12]}", expected, subject=subject)


def _key(agent: AgentHealth, now: datetime, days: int) -> Verdict:
    age = (now - agent.key_made).days
    measured = Text(f"mode {agent.key_mode:04o}, {age} hari", f"mode {agent.key_mode:04o}, {age} days")
    expected = Text(f"<= 0600, paling lama {days} hari", f"<= 0600, at most {days} days")
    if agent.key_mode & 0o077 or age > days:
        return judge(False, measured, expected, subject="agent_key.pem", value=age)
    if age > days - NEAR:
        return warned(measured, expected, subject="agent_key.pem", value=age)
    return judge(True, measured, expected, subject="agent_key.pem", value=age)
