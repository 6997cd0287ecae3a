"""What the print says: the same content as parts that ``report.typ`` sets; the page has all of it."""

from __future__ import annotations

from typing import Any, Final

from liangming.audit.channels import ARTICLES
from liangming.audit.report.content import Content, Visit
from liangming.audit.report.drawn import bar_of, course_of, funnels, kinds
from liangming.audit.report.figures import PRINTED
from liangming.audit.report.first import shown_most, steps
from liangming.audit.report.naming import (
    cited_articles,
    difference,
    facts,
    fault_said,
    finding_title,
    lacking,
    most_at,
    needed,
    place_name,
    reasons,
    refusal,
    scene_name,
    scene_seen,
    share_of,
    why,
)
from liangming.audit.report.operators import standing
from liangming.audit.report.page_findings import COURSED, by_scene
from liangming.audit.report.texts import LEFT_OUT, say
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.words import ASKED, Tongue, citation, spoken, spoken_scene
from liangming.audit.summary import articles, not_in_logs
from liangming.law import CORPUS

SHOWN: Final = 12
"""Findings printed for each question, operators, channels."""
FUNNELS: Final = 6
"""Kinds of place that are drawn."""

Part = dict[str, Any]


def parts(content: Content, tongue: Tongue) -> dict[str, Any]:
    """One report as data for the press."""
    return {
        "title": say("title", tongue),
        "opening": say("opening", tongue),
        "lang": tongue,
        "facts": facts(content, tongue),
        "parts": [
            *_overview(content, tongue), *_visits(content, tongue), *_reading(content, tongue),
            *_scenes(content, tongue), *_operators(content, tongue), *_findings(content, tongue),
            *_picture(content, tongue), *_channels(content, tongue), *_hard(content, tongue),
            *_untested(content, tongue), *_legal(content, tongue),
        ],
    }  # fmt: skip


def _head(name: str, tongue: Tongue, level: int = 1) -> Part:
    return {"kind": "head", "level": level, "text": say(name, tongue)}


def _text(text: str) -> Part:
    return {"kind": "text", "text": text}


def _note(text: str) -> Part:
    """Said below a heading, and never parted from what follows."""
    return {"kind": "quiet", "text": text, "sticky": True}


def _more(name: str, tongue: Tongue, rest: int) -> list[Part]:
    return [{"kind": "quiet", "text": say(name, tongue).format(n=f"{rest:,}")}] if rest > 0 else []


def _table(
    columns: list[float], head: list[str], rows: list[list[str]], numbers: tuple[int, ...] = ()
) -> Part:
    return {
        "kind": "table", "columns": columns, "head": head, "rows": rows, "numbers": list(numbers),
    }  # fmt: skip


def _said(tongue: Tongue, *names: str) -> list[str]:
    return [say(name, tongue) for name in names]


def _overview(content: Content, tongue: Tongue) -> list[Part]:
    kinds_of = {(scene.scene_kind, scene.channel) for scene in content.judged.scenes}
    leads = {flag.place for flag, _ in content.judged.leads}
    sums = (
        (content.flagged, "stand"), (len(kinds_of), "scenes"), (len(leads), "leads"),
        (content.outlets, "asked"), (content.read.counted, "checks"),
        (sum(content.read.left_out.values()), "left"),
    )  # fmt: skip
    told = [
        {
            "title": step.title,
            "text": step.text,
            "rows": [_place(content, visit, tongue) for visit in step.visits],
        }
        for step in steps(content, tongue)
    ]
    shown = [
        {
            "number": f"{number:,}",
            "name": say(name, tongue),
            "told": name in ("stand", "scenes") and number > 0,
        }
        for number, name in sums
    ]
    return [
        {"kind": "sums", "of": shown},
        _head("overview", tongue),
        {"kind": "steps", "of": told},
    ]


def _place(content: Content, visit: Visit, tongue: Tongue) -> list[str]:
    told = (why(visit, tongue), " ".join(reasons(content, visit, tongue)).strip())
    return [*place_name(content, visit.place, tongue), "\n".join(text for text in told if text)]


def _visits(content: Content, tongue: Tongue) -> list[Part]:
    if not content.visits:
        return [_head("visits", tongue), _text(say("visits_none", tongue))]
    rows = [
        [str(number), "\n".join(place_name(content, visit.place, tongue)), why(visit, tongue)]
        for number, visit in enumerate(content.visits, 1)
    ]
    names = ["", *_said(tongue, "where", "why")]
    return [
        _head("visits", tongue),
        _note(say("visits_note", tongue)),
        _table([0.3, 3, 4], names, rows, (0,)),
    ]


