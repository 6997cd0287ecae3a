"""Thresholds by number of people (人数门槛): small processor, officer, audits, and what is not known.

The only number that this system knows is how many people are registered in it, all operators of the
installation together. What an operator processes elsewhere is unknown here, so a threshold is said
to be *reached*, or *not reached in this system*; never *not reached*.

From the moment a threshold is first seen to be reached its clock runs: that moment is a record, made
once by the service. That an officer was named and reported is recorded by hand, with a reference.

Law: small.scope, auditing.4, auditing.12, auditing.filing; gbt35273.11.1 (standard)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.clock import china_date, from_micros, micros
from liangming.docket import Record, deadline, leaf_keys
from liangming.errors import Kind as FaultKind
from liangming.errors import Misuse, declare
from liangming.governance.duty import Duty, Kind
from liangming.governance.sending import SENT_FACTS, Sent, must_fit
from liangming.law.values import (
    audit_persons,
    officer_filing_working_days,
    officer_persons,
    small_processor_persons,
)
from liangming.ledger import Event, declare_event
from liangming.rights import RightsDesk
from liangming.rights.moves import must_be_role
from liangming.rules import Dated
from liangming.scene.model import Text

KIND: Final = "threshold"
THRESHOLD_ID: Final = "thr"
REACHED: Final = declare_event(
    "governance:threshold:reached",
    facts=("threshold", "persons", "due"),
    zh="人数达到了一个门槛，期限从此起算。",
    en="A threshold by number of people was reached; its clock runs from here.",
)
ANSWERED: Final = declare_event(
    "governance:threshold:answered",
    facts=("threshold", "actor", *SENT_FACTS, "late"),
    zh="门槛要求的事办了。",
    en="What a threshold asks for was done.",
)
NOT_REACHED: Final = declare(
    "governance.threshold-not-reached",
    FaultKind.ABSENT,
    zh="没有等待办理的这个门槛。",
    en="No such threshold waits.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One threshold.

    Attributes:
        persons: how many, dated.
        asks: what is to be done once it is reached; None where only forms change.
    """

    id: str
    persons: Dated
    means: Text
    asks: Text | None = None
    above: bool = False  # more than, not from


THRESHOLDS: Final = {
    each.id: each
    for each in (
        Threshold(
            id="small",
            persons=small_processor_persons,
            means=Text(
                "达到后不再是小型处理者：答完整的自查清单",
                "From here on not a small processor: the full list",
            ),
        ),
        Threshold(
            id="officer",
            persons=officer_persons,
            means=Text(
                "须指定个人信息保护负责人，并报送信息", "An officer must be named and reported"
            ),
            asks=Text("指定并报送个人信息保护负责人", "Name and report the officer"),
        ),
        Threshold(
            id="audit",
            persons=audit_persons,
            means=Text("至少每两年审计一次", "An audit every second year at least"),
            above=True,
        ),
    )
}
"""By id, the smallest first."""


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold as it was first seen to be reached."""

    threshold: str
    persons: int
    at: datetime
    due: datetime
    by: str = ""
    reference: str = ""
    done_at: datetime | None = None
    sent: Sent | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a threshold stands in this system."""

    threshold: str
    limit: int
    article: str
    reached: bool
    crossing: Crossing | None


async def look(desk: RightsDesk) -> tuple[int, list[Standing]]:
    """How many are registered here, and where each threshold stands."""
    persons = (await desk.premises.store.counts())["persons"]
    on = china_date(desk.premises.clock.now())
    found = []
    for each in THRESHOLDS.values():
        if on < each.persons.values[0].day:
            continue  # nothing set this number on that day
        since = each.persons.since(on)
        rows = await desk.docket.about(KIND, each.id)
        found.append(
            Standing(
                threshold=each.id,
                limit=since.value,
                article=since.article,
                reached=persons > since.value if each.above else persons >= since.value,
                crossing=msgspec.json.decode(rows[-1].body, type=Crossing) if rows else None,
            )
        )
    return persons, found


async def note(desk: RightsDesk) -> list[str]:
    """Record each threshold that asks for something and is reached for the first time."""
    persons, standing = await look(desk)
    noted = []
    for each in standing:
        if not each.reached or each.crossing is not None:
            continue
        if THRESHOLDS[each.threshold].asks is None:
            continue
        at = desk.premises.clock.now()
        made = Crossing(
            threshold=each.threshold,
            persons=persons,
            at=at,
            due=deadline(officer_filing_working_days, at).at,
        )
        name = ids.new(THRESHOLD_ID, at)
        key = leaf_keys.lasting(desk.premises, name)
        row = Record(
            id=name, kind=KIND, operator="", about=each.threshold, state="open", version=1,
            opened_at=micros(at), changed_at=micros(at), due_at=micros(made.due), keep_until=None,
            leaf_key=key.kept, body=msgspec.json.encode(made),
        )  # fmt: skip
        facts: dict[str, str | int] = {
            "threshold": each.threshold,
            "persons": persons,
            "due": micros(made.due),
        }
        event = Event(REACHED.tag, micros(at), name, facts)
        await desk.docket.commit([row], [leaf_of(event, key.key, 0)])
        noted.append(each.threshold)
    return noted


async def answer(desk: RightsDesk, threshold: str, *, by: str, sent: Sent) -> Crossing:
    """What it asks for was done and reported, as the papers of that reference show.

    Raises:
        Misuse: ``governance.threshold-not-reached``, ``governance.sent-unfit``.
    """
    rows = [row for row in await desk.docket.about(KIND, threshold) if row.state == "open"]
    if not rows:
        raise Misuse(NOT_REACHED)
    row, at = rows[-1], desk.premises.clock.now()
    before = msgspec.json.decode(row.body, type=Crossing)
    must_fit(sent, since=before.at, now=at)
    after = msgspec.structs.replace(
        before, by=must_be_role(by), reference=sent.reference, done_at=at, sent=sent
    )
    key = await leaf_keys.again(desk.premises, row)
    changed = msgspec.structs.replace(
        row, state="answered", version=row.version + 1, changed_at=micros(at), due_at=None,
        leaf_key=key.kept, body=msgspec.json.encode(after),
    )  # fmt: skip
    facts: dict[str, str | int] = {
        "threshold": threshold,
        "actor": by,
        **sent.facts,
        "late": sent.at >= before.due,
    }
    event = Event(ANSWERED.tag, micros(at), row.id, facts)
    await desk.docket.commit([changed], [leaf_of(event, key.key, row.version)])
    return after


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """What a reached threshold asks for, until it is recorded as done."""
    made = []
    for row in await desk.docket.open(KIND, 100):
        threshold = THRESHOLDS[row.about]
        if threshold.asks is None:
            continue
        since = threshold.persons.since(china_date(from_micros(row.opened_at)))
        made.append(
            Duty(
                id=f"threshold/{row.about}",
                kind=Kind.THRESHOLD,
                title=threshold.asks,
                owner="privacy-officer",
                due=from_micros(row.due_at or row.opened_at),
                article=since.article,
                late=Text(
                    "人数已经达到，逾期没有报送", "The number is reached, and nothing was reported"
                ),
                do="/desk/thresholds",
            )
        )
    return made
