from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.files import replace
from tests.agent.parts import TREE

WRITES = """
import sys, pathlib
from agent.files import replace
path, number = pathlib.Path(sys.argv[1]), 0
print("ready", flush=True)
while True:
    number += 1
    replace(path, (str(number % 10) * 200_000).encode())
"""


def test_a_file_is_made_with_its_folder_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "deep" / "policy.json"
    replace(path, b"one")
    replace(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["policy.json"]


def test_a_kill_at_any_moment_leaves_the_old_content_or_the_new(tmp_path: Path) -> None:
    path, fate = tmp_path / "policy.json", random.Random(152)
    replace(path, b"0" * 200_000)
    for _ in range(15):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(path)], stdout=subprocess.PIPE, cwd=TREE, env={"PYTHONPATH": str(TREE)}
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(fate.uniform(0, 0.05))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        content = path.read_bytes()
        assert len(content) == 200_000
        assert len(set(content)) == 1


def test_a_link_in_the_place_of_the_scratch_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / f".policy.json.{os.getpid()}").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        replace(tmp_path / "policy.json", b"new")
    assert victim.read_text() == "untouched"


def test_a_target_that_cannot_be_replaced_leaves_no_scratch_file(tmp_path: Path) -> None:
    (tmp_path / "policy.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace(tmp_path / "policy.json", b"new")
    assert os.listdir(tmp_path) == ["policy.json"]
