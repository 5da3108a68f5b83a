"""SPSE is up (standard l): its process, and its answer behind the proxy."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, CRITICAL, MINUTE, check
from checks.facts.spse_answers import SpseAnswers
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import SpsePidFiles, SpseProcesses, unconfirmed
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned

NO_SPSE = Status.NOT_APPLICABLE


@check(
    "L-AVL-03", severity=CRITICAL, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("SPSE merespons di belakang proksi", "SPSE answers behind the proxy"),
    why=Text(
        "Jika SPSE sendiri tidak menjawab, yang dilihat penyedia hanyalah halaman galat proksi, dan penawaran tidak masuk.",
        "If SPSE itself does not answer, bidders see an error page of the proxy and no bid gets in.",
    ),
    remedy=Text(
        "Lihat ujung webapp/logs/*.log dan webapp/logs/system.out, periksa PostgreSQL dan ruang disk, lalu `./spse4 restart` "
        "sebagai akun aplikasi.",
        "Read the end of webapp/logs/*.log and webapp/logs/system.out, check PostgreSQL and disk space, then `./spse4 "
        "restart` as the application's account.",
    ),
)  # fmt: skip
def answers(spse: SpseInstances, seen: SpseAnswers) -> Iterator[Verdict]:
    expected = "HTTP 200-399"
    if seen.statuses and len(seen.statuses) != len(spse.instances):
        yield unknown(Text("Jumlah instans berubah ketika diperiksa", "The number of instances changed meanwhile"))
        return
    for position, one in enumerate(spse.instances):
        silent = Text(f"tidak ada jawaban di port {one.port}", f"no answer on port {one.port}")
        if seen.statuses:
            status = seen.statuses[position]
            yield judge(200 <= status < 400, f"HTTP {status}" if status else silent, expected, subject=one.name)
        elif one.port not in seen.listening:
            yield judge(False, silent, expected, subject=one.name)
        else:
            reason = Text(
                f"Port {one.port} terbuka, tetapi jawabannya tidak dapat dipastikan; pasang curl",
                f"Port {one.port} is open, but its answer could not be told; install curl",
            )
            yield unknown(reason, subject=one.name)


@check(
    "L-AVL-04", severity=CRITICAL, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("Proses SPSE hidup dan server.pid cocok", "SPSE's process is alive and server.pid fits"),
    why=Text(
        "Tanpa proses, tidak ada layanan. Jika server.pid menunjuk proses lain, `spse4 stop` dan `restart` salah sasaran.",
        "No process, no service. If server.pid names another process, `spse4 stop` and `restart` hit the wrong one.",
    ),
    remedy=Text(
        "`./spse4 start` sebagai akun aplikasi. Jika server.pid usang: hapus berkasnya sesudah memastikan prosesnya "
        "mati, lalu mulai lagi.",
        "`./spse4 start` as the application's account. If server.pid is stale: make sure its process is dead, remove the "
        "file, start again.",
    ),
)  # fmt: skip
def alive(spse: SpseInstances, running: SpseProcesses | None, files: SpsePidFiles | None) -> Iterator[Verdict]:
    processes = running.confirmed if running else ()
    alike = [one for one in running.processes if not one.confirmed] if running else []
    expected = Text("hidup, server.pid cocok", "alive, server.pid fits")
    for one in spse.instances:
        noted = {
            file.pid for file in (files.files if files else ()) if file.path.rpartition("/")[0] in {one.app, one.home}
        }
        pids = {process.pid for process in processes if process.serves(one.app, one.home) or process.pid in noted}
        doubtful = [process for process in alike if process.serves(one.app, one.home) or process.pid in noted]
        if not pids and doubtful:
            yield unknown(unconfirmed(doubtful[0]), subject=one.name)
        elif not pids:
            yield judge(False, Text("tidak ada proses", "no process"), expected, subject=one.name)
        elif noted and not noted & pids:
            measured = f"pid {min(pids)}; server.pid {min(noted)}"
            yield warned(measured, expected, subject=one.name)
        else:
            yield judge(True, f"pid {min(pids)}", expected, subject=one.name)
