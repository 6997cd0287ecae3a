"""Stored faces counted, and the filing that begins at 100,000 (人脸识别技术应用备案).

Devices say of how many persons they hold a template (``device.faces``); the sum per operator is never
too small. When it reaches the number, when what was filed changes, or when no scene uses a face any
more, a clock of 30 working days starts: :func:`watch` sees it, every minute while the service runs.

Law: face.15 (the number and the term are of grade B)
"""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.clock import china_date
from liangming.device import faces as devices
from liangming.docket import Deadline, Record, deadline
from liangming.errors import Kind as Fault
from liangming.errors import Misuse, declare
from liangming.governance.assessment.states import content_of
from liangming.governance.duty import Duty, Kind
from liangming.governance.sending import SENT_FACTS, Sent, must_fit
from liangming.governance.storing import Deed, fresh, moved
from liangming.law.values import assessment_years, face_filing_persons, face_filing_working_days
from liangming.ledger import declare_event
from liangming.notice import FACE
from liangming.rights import RightsDesk
from liangming.scene.model import Scene, Text

KIND: Final = "face-filing"
FILING_ID: Final = "ffl"

DUE: Final = declare_event(
    "governance:face-filing:due",
    facts=("operator", "stage", "persons", "until"),
    zh="人脸应用备案、变更或注销的期限开始计算。",
    en="The time to file, change or cancel a face filing began.",
)
FILED: Final = declare_event(
    "governance:face-filing:filed",
    facts=("operator", "stage", *SENT_FACTS, "late", "actor"),
    zh="办理了人脸应用备案、变更或注销。",
    en="A face filing was made, changed or cancelled.",
)
UNKNOWN: Final = declare(
    "governance.filing-unknown",
    Fault.ABSENT,
    zh="没有需要办理的人脸备案。",
    en="No face filing is due.",
)


class Stage(enum.StrEnum):
    """Where the filing stands."""

    DUE = "due"  # 应备案
    FILED = "filed"  # 已备案
    CHANGE_DUE = "change-due"  # 应变更
    CANCEL_DUE = "cancel-due"  # 应注销
    CANCELLED = "cancelled"  # 已注销


STAGES: Final = {
    Stage.DUE: Text("应当备案", "to be filed"),
    Stage.FILED: Text("已备案", "filed"),
    Stage.CHANGE_DUE: Text("应当变更备案", "change to be filed"),
    Stage.CANCEL_DUE: Text("应当注销备案", "to be cancelled"),
    Stage.CANCELLED: Text("已注销", "cancelled"),
}
WAITING: Final = frozenset({Stage.DUE, Stage.CHANGE_DUE, Stage.CANCEL_DUE})


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """One operator's filing.

    Attributes:
        since: when the running clock started.
        persons: stored faces at that moment.
        content: digest of what was filed last.
        references: of each filing, change and cancellation, oldest first.
        sendings: how each of these went out; shorter where some are from before this was asked.
    """

    id: str
    operator: str
    stage: Stage
    since: datetime
    persons: int
    content: str = ""
    references: tuple[str, ...] = ()
    sendings: tuple[Sent, ...] = ()
    events: int = 0

    @property
    def until(self) -> Deadline:
        """When it is due."""
        return deadline(face_filing_working_days, self.since)


async def stored(desk: RightsDesk, operator: str) -> int:
    """How many faces the operator's devices store, one person in two devices twice."""
    return sum(each.persons for each in await devices.stored(desk.docket, operator))


def scenes_with_faces(desk: RightsDesk, operator: str) -> list[Scene]:
    """The operator's scenes that are configured to use a face."""
    scenes = desk.premises.scenes.values()
    return [s for s in scenes if s.operator.id == operator and s.face is not None]


def content(desk: RightsDesk, operator: str) -> str:
    """Digest of what a filing tells: scenes, purposes, ways, rules. The number is not part of it."""
    told = [
        f"{scene.id} {content_of(scene)} {desk.premises.notice(scene, FACE).digest}"
        for scene in scenes_with_faces(desk, operator)
    ]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


async def of(desk: RightsDesk, operator: str) -> tuple[Record, Filing] | None:
    """The operator's newest filing."""
    rows = await desk.docket.about(KIND, operator)
    return (rows[-1], read(rows[-1])) if rows else None


