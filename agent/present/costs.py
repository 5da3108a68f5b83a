"""`check --cost` on the terminal: one line for each fact, the dearest first, and what it all comes to."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text as Line

from agent.cost import Cost, Prices
from agent.present.lines import console as terminal
from agent.present.lines import paragraph
from checks.fact import name_of
from checks.text import Language, Text

HEAD = Text(
    f"{'dinding ms':>11}{'CPU ms':>9}{'perintah ms':>13}{'byte':>12}  fakta (dibaca untuk sekian pemeriksaan)",
    f"{'wall ms':>11}{'CPU ms':>9}{'commands ms':>13}{'bytes':>12}  fact (read for so many checks)",
)
START = Text("(program dimulai)", "(the program starts)")
JUDGING = Text("(penilaian)", "(judging)")
WHOLE = Text("semuanya", "altogether")
LEGEND = Text(
    "CPU agen sendiri; perintah: CPU perintah yang dijalankannya; byte: read(2) keduanya. Di sini fakta dibaca satu per satu; "
    "`check` membaca beberapa sekaligus. Yang dibutuhkan beberapa fakta dihitung pada yang pertama. -: tidak diketahui.",
    "CPU of the agent itself; commands: CPU of the commands it ran; bytes: read(2) of both. Here facts are read one at a time; "
    "`check` reads several at once. What several facts need is counted at the first. -: not known.",
)


def show(prices: Prices, language: Language) -> None:
    """Print `prices` on stdout."""
    out = terminal()
    rows = [(one.cost, f"{name_of(one.fact)} ({one.checks})") for one in prices.facts]
    rows.sort(key=lambda row: (-row[0].cpu - row[0].commands, -row[0].wall, row[1]))
    rows = [(prices.start, START.in_(language)), *rows, (prices.judging, JUDGING.in_(language))]
    out.print(HEAD.in_(language), style="bold")
    for cost, name in rows:
        out.print(_line(cost, name), no_wrap=True, overflow="ignore", crop=False)
    whole = _sum(cost for cost, _ in rows)
    out.print(_line(whole, f"{WHOLE.in_(language)} ({len(prices.facts)})"), style="bold")
    paragraph(out, Line(LEGEND.in_(language), style="dim"))


def _line(cost: Cost, name: str) -> str:
    wall = f"{cost.wall * 1000:.1f}" if cost.wall else "-"
    read = "-" if cost.read is None else str(cost.read)
    return f"{wall:>11}{cost.cpu * 1000:>9.1f}{cost.commands * 1000:>13.1f}{read:>12}  {name}"


def _sum(costs: Iterable[Cost]) -> Cost:
    each = list(costs)
    read = [one.read for one in each if one.read is not None]
    wall, cpu, commands = (
        sum(figures) for figures in zip(*((one.wall, one.cpu, one.commands) for one in each), strict=True)
    )
    return Cost(wall, cpu, sum(read) if read else None, commands)
