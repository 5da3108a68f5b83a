"""Time: one daemon, a small offset, several sources, one zone (standard k). Deadlines of bids are judged by this clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.baseline import drift
from checks.check import CRITICAL, DAY, HIGH, INTEGRITY, MEDIUM, MINUTE, check
from checks.fact import Missing
from checks.facts.time_sources import ApprovedTimeSources, TimeSources
from checks.facts.time_sync import TimeDaemons, TimeSync
from checks.facts.time_zone import JavaTimeZones, TimeZone
from checks.security.approval import look_then_approve
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned

START = 15 * MINUTE  # what a time daemon may need after a boot
CHRONY = Text(
    "Debian/Ubuntu: `apt install chrony` (menggantikan systemd-timesyncd). EL: `dnf install chrony && systemctl enable "
    "--now chronyd`. Tulis sedikitnya dua sumber (`server ALAMAT iburst`) di /etc/chrony/chrony.conf "
    "(Debian/Ubuntu) atau /etc/chrony.conf (EL), mulai ulang layanannya, lalu periksa `chronyc sources` dan `chronyc "
    "tracking`.",
    "Debian/Ubuntu: `apt install chrony` (it replaces systemd-timesyncd). EL: `dnf install chrony && systemctl enable "
    "--now chronyd`. Write at least two sources (`server ADDRESS iburst`) in /etc/chrony/chrony.conf (Debian/Ubuntu) or "
    "/etc/chrony.conf (EL), restart it, "
    "then look at `chronyc sources` and `chronyc tracking`.",
)
ZONES = {
    "WIB-7": ("WIB", "Asia/Jakarta", "Asia/Pontianak"),
    "WITA-8": ("WITA", "Asia/Makassar", "Asia/Ujung_Pandang"),
    "WIT-9": ("WIT", "Asia/Jayapura"),
}
POSIX = re.compile(r"(?P<name>[A-Za-z]+|<[^>]+>)(?P<sign>[+-]?)(?P<hours>\d{1,2})(?::(?P<minutes>\d\d))?")


@check(
    "K-TIME-01", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE, grace=START, absent=Status.FAIL,
    source="CIS Debian 12 1.1.0 2.3.1.1, 2.3.2.2, 2.3.3.3; CIS RHEL 9 1.0.0 2.1.2",
    title=Text("Satu layanan sinkronisasi waktu aktif", "Exactly one time daemon runs"),
    why=Text(
        "Tanpa layanan waktu, jam server melenceng; dua layanan sekaligus saling menarik jam ke arah yang berbeda.",
        "Without a time daemon the clock drifts; two of them pull it in different directions.",
    ),
    remedy=CHRONY,
)  # fmt: skip
def one_time_daemon(daemons: TimeDaemons) -> Verdict:
    count = len(daemons.running)
    return judge(count == 1, ", ".join(daemons.running), Text("tepat satu", "exactly one"), value=count)


@check(
    "K-TIME-02", severity=CRITICAL, aspect=INTEGRITY, every=5 * MINUTE, grace=START,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (6) huruf g; Indeks KAMI VI.23; ISO/IEC 27002:2022 8.17; Pantau default",
    title=Text("Jam server tepat terhadap NTP", "The clock agrees with NTP"),
    why=Text(
        "Batas akhir pemasukan penawaran dinilai dengan jam server ini; selisih beberapa detik dapat menjadi dasar "
        "sanggahan.",
        "Deadlines of bids are judged by this clock; an offset of seconds can become the ground of an objection.",
    ),
    remedy=Text(
        f"{CHRONY.id} Bila selisihnya besar: `chronyc makestep`, di luar jam pemasukan penawaran.",
        f"{CHRONY.en} If the offset is large: `chronyc makestep`, outside the hours of bidding.",
    ),
)  # fmt: skip
def clock_offset(sync: TimeSync | None, *, warn_seconds: float = 0.5, fail_seconds: float = 2.0) -> Verdict:
    """Without a time daemon the clock may be right or wrong: that nobody keeps it is the failure of K-TIME-01."""
    if sync is None:
        return unknown(
            Text(
                "selisih jam tidak terukur: tidak ada layanan waktu yang berjalan (kegagalannya dicatat pada K-TIME-01)",
                "the offset is not measured: no time daemon runs (which is the failure of K-TIME-01)",
            )
        )
    expected = Text(f"di bawah {fail_seconds:g} detik", f"below {fail_seconds:g} s")
    if sync.offset is None:
        measured = Text(f"{sync.daemon}: jam tidak tersinkronisasi", f"{sync.daemon}: the clock is not synchronised")
        return judge(False, measured, expected)
    size = abs(sync.offset)
    words = Text(f"{sync.daemon}: {size:.3g} detik", f"{sync.daemon}: {size:.3g} s")
    if warn_seconds <= size < fail_seconds:
        return warned(words, expected, value=size)
    return judge(size < fail_seconds, words, expected, value=size)


@check(
    "K-TIME-03", severity=MEDIUM, aspect=INTEGRITY, every=15 * MINUTE, grace=START,
    source="Pantau default",
    title=Text("Minimal dua sumber waktu terjangkau", "At least two time sources answer"),
    why=Text(
        "Dengan satu sumber saja, sumber yang salah menyeret jam server tanpa ada yang membandingkan. systemd-timesyncd "
        "hanya mengikuti satu server.",
        "With a single source, a wrong one drags the clock along and nothing compares it. systemd-timesyncd follows only "
        "one server.",
    ),
    remedy=CHRONY,
)  # fmt: skip
def time_sources(sync: TimeSync | None, *, minimum: int = 2, stratum: int = 4) -> Verdict:
    expected = Text(
        f"sedikitnya {minimum} sumber, stratum paling tinggi {stratum}",
        f"at least {minimum} sources, stratum at most {stratum}",
    )
    if sync is None:
        none = Text(
            "0 sumber: tidak ada layanan waktu yang berjalan (lihat K-TIME-01)",
            "0 sources: no time daemon runs (see K-TIME-01)",
        )
        return judge(False, none, expected, value=0)
    answer = f"{sync.reachable}/{sync.sources}"
    followed = "-" if sync.stratum is None else str(sync.stratum)
    measured = Text(
        f"{sync.daemon}: {answer} sumber terjangkau, stratum {followed}",
        f"{sync.daemon}: {answer} sources answer, stratum {followed}",
    )
    met = sync.reachable >= minimum and sync.stratum is not None and sync.stratum <= stratum
    return judge(met, measured, expected, value=sync.reachable)


@check(
    "K-TIME-05", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=Status.FAIL,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (6) huruf g; Pantau default",
    title=Text("Zona waktu seragam WIB/WITA/WIT (OS dan JVM)", "One time zone, WIB, WITA or WIT (OS and JVM)"),
    why=Text(
        "Log yang tercatat dalam UTC dan jadwal tender dalam WIB tidak dapat dicocokkan tanpa salah hitung; JVM dengan "
        "zona lain menggeser jadwal itu sendiri.",
        "Logs in UTC and tender schedules in WIB cannot be matched without mistakes; a JVM in another zone shifts the "
        "schedule itself.",
    ),
    remedy=Text(
        "`timedatectl set-timezone Asia/Jakarta` (WITA: Asia/Makassar, WIT: Asia/Jayapura), hapus `-Duser.timezone` "
        "yang berbeda dari skrip SPSE, lalu mulai ulang SPSE, PostgreSQL, dan rsyslog di luar jam layanan.",
        "`timedatectl set-timezone Asia/Jakarta` (WITA: Asia/Makassar, WIT: Asia/Jayapura), remove a different "
        "`-Duser.timezone` from the script of SPSE, then restart SPSE, PostgreSQL and rsyslog outside service hours.",
    ),
)  # fmt: skip
def time_zone(system: TimeZone, java: JavaTimeZones | Missing | None) -> Iterator[Verdict]:
    expected = Text("WIB, WITA, atau WIT", "WIB, WITA or WIT")
    names = ZONES.get(system.rule, ())
    zone = zone_name(system.rule)
    yield judge(bool(names), zone, expected, subject="OS")
    if isinstance(java, Missing):
        yield unknown(java.reason, subject="JVM")
        return
    if java is None:
        return
    given = [one for one in java.zones if one]
    if not given:
        follows = Text(f"mengikuti OS: {zone}", f"follows the OS: {zone}")
        yield judge(bool(names), follows, expected, subject="JVM")
        return
    same = Text(f"{names[0]}, sama dengan OS", f"{names[0]}, as the OS") if names else expected
    met = all(one in names for one in given)
    yield judge(met, f"-Duser.timezone={', '.join(given)}", same, subject="JVM")


def zone_name(rule: str) -> str:
    """A POSIX rule as people say it: "WIB-7" is WIB (UTC+7), "UTC0" is UTC, "<+07>-7" is UTC+7 (POSIX counts westward)."""
    found = POSIX.match(rule)
    if found is None:
        return rule
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    sign = "+" if found["sign"] == "-" else "-"
    offset = f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "") if hours or minutes else "UTC"
    name = found["name"]
    return offset if name.startswith("<") or name == offset else f"{name} ({offset})"


@check(
    "K-TIME-04", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="CIS Debian 12 1.1.0 2.3.3.1, 2.3.2.1",
    title=Text("Sumber waktu hanya yang disetujui", "Only approved time sources are configured"),
    why=Text(
        "Siapa yang menguasai sumber waktu menguasai jam server, dan dengan itu batas akhir pemasukan penawaran.",
        "Whoever holds the time source holds the server's clock, and with it the deadlines of bids.",
    ),
    remedy=look_then_approve(
        "Lihat `chronyc sources`, atau `timedatectl show-timesync` untuk systemd-timesyncd. Hapus yang tidak dikenal dari "
        "/etc/chrony/chrony.conf (Debian/Ubuntu) atau /etc/chrony.conf (EL), lalu mulai ulang layanannya.",
        "Look at `chronyc sources`, or at `timedatectl show-timesync` for systemd-timesyncd. Remove what nobody knows from "
        "/etc/chrony/chrony.conf (Debian/Ubuntu) or /etc/chrony.conf (EL), then restart the service.",
    ),
)  # fmt: skip
def configured_sources(now: TimeSources, approved: ApprovedTimeSources | None) -> Verdict:
    """Fewer sources than approved are for K-TIME-03 to judge."""
    return drift(now, approved, removed=False)
