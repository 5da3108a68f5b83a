from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import After, Missing
from checks.facts.script_folders import ScriptFolders
from checks.facts.scripts import Scripts, Walk, scripts
from checks.source import Command
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.trees import plant

NOW = 1_795_402_800  # 2026-11-23 03:00 UTC
HOUR = 3600


def found(**folders: Path) -> Scripts:
    """What the real `find` says of real folders."""
    place = ScriptFolders(**{kind: (str(folder),) for kind, folder in folders.items()})  # type: ignore[arg-type]
    readings = []
    for source in scripts.sources:
        assert isinstance(source, After)
        made = source.make(place)
        readings.append(commands.run(made) if isinstance(made, Command) else ())
    return scripts.parse(*readings)


def said(*rows: str) -> str:
    return "".join(f"{row}\0" for row in rows)


def application(*rows: str) -> Scripts:
    return scripts.parse(said("in 0 /home/appserv/spse", *rows, "end 0"), (), ())


def test_a_script_in_a_web_folder_is_named_with_its_time(tmp_path: Path) -> None:
    plant(tmp_path, "index.html")
    shell = plant(tmp_path, "images/Logo.PHP", "<?php")
    walk = found(web=tmp_path).web

    assert walk is not None
    assert (walk.folders, walk.complete, walk.suffixes) == ((str(tmp_path),), True, {"php": 1})
    assert walk.latest[0].path == str(shell)
    assert abs(walk.latest[0].changed.timestamp() - shell.stat().st_ctime) < 1.5


def test_a_date_that_was_set_back_hides_nothing(tmp_path: Path) -> None:
    shell = plant(tmp_path, "x.php")
    os.utime(shell, (0, 0))
    walk = found(web=tmp_path).web

    assert walk is not None
    assert walk.newest is not None
    assert walk.newest.year > 2020


def test_in_document_stores_nothing_is_named(tmp_path: Path) -> None:
    plant(tmp_path, "2026/Penawaran PT Maju Jaya.php")
    plant(tmp_path, "2026/Penawaran PT Maju Jaya.pdf")
    (tmp_path / "2026/Penawaran CV\nSumber Rejeki.jsp").touch()
    walk = found(stores=tmp_path).stores

    assert walk is not None
    assert walk.suffixes == {"jsp": 1, "php": 1}
    assert walk.latest == ()
    assert "Penawaran" not in repr(walk)


def test_a_store_below_a_web_folder_is_not_named_either(tmp_path: Path) -> None:
    plant(tmp_path, "file_prod/Penawaran PT Maju Jaya.php")
    walk = found(web=tmp_path).web

    assert walk is not None
    assert (walk.files, walk.latest) == (1, ())


def test_uploads_on_their_way_through_the_application_are_not_looked_at(tmp_path: Path) -> None:
    plant(tmp_path, "webapp/tmp/uploads/1/Penawaran PT Maju Jaya.php")
    plant(tmp_path, "webapp/public/x.php")
    result = found(applications=tmp_path)

    assert result.applications is not None
    assert [one.path for one in result.applications.latest] == [str(tmp_path / "webapp/public/x.php")]


def test_pipes_links_and_strange_names_do_no_harm(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.php")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.php").symlink_to("/etc/shadow")
    (tmp_path / "new\nline\x1b[31m.php").touch()
    (tmp_path / os.fsdecode(b"\xff\xfe.php")).touch()
    walk = found(web=tmp_path).web

    assert walk is not None
    assert walk.files == 2
    assert all(one.path.isprintable() for one in walk.latest)


def test_files_of_an_update_are_not_lone_and_one_put_there_later_is() -> None:
    update = [f"any {NOW - 9 * HOUR + n}" for n in range(40)]
    own = [f"py {NOW - 9 * HOUR + n} /home/appserv/spse/framework/pym/{n}.py" for n in range(5)]
    later = f"sh {NOW} /home/appserv/spse/webapp/public/a.sh"
    result = application(*update, *own, later)

    assert result.lone is not None
    assert [one.path for one in result.lone.latest] == ["/home/appserv/spse/webapp/public/a.sh"]
    assert result.applications is not None
    assert result.applications.files == 0


def test_what_play_has_no_use_for_is_foreign_even_within_an_update() -> None:
    result = application(*(f"any {NOW + n}" for n in range(40)), f"jsp {NOW} /home/appserv/spse/webapp/x.jsp")

    assert result.applications is not None
    assert result.applications.suffixes == {"jsp": 1}


def test_a_walk_that_was_cut_short_says_so() -> None:
    result = scripts.parse((), (), "in 0 /home/file\0php 1795402800.5\0php 17954")

    assert result.stores == Walk(("/home/file",), False, {"php": 1}, datetime.fromtimestamp(NOW, UTC))


@pytest.mark.parametrize(
    "printed", ["", "in 0 /a\0closed 0\0end 0\0", "/home/file/Penawaran PT Maju Jaya\0", "end 0\0"]
)
def test_other_output_is_missing_and_is_not_repeated(printed: str) -> None:
    with pytest.raises(Missing) as caught:
        scripts.parse((), (), printed)
    assert "Penawaran" not in str(caught.value)


@given(mixed("in 0 /a\0", "php 1795402800.1 /a/x.php\0", "py 1 /a\0", "any 5\0", "end 0\0", "php 99999999999\0"))
def test_any_output_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(scripts, text, text, text)


def test_a_mounted_image_is_not_walked_for_the_running_system_would_answer(tmp_path: Path) -> None:
    plant(tmp_path, "/var/www/html/x.php")

    assert Survey(LocalHost(str(tmp_path))).outcome(Scripts).missing is not None
