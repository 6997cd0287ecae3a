"""The moves of an assessment: begin, write, sign, sign again by somebody else, end.

begin → write (any number of times) → sign by one → sign by another: approved, in force at once
approved → withdrawn | reopened (by a change or an incident) | superseded by the next

A change after the first signature voids it. Crash story: each move is one commit with its leaf; the
gates are read again after it, and at every start.

Law: face.9, pipl.55, pipl.56; small.assessment-table
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming import ids
from liangming.check.ports import LeafRow
from liangming.clock import china_date, micros, rfc3339
from liangming.docket import Record, deadline
from liangming.docket.clocks import last_day
from liangming.errors import Misuse, Refusal
from liangming.governance import gates
from liangming.governance.assessment import faults
from liangming.governance.assessment.live import look, persons
from liangming.governance.assessment.questions import Choice
from liangming.governance.assessment.states import (
    ASSESSMENT_ID,
    KIND,
    About,
    Answer,
    Form,
    Sheet,
    Signature,
    Stage,
    Study,
    barred,
    content_of,
    digest_of,
    missing,
    questions_of,
    read,
    result,
)
from liangming.governance.incident.counting import within_a_year
from liangming.governance.storing import Deed, fresh, moved
from liangming.governance.words import fit
from liangming.law.values import assessment_years, small_processor_persons
from liangming.ledger import KeyKind, SigningKey
from liangming.ledger.note import Note
from liangming.rights import RightsDesk
from liangming.scene.model import Scene

FORMAT: Final = "liangming/assessment/1"
_LABEL: Final = b"liangming/assessments/ed25519/1\x00"
_CHANGEABLE: Final = frozenset({Stage.DRAFT, Stage.SIGNED})
_LEVELS: Final = range(1, 5)
_MONTHS: Final = range(1, 37)


class Held(msgspec.Struct, frozen=True):
    """An assessment as read."""

    row: Record
    study: Study


async def held(desk: RightsDesk, assessment: str, *, operator: str = "") -> Held:
    """Read an assessment.

    Raises:
        Misuse: ``governance.assessment-unknown``, also for another operator's.
    """
    known = ids.is_id(ASSESSMENT_ID, assessment)
    row = await desk.docket.get(assessment) if known else None
    if row is None or row.kind != KIND or (operator and row.operator != operator):
        raise Misuse(faults.UNKNOWN)
    return Held(row, read(row))


async def of_scene(desk: RightsDesk, scene: str) -> list[Held]:
    """Every assessment of a scene, oldest first."""
    return [Held(row, read(row)) for row in await desk.docket.about(KIND, scene)]


async def begin(desk: RightsDesk, scene_id: str, actor: str, *, short: bool = False) -> Study:
    """Begin an assessment of a scene's face; the last one's answers are carried over to be read again.

    Raises:
        Misuse: ``governance.assessment-no-face``.
        Refusal: ``governance.not-small``.
    """
    at = desk.premises.clock.now()
    scene = desk.premises.scenes.get(scene_id)
    if scene is None or scene.face is None:
        raise Misuse(faults.NO_FACE, field="scene")
    if short and not await _small(desk, scene.operator.id, at):
        raise Refusal(faults.NOT_SMALL, citations=("small.scope",))
    before = await of_scene(desk, scene_id)
    for each in before:
        if each.study.stage in _CHANGEABLE:
            return each.study
    about = About(
        id=ids.new(ASSESSMENT_ID, at),
        scene=scene_id,
        operator=scene.operator.id,
        content=content_of(scene),
        version=len(before) + 1,
        form=Form.SHORT if short else Form.FULL,
        opened_at=at,
        opened_by=actor,
    )
    sheet = before[-1].study.sheet if before else _from_the_scene(scene, about.form)
    study = Study(about=about, stage=Stage.DRAFT, sheet=sheet)
    row = fresh(desk.premises, KIND, about.id, about.operator, scene_id, at)
    facts = {"scene": scene_id, "version": about.version, "form": about.form.value, "actor": actor}
    return await _move(desk, Held(row, study), study, Deed(faults.OPENED, facts, at, 0))


async def write(desk: RightsDesk, assessment: str, sheet: Sheet, actor: str) -> Study:
    """Replace what is written.

    Raises:
        Misuse: ``governance.assessment-closed``, ``governance.words-unfit``,
            ``governance.rating-unfit``.
    """
    before = await held(desk, assessment)
    if before.study.stage not in _CHANGEABLE:
        raise Misuse(faults.CLOSED)
    at = desk.premises.clock.now()
    kept = _fit(sheet)
    scene = desk.premises.scenes.get(before.study.about.scene)
    about = before.study.about
    if scene is not None:
        about = msgspec.structs.replace(about, content=content_of(scene))
    study = msgspec.structs.replace(
        before.study, about=about, stage=Stage.DRAFT, sheet=kept, signatures=(), live=None
    )
    if study == before.study:
        return study
    facts = {"scene": about.scene, "digest": digest_of(study), "actor": actor}
    deed = Deed(faults.WRITTEN, facts, at, before.study.events)
    return await _move(desk, before, study, deed)


async def sign(desk: RightsDesk, assessment: str, actor: str) -> Study:
    """Sign; the second signature, by another account, approves.

    The first one fixes what the system knows at that moment, so that both sign the same.

    Raises:
        Misuse: ``governance.assessment-closed``, ``governance.assessment-incomplete``,
            ``governance.second-person``, ``governance.assessment-no-face``.
        Refusal: ``governance.assessment-barred``.
    """
    before = await held(desk, assessment)
    study, at = before.study, desk.premises.clock.now()
    if study.stage not in _CHANGEABLE:
        raise Misuse(faults.CLOSED)
    scene = desk.premises.scenes.get(study.about.scene)
    if scene is None or scene.face is None:
        raise Misuse(faults.NO_FACE)
    if content_of(scene) != study.about.content:  # the file changed since it was written
        raise Misuse(faults.INCOMPLETE, field="scene")
    if study.stage is Stage.DRAFT:
        seen = await look(desk, scene, incidents=await within_a_year(desk, study.about.operator))
        study = msgspec.structs.replace(study, live=seen)
    if gaps := missing(study):
        raise Misuse(faults.INCOMPLETE, field=gaps[0])
    if barred(study):
        raise Refusal(faults.BARRED, citations=("face.9", "pipl.56"), field=barred(study)[0])
    mark = Signature(actor, at)
    about = study.about
    facts: dict[str, Any] = {
        "scene": about.scene,
        "digest": digest_of(study),
        "risk": result(study).name.lower() if about.form is Form.FULL else "short",
        "actor": actor,
    }
    if not study.signatures:
        signed = msgspec.structs.replace(study, stage=Stage.SIGNED, signatures=(mark,))
        deed = Deed(faults.SIGNED, facts, at, study.events)
        return await _move(desk, before, signed, deed)
    first = study.signatures[0]
    if first.by == actor:
        raise Misuse(faults.SAME_PERSON)
    both = msgspec.structs.replace(study, stage=Stage.APPROVED, signatures=(first, mark))
    approved = msgspec.structs.replace(both, note=_note(desk, both))
    until = until_of(approved)
    facts |= {
        "version": about.version,
        "first": first.by,
        "until": until.isoformat() if until is not None else "",
    }
    older = [
        each
        for each in await of_scene(desk, about.scene)
        if each.study.stage is Stage.APPROVED and each.row.id != about.id
    ]
    deed = Deed(faults.APPROVED, facts, at, study.events)
    done = await _move(desk, before, approved, deed, older)
    await gates.refresh(desk)
    return done


async def withdraw(desk: RightsDesk, assessment: str, actor: str) -> Study:
    """End an approved assessment; the scene's face stops when this returns.

    Raises:
        Misuse: ``governance.assessment-closed``: it is not approved.
    """
    before = await held(desk, assessment)
    if before.study.stage is not Stage.APPROVED:
        raise Misuse(faults.CLOSED)
    return await _end(desk, before, Stage.WITHDRAWN, "asked", actor)


async def reopen(desk: RightsDesk, scene_id: str, why: str, actor: str) -> bool:
    """Shut a scene's face until it is assessed anew; gives whether it had been open.

    A scene whose assessment is only named in its file gets a record that says so, and is shut too.

    Args:
        why: ``changed`` or ``incident``.

    Law: face.9
    """
    scene = desk.premises.scenes.get(scene_id)
    if scene is None or scene.face is None:
        return False
    every = await of_scene(desk, scene_id)
    for each in every:
        if each.study.stage is Stage.APPROVED:
            await _end(desk, each, Stage.REOPENED, why, actor)
            return True
    named = scene.face.assessment
    ended = any(each.study.stage not in _CHANGEABLE for each in every)
    if named is None or ended:
        return False
    at = desk.premises.clock.now()
    about = About(
        id=ids.new(ASSESSMENT_ID, at),
        scene=scene_id,
        operator=scene.operator.id,
        content=content_of(scene),
        version=0,  # made elsewhere; its papers are not here
        form=Form.FULL,
        opened_at=at,
        opened_by=named.approved_by[:64],
    )
    study = Study(about=about, stage=Stage.APPROVED)
    row = fresh(desk.premises, KIND, about.id, about.operator, scene_id, at)
    await _end(desk, Held(row, study), Stage.REOPENED, why, actor)
    return True


async def changed_scenes(desk: RightsDesk) -> list[str]:
    """Open again what no longer fits its scene's file; for every start. Gives the scenes."""
    shut = []
    for scene in desk.premises.scenes.values():
        for each in await of_scene(desk, scene.id):
            fits = each.study.about.content == content_of(scene)
            if each.study.stage is Stage.APPROVED and not fits:
                await _end(desk, each, Stage.REOPENED, "changed", "liangming")
                shut.append(scene.id)
    return shut


