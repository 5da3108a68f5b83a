"""What an SPSE installation keeps to itself (standard k): its secret, and its distance from the training instance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from checks.check import CONFIDENTIALITY, DAY, HIGH, MEDIUM, check
from checks.facts.postgres_databases import PgDatabases
from checks.facts.spse_instances import SpseInstance, SpseInstances
from checks.facts.spse_process import SpseProcesses
from checks.facts.spse_secrets import SpseSecret, SpseSecrets
from checks.security.spse import NO_SPSE, RESTART, processes_of
from checks.text import Text, Words, joined
from checks.verdict import Verdict, judge, not_applicable, unknown, warned

TRAINING = re.compile(r"(?i)(?:^|[^a-z]|eproc|spse|epns)lat(?:ih|ihan)?(?![a-z])|latihan|training|simulasi")
# Marks of the secrets in Play 1's own samples (playframework/play1, samples-and-tests): yabe, just-test-cases, booking, chat.
PUBLISHED = frozenset({"e1b2e7bbbf1d8444", "620d44f21ba4c2e0", "fe2140712c3e876d", "47dcca060b4e44c6"})


@check(
    "K-APP-04", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SPSE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (5) huruf c; Pantau default (32 characters)",
    title=Text("application.secret terisi, panjang, dan unik", "application.secret is set, long and unique"),
    why=Text(
        "Dengan application.secret orang dapat memalsukan sesi pengguna mana pun dan membuka securedb; yang pendek dapat "
        "ditebak, yang dipakai bersama atau pernah terbit sudah diketahui orang lain.",
        "With application.secret anyone can forge any user's session and decrypt securedb; a short one can be guessed, a "
        "shared or published one is known already.",
    ),
    remedy=Text(
        "Buat yang baru dengan `openssl rand -hex 32`, buat ulang nilai securedb dengannya (alat bawaan SPSE), tulis "
        f"keduanya di conf/application.conf, {RESTART.id} Semua pengguna harus login ulang. Jangan memakai secret instans lain.",
        "Make a new one with `openssl rand -hex 32`, make securedb anew with it (SPSE's own tool), write both into "
        f"conf/application.conf, {RESTART.en} Everybody has to log in again. Do not use another instance's secret.",
    ),
)  # fmt: skip
def secret_is_long(spse: SpseSecrets, *, shortest: int = 32, refused: tuple[str, ...] = ()) -> Iterator[Verdict]:
    """`refused`: marks (`SpseSecret.mark`) of secrets that nobody may use, such as those that LKPP saw at several LPSEs."""
    expected = Text(f">= {shortest} karakter, tidak dipakai bersama", f">= {shortest} characters, used nowhere else")
    for one in spse.instances:
        if one.elsewhere:
            reason = Text(
                "application.secret diambil dari lingkungan atau berkas lain yang tidak dibaca",
                "application.secret is taken from the environment or another file, which is not read",
            )
            yield unknown(reason, subject=one.name)
            continue
        measured = Text(f"{one.length} karakter", f"{one.length} characters") if one.length else Text("kosong", "empty")
        shared = _shared(one, spse, refused)
        if shared:
            measured = Text(f"{measured.id}; {shared.id}", f"{measured.en}; {shared.en}")
        yield judge(one.length >= shortest and not shared, measured, expected, subject=one.name, value=one.length)


def _shared(one: SpseSecret, spse: SpseSecrets, refused: tuple[str, ...]) -> Text | None:
    """Where else the secret of `one` is known to be; None where that is not known."""
    if not one.mark:
        return None
    others = [other.name for other in spse.instances if other.mark == one.mark and other.app != one.app]
    if others:
        return Text(f"sama dengan milik {', '.join(others)}", f"the same as that of {', '.join(others)}")
    if one.mark in PUBLISHED:
        return Text("berasal dari contoh Play yang terbit untuk umum", "it comes from a published sample of Play")
    if one.mark in refused:
        return Text("ditolak oleh kebijakan: dipakai di tempat lain", "refused by policy: it is in use elsewhere")
    return None


@check(
    "K-APP-09", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SPSE,
    source="Indeks KAMI VI.25; Pantau default",
    title=Text("Instans latihan terpisah dari produksi", "The training instance is separate from production"),
    why=Text(
        "Instans latihan dipakai banyak orang dengan kata sandi yang mudah; bila ia berbagi basis data, secret, atau akun "
        "dengan produksi, siapa pun yang menguasainya menguasai tender yang sesungguhnya.",
        "Many people use the training instance with easy passwords; if it shares database, secret or account with "
        "production, whoever takes it over has the real tenders.",
    ),
    remedy=Text(
        "Sebaiknya pindahkan instans latihan ke server lain. Bila tetap di sini: basis data dan peran sendiri (`createuser "
        "epns_lat`, `createdb -O epns_lat epns_lat`), application.secret sendiri (`openssl rand -hex 32`), http.port sendiri, "
        f"dan akun sistem sendiri (`useradd --system spse_lat`), {RESTART.id}",
        "Best move the training instance to another server. If it stays: a database and role of its own (`createuser "
        "epns_lat`, `createdb -O epns_lat epns_lat`), an application.secret of its own (`openssl rand -hex 32`), an "
        f"http.port of its own, and a system account of its own (`useradd --system spse_lat`), {RESTART.en}",
    ),
)  # fmt: skip
def training_is_separate(
    spse: SpseInstances, secrets: SpseSecrets, databases: PgDatabases | None, running: SpseProcesses | None
) -> Iterator[Verdict]:
    by_app = {one.app: one for one in secrets.instances}
    pairs = [(one, by_app[one.app]) for one in spse.instances if one.app in by_app]
    training = [pair for pair in pairs if _training(*pair)]
    production = [pair for pair in pairs if not _training(*pair)]
    if len(pairs) < len(spse.instances):
        yield unknown(Text("sebagian application.conf tidak dibaca", "some application.conf were not read"))
    elif not training:
        yield not_applicable(
            Text("tidak ada instans latihan di server ini", "there is no training instance on this server")
        )
    elif not production:
        yield not_applicable(
            Text("hanya instans latihan di server ini", "there are only training instances on this server")
        )
    for one, other in product(training, production):
        yield _compared(one, other, databases, running)


def _training(instance: SpseInstance, secret: SpseSecret) -> bool:
    return any(TRAINING.search(word) for word in (instance.name, instance.path, secret.database))


def _compared(
    one: tuple[SpseInstance, SpseSecret],
    other: tuple[SpseInstance, SpseSecret],
    databases: PgDatabases | None,
    running: SpseProcesses | None,
) -> Verdict:
    (training, its), (production, theirs) = one, other
    subject = f"{training.name} / {production.name}"
    expected = Text(
        "port, basis data, secret, dan akun sistem masing-masing",
        "port, database, secret and system account of its own",
    )
    shared: list[Words] = []
    if training.port == production.port:
        shared.append(f"http.port {training.port}")
    if its.mark and its.mark == theirs.mark:
        shared.append(Text("application.secret sama", "the same application.secret"))
    if its.database and its.database == theirs.database:
        shared.append(Text(f"basis data {its.database} sama", f"the same database {its.database}"))
    if shared:
        return judge(False, joined(shared), expected, subject=subject)
    if its.elsewhere or theirs.elsewhere or training.includes or production.includes:
        reason = Text("sebagian pengaturan ada di berkas lain", "some settings are in other files")
        return unknown(reason, subject=subject)
    names = [its.database, theirs.database]
    if not all(names):
        names = [one.name for one in databases.databases] if databases else []
        if not any(TRAINING.search(name) for name in names) or all(TRAINING.search(name) for name in names):
            reason = Text(
                "basis data tersimpan dalam securedb, dan PostgreSQL di sini tidak memuat basis data latihan sendiri",
                "the database is inside securedb, and PostgreSQL here has no database of its own for training",
            )
            return unknown(reason, subject=subject)
    accounts = {process.user for instance in (training, production) for process in processes_of(instance, running)}
    if len(accounts) == 1 and all(processes_of(instance, running) for instance in (training, production)):
        (account,) = accounts
        return warned(
            Text(f"akun sistem {account} sama", f"the same system account {account}"), expected, subject=subject
        )
    measured = Text(
        f"port {training.port} dan {production.port}; basis data {', '.join(sorted(names)[:6])}",
        f"ports {training.port} and {production.port}; databases {', '.join(sorted(names)[:6])}",
    )
    return judge(True, measured, expected, subject=subject)
