"""Names that page and print share: places, provinces, reasons, differences."""

from __future__ import annotations

from typing import Final

from liangming.audit.channels import ARTICLES, ASPECTS, Unequal
from liangming.audit.ingest.faults import Fault
from liangming.audit.report.content import Content, Visit, showing
from liangming.audit.report.texts import say
from liangming.audit.schema import CHANNELS, EVENT_COLUMNS, FACTS, SCENE_KINDS
from liangming.audit.schema.facts import RowFact
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.scenes import Steered
from liangming.audit.statistics.words import (
    ASKED,
    Both,
    Tongue,
    channel_name,
    day,
    kind_name,
    percent,
    spoken,
    spoken_scene,
)
from liangming.audit.summary import Told, articles
from liangming.clock import rfc3339
from liangming.errors import catalogue
from liangming.law import CORPUS

SHOWN_PLACES: Final = 3
NAMED: Final = 5
LONGEST: Final = 24
"""Letters of an operator's name at the head of a report."""
_LEVEL: Final = 10_000
"""Digits of a code of GB/T 2260 below the province."""

PROVINCES: Final[dict[int, Both]] = {
    11: ("北京", "Beijing"), 12: ("天津", "Tianjin"), 13: ("河北", "Hebei"), 14: ("山西", "Shanxi"),
    15: ("内蒙古", "Inner Mongolia"), 21: ("辽宁", "Liaoning"), 22: ("吉林", "Jilin"),
    23: ("黑龙江", "Heilongjiang"), 31: ("上海", "Shanghai"), 32: ("江苏", "Jiangsu"),
    33: ("浙江", "Zhejiang"), 34: ("安徽", "Anhui"), 35: ("福建", "Fujian"), 36: ("江西", "Jiangxi"),
    37: ("山东", "Shandong"), 41: ("河南", "Henan"), 42: ("湖北", "Hubei"), 43: ("湖南", "Hunan"),
    44: ("广东", "Guangdong"), 45: ("广西", "Guangxi"), 46: ("海南", "Hainan"), 50: ("重庆", "Chongqing"),
    51: ("四川", "Sichuan"), 52: ("贵州", "Guizhou"), 53: ("云南", "Yunnan"), 54: ("西藏", "Xizang"),
    61: ("陕西", "Shaanxi"), 62: ("甘肃", "Gansu"), 63: ("青海", "Qinghai"), 64: ("宁夏", "Ningxia"),
    65: ("新疆", "Xinjiang"), 71: ("台湾", "Taiwan"), 81: ("香港", "Hong Kong"), 82: ("澳门", "Macao"),
}  # fmt: skip
"""Provinces by the first two digits of GB/T 2260."""

_IMPLIED: Final = {
    "counter": ("counter",), "doorstep": ("doorstep",), "machine": ("locker", "vending"),
    "gate": ("entrance",),
}  # fmt: skip
"""Channels that a kind of scene says already, by a part of its code."""


