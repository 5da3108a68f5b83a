"""Is SPSE's code the code that LKPP released (standard k)?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import CRITICAL, HOUR, INTEGRITY, check
from checks.facts.spse_manifests import DIGITS, SpseManifests
from checks.security.spse import NO_SPSE
from checks.text import Text
from checks.verdict import Verdict, judge, not_applicable, unknown

LINE = re.compile(r"(\S{1,60}) ([0-9a-f]{64})")


@check(
    "K-FIM-04", severity=CRITICAL, aspect=INTEGRITY, every=HOUR, absent=NO_SPSE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (9) huruf d; Pantau default",
    title=Text("Berkas jar SPSE sama dengan rilis LKPP", "SPSE's jars are those of LKPP's release"),
    why=Text(
        "Jar yang diganti atau ditambahkan menjalankan kode orang lain di dalam SPSE: ia dapat membaca penawaran sebelum dibuka.",
        "A jar that was replaced or added runs somebody else's code inside SPSE: it can read bids before they are opened.",
    ),
    remedy=Text(
        "Cari jar yang berbeda: `cd RUMAH_SPSE && find . -name '*.jar' -xtype f -printf '%P\\n' | LC_ALL=C sort | xargs "
        "sha256sum`, bandingkan dengan manifes rilis dari LKPP. Bila tidak dapat dijelaskan, perlakukan sebagai insiden: "
        "simpan salinannya, lalu pasang ulang rilis resmi.",
        "Find the jars that differ: `cd SPSE_HOME && find . -name '*.jar' -xtype f -printf '%P\\n' | LC_ALL=C sort | xargs "
        "sha256sum`, compare with the manifest of LKPP's release. If it cannot be explained, treat it as an incident: keep a "
        "copy, then install the official release anew.",
    ),
)  # fmt: skip
def jars_are_released(spse: SpseManifests, *, accepted: tuple[str, ...] = ()) -> Iterator[Verdict]:
    """`accepted`: lines "RELEASE SHA256", one for each release in the field: the SHA-256 of its manifest, which is what
    `sha256sum` prints of its jars, by path below the installation, in the order of bytes.
    """
    if not accepted:
        yield not_applicable(
            Text(
                "LKPP belum menerbitkan manifes rilis dalam kebijakan (K-FIM-04, accepted)",
                "LKPP has published no manifest of a release in the policy (K-FIM-04, accepted)",
            )
        )
        return
    releases: dict[str, str] = {}
    for line in accepted:
        match = LINE.fullmatch(line.strip())
        if match is None:
            yield unknown(Text(f"baris kebijakan salah: {line[:80]!r}", f"wrong line in the policy: {line[:80]!r}"))
            return
        releases[match[2][:DIGITS]] = match[1]
    expected = Text("manifes salah satu rilis LKPP", "the manifest of one of LKPP's releases")
    for one in spse.instances:
        release = releases.get(one.digest)
        if release is not None:
            said = Text(f"{one.jars} jar, rilis {release}", f"{one.jars} jars, release {release}")
        else:
            newest = ", ".join(one.newest)
            said = Text(
                f"{one.jars} jar, {one.digest}: bukan rilis LKPP; terakhir berubah: {newest}",
                f"{one.jars} jars, {one.digest}: no release of LKPP; changed last: {newest}",
            )
        yield judge(release is not None, said, expected, subject=one.name)
