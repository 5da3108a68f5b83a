"""Events in the logs (standard j) that are far more frequent than usual."""

from __future__ import annotations

from checks.check import AVAILABILITY, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.log_rates import Rate
from checks.facts.spse_errors import SpseErrors
from checks.facts.waf_blocks import WafBlocks
from checks.facts.web_server import WebServers
from checks.security.waf import NO_WAF
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown

LEAST_DAYS = 3


def _judged(rate: Rate, times: float, floor: int, what: Text) -> Verdict:
    """Not more than `times` the usual; a number up to `floor` is never too many."""
    limit = max(float(floor), times * rate.usual)
    measured = Text(
        f"{rate.recent} {what.id} dalam 24 jam; median {rate.days} hari sebelumnya {rate.usual:g}",
        f"{rate.recent} {what.en} in 24 hours; median of the {rate.days} days before {rate.usual:g}",
    )
    if rate.recent > floor and rate.days < LEAST_DAYS:
        return unknown(
            Text(
                f"{rate.recent} {what.id} dalam 24 jam; log hanya mencakup {rate.days} hari sebelumnya",
                f"{rate.recent} {what.en} in 24 hours; the logs reach back only {rate.days} days before",
            )
        )
    expected = Text(f"<= {limit:g} dalam 24 jam", f"<= {limit:g} in 24 hours")
    return judge(rate.recent <= limit, measured, expected, value=rate.recent)


@check(
    "J-LOG-08", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="Pantau default (3 times the median of 7 days)",
    title=Text("Galat SPSE tidak melonjak", "SPSE's errors do not surge"),
    why=Text(
        "Lonjakan galat mendahului gangguan, dan sering menjadi jejak pertama orang yang mencoba-coba celah aplikasi.",
        "A surge of errors comes before an outage, and is often the first trace of somebody probing the application.",
    ),
    remedy=Text(
        "Lihat galat yang terbanyak: `grep -E 'ERROR|FATAL' webapp/logs/*.log | tail -n 50`; bandingkan dengan perubahan "
        "terakhir, koneksi basis data, dan sisa disk. Simpan log paling sedikit 8 hari, dengan tanggal pada tiap baris "
        "(`%d{yyyy-MM-dd HH:mm:ss}` pada konfigurasi log4j).",
        "See which errors are most frequent: `grep -E 'ERROR|FATAL' webapp/logs/*.log | tail -n 50`; compare with the latest "
        "change, the database's connections and the room on disk. Keep the log for 8 days at least, with a date in each line "
        "(`%d{yyyy-MM-dd HH:mm:ss}` in the log4j configuration).",
    ),
)  # fmt: skip
def spse_errors_do_not_surge(errors: SpseErrors, *, times: float = 3.0, floor: int = 50) -> Verdict:
    return _judged(errors.rate, times, floor, Text("galat", "errors"))


@check(
    "J-LOG-09", severity=MEDIUM, aspect=INTEGRITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (10) huruf e; Pantau default (5 times the median of 7 days)",
    title=Text("Blokir WAF tidak melonjak", "Blocks by the WAF do not surge"),
    why=Text(
        "Lonjakan blokir berarti seseorang sedang menyerang, atau aturan baru menolak pengguna yang sah; keduanya perlu "
        "dilihat hari itu juga.",
        "A surge of blocks means that somebody is attacking, or that a new rule refuses rightful users; both want looking "
        "at the same day.",
    ),
    remedy=Text(
        "Lihat alamat dan aturan yang terbanyak: `grep -h 'Access denied' /var/log/apache2/error.log` (Debian/Ubuntu) atau "
        "`grep -h 'Access denied' /var/log/httpd/error_log` (EL). Bila serangan: blokir alamatnya di firewall dan catat sebagai "
        "insiden. Bila pengguna sah yang tertolak: kecualikan aturan itu untuk alamat tersebut, jangan mematikan WAF.",
        "See which addresses and rules are most frequent: `grep -h 'Access denied' /var/log/apache2/error.log` "
        "(Debian/Ubuntu) or `grep -h 'Access denied' /var/log/httpd/error_log` (EL). If it is an attack: block the address in "
        "the firewall and record an incident. If rightful users are refused: exempt that address from the rule, do not switch "
        "the WAF off.",
    ),
)  # fmt: skip
def waf_blocks_do_not_surge(
    web: WebServers, blocks: WafBlocks | None, *, times: float = 5.0, floor: int = 100
) -> Verdict:
    if not any(server.engines for server in web.servers):
        return not_applicable(NO_WAF)
    if blocks is None:
        return unknown(Text("log galat server web tidak ditemukan", "the error logs of the web server were not found"))
    return _judged(blocks.rate, times, floor, Text("blokir", "blocks"))
