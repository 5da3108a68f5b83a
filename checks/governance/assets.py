"""Asset register (standard c): what runs here against what is declared."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, DAY, MEDIUM, check
from checks.facts.listeners import Listener, Listeners
from checks.facts.privilege import hidden_from
from checks.text import Text
from checks.verdict import Verdict, judge, unknown

# What an SPSE server needs; "name:port" declares a program on that port only (systemd holds port 22 on Ubuntu 24.04).
DECLARED = (
    "sshd", "systemd:22", "apache2", "httpd", "nginx", "haproxy", "java", "postgres", "pgbouncer", "patroni", "etcd",
    "keepalived", "chronyd", "ntpd", "ntpsec", "systemd-timesyncd", "systemd-timesyn", "systemd-networkd",
    "systemd-network", "NetworkManager", "dhclient", "dhcpcd", "zabbix_agentd", "zabbix_agent2", "node_exporter",
    "prometheus-node-exporter", "prometheus-node", "postgres_exporter", "snmpd", "pantau-agent",
)  # fmt: skip
# Even root finds no process behind these.
OWNERLESS = Text(
    "soket itu milik kernel (misalnya NFS atau WireGuard), atau milik proses di luar kontainer tempat Pantau berjalan",
    "the socket belongs to the kernel (NFS or WireGuard, say), or to a process outside the container Pantau runs in",
)


@check(
    "C-SW-01", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, source="LPSE standard 3 form (Perangkat Lunak)",
    title=Text("Layanan jaringan sesuai register aset", "Network services match the asset register"),
    why=Text(
        "Layanan yang tidak tercatat tidak ada yang memperbarui dan tidak ada yang mengawasi.",
        "A service that nobody registered is a service that nobody updates and nobody watches.",
    ),
    remedy=Text(
        "Lihat `ss -lntup`. Bila tidak diperlukan: `systemctl disable --now LAYANAN`, lalu hapus paketnya. Bila "
        "diperlukan: catat di register perangkat lunak dan ajukan penambahan ke dalam kebijakan.",
        "Look at `ss -lntup`. If it is not needed: `systemctl disable --now SERVICE`, then remove the package. If it "
        "is: enter it in the software register and have it added to the policy.",
    ),
)  # fmt: skip
def services_are_declared(listeners: Listeners, *, declared: tuple[str, ...] = DECLARED) -> Iterator[Verdict]:
    expected = Text("terdaftar", "declared")
    if not listeners.listeners:
        yield unknown(Text("tidak satu pun port terlihat", "not a single port was seen"))
        return
    open_ = [one for one in listeners.listeners if not one.local]
    unseen = sorted({_port(one) for one in open_ if not one.process})
    strange: dict[str, set[str]] = {}
    known = set()
    for one in open_:
        if not one.process:
            continue
        if one.process in declared or f"{one.process}:{one.port}" in declared:
            known.add(one.process)
        else:
            strange.setdefault(one.process, set()).add(_port(one))
    for process, ports in sorted(strange.items()):
        where = ", ".join(sorted(ports)[:8])
        measured = Text(f"tidak terdaftar, di {where}", f"not declared, on {where}")
        yield judge(False, measured, expected, subject=process)
    if unseen:
        where = ", ".join(unseen[:8])
        reason = OWNERLESS if listeners.root else hidden_from(root=False)
        yield unknown(
            Text(
                f"proses pada {where} tidak terlihat; {reason.id}",
                f"the process on {where} cannot be seen; {reason.en}",
            )
        )
    elif not strange:
        yield judge(True, ", ".join(sorted(known)) or "-", expected, value=0)


def _port(listener: Listener) -> str:
    return f"{listener.port}/{listener.protocol}"
