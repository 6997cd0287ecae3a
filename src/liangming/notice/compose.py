"""Fill a wording with the facts of a scene."""

from __future__ import annotations

from liangming.errors import Kind, Misuse, declare
from liangming.notice.model import Item, ItemKind, Notice
from liangming.notice.wording import Wording, families
from liangming.scene import FIELDS, Scene, Text

NOTICE_UNKNOWN = declare(
    "notice.unknown-family",
    Kind.ABSENT,
    zh="没有这种告知文本。",
    en="There is no such notice.",
)


def compose(scene: Scene, family: str | None = None, wording: Wording | None = None) -> Notice:
    """The notice of a scene, or of one family at that scene (``notice.FACE`` for the face).

    Args:
        scene: whose facts fill it.
        family: another than the scene's own.
        wording: the one in force (:mod:`liangming.notice.force`); the release's newest if None.

    Raises:
        Misuse: the family is not on file (``notice.unknown-family``).
    """
    wording = wording or families().get(family or scene.notice)
    if wording is None:
        raise Misuse(NOTICE_UNKNOWN, field="notice")
    of_face = wording.family == "face"
    fields = ("face",) if of_face else tuple(f for f in scene.fields if f != "face")
    zh = _facts(scene, fields, 0)
    en = _facts(scene, fields, 1)
    items = tuple(
        Item(
            ItemKind(kind),
            wording.zh[kind].format_map(zh),
            wording.en[kind].format_map(en),
        )
        for kind in wording.zh
    )
    return Notice(wording.family, wording.version, scene.id, items)


def _facts(scene: Scene, fields: tuple[str, ...], side: int) -> dict[str, str]:
    def of(text: Text) -> str:
        return (text.zh, text.en)[side]

    stop = ("、", ", ")[side]
    none = ("不收集个人信息", "no personal data")[side]
    words = [of(FIELDS[field]) for field in fields]
    return {
        "operator": of(scene.operator.name),
        "outlet": of(scene.outlet.name),
        "contact": of(scene.operator.contact),
        "complaints": of(scene.operator.complaints or scene.operator.contact),
        "purpose": of(scene.purpose),
        "withdrawal": of(scene.withdrawal or scene.operator.contact),
        "fields": stop.join(words) if words else none,
        "kept": _kept(scene, fields, side),
    }


def _kept(scene: Scene, fields: tuple[str, ...], side: int) -> str:
    """How long what is kept; fields kept equally long are said together."""
    groups: dict[int, list[str]] = {}
    for field in fields:
        kept = scene.kept(field)
        if kept is not None:
            word = FIELDS[field]
            groups.setdefault(kept.days, []).append((word.zh, word.en)[side])
    stop = ("、", ", ")[side]
    parts = [_one(stop.join(words), days, side) for days, words in groups.items()]
    return ("；", "; ")[side].join(parts) or ("不保存", "nothing is kept")[side]


def _one(words: str, days: int, side: int) -> str:
    if days == 0:
        return (f"{words}用后即删，不保存", f"{words}: deleted right after use")[side]
    return (
        f"{words}保存 {days} 天，到期删除",
        f"{words}: kept {days} days, then deleted",
    )[side]
