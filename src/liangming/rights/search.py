"""Look one person's record up: for a purpose, under a case reference, each look with a leaf first.

1 purpose, case and actor must fit                      nothing was looked for
2 find the check, or the person by their document       nothing was opened
3 the search is durable, found or not                   so that fishing is seen as well
4 where the house wants it, a second person's approval is used up; without one nothing is opened
5 the record is opened under a check of the person      :func:`liangming.check.disclose`, with its leaf
6 handed out masked; whole only when asked for by a look of its own

What was typed lives for the call: it is in no record, leaf, address or error. Whether somebody is
registered is told only to an actor of the operator that registered them. The person sees on their own
page when, why and which fields were looked at; not by whom.

Law: pipl.6, pipl.51; netdata.24
"""

from __future__ import annotations

import enum
import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check import events as checks
from liangming.check.desk import leaf_of
from liangming.check.disclose import disclose
from liangming.check.ports import CheckRow
from liangming.check.receipt import check_of, typed
from liangming.clock import from_micros, micros
from liangming.docket import Record, leaf_keys
from liangming.errors import Kind, LiangmingError, Misuse, declare
from liangming.label.names import mask_name
from liangming.ledger import Event, declare_event
from liangming.rights import looks as approvals
from liangming.rights.desk import PERSON, RightsDesk
from liangming.rights.possession import index_of
from liangming.vault import Purpose
from liangming.vault.purpose import state_reason
from liangming.vault.redaction import Redacted

CASE_UNFIT: Final = declare(
    "rights.case-unfit",
    Kind.INVALID,
    zh="请填写事由编号：3 到 40 个字母、数字、点、横线；不要写姓名或号码。",
    en="Please give a case reference: 3 to 40 letters, digits, dots or dashes; no name, no number of a person.",
)
SEARCH_UNFIT: Final = declare(
    "rights.search-unfit",
    Kind.INVALID,
    zh="请从列表里选择目的和查找方式，并填写要找的编号。",
    en="Please choose a purpose and a way to search from the lists, and enter what to search for.",
)
SEARCHED: Final = declare_event(
    "rights:register:searched",
    facts=("by", "purpose", "case", "actor", "found", "whole"),
    zh="为写明的目的查找了一个人的登记，无论是否找到。",
    en="One person's record was searched for a stated purpose, found or not.",
)
KIND: Final = "search"
PREFIX: Final = "sea"
KEPT: Final = timedelta(days=3 * 366)
PURPOSES: Final = tuple(purpose for purpose in Purpose if purpose is not Purpose.DRILL)
_CASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{2,39}")
_MOST: Final = 50
_STEP: Final = 200
_MASKED: Final = ("name", "number", "representative-number")


class By(enum.StrEnum):
    """What was typed."""

    CHECK = "check"  # 查验编号
    RECEIPT = "receipt"  # 回执编码
    DOCUMENT = "document"  # 证件号码


class Asked(Redacted, msgspec.Struct, frozen=True, kw_only=True):
    """A search.

    Attributes:
        by: what was typed.
        text: what was typed; never kept.
        document: kind of document, where its number was typed.
        purpose: from the closed list; ``case``: its reference.
        actor: account; ``operator``: whose records it may see.
        whole: hand the fields out unmasked.
    """

    by: By
    text: str
    document: str = ""
    purpose: Purpose
    case: str
    actor: str
    operator: str
    whole: bool = False


class Found(Redacted, msgspec.Struct, frozen=True, kw_only=True):
    """A record.

    Attributes:
        check: under which it was opened.
        fields: name to value, masked unless whole; empty when nothing is registered any more.
        keep_until: of the registration; None when there is none.
        checks: the person's latest, newest first.
        looks: how often staff have looked at the record, this one included.
        shut: a second person has to agree first (:mod:`liangming.rights.looks`); nothing was opened.
    """

    check: str
    fields: dict[str, str]
    keep_until: datetime | None
    checks: tuple[CheckRow, ...]
    looks: int
    shut: bool = False


class Look(msgspec.Struct, frozen=True):
    """One look at a person's record by staff."""

    at: datetime
    purpose: str
    fields: tuple[str, ...]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """One search, as kept: nothing of what was typed.

    Attributes:
        shut: it was found, and not opened for want of a second person's approval.
    """

    by: By
    purpose: Purpose
    case: str
    actor: str
    found: bool
    whole: bool
    at: int = 0
    shut: bool = False


async def search(desk: RightsDesk, asked: Asked) -> Found | None:
    """Look a record up; None when there is none of this operator.

    Raises:
        Misuse: ``rights.case-unfit``, ``rights.search-unfit``, ``vault.reason-personal``,
            ``method.too-many-tries``; ``check.moved-on`` when the check moved meanwhile.
        Outage: the store's; nothing was handed out.
    """
    _must_fit(asked)  # 1
    row = await _row(desk, asked)  # 2
    wanted = None if row is None else _wanted(desk, asked, row.id)
    barred = wanted is not None and not await approvals.ready(desk, wanted)
    await _note(desk, asked, row, shut=barred)  # 3
    if row is None:
        return None
    fields: dict[str, str] = {}
    keep_until = None
    people = {} if row.person is None else await desk.premises.store.persons([row.person])
    shut = False
    if row.person is not None and row.person in people:
        shut = barred or (wanted is not None and not await approvals.take(desk, wanted))  # 4
        if not shut:
            fields = await disclose(  # 5
                desk.premises, row.id, purpose=asked.purpose, case=asked.case, actor=asked.actor
            )
        keep_until = from_micros(people[row.person].keep_until)
    some = await _of_person(desk, row)
    return Found(
        check=row.id,
        fields=fields if asked.whole else {n: masked(n, v) for n, v in fields.items()},  # 6
        keep_until=keep_until,
        checks=tuple(some),
        looks=len(await looks(desk, row.id)),
        shut=shut,
    )


