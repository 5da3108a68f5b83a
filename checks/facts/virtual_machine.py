"""Is this server a virtual machine, and do the tools of its hypervisor run in it?

Law: a guest cannot see its own snapshots. Nothing here says that there are none.
"""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import Command
from checks.text import Text

# What systemd-detect-virt calls a hypervisor, and the processes of its guest tools; names as the kernel cuts them.
TOOLS = {
    "kvm": ("qemu-ga",),
    "qemu": ("qemu-ga",),
    "vmware": ("vmtoolsd",),
    "microsoft": ("hv_kvp_daemon", "hypervkvpd"),
    "oracle": ("VBoxService",),
    "xen": ("xe-daemon", "xen-guest-agent"),
    "parallels": ("prltoolsd",),
}


class VirtualMachine(Fact, frozen=True):
    """`kind` as systemd-detect-virt names it: a hypervisor, a container, or none. `tools`: the guest tools that run as root.

    Never absent.
    """

    kind: str
    tools: tuple[str, ...] = ()


@reads(Command(("systemd-detect-virt",), ok=(0, 1)), PROCESSES)
def virtual_machine(printed: str, table: ProcessTable) -> VirtualMachine:
    kind = printed.strip()
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", kind):
        raise Missing(Text("systemd-detect-virt tidak menyebut apa pun", "systemd-detect-virt told nothing"))
    wanted = TOOLS.get(kind, ())
    running = {one.name for one in all_of(table) if one.user in {"root", "0"}} if wanted else set()
    return VirtualMachine(kind, tuple(name for name in wanted if name in running))
