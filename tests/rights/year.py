"""A year of people, staff and days at one station, on a clock that is moved: seeded, so repeatable.

Each day people are checked and come back; some ask; staff answer, mostly in time; devices
acknowledge; holds are placed and end. Then midnight: the retention job runs and everything that
must hold is looked at from the outside, in the stored rows and on the board.
"""

from __future__ import annotations

import random  # noqa: TID251  (seeded)
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.rights.people import Desk
from tests.world import numbers

from liangming.clock import CHINA
from liangming.docket.clocks import end_of
from liangming.governance import Kind, board
from liangming.rights import Asking, ask, carry_out
from liangming.rights.commands import acknowledge, acknowledgement, waiting
from liangming.rights.handle import answer, appeal, correct, listed, prove, refuse
from liangming.rights.holds import HOLD, held_among, hold
from liangming.rights.retain import retain
from liangming.rights.states import Answered, Open, Unproven
from liangming.rights.words import HoldReason, No, Requester, Result, Right

START = date(2026, 1, 1)


@dataclass
class Person:
    """Somebody who was checked; what the year remembers of them to look at them later."""

    number: str
    check: str
    index: bytes
    gone: bool = False


@dataclass
class Year:
    """The year, day by day.

    Attributes:
        rest: days after it in which nobody new comes.
        late_wanted: requests that staff leave until after their day, on purpose.
        seen_late: requests that the board showed as late.
    """

    desk: Desk
    people_a_day: int
    days: int
    seed: int = 20261127
    rest: int = 100
    tally: Counter[str] = field(default_factory=Counter)
    people: list[Person] = field(default_factory=list)
    late_wanted: set[str] = field(default_factory=set)
    seen_late: set[str] = field(default_factory=set)
    plan: dict[str, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  (a repeatable year)
        self.numbers = iter(numbers(self.people_a_day * self.days + 1))

    async def run(self) -> Counter[str]:
        """Live it."""
        for n in range(self.days):
            day = START + timedelta(days=n)
            self.set(day, 10)
            await self.morning()
            self.set(day, 15)
            await self.afternoon(day)
            await self.midnight(day)
        await self.aftermath(START + timedelta(days=self.days))
        return self.tally

    def set(self, day: date, hour: int) -> None:
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
        self.desk.house.clock.set(moment)

    @property
    def at(self) -> datetime:
        return self.desk.house.clock.now()

    async def morning(self) -> None:
        """People are checked; some come back; some ask."""
        for _ in range(self.people_a_day):
            number = next(self.numbers)
            check, index = await self.desk.passed(number)
            self.people.append(Person(number, check, index))
            self.tally["checked"] += 1
        here = [person for person in self.people if not person.gone]
        for person in self.dice.sample(here, min(2, len(here))):
            if await self.present(person) and self.dice.random() < 0.2:
                person.check, _ = await self.desk.passed(person.number)
                self.tally["came back"] += 1
        for person in self.dice.sample(here, min(self.people_a_day // 2 + 1, len(here))):
            await self.asks(person)

    async def asks(self, person: Person) -> None:
        """One request of one person."""
        right = self.dice.choice(list(Right))
        if right is Right.WITHDRAW:
            check = await self.desk.by_face()
            await ask(self.desk.desk, Asking(check=check, right=right))
            self.tally["withdrawn"] += 1
            return
        others = (Right.SEE, Right.COPY)
        requester = Requester.SELF
        if right in others and self.dice.random() < 0.5:
            requester = self.dice.choice([Requester.GUARDIAN, Requester.AUTHORISED])
        there = await self.present(person)
        done = await self.desk.ask(
            person.check, right, person.number, requester=requester, words="请处理"
        )
        self.tally[f"asked {right.value}"] += 1
        state = done.state
        if isinstance(state, Answered) and state.result is Result.ERASED:
            assert there
            person.gone = True
            self.tally["erased"] += 1
        if isinstance(state, (Open, Unproven)):
            self.schedule(state.about.id, state.due.day)

    def schedule(self, request: str, last: date) -> None:
        """When staff will do it: in time, or for one in twelve a day too late."""
        if request in self.plan:
            return
        today = self.at.astimezone(CHINA).date()
        if self.dice.random() < 1 / 12:
            self.plan[request] = last + timedelta(days=1)
            self.late_wanted.add(request)
        else:
            self.plan[request] = today + timedelta(days=self.dice.randint(0, (last - today).days))

    async def afternoon(self, day: date) -> None:
        """Staff answer what is planned for today; devices and lawyers do their part."""
        desk = self.desk.desk
        for _, state in await listed(desk, 10_000):
            if self.plan[state.about.id] > day:
                continue
            await self.handles(state.about.id, state)
        for command in await waiting(desk, "dev-1"):
            if self.dice.random() < 0.7:
                said = acknowledgement(command.id, "dev-1")
                signature = self.desk.house.device_key.sign(said).hex()
                took = (await acknowledge(desk, command.id, signature)).milliseconds
                assert took is not None
                self.tally["acknowledged"] += 1
        here = [person for person in self.people if not person.gone]
        person = self.dice.choice(here)
        if self.dice.random() < 0.1 and await self.present(person):
            days = self.dice.randint(5, 60)
            await hold(
                desk,
                person.check,
                reason=HoldReason.INVESTIGATION,
                article="courier.46",
                until=self.at + timedelta(days=days),
                actor="legal",
            )
            self.tally["held"] += 1

    async def handles(self, request: str, state: Open | Unproven) -> None:
        """One request is brought to an end."""
        desk = self.desk.desk
        right = state.about.right
        if isinstance(state, Unproven):
            if self.dice.random() < 0.5:
                await refuse(desk, request, No.NO_AUTHORITY, "rights-desk")
                self.tally["refused"] += 1
                return
            await prove(desk, request, "rights-desk")
            await carry_out(desk, request, "rights-desk")
        elif right is Right.CORRECT:
            await correct(desk, request, "name", "演示乙", "rights-desk")
        else:
            result = self.dice.choice([Result.UPHELD, Result.NOT_UPHELD])
            await answer(desk, request, result, state.owner)
            if result is Result.NOT_UPHELD and state.round == 1 and self.dice.random() < 0.5:
                again = await appeal(desk, state.about.check, request)
                self.plan[request] = again.due.day
                self.tally["reviewed"] += 1
                return
        self.tally["handled"] += 1

    async def midnight(self, day: date) -> None:
        """The day ends: the job runs, and everything that must hold is looked at."""
        self.desk.house.clock.set(end_of(day))
        desk = self.desk.desk
        self.tally["erased on their day"] += await retain(desk)
        await self.nothing_outlives_its_day()
        for duty in await board(desk):
            late = duty.is_late(self.at)
            assert late == (self.at >= duty.due and not duty.at_once)
            if duty.kind is Kind.REQUEST and late:
                assert self.plan[duty.id] > day, "late although it was planned for today"
                self.seen_late.add(duty.id)

    async def nothing_outlives_its_day(self) -> None:
        store = self.desk.house.premises.store
        due = await store.due_for_erasure(self.at, 10_000)
        held = await held_among(self.desk.desk, [row.person for row in due])
        assert [row for row in due if row.person not in held] == []
        assert await self.desk.desk.docket.over(self.at, 10) == []
        assert await self.desk.desk.docket.due(HOLD, self.at, 10) == []

    async def present(self, person: Person) -> bool:
        return bool(await self.desk.house.premises.store.persons([person.index]))

    async def aftermath(self, day: date) -> None:
        """No new request comes: after the rest all is answered, and what was erased is gone."""
        for n in range(self.rest):
            self.set(day + timedelta(days=n), 15)
            await self.afternoon_of_the_rest(day + timedelta(days=n))
            await self.midnight(day + timedelta(days=n))
        assert await listed(self.desk.desk, 10_000) == []
        assert self.seen_late == self.late_wanted
        for request in self.plan:
            row = await self.desk.desk.docket.get(request)
            assert row is None or row.state in {"answered", "refused", "taken-back"}
        erased = [person for person in self.people if person.gone]
        rows = await self.desk.house.premises.store.persons([p.index for p in erased])
        assert rows == {}

    async def afternoon_of_the_rest(self, day: date) -> None:
        for _, state in await listed(self.desk.desk, 10_000):
            if self.plan[state.about.id] <= day:
                await self.handles(state.about.id, state)
