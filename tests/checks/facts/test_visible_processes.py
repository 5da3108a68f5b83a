from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.visible_processes import all_of


def test_a_table_without_process_1_is_not_the_whole_table() -> None:
    init = Process(1, 0, "systemd", "root", "", False, (), 0.0)
    mine = Process(70, 1, "sh", "nobody", "/bin/sh", False, ("sh",), 0.0)

    assert all_of(ProcessTable((init, mine))) == (init, mine)
    with pytest.raises(Missing):
        all_of(ProcessTable((mine,)))
