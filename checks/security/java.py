"""The Java that SPSE runs on, and the libraries it brings along (standard k)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from checks.check import CRITICAL, DAY, HIGH, INTEGRITY, check
from checks.facts.jars import Jars
from checks.facts.java_runtime import JavaRuntime
from checks.facts.spse_instances import SpseInstances
from checks.security.libraries import flaws
from checks.security.spse import NO_SPSE, RESTART
from checks.text import Text
from checks.verdict import Verdict, judge, unknown, warned

# General availability of security updates: Eclipse Temurin's roadmap (8: also IBM Semeru's), as of 2026.
END = {
    8: date(2030, 12, 31),
    11: date(2027, 10, 31),
    17: date(2027, 10, 31),
    21: date(2029, 12, 31),
    25: date(2031, 9, 30),
}


def end_of_life(feature: int) -> date:
    """When the builders stop mending Java `feature`. Releases without long-term support live for half a year."""
    if feature in END:
        return END[feature]
    halves = feature + 1 - 9  # Java 9 came out in September 2017, one release every half year since
    return date(2017 + (halves + 1) // 2, 9 if halves % 2 == 0 else 3, 20) if feature > 8 else date(2022, 7, 31)


def quarters_behind(released: date, today: date) -> int:
    """How many of the quarterly updates (third Tuesday of January, April, July and October) came out after `released`."""
    days = [date(year, month, 15) for year in range(released.year, today.year + 1) for month in (1, 4, 7, 10)]
    updates = [day + timedelta((1 - day.weekday()) % 7) for day in days]
    return sum(released + timedelta(14) < day <= today for day in updates)


@check(
    "K-APP-07", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=NO_SPSE, source="Pantau default",
    title=Text("Java didukung dan mutakhir", "Java is supported and up to date"),
    why=Text(
        "Java memperbaiki celah keamanan setiap tiga bulan; JDK yang disalin ke /usr/local tidak ikut diperbarui sistem.",
        "Java mends security holes every three months; a JDK copied to /usr/local is not updated with the system.",
    ),
    remedy=Text(
        "Pasang Java dari paket distribusi (Debian/Ubuntu: `apt install openjdk-17-jre-headless`; EL: `dnf install "
        f"java-21-openjdk-headless`) pada versi yang didukung SPSE Anda, arahkan JAVA_HOME di skrip spse4 ke sana, {RESTART.id}",
        "Install Java from packages (Debian/Ubuntu: `apt install openjdk-17-jre-headless`; EL: `dnf install "
        f"java-21-openjdk-headless`) in a version your SPSE supports, point JAVA_HOME of the spse4 script to it, {RESTART.en}",
    ),
)  # fmt: skip
def java_supported(java: JavaRuntime, now: datetime, *, behind: int = 2, warn_days: int = 180) -> Verdict:
    end = end_of_life(java.feature)
    today = now.date()
    expected = Text(
        f"didukung; paling banyak {behind} pembaruan triwulanan tertinggal",
        f"supported; at most {behind} quarterly updates behind",
    )
    if end < today:
        return judge(
            False,
            Text(f"Java {java.version}, tidak didukung sejak {end}", f"Java {java.version}, unsupported since {end}"),
            expected,
        )
    if java.released is None:
        return unknown(
            Text(
                f"Java {java.version}: tanggal rilisnya tidak diketahui", f"Java {java.version}: its date is not known"
            )
        )
    late = quarters_behind(java.released, today)
    measured = Text(
        f"Java {java.version} ({java.released}), tertinggal {late} pembaruan; didukung sampai {end}",
        f"Java {java.version} ({java.released}), {late} updates behind; supported until {end}",
    )
    if late <= behind and (end - today).days < warn_days:
        return warned(measured, expected, value=late)
    return judge(late <= behind, measured, expected, value=late)


@check(
    "K-APP-08", severity=CRITICAL, aspect=INTEGRITY, every=DAY, absent=NO_SPSE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (4) huruf c, ayat (9) huruf b; Pantau default",
    title=Text("Tidak ada pustaka Java dengan celah kritis", "No Java library with a known critical vulnerability"),
    why=Text(
        "Pustaka yang dibawa SPSE tidak ikut diperbarui oleh sistem operasi; celah seperti Log4Shell tinggal di sana.",
        "Libraries that SPSE brings along are not updated by the operating system; holes such as Log4Shell stay there.",
    ),
    remedy=Text(
        "Cari tempatnya dengan `find /home/appserv -name NAMA.jar`, lalu perbarui SPSE ke rilis terbaru dari LKPP; "
        "jangan mengganti berkas jar sendiri. Bila belum ada rilis, laporkan ke LPSE Support dengan nomor CVE-nya.",
        "Find it with `find /home/appserv -name NAME.jar`, then update SPSE to LKPP's latest release; do not replace "
        "jars yourself. Where there is none yet, report it to LPSE Support with its CVE number.",
    ),
)  # fmt: skip
def no_known_vulnerability(spse: SpseInstances, jars: Jars | None) -> Verdict:
    if jars is None:
        return unknown(
            Text("Berkas jar SPSE tidak ditemukan di tempat biasa", "SPSE's jars were not found in the usual places")
        )
    found = [(name, flaw) for name in jars.names for flaw in flaws(name)]
    critical = [f"{name} ({flaw.cve})" for name, flaw in found if flaw.critical]
    others = [f"{name} ({flaw.cve})" for name, flaw in found if not flaw.critical]
    expected = Text("0 celah kritis", "0 critical")
    shown = ", ".join((critical or others)[:8])
    if critical:
        return judge(False, shown, expected, value=len(critical))
    if jars.total > len(jars.names):
        return unknown(
            Text(
                f"Hanya {len(jars.names)} dari {jars.total} jar yang dilihat",
                f"Only {len(jars.names)} of {jars.total} jars were seen",
            )
        )
    if others:
        return warned(shown, expected, value=0)
    return judge(True, Text(f"0 dari {jars.total} jar", f"0 of {jars.total} jars"), expected, value=0)
