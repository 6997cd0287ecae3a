"""The report as one HTML file: no script, no outside request, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import resources
from typing import Final

import numpy as np

from liangming.audit.channels import ARTICLES, ASPECTS, Unequal
from liangming.audit.report.content import Content, Visit, showing
from liangming.audit.report.figures import bar, course, funnel
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
from liangming.audit.summary import articles, not_in_logs
from liangming.clock import china_date, rfc3339
from liangming.law import CORPUS
from liangming.law.wording import cite

SHOWN: Final = 40
"""Findings shown for each question; all are in the table."""
COURSES: Final = 3
COURSED: Final = {"share": "share_note", "sudden": "course_note"}
"""Questions whose first findings are drawn over time, and what is said below."""
SHOWN_LEADS: Final = 40
SHOWN_PLACES: Final = 3


def page(content: Content, tongue: Tongue) -> str:
    """The whole report in one language."""
    parts = [
        *_top(content, tongue),
        *_overview(content, tongue),
        *_scenes(content, tongue),
        *_findings(content, tongue),
        *_visits(content, tongue),
        *_picture(content, tongue),
        *_channels(content, tongue),
        *_leads(content, tongue),
        *_hard(content, tongue),
        *_untested(content, tongue),
        *_left_out(content, tongue),
        *_legal(content, tongue),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _top(content: Content, tongue: Tongue) -> Iterator[str]:
    style = (resources.files("liangming.audit.report") / "style.css").read_text("utf-8")
    language = "zh-CN" if tongue == "zh" else "en"
    title = say("title", tongue)
    here, read = content.here, content.read
    yield (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{title} · 亮明</title><style>{style}</style></head><body>"
    )
    yield f'<header><p class="brand">亮明</p><h1>{title}</h1>'
    yield f'<p class="lead">{say("opening", tongue)}</p><ul class="facts">'
    yield f"<li>{say('days', tongue)} {day(here.first_day)} – {day(here.last_day)}</li>"
    operators = sorted(set(here.operator))
    named = "、".join(operators[:5]) if tongue == "zh" else ", ".join(operators[:5])
    rest = f" +{len(operators) - 5}" if len(operators) > 5 else ""  # noqa: PLR2004
    yield f"<li>{say('operators', tongue)} {escape(named)}{rest}</li>"
    yield f"<li>{say('made', tongue)} {rfc3339(read.made_at)[:16].replace('T', ' ')}</li>"
    if read.head:
        yield f"<li>{say('chain', tongue)} <code>{escape(read.head[:16])}…</code></li>"
    yield "</ul><nav><ol>"
    for name in _SECTIONS:
        yield f'<li><a href="#{name}">{say(name, tongue)}</a></li>'
    yield "</ol></nav></header><main>"


_SECTIONS: Final = (
    "overview", "whole", "findings", "visits", "picture", "channels", "leads_title", "hard", "untestable",
    "left_out", "legal",
)  # fmt: skip


def _head(name: str, tongue: Tongue) -> str:
    return f'<h2 id="{name}">{say(name, tongue)}</h2>'


def _overview(content: Content, tongue: Tongue) -> Iterator[str]:
    scenes = {(s.scene_kind, s.channel) for s in content.judged.scenes}
    leads = {flag.place for flag, _ in content.judged.leads}
    yield _head("overview", tongue)
    yield '<ul class="sums">'
    for number, name, told in (
        (content.flagged, "stand", content.flagged > 0),
        (len(scenes), "scenes", bool(scenes)),
        (len(leads), "leads", False),
        (content.outlets, "asked", False),
        (content.read.counted, "checks", False),
        (sum(content.read.left_out.values()), "left", False),
    ):
        mark = ' class="told"' if told else ""
        yield f"<li{mark}><b>{number:,}</b>{say(name, tongue)}</li>"
    yield f"</ul><h3>{say('reading', tongue)}</h3>"
    for name in ("reading1", "reading2", "reading3"):
        yield f"<p>{say(name, tongue)}</p>"
    if not content.judged.paired:
        yield f'<p class="quiet">{say("unpaired", tongue)}</p>'


def _scenes(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("whole", tongue)
    if not content.judged.scenes:
        yield f"<p>{say('whole_none', tongue)}</p>"
        return
    for scene in content.judged.scenes:
        title, seen, cited = spoken_scene(scene, tongue)
        where = f"{kind_name(scene.scene_kind, tongue)} · {channel_name(scene.channel, tongue)}"
        whose = escape(scene.operator) or say("all_operators", tongue)
        yield (
            f'<div class="find"><h3>{title}<span class="place">{where} · {whose} · '
            f"{scene.outlets:,} {say('outlets', tongue)}</span></h3><p>{seen}</p>"
            f'<p class="quiet">{say("law", tongue)}{say("of", tongue)}{escape(say("and", tongue).join(cited))}</p></div>'
        )


def _channels(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("channels", tongue)
    if not content.channels:
        yield f"<p>{say('channels_none', tongue)}</p>"
        return
    cited = say("and", tongue).join(citation(name, tongue) for name in ARTICLES)
    yield f'<p class="quiet">{say("channels_note", tongue)}</p>'
    for one in content.channels[:SHOWN]:
        title, seen = difference(one, tongue)
        yield (
            f'<div class="find"><h3>{escape(title)}<span class="place">{escape(one.operator)}</span></h3>'
            f'<p>{escape(seen)}</p><p class="quiet">{say("law", tongue)}{say("of", tongue)}{escape(cited)}</p></div>'
        )
    if len(content.channels) > SHOWN:
        yield f'<p class="quiet">{say("more", tongue).format(n=len(content.channels) - SHOWN)}</p>'


def difference(one: Unequal, tongue: Tongue) -> tuple[str, str]:
    """What differs between two kinds of place, and by how much."""
    sides = []
    for side in (one.here, one.there):
        kind, channel = kind_name(side.scene_kind, tongue), channel_name(side.channel, tongue)
        sides.append(f"{kind} · {channel} {side.share:.1%} ({side.k:,} / {side.n:,})")
    return ASPECTS[one.aspect][0 if tongue == "zh" else 1], say("and", tongue).join(sides)


def _picture(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("picture", tongue)
    answer = content.judged.answers.get("share")
    if answer is None or not len(answer):
        yield f"<p>{say('silent_column', tongue)}</p>"
        return
    here = content.here
    flagged = {f.place for f in content.judged.flags}
    leads = {f.place for f, _ in content.judged.leads} - flagged
    yield f'<p class="quiet">{say("picture_note", tongue)}</p><div class="many">'
    for family in np.unique(here.family[answer.rows]).tolist():
        rows = np.flatnonzero(here.family[answer.rows] == family)
        places = answer.rows[rows]
        kind = kind_name(int(here.scene_kind[places[0]]), tongue)
        channel = channel_name(int(here.channel[places[0]]), tongue)
        title = f"{say('picture', tongue)}: {kind}, {channel}, {len(rows)} {say('outlets', tongue)}"
        drawn = funnel(
            answer.k[rows],
            answer.n[rows],
            float(np.median(answer.usual[rows])),
            float(np.median(answer.extra["alike"][rows])),
            np.flatnonzero([int(p) in flagged for p in places]),
            np.flatnonzero([int(p) in leads for p in places]),
            title=title,
            axis=(say("n_axis", tongue), say("share_axis", tongue)),
        )
        yield f"<figure>{drawn}<figcaption>{kind} · {channel}</figcaption></figure>"
    yield "</div>"


def _findings(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("findings", tongue)
    if not content.judged.flags:
        yield f"<p>{say('none', tongue)}</p>"
    half = 0 if tongue == "zh" else 1
    found = content.by_question
    for name, asked in ASKED.items():
        flags = found.get(name)
        if not flags:
            continue
        yield f"<h3>{asked.title[half]} · {len(flags):,}</h3>"
        cited = say("and", tongue).join(citation(article, tongue) for article in asked.articles)
        yield '<dl class="ask">'
        for label, text in (
            ("look", asked.look[half]), ("clears", asked.clears[half]), ("law", cited),
        ):  # fmt: skip
            yield f"<dt>{say(label, tongue)}</dt><dd>{escape(text)}</dd>"
        yield "</dl>"
        for flag in flags[:SHOWN]:
            yield _one(content, flag, tongue)
        if name in COURSED:
            yield from _courses(content, flags, tongue)
        if len(flags) > SHOWN:
            yield f'<p class="quiet">{say("more", tongue).format(n=len(flags) - SHOWN)}</p>'


def place_name(content: Content, place: int, tongue: Tongue) -> tuple[str, str]:
    """An outlet, and what kind of place it is, in words."""
    here = content.here
    kind = kind_name(int(here.scene_kind[place]), tongue)
    channel = channel_name(int(here.channel[place]), tongue)
    province = int(here.province[place]) or "–"
    return here.outlet[place], f"{here.operator[place]} · {kind} · {channel} · {province}"


def _one(content: Content, flag: Flag, tongue: Tongue) -> str:
    words = spoken(flag, content.here, tongue)
    outlet, where = place_name(content, flag.place, tongue)
    seen = flag.extra.get("ratio", flag.k / max(flag.n, 1))
    drawn = bar(seen, flag.low, flag.usual, title=f"{words.seen} {say('bar', tongue)}")
    return (
        f'<div class="find"><h4>{escape(outlet)}<span class="place">{escape(where)}</span></h4>'
        f"<p>{escape(words.seen)}</p>{drawn}"
        f'<p class="quiet">{escape(words.chance)}</p></div>'
    )


def _courses(content: Content, flags: list[Flag], tongue: Tongue) -> Iterator[str]:
    here = content.here
    days = (day(here.first_day), day(here.last_day))
    for flag in flags[:COURSES]:
        outlet, _ = place_name(content, flag.place, tongue)
        chosen, known = here.by_stretch[:2, flag.place]
        title = f"{say('course', tongue)}: {outlet}. {spoken(flag, here, tongue).seen}"
        drawn = course(
            chosen, known, flag.usual, since_of(flag), days,
            title=title, axis=say("share_axis", tongue),
        )  # fmt: skip
        yield (
            f"<figure>{drawn}<figcaption><b>{escape(outlet)}</b> · {say('course', tongue)}{say('stop', tongue)}"
            f"{say(COURSED[flag.question], tongue)}</figcaption></figure>"
        )


def since_of(flag: Flag) -> int | None:
    """The stretch from which a course is marked; None where nothing is said to have changed."""
    return flag.part if flag.question == "sudden" else None


def _visits(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("visits", tongue)
    yield f'<p class="quiet">{say("visits_note", tongue)}</p><ol class="visits">'
    for visit in content.visits:
        outlet, where = place_name(content, visit.place, tongue)
        yield (
            f"<li><b>{escape(outlet)}</b><span>{escape(where)}</span>"
            f"<span>{why(visit, tongue)}</span></li>"
        )
    yield "</ol>"


def why(visit: Visit, tongue: Tongue) -> str:
    """Why an outlet is to be visited."""
    if visit.kind != "flag":
        return say(visit.kind, tongue)
    half = 0 if tongue == "zh" else 1
    return say("and", tongue).join(ASKED[name].title[half] for name in visit.why)


def _leads(content: Content, tongue: Tongue) -> Iterator[str]:
    leads = content.judged.leads
    yield _head("leads_title", tongue)
    yield f'<p class="quiet">{say("leads_note", tongue)}</p>'
    if not leads:
        return
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{say("leads_title", tongue)}"><table><thead><tr>'
    for name in ("where", "question", "shown", "reason"):
        yield f'<th scope="col">{say(name, tongue)}</th>'
    yield "</tr></thead><tbody>"
    for flag, reason in leads[:SHOWN_LEADS]:
        outlet, _ = place_name(content, flag.place, tongue)
        words = spoken(flag, content.here, tongue)
        yield (
            f"<tr><td>{escape(outlet)}</td><td>{words.title}</td>"
            f"<td>{flag.k:,} / {flag.n:,}</td><td>{say(reason, tongue)}</td></tr>"
        )
    yield "</tbody></table></div>"
    if len(leads) > SHOWN_LEADS:
        yield f'<p class="quiet">{say("more", tongue).format(n=len(leads) - SHOWN_LEADS)}</p>'


def _hard(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("hard", tongue)
    yield f'<p class="quiet">{say("hard_note", tongue)}</p>'
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{say("hard", tongue)}"><table><thead><tr>'
    yield f'<th scope="col">{say("finding", tongue)}</th>'
    yield "".join(f'<th scope="col" class="n">{say(n, tongue)}</th>' for n in ("shown", "tested"))
    yield f'<th scope="col">{say("law", tongue)}</th></tr></thead><tbody>'
    for one in content.hard:
        text = one.finding.zh if tongue == "zh" else one.finding.en
        cited = say("and", tongue).join(
            citation(article.id, tongue) for article in articles(one.finding)[:1]
        )
        places = say("and", tongue).join(most_at(content, one.finding.code))
        where = f'<br><span class="quiet">{say("most_at", tongue)} {escape(places)}</span>'
        yield (
            f"<tr><td>{one.finding.code} · {escape(text)}{where if places else ''}</td>"
            f'<td class="n">{one.shown:,}</td><td class="n">{one.tested:,}</td>'
            f"<td>{escape(cited)}</td></tr>"
        )
    yield "</tbody></table></div>"


def most_at(content: Content, code: str) -> list[str]:
    """The outlets whose rows show a hard finding most often, with how often; all are in a table."""
    here = content.here
    shown, tested = here.get(code), here.get(f"{code}_tested")
    return [
        f"{here.outlet[place]} {shown[place]:,} / {tested[place]:,}"
        for place in showing(here, code, SHOWN_PLACES)
    ]


def _untested(content: Content, tongue: Tongue) -> Iterator[str]:
    half = 0 if tongue == "zh" else 1
    judged = content.judged
    yield _head("untestable", tongue)
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{say("untestable", tongue)}"><table><thead><tr>'
    yield f'<th scope="col">{say("question", tongue)}</th>'
    yield "".join(f'<th scope="col" class="n">{say(n, tongue)}</th>' for n in ("tested", "thin"))
    yield f'<th scope="col">{say("reason", tongue)}</th></tr></thead><tbody>'
    for name, tested in judged.tested.items():
        silent = judged.silent.get(name, "")
        nothing = tested == 0 and judged.thin[name] == 0
        reason = say(f"silent_{silent or 'nothing'}", tongue) if silent or nothing else ""
        yield (
            f'<tr><td>{ASKED[name].title[half]}</td><td class="n">{tested:,}</td>'
            f'<td class="n">{judged.thin[name]:,}</td><td>{reason}</td></tr>'
        )
    yield f"</tbody></table></div><h3>{say('not_in_logs', tongue)}</h3><ul>"
    for number, words in not_in_logs().items():
        yield f"<li>{number} · {escape(words[half])}</li>"
    yield "</ul>"


def _left_out(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("left_out", tongue)
    if content.read.astray:
        yield f"<p>{say('astray', tongue).format(n=f'{content.read.astray:,}')}</p>"
    if not content.read.left_out:
        yield f"<p>{say('nothing_left', tongue)}</p>"
        return
    yield "<table><thead><tr>"
    yield f'<th scope="col">{say("reason", tongue)}</th><th scope="col" class="n">{say("rows", tongue)}</th>'
    yield "</tr></thead><tbody>"
    for reason, rows in sorted(content.read.left_out.items()):
        words = LEFT_OUT.get(reason, (reason, reason))[0 if tongue == "zh" else 1]
        yield f'<tr><td>{escape(words)}</td><td class="n">{rows:,}</td></tr>'
    yield "</tbody></table>"


def cited_articles(content: Content) -> list[str]:
    """Ids of every article that the report cites, in the order of the corpus."""
    named = {a for name in content.by_question for a in ASKED[name].articles}
    named |= {a for scene in content.judged.scenes for a in ASKED[scene.question].articles}
    named |= set(ARTICLES) if content.channels else set()
    named |= {articles(one.finding)[0].id for one in content.hard if one.shown}
    return [name for name in CORPUS.articles if name in named]


def _legal(content: Content, tongue: Tongue) -> Iterator[str]:
    yield _head("legal", tongue)
    yield f'<p class="quiet">{say("legal_note", tongue)} {china_date(content.read.made_at)}</p><dl class="ask">'
    for name in cited_articles(content):
        article = CORPUS.articles[name]
        text = article.zh if tongue == "zh" else article.en
        official = (
            ""
            if tongue == "zh"
            else f' · <span lang="zh-CN">{escape(cite(CORPUS, name, "zh"))}</span>'
        )
        yield f"<dt>{escape(citation(name, tongue))}{official}</dt><dd>{escape(text)}</dd>"
    yield "</dl>"
