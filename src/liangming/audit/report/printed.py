"""The report as a PDF, set by typst from the same content; the page has all, the print the top.

The compiler is kept warm by whoever holds a :class:`Print`; reading the fonts takes longest.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangming.audit.channels import ARTICLES
from liangming.audit.report.content import Content
from liangming.audit.report.figures import PRINTED, bar, course, funnel
from liangming.audit.report.page import (
    COURSED,
    cited_articles,
    difference,
    most_at,
    place_name,
    since_of,
    why,
)
from liangming.audit.report.texts import LEFT_OUT, say
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.words import (
    ASKED,
    Tongue,
    channel_name,
    citation,
    day,
    kind_name,
    spoken,
    spoken_scene,
)
from liangming.clock import rfc3339
from liangming.errors import Kind, Outage, declare
from liangming.law import CORPUS

if TYPE_CHECKING:
    from typst import Compiler

PRESS_MISSING = declare(
    "audit.press-missing",
    Kind.OUTAGE,
    zh="打印报告需要 typst，请安装 liangming[reports]；网页报告不受影响。",
    en="Printing the report needs typst: install liangming[reports]; the page needs nothing more.",
)
SHOWN: Final = 12
FONTS: Final = ("Noto Sans CJK SC", "Noto Sans SC")

Part = dict[str, Any]


class Print:
    """A warm press for reports.

    Raises:
        Outage: ``audit.press-missing``.
    """

    def __init__(self) -> None:
        try:
            import typst
        except ImportError:
            raise Outage(PRESS_MISSING) from None
        fonts = typst.Fonts()
        self.chinese: Final = any(font.family in FONTS for font in fonts.fonts())
        self._source: Final = (
            resources.files("liangming.audit.report") / "report.typ"
        ).read_bytes()
        self._compiler: Final[Compiler] = typst.Compiler(font_paths=fonts)

    def pdf(self, content: Content, tongue: Tongue) -> bytes:
        """One report as PDF/A."""
        data = _data(content, tongue, chinese=self.chinese)
        made = self._compiler.compile(
            self._source,
            sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards=["a-2b"],
            timestamp=content.read.made_at.replace(microsecond=0),
        )
        if not isinstance(made, bytes):
            raise TypeError("a report is one file")
        return made


def _data(content: Content, tongue: Tongue, *, chinese: bool) -> dict[str, Any]:
    here, read = content.here, content.read
    facts = [
        f"{say('days', tongue)} {day(here.first_day)} – {day(here.last_day)}",
        f"{say('made', tongue)} {rfc3339(read.made_at)[:16].replace('T', ' ')}",
    ]
    if read.head:
        facts.append(f"{say('chain', tongue)} {read.head[:16]}…")
    if not chinese:
        facts.append(say("no_font", "en"))
    parts = [
        *_overview(content, tongue), *_scenes(content, tongue),
        *_findings(content, tongue), *_visits(content, tongue),
        *_picture(content, tongue), *_channels(content, tongue), *_rest(content, tongue),
    ]  # fmt: skip
    return {
        "title": say("title", tongue),
        "opening": say("opening", tongue),
        "lang": tongue,
        "facts": facts,
        "parts": parts,
    }


def _head(name: str, tongue: Tongue) -> Part:
    return {"kind": "head", "level": 1, "text": say(name, tongue)}


def _overview(content: Content, tongue: Tongue) -> list[Part]:
    scenes = {(s.scene_kind, s.channel) for s in content.judged.scenes}
    leads = {flag.place for flag, _ in content.judged.leads}
    sums = (
        (content.flagged, "stand"), (len(scenes), "scenes"), (len(leads), "leads"),
        (content.outlets, "asked"), (content.read.counted, "checks"),
        (sum(content.read.left_out.values()), "left"),
    )  # fmt: skip
    shown = [
        {
            "number": f"{number:,}",
            "name": say(name, tongue),
            "told": name in ("stand", "scenes") and number > 0,
        }
        for number, name in sums
    ]
    texts = ["reading1", "reading2", "reading3"]
    if not content.judged.paired:
        texts.append("unpaired")
    return [
        _head("overview", tongue),
        {"kind": "sums", "of": shown},
        {"kind": "head", "level": 2, "text": say("reading", tongue)},
        *({"kind": "text", "text": say(name, tongue)} for name in texts),
    ]


def _scenes(content: Content, tongue: Tongue) -> list[Part]:
    parts = [_head("whole", tongue)]
    if not content.judged.scenes:
        parts.append({"kind": "text", "text": say("whole_none", tongue)})
    for scene in content.judged.scenes:
        title, seen, cited = spoken_scene(scene, tongue)
        kind = kind_name(scene.scene_kind, tongue)
        whose = scene.operator or say("all_operators", tongue)
        place = f"{kind} · {channel_name(scene.channel, tongue)} · {whose} · {scene.outlets:,} {say('outlets', tongue)}"
        parts.append(
            _card(
                title,
                place,
                seen,
                "",
                f"{say('law', tongue)}{say('of', tongue)}{say('and', tongue).join(cited)}",
            )
        )
    return parts


def _channels(content: Content, tongue: Tongue) -> list[Part]:
    parts = [_head("channels", tongue)]
    if not content.channels:
        return [*parts, {"kind": "text", "text": say("channels_none", tongue)}]
    parts.append({"kind": "quiet", "text": say("channels_note", tongue)})
    cited = say("and", tongue).join(citation(name, tongue) for name in ARTICLES)
    for one in content.channels[:SHOWN]:
        title, seen = difference(one, tongue)
        law = f"{say('law', tongue)}{say('of', tongue)}{cited}"
        parts.append(_card(title, one.operator, seen, "", law))
    return parts


def _card(title: str, place: str, text: str, svg: str, quiet: str) -> Part:
    return {"kind": "card", "title": title, "place": place, "text": text, "svg": svg, "quiet": quiet}  # fmt: skip


def _picture(content: Content, tongue: Tongue) -> list[Part]:
    """The largest kind of place; the page has all of them."""
    answer = content.judged.answers.get("share")
    parts = [_head("picture", tongue)]
    if answer is None or not len(answer):
        return [*parts, {"kind": "text", "text": say("silent_column", tongue)}]
    here = content.here
    flagged = {f.place for f in content.judged.flags}
    leads = {f.place for f, _ in content.judged.leads} - flagged
    family = here.family[answer.rows]
    rows = np.flatnonzero(family == np.bincount(family).argmax())
    at = answer.rows[rows]
    kind = kind_name(int(here.scene_kind[at[0]]), tongue)
    name = f"{kind} · {channel_name(int(here.channel[at[0]]), tongue)}"
    drawn = funnel(
        answer.k[rows],
        answer.n[rows],
        float(np.median(answer.usual[rows])),
        float(np.median(answer.extra["alike"][rows])),
        np.flatnonzero([int(p) in flagged for p in at]),
        np.flatnonzero([int(p) in leads for p in at]),
        title=name,
        axis=(say("n_axis", tongue), say("share_axis", tongue)),
        style=PRINTED,
    )
    note = f"{name} · {say('picture_note', tongue)}"
    return [*parts, {"kind": "figure", "svg": drawn, "alt": name, "text": note}]


def _findings(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    parts = [_head("findings", tongue)]
    found = content.by_question
    if not found:
        parts.append({"kind": "text", "text": say("none", tongue)})
    for name, asked in ASKED.items():
        flags = found.get(name, [])
        if not flags:
            continue
        title = f"{asked.title[half]} · {len(flags):,}"
        cited = say("and", tongue).join(citation(article, tongue) for article in asked.articles)
        parts += [
            {"kind": "head", "level": 2, "text": title},
            {"kind": "text", "text": f"{say('look', tongue)}{say('of', tongue)}{asked.look[half]}"},
            {
                "kind": "text",
                "text": f"{say('clears', tongue)}{say('of', tongue)}{asked.clears[half]}",
            },
            {"kind": "quiet", "text": f"{say('law', tongue)}{say('of', tongue)}{cited}"},
        ]
        parts += [_one(content, flag, tongue) for flag in flags[:SHOWN]]
        if name in COURSED:
            parts.append(_course(content, flags[0], tongue))
        if len(flags) > SHOWN:
            parts.append(
                {"kind": "quiet", "text": say("more", tongue).format(n=len(flags) - SHOWN)}
            )
    return parts


def _one(content: Content, flag: Flag, tongue: Tongue) -> Part:
    words = spoken(flag, content.here, tongue)
    outlet, where = place_name(content, flag.place, tongue)
    seen = flag.extra.get("ratio", flag.k / max(flag.n, 1))
    drawn = bar(seen, flag.low, flag.usual, title=words.seen, style=PRINTED)
    return _card(outlet, where, words.seen, drawn, words.chance)


def _course(content: Content, flag: Flag, tongue: Tongue) -> Part:
    here = content.here
    outlet, _ = place_name(content, flag.place, tongue)
    chosen, known = here.by_stretch[:2, flag.place]
    drawn = course(
        chosen,
        known,
        flag.usual,
        since_of(flag),
        (day(here.first_day), day(here.last_day)),
        title=outlet,
        axis=say("share_axis", tongue),
        style=PRINTED,
    )
    note = f"{outlet} · {say('course', tongue)}{say('stop', tongue)}{say(COURSED[flag.question], tongue)}"
    return {"kind": "figure", "svg": drawn, "alt": note, "text": note}


def _visits(content: Content, tongue: Tongue) -> list[Part]:
    rows = []
    for number, visit in enumerate(content.visits, 1):
        outlet, where = place_name(content, visit.place, tongue)
        rows.append([str(number), outlet, where, why(visit, tongue)])
    head = ["", say("where", tongue), "", say("why", tongue)]
    return [
        _head("visits", tongue),
        {"kind": "quiet", "text": say("visits_note", tongue)},
        {"kind": "table", "columns": [0.4, 1.6, 3, 3], "head": head, "rows": rows},
    ]


def _rest(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    judged = content.judged
    hard = [
        [f"{one.finding.code} · {one.finding.zh if tongue == 'zh' else one.finding.en}"
         + "".join(f"\n{place}" for place in most_at(content, one.finding.code)),
         f"{one.shown:,}", f"{one.tested:,}"]
        for one in content.hard
    ]  # fmt: skip
    tested = []
    for name, count in judged.tested.items():
        silent = judged.silent.get(name, "")
        nothing = count == 0 and judged.thin[name] == 0
        reason = say(f"silent_{silent or 'nothing'}", tongue) if silent or nothing else ""
        tested.append([ASKED[name].title[half], f"{count:,}", f"{judged.thin[name]:,}", reason])
    left = [
        [LEFT_OUT.get(reason, (reason, reason))[half], f"{rows:,}"]
        for reason, rows in sorted(content.read.left_out.items())
    ]
    far = say("astray", tongue).format(n=f"{content.read.astray:,}")
    astray = [{"kind": "text", "text": far}] if content.read.astray else []
    legal = [
        [citation(name, tongue), CORPUS.articles[name].zh if half == 0 else CORPUS.articles[name].en]
        for name in cited_articles(content)
    ]  # fmt: skip
    names = [say(n, tongue) for n in ("finding", "shown", "tested")]
    asked = [say(n, tongue) for n in ("question", "tested", "thin", "reason")]
    rows_head = [say("reason", tongue), say("rows", tongue)]
    return [
        _head("hard", tongue),
        {"kind": "quiet", "text": say("hard_note", tongue)},
        {"kind": "table", "columns": [6, 1, 1], "head": names, "rows": hard},
        _head("untestable", tongue),
        {"kind": "table", "columns": [4, 1, 1, 3], "head": asked, "rows": tested},
        _head("left_out", tongue),
        *astray,
        {"kind": "table", "columns": [4, 1], "head": rows_head, "rows": left}
        if left
        else {"kind": "text", "text": say("nothing_left", tongue)},
        _head("legal", tongue),
        {"kind": "quiet", "text": say("legal_note", tongue)},
        {"kind": "table", "columns": [2, 4], "head": ["", ""], "rows": legal},
    ]
