"""A scene file to scenes: the format's keys, its defaults, and what it refuses to guess.

Defaults are lawful and dull: the kind's usual channel and notice, no phone asked, nothing
preselected, nothing leaves the device, staff at hand where there is staff. What the law asks an
operator to *state* has no default: purpose, contact, what is collected and for how long.

The format is described in ``docs/spec/scene.md``.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from liangming.law.words import Channel, Method, SceneKind
from liangming.scene import faults
from liangming.scene.documents import LISTED, LISTED_BASIS, TYPES
from liangming.scene.faults import BadSceneFile
from liangming.scene.fields import FIELDS
from liangming.scene.form import Form, Report, nearest
from liangming.scene.kinds import KINDS, NOTICES
from liangming.scene.lines import Path as KeyPath
from liangming.scene.lines import Source
from liangming.scene.model import (
    NOTHING,
    Accepted,
    Assessment,
    FaceTerms,
    Kept,
    Operator,
    Outlet,
    Scene,
    Text,
    Way,
)
from liangming.scene.reading import read, read_file

MOST_SCENES: Final = 500
LONGEST_KEPT: Final = 36_500  # days; the law's ceilings are far below, this only stops nonsense
USUAL_ARTICLE: Final = "pipl.19"

FILE_KEYS: Final = ("operator", "outlet", "scene")
OPERATOR_KEYS: Final = ("id", "name", "contact", "complaints", "withdrawal")
OUTLET_KEYS: Final = ("id", "name", "province")
SCENE_KEYS: Final = (
    "id",
    "kind",
    "outlet",
    "channel",
    "purpose",
    "ways",
    "notice",
    "collects",
    "accepts",
    "face",
    "staff_help",
    "phone_forced",
    "withdrawal",
    "texts",
    "channel_reason",
    "check_minutes",
)
WAY_KEYS: Final = ("method", "label", "preselected", "emphasised", "rewarded")
KEPT_KEYS: Final = ("days", "article")
FACE_KEYS: Final = (
    "assessment",
    "leaves_device",
    "transfer_consent",
    "private_space",
    "sign_displayed",
    "one_to_many",
    "pad_level",
)
ASSESSMENT_KEYS: Final = ("id", "approved_on", "approved_by", "valid_until")

_STAFFED: Final = frozenset({Channel.COUNTER, Channel.DOORSTEP})


def load_scene_file(source: Path | bytes, name: str | None = None) -> list[Scene]:
    """Read one scene file.

    Args:
        source: where it is, or its bytes.
        name: how errors call it; the path when absent.

    Returns:
        Its scenes in the order written, each knowing its lines. Not yet judged lawful.

    Raises:
        BadSceneFile: with every fault found, each with its line.
    """
    if isinstance(source, bytes):
        data, name = source, name or "<bytes>"
    else:
        data, name = read_file(source), name or str(source)
    document, lines = read(data, name)
    report = Report(name, MappingProxyType(lines))
    scenes = _Reader(report, document).scenes()
    if report.faults:
        raise BadSceneFile(tuple(sorted(report.faults, key=lambda fault: fault.line)))
    return scenes


class _Reader:
    """Reads the tables of one document in turn: operator, outlets, scenes."""

    def __init__(self, report: Report, document: dict[str, Any]) -> None:
        self._report = report
        self._file = Form(report, document, (), FILE_KEYS)
        self._withdrawal = NOTHING
        self._operator = self._read_operator()
        self._outlets = self._read_outlets()

    def scenes(self) -> list[Scene]:
        """Every scene of the file, with ids used once."""
        tables = self._each("scene")
        if not tables:
            self._report.add(faults.NO_SCENE, ())
        if len(tables) > MOST_SCENES:
            self._report.add(faults.TOO_LARGE, ("scene",))
            return []
        scenes = []
        seen: set[str] = set()
        for path, table in tables:
            scene = self._read_scene(Form(self._report, table, path, SCENE_KEYS))
            if scene is None:
                continue
            if scene.id and scene.id in seen:
                self._report.add(faults.DUPLICATE_ID, (*path, "id"))
            seen.add(scene.id)
            scenes.append(scene)
        return scenes

    def _each(self, key: str) -> list[tuple[KeyPath, object]]:
        """The tables of ``[key]`` or ``[[key]]``, each with its path."""
        value = self._file.raw(key)
        if value is None:
            return []
        if isinstance(value, list):
            return [((key, index), table) for index, table in enumerate(value)]
        return [((key,), value)]

    def _read_operator(self) -> Operator:
        form = self._file.table("operator", OPERATOR_KEYS)
        if form is None:
            self._file.missing("operator")
            return Operator(id="", name=Text("", ""), contact=NOTHING)
        self._withdrawal = form.text("withdrawal", both=False)
        if not form.has("name"):
            form.missing("name")
        return Operator(
            id=form.id(),
            name=form.text("name", both=False),
            contact=form.text("contact", both=False),
            complaints=form.text("complaints", both=False),
        )

    def _read_outlets(self) -> dict[str, Outlet]:
        outlets: dict[str, Outlet] = {}
        for path, table in self._each("outlet"):
            form = Form(self._report, table, path, OUTLET_KEYS)
            if not form.has("name"):
                form.missing("name")
            outlet = Outlet(
                id=form.id(),
                name=form.text("name", both=False),
                province=form.province("province"),
            )
            if outlet.id in outlets:
                self._report.add(faults.DUPLICATE_ID, (*path, "id"))
            outlets[outlet.id] = outlet
        if not outlets:
            self._file.missing("outlet")
        return outlets

    def _read_scene(self, form: Form) -> Scene | None:
        kind = form.word("kind", SceneKind)
        if kind is None:
            return None
        character = KINDS[kind]
        channel = form.word("channel", Channel, character.channel) or character.channel
        ways = self._ways(form)
        fields, retention = self._collects(form)
        face = self._face(form)
        if face is None and any(way.method is Method.FACE for way in ways):
            form.fault(faults.FACE_TERMS_MISSING, "ways", "[scene.face]")
        if not form.has("ways"):
            form.missing("ways")
        scene_id = form.id()
        outlet = self._outlet(form)
        if outlet is None:
            return None
        minutes = form.number("check_minutes", 15, 1, 120)
        return Scene(
            id=scene_id,
            operator=self._operator,
            outlet=outlet,
            kind=kind,
            channel=channel,
            purpose=form.text("purpose"),
            ways=ways,
            notice=self._notice(form, character.notice),
            accepted=self._accepts(form, kind, ways),
            fields=fields,
            retention=retention,
            face=face,
            staff_help=form.flag("staff_help", default=channel in _STAFFED),
            phone_forced=form.flag("phone_forced", default=False),
            withdrawal=form.text("withdrawal", both=False) or self._withdrawal,
            texts=tuple(
                form.as_text(value, (*form.path, "texts", index))
                for index, value in enumerate(form.items("texts"))
            ),
            channel_reason=form.string("channel_reason"),
            check_minutes=15 if minutes is None else minutes,
            source=Source(self._report.file, form.path, self._report.lines),
        )

    def _outlet(self, form: Form) -> Outlet | None:
        if form.has("outlet"):
            name = form.string("outlet")
            if name not in self._outlets:
                form.fault(faults.UNKNOWN_VALUE, "outlet", nearest(name, self._outlets))
            return self._outlets.get(name)
        if len(self._outlets) > 1:
            form.fault(faults.SEVERAL_OUTLETS)
        return next(iter(self._outlets.values()), None)

    def _notice(self, form: Form, usual: str) -> str:
        name = form.string("notice", usual)
        if name and name not in NOTICES:
            form.fault(faults.UNKNOWN_VALUE, "notice", nearest(name, NOTICES))
        return name

    def _ways(self, form: Form) -> tuple[Way, ...]:
        ways: list[Way] = []
        for index, value in enumerate(form.items("ways")):
            path = (*form.path, "ways", index)
            if isinstance(value, dict):
                way = self._way(Form(self._report, value, path, WAY_KEYS))
            else:
                method = form.member(value, Method, path)
                way = None if method is None else Way(method=method)
            if way is None:
                continue
            if any(way.method is other.method for other in ways):
                self._report.add(faults.DUPLICATE_WAY, path)
            ways.append(way)
        return tuple(ways)

    def _way(self, form: Form) -> Way | None:
        method = form.word("method", Method)
        if method is None:
            return None
        return Way(
            method=method,
            label=form.text("label") if form.has("label") else None,
            preselected=form.flag("preselected", default=False),
            emphasised=form.flag("emphasised", default=False),
            rewarded=form.flag("rewarded", default=False),
        )

    def _collects(self, form: Form) -> tuple[tuple[str, ...], tuple[Kept, ...]]:
        table = form.table("collects", tuple(FIELDS))
        if table is None:
            return (), ()
        fields = tuple(field for field in FIELDS if table.has(field))
        retention = []
        for field in fields:
            terms = table.table(field, KEPT_KEYS)
            days = terms.number("days", None, 0, LONGEST_KEPT) if terms else None
            if terms is None or days is None:
                continue  # not a fault of form: the law says that it must be stated
            article = terms.string("article", USUAL_ARTICLE)
            retention.append(Kept(field=field, days=days, article=article))
        return fields, tuple(retention)

    def _accepts(self, form: Form, kind: SceneKind, ways: tuple[Way, ...]) -> tuple[Accepted, ...]:
        table = form.table("accepts", TYPES)
        shows = kind.sends and any(way.method.shows_identity for way in ways)
        listed = tuple(Accepted(type=name, basis=LISTED_BASIS) for name in LISTED if shows)
        if table is None:
            return listed
        stated = []
        for name in TYPES:
            if not table.has(name):
                continue
            basis = table.string(name)
            if not basis:
                table.fault(faults.MISSING_KEY, name, "“依据：……”")
            elif name not in LISTED:
                stated.append(Accepted(type=name, basis=basis))
        return (*listed, *stated)

    def _face(self, form: Form) -> FaceTerms | None:
        terms = form.table("face", FACE_KEYS)
        if terms is None:
            return None
        level = terms.number("pad_level", 3, 3, 5)
        return FaceTerms(
            assessment=self._assessment(terms.table("assessment", ASSESSMENT_KEYS)),
            leaves_device=terms.flag("leaves_device", default=False),
            transfer_consent=terms.flag("transfer_consent", default=False),
            private_space=terms.flag("private_space", default=False),
            sign_displayed=terms.flag("sign_displayed", default=False),
            one_to_many=terms.flag("one_to_many", default=False),
            pad_level=3 if level is None else level,
        )

    def _assessment(self, form: Form | None) -> Assessment | None:
        if form is None:
            return None
        approved_on = form.day("approved_on")
        valid_until = form.day("valid_until") if form.has("valid_until") else None
        name = form.string("id", required=True)
        role = form.string("approved_by", required=True)
        if approved_on is None:
            return None
        if valid_until is not None and valid_until < approved_on:
            form.fault(faults.OUT_OF_RANGE, "valid_until", "≥ approved_on")
        return Assessment(
            id=name, approved_on=approved_on, approved_by=role, valid_until=valid_until
        )
