"""The year of ``tests/rights/year.py`` with what the operator must do unasked, day by day.

Faces are assessed, withdrawn and assessed again; accounts read what they should not, and each incident
is counted against what was planted; devices store more and more faces; a provider's contract ends; a
drill is held. Each midnight everything that must hold is looked at from the outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec
from tests.governance.devices import Locker
from tests.governance.officers import FIRST, SECOND, approved, ended, scoped, went
from tests.governance.test_parties import TERMS
from tests.rights.year import START, Person, Year

from liangming.check import Opening, open_check
from liangming.check.disclose import disclose
from liangming.clock import china_date
from liangming.docket.calendar import is_working_day
from liangming.governance import Kind, board, faces, parties
from liangming.governance.assessment import withdraw
from liangming.governance.duty import Duty
from liangming.governance.faces import Stage
from liangming.governance.incident import levels, steps, telling
from liangming.governance.incident.states import Incident, read
from liangming.law.values import face_filing_persons
from liangming.law.words import Method
from liangming.rights.holds import INCIDENT_NOTICE
from liangming.rights.words import Right
from liangming.vault import Purpose

THRESHOLD = face_filing_persons.values[-1].value


@dataclass
class DutyYear(Year):
    """The year, with duties.

    Attributes:
        full_at: the part of the year after which the devices store 100,000 faces.
        every: days from one assessment or incident to the next.
        face_open: whether a face must be offered now.
        read: whom an account read, by account.
        contract_until: the last day of the provider's contract.
    """

    every: int = 12
    full_at: float = 2 / 3
    face_open: bool = True
    assessed: str = ""
    read: dict[str, set[bytes]] = field(default_factory=dict)
    open_incidents: dict[str, int] = field(default_factory=dict)
    contract_until: date = date.min
    locker: Locker | None = None
    reached: date | None = None

    async def morning(self) -> None:
        """The first day makes the contract and the device; then people come."""
        if self.locker is None:
            self.locker = await Locker(self.desk).enrolled()
            await self.contract()
        await super().morning()
        number = (china_date(self.at) - START).days
        await self.locker.says(THRESHOLD * (number + 1) // max(1, int(self.days * self.full_at)))
        if number % self.every == self.every // 3:
            await self.assess()
        if number % self.every == self.every // 2:
            await self.somebody_reads(f"reader-{number}")

    async def asks(self, person: Person) -> None:
        """No face, no consent to withdraw."""
        if self.face_open:
            await super().asks(person)
            return
        self.dice.choice(list(Right))
        self.tally["no face to withdraw"] += 1

    async def contract(self) -> None:
        desk = self.desk.desk
        today = china_date(self.at)
        self.contract_until = today + timedelta(days=self.days // 2)
        terms = msgspec.structs.replace(TERMS, since=today, until=self.contract_until)
        party = await parties.propose(desk, "demo", terms, FIRST)
        await parties.agree(desk, party.id, SECOND)
        desk.premises.sources.entrusted["credential"] = TERMS.code

    async def assess(self) -> None:
        """Approve one, or withdraw the one that stands."""
        if self.assessed and self.face_open and self.dice.random() < 0.5:
            await withdraw(self.desk.desk, self.assessed, SECOND)
            self.face_open = False
            self.tally["assessments withdrawn"] += 1
            return
        self.assessed = (await approved(self.desk.desk)).about.id
        self.face_open = True
        self.tally["assessments approved"] += 1

    async def somebody_reads(self, actor: str) -> None:
        """An account reads some people's fields; the incident must find exactly these."""
        here = [p for p in self.people if not p.gone and await self.present(p)]
        some = self.dice.sample(here, min(len(here), self.dice.randint(1, 6)))
        for person in some:
            await disclose(
                self.desk.house.premises,
                person.check,
                purpose=Purpose.DISPUTE,
                case="CASE-1",
                actor=actor,
            )
        self.read[actor] = {person.index for person in some}
        drill = self.dice.random() < 0.3
        incident = await scoped(self.desk.desk, drill=drill, actor=actor)
        assert incident.scope is not None
        assert incident.scope.persons == len(self.read[actor])
        assert set(await telling.persons(self.desk.desk, incident)) == self.read[actor]
        if not drill and self.dice.random() < 0.4:
            said = await self.serious(incident)
            assert said.shut == (("demo.face",) if self.face_open else ())
            self.face_open, self.assessed = False, ""
            self.tally["faces shut by an incident"] += 1
        self.open_incidents[incident.id] = self.dice.randint(0, 5)
        self.tally["drills" if drill else "incidents"] += 1

    async def serious(self, incident: Incident) -> Incident:
        said = steps.Description(
            certainty=incident.certainty,
            causes=incident.causes,
            harms=incident.harms,
            remedies=incident.remedies,
            advice=incident.advice,
            serious=True,
            other_trigger=self.is_larger(),
        )
        return await steps.describe(self.desk.desk, incident.id, said, FIRST)

    def is_larger(self) -> bool:
        """Whether a serious incident reaches a level at which hours run."""
        return False

    async def handled(self, incident: Incident, day: date) -> None:
        """An incident's handling has just ended."""

    def look(self, duties: list[Duty]) -> None:
        """What the board shows at midnight."""

    async def afternoon(self, day: date) -> None:
        """Incidents are brought to their end; the filing is made near its last day."""
        await super().afternoon(day)
        await self.work_off(day)

    async def afternoon_of_the_rest(self, day: date) -> None:
        await super().afternoon_of_the_rest(day)
        await self.work_off(day)

    async def work_off(self, day: date) -> None:
        for incident, left in list(self.open_incidents.items()):
            if left:
                self.open_incidents[incident] = left - 1
                continue
            del self.open_incidents[incident]
            row = await self.desk.desk.docket.get(incident)
            assert row is not None
            before = read(row)
            assert before.scope is not None
            whom = list(self.read[before.scope.asked.actor])
            there = await self.desk.house.premises.store.persons(whom)
            done = await ended(self.desk.desk, incident)
            assert (levels.summary_by(done) is None) is not done.other_trigger
            assert done.people is not None
            assert done.people.persons == (0 if done.drill else len(there))
            self.tally["told of an incident"] += done.people.persons
            await self.handled(done, day)
        await faces.watch(self.desk.desk)
        if self.reached is not None:
            await self.files(day)
            return
        found = await faces.of(self.desk.desk, "demo")
        total = await faces.stored(self.desk.desk, "demo")
        assert (found is not None) is (total >= THRESHOLD)
        if found is None:
            return
        filing = found[1]
        self.reached = day
        assert (filing.stage, china_date(filing.since)) == (Stage.DUE, day)

    async def files(self, day: date) -> None:
        """The first filing, on its last day."""
        found = await faces.of(self.desk.desk, "demo")
        assert found is not None
        assert self.reached is not None
        filing = found[1]
        if filing.stage is not Stage.DUE:
            return
        working = sum(
            is_working_day(self.reached + timedelta(days=n + 1))
            for n in range((filing.until.day - self.reached).days)
        )
        assert working == 30
        if day == filing.until.day:
            await faces.file(self.desk.desk, "demo", went(self.desk.desk, "BA-1"), FIRST)
            self.tally["filed on the last day"] += 1

    async def midnight(self, day: date) -> None:
        """The gates, the clocks and what people were told."""
        await super().midnight(day)
        here = "demo.face" in self.desk.house.premises.scenes
        if here:
            state = await open_check(self.desk.house.premises, Opening(scene="demo.face"))
            offered = {offer.method for offer in state.about.offers}
            assert (Method.FACE in offered) is self.face_open
        counter = await open_check(self.desk.house.premises, Opening(scene="demo.counter"))
        ways = {offer.method for offer in counter.about.offers}
        under_contract = china_date(self.at) <= self.contract_until
        assert (Method.NETWORK_CREDENTIAL in ways) is under_contract
        duties = await board(self.desk.desk)
        self.look(duties)
        shut = [d for d in duties if d.kind is Kind.ASSESSMENT and d.at_once]
        assert bool(shut) is (here and not self.face_open)
        await self.notices_only_for_who_is_there()

    async def notices_only_for_who_is_there(self) -> None:
        after = ""
        while rows := await self.desk.desk.docket.walk(INCIDENT_NOTICE, after, 500):
            persons = [bytes.fromhex(row.about) for row in rows]
            here = await self.desk.house.premises.store.persons(persons)
            assert set(persons) <= set(here)
            after = rows[-1].id
