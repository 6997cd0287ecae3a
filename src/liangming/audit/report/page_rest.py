"""The page's end: what rows show, what was not tested, what was left out, the articles."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from liangming.audit.report.content import Content
from liangming.audit.report.first import shown_most
from liangming.audit.report.markup import END, head, row
from liangming.audit.report.naming import (
    cited_articles,
    fault_said,
    finding_title,
    lacking,
    most_at,
    needed,
    refusal,
    share_of,
)
from liangming.audit.report.texts import LEFT_OUT, say
from liangming.audit.statistics.words import ASKED, Tongue, citation
from liangming.audit.summary import articles, not_in_logs
from liangming.clock import china_date
from liangming.law import CORPUS
from liangming.law.wording import cite

SHOWN: Final = 40
"""Files and values that are named; the run named all of them."""


def hard(content: Content, tongue: Tongue) -> Iterator[str]:
    """What rows show by themselves: shown, or tested and never shown; the rest is said below."""
    yield head("hard", tongue)
    yield f'<p class="quiet">{say("hard_note", tongue)}</p>'
    found = shown_most(content)
    if found:
        columns = ("finding", "shown", "tested", "part", "law")
        yield row("hard", tongue, columns, (1, 2, 3))
    for one in found:
        cited = citation(articles(one.finding)[0].id, tongue)
        places = say("and", tongue).join(most_at(content, one.finding.code))
        where = f'<br><span class="quiet">{say("most_at", tongue)}{say("of", tongue)}{escape(places)}</span>'
        yield (
            f"<tr><td>{escape(finding_title(one, tongue))}{where if places else ''}</td>"
            f'<td class="n">{one.shown:,}</td><td class="n">{one.tested:,}</td>'
            f'<td class="n">{share_of(one.shown, one.tested)}</td><td>{escape(cited)}</td></tr>'
        )
    yield END if found else f"<p>{say('none_shown', tongue)}</p>"
    clean = [one for one in content.hard if one.tested and not one.shown]
    if clean:
        yield f"<h3>{say('clean', tongue)}</h3>"
        yield row("clean", tongue, ("finding", "tested"), (1,))
        for one in clean:
            yield f'<tr><td>{escape(finding_title(one, tongue))}</td><td class="n">{one.tested:,}</td></tr>'
        yield END


def untested(content: Content, tongue: Tongue) -> Iterator[str]:
    """What could not be asked, of rows and of outlets, and what no log shows."""
    half = 0 if tongue == "zh" else 1
    judged = content.judged
    yield head("untestable", tongue)
    yield f'<p class="quiet">{say("untestable_note", tongue)}</p>'
    yield row("untestable", tongue, ("question", "tests", "thin", "reason"), (1, 2))
    for name, tested in judged.tested.items():
        silent = judged.silent.get(name, "")
        nothing = tested == 0 and judged.thin[name] == 0
        reason = say(f"silent_{silent or 'nothing'}", tongue) if silent or nothing else ""
        yield (
            f'<tr><td>{ASKED[name].title[half]}</td><td class="n">{tested:,}</td>'
            f'<td class="n">{judged.thin[name]:,}</td><td>{reason}</td></tr>'
        )
    yield END
    blind = [one for one in content.hard if not one.tested]
    if blind:
        yield f"<h3>{say('blind', tongue)}</h3>"
        yield row("blind", tongue, ("finding", "reason"))
        for one in blind:
            yield (
                f"<tr><td>{escape(finding_title(one, tongue))}</td>"
                f"<td>{escape(lacking(one, content, tongue))}</td></tr>"
            )
        yield END
    yield f"<h3>{say('not_in_logs', tongue)}</h3><ul>"
    for number, words in not_in_logs().items():
        yield f"<li>{number} · {escape(words[half])}</li>"
    yield "</ul>"


def left_out(content: Content, tongue: Tongue) -> Iterator[str]:
    """Files and rows that do not count, by reason; and values that were not understood."""
    yield head("left_out", tongue)
    yield from _unread(content, tongue)
    if content.read.astray:
        yield f"<p>{say('astray', tongue).format(n=f'{content.read.astray:,}')}</p>"
    some = {reason: rows for reason, rows in sorted(content.read.left_out.items()) if rows}
    if not some:
        yield f"<p>{say('nothing_left', tongue)}</p>"
        return
    yield row("left_out", tongue, ("reason", "rows"), (1,))
    for reason, rows in some.items():
        words = LEFT_OUT.get(reason, (reason, reason))[0 if tongue == "zh" else 1]
        yield f'<tr><td>{escape(words)}</td><td class="n">{rows:,}</td></tr>'
    yield END


def _unread(content: Content, tongue: Tongue) -> Iterator[str]:
    files, faults = content.read.told.files, content.read.told.faults
    if files:
        yield f"<h3>{say('unread_files', tongue)} · {len(files):,}</h3>"
        yield f'<p class="quiet">{say("unread_note", tongue)}</p>'
        yield row("unread_files", tongue, ("file", "reason"))
        for one in files[:SHOWN]:
            yield f"<tr><td>{escape(one.name)}</td><td>{escape(refusal(one.code, tongue))}</td></tr>"
        yield f"{END}{_more(len(files), tongue)}"
    if faults:
        yield f"<h3>{say('unread_values', tongue)} · {len(faults):,}</h3>"
        yield row("unread_values", tongue, ("file", "column", "reason", "rows"), (3,))
        for fault in faults[:SHOWN]:
            yield (
                f"<tr><td>{escape(fault.file)}</td><td>{escape(needed(fault.column, tongue))}</td>"
                f'<td>{escape(fault_said(fault, tongue))}</td><td class="n">{fault.rows:,}</td></tr>'
            )
        yield f"{END}{_more(len(faults), tongue)}"
    if files or faults:
        yield f"<h3>{say('left_rows', tongue)}</h3>"


def _more(many: int, tongue: Tongue) -> str:
    if many <= SHOWN:
        return ""
    return f'<p class="quiet">{say("more_unread", tongue).format(n=f"{many - SHOWN:,}")}</p>'


def legal(content: Content, tongue: Tongue) -> Iterator[str]:
    """The articles that are cited, and what the report rests on."""
    yield head("legal", tongue)
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
    if content.read.head:
        yield (
            f'<p class="quiet">{say("chain", tongue)}{say("of", tongue)}<code>{escape(content.read.head)}</code> '
            f"{say('chain_note', tongue)}</p>"
        )
