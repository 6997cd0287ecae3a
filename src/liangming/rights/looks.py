"""A look at personal data that a second person must agree to: asked, decided, used once, or lapsed.

asked → approved → used      the look is durable as used before anything is opened
      → declined
      → lapsed               nobody decided in time, or an approval was not used in its hours

What a house wants approved is a setting (``LIANGMING_LOOK_APPROVAL``): a purpose, or only looks that show
a record whole. A clerk's work at the counter opens nothing registered, and asks nobody.

A look is tied to one check, one account, one purpose and one case. Who decides sees these and the
reason, never the record or what was typed. Leaves stand under the key of the check, and go with the person.

Law: pipl.51, gbt35273.7.1 (standard)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import Event, declare_event
from liangming.ledger.events import EventKind
from liangming.rights.desk import RightsDesk
from liangming.vault import Purpose
from liangming.vault.purpose import state_reason

KIND: Final = "look"
LOOK_ID: Final = "lok"
TO_DECIDE: Final = timedelta(days=3)
TO_USE: Final = timedelta(hours=8)
KEPT: Final = timedelta(days=3 * 366)  # as searches are
LONGEST: Final = 120
EVERY: Final = "*"
WHOLE: Final = ":whole"
NONE: Final = "none"
ASKED: Final = "asked"
APPROVED: Final = "approved"
DECLINED: Final = "declined"
USED: Final = "used"
LAPSED: Final = "lapsed"
_STEP: Final = 200

REQUESTED: Final = declare_event(
    "rights:look:asked",
    facts=("purpose", "case", "whole", "actor", "until"),
    zh="有人请求查看一份登记，等待另一个人批准。",
    en="Somebody asked to look at a record; another person is to agree.",
)
DECIDED: Final = declare_event(
    "rights:look:decided",
    facts=("agreed", "asked_by", "actor", "until"),
    zh="另一个人批准或没有批准一次查看。",
    en="Another person agreed to a look, or did not.",
)
TAKEN: Final = declare_event(
    "rights:look:used",
    facts=("actor",),
    zh="一次批准过的查看用掉了，随后才打开登记。",
    en="An approved look was used up; the record was opened after that.",
)
OVER: Final = declare_event(
    "rights:look:lapsed",
    facts=("state",),
    zh="一次查看没有人决定，或者批准了没有用，过了时间作废。",
    en="A look that nobody decided on, or that was not used in its hours, lapsed.",
)
UNKNOWN: Final = declare(
    "rights.look-unknown",
    Kind.ABSENT,
    zh="没有等待决定的这次查看，或者已经过了时间。",
    en="No such look waits for a decision, or its time is over.",
)
SAME_HANDS: Final = declare(
    "rights.look-same-hands",
    Kind.FORBIDDEN,
    zh="请求查看的人不能自己批准，要另一个账号。",
    en="Who asked for a look cannot agree to it: another account is needed.",
)
REASON_UNFIT: Final = declare(
    "rights.look-reason-unfit",
    Kind.INVALID,
    zh="请写为什么要看，4 到 120 个字，不写姓名和号码。",
    en="Please say why it must be seen, in 4 to 120 characters, without names or numbers.",
)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look that was asked for.

    Attributes:
        whole: unmasked.
        until: the first moment that is too late: to decide, then to use it.
    """

    id: str
    operator: str
    check: str
    purpose: Purpose
    case: str
    reason: str
    whole: bool
    actor: str
    at: datetime
    until: datetime
    state: str = ASKED
    decided_by: str = ""
    decided_at: datetime | None = None
    used_at: datetime | None = None
    events: int = 0

    def waits(self, now: datetime) -> bool:
        """Whether somebody may still decide."""
        return self.state == ASKED and now < self.until

    def opens(self, now: datetime) -> bool:
        """Whether it may be used now."""
        return self.state == APPROVED and now < self.until


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to see, and why."""

    operator: str
    check: str
    purpose: Purpose
    case: str
    reason: str
    whole: bool
    actor: str


def needs(approvals: Iterable[str], purpose: Purpose, *, whole: bool) -> bool:
    """Whether a look takes a second person by the house's setting."""
    wanted = {EVERY, purpose.value}
    if whole:
        wanted |= {EVERY + WHOLE, purpose.value + WHOLE}
    return not wanted.isdisjoint(approvals)


def read_setting(text: str) -> frozenset[str]:
    """The setting ``LIANGMING_LOOK_APPROVAL``.

    Raises:
        ValueError: a word that is none of its own.
    """
    words = frozenset(part.strip() for part in text.split(",") if part.strip())
    known = {EVERY, *(each.value for each in Purpose)}
    if words == {NONE}:
        return frozenset()
    if not words or any(word.removesuffix(WHOLE) not in known for word in words):
        raise ValueError(text)
    return words


