"""The overview page and /metrics at the size of the nation: 700 providers, 5,000 servers, 1,000,000 current results.

    python -m tests.bench.national            # fills a fresh SQLite database in a directory of its own
    PANTAU_COLLECTOR_DATABASE=postgresql://… python -m tests.bench.national

`seed` fills the projections directly: what is measured is reading, and how the rows came about does not matter to it.
The last line is one JSON object: medians over `rounds`, as Django's test client sees them.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

BUDGET = 300  # milliseconds, DESIGN 11
SHARES = {"pass": 0.80, "warn": 0.05, "fail": 0.06, "unknown": 0.05, "not_applicable": 0.04}
SEED = 152


def seed(providers: int = 700, servers: int = 5000, results: int = 200) -> dict[str, int]:
    """Fill the projections with plausible rows: `results` current results per server. Returns how many of what."""
    from checks.check import Severity
    from checks.standard import LETTERS, Standing
    from collector.registry.models import Agent, Institution, Provider, Server
    from collector.surveillance import state as states
    from collector.surveillance.models import Finding, StandardState, TargetState
    from evidence.key import PrivateKey

    chance = random.Random(SEED)
    now = datetime.now(UTC)
    kinds = list(Institution.Kind)
    institutions = Institution.objects.bulk_create(
        Institution(name=f"Pemerintah Kabupaten Contoh {n:03}", kind=chance.choice(kinds)) for n in range(providers)
    )
    lpses = Provider.objects.bulk_create(
        Provider(institution=institutions[n], name=f"LPSE Kabupaten Contoh {n:03}", slug=f"lpse-contoh-{n:03}")
        for n in range(providers)
    )
    machines = Server.objects.bulk_create(
        (Server(id=f"srv-{n:016x}", kind="server", provider=lpses[n % providers],
                name=f"spse{n // providers}.contoh{n % providers:03}.go.id")
         for n in range(servers)),
        batch_size=1000,
    )  # fmt: skip
    Agent.objects.bulk_create(
        (Agent(key_id=f"{n:064x}", server=server, public_key=PrivateKey.generate().public.raw, hostname=server.name,
               software=f"pantau 0.1.{n % 3}")
         for n, server in enumerate(machines)),
        batch_size=1000,
    )  # fmt: skip
    names = [f"{LETTERS[n % 17].upper()}-SYN-{n // 17:02}" for n in range(results)]
    severities = [severity.value for severity in Severity]
    rows, findings = [], []
    for server in machines:
        heard = now - timedelta(seconds=chance.uniform(0, 60))
        silent = chance.random() < 0.02
        said = dict(zip(names, chance.choices(list(SHARES), list(SHARES.values()), k=results), strict=True))
        current = {
            name: {
                "": states.Current(
                    states.Status(status),
                    now - timedelta(days=3),
                    heard,
                    1,
                    "permitrootlogin yes",
                    "permitrootlogin no",
                )
            }
            for name, status in said.items()
        }
        counts = {status: list(said.values()).count(status) for status in SHARES}
        applicable = results - counts["not_applicable"]
        rows.append(
            TargetState(
                target=server,
                state=states.encode(states.State(current=current)),
                heard_at=heard,
                taken_at=heard,
                statuses=said,
                failing=counts["fail"],
                undetermined=counts["unknown"],
                passing=counts["pass"] + counts["warn"],
                silent=silent,
                version=1,
                coverage=1 - counts["unknown"] / applicable,
            )
        )
        failing = [name for name, status in said.items() if status == "fail"]
        findings += [
            Finding(
                id=f"{server.pk[4:]}{n:04}", target=server, check_code=code, severity=chance.choice(severities),
                since=now - timedelta(days=3), opened_at=now - timedelta(days=3), measured="x", expected="y",
            )
            for n, code in enumerate(failing)
        ] + [
            Finding(
                id=f"{server.pk[4:]}c{n:03}", target=server, check_code=names[n], severity="low",
                since=now - timedelta(days=9), opened_at=now - timedelta(days=9), closed_at=now - timedelta(days=8),
                measured="x", expected="y",
            )
            for n in range(len(failing))
        ]  # fmt: skip
        if len(rows) >= 250:
            TargetState.objects.bulk_create(rows)
            Finding.objects.bulk_create(findings, batch_size=1000)
            rows, findings = [], []
    TargetState.objects.bulk_create(rows)
    Finding.objects.bulk_create(findings, batch_size=1000)
    standings = [standing.value for standing in Standing]
    StandardState.objects.bulk_create(
        (StandardState(provider=lpse, letter=letter, standing=chance.choice(standings), coverage=0.93, since=now)
         for lpse in lpses for letter in LETTERS),
        batch_size=1000,
    )  # fmt: skip
    still_open = Finding.objects.filter(closed_at=None).count()
    return {"providers": providers, "servers": servers, "results": servers * results, "open_findings": still_open}


def measure(rounds: int = 15) -> dict[str, dict[str, object]]:
    """Set up, seed an empty database, and measure: one figure per page, with its budget in milliseconds."""
    place = tempfile.TemporaryDirectory(prefix="pantau-national-")
    os.environ.setdefault("PANTAU_COLLECTOR_STATE", place.name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collector.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection

    from collector.registry.models import Provider

    sizes = {} if Provider.objects.exists() else seed()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    said = {"unit": "ms median", "budget": BUDGET, "engine": connection.vendor, **sizes}
    figures = {f"national_{name}": {"value": value, **said} for name, value in pages(rounds).items()}
    connection.close()
    place.cleanup()
    return figures


def pages(rounds: int) -> dict[str, float]:
    """Median milliseconds of each page, over `rounds`, after two warm-ups."""
    from django.test import Client

    from collector.accounts.models import Account, Role

    officer, _ = Account.objects.get_or_create(username="bench", role=Role.OFFICER)
    client = Client(HTTP_HOST="localhost")
    client.force_login(officer)
    addresses = {
        "overview": "/",
        "overview_filtered": "/?letter=k&standing=not_met&severity=critical",
        "overview_searched": "/?q=contoh+69",
        "overview_last_page": "/?page=14",
        "metrics": "/metrics",
    }
    return {name: round(median(lambda url=url: _get(client, url), rounds), 1) for name, url in addresses.items()}


def median(run: Callable[[], None], rounds: int) -> float:
    """Median wall time of `run`, in milliseconds."""
    taken = []
    for number in range(rounds + 2):
        began = time.perf_counter()
        run()
        if number >= 2:
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def _get(client: Any, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    assert len(response.content) > 1000, url


if __name__ == "__main__":
    measured = measure()
    print(json.dumps(measured))
    sys.exit(any(figure["value"] > BUDGET for figure in measured.values()))  # type: ignore[operator]
