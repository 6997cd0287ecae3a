"""The report as one HTML file: no script, no outside request, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from typing import Final

from liangming.audit.report import page_findings, page_rest
from liangming.audit.report.content import Content, Visit
from liangming.audit.report.first import steps
from liangming.audit.report.markup import head, scroll
from liangming.audit.report.naming import facts, place_name, reasons, share_of, why
from liangming.audit.report.operators import SHOWN, listed, standing
from liangming.audit.report.texts import say
from liangming.audit.statistics.words import ASKED, Tongue

_SECTIONS: Final = (
    "visits", "reading", "whole", "by_operator", "findings", "picture", "channels",
    "leads_title", "hard", "untestable", "left_out", "legal",
)  # fmt: skip


def page(content: Content, tongue: Tongue) -> str:
    """The whole report in one language."""
    parts = [
        *_top(content, tongue),
        *_overview(content, tongue),
        *_visits(content, tongue),
        *_reading(content, tongue),
        *page_findings.scenes(content, tongue),
        *_operators(content, tongue),
        *page_findings.findings(content, tongue),
        *page_findings.picture(content, tongue),
        *page_findings.channels(content, tongue),
        *page_findings.leads(content, tongue),
        *page_rest.hard(content, tongue),
        *page_rest.untested(content, tongue),
        *page_rest.left_out(content, tongue),
        *page_rest.legal(content, tongue),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _top(content: Content, tongue: Tongue) -> Iterator[str]:
    style = (resources.files("liangming.audit.report") / "style.css").read_text("utf-8")
    language = "zh-CN" if tongue == "zh" else "en"
    title = say("title", tongue)
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
    yield from (f"<li>{escape(fact)}</li>" for fact in facts(content, tongue))
    yield "</ul></header><main>"


def _overview(content: Content, tongue: Tongue) -> Iterator[str]:
    yield head("overview", tongue)
    yield '<ol class="steps">'
    for step in steps(content, tongue):
        yield f"<li><h3>{escape(step.title)}</h3><p>{escape(step.text)}</p>"
        if step.visits:
            yield from _listed(content, step.visits, tongue, told=True)
        yield "</li>"
    yield "</ol>"
    kinds = {(scene.scene_kind, scene.channel) for scene in content.judged.scenes}
    leads = {flag.place for flag, _ in content.judged.leads}
    yield '<ul class="sums">'
    for number, name, told in (
        (content.flagged, "stand", content.flagged > 0),
        (len(kinds), "scenes", bool(kinds)),
        (len(leads), "leads", False),
        (content.outlets, "asked", False),
        (content.read.counted, "checks", False),
        (sum(content.read.left_out.values()), "left", False),
    ):
        mark = ' class="told"' if told else ""
        yield f"<li{mark}><b>{number:,}</b>{say(name, tongue)}</li>"
    yield f'</ul><nav aria-label="{say("contents", tongue)}"><ol>'
    for name in _SECTIONS:
        yield f'<li><a href="#{name}">{say(name, tongue)}</a></li>'
    yield "</ol></nav>"


def _listed(
    content: Content, visits: Sequence[Visit], tongue: Tongue, *, told: bool = False
) -> Iterator[str]:
    yield '<ol class="visits">'
    for visit in visits:
        outlet, where = place_name(content, visit.place, tongue)
        seen, clears = reasons(content, visit, tongue) if told else ("", "")
        yield (
            f"<li><b>{escape(outlet)}</b><span>{escape(where)}</span>"
            f"<span>{_why(visit, tongue)}</span>"
            + (
                f'<span class="seen">{escape(seen)}</span><span>{escape(clears)}</span>'
                if seen
                else ""
            )
            + "</li>"
        )
    yield "</ol>"


def _why(visit: Visit, tongue: Tongue) -> str:
    """Why an outlet is to be visited; each question leads to what would clear it."""
    if visit.kind != "flag":
        return why(visit, tongue)
    half = 0 if tongue == "zh" else 1
    asked = (f'<a href="#q-{name}">{ASKED[name].title[half]}</a>' for name in visit.why)
    return say("and", tongue).join(asked)


def _visits(content: Content, tongue: Tongue) -> Iterator[str]:
    yield head("visits", tongue)
    if not content.visits:
        yield f"<p>{say('visits_none', tongue)}</p>"
        return
    yield f'<p class="quiet">{say("visits_note", tongue)}</p>'
    yield from _listed(content, content.visits, tongue)


def _reading(content: Content, tongue: Tongue) -> Iterator[str]:
    yield head("reading", tongue)
    for name in ("reading1", "reading2", "reading3"):
        yield f"<p>{say(name, tongue)}</p>"
    if not content.judged.paired:
        yield f'<p class="quiet">{say("unpaired", tongue)}</p>'


def _operators(content: Content, tongue: Tongue) -> Iterator[str]:
    half = 0 if tongue == "zh" else 1
    found = standing(content)
    yield head("by_operator", tongue)
    yield f'<p class="quiet">{say("by_operator_note", tongue)}</p>'
    yield scroll("by_operator", tongue)
    yield f'<tr><th scope="col">{say("operator", tongue)}</th>'
    for name in ("asked_short", "stand_short", "part"):
        yield f'<th scope="col" class="n">{say(name, tongue)}</th>'
    yield f'<th scope="col">{say("mostly", tongue)}</th></tr></thead><tbody>'
    for one in found[:SHOWN]:
        mostly = ASKED[one.mostly].title[half] if one.mostly else "–"
        yield (
            f'<tr><td>{escape(one.name)}</td><td class="n">{one.outlets:,}</td>'
            f'<td class="n">{len(one.flagged):,}</td>'
            f'<td class="n">{share_of(len(one.flagged), one.outlets)}</td><td>{mostly}</td></tr>'
        )
    yield "</tbody></table></div>"
    if len(found) > SHOWN:
        yield f'<p class="quiet">{say("more", tongue).format(n=len(found) - SHOWN)}</p>'
    if not content.flagged:
        return
    yield f'<h3>{say("all_flagged", tongue)}</h3><p class="quiet">{say("all_note", tongue)}</p>'
    many = listed(found)
    for one in found:
        if one.flagged:
            told = say("among", tongue).format(n=f"{len(one.flagged):,}")
            yield f"<details><summary>{escape(one.name)} · {told}</summary>"
            yield from _listed(content, one.flagged[:many], tongue)
            if len(one.flagged) > many:
                yield f'<p class="quiet">{say("more", tongue).format(n=len(one.flagged) - many)}</p>'
            yield "</details>"
