"""Every flag in words: what was seen, against what, how sure, what would clear it, which article.

Nothing here says *coercion*. A place stands out; somebody has to go and look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from liangming.audit.schema import BANDS, CHANNELS, FINDING_CODES, SCENE_KINDS, WAYS
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.scenes import Steered
from liangming.law import CORPUS
from liangming.law.wording import KINDS, METHODS, cite

Tongue = Literal["zh", "en"]
Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question is spoken of.

    Attributes:
        title: in a few words.
        seen: what was counted, with {k}, {n}, {seen}, {usual}, {low} and the like.
        clears: what would clear it.
        look: what to look at on the spot.
        articles: articles of the corpus that would be touched if it is so.
    """

    title: Both
    seen: Both
    clears: Both
    look: Both
    articles: tuple[str, ...]


ASKED: Final[dict[str, Asked]] = {
    "share": Asked(
        ("刷脸比例突出", "Unusual share of faces"),
        ("{n} 次可以选择的查验中，{k} 次选了刷脸（{seen}）；同类网点通常为 {usual}。这里至少为 {low}。",
         "In {k} of {n} checks with a choice the face was chosen ({seen}); comparable outlets usually have {usual}. Here it is at least {low}."),
        ("同一批人在别处也这样选；或者现场看到各种方式同样近便、没有人引导。",
         "The same people choose so elsewhere too; or every way is equally at hand and nobody steers."),
        ("看收寄员怎么说、屏幕先显示什么；自己说“不刷脸”试一次。",
         "Listen to what clerks say, see what the screen shows first; say 'no face' once yourself."),
        ("face.12", "pipl.14"),
    ),
    "moved": Asked(
        ("同一些人在这里改为刷脸", "The same people go by face only here"),
        ("在别处见过、前后方式不同的 {n} 人次中，{k} 人次是在这里改为刷脸（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "Of {n} checks of people seen elsewhere who went another way, {k} changed to the face here ({seen}); usually {usual}. At least {low}."),
        ("两处提供的方式不同，并有书面理由。", "The two places offer different ways, for a written reason."),
        ("比较此处与别处列出的方式和说法。", "Compare the ways and the wording here and elsewhere."),
        ("face.12", "pipl.5"),
    ),
    "habit": Asked(
        ("刷脸比例高于这些人自己的习惯", "More faces than these people's own habit explains"),
        ("{n} 次可以选择的查验中，{k} 次选了刷脸（{seen}）。来这里的人里有 {pairs} 人次在别处见过，其中 {there} 在别处刷脸；顾客习惯相同的同类网点通常为 {usual}。这里至少为 {low}。",
         "In {k} of {n} checks with a choice the face was chosen ({seen}). {pairs} of these checks were of people seen elsewhere, {there} of whom went by face there; comparable outlets with such people usually have {usual}. Here it is at least {low}."),
        ("别处没有提供同样的方式，所以那里的选择不能说明习惯；或者现场看到各种方式同样近便、没有人引导。",
         "Elsewhere the same ways were not offered, so that habit says nothing; or every way is equally at hand here and nobody steers."),
        ("比较此处与别处列出的方式和说法；自己说“不刷脸”试一次。",
         "Compare the ways and the wording here and elsewhere; say 'no face' once yourself."),
        ("face.12", "pipl.14"),
    ),
    "refused": Asked(
        ("拒绝刷脸后被拒收偏多", "More refusals after declining the face"),
        ("{n} 次拒绝刷脸之后，{k} 次不予收寄（{seen}）；按本网点其他查验和同类网点，通常为 {usual}。至少为 {low}。",
         "Of {n} checks with a decline {k} were refused ({seen}); from the others at this outlet and at its peers {usual} is usual. At least {low}."),
        ("逐条列出这些拒收的法定理由（无证件、不符、不实）。",
         "A lawful reason for each of these refusals (no document, mismatch, untrue data)."),
        ("抽看这些拒收的理由；看证件查验是否真的可用。",
         "Read the reasons of these refusals; see whether checking a document really works."),
        ("pipl.16", "face.10"),
    ),
    "abandoned": Asked(
        ("拒绝刷脸后放弃偏多", "More people give up after declining the face"),
        ("{n} 次拒绝刷脸之后，{k} 次中途放弃（{seen}）；按本网点其他查验和同类网点，通常为 {usual}。至少为 {low}。",
         "Of {n} checks with a decline {k} were given up ({seen}); from the others at this outlet and at its peers {usual} is usual. At least {low}."),
        ("另一种方式当时同样可用、同样快。", "Another way was open then, and as quick."),
        ("说“不刷脸”，数一数要几步、等多久。", "Say 'no face', count the steps and the wait."),
        ("face.10", "pipl.16"),
    ),
    "waits": Asked(
        ("拒绝刷脸后等得更久", "Longer waits after declining the face"),
        ("拒绝刷脸之后的 {n} 次查验，用时为本网点其他查验的 {ratio} 倍；同类网点通常为 {usual} 倍。至少为 {low} 倍。",
         "{n} checks after a decline took {ratio} times as long as the others at this outlet; {usual} times is usual. At least {low} times."),
        ("其他方式在这里对所有人都这样慢。", "The other ways are as slow here for everybody."),
        ("看拒绝之后要不要换队、换人、等设备。", "See whether a decline means another queue, person or device."),
        ("face.10",),
    ),
    "pushed": Asked(
        ("拒绝之后仍用了刷脸", "The face was used although it was declined"),
        ("{n} 次拒绝刷脸之后，{k} 次最后还是刷脸（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "Of {n} checks with a decline {k} ended by face ({seen}); {usual} is usual. At least {low}."),
        ("本人改变主意并另行作出单独同意，有记录。", "The person changed their mind by a separate consent, on record."),
        ("看拒绝之后屏幕和收寄员是否再次要求。", "See whether screen or clerk ask again after a decline."),
        ("netdata.22", "face.12"),
    ),
    "down-on-decline": Asked(
        ("一拒绝刷脸，其他方式就“故障”", "Other ways are down just when the face is declined"),
        ("{n} 次拒绝刷脸之后，{k} 次另一种方式正好不可用（{seen}）；按本网点其他查验，通常为 {usual}。至少为 {low}。",
         "In {k} of {n} checks with a decline another way was just out of order ({seen}); from the others at this outlet {usual} is usual. At least {low}."),
        ("故障有维修记录，且与拒绝无关。", "Repair records show faults that have nothing to do with declines."),
        ("拒绝刷脸，再请用证件：看设备是否正常。", "Decline, then ask for the document reader: does it work?"),
        ("face.10", "pipl.5"),
    ),
    "first": Asked(
        ("刷脸排在第一位", "The face stands first"),
        ("{n} 次列出多种方式的查验中，{k} 次刷脸排在第一位（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "In {k} of {n} checks with several ways the face stood first ({seen}); {usual} is usual. At least {low}."),
        ("界面已经改正，并说明从哪一天起。", "The screen has been mended, and since when."),
        ("看第一屏：顺序、大小、颜色、默认选项。", "See the first screen: order, size, colour, preselection."),
        ("face.12", "face.10"),
    ),
    "broken": Asked(
        ("另一种方式几乎总是失败", "Another way hardly ever works"),
        ("“{way}”试用 {n} 次，失败 {k} 次（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "{way}: tried {n} times, failed {k} times ({seen}); {usual} is usual. At least {low}."),
        ("设备已经修好，或者故障期间已如实标明不可用。", "It has been repaired, or was honestly shown as out of order."),
        ("当场试这一种方式。", "Try that way on the spot."),
        ("face.10",),
    ),
    "closed": Asked(
        ("列出的方式长期停用", "A listed way is out of order most of the time"),
        ("“{way}”列出 {n} 次，其中 {k} 次不可用（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "{way}: listed {n} times, out of order {k} times ({seen}); {usual} is usual. At least {low}."),
        ("有报修和更换记录。", "There are records of repair and replacement."),
        ("看这一种方式停用多久、为什么。", "See since when and why that way is out of order."),
        ("face.10",),
    ),
    "clerk": Asked(
        ("一名收寄员与本网点其他人不同", "One clerk differs from the rest of the outlet"),
        ("收寄员 {clerk}：{n} 次可以选择的查验中，{k} 次选了刷脸（{seen}）；本网点其他人为 {usual}。至少为 {low}。",
         "Clerk {clerk}: the face was chosen in {k} of {n} checks with a choice ({seen}); with the others at this outlet {usual}. At least {low}."),
        ("此人只在特定时段、特定窗口服务不同的人群。", "This clerk serves other people: certain hours, a certain window."),
        ("不点名地观察各窗口的说法；先培训，后追责。", "Listen at every window, naming nobody; teach first."),
        ("face.12", "pipl.14"),
    ),
    "hours": Asked(
        ("一天中的某个时段与其余时段不同", "One part of the day differs from the rest"),
        ("{band}：{n} 次提供刷脸的查验中，{k} 次选了刷脸（{seen}）；按本网点其余时段和同类网点，通常为 {usual}。至少为 {low}。",
         "{band}: the face was chosen in {k} of {n} checks that offered it ({seen}); from the rest of the day here and its peers {usual} is usual. At least {low}."),
        ("这个时段来的是另外的人，他们在别处也这样选。", "Other people come at that time, and choose so elsewhere too."),
        ("在这个时段去看：谁当班、屏幕先显示什么、怎么说。",
         "Go at that time: who is on duty, what the screen shows first, what is said."),
        ("face.12", "pipl.14"),
    ),
    "sudden": Asked(
        ("刷脸比例突然上升", "The share of faces rose suddenly"),
        ("从 {since} 起，{n} 次可以选择的查验中，{k} 次选了刷脸（{seen}）；按此前和季节，通常为 {usual}。至少为 {low}。",
         "From {since} on the face was chosen in {k} of {n} checks with a choice ({seen}); from before, and the season, {usual}. At least {low}."),
        ("那一天前后有如实的原因，例如新设备同样方便地提供其他方式。",
         "There was an honest reason around that day, such as a device that offers every way as well."),
        ("问那一天改了什么：界面、设备、考核、通知。", "Ask what changed that day: screen, device, targets, instructions."),
        ("face.12", "pipl.14"),
    ),
    "padded": Asked(
        ("拒绝记录多得异常，且用时几乎相同", "Unusually many declines, all taking the same time"),
        ("{n} 次查验中记了 {k} 次拒绝（{seen}）；同类网点通常为 {usual}。这些记录的用时变化只有其他查验的 {evenness}。",
         "{k} of {n} checks are recorded as declines ({seen}); {usual} is usual. Their times vary only {evenness} as much as those of other checks."),
        ("随机抽取的记录能与真实包裹和录像对上。", "Records drawn at random match real parcels and recordings."),
        ("抽几条记录，与运单核对。", "Draw some records and match them with waybills."),
        ("pipl.8", "pipl.54"),
    ),
    "repeated": Asked(
        ("同一问题反复出现", "The same finding again and again"),
        ("{finding}（{code}）：{n} 次可检验的查验中显示 {k} 次（{seen}）；同类网点通常为 {usual}。至少为 {low}。",
         "{finding} ({code}): shown in {k} of {n} checks that can tell ({seen}); {usual} is usual. At least {low}."),
        ("日志的这一列填错了，并且已经改正。", "The vendor fills this column wrongly, and has mended it."),
        ("把这一项的记录逐条看几件，再到现场核对。", "Read some of these records, then look on the spot."),
        ("pipl.5", "pipl.9"),
    ),
}  # fmt: skip

SCENE_SEEN: Final[dict[str, Both]] = {
    "moved": ("同一些人每有 1 次从这里改离刷脸，就有 {seen} 次在这里改为刷脸（至少 {low}，界限 {limit}）。",
              "For each of the same people who turned from the face here, {seen} turned to it (at least {low}; limit {limit})."),
    "refused": ("拒绝刷脸后被拒收的几率，是同一网点其他查验的 {seen} 倍（至少 {low}，界限 {limit}）。",
                "After a decline the odds of a refusal are {seen} times those of other checks at the same outlet (at least {low}; limit {limit})."),
    "abandoned": ("拒绝刷脸后放弃的几率，是同一网点其他查验的 {seen} 倍（至少 {low}，界限 {limit}）。",
                  "After a decline the odds of giving up are {seen} times those of other checks at the same outlet (at least {low}; limit {limit})."),
    "down-on-decline": ("拒绝刷脸后其他方式不可用的几率，是同一网点其他查验的 {seen} 倍（至少 {low}，界限 {limit}）。",
                        "After a decline the odds that another way is down are {seen} times those of other checks at the same outlet (at least {low}; limit {limit})."),
    "waits": ("拒绝刷脸后用时是同一网点其他查验的 {seen} 倍（至少 {low}，界限 {limit}）。",
              "After a decline a check takes {seen} times as long as others at the same outlet (at least {low}; limit {limit})."),
    "share": ("可以选择的查验中刷脸占 {seen}（至少 {low}，界限 {limit}）。", "Of checks with a choice {seen} went by face (at least {low}; limit {limit})."),
    "first": ("列出多种方式时，{seen} 把刷脸排在第一位（至少 {low}，界限 {limit}）。", "Where several ways were listed {seen} put the face first (at least {low}; limit {limit})."),
    "pushed": ("拒绝之后，{seen} 最后还是刷脸（至少 {low}，界限 {limit}）。", "Of the declines {seen} ended by face (at least {low}; limit {limit})."),
}  # fmt: skip
_LEAST: Final = 1e-12
_IN_PARTS: Final = ("share", "first", "pushed")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A flag in one language.

    Attributes:
        title: in a few words.
        seen: what was counted.
        chance: how unlikely that is among ordinary peers.
        clears: what would clear it.
        look: what to look at.
        articles: citations with their grade.
    """

    title: str
    seen: str
    chance: str
    clears: str
    look: str
    articles: tuple[str, ...]


def spoken(flag: Flag, here: Places, tongue: Tongue) -> Spoken:
    """A flag in words."""
    asked = ASKED[flag.question]
    half = 0 if tongue == "zh" else 1
    times = flag.question == "waits"
    number = _times if times else percent
    values = {
        "k": f"{flag.k:,}",
        "n": f"{flag.n:,}",
        "seen": percent(flag.k / flag.n) if flag.n else "–",
        "usual": number(flag.usual),
        "low": number(flag.low),
        "ratio": _times(flag.extra.get("ratio", 0.0)),
        "there": percent(flag.extra.get("there", 0.0)),
        "pairs": f"{flag.extra.get('pairs', 0.0):,.0f}",
        "evenness": percent(flag.extra.get("evenness", 0.0)),
        "way": way_name(flag.part, tongue) if flag.question in ("broken", "closed") else "",
        "clerk": here.clerk[flag.part] if flag.question == "clerk" else "",
        "finding": finding_name(flag.part, tongue) if flag.question == "repeated" else "",
        "code": FINDING_CODES[flag.part] if flag.question == "repeated" else "",
        "band": BAND_NAMES[BANDS[flag.part]][half] if flag.question == "hours" else "",
        "since": day(since(flag, here)) if flag.question == "sudden" else "",
    }
    return Spoken(
        asked.title[half],
        asked.seen[half].format(**values),
        chance(flag.p, flag.q, tongue),
        asked.clears[half],
        asked.look[half],
        tuple(citation(name, tongue) for name in asked.articles),
    )


def spoken_scene(scene: Steered, tongue: Tongue) -> tuple[str, str, tuple[str, ...]]:
    """A whole scene in words: title, what was seen, citations."""
    half = 0 if tongue == "zh" else 1
    number = percent if scene.question in _IN_PARTS else _times
    asked = ASKED[scene.question]
    seen = SCENE_SEEN[scene.question][half].format(
        seen=number(scene.seen), low=number(scene.low), limit=number(scene.limit)
    )
    return asked.title[half], seen, tuple(citation(name, tongue) for name in asked.articles)


def chance(p: float, q: float, tongue: Tongue) -> str:
    """How unlikely, in words."""
    odds = _odds(p)
    if tongue == "zh":
        return f"若与同类一样，出现这样的数字的机会{'不到' if p <= _LEAST else '约为'} {odds} 分之一（校正后 q {_small(q)}）。"
    return f"If it were like its peers, such a number would come up {'less than' if p <= _LEAST else 'about'} once in {odds} (adjusted q {_small(q)})."


def citation(name: str, tongue: Tongue) -> str:
    """An article with its grade, as verified here."""
    grade = CORPUS.articles[name].grade.value
    word = "可信度" if tongue == "zh" else "grade"
    return f"{cite(CORPUS, name, tongue)} · {word} {grade}"


def kind_name(code: int, tongue: Tongue) -> str:
    """A kind of scene in words."""
    word = SCENE_KINDS[code] if 0 <= code < len(SCENE_KINDS) else SCENE_KINDS[0]
    other = ("其他场景", "another kind of scene")
    return KINDS.get(word, other)[0 if tongue == "zh" else 1]


BAND_NAMES: Final[dict[str, Both]] = {
    "night": ("夜间（0–5 时）", "At night (0 to 5)"),
    "morning": ("上午（6–11 时）", "In the morning (6 to 11)"),
    "afternoon": ("下午（12–17 时）", "In the afternoon (12 to 17)"),
    "evening": ("晚上（18–23 时）", "In the evening (18 to 23)"),
}  # fmt: skip
CHANNEL_NAMES: Final[dict[str, Both]] = {
    "unknown": ("渠道不明", "channel unknown"), "counter": ("柜台", "counter"),
    "doorstep": ("上门", "at the door"), "machine": ("自助设备", "machine"),
    "gate": ("出入口", "gate"), "online": ("线上", "online"),
}  # fmt: skip


def channel_name(code: int, tongue: Tongue) -> str:
    """A channel in words."""
    word = CHANNELS[code] if 0 <= code < len(CHANNELS) else CHANNELS[0]
    return CHANNEL_NAMES[word][0 if tongue == "zh" else 1]


def way_name(code: int, tongue: Tongue) -> str:
    """A way in words."""
    other = ("其他方式", "another way")
    return METHODS.get(WAYS[code], other)[0 if tongue == "zh" else 1]


def finding_name(place: int, tongue: Tongue) -> str:
    """A hard finding in words, without its full stop."""
    from liangming.audit.questions.findings import FINDINGS

    code = FINDING_CODES[place]
    one = next(finding for finding in FINDINGS if finding.code == code)
    return (one.zh if tongue == "zh" else one.en).rstrip("。.")


def since(flag: Flag, here: Places) -> int:
    """The first day of the stretch in which a sudden change shows."""
    days = max(here.last_day - here.first_day + 1, 1)
    return here.first_day + -(-flag.part * days // STRETCHES)


def day(number: int) -> str:
    """A day since 1970 as a date."""
    from datetime import date, timedelta

    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def percent(part: float) -> str:
    """A share with as many digits as it can bear."""
    return f"{part:.0%}" if 0.1 <= part <= 0.9 else f"{part:.1%}"  # noqa: PLR2004


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004


def _small(value: float) -> str:
    return f"= {value:.3f}" if value >= 0.001 else "< 0.001"  # noqa: PLR2004


def _odds(p: float) -> str:
    if p <= _LEAST:
        return "10¹²"
    odds = round(1.0 / p)
    digits = 10 ** max(len(str(odds)) - 2, 0)
    return f"{round(odds / digits) * digits:,}"