def _reading(content: Content, tongue: Tongue) -> list[Part]:
    names = ["reading1", "reading2", "reading3"]
    if not content.judged.paired:
        names.append("unpaired")
    return [_head("reading", tongue), *(_text(say(name, tongue)) for name in names)]


def _law(cited: tuple[str, ...] | list[str], tongue: Tongue) -> str:
    return f"{say('law', tongue)}{say('of', tongue)}{say('and', tongue).join(cited)}"


def _scenes(content: Content, tongue: Tongue) -> list[Part]:
    made = [_head("whole", tongue)]
    if not content.judged.scenes:
        return [*made, _text(say("whole_none" if content.asked else "none_tested", tongue))]
    for group in by_scene(content.judged.scenes):
        title, _, cited = spoken_scene(group[0], tongue)
        lines = []
        for scene in group[:SHOWN]:
            whose = scene.operator or say("all_operators", tongue)
            _, seen = scene_seen(scene, tongue)
            lines.append(
                f"{whose} · {scene.outlets:,} {say('outlets', tongue)}{say('of', tongue)}{seen}"
            )
        name = scene_name(group[0].scene_kind, group[0].channel, tongue)
        made.append(_card(title, name, "\n".join(lines), "", _law(cited, tongue)))
    return made


def _card(title: str, place: str, text: str, svg: str, quiet: str) -> Part:
    return {"kind": "card", "title": title, "place": place, "text": text, "svg": svg, "quiet": quiet}  # fmt: skip


