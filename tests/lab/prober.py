"""The outside prober of the laboratory: `pantau-agent probe`, run in the site's namespace, which is the hosts' outside.

Law: it knows the public names from a hosts file of its own and asks no resolver: no question leaves the namespaces.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.image import TREE
from tests.lab.network import SITE

LONGEST = 400.0  # seconds; a probe asks for one page a second


@dataclass(frozen=True)
class Prober:
    """Knows `names` (public name: address), trusts the authority in the file `authorities`. `work`: a folder of its own."""

    work: Path
    names: Mapping[str, str]
    authorities: Path

    def probe(self, url: str, *codes: str) -> list[dict[str, Any]]:
        """What the outside says of `url`: of the checks in `codes`, of all if there are none."""
        agent, state = Path(sys.executable).with_name("pantau-agent"), self.work / "state"
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        only = [word for code in codes for word in ("--only", code)]
        said = self._run(str(agent), "--state", str(state), "probe", url, "--consent-ports",
                         "--ca", str(self.authorities), "--json", *only)  # fmt: skip
        results: list[dict[str, Any]] = json.loads(said)["results"]
        return results

    def listed(self, url: str) -> dict[str, Any]:
        """What a baseline would hold of `url`: facts by name, as they stand in JSON."""
        found: dict[str, Any] = json.loads(
            self._run(sys.executable, "-P", "-m", "tests.lab.seen", url, str(self.authorities))
        )
        return found

    def _run(self, *argv: str) -> str:
        self.work.mkdir(parents=True, exist_ok=True)
        hosts, switch = self.work / "hosts", self.work / "nsswitch.conf"
        hosts.write_text("".join(f"{address} {name}\n" for name, address in self.names.items()), encoding="ascii")
        switch.write_text("hosts: files\n", encoding="ascii")
        inner = (
            f"mount --bind {hosts} /etc/hosts && mount --bind {switch} /etc/nsswitch.conf && "
            f'exec nsenter --net=/run/netns/{SITE} -- "$@"'
        )
        command = ["unshare", "--mount", "sh", "-c", inner, "probe", *argv]
        done = subprocess.run(
            command, cwd=TREE, env={**os.environ, "PYTHONPATH": str(TREE)}, capture_output=True, text=True,
            timeout=LONGEST, check=False,
        )  # fmt: skip
        if done.returncode not in {0, 1, 3}:
            raise SystemExit(f"{' '.join(argv)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
