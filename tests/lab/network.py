"""The laboratory's network: namespaces that this machine's network does not know, so nothing can leak.

`site` is a namespace with a bridge and no route out, in which `tests/lab/site.py` serves. Each host has a namespace of its
own, with one cable to the bridge, over which it has two addresses: one of the inner network (10.99.0.0/24), and one that
counts as public. Those are of 192.88.99.0/24, which nobody owns any more (RFC 7526).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.lab.image import TREE
from tests.lab.site import TIME_SERVERS

PREFIX = "pantau-lab"
SITE = f"{PREFIX}-site"
PUBLIC = "192.88.99"
SLOW_GATEWAY, SLOW_HOST = "10.98.0.1", "10.98.0.2"


class Network:
    """The site and what serves in it."""

    def __init__(self) -> None:
        self.server: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Make the site, and start what serves there. Removes what an interrupted run left."""
        self.remove()
        ip("netns", "add", SITE)
        ip("-n", SITE, "link", "set", "lo", "up")
        ip("-n", SITE, "link", "add", "br0", "type", "bridge")
        for address in (*TIME_SERVERS, f"{PUBLIC}.1"):
            ip("-n", SITE, "addr", "add", f"{address}/24", "dev", "br0")
        ip("-n", SITE, "link", "set", "br0", "up")
        self.server = subprocess.Popen(
            self.within(sys.executable, "-P", "-m", "tests.lab.site"), cwd=TREE, env={"PYTHONPATH": str(TREE)}
        )

    def within(self, *argv: str) -> list[str]:
        """`argv`, to be run in the site."""
        return ["nsenter", f"--net=/run/netns/{SITE}", "--", *argv]

    def attach(self, host: str, number: int, *, slow: bool = False) -> str:
        """A namespace for `host` with a cable to the site; its path. Its addresses end with 10 + number.

        `slow`: its gateway is another one, behind a second cable that is far too narrow.
        """
        name = f"{PREFIX}-{host}"
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", SITE, "link", "add", f"to-{host}", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("-n", SITE, "link", "set", f"to-{host}", "master", "br0", "up")
        for network in ("10.99.0", PUBLIC):
            ip("-n", name, "addr", "add", f"{network}.{10 + number}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        gateway = TIME_SERVERS[0]
        if slow:
            gateway = SLOW_GATEWAY
            ip("-n", SITE, "link", "add", "slow", "type", "veth", "peer", "name", "eth1", "netns", name)
            ip("-n", SITE, "addr", "add", f"{SLOW_GATEWAY}/24", "dev", "slow")
            ip("-n", name, "addr", "add", f"{SLOW_HOST}/24", "dev", "eth1")
            ip("-n", SITE, "link", "set", "slow", "up")
            ip("-n", name, "link", "set", "eth1", "up")
            narrow = ["root", "tbf", "rate", "2kbit", "burst", "256", "latency", "2s"]
            subprocess.run(["tc", "-n", SITE, "qdisc", "add", "dev", "slow", *narrow], check=True)
        ip("-n", name, "route", "add", "default", "via", gateway)
        return f"/run/netns/{name}"

    def close(self) -> None:
        """Stop what serves, and remove every namespace."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(10)
        self.remove()

    def remove(self) -> None:
        """Remove the namespaces."""
        for path in sorted(Path("/run/netns").glob(f"{PREFIX}-*")):
            ip("netns", "del", path.name, check=False)


def ip(*words: str, check: bool = True) -> None:
    """Run ip(8)."""
    subprocess.run(["ip", *words], check=check, capture_output=not check)
