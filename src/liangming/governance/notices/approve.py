"""Draft, approve, decline: each once, durable with its leaf before it counts.

1 the family is one that the operator's scenes use · 2 the wording says everything (``notice.fit``)
3 the day has not begun, and is after the last approved one · 4 what it changes is said
5 a second person, with another key

Two approvals at the same moment: the record's version lets one land.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import china_date, micros
from liangming.docket import Record, Records, leaf_keys
from liangming.errors import Misuse
from liangming.governance.notices import events, faults
from liangming.governance.notices.states import (
    Approved,
    Declined,
    Draft,
    State,
    begins,
    decode,
    encode,
    tag,
)
from liangming.ledger import Event, EventKind
from liangming.notice import FACE, Change, Wording, families
from liangming.notice.fit import must_fit
from liangming.rights import RightsDesk
from liangming.rights.moves import must_be_role

KIND: Final = "notice"
NOTICE_ID: Final = "ntc"
OWN: Final = 1000  # an operator's own versions are numbered above the release's
PAGE: Final = 500


async def draft(
    desk: RightsDesk,
    *,
    operator: str,
    family: str,
    zh: Mapping[str, str],
    en: Mapping[str, str],
    change: Change,
    since: date,
    by: str,
    key: str = "",
) -> Draft:
    """Draft a wording of the operator's own.

    Raises:
        Misuse: ``governance.notice-family``, ``governance.notice-too-soon``,
            ``governance.notice-change``, ``governance.notice-same``, or a code of ``notice.fit``.
    """
    must_fit(zh, en)  # 2
    known = await listed(desk, operator, family)
    number = OWN + sum(not each.released for each in known) + 1
    ordered = families()[family].zh if family in families() else zh
    wording = Wording(
        family, number, {kind: zh[kind] for kind in ordered}, {kind: en[kind] for kind in ordered}
    )
    return await _drafted(
        desk, known, operator, wording, change=change, since=since, by=by, key=key, released=False
    )


async def draft_release(
    desk: RightsDesk,
    *,
    operator: str,
    family: str,
    change: Change,
    since: date,
    by: str,
    key: str = "",
) -> Draft:
    """Put the release's own newest wording forward.

    Raises:
        Misuse: as :func:`draft`.
    """
    wording = families().get(family)
    if wording is None:
        raise Misuse(faults.FAMILY_UNKNOWN, field="family")
    known = await listed(desk, operator, family)
    return await _drafted(
        desk, known, operator, wording, change=change, since=since, by=by, key=key, released=True
    )


async def approve(desk: RightsDesk, number: str, *, by: str, key: str = "") -> Approved:
    """The second person's approval; from its day on the wording is in force.

    Raises:
        Misuse: ``governance.notice-unknown``, ``governance.notice-decided``,
            ``governance.notice-same-hands``, ``governance.notice-too-soon``.
    """
    row, state = await _waiting(desk, number)
    if must_be_role(by) == state.by or (key and key == state.key):  # 5
        raise Misuse(faults.SAME_HANDS)
    at = desk.premises.clock.now()
    _must_be_ahead(await listed(desk, state.operator, state.wording.family), state.since, at)  # 3
    after = Approved(
        **{name: getattr(state, name) for name in Draft.__struct_fields__},
        approved_by=by,
        approved_at=at,
        approved_key=key,
    )
    await _commit(desk, row, after, events.APPROVED, at, actor=by, drafted_by=state.by)
    await shelve(desk.premises, desk.docket)
    return after


async def decline(desk: RightsDesk, number: str, *, by: str) -> Declined:
    """It does not take effect; who drafted it may take it back the same way.

    Raises:
        Misuse: ``governance.notice-unknown``, ``governance.notice-decided``.
    """
    row, state = await _waiting(desk, number)
    at = desk.premises.clock.now()
    after = Declined(
        **{name: getattr(state, name) for name in Draft.__struct_fields__},
        declined_by=must_be_role(by),
        declined_at=at,
    )
    await _commit(desk, row, after, events.DECLINED, at, actor=by)
    return after


async def listed(desk: RightsDesk, operator: str = "", family: str = "") -> list[State]:
    """Every version, the oldest first; of one operator and family where they are named."""
    return [
        state
        for state in await _all(desk.docket)
        if operator in {"", state.operator} and family in {"", state.wording.family}
    ]


async def shelve(premises: Premises, docket: Records) -> None:
    """Put what is approved on the shelf; at the start, after an approval, and now and then."""
    premises.shelf.put(state.edition for state in await _all(docket) if isinstance(state, Approved))


def used(premises: Premises, operator: str = "") -> list[tuple[str, str]]:
    """Operators and the families of notices that their scenes use, sorted."""
    found = set()
    for scene in premises.scenes.values():
        if operator in {"", scene.operator.id}:
            found.add((scene.operator.id, scene.notice))
            if any(method.is_face for method in scene.methods):
                found.add((scene.operator.id, FACE))
    return sorted(found)


async def _all(docket: Records) -> list[State]:
    found: list[State] = []
    after = ""
    while rows := await docket.walk(KIND, after, PAGE):
        found += [decode(row.body) for row in rows]
        after = rows[-1].id
    return found


async def _waiting(desk: RightsDesk, number: str) -> tuple[Record, Draft]:
    row = await desk.docket.get(number) if ids.is_id(NOTICE_ID, number) else None
    if row is None or row.kind != KIND:
        raise Misuse(faults.UNKNOWN)
    state = decode(row.body)
    if not isinstance(state, Draft):
        raise Misuse(faults.DECIDED)
    return row, state


async def _drafted(
    desk: RightsDesk,
    known: Sequence[State],
    operator: str,
    wording: Wording,
    *,
    change: Change,
    since: date,
    by: str,
    key: str,
    released: bool,
) -> Draft:
    if (operator, wording.family) not in used(desk.premises, operator):  # 1
        raise Misuse(faults.FAMILY_UNKNOWN, field="family")
    at = desk.premises.clock.now()
    _must_be_ahead(known, since, at)  # 3
    approved = any(isinstance(each, Approved) for each in known)
    if (change is Change.FIRST) is approved:  # 4
        raise Misuse(faults.CHANGE_UNFIT, field="change")
    texts = (wording.zh, wording.en)
    for each in known:
        if not isinstance(each, Declined) and (each.wording.zh, each.wording.en) == texts:
            raise Misuse(faults.SAME_TEXT)
    state = Draft(
        id=ids.new(NOTICE_ID, at),
        operator=operator,
        wording=wording,
        released=released,
        change=change,
        since=since,
        by=must_be_role(by),
        at=at,
        key=key,
    )
    row = Record(
        id=state.id,
        kind=KIND,
        operator=operator,
        about=wording.family,
        state="",
        version=0,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,  # what people were told is kept as long as the house
        leaf_key=b"",
        body=b"",
    )
    await _commit(desk, row, state, events.DRAFTED, at, actor=by)
    return state


def _must_be_ahead(known: Sequence[State], since: date, at: datetime) -> None:
    """A day that has not begun, and later than every approved one."""
    last = max((e.since for e in known if isinstance(e, Approved)), default=date.min)
    if since <= max(china_date(at), last):
        raise Misuse(faults.TOO_SOON, field="since")


async def _commit(
    desk: RightsDesk, row: Record, state: State, kind: EventKind, at: datetime, **facts: Any
) -> None:
    premises = desk.premises
    new = row.version == 0
    key = leaf_keys.lasting(premises, row.id) if new else await leaf_keys.again(premises, row)
    told = {
        "operator": state.operator,
        "family": state.wording.family,
        "version": state.wording.version,
        "digest": state.digest,
        "change": state.change.value,
        "since": micros(begins(state.since)),
        **facts,
    }
    changed = msgspec.structs.replace(
        row,
        state=tag(state),
        version=row.version + 1,
        changed_at=micros(at),
        due_at=micros(begins(state.since)) if isinstance(state, Draft) else None,
        leaf_key=key.kept,
        body=encode(state),
    )
    leaf = leaf_of(Event(kind.tag, micros(at), state.id, told), key.key, row.version)
    await desk.docket.commit([changed], [leaf])
