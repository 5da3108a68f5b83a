"""The catalogue as a whole: what holds of every check, whoever writes it.

`catalogue_severities.csv` is the agreed severity and cadence of every planned check; departures stand in `REASONED`.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.check import DAY, HOUR, MINUTE, Check, Severity
from checks.fact import name_of, recipes
from checks.text import Text

HERE = Path(__file__).parent
CATALOGUE = catalogue()
CHECKS = tuple(CATALOGUE)
BY_CODE = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
TEXTS = ("title", "why", "remedy")

AGREED = {
    row["code"]: row
    for row in csv.DictReader((HERE / "catalogue_severities.csv").read_text(encoding="utf-8").splitlines())
}
SECONDS = {"60s": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "6h": 6 * HOUR, "24h": DAY}
REASONED = {  # code: (severity, seconds, why it departs)
    "J-LOG-08": ("medium", HOUR, "it reads a week of logs, and counts whole days"),
    "J-LOG-09": ("medium", HOUR, "it reads a week of logs, and counts whole days"),
    "K-IOC-01": ("critical", HOUR, "it walks whole trees of documents; the five-minute look at contents is K-IOC-02's"),
    "G-NET-01": (
        "medium",
        HOUR,
        "the 95th percentile of a week hardly moves in a minute, and takes 2000 samples to make",
    ),
    "G-WEB-01": ("medium", 5 * MINUTE, "the limit stands in thirty files of configuration, read each time"),
    "L-DR-01": ("high", 5 * MINUTE, "the lag may be five minutes anyway, and asking costs two processes"),
    "Q-AGT-04": ("critical", MINUTE, "an event at the collector; a minute stands for at once"),
    "K-PG-14": ("medium", DAY, "the baseline of extensions came with the approved baselines, after the list"),
    "K-DEV-01": ("medium", DAY, "network devices came after the list, with reading over SSH"),
    "K-DEV-02": ("medium", HOUR, "network devices came after the list, with reading over SSH"),
    "L-DEV-01": ("high", 5 * MINUTE, "network devices came after the list, with reading over SSH"),
    "Q-AGT-05": ("critical", MINUTE, "agreement of agent and collector came with the design, after the list"),
}

# Each part of `source` (between semicolons) must be one of these: a benchmark with version and number, an article, a form.
SOURCES = re.compile(
    r"CIS (Debian 12 1\.1\.0|RHEL 9 1\.0\.0|NGINX 1\.0\.0|Apache 2\.4 1\.5\.0|PostgreSQL 16 1\.0\.0) \d+(\.\d+)*(-\d+(\.\d+)*)?"
    r"(, \d+(\.\d+)*(-\d+(\.\d+)*)?)*"
    r"|pgdsat \d\.\d(\.\d)?(, \d\.\d(\.\d)?)*"
    r"|Peraturan BSSN 4/2021 Pasal \d+ ayat \(\d+\) huruf [a-z](, ayat \(\d+\) huruf [a-z])*"
    r"|Indeks KAMI VI\.\d+((, |-)VI\.\d+)*"
    r"|ISO/IEC 27002:2022 [5-8]\.\d+"
    r"|LPSE standard \d+ form( \(.+\))?"
    r"|Keputusan Deputi II LKPP 152/2022 2\.\d(\.[a-f](\.\d)?(-[a-f])?)?(, 2\.\d(\.[a-f](\.\d)?(-[a-f])?)?)*"
    r"|(chkrootkit in the )?SPSE (4(\.3)? )?installation guides? \(.+\)( sets trust)?"
    r"|Pantau default( \(.+\))?"
)


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", program, *arguments], cwd=HERE.parents[1], capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


WATCHED = """
import json, sys
seen = []
HARMLESS = ("import", "compile", "exec", "marshal.", "object.", "code.", "sys.", "os.listdir", "os.scandir", "gc.",
            "builtins.", "cpython.", "pathlib.", "glob.", "ctypes.", "tempfile", "array.")
