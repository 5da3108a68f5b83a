"""Processor: how busy, and what it waits for (standard g)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, MEDIUM, MINUTE, check
from checks.facts.processor import Processor
from checks.text import Text, Words, words
from checks.verdict import Status, Verdict, at_most, judge, warned

BUSY_FOR = 15 * MINUTE  # shorter peaks are work being done


def over(share: Words, window: float, *, short: bool) -> Text:
    """`share`, of time, with the time over which it was measured."""
    indonesian, english = words(share, "id"), words(share, "en")
    if short:
        return Text(
            f"{indonesian} (contoh singkat {window:.1f} detik, bukan beban rata-rata)",
            f"{english} (a short sample of {window:.1f} s, no average load)",
        )
    return Text(f"{indonesian} selama {window:.0f} detik terakhir", f"{english} in the last {window:.0f} s")


def only_a_sample(verdict: Verdict) -> Verdict:
    """`verdict` of a short sample: nobody fails for what happened in half a second."""
    if verdict.status is Status.FAIL:
        return warned(verdict.measured, verdict.expected, subject=verdict.subject, value=verdict.value)
    return verdict


@check(
    "G-CPU-01", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=BUSY_FOR, recovery=BUSY_FOR, source="Pantau default",
    title=Text("Utilisasi CPU wajar", "Processor use leaves room"),
    why=Text(
        "CPU yang terus-menerus penuh membuat unggah dan pembukaan penawaran melambat tepat pada jam-jam batas akhir.",
        "A processor that is busy all the time slows uploading and opening of bids just when deadlines fall.",
    ),
    remedy=Text(
        "Lihat proses penyebabnya: `top -o %CPU` atau `ps -eo pid,user,pcpu,etime,comm --sort=-pcpu | head`. Hentikan proses "
        "yang tidak semestinya (penambang kripto!), pindahkan tugas berat ke luar jam kerja, atau tambah vCPU.",
        "Find the process: `top -o %CPU` or `ps -eo pid,user,pcpu,etime,comm --sort=-pcpu | head`. Stop what does not belong "
        "there (crypto miners!), move heavy jobs out of office hours, or add virtual processors.",
    ),
)  # fmt: skip
def utilisation(processor: Processor, *, warn: float = 70.0, fail: float = 90.0) -> Verdict:
    percent = round(processor.busy * 100, 1)
    measured = over(f"{percent:g}%", processor.window, short=processor.short)
    verdict = at_most(percent, warn=warn, fail=fail, unit="%", measured=measured)
    return only_a_sample(verdict) if processor.short else verdict


@check(
    "G-CPU-02", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=BUSY_FOR, recovery=BUSY_FOR, source="Pantau default",
    title=Text("Beban per inti, I/O wait, dan steal wajar", "Load per core, I/O wait and steal are moderate"),
    why=Text(
        "Antrean CPU, menunggu disk, dan CPU yang diambil hypervisor adalah tiga sebab berbeda dari satu keluhan: SPSE lambat.",
        "Queues for the processor, waits for disks, and time the hypervisor takes away are three causes of one complaint: "
        "SPSE is slow.",
    ),
    remedy=Text(
        "Beban tinggi: `ps -eo pid,stat,pcpu,comm --sort=-pcpu | head`. I/O wait: `iostat -x 5 3` (paket sysstat), lalu periksa "
        "disk dan kueri PostgreSQL yang berat. Steal: minta pengelola virtualisasi mengurangi overcommit pada host.",
        "High load: `ps -eo pid,stat,pcpu,comm --sort=-pcpu | head`. I/O wait: `iostat -x 5 3` (package sysstat), then look at "
        "disks and heavy PostgreSQL queries. Steal: ask whoever runs the hypervisor to reduce overcommitment.",
    ),
)  # fmt: skip
def waiting(
    processor: Processor, *, load_per_core: float = 1.5, iowait: float = 20.0, steal: float = 10.0
) -> Iterator[Verdict]:
    load = processor.load_5 / max(1, processor.cores)
    measured = Text(
        f"beban {processor.load_5:g} pada {processor.cores} inti = {load:.2f} per inti",
        f"load {processor.load_5:g} on {processor.cores} cores = {load:.2f} per core",
    )
    yield judge(load <= load_per_core, measured, f"<= {load_per_core:g}", subject="load", value=round(load, 2))
    for name, share, most in (("iowait", processor.iowait, iowait), ("steal", processor.steal, steal)):
        percent = round(share * 100, 1)
        measured = over(f"{percent:g}%", processor.window, short=processor.short)
        verdict = judge(percent <= most, measured, f"<= {most:g}%", subject=name, value=percent)
        yield only_a_sample(verdict) if processor.short else verdict