async def watch(desk: RightsDesk) -> list[str]:
    """Start every clock that has to run; gives the operators. Safe to repeat."""
    started = []
    at = desk.premises.clock.now()
    for operator in sorted({scene.operator.id for scene in desk.premises.scenes.values()}):
        found = await of(desk, operator)
        persons = await stored(desk, operator)
        stage = _wanted(desk, operator, found[1] if found else None, persons, at)
        if stage is None:
            continue
        await _start(desk, operator, found, stage, persons)
        started.append(operator)
    return started


def _wanted(
    desk: RightsDesk, operator: str, filing: Filing | None, persons: int, at: datetime
) -> Stage | None:
    if filing is None or filing.stage is Stage.CANCELLED:
        reached = persons >= _threshold(at)
        return Stage.DUE if reached else None
    if filing.stage not in {Stage.FILED, Stage.CHANGE_DUE}:
        return None
    if not scenes_with_faces(desk, operator):
        return Stage.CANCEL_DUE
    if filing.stage is Stage.FILED and filing.content != content(desk, operator):
        return Stage.CHANGE_DUE
    return None


def _threshold(at: datetime) -> int:
    day = china_date(at)
    if day < face_filing_persons.values[0].day:
        return 1 << 62  # the order was not in force
    return face_filing_persons.at(day)


async def _start(
    desk: RightsDesk, operator: str, found: tuple[Record, Filing] | None, stage: Stage, persons: int
) -> None:
    at = desk.premises.clock.now()
    if stage is Stage.DUE or found is None:
        filing = Filing(
            id=ids.new(FILING_ID, at), operator=operator, stage=stage, since=at, persons=persons
        )
        row = fresh(desk.premises, KIND, filing.id, operator, operator, at)
    else:
        row, before = found
        filing = msgspec.structs.replace(before, stage=stage, since=at, persons=persons)
    facts = {
        "operator": operator,
        "stage": stage.value,
        "persons": persons,
        "until": filing.until.day.isoformat(),
    }
    await _store(desk, row, filing, Deed(DUE, facts, at, filing.events))


async def file(desk: RightsDesk, operator: str, sent: Sent, actor: str) -> Filing:
    """What was due was filed, changed or cancelled with the authority.

    Raises:
        Misuse: ``governance.filing-unknown``, ``governance.sent-unfit``.
    """
    found = await of(desk, operator)
    if found is None or found[1].stage not in WAITING:
        raise Misuse(UNKNOWN)
    row, before = found
    at = desk.premises.clock.now()
    must_fit(sent, since=before.since, now=at)
    stage = Stage.CANCELLED if before.stage is Stage.CANCEL_DUE else Stage.FILED
    filing = msgspec.structs.replace(
        before,
        stage=stage,
        content=content(desk, operator),
        references=(*before.references, sent.reference),
        sendings=(*before.sendings, sent),
    )
    facts = {
        "operator": operator,
        "stage": stage.value,
        **sent.facts,
        "late": before.until.late(sent.at),
        "actor": actor,
    }
    return await _store(desk, row, filing, Deed(FILED, facts, at, before.events))


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """What is to be filed, changed or cancelled."""
    found = []
    for row in await desk.docket.open(KIND, 500):
        filing = read(row)
        found.append(
            Duty(
                id=filing.id,
                kind=Kind.FILING,
                title=Text(
                    f"人脸识别技术应用备案：{STAGES[filing.stage].zh}（{filing.persons} 人）",
                    f"Face filing: {STAGES[filing.stage].en} ({filing.persons} persons)",
                ),
                owner="privacy-officer",
                due=filing.until.at,
                article="face.15",
                late=Text("逾期未备案", "Not filed in time"),
                do="/desk/faces",
                operator=filing.operator,
                may_move=bool(filing.until.unpublished),
            )
        )
    return found


def read(row: Record) -> Filing:
    """The filing of a record."""
    return msgspec.json.decode(row.body, type=Filing)


async def _store(desk: RightsDesk, row: Record, filing: Filing, deed: Deed) -> Filing:
    kept = msgspec.structs.replace(filing, events=deed.number + 1)
    over = filing.stage is Stage.CANCELLED
    until = deadline(assessment_years, deed.at).at if over else None
    due = filing.until.at if filing.stage in WAITING else None
    stored_row, leaf = await moved(
        desk.premises, row, filing.stage.value, kept, deed, due=due, keep=until
    )
    await desk.docket.commit([stored_row], [leaf])
    return kept
