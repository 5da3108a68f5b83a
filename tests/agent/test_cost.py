from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.audit import audit, readable
from agent.cost import Cost, Price, priced, spent
from agent.hosts.local import LocalHost
from checks.catalogue import catalogue
from checks.check import Check
from checks.fact import name_of
from checks.policy import Policy, rulebook
from tests.checks.trees import plant

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def chosen(*codes: str) -> list[Check]:
    return [catalogue().checks[code] for code in codes]


def prices_of(tree: Path | str, checks: list[Check], **others: Any) -> tuple[Any, dict[str, Price]]:
    taken, prices = priced(LocalHost(str(tree)), rulebook(catalogue(), Policy()), checks, now=lambda: NOW, **others)
    return taken, {name_of(one.fact): one for one in prices.facts}


def test_every_fact_that_is_read_has_its_price(tmp_path: Path) -> None:
    checks = list(catalogue().answerable)
    _, prices = prices_of(tmp_path, checks)
    assert set(prices) == {name_of(fact) for fact in readable(checks)}
    assert all(one.checks >= 1 for one in prices.values())


def test_the_results_are_those_of_the_audit(tmp_path: Path) -> None:
    plant(tmp_path, "/etc/ssh/sshd_config", "PermitRootLogin yes\n")
    checks = list(catalogue().answerable)
    book = rulebook(catalogue(), Policy())
    taken, _ = prices_of(tmp_path, checks)
    assert taken.results == audit(LocalHost(str(tmp_path)), book, checks, now=lambda: NOW).results


def test_what_a_fact_reads_is_counted_to_it(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    plant(small, "/etc/ssh/sshd_config", "PermitRootLogin no\n")
    plant(large, "/etc/ssh/sshd_config", "PermitRootLogin no\n" + "#\n" * 100_000)
    read = [prices_of(tree, chosen("K-SSH-01"))[1]["sshd"].cost.read for tree in (small, large)]
    assert None not in read
    assert 200_000 <= (read[1] or 0) - (read[0] or 0) < 210_000


def test_the_cpu_of_commands_is_counted_apart_from_our_own() -> None:
    before = spent()
    os.system("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
    cost = spent() - before
    assert 0.0 < cost.commands <= cost.wall + 0.01
    assert cost.cpu < cost.commands


def test_a_kernel_that_counts_no_bytes_leaves_them_unknown() -> None:
    assert (Cost(2.0, 1.0, 10) - Cost(1.0, 1.0, None)).read is None
    assert Cost(2.0, 1.0, 10, 0.75) - Cost(1.0, 0.5, 4, 0.25) == Cost(1.0, 0.5, 6, 0.5)


def test_a_fact_that_others_need_is_read_before_them(tmp_path: Path) -> None:
    taken, prices = prices_of(tmp_path, chosen("K-SSH-01", "K-APP-04", "K-APP-01"))
    order = list(prices)
    assert len(order) == len(set(order))
    assert "spse_instances" not in order or order.index("spse_instances") < order.index("spse_secrets")
    assert taken.taken_at == NOW
