"""`pantau-agent restore-test`: restore the newest backup into a scratch PostgreSQL, and remember what came of it."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from agent.cli.common import WrongUse, moment, room, say
from agent.hosts.local import LocalHost
from agent.present.plain import plain
from agent.present.restoring import restoring
from agent.restore import record
from agent.restore.cluster import DATABASE, SUPERUSER
from agent.restore.processes import step_back
from agent.restore.scratch import base_of
from agent.restore.tools import installed
from agent.restore.trial import Outcome, Request, newest, trial, trusted
from checks.continuity.restore import failure, lasting
from checks.facts.restore_test import RECORD, RestoreTest
from checks.text import Language, Text

STEPS = {
    "read": Text("1/4 Membaca awal cadangan", "1/4 Reading the beginning of the backup"),
    "prepare": Text("2/4 Menyiapkan PostgreSQL sementara", "2/4 Preparing a scratch PostgreSQL"),
    "restore": Text("3/4 Memulihkan; produksi tidak disentuh", "3/4 Restoring; production is not touched"),
    "count": Text("4/4 Menghitung baris tabel terbesar", "4/4 Counting the rows of the largest tables"),
}
MEND = {
    "cut": Text(
        "Buat cadangan baru sekarang, periksa ruang disk dan galat skripnya (`set -o pipefail`), lalu uji lagi.",
        "Make a new backup now, look at the disk space and the errors of its script (`set -o pipefail`), then test again.",
    ),
    "not_a_dump": Text(
        "Periksa apa yang ditulis skrip pencadangan: hanya hasil pg_dump atau pg_dumpall yang dapat dipulihkan.",
        "Look at what the backup script writes: only what pg_dump or pg_dumpall made can be restored.",
    ),
    "extension": Text(
        "Pasang paket ekstensi itu di server ini (dan di server cadangan, untuk hari pemulihan yang sesungguhnya).",
        "Install the package of that extension on this server (and on the standby, for the day it is needed).",
    ),
    "no_space": Text(
        "Ulangi di disk yang lebih lapang: --scratch FOLDER.", "Try again on a roomier disk: --scratch FOLDER."
    ),
    "too_slow": Text("Ulangi dengan batas yang lebih lama: --hours N.", "Try again with a longer limit: --hours N."),
    "refused": Text(
        "Galat PostgreSQL ada di berkas rincian. Sering sebabnya versi utama yang berbeda atau dump yang dibuat dengan galat.",
        "The errors of PostgreSQL are in the file of particulars. Often the major version differs, or pg_dump had errors.",
    ),
    "stopped": Text(
        "Periksa memori (`dmesg | tail`), lalu ulangi.", "Look at the memory (`dmesg | tail`), then try again."
    ),
    "empty": Text(
        "Cadangan ini kosong: periksa nama basis data dan pilihan (--schema-only?) dalam skrip pencadangan.",
        "This backup is empty: look at the name of the database and the options (--schema-only?) in the backup script.",
    ),
}


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "restore-test",
        help="pulihkan cadangan terbaru ke PostgreSQL sementara / restore the newest backup into a scratch one",
    )
    parser.add_argument(
        "--backup", metavar="FILE", default="", help="cadangan ini / this backup (terbaru / the newest)"
    )
    parser.add_argument(
        "--scratch",
        metavar="DIR",
        default="",
        help="folder sementara di disk yang lapang / scratch folder on a roomy disk",
    )
    parser.add_argument("--hours", metavar="N", type=_hours, default=12.0, help="batas waktu / time limit (12)")
    parser.add_argument("--keep", action="store_true", help="simpan hasil pemulihan / keep what was restored")
    parser.set_defaults(run=run)


def _hours(said: str) -> float:
    hours = float(said)
    if not 0 < hours <= 240:
        raise argparse.ArgumentTypeError(f"harus di antara 0 dan 240 / must be between 0 and 240: {said}")
    return hours


def run(options: argparse.Namespace) -> int:
    """Test one backup; exit 1 if it could not be restored. Ended by a signal, it leaves nothing behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupted)
    state = Path(options.settings.state)
    record.ready(state)
    tools = installed()
    backup = _backup(options.backup)
    step_back()
    with restoring(options.lang) as (said, progress):
        said(f"{Text('Cadangan', 'Backup').in_(options.lang)}: {plain(str(backup))}")
        outcome = trial(
            Request(
                backup, base_of(state, options.scratch), tools, options.hours, options.keep,
                lambda step: said(STEPS[step].in_(options.lang)), progress,
            )
        )  # fmt: skip
    kept = record.keep(state, outcome.test, outcome.said)
    _print(outcome, kept, options.lang)
    return 0 if outcome.test.passed else 1


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _backup(named: str) -> Path:
    if not named:
        return newest(LocalHost())
    path = Path(named).absolute()
    if not path.is_file():
        raise WrongUse(Text(f"{path} bukan berkas", f"{path} is not a file"))
    return trusted(path)


