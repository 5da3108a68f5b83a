from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, After, Missing
from checks.facts.agent_health import AgentFiles, AgentHealth, agent_files, agent_health
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.real import NOW
from tests.checks.trees import plant

PLACE = "/opt/pantau/lib/python3.11/site-packages"
DF = "      Avail\n80579481600\n"  # coreutils 9.1, Debian 12
KEY = (FileStat("/var/lib/pantau/agent_key.pem", "file", 0o600, 999, 999, 119, NOW.timestamp()),)
MODULES = {
    "agent/__init__.py": '"""Agent."""\n',
    "checks/check.py": "x = 1\n",
    "evidence/key.py": "",
    "collector/a.py": "\n",
}
RECORDS = 5


def record(modules: dict[str, str]) -> str:
    """A RECORD as pip writes it."""
    lines = ["../../../bin/pantau-agent,sha256=Aa__XwVwTb9OJYELFbEknD1uWN4r1oiXqbdKZUdzEec,167"]
    for name, content in modules.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},{len(content)}")
        lines.append(f"{name.replace('.py', '.cpython-311.pyc')},,")
    return "\r\n".join([*lines, "pantau-0.1.0.dist-info/RECORD,,", ""])


def installed(site: Path, modules: dict[str, str] = MODULES) -> tuple[tuple[FileText, ...], ...]:
    """What the five patterns of RECORD find where the package was installed into `site`."""
    for name, content in modules.items():
        plant(site, name, content)
    return ((FileText(f"{site}/pantau-0.1.0.dist-info/RECORD", record(modules)),), *[()] * (RECORDS - 1))


def read(site: Path, records: tuple[tuple[FileText, ...], ...]) -> AgentHealth:
    """The fact, with the files below `site` hashed for real."""
    source = agent_health.sources[2]
    assert isinstance(source, After)
    return agent_health(KEY, DF, LocalHost().read(source.make(AgentFiles("/var/lib/pantau", str(site)))), *records)


def test_an_agent_as_it_was_installed_has_nothing_altered(tmp_path: Path) -> None:
    found = read(tmp_path, installed(tmp_path))
    assert (found.version, found.altered, found.free, found.key_mode) == ("0.1.0", 0, 80579481600, 0o600)
    assert (found.key_made, found.config_mode) == (NOW, None)


def test_a_file_that_was_changed_added_or_taken_away_is_named(tmp_path: Path) -> None:
    records = installed(tmp_path)
    plant(tmp_path, "checks/check.py", "x = 2\n")
    plant(tmp_path, "agent/evil.py", "")
    (tmp_path / "evidence/key.py").unlink()
    found = read(tmp_path, records)
    assert (found.altered, found.which) == (3, ("agent/evil.py", "checks/check.py", "evidence/key.py"))


def test_the_digest_is_of_the_modules_alone(tmp_path: Path) -> None:
    (one, *rest) = installed(tmp_path)
    elsewhere = FileText(one[0].path, one[0].text.replace("Aa__XwVwTb9", "Bb__XwVwTb9"))
    assert read(tmp_path, (one, *rest)).digest == read(tmp_path, ((elsewhere,), *rest)).digest
    other = MODULES | {"checks/check.py": "x = 3\n"}
    assert read(tmp_path, installed(tmp_path, other)).digest != read(tmp_path, (one, *rest)).digest


def test_the_state_directory_is_where_the_configuration_says(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(AgentFiles).fact == AgentFiles("/var/lib/pantau")
    plant(tmp_path, "/etc/pantau/agent.toml", 'collector = "https://pantau.lkpp.go.id"\nstate = "/srv/pantau"\n')
    assert Survey(LocalHost(str(tmp_path))).outcome(AgentFiles).fact == AgentFiles("/srv/pantau")
    plant(tmp_path, "/etc/pantau/conf.d/a.toml", 'state = "/srv/other/"\n')
    plant(tmp_path, f"{PLACE}/pantau-0.1.0.dist-info/RECORD", record(MODULES))
    assert Survey(LocalHost(str(tmp_path))).outcome(AgentFiles).fact == AgentFiles("/srv/other", PLACE)


@pytest.mark.parametrize("line", ["state = 7", "state = ", 'state = "relative"', 'state = "/a*"', "[" * 3000])
def test_a_configuration_that_makes_no_sense_is_missing(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "/etc/pantau/agent.toml", line)
    assert Survey(LocalHost(str(tmp_path))).outcome(AgentFiles).missing


def test_the_loosest_mode_of_the_configuration_is_told() -> None:
    config = FileStat("/etc/pantau/agent.toml", "file", 0o644, 0, 0, 9, 0.0)
    loose = FileStat("/etc/pantau/conf.d/a.toml", "file", 0o666, 0, 0, 9, 0.0)
    assert agent_health((*KEY, config, loose), DF, (), *[()] * RECORDS).config_mode == 0o666


def test_without_a_key_there_is_no_agent(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(AgentHealth).absent is not None
    config = FileStat("/etc/pantau/agent.toml", "file", 0o644, 0, 0, 9, 0.0)
    with pytest.raises(Absent):
        agent_health((config,), "", (), *[()] * RECORDS)


def test_a_package_in_no_usual_place_has_no_version_and_senseless_sums_are_missing(tmp_path: Path) -> None:
    assert agent_health(KEY, DF, (), *[()] * RECORDS).version == ""
    with pytest.raises(Missing):
        agent_health(KEY, DF, "sha256sum: no such file", *installed(tmp_path))
    with pytest.raises(Missing):
        agent_health(KEY, "df: no", (), *[()] * RECORDS)


@given(text(), text(), text())
def test_any_text_gives_a_fact_or_says_why(free: str, sums: str, recorded: str) -> None:
    found = (FileText(f"{PLACE}/pantau-0.1.0.dist-info/RECORD", f"{record(MODULES)}{recorded}"),)
    gives_or_says_why(agent_health, KEY, f"Avail {free}", sums, found, *[()] * (RECORDS - 1))
    gives_or_says_why(agent_files, found, *[()] * (RECORDS - 1), (FileText("/etc/pantau/agent.toml", free),), ())
