from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.account_rights import AccountRights, account_rights
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

PASSWD, GROUP, SUDOERS = (real(f"debian12/{name}") for name in ("passwd", "group", "sudoers"))


def rights(passwd: str = PASSWD, group: str = GROUP, main: str = SUDOERS, *drop_ins: tuple[str, str]) -> set[str]:
    files = tuple(FileText(f"/etc/sudoers.d/{name}", text) for name, text in drop_ins)
    return set(account_rights(passwd, group, (FileText("/etc/sudoers", main),), files).items)


def test_accounts_with_a_shell_members_and_rules_are_told() -> None:
    said = rights()

    assert "account root uid=0 /bin/bash" in said
    assert not [line for line in said if line.startswith(("account www-data", "account daemon"))]
    assert {" ".join(line.split(" ")[:3]) for line in said if line.startswith("sudo ")} == {
        "sudo root ALL",
        "sudo %sudo ALL",
    }


def test_rules_of_el_are_read() -> None:
    said = rights(main=real("el/sudoers"))
    assert {" ".join(line.split(" ")[:3]) for line in said if line.startswith("sudo ")} == {
        "sudo root ALL",
        "sudo %wheel ALL",
    }


@pytest.mark.parametrize(
    ("passwd", "group", "drop_in", "new"),
    [
        ("andi:x:1500:1500:Andi:/home/andi:/bin/bash\n", "", "", "account andi uid=1500 /bin/bash"),
        ("andi:x:1500:1500:Andi:/home/andi:\n", "", "", "account andi uid=1500 /bin/sh"),
        ("", "docker:x:700:tono\n", "", "group docker tono"),
        ("tono:x:1501:700::/:/usr/sbin/nologin\n", "wheel:x:700:\n", "", "group wheel tono"),
        ("", "", "tono ALL=(ALL) NOPASSWD: ALL\n", "sudo tono ALL "),
        ("", "", "tono,budi ALL=(root) /usr/bin/systemctl restart httpd\n", "sudo tono,budi sha256:"),
        ("", "", "User_Alias ADMINS = tono\n", "sudo User_Alias ADMINS sha256:"),
        ("", "", "@include /opt/more\n", "sudo include /opt/more"),
    ],
)
def test_one_right_more_is_one_item_more(passwd: str, group: str, drop_in: str, new: str) -> None:
    (said,) = rights(PASSWD + passwd, GROUP + group, SUDOERS, ("x", drop_in)) - rights()
    assert said.startswith(new)


def test_a_rule_that_changes_is_another_item_and_never_shows_its_command() -> None:
    one = rights(PASSWD, GROUP, SUDOERS, ("x", "tono ALL=(root) /usr/bin/curl -u hunter2\n"))
    other = rights(PASSWD, GROUP, SUDOERS, ("x", "tono ALL=(root) /usr/bin/curl -u hunter3\n"))
    assert len(one ^ other) == 2
    assert "hunter" not in "".join(one | other)


def test_files_that_sudo_skips_do_not_count() -> None:
    rule = "tono ALL=(ALL) ALL\n"
    assert rights(PASSWD, GROUP, SUDOERS, ("a.conf", rule), ("a~", rule)) == rights()
    without = SUDOERS.replace("@includedir", "# includedir")
    assert rights(PASSWD, GROUP, without, ("x", rule)) == rights()


def test_a_host_without_sudo_has_accounts_all_the_same() -> None:
    said = account_rights(PASSWD, GROUP, (), ())
    assert said.count
    assert not [line for line in said.items if line.startswith("sudo")]


@pytest.mark.parametrize(
    ("passwd", "group", "main"),
    [
        ("", GROUP, SUDOERS),
        (PASSWD, "", SUDOERS),
        (PASSWD, "nonsense", SUDOERS),
        (PASSWD, GROUP, ""),
        (PASSWD, GROUP, "x y\n"),
    ],
)
def test_what_makes_no_sense_is_missing(passwd: str, group: str, main: str) -> None:
    with pytest.raises(Missing):
        rights(passwd, group, main)


def test_files_below_a_root_are_read(tmp_path: Path) -> None:
    for path, text in (("/etc/passwd", PASSWD), ("/etc/group", GROUP), ("/etc/sudoers", SUDOERS)):
        plant(tmp_path, path, text)
    seen = Survey(LocalHost(str(tmp_path))).outcome(AccountRights).fact
    assert isinstance(seen, AccountRights)
    assert set(seen.items) == rights()


@given(
    mixed("root:x:0:0::/:/bin/sh\n", "sudo:x:27:andi\n", "ALL=(ALL) ALL\n", "Defaults x\n", "%sudo ", "\\\n", "_Alias")
)
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    files = (FileText("/etc/sudoers", text),)
    gives_or_says_why(account_rights, PASSWD, GROUP, files, ())
    gives_or_says_why(account_rights, text, GROUP, (), ())
    gives_or_says_why(account_rights, PASSWD, text, (), ())
    gives_or_says_why(
        account_rights, PASSWD, GROUP, (FileText("/etc/sudoers", SUDOERS),), (FileText("/etc/sudoers.d/x", text),)
    )
