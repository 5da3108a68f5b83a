"""The other auditors, as a folder that is put into a host: Debian's packages unpacked, not installed.

Laws:
- A host's package database, services and settings stay as they are: nothing is installed in what is audited.
- OpenSCAP's content knows no Debian 12. That of Debian 11 and of Ubuntu 22.04 is used, without its line that says for which
  system it is; every rule is otherwise as it was published.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from tests.lab.host import Host
from tests.lab.image import cache

PACKAGES = ("lynis", "openscap-scanner", "ssg-base", "ssg-debian", "ssg-debderived")
IN_EVERY_HOST = {
    "libc6",
    "gcc-12-base",
    "libgcc-s1",
    "libstdc++6",
    "libapt-pkg6.0",
    "libsystemd0",
    "libudev1",
    "e2fsprogs",
}
STREAMS = ("debian11", "ubuntu2204")
"""OpenSCAP's content, the one that counts first."""
PLACE = "/opt/auditors"
LYNIS = ("/bin/sh", "-c", f"cd {PLACE}/usr/share/lynis && exec {PLACE}/usr/sbin/lynis audit system --quick --no-colors "
         f"--logfile {PLACE}/out/lynis.log --report-file {PLACE}/out/lynis.dat")  # fmt: skip
OSCAP = f"""#!/bin/sh
lib={PLACE}/usr/lib:{PLACE}/usr/lib/x86_64-linux-gnu:{PLACE}/lib/x86_64-linux-gnu
share={PLACE}/usr/share/openscap
export LD_LIBRARY_PATH=$lib OSCAP_SCHEMA_PATH=$share/schemas OSCAP_XSLT_PATH=$share/xsl OSCAP_CPE_PATH=$share/cpe
exec {PLACE}/usr/bin/oscap xccdf eval --skip-valid "$@"
"""
SPENT = """import json, resource, subprocess, sys, time
began = time.monotonic()
with open(sys.argv[1], "wb") as out:
    code = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
spent = {"wall": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}
print(json.dumps({"code": code, **spent}))
"""


def folder() -> Path:
    """The folder with all of it, made if it is not in the cache."""
    said = repr((PACKAGES, sorted(IN_EVERY_HOST), STREAMS, OSCAP, SPENT))
    place = cache() / f"auditors-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    if not place.exists():
        for old in cache().glob("auditors-*"):
            shutil.rmtree(old)
        new = cache() / "new-auditors"
        shutil.rmtree(new, ignore_errors=True)
        _make(new)
        new.rename(place)
    return place


def put(host: Host) -> None:
    """Give `host` a copy."""
    shutil.copytree(folder(), host.root / PLACE.lstrip("/"), symlinks=True)


def versions() -> dict[str, str]:
    """Which version of each package the folder was made of."""
    lines = (folder() / "versions").read_text(encoding="utf-8").splitlines()
    return {name: version for name, version in (line.split() for line in lines) if name in PACKAGES}


def _make(place: Path) -> None:
    unpacked = place / "debs"
    unpacked.mkdir(parents=True)
    unwanted = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    options = ["--recurse", *(f"--no-{kind}" for kind in unwanted)]
    said = _said("apt-cache", "depends", *options, *PACKAGES)
    names = {line for line in said.splitlines() if re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", line)} - IN_EVERY_HOST
    subprocess.run(["apt-get", "-qq", "download", *sorted(names)], cwd=unpacked, check=True, stderr=subprocess.DEVNULL)
    found = []
    for file in sorted(unpacked.glob("*.deb")):
        found.append(_said("dpkg-deb", "--show", str(file)).strip())
        subprocess.run(["dpkg-deb", "-x", str(file), str(place)], check=True)
    shutil.rmtree(unpacked)
    for part in ("doc", "man", "scap-security-guide", "locale"):
        shutil.rmtree(place / "usr/share" / part, ignore_errors=True)
    for stream in STREAMS:
        text = (place / f"usr/share/xml/scap/ssg/content/ssg-{stream}-ds.xml").read_text(encoding="utf-8")
        (place / f"{stream}.xml").write_text(for_any_system(text), encoding="utf-8")
    shutil.rmtree(place / "usr/share/xml")
    shutil.copy(place / "etc/lynis/default.prf", place / "usr/share/lynis/default.prf")
    shutil.copytree(place / "etc/lynis/plugins", place / "usr/share/lynis/plugins", dirs_exist_ok=True)
    (place / "out").mkdir()
    (place / "oscap").write_text(OSCAP, encoding="utf-8")
    (place / "oscap").chmod(0o755)
    (place / "spent.py").write_text(SPENT, encoding="utf-8")
    (place / "versions").write_text("\n".join(found) + "\n", encoding="utf-8")


def for_any_system(stream: str) -> str:
    """OpenSCAP's content without the line that says for which system it is."""
    return re.sub(r'<[\w.:-]*platform idref="cpe:/o:[^"]*"\s*/>', "", stream)


def _said(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout
