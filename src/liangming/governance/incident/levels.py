"""Which clock an incident runs: hours where the measures give them, and none where they do not.

Below a million persons and without another trigger no hours run; *at once* (pipl.57) stands for
every incident and has no number. Counted from the discovery.

Law: incident.4, incident.8, incident.annex, pipl.57, courier.35
"""

from __future__ import annotations

import enum
from typing import Final

from liangming.clock import china_date
from liangming.docket import Deadline, deadline
from liangming.governance.incident.states import Incident
from liangming.governance.incident.words import Operator
from liangming.law import values
from liangming.rules import Dated
from liangming.scene.model import Text


class Level(enum.StrEnum):
    """The level of a cyber incident (事件等级)."""

    NONE = "none"  # 不足数，也没有其他情形
    LARGER = "larger"  # 较大
    MAJOR = "major"  # 重大
    EXTREME = "extreme"  # 特别重大


LEVELS: Final = {
    Level.NONE: Text(
        "没有达到需要按小时报告的等级（“立即”仍然适用）",
        "below the level at which hours run (“at once” stands all the same)",
    ),
    Level.LARGER: Text("较大", "larger"),
    Level.MAJOR: Text("重大", "major"),
    Level.EXTREME: Text("特别重大", "extreme"),
}
_HOURS: Final[dict[Operator, Dated]] = {
    Operator.ORDINARY: values.incident_report_hours,
    Operator.CRITICAL: values.incident_report_hours_critical,
    Operator.STATE: values.incident_report_hours_state,
}


def level(incident: Incident) -> Level:
    """By persons counted; with another trigger of the annex at least *larger*.

    Before the measures were in force there was no level.
    """
    day = china_date(incident.found_at)
    if day < values.incident_persons.values[0].day:
        return Level.NONE
    persons = incident.scope.persons + incident.scope.gone if incident.scope is not None else 0
    if persons >= values.incident_persons_extreme.at(day):
        return Level.EXTREME
    if persons >= values.incident_persons_major.at(day):
        return Level.MAJOR
    if persons >= values.incident_persons.at(day) or incident.other_trigger:
        return Level.LARGER
    return Level.NONE


def report_by(incident: Incident) -> Deadline | None:
    """When the report to the provincial CAC is due; None where no hours run."""
    if level(incident) is Level.NONE:
        return None
    return deadline(_HOURS[incident.kind], incident.found_at)


def summary_by(incident: Incident) -> Deadline | None:
    """When the summary is due, once handling has ended; None where the measures ask for none."""
    if level(incident) is Level.NONE or incident.handled_at is None:
        return None
    return deadline(values.incident_summary_days, incident.handled_at)
