"""An audit of a host whose every text wants to be obeyed."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.audit import Audit
from agent.present import Presentation
from checks.catalogue import catalogue
from checks.fact import Snapshot
from checks.policy import Policy, rulebook
from checks.standard import load
from checks.text import Language
from checks.verdict import Result, Status

HOSTILE = (
    "[red]x[/red][link=file:///etc/passwd]y[/link] \x1b[2J\x1b]0;title\x07\x9b31m \x00\x08\x0c\x7f\r\n\t"
    "\u202eexe.txt\u2066\u200b <script>alert(1)</script> & \" ' | ]]> \\ :skull: {0} %s"
)
OBEYED = "\x1b\x07\x9b\x00\x08\x0c\x7f\r\u202e\u2066\u200b"


def shown(
    *results: Result, language: Language = "en", hostname: str = "spse.contoh.go.id", whole: str = ""
) -> Presentation:
    """A presentation of `results` under the default policy; every other check of the standards `whole` passes."""
    rules, said = rulebook(catalogue(), Policy()), {one.check for one in results}
    others = {code for letter in whole for code in load()[letter].checks} - said
    results += tuple(Result(one.code, Status.PASS, "x") for one in rules.catalogue.answerable if one.code in others)
    audit = Audit(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), Snapshot(), results)
    return Presentation(hostname, "LPSE Kota Contoh", rules, load(), audit, language)


def most(letter: str) -> str:
    """The coverage of a standard whose every check was determined that a host answers: the collector alone joins the others."""
    here = {one.code for one in catalogue().answerable}
    every = load()[letter].checks
    return f"{len(every & here) / len(every):.0%}"


def hostile() -> Presentation:
    """Every status, each with hostile words, subject and expectation; two unknown ones with one reason."""
    codes = ["K-SSH-01", "K-SSH-02", "K-SSH-03", "K-SSH-04", "J-LOG-01", "G-CPU-01"]
    statuses = [Status.FAIL, Status.UNKNOWN, Status.UNKNOWN, Status.WARN, Status.PASS, Status.NOT_APPLICABLE]
    results = [Result(code, status, HOSTILE, HOSTILE, HOSTILE) for code, status in zip(codes, statuses, strict=True)]
    return shown(*results, hostname=HOSTILE)
