"""The people who work there, through a year of courses: who may take their role on which day.

Their last day is counted here, from the day of the pass, and compared with what the system says.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random  # noqa: TID251  (seeded)

from tests.rights.people import Desk

from liangming.governance.training import COURSES, grade, lacks, needed, take

ROLES = ("clerk", "clerk", "clerk", "clerk", "manager", "officer", "administrator", "integrator")
YEAR = 12


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass
class Member:
    """Somebody of the staff.

    Attributes:
        passed: when their courses were passed last; None before the first time.
        again: when they will pass them next.
    """

    name: str
    role: str
    passed: date | None
    again: date
    was_shut: bool = False

    def shut(self, day: date) -> bool:
        """Whether the role is shut at the midnight after a day."""
        return self.passed is None or later(self.passed, YEAR) <= day


@dataclass
class Staff:
    """All of them."""

    desk: Desk
    dice: Random
    members: list[Member] = field(default_factory=list)
    ended: int = 0
    regained: int = 0
    first: int = 0

    async def hired(self, count: int, start: date, days: int, set_day: object) -> None:
        """People whose passes end in the course of the year; every tenth comes without any."""
        for n in range(count):
            role = ROLES[n % len(ROLES)]
            ends = start + timedelta(days=self.dice.randint(1, days))
            passed = None if n % 10 == 9 else later(ends, -YEAR)
            member = Member(f"{role}-{n}", role, None, ends)
            self.members.append(member)
            if passed is not None:
                set_day(passed, 9)  # type: ignore[operator]
                await self.passes(member, passed)
            else:
                member.again = start + timedelta(days=self.dice.randint(1, 5))

    async def passes(self, member: Member, day: date) -> None:
        """All courses of the role, today."""
        premises, docket = self.desk.desk.premises, self.desk.desk.docket
        for course in needed(member.role):
            found = COURSES[course.id]
            marked = grade(found, {n: q.right for n, q in enumerate(found.questions)})
            await take(
                premises, docket, operator="demo", username=member.name, course=course.id,
                marked=marked,
            )  # fmt: skip
        if member.was_shut:
            self.regained += 1
            self.first += member.passed is None
        member.passed, member.was_shut = day, False
        last = later(day, YEAR)
        late = self.dice.random() < 0.4
        member.again = last + timedelta(days=self.dice.randint(1, 9) * (1 if late else -1))

    async def afternoon(self, day: date) -> None:
        for member in self.members:
            if member.again <= day:
                await self.passes(member, day)

    async def midnight(self, day: date) -> None:
        """Whoever's pass ends now, whoever's did yesterday, and some others, are asked for."""
        for member in self.members:
            shut = member.shut(day)
            ends = member.passed is not None and later(member.passed, YEAR) == day
            eve = member.passed is not None and later(member.passed, YEAR) == day + timedelta(
                days=1
            )
            if not (ends or eve or shut) and self.dice.random() > 0.05:
                continue
            found = await lacks(
                self.desk.desk.premises, self.desk.desk.docket,
                operator="demo", username=member.name, role=member.role,
            )  # fmt: skip
            assert bool(found) is shut, (member, day)
            assert len(found) in {0, len(needed(member.role))}
            self.ended += ends
            member.was_shut = member.was_shut or shut
