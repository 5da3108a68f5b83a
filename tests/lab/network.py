"""The laboratory's network: namespaces that this machine's network does not know, so nothing can leak.

`site` is a namespace with a bridge and no route out, in which `tests/lab/site.py` serves. Each host has a namespace of its
own, with one cable to the bridge.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.lab.image import TREE
from tests.lab.site import TIME_SERVERS

PREFIX = "pantau-lab"
SITE = f"{PREFIX}-site"


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
        for address in TIME_SERVERS:
            ip("-n", SITE, "addr", "add", f"{address}/24", "dev", "br0")
        ip("-n", SITE, "link", "set", "br0", "up")
        command = ["nsenter", f"--net=/run/netns/{SITE}", "--", sys.executable, "-P", "-m", "tests.lab.site"]
        self.server = subprocess.Popen(command, cwd=TREE, env={"PYTHONPATH": str(TREE)})

    def attach(self, host: str, number: int) -> str:
        """A namespace for `host` with a cable to the site; its path. The host's address is 10.99.0.(10 + number)."""
        name = f"{PREFIX}-{host}"
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", SITE, "link", "add", f"to-{host}", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("-n", SITE, "link", "set", f"to-{host}", "master", "br0", "up")
        ip("-n", name, "addr", "add", f"10.99.0.{10 + number}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
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
