"""Where reports come in, and how a move of one becomes durable.

Crash story: ``receive`` returns after the disk has the report, its clock and its leaf. The id comes
from the form that was sent: the same form sent twice is one report. An answer's words and its
outcome land in one commit.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.ports import MOVED_ON
from liangming.check.receipt.code import Codes, check_of, typed
from liangming.clock import china_date, micros
from liangming.docket import Record, deadline, leaf_keys
from liangming.docket.leaf_keys import LeafKey
from liangming.errors import Code, LiangmingError, Misuse
from liangming.governance.duty import ANSWERED_LATE, Duty, Kind
from liangming.governance.reports import faults, moves, states
from liangming.governance.reports.states import About, Received, State, Taken
from liangming.governance.reports.words import TOPICS, Outcome, Topic
from liangming.law.values import identity_retention_ceiling_days, report_triage_working_days
from liangming.rights import RightsDesk
from liangming.rights.desk import OWNER, REVIEWER
from liangming.scene.model import Text
from liangming.vault import Binding, Purpose

KIND: Final = "report"
REPORT_ID: Final = "rpt"
FOLLOW: Final = Codes("rpf", REPORT_ID, b"liangming/report-code/1\x00")
"""The follow-up code, by which the reporter comes back: derived, never stored."""
SHORTEST, LONGEST = 5, 1000
MOST: Final = 500
_ADDRESS: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_ADDRESSES: Final = 2
_WORDS, _ANSWER = "words", "answer"


class Receiving(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody reports; held for the length of the call. Its repr says nothing of it.

    Attributes:
        id: of the form that was sent.
        outlet: empty for the operator as a whole.
        scene: empty unless the report came from a scene's own address.
    """

    id: str
    operator: str
    outlet: str = ""
    scene: str = ""
    topic: Topic
    words: str

    def __repr__(self) -> str:
        return f"<Receiving {self.topic.value}>"

    __str__ = __repr__


class Held(msgspec.Struct, frozen=True):
    """A report as read."""

    row: Record
    state: State


class Said(msgspec.Struct, frozen=True):
    """What was written and answered; its repr says nothing of it."""

    words: str
    answer: str

    def __repr__(self) -> str:
        return "<Said>"

    __str__ = __repr__


async def receive(desk: RightsDesk, receiving: Receiving) -> State:
    """Take a report in; the same form again is the same report.

    Raises:
        Misuse: ``governance.report-words``.
    """
    words = _fit(receiving.words, faults.WORDS_NEEDED)
    if len(_ADDRESS.findall(words)) > _ADDRESSES:
        raise Misuse(faults.WORDS_NEEDED, field="words")
    at = desk.premises.clock.now()
    about = About(
        id=receiving.id,
        operator=receiving.operator,
        outlet=receiving.outlet,
        scene=receiving.scene,
        courier=_of_courier(desk, receiving),
        at=at,
    )
    moved = moves.receive(
        about,
        receiving.topic,
        deadline(desk.premises.corpus.values[clock_of(about)], at),
        deadline(report_triage_working_days, at).at,
    )
    key = desk.premises.vault.new_person_key(about.id.encode())
    row = Record(
        id=about.id,
        kind=KIND,
        operator=about.operator,
        about=about.outlet or about.operator,
        state="",
        version=0,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=b"",
        wrapped_key=key.wrapped,
        sealed=desk.premises.vault.seal_fields(key, _binding(about.id), {_WORDS: words}),
    )
    try:
        fresh = leaf_keys.lasting(desk.premises, about.id)  # it concerns nobody by name
        await _commit(desk, row, 0, moved, at=at, key=fresh)
    except LiangmingError as error:
        known = await desk.docket.get(about.id)
        if error.code is not MOVED_ON or known is None or known.kind != KIND:
            raise
        return states.decode(known.body)
    return moved.state


async def held(desk: RightsDesk, report: str) -> Held:
    """Read a report.

    Raises:
        Misuse: ``governance.report-unknown``.
    """
    row = await desk.docket.get(report) if ids.is_id(REPORT_ID, report) else None
    if row is None or row.kind != KIND:
        raise Misuse(faults.UNKNOWN)
    return Held(row, states.decode(row.body))


async def triage(
    desk: RightsDesk, report: str, *, topic: Topic, owner: str, actor: str, check: str = ""
) -> State:
    """Give it a topic, an owner and, where it is known, the check it is about.

    Args:
        check: a receipt code or a check's number.

    Raises:
        Misuse: ``governance.report-unknown``, ``governance.report-closed``,
            ``governance.report-link``, ``rights.owner-unfit``.
    """
    before = await held(desk, report)
    at = desk.premises.clock.now()
    link = await _linked(desk, before.state.about.operator, check.strip())
    moved = moves.triage(before.state, topic, owner, actor, at, check=link)
    return await _land(desk, before, moved, at)


async def answer(
    desk: RightsDesk, report: str, *, outcome: Outcome, words: str, actor: str
) -> State:
    """Close it, with words that the reporter can read by the follow-up code.

    Raises:
        Misuse: ``governance.report-answer``, ``governance.report-closed``,
            ``governance.report-same-hands``.
    """
    before = await held(desk, report)
    at = desk.premises.clock.now()
    moved = moves.answer(before.state, outcome, actor, at)
    text = _fit(words, faults.ANSWER_NEEDED)
    known = _open(desk, before.row, actor, at)
    vault = desk.premises.vault
    key = vault.unwrap(before.row.wrapped_key, report.encode())
    sealed = vault.seal_fields(key, _binding(report), {_WORDS: known.words, _ANSWER: text})
    row = msgspec.structs.replace(before.row, sealed=sealed)
    return await _land(desk, Held(row, before.state), moved, at)


