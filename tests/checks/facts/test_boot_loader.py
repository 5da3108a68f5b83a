from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.boot_loader import BootLoader, GrubFile, boot_loader
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

# Written by hand after GRUB's manual and the 01_users of RHEL: the lines that matter, with hashes that are no one's.
DEBIAN = """### BEGIN /etc/grub.d/00_header ###
menuentry 'Debian GNU/Linux' --class debian {
	linux	/boot/vmlinuz-6.1.0-28-amd64 root=/dev/sda1 ro quiet
}
"""
GUARDED = DEBIAN + 'set superusers="admin"\npassword_pbkdf2 admin grub.pbkdf2.sha512.10000.AAAA.BBBB\n'
EL = """if [ -f ${prefix}/user.cfg ]; then
  source ${prefix}/user.cfg
  if [ -n "${GRUB2_PASSWORD}" ]; then
    set superusers="root"
    export superusers
    password_pbkdf2 root ${GRUB2_PASSWORD}
  fi
fi
blscfg
"""
USER = "GRUB2_PASSWORD=grub.pbkdf2.sha512.10000.AAAA.BBBB\n"


def of(root: Path) -> BootLoader:
    fact = Survey(LocalHost(str(root))).outcome(BootLoader).fact
    assert isinstance(fact, BootLoader)
    return fact


def test_debians_menu_is_guarded_by_superusers_and_a_password(tmp_path: Path) -> None:
    grub = plant(tmp_path, "/boot/grub/grub.cfg", DEBIAN, 0o444)
    assert of(tmp_path) == BootLoader((GrubFile("/boot/grub/grub.cfg", 0o444, grub.stat().st_uid),), False, False)

    grub.chmod(0o600)
    grub.write_text(GUARDED)
    guarded = of(tmp_path)
    assert (guarded.superusers, guarded.password, guarded.files[0].mode) == (True, True, 0o600)
    assert b"AAAA" not in msgspec.json.encode(guarded)


def test_els_password_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    plant(tmp_path, "/boot/grub2/grub.cfg", EL, 0o600)
    assert (of(tmp_path).superusers, of(tmp_path).password) == (True, False)

    plant(tmp_path, "/boot/grub2/user.cfg", USER, 0o600)
    assert of(tmp_path).password
    assert [file.path for file in of(tmp_path).files] == ["/boot/grub2/grub.cfg", "/boot/grub2/user.cfg"]


def test_a_comment_is_no_password(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "/boot/grub/grub.cfg",
        DEBIAN + "# password_pbkdf2 admin grub.pbkdf2.sha512.1.A.B\n#set superusers=x\n",
    )

    assert (of(tmp_path).superusers, of(tmp_path).password) == (False, False)


def test_no_grub_is_absence_and_another_text_is_missing() -> None:
    seen = (FileStat("/", "directory", 0o755, 0, 0, 1, 0.0),)
    with pytest.raises(Absent):
        boot_loader.parse(seen, (), ())
    with pytest.raises(Missing):
        boot_loader.parse(
            (FileStat("/boot/grub/grub.cfg", "file", 0o600, 0, 0, 1, 0.0),), (FileText("/boot/grub/grub.cfg", ""),), ()
        )


@given(mixed("menuentry", "\npassword_pbkdf2 a grub.pbkdf2.", "\nset superusers=", "a"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    seen = (FileStat("/boot/grub/grub.cfg", "file", 0o600, 0, 0, 1, 0.0),)
    gives_or_says_why(boot_loader, seen, (FileText("/boot/grub/grub.cfg", text),), ())


def test_grub_of_centos_7_asks_for_no_password_until_user_cfg_holds_one(tmp_path: Path) -> None:
    plant(tmp_path, "/boot/grub2/grub.cfg", real("el7/grub.cfg"), 0o600)
    assert not of(tmp_path).password

    plant(tmp_path, "/boot/grub2/user.cfg", USER, 0o600)
    assert (of(tmp_path).superusers, of(tmp_path).password) == (True, True)


def test_el_7_and_8_with_uefi_keep_grub_on_the_efi_partition(tmp_path: Path) -> None:
    """Whose files are all executable: FAT knows no permissions."""
    plant(tmp_path, "/boot/efi/EFI/redhat/grub.cfg", real("el7/grub.cfg"), 0o700)
    assert [(one.path, one.mode) for one in of(tmp_path).files] == [("/boot/efi/EFI/redhat/grub.cfg", 0o600)]
    assert not of(tmp_path).password

    plant(tmp_path, "/boot/efi/EFI/redhat/user.cfg", USER, 0o700)
    assert (of(tmp_path).superusers, of(tmp_path).password, len(of(tmp_path).files)) == (True, True, 2)


def test_on_ubuntu_the_efi_partition_holds_only_a_pointer(tmp_path: Path) -> None:
    plant(tmp_path, "/boot/grub/grub.cfg", real("ubuntu2204/grub.cfg"), 0o600)
    plant(tmp_path, "/boot/efi/EFI/ubuntu/grub.cfg", real("ubuntu2204/efi-grub.cfg"), 0o755)

    found = of(tmp_path)
    assert [one.path for one in found.files] == ["/boot/grub/grub.cfg"]
    assert (found.superusers, found.password) == (False, False)
