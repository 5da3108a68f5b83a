from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.netfilter import V4
from checks.facts.netfilter_text import read_iptables, read_nft
from tests.checks.facts.fuzzing import mixed
from tests.checks.real import real


@pytest.mark.parametrize(
    "text", ["}\n", "table inet x {\n", "hello\n", "table inet x {\n\tset s {\n\t\telements = { 1,\n"]
)
def test_half_a_ruleset_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        read_nft(text)


def test_half_a_list_of_iptables_is_missing() -> None:
    with pytest.raises(Missing):
        read_iptables(real("el6/iptables-save.txt").replace("COMMIT\n", ""), V4)


@given(
    st.one_of(
        mixed(
            "table inet f {\n", "chain i {\n", "}\n", "type filter hook input priority 0; policy drop;\n", "accept\n",
            "jump i\n", "{ ",
        ),
        mixed("*filter\n", ":INPUT DROP [0:0]\n", "-A INPUT ", "-j ", "ACCEPT\n", "COMMIT\n", '"', "-g INPUT\n"),
    )
)  # fmt: skip
def test_any_text_gives_tables_or_says_why_not(text: str) -> None:
    for read in (read_nft, lambda one: read_iptables(one, V4)):
        try:
            for table in read(text):
                for chain in table.chains.values():
                    table.fate(chain, V4, set())
                    table.manager(chain)
        except (Missing, Absent):
            continue
