"""What keeps a registration against its day or a wish: holds by law, and restriction.

A *hold* (保全) names its reason, an article and an end; while one stands the registration is
stored only, and neither the retention job nor a wish erases it. A *restriction* (限制) is the
person's own. Both leave only statutory ends and the person's own requests.

Law: pipl.44, pipl.47
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow, PersonRow
from liangming.clock import from_micros, micros
from liangming.docket import Record, leaf_keys
from liangming.docket.leaf_keys import LeafKey
from liangming.errors import Misuse, Refusal
from liangming.ledger import Event
from liangming.rights import events, faults
from liangming.rights.desk import RightsDesk
from liangming.rights.moves import must_be_role
from liangming.rights.possession import registered
from liangming.rights.words import HoldReason
from liangming.rules import Grade
from liangming.vault import Purpose

HOLD: Final = "hold"
RESTRICTION: Final = "restriction"
INCIDENT_NOTICE: Final = "incident-notice"  # put there by governance.incident
STANDING: Final = "standing"
LIFTED: Final = "lifted"
HOLD_ID: Final = "hld"
RESTRICTION_ID: Final = "rst"

_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)  # a leaf's numbers end in 2255
OPEN_TO: Final = frozenset(
    {Purpose.INSPECTION, Purpose.STATUTORY_REPORT, Purpose.RIGHTS_REQUEST, Purpose.DRILL}
)
"""For these a restricted or held registration still opens."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Why a registration is kept, by which article, until when."""

    reason: HoldReason
    article: str
    until: datetime
    check: str


async def hold(
    desk: RightsDesk,
    check: str,
    *,
    reason: HoldReason,
    article: str,
    until: datetime,
    actor: str,
) -> str:
    """Hold the registration behind a check; returns the hold's id.

    Raises:
        Misuse: ``rights.hold-unfit``: nothing is registered, the end is past, or the article is
            unknown or unverified; ``check.unknown``.

    Law: pipl.47
    """
    at = desk.premises.clock.now()
    person = await registered(desk, check)
    cited = desk.premises.corpus.articles.get(article)
    unfit = cited is None or cited.grade is Grade.C or not at < until <= _LATEST
    if person is None or unfit:
        raise Misuse(faults.HOLD_UNFIT)
    what = Hold(reason=reason, article=article, until=until, check=check)
    body = msgspec.json.encode(what)
    row, key = _record(desk, (HOLD, HOLD_ID), person, body, at, due=micros(until))
    left = _leaf(
        row,
        key,
        events.HELD.tag,
        at,
        0,
        reason=reason.value,
        article=article,
        until=micros(until),
        actor=must_be_role(actor),
    )
    await desk.docket.commit([row], [left])
    return row.id


async def lift(desk: RightsDesk, hold_id: str, actor: str) -> None:
    """End a hold before its day. From then on the retention job sees the registration again.

    Raises:
        Misuse: ``rights.hold-unknown``.
    """
    row = await desk.docket.get(hold_id) if ids.is_id(HOLD_ID, hold_id) else None
    if row is None or row.kind != HOLD or row.due_at is None:
        raise Misuse(faults.HOLD_UNKNOWN)
    await _end(desk, row, must_be_role(actor))


async def end_due(desk: RightsDesk, at: datetime, limit: int = 100) -> int:
    """End the holds whose day has come; returns how many."""
    rows = await desk.docket.due(HOLD, at, limit)
    for row in rows:
        await _end(desk, row, "retention")
    return len(rows)


async def holding(desk: RightsDesk, person: bytes, at: datetime) -> Hold | None:
    """The hold of this person that lasts longest, if one stands."""
    standing = [
        msgspec.json.decode(row.body, type=Hold)
        for row in await desk.docket.about(HOLD, person.hex())
        if row.due_at is not None and from_micros(row.due_at) > at
    ]
    return max(standing, key=lambda each: each.until, default=None)


async def held_among(desk: RightsDesk, persons: Sequence[bytes]) -> Collection[bytes]:
    """Those of these persons for whom a hold stands."""
    at = desk.premises.clock.now()
    return {person for person in persons if await holding(desk, person, at) is not None}


async def restrict(desk: RightsDesk, person: PersonRow, why: str) -> None:
    """From here on this registration is stored only. Twice is no harm.

    Law: pipl.44, pipl.47
    """
    if await desk.docket.about(RESTRICTION, person.person.hex()):
        return
    at = desk.premises.clock.now()
    row, key = _record(desk, (RESTRICTION, RESTRICTION_ID), person, b"{}", at, due=None)
    left = _leaf(row, key, events.RESTRICTED.tag, at, 0, why=why, link=row.id)
    await desk.docket.commit([row], [left])


async def must_be_open_to(desk: RightsDesk, check: str, purpose: Purpose) -> None:
    """Hold back an opening that a restriction or hold forbids.

    Raises:
        Refusal: ``rights.restricted``.
    """
    person = await registered(desk, check)
    if person is None or purpose in OPEN_TO:
        return
    stored_only = await desk.docket.about(RESTRICTION, person.person.hex())
    if stored_only or await holding(desk, person.person, desk.premises.clock.now()) is not None:
        raise Refusal(faults.RESTRICTED, citations=("pipl.44", "pipl.47"))


async def ties(desk: RightsDesk, person: bytes) -> list[str]:
    """Ids of the records that name this person's index: they go when the person goes."""
    return [
        row.id
        for kind in (HOLD, RESTRICTION, INCIDENT_NOTICE)
        for row in await desk.docket.about(kind, person.hex())
    ]


def _record(
    desk: RightsDesk,
    what: tuple[str, str],
    person: PersonRow,
    body: bytes,
    at: datetime,
    *,
    due: int | None,
) -> tuple[Record, LeafKey]:
    kind, prefix = what
    name = ids.new(prefix, at)
    key = leaf_keys.of_person(desk.premises, name, person)
    made = Record(
        id=name,
        kind=kind,
        operator=person.operator,
        about=person.person.hex(),
        state=STANDING,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=due,
        keep_until=None,
        leaf_key=key.kept,
        body=body,
    )
    return made, key


async def _end(desk: RightsDesk, row: Record, actor: str) -> None:
    at = desk.premises.clock.now()
    key = await leaf_keys.again(desk.premises, row)
    ended = msgspec.structs.replace(
        row,
        state=LIFTED,
        version=row.version + 1,
        changed_at=micros(at),
        due_at=None,
        about="",  # who was held is nobody's business any more,
        leaf_key=b"",  # and the key of its leaves goes with the name it stood under
        keep_until=micros(at),
    )
    await desk.docket.commit([ended], [_leaf(row, key, events.LIFTED.tag, at, 1, actor=actor)])


def _leaf(
    row: Record, key: LeafKey, tag: str, at: datetime, number: int, **facts: str | int
) -> LeafRow:
    return leaf_of(Event(tag, micros(at), row.id, facts), key.key, number)
