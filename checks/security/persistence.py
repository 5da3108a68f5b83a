"""Ways back in that an intruder leaves (standard k): keys, things that start by themselves, addresses of the web server."""

from __future__ import annotations

from checks.baseline import drift
from checks.check import CRITICAL, HIGH, HOUR, INTEGRITY, MINUTE, check
from checks.facts.authorized_keys import ApprovedAuthorizedKeys, AuthorizedKeys
from checks.facts.autostart import ApprovedAutostart, Autostart
from checks.facts.web_places import UNREAD, ApprovedWebPlaces, WebPlaces
from checks.security.approval import look_then_approve
from checks.text import Text
from checks.verdict import Status, Verdict, unknown


@check(
    "K-IOC-12", severity=CRITICAL, aspect=INTEGRITY, every=15 * MINUTE, source="Pantau default",
    title=Text("Kunci SSH setiap akun sesuai yang disetujui", "The SSH keys of every account are the approved ones"),
    why=Text(
        "Satu baris di authorized_keys membuka akun selamanya, tanpa kata sandi dan tanpa bekas di daftar akun; itulah yang "
        "paling sering ditinggalkan penyusup.",
        "One line in authorized_keys opens an account for good, without a password and without a trace in the list of "
        "accounts; it is what intruders leave most often.",
    ),
    remedy=look_then_approve(
        "Lihat kuncinya: `ssh-keygen -lf BERKAS`; siapa yang memakainya: `journalctl -t sshd -g SHA256` (CentOS 7: `grep "
        "SHA256 /var/log/secure`). Bila tidak ada yang mengakuinya, simpan berkasnya sebagai bukti, hapus barisnya, dan "
        "perlakukan sebagai insiden.",
        "Look at the keys: `ssh-keygen -lf FILE`; who uses one: `journalctl -t sshd -g SHA256` (CentOS 7: `grep SHA256 "
        "/var/log/secure`). If nobody answers for it, keep the file as evidence, delete the line, and treat it as an "
        "incident.",
    ),
)  # fmt: skip
def authorized_keys(now: AuthorizedKeys, approved: ApprovedAuthorizedKeys | None) -> Verdict:
    return drift(now, approved)


@check(
    "K-IOC-11", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE,
    source="CIS Debian 12 1.1.0 2.4.1.1-2.4.1.8; SPSE 4.3 installation guide (2019); Pantau default",
    title=Text(
        "Cron, unit systemd, dan entri awal lain sesuai yang disetujui",
        "Cron, systemd units and other start-up entries are the approved ones",
    ),
    why=Text(
        "Agar tetap hidup setelah boot, penambang kripto dan pintu belakang menaruh diri di cron, unit systemd, atau "
        "rc.local, yang juga dipakai untuk menjalankan SPSE.",
        "To survive a reboot, crypto miners and back doors put themselves into cron, a systemd unit or rc.local, which "
        "SPSE is started from too.",
    ),
    remedy=look_then_approve(
        "Baca berkas yang disebut dan cari paketnya: `dpkg -S BERKAS` (Debian/Ubuntu) atau `rpm -qf BERKAS` (EL). Yang tidak "
        "dikenal: simpan salinannya sebagai bukti, lalu `systemctl disable --now UNIT` atau hapus baris cron-nya, dan "
        "perlakukan sebagai insiden.",
        "Read the file named and find its package: `dpkg -S FILE` (Debian/Ubuntu) or `rpm -qf FILE` (EL). What nobody knows: "
        "keep a copy as evidence, then `systemctl disable --now UNIT` or remove the line from cron, and treat it as an "
        "incident.",
    ),
)  # fmt: skip
def autostart_entries(now: Autostart, approved: ApprovedAutostart | None) -> Verdict:
    return drift(now, approved)


@check(
    "K-IOC-08", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text(
        "Situs, Alias, dan proxy server web sesuai yang disetujui",
        "The web server's sites, aliases and proxies are the approved ones",
    ),
    why=Text(
        "Satu Alias atau location yang disisipkan menyajikan halaman judi dari alamat LPSE, atau membelokkan pengguna ke "
        "halaman login palsu, sementara halaman depan tetap tampak benar.",
        "One Alias or location slipped in serves gambling pages from the LPSE's address, or leads users to a forged login, "
        "while the home page still looks right.",
    ),
    remedy=look_then_approve(
        "Bandingkan dengan `apachectl -S` (Apache) atau `nginx -T` (nginx), dan dengan cadangan konfigurasinya. Yang tidak "
        "dikenal: simpan berkasnya sebagai bukti, hapus barisnya, muat ulang, dan perlakukan sebagai insiden.",
        "Compare with `apachectl -S` (Apache) or `nginx -T` (nginx), and with the backup of the configuration. What nobody "
        "knows: keep the file as evidence, remove the lines, reload, and treat it as an incident.",
    ),
)  # fmt: skip
def web_places(now: WebPlaces, approved: ApprovedWebPlaces | None) -> Verdict:
    """An included file that was not read may say anything, so all that was read being as approved is no pass."""
    said = drift(now, approved)
    unread = [one.removeprefix(UNREAD).strip() for one in now.items if one.startswith(UNREAD)]
    if unread and said.status is Status.PASS:
        files = ", ".join(unread[:3])
        return unknown(Text(f"berkas yang disertakan tidak dibaca: {files}", f"included files are not read: {files}"))
    return said
