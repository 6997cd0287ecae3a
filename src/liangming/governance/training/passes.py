"""Passes: who passed what and until when, under a commitment; which role is open to whom.

The record and the leaf name an account by a keyed commitment. Whoever has the installation's key can
tell whether a given account passed; from the log or a backup alone nobody can.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, Records, deadline, leaf_keys
from liangming.errors import Kind, Misuse, declare
from liangming.governance.training.courses import COURSES, Course, needed
from liangming.governance.training.grade import Marked
from liangming.law.values import training_months
from liangming.ledger import Event, declare_event

KIND: Final = "training"
TRAINING_ID: Final = "trn"
WARN: Final = timedelta(days=30)
KEPT_YEARS: Final = timedelta(days=1096)  # after it lapsed, as assessments are kept; ours
_LABEL: Final = b"liangming/training/1\x00"

PASSED: Final = declare_event(
    "governance:training:passed",
    facts=("course", "version", "member", "score", "of", "until"),
    zh="一名从业人员通过了一门课程；人员只以承诺值出现。",
    en="Somebody of the staff passed a course; who it is stands there as a commitment only.",
)
COURSE_UNKNOWN: Final = declare(
    "governance.course-unknown",
    Kind.ABSENT,
    zh="没有这门课程。",
    en="There is no such course.",
)
NOT_PASSED: Final = declare(
    "governance.course-not-passed",
    Kind.REFUSED,
    zh="还差几题。看一看为什么，可以马上再答一次。",
    en="Not enough yet. See why, and answer again whenever you like.",
)


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """One course passed once."""

    course: str
    version: int
    score: int
    of: int
    at: datetime
    until: datetime


class Lack(NamedTuple):
    """A course that a role still needs, or will.

    Attributes:
        until: when the pass ends or ended; None where there was none.
    """

    course: Course
    until: datetime | None


def commitment(premises: Premises, operator: str, username: str) -> str:
    """An account, as records and the log have it."""
    key = hmac.digest(premises.keys.token, _LABEL, hashlib.sha256)
    return hmac.new(key, f"{operator}\0{username}".encode(), hashlib.sha256).hexdigest()


async def take(
    premises: Premises,
    docket: Records,
    *,
    operator: str,
    username: str,
    course: str,
    marked: Marked,
) -> Pass:
    """Keep a pass; durable with its leaf when this returns.

    Raises:
        Misuse: ``governance.course-unknown``, ``governance.course-not-passed``.
    """
    found = COURSES.get(course)
    if found is None or len(marked.right) != len(found.questions):
        raise Misuse(COURSE_UNKNOWN)
    if not marked.passed:
        raise Misuse(NOT_PASSED)
    at = premises.clock.now()
    made = Pass(
        course=course,
        version=found.version,
        score=marked.score,
        of=len(marked.right),
        at=at,
        until=deadline(training_months, at).at,
    )
    member = commitment(premises, operator, username)
    name = ids.new(TRAINING_ID, at)
    key = leaf_keys.lasting(premises, name)
    row = Record(
        id=name,
        kind=KIND,
        operator=operator,
        about=member,
        state=course,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=micros(made.until),
        keep_until=micros(made.until + KEPT_YEARS),
        leaf_key=key.kept,
        body=msgspec.json.encode(made),
    )
    facts: dict[str, str | int] = {
        "course": course,
        "version": made.version,
        "member": member,
        "score": made.score,
        "of": made.of,
        "until": micros(made.until),
    }
    leaf = leaf_of(Event(PASSED.tag, micros(at), name, facts), key.key, 0)
    before = [
        msgspec.structs.replace(old, version=old.version + 1, changed_at=micros(at), due_at=None)
        for old in await docket.about(KIND, member)
        if old.state == course and old.due_at is not None
    ]  # the board asks for the newest alone
    await docket.commit([row, *before], [leaf])
    return made


async def passed(
    premises: Premises, docket: Records, operator: str, username: str
) -> dict[str, Pass]:
    """The last pass of each course that still counts by its version; it may have lapsed."""
    rows = await docket.about(KIND, commitment(premises, operator, username))
    found: dict[str, Pass] = {}
    for row in rows:
        each = msgspec.json.decode(row.body, type=Pass)
        course = COURSES.get(each.course)
        if course is not None and each.version >= course.counts_from:
            found[each.course] = each
    return found


async def lacks(
    premises: Premises, docket: Records, *, operator: str, username: str, role: str
) -> list[Lack]:
    """What a role is shut for at this moment; empty when it is open."""
    return await _ended_by(premises, docket, (operator, username), role, timedelta())


async def warned(
    premises: Premises, docket: Records, *, operator: str, username: str, role: str
) -> list[Lack]:
    """What a role lacks now or will within thirty days."""
    return await _ended_by(premises, docket, (operator, username), role, WARN)


async def lacking(
    premises: Premises, docket: Records, members: Iterable[tuple[str, str, str]]
) -> dict[str, list[Lack]]:
    """For accounts (operator, username, role): what each lacks or will, by username."""
    return {
        username: found
        for operator, username, role in members
        if (
            found := await warned(premises, docket, operator=operator, username=username, role=role)
        )
    }


async def _ended_by(
    premises: Premises, docket: Records, who: tuple[str, str], role: str, ahead: timedelta
) -> list[Lack]:
    courses = needed(role)
    if not courses:
        return []
    now = premises.clock.now()
    have = await passed(premises, docket, *who)
    return [
        Lack(course, have[course.id].until if course.id in have else None)
        for course in courses
        if course.id not in have or have[course.id].until <= now + ahead
    ]