async def request(desk: RightsDesk, asked: Asked) -> Look:
    """Ask for a look; the same one, while it waits or is approved, is not asked twice.

    Raises:
        Misuse: ``rights.look-reason-unfit``, ``vault.reason-personal``, ``rights.look-unknown`` where
            there is no such check of the operator.
    """
    reason = " ".join(asked.reason.split())
    if not 4 <= len(reason) <= LONGEST:  # noqa: PLR2004  (a few words)
        raise Misuse(REASON_UNFIT, field="reason")
    state_reason(asked.purpose, reason, asked.actor)
    row = (
        await desk.premises.store.check(asked.check) if ids.is_id(ids.CHECK, asked.check) else None
    )
    if row is None or row.operator != asked.operator:
        raise Misuse(UNKNOWN)
    at = desk.premises.clock.now()
    for look in await _of(desk, asked.check):
        if _same(look, asked) and (look.waits(at) or look.opens(at)):
            return look
    made = Look(
        id=ids.new(LOOK_ID, at),
        operator=asked.operator,
        check=asked.check,
        purpose=asked.purpose,
        case=asked.case,
        reason=reason,
        whole=asked.whole,
        actor=asked.actor,
        at=at,
        until=at + TO_DECIDE,
    )
    key = await leaf_keys.of_check(desk.premises, made.id, made.check)
    fresh = Record(
        id=made.id, kind=KIND, operator=made.operator, about=made.check, state="", version=0,
        opened_at=micros(at), changed_at=micros(at), due_at=None,
        keep_until=micros(at + KEPT), leaf_key=key.kept, body=b"",
    )  # fmt: skip
    facts = {
        "purpose": made.purpose.value,
        "case": made.case,
        "whole": made.whole,
        "actor": made.actor,
        "until": micros(made.until),
    }
    return await _move(desk, fresh, made, REQUESTED, facts, at, due=made.until)


async def decide(
    desk: RightsDesk, look_id: str, *, agreed: bool, actor: str, operator: str
) -> Look:
    """Another person agrees, or does not.

    Raises:
        Misuse: ``rights.look-unknown``, ``rights.look-same-hands``.
    """
    row = await desk.docket.get(look_id) if ids.is_id(LOOK_ID, look_id) else None
    if row is None or row.kind != KIND or operator not in {"", row.operator}:
        raise Misuse(UNKNOWN)
    look, at = read(row), desk.premises.clock.now()
    if not look.waits(at):
        raise Misuse(UNKNOWN)
    if look.actor == actor:
        raise Misuse(SAME_HANDS)
    decided = msgspec.structs.replace(
        look,
        state=APPROVED if agreed else DECLINED,
        decided_by=actor,
        decided_at=at,
        until=at + TO_USE,
    )
    facts = {
        "agreed": agreed,
        "asked_by": look.actor,
        "actor": actor,
        "until": micros(decided.until) if agreed else 0,
    }
    due = decided.until if agreed else None
    return await _move(desk, row, decided, DECIDED, facts, at, due=due)


async def ready(desk: RightsDesk, asked: Asked) -> bool:
    """Whether there is an approved look that may be used now; nothing is used up."""
    at = desk.premises.clock.now()
    return any(_same(look, asked) and look.opens(at) for look in await _of(desk, asked.check))


async def take(desk: RightsDesk, asked: Asked) -> bool:
    """Use an approved look up, for good; whether there was one. Of two at once one succeeds.

    Raises:
        Misuse: ``check.moved-on``: somebody used it in this moment.
    """
    at = desk.premises.clock.now()
    for row in await desk.docket.about(KIND, asked.check):
        look = read(row)
        if _same(look, asked) and look.opens(at):
            used = msgspec.structs.replace(look, state=USED, used_at=at)
            await _move(desk, row, used, TAKEN, {"actor": asked.actor}, at)
            return True
    return False


async def lapse(desk: RightsDesk) -> int:
    """Close what nobody decided on, or used in time; how many. Safe to repeat."""
    at, count = desk.premises.clock.now(), 0
    while rows := await desk.docket.due(KIND, at, _STEP):
        for row in rows:
            look = read(row)
            over = msgspec.structs.replace(look, state=LAPSED)
            await _move(desk, row, over, OVER, {"state": look.state}, at)
        count += len(rows)
    return count


def standing(look: Look, now: datetime) -> str:
    """Where it stands at a moment, whether or not :func:`lapse` has been by."""
    open_ = look.state in {ASKED, APPROVED}
    return LAPSED if open_ and now >= look.until else look.state


async def listed(desk: RightsDesk, operator: str, most: int) -> list[Look]:
    """The latest looks of an operator's staff, newest first."""
    found: list[Look] = []
    after = ""
    while some := await desk.docket.walk(KIND, after, _STEP):
        found += [read(each) for each in some if operator in {"", each.operator}]
        found, after = found[-most:], some[-1].id
    return found[::-1]


def read(row: Record) -> Look:
    """The look of a record."""
    return msgspec.json.decode(row.body, type=Look)


def _same(look: Look, asked: Asked) -> bool:
    """The same account, purpose and case; a look at the whole record covers the masked one."""
    one = (look.operator, look.actor, look.purpose, look.case)
    other = (asked.operator, asked.actor, asked.purpose, asked.case)
    return one == other and (look.whole or not asked.whole)


async def _of(desk: RightsDesk, check: str) -> list[Look]:
    return [read(row) for row in await desk.docket.about(KIND, check)]


async def _move(  # noqa: PLR0917  (one move as stored)
    desk: RightsDesk,
    row: Record,
    look: Look,
    kind: EventKind,
    facts: dict[str, Any],
    at: datetime,
    *,
    due: datetime | None = None,
) -> Look:
    kept = msgspec.structs.replace(look, events=look.events + 1)
    key = await leaf_keys.again(desk.premises, row)
    stored = msgspec.structs.replace(
        row,
        state=kept.state,
        version=row.version + 1,
        changed_at=micros(at),
        due_at=micros(due) if due is not None else None,
        leaf_key=key.kept,
        body=msgspec.json.encode(kept),
    )
    event = Event(kind.tag, micros(at), row.id, facts)
    await desk.docket.commit([stored], [leaf_of(event, key.key, look.events)])
    return kept
