"""Remote login: strength of the encryption, idle sessions, who may log in, forwarding, permissions (standard k)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, DAY, HIGH, LOW, MEDIUM, check
from checks.facts.permissions import Permissions
from checks.facts.ssh_files import SshFiles
from checks.facts.sshd import Sshd
from checks.security.ssh import FILE, NO_SSHD, RELOAD, judge_sshd, set_to
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown

WEAK = {
    "ciphers": (
        "3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "arcfour", "arcfour128", "arcfour256", "blowfish-cbc",
        "cast128-cbc", "rijndael-cbc@lysator.liu.se",
    ),
    "macs": (
        "hmac-md5", "hmac-md5-96", "hmac-md5-96-etm@openssh.com", "hmac-md5-etm@openssh.com", "hmac-ripemd160",
        "hmac-ripemd160-etm@openssh.com", "hmac-ripemd160@openssh.com", "hmac-sha1-96", "hmac-sha1-96-etm@openssh.com",
        "umac-64-etm@openssh.com", "umac-64@openssh.com",
    ),
    "kexalgorithms": (
        "diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1",
    ),
}  # fmt: skip


@check(
    "K-SSH-05", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.6, 5.1.12, 5.1.15",
    title=Text("Cipher/MAC/KEX SSH kuat", "SSH ciphers, MACs and key exchange are strong"),
    why=Text(
        "Algoritma lama dapat dipecahkan atau dimanipulasi, sehingga sesi administrator dapat dibaca di jaringan.",
        "Old algorithms can be broken or tampered with, so that an administrator's session can be read on the network.",
    ),
    remedy=Text(
        "Debian/Ubuntu: tulis di /etc/ssh/sshd_config.d/00-pantau.conf `MACs "
        "-umac-64*,hmac-md5*,hmac-sha1-96*,hmac-ripemd160*`, `Ciphers -*-cbc,arcfour*` dan `KexAlgorithms "
        "-diffie-hellman-group14-sha1,diffie-hellman-group1-sha1,diffie-hellman-group-exchange-sha1`, lalu `sshd -t "
        "&& systemctl reload ssh`. EL 9: "
        "`update-crypto-policies --set DEFAULT:NO-SHA1`. EL 8: tulis `cipher@SSH = -*-CBC` di "
        "/etc/crypto-policies/policies/modules/NO-SSHCBC.pmod, lalu `update-crypto-policies --set "
        "DEFAULT:NO-SHA1:NO-SSHCBC`. Pada keduanya hapus baris Ciphers/MACs/KexAlgorithms lama dan `systemctl restart "
        "sshd`; kebijakan itu berlaku untuk semua program.",
        "Debian/Ubuntu: write in /etc/ssh/sshd_config.d/00-pantau.conf `MACs "
        "-umac-64*,hmac-md5*,hmac-sha1-96*,hmac-ripemd160*`, `Ciphers -*-cbc,arcfour*` and `KexAlgorithms "
        "-diffie-hellman-group14-sha1,diffie-hellman-group1-sha1,diffie-hellman-group-exchange-sha1`, then `sshd -t "
        "&& systemctl reload ssh`. EL 9: "
        "`update-crypto-policies --set DEFAULT:NO-SHA1`. EL 8: write `cipher@SSH = -*-CBC` into "
        "/etc/crypto-policies/policies/modules/NO-SSHCBC.pmod, then `update-crypto-policies --set "
        "DEFAULT:NO-SHA1:NO-SSHCBC`. On both remove old Ciphers/MACs/KexAlgorithms lines and `systemctl restart sshd`; "
        "that policy holds for all programs.",
    ),
)  # fmt: skip
def strong_algorithms(
    sshd: Sshd, *, ciphers: tuple[str, ...] = WEAK["ciphers"], macs: tuple[str, ...] = WEAK["macs"],
    kexalgorithms: tuple[str, ...] = WEAK["kexalgorithms"],
) -> Iterator[Verdict]:  # fmt: skip
    for name, weak in (("ciphers", ciphers), ("macs", macs), ("kexalgorithms", kexalgorithms)):
        value = sshd.option(name)
        found = [one for one in value.lstrip("+^").split(",") if one in weak]
        whole = bool(value) and value[0] not in "+-^"  # a list that changes the built-in one does not show the result
        if not found and not whole:
            yield unknown(
                Text(
                    f"{name} yang berlaku hanya diketahui dengan `sshd -T` sebagai root",
                    f"the {name} in force are known only by `sshd -T` as root",
                ),
                subject=name,
            )
            continue
        measured = Text(f"lemah: {', '.join(found)}", f"weak: {', '.join(found)}")
        none = Text("tidak ada yang lemah", "none is weak")
        yield judge_sshd(sshd, not found, measured if found else none, none, subject=name)


@check(
    "K-SSH-06", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.7; CIS RHEL 9 1.0.0 5.2.20; Pantau default",
    title=Text("Sesi SSH yang terputus diakhiri", "SSH ends sessions that have gone silent"),
    why=Text(
        "Sesi yang tertinggal di komputer yang sudah ditinggalkan atau putus tetap membuka jalan ke server.",
        "A session left behind by a computer that went away keeps a way to the server open.",
    ),
    remedy=Text(
        f"Tulis `ClientAliveInterval 300` dan `ClientAliveCountMax 3` di {FILE.id}, {RELOAD.id}",
        f"Write `ClientAliveInterval 300` and `ClientAliveCountMax 3` into {FILE.en}, {RELOAD.en}",
    ),
)  # fmt: skip
def idle_timeout(sshd: Sshd, *, seconds: int = 900) -> Verdict:
    """ClientAliveCountMax 0 switches the limit off (sshd_config(5), OpenSSH 8.2 and later)."""
    interval, count = sshd.option("clientaliveinterval"), sshd.option("clientalivecountmax")
    total = int(interval) * int(count) if interval.isdecimal() and count.isdecimal() else 0
    measured = f"ClientAliveInterval {interval} x ClientAliveCountMax {count}"
    return judge_sshd(sshd, 0 < total <= seconds, measured, f"1-{seconds} s", value=total)


@check(
    "K-SSH-07", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.4; CIS RHEL 9 1.0.0 5.2.4",
    title=Text("Akses SSH dibatasi pengguna tertentu", "SSH access is limited to named users or groups"),
    why=Text(
        "Tanpa daftar, setiap akun yang mendapat kata sandi atau kunci langsung dapat masuk, juga akun layanan.",
        "Without a list every account that gets a password or a key can log in at once, service accounts included.",
    ),
    remedy=Text(
        "`groupadd ssh-admin && usermod -aG ssh-admin NAMA` untuk setiap administrator, tulis `AllowGroups ssh-admin` "
        f"di {FILE.id}, {RELOAD.id} Uji dengan sesi baru sebelum menutup yang lama.",
        "`groupadd ssh-admin && usermod -aG ssh-admin NAME` for every administrator, write `AllowGroups ssh-admin` into "
        f"{FILE.en}, {RELOAD.en} Test with a new session before closing the old one.",
    ),
)  # fmt: skip
def named_users(sshd: Sshd) -> Verdict:
    lists = {name: sshd.option(name) for name in ("allowusers", "allowgroups") if sshd.option(name)}
    everybody = any("*" in value.split() for value in lists.values())
    counts = ", ".join(f"{name}: {len(value.split())}" for name, value in lists.items())
    measured = f"{counts}{' (*)' if everybody else ''}" or Text("tidak diatur", "not set")
    return judge_sshd(
        sshd, bool(lists) and not everybody, measured, Text("AllowUsers atau AllowGroups", "AllowUsers or AllowGroups")
    )


@check(
    "K-SSH-08", severity=LOW, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.8; CIS RHEL 9 1.0.0 5.2.12, 5.2.13",
    title=Text("Forwarding SSH nonaktif", "SSH forwarding is disabled"),
    why=Text(
        "Terowongan SSH melewati firewall: port basis data yang tertutup menjadi terbuka bagi pemilik satu akun.",
        "An SSH tunnel passes the firewall: a closed database port is open to whoever has one account.",
    ),
    remedy=set_to("DisableForwarding yes"),
)  # fmt: skip
def no_forwarding(sshd: Sshd) -> Verdict:
    names = ("disableforwarding", "allowtcpforwarding")
    exceptions = [said for said in sshd.matched if said in ("disableforwarding no", "allowtcpforwarding yes")]
    off = sshd.option("disableforwarding") == "yes" or sshd.option("allowtcpforwarding") == "no"
    measured = "; ".join([*(f"{name} {sshd.option(name)}" for name in names), *(f"Match: {one}" for one in exceptions)])
    return judge_sshd(sshd, off and not exceptions, measured, "disableforwarding yes")


@check(
    "K-SSH-09", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.1-5.1.3",
    title=Text("sshd_config dan kunci host terlindung", "sshd_config and host keys are protected"),
    why=Text(
        "Siapa yang membaca kunci host dapat menyamar sebagai server ini; siapa yang menulis sshd_config dapat "
        "membuka pintu.",
        "Whoever reads a host key can pose as this server; whoever writes sshd_config can open a door.",
    ),
    remedy=Text(
        "`chown root:root /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf && chmod 0600 /etc/ssh/sshd_config "
        "/etc/ssh/sshd_config.d/*.conf`; `chmod 0600 /etc/ssh/ssh_host_*_key` (pada EL 0640 root:ssh_keys juga diterima); "
        "`chmod 0644 /etc/ssh/ssh_host_*_key.pub`.",
        "`chown root:root /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf && chmod 0600 /etc/ssh/sshd_config "
        "/etc/ssh/sshd_config.d/*.conf`; `chmod 0600 /etc/ssh/ssh_host_*_key` (on EL 0640 root:ssh_keys is accepted too); "
        "`chmod 0644 /etc/ssh/ssh_host_*_key.pub`.",
    ),
)  # fmt: skip
def file_permissions(files: SshFiles) -> Iterator[Verdict]:
    for file in files.configuration:
        yield _within(file, file.within(0o600, ("root",)), "<= 0600 root:root")
    for file in files.private_keys:
        met = file.within(0o600, ("root",)) or file.within(0o640, ("ssh_keys",))
        yield _within(file, met, "<= 0600 root:root")
    for file in files.public_keys:
        yield _within(file, file.within(0o644, ("root", "ssh_keys")), "<= 0644 root:root")
    if not files.private_keys:
        yield Verdict(
            Status.UNKNOWN,
            Text("Tidak ada kunci host di /etc/ssh", "There is no host key in /etc/ssh"),
            subject="ssh_host_*_key",
        )


def _within(file: Permissions, met: bool, expected: str) -> Verdict:
    return judge(met, file.words, expected, subject=file.path)