def until_of(study: Study) -> date | None:
    """The last day of an approved assessment, if its author set a term."""
    day = study.approved_on
    if day is None or study.sheet.months is None:
        return None
    return last_day(day, study.sheet.months, "months")


async def _end(desk: RightsDesk, before: Held, stage: Stage, why: str, actor: str) -> Study:
    at = desk.premises.clock.now()
    ended = msgspec.structs.replace(before.study, stage=stage, ended=why, ended_by=actor)
    facts = {"scene": ended.about.scene, "why": why, "actor": actor}
    done = await _move(desk, before, ended, Deed(faults.ENDED, facts, at, before.study.events))
    await gates.refresh(desk)
    return done


async def _move(
    desk: RightsDesk, before: Held, study: Study, deed: Deed, beside: Sequence[Held] = ()
) -> Study:
    """One commit: the assessment, its leaf, and the older ones that it takes the place of."""
    row, leaf, moved_study = await _moved(desk, before, study, deed)
    rows, leaves = [row], [leaf]
    actor = deed.facts["actor"]
    for each in beside:
        old = msgspec.structs.replace(
            each.study, stage=Stage.SUPERSEDED, ended="superseded", ended_by=actor
        )
        said = {"scene": study.about.scene, "why": "superseded", "actor": actor}
        row, leaf, _ = await _moved(
            desk, each, old, Deed(faults.ENDED, said, deed.at, each.study.events)
        )
        rows.append(row)
        leaves.append(leaf)
    await desk.docket.commit(rows, leaves)
    return moved_study