def _operators(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    found = standing(content)
    if not found:
        return []
    rows = [
        [
            one.name, f"{one.outlets:,}", f"{len(one.flagged):,}",
            share_of(len(one.flagged), one.outlets),
            ASKED[one.mostly].title[half] if one.mostly else "–",
        ]
        for one in found[:SHOWN]
    ]  # fmt: skip
    names = _said(tongue, "operator", "asked_short", "stand_short", "part", "mostly")
    return [
        _head("by_operator", tongue),
        _note(say("by_operator_note", tongue)),
        _table([2, 1, 1, 1, 3], names, rows, (1, 2, 3)),
        *_more("more", tongue, len(found) - SHOWN),
    ]


def _findings(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    made = [_head("findings", tongue)]
    found = content.by_question
    if not found:
        return [*made, _text(say("none" if content.asked else "none_tested", tongue))]
    made.append(_note(say("bar", tongue)))
    for name, asked in ASKED.items():
        flags = found.get(name, [])
        if not flags:
            continue
        cited = [citation(article, tongue) for article in asked.articles]
        of = say("of", tongue)
        made += [
            {"kind": "head", "level": 2, "text": f"{asked.title[half]} · {len(flags):,}"},
            {**_text(f"{say('look', tongue)}{of}{asked.look[half]}"), "sticky": True},
            {**_text(f"{say('clears', tongue)}{of}{asked.clears[half]}"), "sticky": True},
            _note(_law(cited, tongue)),
        ]
        made += [_one(content, flag, tongue) for flag in flags[:SHOWN]]
        made += _more("more", tongue, len(flags) - SHOWN)
        if name in COURSED:
            drawn = course_of(content, flags[0], tongue, PRINTED)
            note = f"{drawn.name} · {say('course', tongue)}{say('stop', tongue)}{say(COURSED[name], tongue)}"
            made.append({"kind": "figure", "svg": drawn.svg, "alt": drawn.words, "text": note})
    return made


def _one(content: Content, flag: Flag, tongue: Tongue) -> Part:
    words = spoken(flag, content.here, tongue)
    outlet, where = place_name(content, flag.place, tongue)
    return _card(outlet, where, words.seen, bar_of(flag, words.seen, PRINTED), words.chance)


def _picture(content: Content, tongue: Tongue) -> list[Part]:
    """Those kinds of place with most outlets; the page has all of them."""
    some = kinds(content)
    if not some:
        return [_head("picture", tongue), _text(say("silent_column", tongue))]
    drawn = [
        {"svg": one.svg, "alt": one.words, "text": one.words}
        for one in funnels(content, tongue, some[:FUNNELS], PRINTED)
    ]
    return [
        _head("picture", tongue),
        _note(say("picture_note", tongue)),
        {"kind": "figures", "of": drawn},
        *(_more("more_kinds", tongue, FUNNELS) if len(some) > FUNNELS else []),
    ]


def _channels(content: Content, tongue: Tongue) -> list[Part]:
    if not content.channels:
        return [_head("channels", tongue), _text(say("channels_none", tongue))]
    rows = [[one.operator, *difference(one, tongue)] for one in content.channels[:SHOWN]]
    return [
        _head("channels", tongue),
        _note(say("channels_note", tongue)),
        _note(_law([citation(name, tongue) for name in ARTICLES], tongue)),
        _table([1.5, 2, 5], _said(tongue, "operator", "question", "differs"), rows),
        *_more("more", tongue, len(content.channels) - SHOWN),
    ]


def _hard(content: Content, tongue: Tongue) -> list[Part]:
    made = [_head("hard", tongue), _note(say("hard_note", tongue))]
    rows = []
    for one in shown_most(content):
        places = say("and", tongue).join(most_at(content, one.finding.code))
        where = f"\n{say('most_at', tongue)}{say('of', tongue)}{places}" if places else ""
        rows.append([
            f"{finding_title(one, tongue)}{where}", f"{one.shown:,}", f"{one.tested:,}",
            share_of(one.shown, one.tested), citation(articles(one.finding)[0].id, tongue),
        ])  # fmt: skip
    names = _said(tongue, "finding", "shown", "tested", "part", "law")
    made.append(
        _table([4, 1, 1, 0.8, 3], names, rows, (1, 2, 3))
        if rows
        else _text(say("none_shown", tongue))
    )
    clean = [
        [finding_title(one, tongue), f"{one.tested:,}"]
        for one in content.hard
        if one.tested and not one.shown
    ]
    if clean:
        made.append(_head("clean", tongue, 2))
        made.append(_table([6, 1], _said(tongue, "finding", "tested"), clean, (1,)))
    return made


def _untested(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    judged = content.judged
    asked = []
    for name, count in judged.tested.items():
        silent = judged.silent.get(name, "")
        nothing = count == 0 and judged.thin[name] == 0
        reason = say(f"silent_{silent or 'nothing'}", tongue) if silent or nothing else ""
        asked.append([ASKED[name].title[half], f"{count:,}", f"{judged.thin[name]:,}", reason])
    blind = [
        [finding_title(one, tongue), lacking(one, content, tongue)]
        for one in content.hard
        if not one.tested
    ]
    made = [
        _head("untestable", tongue),
        _note(say("untestable_note", tongue)),
        _table([4, 1.2, 1.6, 3], _said(tongue, "question", "tests", "thin", "reason"), asked, (1, 2)),
    ]  # fmt: skip
    if blind:
        made.append(_head("blind", tongue, 2))
        made.append(_table([5, 4], _said(tongue, "finding", "reason"), blind))
    hidden = [[number, words[half]] for number, words in not_in_logs().items()]
    names = _said(tongue, "number", "finding")
    return [*made, _head("not_in_logs", tongue, 2), _table([1, 9], names, hidden)]


def _unread(content: Content, tongue: Tongue) -> list[Part]:
    """Files and values that could not be read; the page names more of them."""
    files, faults = content.read.told.files, content.read.told.faults
    made: list[Part] = []
    if files:
        rows = [[one.name, refusal(one.code, tongue)] for one in files[:SHOWN]]
        made += [_head("unread_files", tongue, 2), _note(say("unread_note", tongue))]
        made.append(_table([2, 5], _said(tongue, "file", "reason"), rows))
        made += _more("more_unread", tongue, len(files) - SHOWN)
    if faults:
        rows = [
            [one.file, needed(one.column, tongue), fault_said(one, tongue), f"{one.rows:,}"]
            for one in faults[:SHOWN]
        ]
        names = _said(tongue, "file", "column", "reason", "rows")
        made += [_head("unread_values", tongue, 2), _table([3, 4, 2, 1], names, rows, (3,))]
        made += _more("more_unread", tongue, len(faults) - SHOWN)
    return made


def _legal(content: Content, tongue: Tongue) -> list[Part]:
    half = 0 if tongue == "zh" else 1
    left = [
        [LEFT_OUT.get(reason, (reason, reason))[half], f"{rows:,}"]
        for reason, rows in sorted(content.read.left_out.items())
        if rows
    ]
    far = say("astray", tongue).format(n=f"{content.read.astray:,}")
    cited = [
        [citation(name, tongue), CORPUS.articles[name].zh if half == 0 else CORPUS.articles[name].en]
        for name in cited_articles(content)
    ]  # fmt: skip
    chain = (
        f"{say('chain', tongue)}{say('of', tongue)}{content.read.head}. {say('chain_note', tongue)}"
    )
    return [
        _head("left_out", tongue),
        *_unread(content, tongue),
        *([_text(far)] if content.read.astray else []),
        _table([4, 1], _said(tongue, "reason", "rows"), left, (1,))
        if left
        else _text(say("nothing_left", tongue)),
        _head("legal", tongue),
        _note(say("legal_note", tongue)),
        *([_table([2, 4], _said(tongue, "article", "wording"), cited)] if cited else []),
        *([{"kind": "quiet", "text": chain}] if content.read.head else []),
    ]
