from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from agent.hosts.files import MOST_MATCHES, Files, refusal_to_root
from checks.fact import Absent, Missing
from checks.source import File, Glob, Stat
from tests.agent.as_nobody import as_nobody


@pytest.fixture(params=["real root", "below a root"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """The same tree once as the files of this machine and once as a mounted image."""
    return Files("/" if request.param == "real root" else str(tmp_path))


def at(files: Files, tmp_path: Path, name: str) -> str:
    """The path of `name` in `tmp_path` as the audited host calls it."""
    return str(tmp_path / name) if files.root == "/" else f"/{name}"


def test_the_text_of_a_file_is_read_and_invalid_utf8_is_replaced(files: Files, tmp_path: Path) -> None:
    (tmp_path / "motd").write_bytes(b"salam \xff\xfe selesai\n")
    assert files.text(File(at(files, tmp_path, "motd"))) == "salam �� selesai\n"


@pytest.mark.parametrize("path", ["nothing", "nothing/below", "file/below"])
def test_what_is_not_there_is_absent(files: Files, tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Absent, match="there is no file"):
        files.text(File(at(files, tmp_path, path)))


def test_a_dangling_link_is_absent(files: Files, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(Absent):
        files.text(File(at(files, tmp_path, "link")))


def test_a_loop_of_links_is_missing_and_ends(files: Files, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(Missing, match="symbolic links"):
        files.text(File(at(files, tmp_path, "a")))


@pytest.mark.parametrize("pattern", ["loop/x", "loop/*", "*/x", "loop"])
def test_a_loop_of_links_under_a_pattern_ends_and_leaves_the_host_only_as_a_reading_or_missing(
    files: Files, tmp_path: Path, pattern: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with contextlib.suppress(Missing):
        assert files.texts(Glob(at(files, tmp_path, pattern))) == ()


def test_a_fifo_is_missing_and_its_writer_never_learns_of_us(files: Files, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    released = threading.Event()

    def write() -> None:
        os.close(os.open(tmp_path / "fifo", os.O_WRONLY))
        released.set()

    threading.Thread(target=write, daemon=True).start()
    time.sleep(0.05)
    with pytest.raises(Missing, match="not a regular file"):
        files.text(File(at(files, tmp_path, "fifo")))
    assert not released.wait(0.2)
    os.close(os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK))  # let the writer go


def test_a_socket_a_directory_and_devices_are_missing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for path in (tmp_path / "socket", tmp_path, Path("/dev/zero"), Path("/dev/null"), Path("/dev/tty")):
            with pytest.raises(Missing, match="not a regular file"):
                Files().text(File(str(path)))


def test_a_link_to_a_device_is_missing(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to("/dev/zero")
    with pytest.raises(Missing, match="not a regular file"):
        Files().text(File(str(tmp_path / "log")))


@pytest.mark.skipif(not os.access("/proc/kmsg", os.R_OK), reason="needs to read /proc/kmsg")
def test_a_regular_file_that_makes_its_readers_wait_for_more_never_blocks() -> None:
    for _ in range(2):  # the second time there is nothing left to read
        with contextlib.suppress(Missing):
            Files().text(File("/proc/kmsg", max_bytes=1 << 24))


def test_a_file_of_exactly_max_bytes_is_read_and_one_byte_more_is_missing(files: Files, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("x" * 100)
    assert files.text(File(at(files, tmp_path, "log"), max_bytes=100)) == "x" * 100
    with pytest.raises(Missing, match="larger than 99 bytes"):
        files.text(File(at(files, tmp_path, "log"), max_bytes=99))


def test_a_sparse_terabyte_is_missing_at_once(files: Files, tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(Missing, match="larger"):
        files.text(File(at(files, tmp_path, "huge")))


def test_a_file_of_proc_whose_size_is_zero_is_read() -> None:
    assert "processor" in Files().text(File("/proc/cpuinfo"))


def test_a_path_with_a_nul_is_missing_or_matches_nothing(files: Files) -> None:
    with pytest.raises((Missing, Absent)):
        files.text(File("/etc/\0"))
    assert files.texts(Glob("/etc/\0/*")) == ()


def test_names_with_newlines_and_invalid_utf8_are_found_and_can_be_encoded(files: Files, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"a\nb.conf", b"\xff\xfe.conf", b"\x1b[31m.conf"):
        Path(os.fsdecode(os.path.join(folder, name))).write_text("here")
    found = files.texts(Glob(at(files, tmp_path, "*.conf")))
    assert sorted(os.path.basename(one.path) for one in found) == ["\x1b[31m.conf", "a\nb.conf", "��.conf"]
    assert {one.text for one in found} == {"here"}
    seen = files.stats(Stat((at(files, tmp_path, "*.conf"),)))
    msgspec.json.encode((found, seen))  # a name must never keep a report from being written


def test_sentences_about_names_of_invalid_utf8_can_be_encoded(files: Files, tmp_path: Path) -> None:
    os.mkfifo(os.path.join(os.fsencode(tmp_path), b"\xff.conf"))
    with pytest.raises(Missing) as error:
        files.texts(Glob(at(files, tmp_path, "*.conf")))
    msgspec.json.encode(error.value.reason)


def test_a_pattern_gives_files_in_order_without_directories_hidden_ones_and_dangling_links(
    files: Files, tmp_path: Path
) -> None:
    for name in ("b.conf", "a.conf", ".hidden.conf"):
        (tmp_path / name).write_text(name)
    (tmp_path / "c.conf").mkdir()
    (tmp_path / "d.conf").symlink_to("gone")
    found = files.texts(Glob(at(files, tmp_path, "*.conf")))
    assert [one.text for one in found] == ["a.conf", "b.conf"]


def test_one_file_of_a_pattern_that_is_too_large_makes_all_of_it_missing(files: Files, tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("x")
    (tmp_path / "b.conf").write_text("x" * 100)
    with pytest.raises(Missing, match=r"b\.conf is larger than 50"):
        files.texts(Glob(at(files, tmp_path, "*.conf"), max_bytes=50))


def test_a_pattern_that_matches_nothing_is_empty_or_absent_as_it_says(files: Files, tmp_path: Path) -> None:
    pattern = at(files, tmp_path, "*.conf")
    assert files.texts(Glob(pattern)) == ()
    with pytest.raises(Absent):
        files.texts(Glob(pattern, may_be_empty=False))


def test_a_directory_with_too_many_matches_is_missing(files: Files, tmp_path: Path) -> None:
    for number in range(MOST_MATCHES + 1):
        (tmp_path / f"{number}.conf").touch()
    with pytest.raises(Missing, match="more than 2000 files match"):
        files.texts(Glob(at(files, tmp_path, "*.conf")))


def test_stat_tells_kind_mode_and_size_and_follows_no_link(files: Files, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    (tmp_path / "key").chmod(0o4640)
    (tmp_path / "link").symlink_to("key")
    (tmp_path / "dir").mkdir()
    os.mkfifo(tmp_path / "pipe")
    seen = {os.path.basename(one.path): one for one in files.stats(Stat((at(files, tmp_path, "*"),)))}
    assert {name: one.kind for name, one in seen.items()} == {
        "key": "file", "link": "link", "dir": "directory", "pipe": "other",
    }  # fmt: skip
    assert (seen["key"].mode, seen["key"].size, seen["key"].uid) == (0o4640, 6, os.getuid())


def test_stat_of_nothing_is_absent(files: Files, tmp_path: Path) -> None:
    with pytest.raises(Absent, match="there is no file"):
        files.stats(Stat((at(files, tmp_path, "x*"), at(files, tmp_path, "y"))))


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../../../../etc/hostname", "/up/etc/hostname"])
def test_a_link_that_points_outside_stays_inside_the_root(tmp_path: Path, target: str) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "hostname").write_text("inside")
    (tmp_path / "up").symlink_to("..")
    (tmp_path / "link").symlink_to(target)
    assert Files(str(tmp_path)).text(File("/link")) == "inside"
    assert Files(str(tmp_path)).texts(Glob("/lin*"))[0].text == "inside"


def test_a_linked_directory_inside_the_root_is_walked_inside_the_root(tmp_path: Path) -> None:
    (tmp_path / "srv").mkdir()
    (tmp_path / "srv" / "a.conf").write_text("inside")
    (tmp_path / "conf").symlink_to("/srv")
    assert [one.text for one in Files(str(tmp_path)).texts(Glob("/conf/*.conf"))] == ["inside"]


def test_a_root_that_lacks_the_target_makes_the_link_absent_though_this_machine_has_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(Absent):
        Files(str(tmp_path)).text(File("/link"))


def test_a_file_that_vanishes_while_its_folder_is_read_is_left_out(tmp_path: Path) -> None:
    stop = threading.Event()

    def flicker() -> None:
        while not stop.is_set():
            (tmp_path / "b.conf").write_text("b")
            (tmp_path / "b.conf").unlink(missing_ok=True)

    (tmp_path / "a.conf").write_text("a")
    thread = threading.Thread(target=flicker)
    thread.start()
    try:
        for _ in range(300):
            assert "a" in [one.text for one in Files().texts(Glob(f"{tmp_path}/*.conf"))]
            assert Files().stats(Stat((f"{tmp_path}/*.conf",)))
    finally:
        stop.set()
        thread.join()


def test_an_unreadable_file_is_missing_and_says_that_root_could_read_it(public: Path) -> None:
    (public / "shadow").write_text("x")
    (public / "shadow").chmod(0o600)
    with pytest.raises(Missing, match="permission denied; run as root"):
        as_nobody(lambda: Files().text(File(str(public / "shadow"))))
    with pytest.raises(Missing, match="permission denied"):
        as_nobody(lambda: Files().texts(Glob(f"{public}/sh*")))


@pytest.mark.parametrize("pattern", ["home/*/.ssh/authorized_keys", "home/budi/*", "home/budi/.ssh/*"])
def test_a_directory_nobody_may_enter_is_missing_never_empty(public: Path, pattern: str) -> None:
    keys = public / "home" / "budi" / ".ssh" / "authorized_keys"
    keys.parent.mkdir(parents=True)
    keys.write_text("ssh-ed25519 AAAA")
    (public / "home" / "budi").chmod(0o700)
    source = Glob(f"{public}/{pattern}")
    with pytest.raises(Missing, match="permission denied"):
        as_nobody(lambda: Files().texts(source))
    with pytest.raises(Missing, match="permission denied"):
        as_nobody(lambda: Files().stats(Stat((source.pattern,))))


@pytest.mark.parametrize(
    ("code", "capabilities", "whole", "said"),
    [
        (errno.EACCES, "00000000a80425f9", True, "lacks CAP_DAC_READ_SEARCH"),
        (errno.EACCES, "00000000a80425f9", False, "lacks CAP_DAC_READ_SEARCH"),
        (errno.EACCES, "000001ffffffffff", False, "inside its container only"),
        (errno.EPERM, "000001ffffffffff", False, "inside its container only"),
        (errno.EACCES, "000001ffffffffff", True, "root_squash"),
        (errno.EPERM, "00000000a80425fb", True, "refused by the kernel"),
    ],
)
def test_root_is_told_why_it_was_refused_and_never_to_run_as_root(
    code: int, capabilities: str, whole: bool, said: str
) -> None:
    why = refusal_to_root(code, f"Name:\tpython\nCapEff:\t{capabilities}\nCapBnd:\t{capabilities}\n", whole=whole)
    assert said in why.en
    assert "run as root" not in why.en


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("capsh") is None, reason="needs root and capsh")
def test_a_root_without_its_capabilities_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0)
    os.chown(tmp_path / "secret", 1, 1)
    code = (
        "from agent.hosts.files import Files; from checks.source import File; from checks.fact import Missing\n"
        f"try: print(Files().text(File({str(tmp_path / 'secret')!r})))\n"
        "except Missing as error: print(error)\n"
    )
    dropped = ["capsh", "--drop=cap_dac_override,cap_dac_read_search", "--", "-c", 'exec "$0" -c "$1"']
    done = subprocess.run([*dropped, sys.executable, code], capture_output=True, text=True, check=True, timeout=60)
    assert "permission denied; this root lacks CAP_DAC_READ_SEARCH" in done.stdout