def _wanted(desk: RightsDesk, asked: Asked, check: str) -> approvals.Asked | None:
    """The look that somebody else must have agreed to; None where nobody need be asked."""
    if not approvals.needs(desk.approvals, asked.purpose, whole=asked.whole):
        return None
    return approvals.Asked(
        operator=asked.operator,
        check=check,
        purpose=asked.purpose,
        case=asked.case,
        reason="",
        whole=asked.whole,
        actor=asked.actor,
    )


async def looks(desk: RightsDesk, check: str) -> list[Look]:
    """When and why staff looked at the record of the person behind a check, newest first.

    What the person did themselves is no look of staff. After an erasure only those under this
    check are told: nothing leads to the others any more.
    """
    row = await desk.premises.store.check(check)
    if row is None:
        return []
    found = []
    for each in await _of_person(desk, row):
        for leaf in await desk.premises.store.leaves(each.id):
            if leaf.tag == checks.DISCLOSED.tag:
                facts = msgspec.json.decode(leaf.facts, type=_Disclosed)
                if facts.actor != PERSON:
                    found.append(Look(from_micros(leaf.at), facts.purpose, facts.fields))
    return sorted(found, key=lambda look: look.at, reverse=True)


async def searches(desk: RightsDesk, operator: str, since: datetime, most: int) -> list[Search]:
    """The latest searches of an operator's staff, newest first."""
    found: list[Search] = []
    after = f"{ids.new(PREFIX, since)[:14]}0"
    while some := await desk.docket.walk(KIND, after, _STEP):
        found += [
            msgspec.json.decode(each.body, type=Search)
            for each in some
            if each.operator == operator
        ]
        found, after = found[-most:], some[-1].id
    return found[::-1]


def masked(name: str, value: str) -> str:
    """A registered value as it is shown first."""
    if name not in _MASKED or not value:
        return value
    if name == "name":
        try:
            return mask_name(value).text
        except LiangmingError:
            return "*" * len(value)
    kept = 4 if len(value) > 8 else 1  # noqa: PLR2004  (half of a short number would tell it)
    return "*" * (len(value) - kept) + value[-kept:]


class _Disclosed(msgspec.Struct, frozen=True):
    purpose: str
    actor: str
    fields: tuple[str, ...] = ()


def _must_fit(asked: Asked) -> None:
    if asked.purpose not in PURPOSES or not asked.text.strip():
        raise Misuse(SEARCH_UNFIT)
    if _CASE.fullmatch(asked.case) is None:
        raise Misuse(CASE_UNFIT, field="case")
    state_reason(asked.purpose, asked.case, asked.actor)


async def _row(desk: RightsDesk, asked: Asked) -> CheckRow | None:
    """The check that was typed, or the latest of the person; only of the operator."""
    store, text = desk.premises.store, asked.text.strip()
    row: CheckRow | None = None
    match asked.by:
        case By.CHECK:
            row = await store.check(text) if ids.is_id(ids.CHECK, text) else None
        case By.RECEIPT:
            code = typed(text)
            if ids.is_id(ids.RECEIPT, code):
                row = await store.check(check_of(desk.premises.keys.token, code))
        case By.DOCUMENT:
            row = await _by_document(desk, asked, text)
    return row if row is not None and row.operator == asked.operator else None


async def _by_document(desk: RightsDesk, asked: Asked, text: str) -> CheckRow | None:
    at, who = desk.premises.clock.now(), f"search/{asked.actor}"
    desk.tries.admit(who, at)
    person = index_of(desk, asked.operator, asked.document, text)
    found = await desk.premises.store.checks_of(person, 1) if person else []
    if not found:
        desk.tries.failed(who, at)
    return found[0] if found else None


async def _of_person(desk: RightsDesk, row: CheckRow) -> list[CheckRow]:
    if row.person is None:
        return [row]
    some = await desk.premises.store.checks_of(row.person, _MOST)
    return some if any(each.id == row.id for each in some) else [row, *some]


async def _note(desk: RightsDesk, asked: Asked, row: CheckRow | None, *, shut: bool) -> None:
    at, found = desk.premises.clock.now(), row is not None
    number = ids.new(PREFIX, at)
    key = leaf_keys.lasting(desk.premises, number)
    if row is not None:  # it goes with the person's own
        key = await leaf_keys.of_check(desk.premises, number, row.id)
    kept = Search(
        by=asked.by,
        purpose=asked.purpose,
        case=asked.case,
        actor=asked.actor,
        found=found,
        whole=asked.whole,
        at=micros(at),
        shut=shut,
    )
    record = Record(
        id=number,
        kind=KIND,
        operator=asked.operator,
        about="",
        state="found" if found else "nothing",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at + KEPT),
        leaf_key=key.kept,
        body=msgspec.json.encode(kept),
    )
    event = Event(
        SEARCHED.tag,
        micros(at),
        record.id,
        {
            "by": asked.by.value,
            "purpose": asked.purpose.value,
            "case": asked.case,
            "actor": asked.actor,
            "found": int(found),
            "whole": int(asked.whole),
        },
    )
    await desk.docket.commit([record], [leaf_of(event, key.key, 0)])
