"""The page's middle: whole scenes, what stands out, the outlets in pictures, channels, leads."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Final

from liangming.audit.channels import ARTICLES
from liangming.audit.report.content import Content
from liangming.audit.report.drawn import bar_of, course_of, funnels, kinds
from liangming.audit.report.markup import END, head, row
from liangming.audit.report.naming import difference, place_name, scene_name, scene_seen
from liangming.audit.report.texts import say
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.scenes import Steered
from liangming.audit.statistics.words import ASKED, Tongue, citation, spoken, spoken_scene

SHOWN: Final = 40
"""Findings shown for each question; all are in the table."""
OPEN: Final = 5
"""Of those, how many are seen without opening the rest."""
COURSES: Final = 3
COURSED: Final = {"share": "share_note", "sudden": "course_note"}
"""Questions whose first findings are drawn over time, and what is said below."""
SHOWN_LEADS: Final = 40


def by_scene(found: tuple[Steered, ...]) -> list[list[Steered]]:
    """Whole scenes, those of all operators with those of each below them."""

    def same(scene: Steered) -> tuple[int, int, str]:
        return scene.scene_kind, scene.channel, scene.question

    return [list(group) for _, group in groupby(sorted(found, key=same), key=same)]


def scenes(content: Content, tongue: Tongue) -> Iterator[str]:
    """Scenes beyond a limit: one card for a scene and question, an operator a line."""
    yield head("whole", tongue)
    if not content.judged.scenes:
        yield f"<p>{say('whole_none' if content.asked else 'none_tested', tongue)}</p>"
        return
    half = 0 if tongue == "zh" else 1
    for group in by_scene(content.judged.scenes):
        title, _, cited = spoken_scene(group[0], tongue)
        where = scene_name(group[0].scene_kind, group[0].channel, tongue)
        yield f'<div class="find"><h3>{title}<span class="place">{where}</span></h3><ul>'
        for scene in group:
            whose = escape(scene.operator) or say("all_operators", tongue)
            _, seen = scene_seen(scene, tongue)
            yield f"<li><b>{whose}</b> · {scene.outlets:,} {say('outlets', tongue)}{say('of', tongue)}{seen}</li>"
        yield (
            f"</ul><p>{say('look', tongue)}{say('of', tongue)}{escape(ASKED[group[0].question].look[half])}</p>"
            f'<p class="quiet">{law(cited, tongue)}</p></div>'
        )


def law(cited: tuple[str, ...] | list[str], tongue: Tongue) -> str:
    """What would be touched."""
    return f"{say('law', tongue)}{say('of', tongue)}{escape(say('and', tongue).join(cited))}"


def findings(content: Content, tongue: Tongue) -> Iterator[str]:
    """Every question in which something stands out, the first of them open, the rest to be opened."""
    yield head("findings", tongue)
    if not content.judged.flags:
        yield f"<p>{say('none' if content.asked else 'none_tested', tongue)}</p>"
        return
    half = 0 if tongue == "zh" else 1
    found = content.by_question
    yield f'<p class="quiet">{say("bar", tongue)}</p>'
    for name, asked in ASKED.items():
        flags = found.get(name)
        if not flags:
            continue
        yield f'<h3 id="q-{name}">{asked.title[half]} · {len(flags):,}</h3>'
        cited = say("and", tongue).join(citation(article, tongue) for article in asked.articles)
        yield '<dl class="ask">'
        for label, text in (
            ("look", asked.look[half]), ("clears", asked.clears[half]), ("law", cited),
        ):  # fmt: skip
            yield f"<dt>{say(label, tongue)}</dt><dd>{escape(text)}</dd>"
        yield "</dl>"
        for flag in flags[:OPEN]:
            yield _one(content, flag, tongue)
        rest = flags[OPEN:SHOWN]
        if rest:
            yield f"<details><summary>{say('others', tongue).format(n=len(rest))}</summary>"
            yield from (_one(content, flag, tongue) for flag in rest)
            yield "</details>"
        if len(flags) > SHOWN:
            yield f'<p class="quiet">{say("more", tongue).format(n=len(flags) - SHOWN)}</p>'
        if name in COURSED:
            yield from _courses(content, flags, tongue)


def _one(content: Content, flag: Flag, tongue: Tongue) -> str:
    words = spoken(flag, content.here, tongue)
    outlet, where = place_name(content, flag.place, tongue)
    return (
        f'<div class="find"><h4>{escape(outlet)}<span class="place">{escape(where)}</span></h4>'
        f"<p>{escape(words.seen)}</p>{bar_of(flag, words.seen)}"
        f'<p class="quiet">{escape(words.chance)}</p></div>'
    )


def _courses(content: Content, flags: list[Flag], tongue: Tongue) -> Iterator[str]:
    for flag in flags[:COURSES]:
        drawn = course_of(content, flag, tongue)
        yield (
            f"<figure>{drawn.svg}<figcaption><b>{escape(drawn.name)}</b> · {say('course', tongue)}{say('stop', tongue)}"
            f"{say(COURSED[flag.question], tongue)}</figcaption></figure>"
        )


def picture(content: Content, tongue: Tongue) -> Iterator[str]:
    """A funnel for each kind of place."""
    yield head("picture", tongue)
    some = kinds(content)
    if not some:
        yield f"<p>{say('silent_column', tongue)}</p>"
        return
    yield f'<p class="quiet">{say("picture_note", tongue)}</p><div class="many">'
    for drawn in funnels(content, tongue, some):
        yield f"<figure>{drawn.svg}<figcaption>{escape(drawn.words)}</figcaption></figure>"
    yield "</div>"


def channels(content: Content, tongue: Tongue) -> Iterator[str]:
    """Where channels of one operator ask for different things."""
    yield head("channels", tongue)
    if not content.channels:
        yield f"<p>{say('channels_none', tongue)}</p>"
        return
    cited = [citation(name, tongue) for name in ARTICLES]
    yield f'<p class="quiet">{say("channels_note", tongue)}</p><p class="quiet">{law(cited, tongue)}</p>'
    yield row("channels", tongue, ("operator", "question", "differs"))
    for one in content.channels[:SHOWN]:
        title, seen = difference(one, tongue)
        yield (
            f"<tr><td>{escape(one.operator)}</td><td>{escape(title)}</td><td>{escape(seen)}</td></tr>"
        )
    yield END
    if len(content.channels) > SHOWN:
        yield f'<p class="quiet">{say("more", tongue).format(n=len(content.channels) - SHOWN)}</p>'


def leads(content: Content, tongue: Tongue) -> Iterator[str]:
    """What was put aside."""
    found = content.judged.leads
    yield head("leads_title", tongue)
    if not found:
        yield f"<p>{say('leads_none', tongue)}</p>"
        return
    yield f'<p class="quiet">{say("leads_note", tongue)}</p>'
    yield row("leads_title", tongue, ("where", "question", "counted", "reason"), (2,))
    for flag, reason in found[:SHOWN_LEADS]:
        outlet, where = place_name(content, flag.place, tongue)
        words = spoken(flag, content.here, tongue)
        yield (
            f'<tr><td>{escape(outlet)}<br><span class="quiet">{escape(where)}</span></td><td>{words.title}</td>'
            f'<td class="n">{flag.k:,} / {flag.n:,}</td><td>{say(reason, tongue)}</td></tr>'
        )
    yield END
    if len(found) > SHOWN_LEADS:
        yield f'<p class="quiet">{say("more", tongue).format(n=len(found) - SHOWN_LEADS)}</p>'
