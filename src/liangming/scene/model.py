"""A scene (场景): a place and purpose where a check happens, as its operator configured it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from liangming.law.words import Channel, Method, SceneKind
from liangming.scene.lines import Source


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese (the source) and English."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh)


NOTHING: Final = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The company that answers for scenes (企业)."""

    id: str
    name: Text
    contact: Text  # how to reach whoever answers for personal information
    complaints: Text = NOTHING  # where to complain


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One station of an operator (网点)."""

    id: str
    name: Text
    province: str = ""  # two-digit province code and zeros, "310000" for Shanghai


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One method as this scene shows it; parity needs every way to look alike."""

    method: Method
    preselected: bool = False
    emphasised: bool = False  # larger, darker, first-coloured, "fast" badges
    rewarded: bool = False  # cheaper, prize, shorter queue
    label: Text | None = None  # the operator's own words instead of the standard ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One accepted document type and why: an article, or the operator's own stated basis."""

    type: str  # a value of method.documents.DocumentType
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long one field is kept, and by which article."""

    field: str  # "document", "name", "face", …
    days: int  # 0: not kept beyond the check
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An approved impact assessment (个人信息保护影响评估) for a face scene.

    No article gives an assessment a term: a change of purpose or way, or a serious incident, ends
    it (face.9). An operator may set one.
    """

    id: str
    approved_on: date
    approved_by: str  # a role, not a person
    valid_until: date | None = None  # its last day; None: until a change ends it

    def in_force(self, on: date) -> bool:
        """Whether it is approved by this day, and its term, if it has one, is not over."""
        return self.approved_on <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceTerms:
    """What a scene says about its face way; absent where none is offered."""

    assessment: Assessment | None
    leaves_device: bool = False
    transfer_consent: bool = False
    private_space: bool = False
    sign_displayed: bool = False
    one_to_many: bool = False
    pad_level: int = 3  # the least at which a face opens something here (a file may say 3 … 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A scene as configured; whether it is lawful is a question of its own (``lawfulness``)."""

    id: str
    operator: Operator
    outlet: Outlet
    kind: SceneKind
    channel: Channel
    purpose: Text
    ways: tuple[Way, ...]  # in the order shown
    notice: str  # notice family, e.g. "parcel-send"
    accepted: tuple[Accepted, ...] = ()
    fields: tuple[str, ...] = ()  # what is collected, e.g. ("document", "name")
    retention: tuple[Kept, ...] = ()  # one for every field whose time is stated
    face: FaceTerms | None = None
    staff_help: bool = False
    phone_forced: bool = False
    withdrawal: Text = NOTHING  # where to withdraw and delete
    texts: tuple[Text, ...] = ()  # further texts shown here: signs, banners
    channel_reason: str = ""  # written reason where channels differ (I10)
    check_minutes: int = 15  # an open check expires after so long
    source: Source = field(default=Source(), compare=False, repr=False)  # where it was written

    @property
    def methods(self) -> tuple[Method, ...]:
        """The ways it offers, in the order shown."""
        return tuple(way.method for way in self.ways)

    def kept(self, field: str) -> Kept | None:
        """The retention of one field, if stated."""
        return next((kept for kept in self.retention if kept.field == field), None)
