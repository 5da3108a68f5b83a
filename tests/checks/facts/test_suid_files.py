from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.items import digest
from checks.facts.suid_files import LocalMounts, find, local_mounts, suid_files
from checks.source import Command
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

PRINTED = real("debian12/find-suid.txt")
START = "s 0 - - 0 - /\n"


def test_every_file_stands_with_its_rights_and_digest() -> None:
    found = suid_files(PRINTED)

    assert found.count == 19
    assert "/usr/bin/sudo 4755 root:root sha256:0fdf006309b783f33f35a647342d8c3a" in found.items
    assert all(line.count("sha256:") == 1 for line in found.items)


def test_another_mode_owner_or_content_is_another_item() -> None:
    before = suid_files(PRINTED)
    for old, new in (
        ("s 4755 root root 281624", "s 6755 root root 281624"),
        ("s 4755 root root 281624", "s 4755 mail root 281624"),
        ("0fdf006309b783f3", "0fdf006309b783f4"),
    ):
        assert old in PRINTED
        after = suid_files(PRINTED.replace(old, new))
        assert after.digest != before.digest
        assert [one.split()[0] for one in set(after.items) - set(before.items)] == ["/usr/bin/sudo"]


def test_a_host_without_any_is_told_from_a_walk_that_did_not_begin() -> None:
    assert suid_files(START).count == 0
    for nothing in ("", "\n", "find: /: Permission denied\n", START + "nonsense\n"):
        with pytest.raises(Missing):
            suid_files(nothing)


def test_find_sees_them_below_the_given_places_and_hashes_what_is_not_huge(tmp_path: Path) -> None:
    for name, mode in (("shell", 0o4755), ("mail", 0o2711), ("plain", 0o755), ("odd\nname", 0o4755)):
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(mode)
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(30 << 20)
    (tmp_path / "huge").chmod(0o4755)
    source = find(LocalMounts(("/", str(tmp_path))))
    assert isinstance(source, Command)
    assert source.heavy

    # the walk over / itself takes long: begin there, go no deeper, then walk the tree of the test
    shallow = Command((source.argv[0], "/", "-maxdepth", "0", *source.argv[3:]))
    deep = Command((source.argv[0], str(tmp_path), *source.argv[3:]))
    found = suid_files(LocalHost().read(shallow) + LocalHost().read(deep))

    here = [line.removeprefix(f"{tmp_path}/") for line in found.items]
    assert [line.split(" ")[:2] for line in here] == [
        ["huge", "4755"], ["mail", "2711"], ["odd\\x0aname", "4755"], ["shell", "4755"],
    ]  # fmt: skip
    assert here[3].endswith(digest("shell"))
    assert here[2].endswith(digest("odd\nname"))
    assert str(30 << 20) in here[0]


def test_a_name_that_pretends_to_be_a_line_adds_an_item_and_hides_none() -> None:
    sudo = next(line for line in PRINTED.splitlines() if line.endswith("/usr/bin/sudo") and not line.startswith("s "))
    changed = PRINTED.replace(sudo, "1" * 64 + "  /usr/bin/sudo")
    forged = changed + f"s 4755 andi andi 1 - /tmp/x\n{sudo}\n"

    new = set(suid_files(forged).items) - set(suid_files(PRINTED).items)
    assert any(line.startswith("/usr/bin/sudo") for line in new)


MOUNTS = """proc /proc proc rw,nosuid 0 0
/dev/vda1 / ext4 rw,relatime 0 0
/dev/vdb1 /srv/two\\040words xfs rw 0 0
tmpfs /tmp tmpfs rw,nosuid,nodev 0 0
tmpfs /dev/shm tmpfs rw 0 0
nas:/backup /mnt/backup nfs4 rw 0 0
overlay /var/lib/docker/overlay2/0a/merged overlay rw 0 0
/dev/vda1 /var/lib/docker/volumes ext4 rw 0 0
"""


def test_only_local_places_where_setuid_works_are_walked() -> None:
    assert local_mounts(MOUNTS).paths == ("/", "/dev/shm", "/srv/two words")
    assert local_mounts(real("debian12/mounts-nspawn.txt")).paths[0] == "/"


@pytest.mark.parametrize("text", ["", "nonsense", "nas:/x / nfs4 rw 0 0\n"])
def test_a_list_without_a_local_root_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        local_mounts(text)


@given(mixed(START, "s 4755 root root 1 2026 /a\n", "0" * 64, "  /a", "\n", "\\"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(suid_files, text)
    gives_or_says_why(suid_files, START + text)
    gives_or_says_why(local_mounts, text)
