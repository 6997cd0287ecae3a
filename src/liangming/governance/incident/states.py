"""An incident as stored. It counts people and names none; an account of it in words is sealed."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Final

import msgspec

from liangming.docket import Record
from liangming.governance.incident.words import (
    Advice,
    Body,
    Cause,
    Certainty,
    Harm,
    Nature,
    Operator,
    Remedy,
    Step,
)
from liangming.governance.sending import Sent

KIND: Final = "incident"
INCIDENT_ID: Final = "inc"


class Basis(enum.StrEnum):
    """What the scope is counted from."""

    READINGS = "readings"  # 查看记录
    REGISTER = "register"  # 全部在册（备份、数据库外流）


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the scope is asked of.

    Attributes:
        since, until: the span; of the register only the end counts.
        actor: only readings by this account; of all when empty.
        scene: only at this scene; at all when empty.
    """

    basis: Basis
    since: datetime
    until: datetime
    actor: str = ""
    scene: str = ""


class Field(msgspec.Struct, frozen=True):
    """A field and of how many persons it was read."""

    name: str
    persons: int


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted.

    Attributes:
        persons: different persons who are registered still.
        gone: checks whose person was erased since: told by the public notice alone.
        readings: how many times something was opened.
        fields: each field with its persons.
        counted_at: when.
    """

    asked: Asked
    persons: int
    gone: int
    readings: int
    fields: tuple[Field, ...]
    counted_at: datetime


class Did(msgspec.Struct, frozen=True):
    """Something was done: by which account, when, under which reference.

    Attributes:
        at: when it was written down here.
        sent: how it went out, where something was sent.
    """

    by: str
    at: datetime
    reference: str = ""
    sent: Sent | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """People were told, or spared.

    Attributes:
        persons: how many found the notice on their own pages; none in a drill.
        spared: harm is effectively avoided, so nobody has to be told (pipl.57); the authority
            may order it all the same.
    """

    by: str
    at: datetime
    persons: int = 0
    spared: bool = False
    why: str = ""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident.

    Attributes:
        found_at: when it was discovered; clocks run from here.
        drill: a rehearsal.
        serious: a major incident in the sense of face.9: faces are shut until assessed anew.
        other_trigger: another trigger of the annex makes it a larger one, in the officer's judgement.
        besides: word to people by other ways than their own pages.
        handled_at: when handling ended; the summary counts from here.
    """

    id: str
    operator: str
    nature: Nature
    found_at: datetime
    found_by: str
    drill: bool
    certainty: Certainty = Certainty.SUSPECTED
    kind: Operator = Operator.ORDINARY
    causes: tuple[Cause, ...] = (Cause.UNKNOWN,)
    harms: tuple[Harm, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    advice: tuple[Advice, ...] = ()
    steps: dict[Step, Did] = {}
    scope: Scope | None = None
    serious: bool = False
    other_trigger: bool = False
    people: Told | None = None
    reports: dict[Body, Did] = {}
    handled_at: datetime | None = None
    summary: Did | None = None
    shut: tuple[str, ...] = ()
    besides: tuple[Did, ...] = ()
    events: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing about it is open."""
        return self.certainty is Certainty.UNFOUNDED or self.handled_at is not None

    @property
    def public(self) -> bool:
        """Whether it is announced to everybody."""
        return not self.drill and self.people is not None and not self.people.spared


def read(row: Record) -> Incident:
    """The incident of a record."""
    return msgspec.json.decode(row.body, type=Incident)
