"""What checks of registers have in common: what they say where nobody keeps one, and how they name what is wrong in it. Pure.

Laws:
- A register that nobody entered here is undetermined: it may lie in a drawer. One that is kept and empty says that there is
  nothing; where the standard demands that there be something, that is a failure.
- A verdict names five wrong rows, and says how many more there are.
- What is dated in the future has not happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.register import Registered
from checks.text import Text, Words, joined
from checks.verdict import Verdict, judge, unknown

SHOWN = 5


def unkept(register: type[Registered]) -> Verdict:
    """UNKNOWN: nobody has entered this register."""
    title = register.title
    return unknown(
        Text(
            f"{title.id} belum diisi di konsol; isi atau impor CSV di halaman penyedia",
            f"{title.en}: not kept in the console yet; enter it or import CSV on the provider's page",
        )
    )


def empty(register: type[Registered], expected: Words) -> Verdict:
    """FAIL: the register is kept, and nothing stands in it that should."""
    title = register.title
    return judge(False, Text(f"{title.id}: tidak ada baris", f"{title.en}: no rows"), expected, value=0)


def some(parts: Sequence[Words]) -> Text:
    """The first of `parts`, and how many more there are."""
    first = joined(parts[:SHOWN])
    more = f"; … (+{len(parts) - SHOWN})" if len(parts) > SHOWN else ""
    said = first if isinstance(first, Text) else Text(first, first)
    return Text(said.id + more, said.en + more)


def same_host(one: str, other: str) -> bool:
    """Do both name one server? Without case; a name without a domain is that of any domain."""
    a, b = one.strip().casefold().rstrip("."), other.strip().casefold().rstrip(".")
    if a == b:
        return bool(a)
    short = a if "." not in a else b
    return "." not in short and bool(short) and a.partition(".")[0] == b.partition(".")[0]


def anywhere(host: str) -> bool:
    """Does a row with this in its column of hosts mean every server?"""
    return host.strip() in {"", "*"}
