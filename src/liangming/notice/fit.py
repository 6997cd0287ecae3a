"""Whether a wording may become a notice: every item, both languages, only places we know.

A place such as ``{purpose}`` is filled with the scene's own facts. Anything else in braces is
refused, so that a wording can neither leave a hole nor reach into the program.

Law: pipl.17, pipl.30, face.5 (the items); face.12 (no bait)
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final

from liangming.errors import Kind, Misuse, declare
from liangming.notice.model import ItemKind
from liangming.scene.bait import bait_in

PLACES: Final = frozenset(
    {"operator", "outlet", "contact", "complaints", "purpose", "withdrawal", "fields", "kept"}
)
NEEDED: Final = {
    ItemKind.WHO: {"operator", "contact"},
    ItemKind.WHY: {"purpose"},
    ItemKind.WHAT: {"fields"},
    ItemKind.KEPT: {"kept"},
    ItemKind.RIGHTS: {"withdrawal"},
    ItemKind.COMPLAIN: {"complaints"},
}
"""What an item must name for its scene, or it says nothing."""
LONGEST: Final = 400

ITEM_MISSING = declare(
    "notice.item-missing",
    Kind.INVALID,
    zh="告知缺项：每一项都要有中文和英文，每项不超过 400 字。",
    en="An item is missing: each is needed in Chinese and in English, with at most 400 characters.",
)
PLACE_UNFIT = declare(
    "notice.place-unfit",
    Kind.INVALID,
    zh="花括号里只能写：operator、outlet、contact、complaints、purpose、withdrawal、fields、kept；"
    "处理者、目的、种类、期限、权利、投诉各项须用到自己的那几个。",
    en="Braces may hold operator, outlet, contact, complaints, purpose, withdrawal, fields, kept, and each"
    " item must use those that it is about.",
)
BAIT = declare(
    "notice.bait",
    Kind.REFUSED,
    zh="告知里有诱导的词（例如推荐、更快、优惠），请删去。",
    en="The wording holds words that push people (recommended, faster, a discount); please drop them.",
)


def must_fit(zh: Mapping[str, str], en: Mapping[str, str]) -> None:
    """Refuse a wording that could not be shown.

    Raises:
        Misuse: ``notice.item-missing``, ``notice.place-unfit``, ``notice.bait``, with the item.
    """
    kinds = [kind.value for kind in ItemKind]
    for language, items in (("zh", zh), ("en", en)):
        if sorted(items) != sorted(kinds):
            raise Misuse(ITEM_MISSING, field=language)
        for kind in kinds:
            _item(f"{language}.{kind}", ItemKind(kind), items[kind])


def _item(where: str, kind: ItemKind, text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise Misuse(ITEM_MISSING, field=where)
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Misuse(PLACE_UNFIT, field=where) from None
    places = {name for _, name, _, _ in parts if name is not None}
    dressed = any(spec or turned for _, name, spec, turned in parts if name is not None)
    if dressed or not places <= PLACES or not NEEDED.get(kind, set()) <= places:
        raise Misuse(PLACE_UNFIT, field=where)
    if bait_in(text):
        raise Misuse(BAIT, field=where, citations=("face.12",))
