"""A scene in the law's words: the facts on which *configure* is decided, and where each stands.

Every fact is given: an unknown one would leave the scene undetermined, and undetermined is not
lawful. The one exception is a time that the file does not state, which ``retention_stated``
already says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from liangming.law.words import Method
from liangming.rules import FactValue
from liangming.scene.bait import Bait, bait_in, says_only_service
from liangming.scene.channels import Departure, has_reason
from liangming.scene.fields import IDENTITY
from liangming.scene.kinds import KINDS, may_collect
from liangming.scene.lines import Path
from liangming.scene.model import Scene, Text


def situation(scene: Scene, departure: Departure | None, on: date) -> dict[str, FactValue | None]:
    """The facts of a scene on a day.

    Args:
        scene: as configured.
        departure: how it departs from its sisters, if it does (``channels.departures``).
        on: the day in China; an assessment may be not yet or no longer valid.
    """
    open_ways = [m for m in scene.methods if m in KINDS[scene.kind].open_to_all]
    face = scene.face if Method.FACE in scene.methods else None
    offers_face = Method.FACE in scene.methods
    faces = [way for way in scene.ways if way.method is Method.FACE]
    return {
        "kind": scene.kind.value,
        "channel": scene.channel.value,
        "province": scene.outlet.province,
        "asks_identity": asks_identity(scene),
        "offers_face": offers_face,
        "alternatives": len(open_ways),
        "plain_alternatives": sum(1 for m in open_ways if not m.needs_smartphone),
        "face_first": offers_face and scene.ways[0].method is Method.FACE,
        "face_preselected": any(way.preselected for way in faces),
        "face_emphasised": any(way.emphasised for way in faces),
        "face_rewarded": any(way.rewarded for way in faces),
        "bait_words": bool(bait_of(scene)),
        "purpose_stated": bool(scene.purpose.zh and scene.purpose.en),
        "purpose_only_service": says_only_service(scene.purpose.zh),
        "notice_named": bool(scene.notice),
        "contact_stated": bool(scene.operator.name.zh and scene.operator.contact),
        "complaint_channel": bool(scene.operator.complaints),
        "withdrawal_channel": bool(scene.withdrawal),
        "retention_stated": not unstated(scene),
        "identity_retention_days": _longest(scene, IDENTITY),
        "face_retention_days": _longest(scene, frozenset({"face"})) if offers_face else 0,
        "extra_fields": bool(extra(scene)),
        "phone_forced": scene.phone_forced,
        "face_leaves_device": face is not None and face.leaves_device,
        "face_transfer_consent": face is not None and face.transfer_consent,
        "assessment_approved": _approved(scene, on),
        "sign_displayed": face is not None and face.sign_displayed,
        "private_space": face is not None and face.private_space,
        "one_to_many": face is not None and face.one_to_many,
        "staff_help": scene.staff_help,
        "unequal_channels": departure is not None,
        "channel_reason": has_reason(scene),
    }


def asks_identity(scene: Scene) -> bool:
    """Whether the scene asks who a person is; a face beside other ways is judged on its own."""
    return bool(IDENTITY & set(scene.fields)) or any(
        m.shows_identity and not m.is_face for m in scene.methods
    )


def extra(scene: Scene) -> tuple[str, ...]:
    """The fields that this scene cannot need."""
    allowed = may_collect(scene.kind, scene.methods)
    return tuple(field for field in scene.fields if field not in allowed)


def unstated(scene: Scene) -> tuple[str, ...]:
    """The fields without a stated time; a face way always processes a face."""
    wanted = list(scene.fields)
    if Method.FACE in scene.methods and "face" not in wanted:
        wanted.append("face")
    return tuple(field for field in wanted if scene.kept(field) is None)


def bait_of(scene: Scene) -> tuple[tuple[Path, Bait], ...]:
    """The bait words of a scene's texts, each with where it stands.

    The words on the ways are always read; purpose and banners only where a face is offered.
    """
    texts: list[tuple[Path, Text]] = [
        (("ways", index, "label"), way.label)
        for index, way in enumerate(scene.ways)
        if way.label is not None
    ]
    if Method.FACE in scene.methods:
        texts.append((("purpose",), scene.purpose))
        texts += [(("texts", index), text) for index, text in enumerate(scene.texts)]
    return tuple((path, bait) for path, text in texts for bait in bait_in(text.zh, text.en))


def _longest(scene: Scene, fields: frozenset[str]) -> int | None:
    kept = [scene.kept(field) for field in scene.fields if field in fields]
    if any(each is None for each in kept) or ("face" in fields and not kept):
        return None
    return max((each.days for each in kept if each is not None), default=0)


def _approved(scene: Scene, on: date) -> bool:
    face = scene.face if Method.FACE in scene.methods else None
    assessment = face.assessment if face is not None else None
    return assessment is not None and assessment.in_force(on)


def _face_way(scene: Scene) -> Path:
    for index, way in enumerate(scene.ways):
        if way.method is Method.FACE:
            return ("ways", index)
    return ("ways",)


def _of_face(*steps: str) -> Callable[[Scene], Path]:
    return lambda _: ("face", *steps)


def _field(fields: Callable[[Scene], tuple[str, ...]]) -> Callable[[Scene], Path]:
    def place(scene: Scene) -> Path:
        found = fields(scene)
        return ("collects", found[0]) if found else ("collects",)

    return place


def _longest_identity(scene: Scene) -> tuple[str, ...]:
    kept = [each for each in scene.retention if each.field in IDENTITY]
    return tuple(each.field for each in sorted(kept, key=lambda each: -each.days)[:1])


def _identity(scene: Scene) -> Path:
    fits = KINDS[scene.kind].methods
    shows = [
        (m in fits, index)
        for index, m in enumerate(scene.methods)
        if m.shows_identity and not m.is_face
    ]
    if shows:
        return ("ways", min(shows)[1])
    return _field(lambda s: tuple(f for f in s.fields if f in IDENTITY))(scene)


def _key(*steps: str) -> Callable[[Scene], Path]:
    return lambda _: steps


def _bait(scene: Scene) -> Path:
    found = bait_of(scene)
    return found[0][0] if found else ("texts",)


def _way_flag(flag: str) -> Callable[[Scene], Path]:
    return lambda scene: (*_face_way(scene), flag)


PLACES: Final[Mapping[str, Callable[[Scene], Path]]] = {
    "face_first": _face_way,
    "face_preselected": _way_flag("preselected"),
    "face_emphasised": _way_flag("emphasised"),
    "face_rewarded": _way_flag("rewarded"),
    "bait_words": _bait,
    "purpose_stated": _key("purpose"),
    "purpose_only_service": _key("purpose"),
    "notice_named": _key("notice"),
    "contact_stated": lambda _: ("/", "operator", "contact"),
    "complaint_channel": lambda _: ("/", "operator", "complaints"),
    "withdrawal_channel": _key("withdrawal"),
    "retention_stated": _field(unstated),
    "identity_retention_days": _field(_longest_identity),
    "face_retention_days": _key("collects", "face"),
    "extra_fields": _field(extra),
    "phone_forced": _key("phone_forced"),
    "face_leaves_device": _of_face("leaves_device"),
    "face_transfer_consent": _of_face("leaves_device"),
    "assessment_approved": _of_face("assessment"),
    "sign_displayed": _of_face("sign_displayed"),
    "private_space": _of_face("private_space"),
    "one_to_many": _of_face("one_to_many"),
    "unequal_channels": lambda _: (),
    "channel_reason": lambda _: (),
    "plain_alternatives": _key("ways"),
    "alternatives": _key("ways"),
    "asks_identity": _identity,
    "staff_help": _key("staff_help"),
    "offers_face": _face_way,
}
"""Fact → where in the scene it is written; ``"/"`` first means from the top of the file.

In the order of how telling a fact is: a rule that reads several is placed by the first of these.
"""
