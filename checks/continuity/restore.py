"""Restoring is tested, and fast enough (standard l)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checks.check import AVAILABILITY, CRITICAL, DAY, HIGH, HOUR, check
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.restore_test import NEVER, Reason, RestoreTest, Step
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, unknown

STEPS: Mapping[Step, Text] = {
    "read": Text("membaca cadangan", "reading the backup"),
    "extensions": Text("menyiapkan ekstensi", "preparing extensions"),
    "restore": Text("memulihkan", "restoring"),
    "count": Text("menghitung baris", "counting rows"),
}
REASONS: Mapping[Reason, Text] = {
    "cut": Text("cadangan terpotong atau rusak", "the backup is cut off or damaged"),
    "not_a_dump": Text("berkas itu bukan dump PostgreSQL", "the file is no dump of PostgreSQL"),
    "extension": Text("ekstensi tidak tersedia di server ini", "an extension is not available on this server"),
    "no_space": Text("ruang disk habis di tengah pemulihan", "the disk filled up while restoring"),
    "too_slow": Text("tidak selesai dalam batas waktu", "it did not end within the time limit"),
    "refused": Text("PostgreSQL menolak isi cadangan", "PostgreSQL refused what is in the backup"),
    "stopped": Text("PostgreSQL sementara berhenti sendiri", "the scratch PostgreSQL stopped by itself"),
    "empty": Text("tidak ada satu baris pun di dalamnya", "there is not a single row in it"),
}
AGAIN = Text(
    "Jalankan `pantau-agent restore-test` sebagai root di luar jam sibuk; produksi tidak disentuh. Bila gagal, layar "
    "menyebut langkah, alasan, dan jalan keluarnya. Berkas lain diuji dengan `pantau-agent restore-test --backup BERKAS`, "
    "disk lain dipakai dengan `pantau-agent restore-test --scratch FOLDER`.",
    "Run `pantau-agent restore-test` as root outside busy hours; production is not touched. If it fails, the screen names "
    "the step, the reason and what to do. Another file is tested with `pantau-agent restore-test --backup FILE`, another "
    "disk is used with `pantau-agent restore-test --scratch FOLDER`.",
)


def failure(test: RestoreTest) -> Text:
    """At which step, and why, a restore test failed."""
    detail = f" ({test.detail})" if test.detail else ""
    step, reason = STEPS.get(test.step, Text("?", "?")), REASONS.get(test.reason, Text("?", "?"))
    return Text(f"gagal saat {step.id}: {reason.id}{detail}", f"failed while {step.en}: {reason.en}{detail}")


def lasting(seconds: float) -> Text:
    """A duration as a person says it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return Text(f"{hours} jam {minutes} menit", f"{hours} h {minutes} min")
    return Text(
        f"{minutes} menit {rest} detik" if minutes else f"{rest} detik",
        f"{minutes} min {rest} s" if minutes else f"{rest} s",
    )


def _days(test: RestoreTest, now: datetime) -> float:
    return round((now - test.at).total_seconds() / DAY, 1)


@check(
    "L-BCK-09", severity=CRITICAL, aspect=AVAILABILITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="ISO/IEC 27002:2022 8.13; Peraturan BSSN 4/2021 Pasal 27 ayat (7) huruf e; Pantau default (days)",
    title=Text("Pemulihan cadangan diuji belum lama ini dan berhasil", "Restoring a backup was tested lately and worked"),
    why=Text(
        "Cadangan yang belum pernah dipulihkan hanyalah harapan: dump yang tampak utuh sering gagal karena ekstensi, versi, "
        "atau isinya.",
        "A backup that was never restored is only a hope: dumps that look whole often fail for an extension, a version or "
        "what is in them.",
    ),
    remedy=AGAIN,
)  # fmt: skip
def recent(
    database: PostgresInstalled,
    test: RestoreTest | None,
    now: datetime,
    *,
    days: float = 90.0,
    backup_days: float = 7.0,
) -> Verdict:
    expected = Text(
        f"berhasil dalam {days:g} hari terakhir, dengan cadangan yang berumur <= {backup_days:g} hari saat diuji",
        f"passed within the last {days:g} days, with a backup <= {backup_days:g} days old at the test",
    )
    if test is None:
        return judge(False, NEVER, expected)
    age, of = _days(test, now), round((test.at - test.taken).total_seconds() / DAY, 1)
    name = test.backup.rpartition("/")[2]
    if not test.passed:
        why = failure(test)
        said = Text(f"{name}: {why.id}, {age:g} hari yang lalu", f"{name}: {why.en}, {age:g} days ago")
        return judge(False, said, expected, value=age)
    rows = sum(table.rows for table in test.counted)
    measured = Text(
        f"{age:g} hari yang lalu {name} (berumur {of:g} hari) pulih: {test.tables} tabel, {rows} baris pada "
        f"{len(test.counted)} tabel yang dihitung",
        f"{age:g} days ago {name} ({of:g} days old) came back: {test.tables} tables, {rows} rows in the "
        f"{len(test.counted)} that were counted",
    )
    return judge(-1 / 24 <= age <= days and of <= backup_days, measured, expected, value=age)


@check(
    "L-BCK-10", severity=HIGH, aspect=AVAILABILITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Pantau default (the declared RTO of the provider takes its place by policy)",
    title=Text("Waktu pemulihan terukur memenuhi target", "The measured recovery time meets the target"),
    why=Text(
        "Janji pulih dalam beberapa jam baru berarti bila waktunya pernah diukur dengan data yang sebenarnya.",
        "A promise to be back within hours means something only once the time was measured with the real data.",
    ),
    remedy=Text(
        f"{AGAIN.id} Bila terlalu lama: pakai `pg_dump -Fc`, hapus data usang, atau siapkan replika.",
        f"{AGAIN.en} If it takes too long: use `pg_dump -Fc`, remove old data, or set up a replica.",
    ),
)  # fmt: skip
def recovery_time(
    database: PostgresInstalled, test: RestoreTest | None, now: datetime, *, hours: float = 4.0, days: float = 90.0
) -> Verdict:
    not_known: Words = ""
    if test is None:
        not_known = NEVER
    elif not test.passed and test.reason != "too_slow":
        why = failure(test)
        not_known = Text(f"uji terakhir {why.id}", f"the last test {why.en}")
    elif not -1 / 24 <= _days(test, now) <= days:
        age = _days(test, now)
        not_known = Text(f"terakhir diukur {age:g} hari yang lalu", f"last measured {age:g} days ago")
    if test is None or not_known:
        return unknown(not_known)
    took, value = lasting(test.seconds), round(test.seconds / HOUR, 2)
    expected = Text(f"<= {hours:g} jam", f"<= {hours:g} hours")
    if not test.passed:
        if value > hours:
            return judge(
                False, Text(f"belum selesai sesudah {took.id}", f"not done after {took.en}"), expected, value=value
            )
        return unknown(Text(f"dihentikan sesudah {took.id}", f"stopped after {took.en}"))
    return judge(value <= hours, took, expected, value=value)