async def _moved(
    desk: RightsDesk, before: Held, study: Study, deed: Deed
) -> tuple[Record, LeafRow, Study]:
    kept = msgspec.structs.replace(study, events=deed.number + 1)
    over = study.stage not in {*_CHANGEABLE, Stage.APPROVED}
    until = deadline(assessment_years, deed.at).at if over else None
    row, leaf = await moved(desk.premises, before.row, study.stage.value, kept, deed, keep=until)
    return row, leaf, kept


async def _small(desk: RightsDesk, operator: str, at: datetime) -> bool:
    """Whether the short table is open to an operator: since it exists, and below its number."""
    day = china_date(at)
    if day < small_processor_persons.values[0].day:
        return False
    return await persons(desk.docket, operator, micros(at) + 1) < small_processor_persons.at(day)


def _fit(sheet: Sheet) -> Sheet:
    known = {question.id for question in questions_of(Form.FULL)}
    rated = [*sheet.impacts.values(), *sheet.factors.values()]
    months = sheet.months is None or sheet.months in _MONTHS
    if not set(sheet.answers) <= known or any(r.level not in _LEVELS for r in rated) or not months:
        raise Misuse(faults.RATING_UNFIT)
    replace = msgspec.structs.replace
    return Sheet(
        answers={
            name: replace(each, reason=fit(each.reason, name))
            for name, each in sheet.answers.items()
        },
        impacts={n: replace(r, reason=fit(r.reason, n)) for n, r in sheet.impacts.items()},
        factors={n: replace(r, reason=fit(r.reason, n)) for n, r in sheet.factors.items()},
        modifiers={each: fit(why, each.value) for each, why in sheet.modifiers.items()},
        conclusion=fit(sheet.conclusion, "conclusion"),
        months=sheet.months,
    )


def _from_the_scene(scene: Scene, form: Form) -> Sheet:
    """What the scene's file itself answers; the author reads and corrects it."""
    kept = scene.kept("face")
    days = "用后即删" if kept is None or kept.days == 0 else f"在终端内保存 {kept.days} 天"
    others = sum(1 for method in scene.methods if not method.is_face)
    face = scene.face
    inside = face is not None and not face.leaves_device
    answers = {
        "purpose-specific": Answer(Choice.YES, scene.purpose.zh),
        "alternatives": Answer(Choice.YES, f"另有 {others} 种方式，见下表的开放比例。"),
        "on-device": Answer(
            Choice.YES if inside else Choice.NO,
            "设备内一对一比对，中心只收到签名的结果。" if inside else "人脸信息传出设备。",
        ),
        "shortest": Answer(Choice.YES, f"{days}。"),
    }
    wanted = {question.id for question in questions_of(form)}
    return Sheet(answers={name: each for name, each in answers.items() if name in wanted})


def assessment_key(signing: bytes, origin: str) -> SigningKey:
    """The key that signs approved assessments: of this operator's seed and this log's name."""
    seed = HKDF(SHA256(), 32, salt=None, info=_LABEL + origin.encode()).derive(signing)
    return SigningKey(KeyKind.LOG_ED25519, f"{origin}/assessments", seed)


def _note(desk: RightsDesk, study: Study) -> str:
    about, (first, second) = study.about, study.signatures
    until = until_of(study)
    text = (
        f"{FORMAT}\nassessment {about.id}\nscene {about.scene}\noperator {about.operator}\n"
        f"version {about.version}\nform {about.form.value}\ncontent {digest_of(study)}\n"
        f"first {first.by} {rfc3339(first.at)}\nsecond {second.by} {rfc3339(second.at)}\n"
        f"until {until.isoformat() if until is not None else '-'}\n"
    )
    key = assessment_key(desk.premises.keys.signing, desk.origin)
    return Note(text, (key.sign(text, 0),)).encode().decode()
