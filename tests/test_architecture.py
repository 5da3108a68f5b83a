"""The import table of DESIGN 3, third-party libraries included, and the purity of checks and evidence."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import checks

ROOT = Path(__file__).parent.parent
ROOMS = ("agent", "checks", "collector", "evidence")
MAY_IMPORT = {
    "checks": {"checks"},
    "evidence": {"evidence", "checks"},
    "agent": {"agent", "evidence", "checks"},
    "collector": {"collector", "evidence", "checks"},
}
ONLY_IN = {  # third-party library -> the only places that may import it
    "apscheduler": ("agent/daemon.py", "agent/relay.py", "agent/prober.py"),
    "cryptography": ("evidence/key.py", "agent/hosts/outside_tls.py"),
    "psutil": ("agent/hosts/usage.py",),
    "requests": ("agent/collector_client.py",),
    "paramiko": ("agent/hosts/ssh_connection.py", "agent/hosts/ssh_trust.py"),
    "rich": ("agent/present",),
    "prometheus_client": ("agent/metrics.py", "collector/export", "collector/ingest/metrics.py"),
    "zstandard": ("collector/ledger", "collector/surveillance/state.py"),
    "granian": ("collector/server.py",),
    "holidays": ("collector/calendar.py",),
    "uvloop": ("collector/server.py",),
    "a2wsgi": ("collector/server.py",),
    "django": ("collector",),
    "django_htmx": ("collector/console",),
    "axes": ("collector/accounts", "collector/console", "collector/settings.py"),
    "csp": ("collector/settings.py",),
    "msgspec": ROOMS,
}
IMPURE = {
    "asyncio", "datetime.now", "ftplib", "http", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip
PURE_NAMES = {"pathlib": {"PurePosixPath"}}  # what of an impure module only computes


def modules(room: str) -> list[Path]:
    return [path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            if not {alias.name for alias in node.names} <= PURE_NAMES.get(node.module, set()):
                yield node.module


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_one_way(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.partition(".")[0] in ROOMS and name.partition(".")[0] not in MAY_IMPORT[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_third_party_libraries_stay_in_their_places(room: str) -> None:
    wrong = []
    for path in modules(room):
        where = path.relative_to(ROOT).as_posix()
        for name in imports(path):
            library = name.partition(".")[0]
            if library in sys.stdlib_module_names or library in ROOMS or library == "__future__":
                continue
            if not any(where.startswith(place) for place in ONLY_IN.get(library, ())):
                wrong.append(f"{where} imports {library}")
    assert wrong == []


@pytest.mark.parametrize("room", ["checks", "evidence"])
def test_checks_and_evidence_do_no_io_and_read_no_clock(room: str) -> None:
    wrong = []
    for path in modules(room):
        where = path.relative_to(ROOT).as_posix()
        wrong += [
            f"{where} imports {name}"
            for name in imports(path)
            if (name in IMPURE or name.partition(".")[0] in IMPURE) and name != "urllib.parse"
        ]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in {"open", "print", "input", "exec", "eval"} or called.endswith(
                    (".now", ".utcnow", ".today")
                ):
                    wrong.append(f"{where}:{node.lineno} calls {called}")
    assert wrong == []


def test_no_dependency_provides_a_package_of_our_names() -> None:
    taken = [
        f"{distribution.metadata['Name']}: {file}"
        for distribution in importlib.metadata.distributions()
        if distribution.metadata["Name"].lower() != "pantau"
        for file in distribution.files or ()
        if file.parts[0] in ROOMS or file.parts[0] in {f"{room}.py" for room in ROOMS}
    ]
    assert taken == []


def test_one_version_for_the_whole_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == checks.VERSION


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in modules(room)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_check_has_a_test_file_of_the_same_path_and_name() -> None:
    missing = [
        path.relative_to(ROOT).as_posix()
        for topic in ("facts", "security", "capacity", "availability", "continuity", "governance")
        for path in modules(f"checks/{topic}")
        if path.name != "__init__.py"
        and not (ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.name}").exists()
    ]
    assert missing == []