def watch(event, arguments):
    if event == "open":
        path, mode, flags = (*arguments, 0)[:3]
        if str(path).endswith((".py", ".pyc", ".so")) and not set("wax+") & set(str(mode or "")):
            return
        seen.append(f"open {path!r} {mode!r}")
    elif not event.startswith(HARMLESS):
        seen.append(f"{event} {arguments!r}"[:200])
import asyncio, datetime, decimal, ipaddress, msgspec  # what the standard library itself touches is not of interest
sys.addaudithook(watch)
from checks.catalogue import catalogue
count = len(catalogue().checks)
seen = list(seen)
print(json.dumps({"count": count, "seen": seen, "modules": sorted(sys.modules)}))
"""


def test_importing_every_check_touches_nothing_but_its_own_source() -> None:
    ran = run(WATCHED)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["count"] == len(CHECKS)
    assert said["seen"] == []


def test_importing_every_check_imports_neither_agent_nor_collector_nor_what_reads_hosts() -> None:
    said = json.loads(run(WATCHED).stdout)
    rooms = {name.partition(".")[0] for name in said["modules"]}
    assert rooms.isdisjoint(
        {
            "agent",
            "collector",
            "evidence",
            "psutil",
            "paramiko",
            "requests",
            "django",
            "cryptography",
            "psycopg",
            "rich",
        }
    )


def test_two_checks_of_one_code_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "copied.py").write_text(
        "from checks.check import LOW, INTEGRITY, HOUR, check\n"
        "from checks.facts.sshd import Sshd\nfrom checks.text import Text\nfrom checks.verdict import Verdict, judge\n"
        "T = Text('a', 'b')\n"
        "@check('K-SSH-01', severity=LOW, aspect=INTEGRITY, every=HOUR, source='x', title=T, why=T, remedy=T)\n"
        "def copied(sshd: Sshd) -> Verdict:\n    return judge(True, '', '')\n"
    )
    ran = run(
        "import sys, checks.security; checks.security.__path__.append(sys.argv[1])\n"
        "from checks.catalogue import catalogue\ncatalogue()",
        str(tmp_path),
    )
    assert ran.returncode == 1
    assert "two checks are called K-SSH-01; one of them is in checks.security." in ran.stderr


def test_every_declared_check_is_found() -> None:
    declared = {
        code
        for path in (HERE.parents[1] / "checks").glob("*/*.py")
        for code in re.findall(r'^ +"([A-Q]-[A-Z]{2,4}-\d{2})",', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {check.code for check in CHECKS} == declared


def test_checks_stand_in_the_order_of_their_codes() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(codes)
    assert list(CATALOGUE.checks) == codes


def test_every_fact_that_a_check_takes_is_in_the_catalogue_under_its_name() -> None:
    assert set(CATALOGUE.facts.values()) == {fact for check in CHECKS for fact in check.facts}
    assert all(name_of(fact) == name for name, fact in CATALOGUE.facts.items())


def test_only_the_collector_knows_what_no_host_can_read() -> None:
    unread = {name for name, fact in CATALOGUE.facts.items() if not recipes(fact)}
    assert unread == {
        "agreement", "coverage", "heartbeat", "report_chain",
        "enrolled_agents", "measured_availability", "measured_checks", "open_findings", "outages", "recurrences",
        "discovered_backups", "discovered_hardware", "discovered_releases", "discovered_software",
        "ticket_entries",
    }  # fmt: skip


@BY_CODE
def test_every_text_says_something_of_its_own_in_each_language(check: Check) -> None:
    for name in TEXTS:
        text: Text = getattr(check, name)
        assert text.id.strip() == text.id != ""
        assert text.en.strip() == text.en != ""
        assert text.id != text.en, f"{name}: Indonesian and English are the same"
        assert "  " not in text.id + text.en, f"{name}: two spaces"
        assert ". ." not in text.id + text.en
        assert not re.search(r"\b(TODO|FIXME|XXX)\b", text.id + text.en)


@BY_CODE
def test_every_reason_is_a_sentence_or_two_and_every_title_is_short(check: Check) -> None:
    for language in (check.why.id, check.why.en):
        assert language.endswith("."), language
        assert 30 <= len(language) <= 320, len(language)
    for language in (check.title.id, check.title.en):
        assert len(language) <= 80, language
        assert not language.endswith("."), language


@BY_CODE
def test_every_remedy_has_a_command_and_the_same_number_of_them_in_both_languages(check: Check) -> None:
    commands = {language: re.findall(r"`([^`]+)`", check.remedy.in_(language)) for language in ("id", "en")}
    for language in ("id", "en"):
        assert check.remedy.in_(language).count("`") % 2 == 0, "a backtick is not closed"
    assert commands["id"], check.remedy.id
    assert len(commands["id"]) == len(commands["en"])


@BY_CODE
def test_every_threshold_says_where_it_comes_from(check: Check) -> None:
    for part in check.source.split("; "):
        assert SOURCES.fullmatch(part), part


@BY_CODE
def test_severity_and_cadence_are_as_agreed(check: Check) -> None:
    if check.code in REASONED:
        severity, seconds, reason = REASONED[check.code]
        assert reason
    else:
        severity, seconds = AGREED[check.code]["severity"], SECONDS[AGREED[check.code]["interval"]]
    assert (check.severity, check.every) == (Severity(severity), seconds)


def test_no_reason_is_kept_for_a_departure_that_is_none() -> None:
    for code, (severity, seconds, _) in REASONED.items():
        row = AGREED.get(code)
        assert code in CATALOGUE.checks
        assert row is None or (row["severity"], SECONDS.get(row["interval"])) != (severity, seconds)


@BY_CODE
def test_cadence_grace_and_recovery_fit_together(check: Check) -> None:
    assert check.every in SECONDS.values()
    assert check.grace == 0 or check.grace >= check.every or check.grace >= 3 * MINUTE
    assert check.grace <= 14 * DAY
    assert check.recovery <= DAY


# What a remedy must say before it, so that nobody cuts themselves off by following it. Words in both languages.
DANGEROUS = {
    "permitrootlogin no": ("Pastikan", "make sure"),
    "PasswordAuthentication no": ("Pastikan", "Make sure"),
    "AllowGroups": ("Uji dengan sesi baru", "Test with a new session"),
    "AuthenticationMethods": ("Biarkan satu sesi terbuka", "Keep one session open"),
    "NOPASSWD: ALL": ("Beri dahulu kata sandi", "First give every administrator a password"),
    "pam-auth-update": ("Biarkan satu sesi", "Keep one root session open"),
    "iptables -P INPUT DROP": ("konsol", "console"),
    "ufw enable": ("konsol", "console"),
    "pg_dropcluster": ("cadangkan", "back it up"),
    "listen_addresses = 'localhost'": ("aplikasi", "application"),
    "swapoff -a": ("hanya bila", "only if"),
    "fail2ban": ("ignoreip", "ignoreip"),
}


@pytest.mark.parametrize("danger", DANGEROUS)
def test_a_remedy_that_can_lock_out_or_destroy_says_so(danger: str) -> None:
    told = 0
    for check in CHECKS:
        if danger not in check.remedy.en or (danger == "fail2ban" and check.code == "J-LOG-07"):
            continue
        told += 1
        for language, words in zip(("id", "en"), DANGEROUS[danger], strict=True):
            assert words in check.remedy.in_(language), f"{check.code} {language}: {danger} without {words!r}"  # type: ignore[arg-type]
    assert told


@pytest.mark.parametrize(
    "never", ["rm -rf", "chmod 777 ", "chmod -R 777", "setenforce 0", "--delete /", "kill -9", "--force"]
)
def test_no_remedy_tells_anyone_to_do_what_cannot_be_undone(never: str) -> None:
    assert [check.code for check in CHECKS if never in check.remedy.id + check.remedy.en] == []


THINGS = re.compile(r"(?i)(age|size|use|usage|permissions|retention|offset|wraparound|latency)\b")


@BY_CODE
def test_a_title_says_what_should_be_and_not_only_what_is_looked_at(check: Check) -> None:
    assert not THINGS.match(check.title.en)
    assert check.breach.id == f"Tidak terpenuhi: {check.title.id}"
