"""The centre's signed commands, each done once, written down and acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liangming.clock import micros
from liangming.edge.agent.centre import Command
from liangming.edge.agent.health import LATEST

if TYPE_CHECKING:
    from datetime import datetime

    from liangming.edge.agent.machine import Machine

STOPPED: Final = "stopped"
DISABLED: Final = "disabled"


def obey(machine: Machine, at: datetime) -> int:
    """Fetch what waits and do it; doing one twice is no harm. Returns how many.

    Raises:
        Outage: the centre cannot be reached; they wait there.
    """
    done = 0
    for order in machine.centre.commands():
        mark = f"command:{order.command}"
        if not machine.memory.fact(mark):  # a crash before the mark does it once more
            _do(machine, order, mark, at)
        if order.deed == "disable":
            machine.report()  # the last that the centre takes from this key
        machine.centre.acknowledge(order.command, machine.enrolment.key)
        done += 1
    return done


def _do(machine: Machine, order: Command, mark: str, at: datetime) -> None:
    """One command; what it changed and that it is done become durable together."""
    if order.deed != "start-face":
        machine.leave()
    deleted = 0
    memory, journal, templates = machine.memory, machine.journal, machine.templates
    with memory.together():
        match order.deed:
            case "stop-and-delete":
                deleted = templates.delete(order.consent, at, why="commanded")
            case "delete-templates":
                deleted = templates.delete_all(at, why="commanded")
            case "stop-face":
                memory.remember("face", STOPPED)
                journal.append("device:face:stopped", at)
            case "start-face":
                memory.remember("face", "")
                memory.remember(LATEST, "")  # whoever commands it believes the clock of now
                journal.append("device:face:started", at)
            case "disable":
                machine.sales.cancel()  # money that lies in the till goes back
                memory.remember("state", DISABLED)
                deleted = templates.delete_all(at, why="commanded")
                journal.append("device:agent:disabled", at, templates=deleted)
        journal.append(
            "device:command:done",
            at,
            command=order.command,
            consent=order.consent,
            deed=order.deed,
            templates=deleted,
        )
        memory.remember(mark, str(micros(at)))
    if deleted:
        memory.emptied()
