from __future__ import annotations

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.virtual_machine import VirtualMachine, virtual_machine
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why

INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)


def running(name: str, user: str = "root") -> ProcessTable:
    return ProcessTable((INIT, Process(7, 1, name, user, "", False, (name,), 0.0)), root=True)


def test_the_tools_of_this_hypervisor_count_and_no_others() -> None:
    assert virtual_machine("kvm\n", running("qemu-ga")) == VirtualMachine("kvm", ("qemu-ga",))
    assert virtual_machine("kvm\n", running("vmtoolsd")) == VirtualMachine("kvm")
    assert virtual_machine("microsoft\n", running("hypervkvpd")).tools == ("hypervkvpd",)


def test_a_process_that_a_user_calls_so_is_no_guest_tool() -> None:
    assert virtual_machine("kvm\n", running("qemu-ga", "andi")).tools == ()


def test_where_processes_are_hidden_nothing_is_said_of_tools() -> None:
    with pytest.raises(Missing):
        virtual_machine("kvm\n", ProcessTable(()))
    assert virtual_machine("none\n", ProcessTable(())) == VirtualMachine("none")


def test_this_machine_says_what_it_is() -> None:
    outcome = Survey(LocalHost()).outcome(VirtualMachine)
    assert isinstance(outcome.fact, VirtualMachine) or outcome.missing


@given(TEXT)
def test_any_text_gives_a_kind_or_says_why(printed: str) -> None:
    gives_or_says_why(virtual_machine, printed, running("qemu-ga"))