def province_name(code: int, tongue: Tongue) -> str:
    """A province in words; a code that is none of them as it is, "" where it is not known."""
    if not code:
        return ""
    both = PROVINCES.get(code // _LEVEL)
    return str(code) if both is None else both[0 if tongue == "zh" else 1]


def scene_name(kind: int, channel: int, tongue: Tongue) -> str:
    """A kind of scene, with its channel where the kind does not say it."""
    words = SCENE_KINDS[kind].split(".") if 0 <= kind < len(SCENE_KINDS) else []
    code = CHANNELS[channel] if 0 <= channel < len(CHANNELS) else CHANNELS[0]
    if set(words) & set(_IMPLIED.get(code, ())):
        return kind_name(kind, tongue)
    return f"{kind_name(kind, tongue)} · {channel_name(channel, tongue)}"


def place_name(content: Content, place: int, tongue: Tongue) -> tuple[str, str]:
    """An outlet, and what kind of place it is, in words."""
    here = content.here
    scene = scene_name(int(here.scene_kind[place]), int(here.channel[place]), tongue)
    parts = (here.operator[place], scene, province_name(int(here.province[place]), tongue))
    return here.outlet[place], " · ".join(part for part in parts if part)


def why(visit: Visit, tongue: Tongue) -> str:
    """Why an outlet is to be visited."""
    if visit.kind != "flag":
        return say(visit.kind, tongue)
    half = 0 if tongue == "zh" else 1
    return say("and", tongue).join(ASKED[name].title[half] for name in visit.why)


def reasons(content: Content, visit: Visit, tongue: Tongue) -> tuple[str, str]:
    """Of an outlet that stands out: the least likely number in words, and what would clear it."""
    flag = content.first_of(visit)
    if visit.kind != "flag" or flag is None:
        return "", ""
    words = spoken(flag, content.here, tongue)
    return words.seen, f"{say('clears', tongue)}{say('of', tongue)}{words.clears}"


def difference(one: Unequal, tongue: Tongue) -> tuple[str, str]:
    """What differs between two kinds of place, and by how much."""
    sides = []
    for side in (one.here, one.there):
        name = scene_name(side.scene_kind, side.channel, tongue)
        sides.append(f"{name} {side.share:.1%} ({side.k:,} / {side.n:,})")
    return ASPECTS[one.aspect][0 if tongue == "zh" else 1], say("and", tongue).join(sides)


def finding_title(one: Told, tongue: Tongue) -> str:
    """A hard finding by its number in the catalogue, where it has one, and in words."""
    number = one.finding.number
    text = one.finding.zh if tongue == "zh" else one.finding.en
    return f"{number if number.startswith('V') else say('ours', tongue)} · {text}"


def lacking(one: Told, content: Content, tongue: Tongue) -> str:
    """Why a hard finding could not be tested: what no file says, in words and as the format names it.

    What another finding was tested by is there; it is not asked for again.
    """
    there = {need for other in content.hard if other.tested for need in other.finding.needs}
    needs = one.missing or [need for need in one.finding.needs if need not in there]
    named = say("stop_list", tongue).join(
        needed(need, tongue) for need in needs or one.finding.needs
    )
    if one.missing:
        return f"{say('lacks', tongue)}{say('of', tongue)}{named}"
    return f"{say('no_row' if needs else 'no_row_all', tongue)}{say('of', tongue)}{named}"


def needed(name: str, tongue: Tongue) -> str:
    """What a column or fact says, with its name in the format."""
    one = next((one for one in (*FACTS, *EVENT_COLUMNS) if one.name == name), None)
    if one is None:
        return name
    fact = isinstance(one, RowFact)
    if tongue == "zh":
        words = f"是否“{one.zh}”" if fact else one.zh.partition("（")[0]
        return f"{words}（{name}）"
    return f"{'whether ' if fact else ''}{one.en.partition(',')[0]} ({name})"


def scene_seen(scene: Steered, tongue: Tongue) -> tuple[str, str]:
    """A whole scene beyond a limit: title, and what was seen for somebody who knows no statistics."""
    title, seen, _ = spoken_scene(scene, tongue)
    if scene.question == "moved":
        seen = say("scene_moved", tongue).format(
            seen=f"{scene.seen:.1f}", low=f"{scene.low:.1f}", limit=f"{scene.limit:g}"
        )
    return title, seen


def refusal(code: str, tongue: Tongue) -> str:
    """Why a file could not be read, by its code."""
    found = next((one for one in catalogue() if one.name == code), None)
    return code if found is None else (found.zh if tongue == "zh" else found.en)


def fault_said(one: Fault, tongue: Tongue) -> str:
    """Why values of a column were not understood."""
    gone = f"{say('and', tongue)}{say('row_gone', tongue)}" if one.leaves_out else ""
    return f"{say(f'fault_{one.reason}', tongue)}{gone}"


def most_at(content: Content, code: str) -> list[str]:
    """The outlets whose rows show a hard finding most often, with how often; all are in a table."""
    here = content.here
    shown, tested = here.get(code), here.get(f"{code}_tested")
    return [
        f"{here.outlet[place]} {shown[place]:,} / {tested[place]:,}"
        for place in showing(here, code, SHOWN_PLACES)
    ]


def share_of(k: int, n: int) -> str:
    """A part in percent; a few of very many are not nothing."""
    least = 0.001
    return f"< {least:.1%}" if 0 < k < n * least else percent(k / max(n, 1))


def since_of(flag: Flag) -> int | None:
    """The stretch from which a course is marked; None where nothing is said to have changed."""
    return flag.part if flag.question == "sudden" else None


def short(name: str) -> str:
    """A name where only the gist of many is told; it stands in full where it matters."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def facts(content: Content, tongue: Tongue) -> list[str]:
    """Of what and when a report is, a line each."""
    here, read = content.here, content.read
    names = sorted(set(here.operator))
    named = say("stop_list", tongue).join(map(short, names[:NAMED]))
    rest = ""
    if len(names) > NAMED:
        rest = say("etc", tongue).format(all=f"{len(names):,}", n=f"{len(names) - NAMED:,}")
    moment = rfc3339(read.made_at)[:16].replace("T", " ")
    return [
        *([f"{say('days', tongue)} {day(here.first_day)} – {day(here.last_day)}"] if names else []),
        *([f"{say('operators', tongue)} {named}{rest}"] if names else []),
        f"{say('made', tongue)} {moment}{say('china', tongue)}",
    ]


def cited_articles(content: Content) -> list[str]:
    """Ids of every article that the report cites, in the order of the corpus."""
    named = {a for name in content.by_question for a in ASKED[name].articles}
    named |= {a for scene in content.judged.scenes for a in ASKED[scene.question].articles}
    named |= set(ARTICLES) if content.channels else set()
    named |= {articles(one.finding)[0].id for one in content.hard if one.shown}
    return [name for name in CORPUS.articles if name in named]
