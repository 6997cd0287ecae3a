"""An assessment as stored: what it is about, what was answered, who signed, how it ended."""

from __future__ import annotations

import enum
import hashlib
from datetime import date, datetime
from typing import Final

import msgspec

from liangming.docket import Record
from liangming.governance.assessment.live import Live
from liangming.governance.assessment.matrix import (
    Impact,
    Likelihood,
    Modifier,
    Risk,
    impact_of,
    likelihood_of,
    overall,
    risk,
)
from liangming.governance.assessment.questions import (
    DIMENSIONS,
    FACTORS,
    QUESTIONS,
    Choice,
    Question,
)
from liangming.scene.model import Scene

KIND: Final = "assessment"
ASSESSMENT_ID: Final = "pia"


class Stage(enum.StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"  # 起草
    SIGNED = "signed"  # 一人已签
    APPROVED = "approved"  # 两人已签，有效
    SUPERSEDED = "superseded"  # 有了新版本
    REOPENED = "reopened"  # 因变化或事件须重做
    WITHDRAWN = "withdrawn"  # 撤回


class Form(enum.StrEnum):
    """Which table."""

    FULL = "full"
    SHORT = "short"  # 小型个人信息处理者的简表


class Answer(msgspec.Struct, frozen=True):
    """One answer; the reason is about the scene, never about a person."""

    choice: Choice
    reason: str = ""


class Rated(msgspec.Struct, frozen=True):
    """One rating of 1 to 4, with its reason."""

    level: int
    reason: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the author writes.

    Attributes:
        months: a term that the operator sets; None: until a change ends it.
    """

    answers: dict[str, Answer] = {}
    impacts: dict[str, Rated] = {}
    factors: dict[str, Rated] = {}
    modifiers: dict[Modifier, str] = {}
    conclusion: str = ""
    months: int | None = None


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What it is about.

    Attributes:
        scene: the scene.
        content: digest of what of the scene was assessed.
        version: 1, 2, … of this scene.
    """

    id: str
    scene: str
    operator: str
    content: str
    version: int
    form: Form
    opened_at: datetime
    opened_by: str


class Signature(msgspec.Struct, frozen=True):
    """One account's signature."""

    by: str
    at: datetime


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """An assessment.

    Attributes:
        live: what the system knew when it was signed.
        signatures: one or two.
        note: the signed text, once approved.
        ended: why it ended: ``changed``, ``incident``, ``asked``; empty while it does not.
        events: how many it left in the log.
    """

    about: About
    stage: Stage
    sheet: Sheet = Sheet()
    live: Live | None = None
    signatures: tuple[Signature, ...] = ()
    note: str = ""
    ended: str = ""
    ended_by: str = ""
    events: int = 0

    @property
    def persons(self) -> int:
        """How many persons it counts with."""
        return self.live.persons if self.live is not None else 0

    @property
    def approved_on(self) -> date | None:
        """The day of the second signature, in China."""
        from liangming.clock import china_date

        return china_date(self.signatures[1].at) if len(self.signatures) > 1 else None


def questions_of(form: Form) -> list[Question]:
    """The questions of a form, in order."""
    return [q for q in QUESTIONS.values() if q.short or form is Form.FULL]


def missing(study: Study) -> list[str]:
    """What is still to be written, by id; empty when it may be signed."""
    sheet = study.sheet
    gaps = [
        question.id
        for question in questions_of(study.about.form)
        if question.id not in sheet.answers or not sheet.answers[question.id].reason
    ]
    if study.about.form is Form.FULL:
        gaps += [name for name in DIMENSIONS if name not in sheet.impacts]
        gaps += [name for name in FACTORS if name not in sheet.factors]
    gaps += [each.value for each, reason in sheet.modifiers.items() if not reason]
    return gaps if sheet.conclusion else [*gaps, "conclusion"]


def barred(study: Study) -> list[str]:
    """Why it may not be approved, by id: a plain no where none may be, or a severe risk."""
    answers = study.sheet.answers
    no = [
        question.id
        for question in questions_of(study.about.form)
        if question.must and question.id in answers and answers[question.id].choice is Choice.NO
    ]
    severe = study.about.form is Form.FULL and result(study) is Risk.SEVERE
    return [*no, "severe"] if severe else no


def risks(study: Study) -> dict[str, tuple[Impact, Likelihood, Risk]]:
    """For each dimension that is rated: impact and likelihood after the modifiers, and the risk."""
    sheet, persons = study.sheet, study.persons
    if not sheet.factors:
        return {}
    likely = likelihood_of(
        [Likelihood(rated.level) for rated in sheet.factors.values()],
        persons=persons,
        modifiers=sheet.modifiers,
    )
    found = {}
    for name in DIMENSIONS:
        if name in sheet.impacts:
            rated = Impact(sheet.impacts[name].level)
            moved = impact_of(rated, persons=persons, modifiers=sheet.modifiers)
            found[name] = (moved, likely, risk(moved, likely))
    return found


def result(study: Study) -> Risk:
    """The risk of the whole."""
    return overall({name: each[2] for name, each in risks(study).items()})


def content_of(scene: Scene) -> str:
    """Digest of everything about a scene that an assessment weighs; a change of it opens it again.

    Law: face.9 (a change of purpose or way)
    """
    face = scene.face
    said = {
        "kind": scene.kind.value,
        "channel": scene.channel.value,
        "purpose": [scene.purpose.zh, scene.purpose.en],
        "ways": [way.method.value for way in scene.ways],
        "fields": list(scene.fields),
        "kept": [[kept.field, kept.days] for kept in scene.retention],
        "face": None
        if face is None
        else [face.leaves_device, face.transfer_consent, face.private_space, face.pad_level],
        "outlet": scene.outlet.id,
    }
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def digest_of(study: Study) -> str:
    """SHA-256 of what is signed: the answers and what the system knew."""
    said = {
        "about": msgspec.to_builtins(study.about),
        "sheet": msgspec.to_builtins(study.sheet),
        "live": msgspec.to_builtins(study.live),
    }
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def read(row: Record) -> Study:
    """The assessment of a record."""
    return msgspec.json.decode(row.body, type=Study)
