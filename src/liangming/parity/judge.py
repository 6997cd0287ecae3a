"""From measures to findings: pure, the same for our pages and for others'.

Law: face.12 and pipl.5 forbid to mislead and to coerce; they speak of no pixels. Equal presentation
is how Liangming holds them, and each finding says so by citing them only where a face is among
the ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from liangming.parity.model import Finding, Measure, Option
from liangming.parity.words import PULLING
from liangming.scene.bait import bait_in

PIXEL: Final = 1.0
LENGTH: Final = 1.2
ICON: Final = 1.2
CONTRAST: Final = 0.5
ENOUGH: Final = 4.5
_EQUAL: Final = ("face.12", "pipl.5")
_OFFER: Final = ("face.10", "pipl.16")
_FREELY: Final = ("pipl.14", "pipl.16")
_CONSENT: Final = ("pipl.29",)
_TWO: Final = 2


def judge(measure: Measure) -> tuple[Finding, ...]:
    """Everything that sets one choice apart, in the order of a reader's eye.

    Args:
        measure: one rendering; its options are one group of choices.
    """
    options = measure.options
    found: list[Finding | None] = [
        _first(options),
        _selected(options),
        _only(measure),
        _elsewhere(options),
        _no_missing(measure),
        _differ(options, "box", _boxes, *_BOX),
        _differ(options, "type", lambda o: (o.type, o.styles), *_TYPE),
        _differ(options, "colour", lambda o: o.colour, *_COLOUR),
        _contrast(options),
        _icons(options),
        _length(options),
        _bait(measure),
        _unusable(options),
        _camera(measure),
    ]
    face = any(o.kind in {"face", "yes"} for o in options) and measure.asks_for_face
    return tuple(finding if face else _uncited(finding) for finding in found if finding is not None)


_BOX: Final = (
    "选项的大小不同。", "The choices are not of one size.",
    "让所有选项的宽和高一样。", "Give every choice the same width and height.",
)  # fmt: skip
_TYPE: Final = (
    "选项的字号、粗细或字体不同。", "The choices differ in size, weight or family of type.",
    "所有选项用同样的字。", "Set every choice in the same type.",
)  # fmt: skip
_COLOUR: Final = (
    "选项的颜色、边框、阴影或动效不同。", "The choices differ in colour, border, shadow or motion.",
    "所有选项用同样的颜色和边框，不加动效。", "Same colours and borders for every choice, and no motion.",
)  # fmt: skip


def _finding(
    code: str, texts: Sequence[str], options: Sequence[Option], citations: tuple[str, ...] = _EQUAL
) -> Finding:
    zh, en, mend_zh, mend_en = texts
    return Finding(
        code, zh, en, mend_zh, mend_en, tuple(sorted(o.told for o in options)), citations
    )


def _uncited(finding: Finding) -> Finding:
    return Finding(
        finding.code, finding.zh, finding.en, finding.mend_zh, finding.mend_en, finding.options, ()
    )


def _odd(options: Sequence[Option], look: Callable[[Option], object]) -> list[Option]:
    """Those that do not look like most: the face first among equals, since it is what matters."""
    looks: dict[object, list[Option]] = {}
    for option in options:
        looks.setdefault(look(option), []).append(option)
    if len(looks) < _TWO:
        return []
    most = max(looks.values(), key=lambda same: (len(same), same[0].kind not in {"face", "yes"}))
    return [option for option in options if option not in most]


def _differ(  # noqa: PLR0917  (a row of texts)
    options: Sequence[Option],
    code: str,
    look: Callable[[Option], object],
    zh: str,
    en: str,
    mend_zh: str,
    mend_en: str,
) -> Finding | None:
    odd = _odd(options, look)
    return _finding(code, (zh, en, mend_zh, mend_en), odd) if odd else None


def _boxes(option: Option) -> tuple[int, int]:
    return round(option.width / PIXEL), round(option.height / PIXEL)


def _first(options: Sequence[Option]) -> Finding | None:
    faces = [o for o in options if o.kind == "face"]
    others = [o for o in options if o.kind == "way"]
    ahead = [
        o
        for o in faces
        if others and (o.seen < min(w.seen for w in others) or o.told < min(w.told for w in others))
    ]
    yes = [o for o in options if o.kind == "yes"]
    no = [o for o in options if o.kind == "no"]
    ahead += [o for o in yes if no and o.seen < min(n.seen for n in no)]
    return _finding(
        "face-first",
        (
            "刷脸（或“同意”）排在其他选项前面。", "The face (or “yes”) stands before the other choices.",
            "把刷脸放在最后，“不同意”放在“同意”前面。", "Put the face last, and “no” before “yes”.",
        ),
        ahead,
    ) if ahead else None  # fmt: skip


def _selected(options: Sequence[Option]) -> Finding | None:
    chosen = [o for o in options if o.selected]
    return _finding(
        "selected",
        (
            "有选项已被预先选中或得到焦点。", "A choice is selected, or has the focus, from the start.",
            "不预选任何选项。", "Select nothing in advance.",
        ),
        chosen,
    ) if chosen else None  # fmt: skip


def _only(measure: Measure) -> Finding | None:
    faces = [o for o in measure.options if o.kind == "face"]
    if not faces or len(faces) != len(measure.options):
        return None
    return _finding(
        "face-only",
        (
            "这里只有刷脸，没有其他方式。", "The face is the only way here.",
            "同一层级给出其他方式，其中有不用手机的。", "Offer other ways on the same level, one of them without a phone.",
        ),
        faces,
        _OFFER,
    )  # fmt: skip


def _elsewhere(options: Sequence[Option]) -> Finding | None:
    hidden = [o for o in options if o.kind == "elsewhere"]
    faced = any(o.kind in {"face", "yes"} for o in options)
    ways = any(o.kind == "way" for o in options)
    if not hidden or not faced or ways:
        return None
    return _finding(
        "another-tap",
        (
            "其他方式要多点一次才看得到。", "The other ways are one tap further away.",
            "在同一页、同一层级列出所有方式。", "List every way on the same page and level.",
        ),
        hidden,
        (*_OFFER, *_EQUAL),
    )  # fmt: skip


def _no_missing(measure: Measure) -> Finding | None:
    yes = [o for o in measure.options if o.kind == "yes"]
    others = [o for o in measure.options if o.kind in {"no", "way", "elsewhere"}]
    if not yes or others or not measure.asks_for_face:
        return None
    return _finding(
        "no-missing",
        (
            "只能同意，没有同级的“不同意”。", "One can only agree: there is no “no” beside it.",
            "把“不同意”放在同一层级，一次点按即可，其他都不变。", "Put “no” on the same level, one tap, and change nothing for it.",
        ),
        yes,
        _FREELY,
    )  # fmt: skip


def _contrast(options: Sequence[Option]) -> Finding | None:
    known = [(o, o.contrast) for o in options if o.contrast is not None]
    if not known:
        return None
    best = max(ratio for _, ratio in known)
    faint = [o for o, ratio in known if best - ratio > CONTRAST or ratio < ENOUGH]
    if not faint:
        return None
    lowest = min(ratio for _, ratio in known)
    return _finding(
        "contrast",
        (
            f"有选项的文字对比度更低（最低 {lowest:.1f}:1，最高 {best:.1f}:1）。",
            f"Some choices are fainter ({lowest:.1f}:1 at least, {best:.1f}:1 at most).",
            "所有选项用同样的对比度，且不低于 4.5:1。", "Same contrast for every choice, at least 4.5:1.",
        ),
        faint,
    )  # fmt: skip


def _icons(options: Sequence[Option]) -> Finding | None:
    odd = _odd(options, lambda o: o.icons)
    if not odd:
        areas = [o.icon_area for o in options]
        if max(areas, default=0) <= ICON * min(areas, default=0):
            return None
        odd = [o for o in options if o.icon_area == max(areas)]
    return _finding(
        "icon",
        (
            "选项的图标数量或大小不同。", "The choices differ in number or size of icons.",
            "所有选项都有或都没有图标，大小一样。", "All choices have an icon, of one size, or none has.",
        ),
        odd,
    )  # fmt: skip


def _length(options: Sequence[Option]) -> Finding | None:
    counts = {o.told: len(o.text) for o in options}
    if not counts or max(counts.values()) <= LENGTH * min(counts.values()):
        return None
    shortest, longest = min(counts.values()), max(counts.values())
    far = [o for o in options if counts[o.told] in {shortest, longest}]
    return _finding(
        "wording",
        (
            f"选项的文字长短相差超过两成（{shortest}–{longest} 字）。",
            f"The choices' texts differ by more than a fifth ({shortest}–{longest} characters).",
            "各选项写得一样长、一样具体。", "Write every choice equally long and equally concrete.",
        ),
        far,
    )  # fmt: skip


def _bait(measure: Measure) -> Finding | None:
    words: dict[str, None] = {}
    guilty: list[Option] = []
    for option in measure.options:
        found = [bait.word for bait in bait_in(option.text)]
        found += [word.lower() for word in PULLING.findall(option.text)]
        words |= dict.fromkeys(found)
        guilty += [option] if found else []
    if any(o.kind in {"face", "yes"} for o in measure.options):
        words |= dict.fromkeys(bait.word for bait in bait_in(measure.around))
    if not words:
        return None
    said = "、".join(words)
    return _finding(
        "bait",
        (
            f"有诱导用语：{said}。", f"Words that lure: {', '.join(words)}.",
            "只写有哪些方式、各要做什么。", "Say only which ways there are and what each takes.",
        ),
        guilty,
    )  # fmt: skip


def _unusable(options: Sequence[Option]) -> Finding | None:
    bad = [o for o in options if o.disabled or o.clipped]
    return _finding(
        "unusable",
        (
            "有选项不能点，或文字显示不全。", "A choice cannot be pressed, or its text is cut off.",
            "每个选项都能点，文字完整。", "Let every choice be pressed and read in full.",
        ),
        bad,
        _OFFER,
    ) if bad else None  # fmt: skip


def _camera(measure: Measure) -> Finding | None:
    if not measure.camera:
        return None
    return _finding(
        "camera",
        (
            "还没有选择和同意，页面就要求打开摄像头。", "The page asks for the camera before any choice or consent.",
            "取得单独同意之后才请求摄像头。", "Ask for the camera only after separate consent.",
        ),
        [],
        _CONSENT,
    )  # fmt: skip
