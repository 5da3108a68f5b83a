"""What happens in the laboratory, in which order: the hosts are made, live, are attacked, and are audited on the way.

Law: what a host is asked is the product itself, as people run it: `pantau-agent check` on it, `pantau-agent probe` beside it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.lab import joined, product
from tests.lab.authority import Authority
from tests.lab.disks import Disk, release
from tests.lab.enrolled import enrol, manifest, policy
from tests.lab.host import Host
from tests.lab.image import TREE, Layer, cache
from tests.lab.network import PUBLIC, Network
from tests.lab.prober import Prober

BASE = Layer("base")
GOOD = Layer("good", Layer("good-packages", BASE))
GUIDE = Layer("guide", Layer("guide-packages", BASE))
IMAGES = {"good": GOOD, "guide": GUIDE, "attacked": GOOD}
ROOMY = (Disk("/home", 128), Disk("/var", 1024), Disk("/var/log", 512))
CRAMPED = (Disk("/home", 48, inodes=1024), Disk("/var/log", 24), Disk("/var/lib/postgresql", 192))
DISKS = {"good": ROOMY, "guide": CRAMPED, "attacked": ROOMY}
ELSEWHERE = "slot-gacor.example.com"
SILENCE = 65.0  # seconds without a line in the journal: more than the laboratory's policy lets pass
LATER = ("L-AVL-01", "L-AVL-02", "L-AVL-13")

Results = list[dict[str, Any]]


@dataclass
class Laboratory:
    """One run. `said`: the results of each host, by its name; those of the attacked one later under "attacked, later"."""

    work: Path = field(default_factory=lambda: cache() / "run")
    said: dict[str, Results] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    network: Network = field(default_factory=Network)
    authority: Authority = field(default_factory=Authority)
    _before: dict[str, joined.Things] = field(default_factory=dict)

    def run(self, *, after: Callable[[Mapping[str, Host]], None] = lambda hosts: None) -> None:
        """Everything, and `after` before the hosts end. Raises SystemExit with what a host printed where it fails."""
        release(self.work)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        with ExitStack() as stack:
            with self._timed("boot"):
                self._boot(stack)
            with self._timed("staging"), ThreadPoolExecutor(len(self.hosts)) as pool:
                list(pool.map(self._live, self.hosts.values()))
            self._guests(stack)
            with self._timed("audits and probes"), ThreadPoolExecutor(len(self.hosts)) as pool:
                probes = {name: pool.submit(self._prober(name).probe, self._url(name)) for name in self.hosts}
                for name, host in self.hosts.items():
                    self._audit(name, host)
                self.hosts["attacked"].script("attacked-quiet.sh")
                quiet = time.monotonic()
                self.hosts["guide"].script("guide-later.sh")
                self._audit("guide, later", self.hosts["guide"], "K-OS-01", "P-SW-02")
                for name, probe in probes.items():
                    self.said[name] += probe.result()
            with self._timed("later"):
                self._next_morning(self.hosts["attacked"], quiet)
            after(self.hosts)

    def _timed(self, what: str) -> ExitStack:
        start, stack = time.monotonic(), ExitStack()

        def note() -> None:
            self.spent[what] = time.monotonic() - start
            print(f"{what}: {self.spent[what]:.0f} s", flush=True)

        stack.callback(note)
        return stack

    def _boot(self, stack: ExitStack) -> None:
        bind = (f"{product.installed(self.work)}:{product.PLACE}",)
        stack.callback(self.network.close)
        self.network.open()
        (self.work / "ca.pem").write_bytes(self.authority.certificate)
        files = self._keys()
        for number, (name, layer) in enumerate(IMAGES.items(), 1):
            host = Host(
                name, layer, self.work / name, self.network.attach(name, number, slow=name == "guide"), bind,
                DISKS[name], dict(files),
            )  # fmt: skip
            if layer is GOOD:
                certificate, key = self.authority.issue(_name(name))
                host.files |= {"/etc/resolv.conf": b"nameserver 10.99.0.1\n"}
                host.files |= {"/etc/ssl/certs/lpse.pem": certificate, "/etc/ssl/private/lpse.key": key}
            stack.callback(host.stop)
            host.boot()
            self.hosts[name] = host
        law = policy(manifest(self.hosts["good"].root / "home/appserv/spse"))
        for host in self.hosts.values():
            enrol(host.root / "var/lib/pantau", law)

    def _keys(self) -> dict[str, bytes]:
        """Make the keys with which people log in; what of them the hosts are given."""
        folder, given = self.work / "keys", {}
        folder.mkdir(mode=0o700)
        for name in ("siti", "backdoor"):
            key = Ed25519PrivateKey.generate()
            (folder / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
            (folder / name).chmod(0o600)
            public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
            given[f"/etc/pantau-lab/{name}.pub"] = public + f" {name}\n".encode()
        return given

    def _live(self, host: Host) -> None:
        if host.layer is GOOD:
            host.script("good.sh")
            self._before[host.name] = self._listed(host)
        if host.name != "good":
            host.script(f"{host.name}.sh")

    def _guests(self, stack: ExitStack) -> None:
        """People log in, and stay until the end."""
        secret = self.hosts["good"].root / "home/siti/.google_authenticator"
        shutil.copy(secret, self.work / "keys/siti.totp")
        command = self.network.within(sys.executable, "-P", "-m", "tests.lab.guests", str(self.work / "keys"))
        guests = subprocess.Popen(
            command, cwd=TREE, env={"PYTHONPATH": str(TREE)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(guests.wait, 10)
        stack.callback(guests.terminate)
        assert guests.stdout is not None
        if guests.stdout.readline().strip() != "in":
            raise SystemExit("tests.lab.guests: somebody could not log in")

    def _audit(self, name: str, host: Host, *codes: str) -> None:
        """Add what the host's own agent says, as `check --json` prints its results, and what its baselines say."""
        start = time.monotonic()
        only = [word for code in codes for word in ("--only", code)]
        done = host.run(product.COMMAND, "check", "--json", *only, timeout=300)
        if done.returncode not in {0, 1, 3}:
            raise SystemExit(
                f"{host.name}: pantau-agent check ended with {done.returncode}\n{done.stdout}{done.stderr}"
            )
        self.spent[f"audit of {name}"] = time.monotonic() - start
        self.said[name] = json.loads(done.stdout)["results"]
        if not codes and host.name in self._before:
            self.said[name] += joined.judged(self._listed(host), self._before[host.name])

    def _listed(self, host: Host) -> joined.Things:
        """What a baseline holds of `host` and of its public site."""
        return {**joined.listed(host), **self._prober(host.name).listed(self._url(host.name))}

    def _next_morning(self, attacked: Host, quiet: float) -> None:
        attacked.script("attacked-later.sh")
        seen = self._prober("attacked").probe(self._url("attacked"), *LATER)
        attacked.script("attacked-last.sh")
        time.sleep(max(0.0, quiet + SILENCE - time.monotonic()))
        self._audit("attacked, later", attacked)
        self.said["attacked, later"] += seen

    def _prober(self, name: str) -> Prober:
        names = {_name(one): f"{PUBLIC}.{10 + number}" for number, one in enumerate(IMAGES, 1)}
        return Prober(self.work / f"prober-{name}", {**names, ELSEWHERE: f"{PUBLIC}.1"}, self.work / "ca.pem")

    @staticmethod
    def _url(name: str) -> str:
        return f"https://{_name(name)}/eproc4"


def _name(host: str) -> str:
    return f"lpse-{host}.example.go.id"