async def appeal(desk: RightsDesk, report: str) -> State:
    """The reporter asks for one review.

    Raises:
        Misuse: ``governance.report-closed``, ``governance.report-reviewed``.
    """
    before = await held(desk, report)
    at = desk.premises.clock.now()
    clock = desk.premises.corpus.values[clock_of(before.state.about)]
    return await _land(
        desk, before, moves.appeal(before.state, deadline(clock, at), REVIEWER, at), at
    )


async def read_words(desk: RightsDesk, report: str, actor: str) -> Said:
    """What was written; the opening is durable before this returns."""
    before = await held(desk, report)
    at = desk.premises.clock.now()
    await _land(desk, before, moves.words_opened(before.state, actor, at), at)
    return _open(desk, before.row, actor, at)


async def answer_of(desk: RightsDesk, report: str) -> str:
    """The reply, for whoever holds the follow-up code; what was written is not shown again."""
    known = await held(desk, report)
    return _open(desk, known.row, "reporter", desk.premises.clock.now()).answer


async def listed(desk: RightsDesk, operator: str, after: str, limit: int) -> list[State]:
    """An operator's reports in the order in which they came; all operators' when empty."""
    found: list[State] = []
    while len(found) < limit:
        rows = await desk.docket.walk(KIND, after, MOST)
        mine = [row for row in rows if not operator or row.operator == operator]
        found += [states.decode(row.body) for row in mine[: limit - len(found)]]
        if len(rows) < MOST:
            break
        after = rows[-1].id
    return found


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """Reports that wait, for the board."""
    made = []
    for row in await desk.docket.open(KIND, MOST):
        state = states.decode(row.body)
        fresh = isinstance(state, Received)
        # Over long holidays two working days outlast seven plain ones: the law's day is the earlier.
        ours = isinstance(state, Received) and state.triage_by < state.due.at
        topic = TOPICS[state.topic]
        review = state.round > 1
        made.append(
            Duty(
                id=row.id,
                kind=Kind.REPORT,
                title=Text(
                    f"举报{'待分派' if fresh else '（复核）' if review else ''}：{topic.zh}",
                    f"Report{' without owner' if fresh else ' (review)' if review else ''}:"
                    f" {topic.en}",
                ),
                owner=state.owner if isinstance(state, Taken) else OWNER,
                due=state.triage_by if isinstance(state, Received) and ours else state.due.at,
                article="netdata.20" if ours else state.due.article,
                late=ANSWERED_LATE,
                do=f"/desk/reports/{row.id}",
                operator=row.operator,
                standard=ours,
                may_move=bool(state.due.unpublished),
            )
        )
    return made


def clock_of(about: About) -> str:
    """The dated value that limits an answer: as a complaint's. Law: courier.29, app191.6."""
    return "courier_complaint_days" if about.courier else "request_working_days"


def _of_courier(desk: RightsDesk, receiving: Receiving) -> bool:
    """Whether it is about a courier: the scene says so, or any scene of outlet or operator."""
    return any(
        scene.kind.sends or scene.kind.collects
        for scene in desk.premises.scenes.values()
        if scene.operator.id == receiving.operator
        and receiving.outlet in {"", scene.outlet.id}
        and receiving.scene in {"", scene.id}
    )


async def _linked(desk: RightsDesk, operator: str, text: str) -> str:
    if not text:
        return ""
    check = text
    if not ids.is_id(ids.CHECK, text):
        try:
            check = check_of(desk.premises.keys.token, typed(text))
        except Misuse:
            raise Misuse(faults.LINK_UNFIT, field="check") from None
    row = await desk.premises.store.check(check)
    if row is None or row.operator != operator:
        raise Misuse(faults.LINK_UNFIT, field="check")
    return check


async def _land(desk: RightsDesk, before: Held, moved: moves.Moved, at: datetime) -> State:
    key = await leaf_keys.again(desk.premises, before.row)
    return await _commit(desk, before.row, before.state.events, moved, at=at, key=key)


async def _commit(
    desk: RightsDesk, row: Record, first: int, moved: moves.Moved, *, at: datetime, key: LeafKey
) -> State:
    state = moved.state
    closed = isinstance(state, states.Answered)
    due = state.triage_by if isinstance(state, Received) else state.due.at
    days = identity_retention_ceiling_days.at(china_date(at))
    changed = msgspec.structs.replace(
        row,
        state=states.tag(state),
        version=row.version + 1,
        changed_at=micros(at),
        due_at=None if closed else micros(due),
        keep_until=micros(at + timedelta(days=days)) if closed else None,
        leaf_key=key.kept,
        body=states.encode(state),
    )
    leaves = [leaf_of(event, key.key, first + n) for n, event in enumerate(moved.events)]
    await desk.docket.commit([changed], leaves)
    return state


def _fit(text: str, fault: Code) -> str:
    words = text.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise Misuse(fault, field="words")
    return words


def _open(desk: RightsDesk, row: Record, actor: str, at: datetime) -> Said:
    vault = desk.premises.vault
    key = vault.unwrap(row.wrapped_key, row.id.encode())
    fields, _ = vault.open_fields(
        key,
        _binding(row.id),
        row.sealed,
        purpose=Purpose.DISPUTE,
        reason=row.id,
        actor=actor,
        at=at,
    )
    return Said(fields.get(_WORDS, ""), fields.get(_ANSWER, ""))


def _binding(report: str) -> Binding:
    return Binding(report.encode(), KIND, _WORDS)