def _print(outcome: Outcome, kept: Path, language: Language) -> None:
    test = outcome.test
    took = lasting(test.seconds)
    why = failure(test)
    if test.passed:
        say(Text(f"✓ Cadangan pulih dalam {took.id}.", f"✓ The backup was restored in {took.en}."), language)
    else:
        say(Text(f"✗ Uji pemulihan {why.id}.", f"✗ The restore test {why.en}."), language)
        say(MEND[test.reason], language)
    written = f"{moment(test.taken)}, {room(test.size)}, {test.form}"
    rows = [(Text("cadangan", "backup"), test.backup), (Text("ditulis", "written"), written)]
    if test.server:
        rows.append((Text("dipulihkan ke", "restored into"), f"PostgreSQL {test.server}"))
    if test.passed:
        rows += _counts(test, language)
    for label, value in rows:
        print(f"  {label.in_(language):<16}{plain(value)}")
    _after(outcome, kept, language)


def _counts(test: RestoreTest, language: Language) -> list[tuple[Text, str]]:
    rows = [(Text("tabel", "tables"), str(test.tables))]
    rows += [(Text("baris", "rows"), f"{_number(table.rows, language):>14}  {table.name}") for table in test.counted]
    if test.secret:
        said = Text(
            f"{test.secret} tabel besar lain dihitung tetapi dirahasiakan",
            f"counted and kept secret: {test.secret} more of the large tables",
        )
        rows.append((Text("", ""), said.in_(language)))
    if test.left_out:
        said = Text(
            f"{test.left_out} perintah khusus superuser (pemilik, peran) dilewati; tidak berisi data",
            f"{test.left_out} statements for a superuser (owners, roles) were left out; they hold no data",
        )
        rows.append((Text("", ""), said.in_(language)))
    return rows


def _number(rows: int, language: Language) -> str:
    """A large number with the separator of the language."""
    return f"{rows:,}" if language == "en" else f"{rows:,}".replace(",", ".")


def _after(outcome: Outcome, kept: Path, language: Language) -> None:
    """What stays behind, and where it is seen next."""
    if outcome.said and not outcome.test.passed:
        log = kept.with_name(record.LOG)
        say(Text(f"Rincian (tidak dikirim): {log}", f"Particulars (never sent): {log}"), language)
    if outcome.swept:
        say(
            Text(
                f"Sisa uji sebelumnya telah dihapus: {outcome.swept}.",
                f"Remains of earlier tests were removed: {outcome.swept}.",
            ),
            language,
        )
    if outcome.kept and outcome.test.server:
        folder, owner = outcome.kept.folder, outcome.kept.server.name
        say(
            Text(
                f"Disimpan di {folder} (seluruh isi basis data!); uji berikutnya menghapusnya.",
                f"Kept in {folder} (the whole content of the database!); the next test removes it.",
            ),
            language,
        )
        by = f"runuser -u {owner} -- " if owner else ""
        print(f"  {by}{outcome.kept.tools['pg_ctl']} -D {folder}/data -l {folder}/log start")
        print(f"  {by}{outcome.kept.tools['psql']} -h {folder}/s -U {SUPERUSER} {DATABASE}")
    if str(kept) != RECORD:
        said = Text(
            f"Tercatat di {kept}. Laporan hanya membaca {RECORD}: jalankan tanpa --state agar dilaporkan.",
            f"Recorded in {kept}. Reports read only {RECORD}: run without --state to have it reported.",
        )
    else:
        said = Text(
            f"Tercatat di {kept}; laporan berikutnya memuatnya (L-BCK-09, L-BCK-10).",
            f"Recorded in {kept}; the next report carries it (L-BCK-09, L-BCK-10).",
        )
    say(said, language)
