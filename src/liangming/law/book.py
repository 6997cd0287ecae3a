"""The law as a book: ``docs/law`` generated from the corpus, readable by a lawyer.

Chinese first, English under it. A recommended standard says on its first line that it is no law,
and a ceiling of Liangming's own is marked as ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from liangming.law.coverage import coverage, open_articles, tally
from liangming.law.wording import HOLDING, RANKS, cite, in_words
from liangming.rules import Article, Bar, Corpus, Dated, Demand, Exempt, Held, Instrument, Rule

_MADE = "<!-- Generated from the rules; do not edit. -->"
_MOMENTS = {
    "scene": "配置场景时 · when a scene is configured",
    "check": "查验中 · during a check",
    "duty": "日常义务 · in daily duties",
    "audit": "审计日志 · over event logs",
}


def pages(corpus: Corpus) -> dict[str, str]:
    """File name → Markdown, for the whole book."""
    book = {
        "README.md": _contents(corpus),
        "values.md": _values(corpus),
        "open.md": _open(corpus),
    }
    for instrument in corpus.instruments.values():
        book[f"{instrument.id}.md"] = _instrument(instrument, corpus)
    return book


def write(folder: Path, corpus: Corpus) -> tuple[Path, ...]:
    """Write the book into a folder and remove pages that no longer belong to it."""
    folder.mkdir(parents=True, exist_ok=True)
    book = pages(corpus)
    for old in folder.glob("*.md"):
        if old.name not in book:
            old.unlink()
    written = []
    for name, text in book.items():
        page = folder / name
        page.write_text(text, encoding="utf-8")
        written.append(page)
    return tuple(written)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + [
        "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows
    ]


def _span(start: object, end: object) -> str:
    return f"{start} – {end}" if end else f"{start} –"


def _contents(corpus: Corpus) -> str:
    rows = coverage(corpus)
    counts = tally(rows)
    lines = [
        _MADE, "# 法律 · The law", "",
        "亮明所收的法规，逐条说明如何守住。条文是我们自己的转述，不是原文，也不是法律意见。",
        "", "Every instrument held here, article by article. The paraphrases are ours: neither the official text nor legal advice.", "",
        "可信度 · Grade: **A** 通读了条文 (article read in full) · **B** 可靠页面引用 (quoted by a reliable page) · **C** 未核实，不作规则 (not verified, carries no rule).",
        "", "## 法规 · Instruments", "",
        *_table(
            ("法规", "Instrument", "位阶 · Rank", "条 · Articles", "规则 · Rules"),
            [
                (
                    f"[{i.zh}]({i.id}.md)", i.en, " · ".join(RANKS[i.rank]),
                    str(sum(a.instrument == i.id for a in corpus.articles.values())),
                    str(sum(corpus.articles[r.article].instrument == i.id for r in corpus.rules.values())),
                )
                for i in corpus.instruments.values()
            ],
        ),
        "", "## 如何守住 · How articles are held", "",
        *_table(
            ("方式", "Way", "条 · Articles"),
            [(*HOLDING[held], str(counts[held])) for held in Held],
        ),
        "", f"共 {len(corpus.articles)} 条、{len(corpus.rules)} 条规则。 {len(corpus.articles)} articles, {len(corpus.rules)} rules. [数值 · Values](values.md) · [未核实 · Open](open.md)", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _instrument(instrument: Instrument, corpus: Corpus) -> str:
    rank = RANKS[instrument.rank]
    lines = [_MADE, f"# {instrument.zh}", "", instrument.en, ""]
    if instrument.rank.value == "standard":
        lines += [f"> **{rank[0]}。** {rank[1].capitalize()}.", ""]
    facts = [("位阶 · Rank", " · ".join(rank))]
    if instrument.number:
        facts.append(("文号 · Number", instrument.number))
    facts.append(("施行 · In force", _span(instrument.force.start, instrument.force.end)))
    if instrument.address:
        facts.append(("官网 · Official address", instrument.address))
    lines += [f"- {name}: {text}" for name, text in facts]
    if instrument.note_zh:
        lines += ["", instrument.note_zh, "", instrument.note_en]
    rows = {row.article.id: row for row in coverage(corpus)}
    for article in corpus.articles.values():
        if article.instrument == instrument.id:
            lines += _article(article, rows[article.id].cited_by, corpus)
    return "\n".join([*lines, ""])


def _article(article: Article, cited_by: tuple[str, ...], corpus: Corpus) -> list[str]:
    number = article.number or "（条号未核实 · number not verified）"
    lines = [
        "", f"## {number} `{article.id}`", "", article.zh, "", article.en, "",
        f"- 可信度 · Grade: {article.grade}",
        f"- 如何守住 · Held: {'；'.join(' · '.join(HOLDING[held]) for held in article.held)}",
    ]  # fmt: skip
    instrument = corpus.instruments[article.instrument]
    if article.force != instrument.force:
        lines.append(f"- 施行 · In force: {_span(article.force.start, article.force.end)}")
    if article.held_zh:
        lines.append(f"- {article.held_zh} {article.held_en}")
    lines += [
        f"- 数值 · Value: {corpus.values[v].zh} · {corpus.values[v].en}" for v in article.values
    ]
    if cited_by:
        names = sorted({corpus.rules[name].article for name in cited_by})
        shown = "；".join(f"{cite(corpus, name, 'zh')}" for name in names)
        lines.append(f"- 由别处的规则一并引用 · Cited by rules under: {shown}")
    for rule in article.rules:
        lines += _rule(rule, corpus)
    return lines


def _rule(rule: Rule, corpus: Corpus) -> list[str]:
    match rule.effect:
        case Bar(reason=reason):
            effect = f"禁止 · Barred (`{reason}`)"
        case Demand(slot=slot, value=value):
            effect = f"须做到 · Demanded: `{slot}` = `{value}`"
        case Exempt(rules=rules):
            effect = "例外，不适用 · Exempted: " + ", ".join(f"`{name}`" for name in rules)
        case ground:
            effect = f"依据 · Ground: `{ground.name}`"
    lines = [
        "", f"### `{rule.id}`", "", f"{rule.zh}", "", f"{rule.en}", "",
        f"- {_MOMENTS[rule.moment]}; `{rule.question}`",
        f"- 条件 · When: {in_words(rule.when, corpus, 'zh')} · {in_words(rule.when, corpus, 'en')}",
        f"- {effect}",
    ]  # fmt: skip
    if rule.mend_zh:
        lines.append(f"- 改正 · Mend: {rule.mend_zh} {rule.mend_en}")
    if rule.also:
        lines.append(f"- 并见 · Also: {'；'.join(cite(corpus, name, 'zh') for name in rule.also)}")
    if rule.until:
        lines.append(
            f"- 自 {rule.until} 起由更特别的条文接替 · From {rule.until} a more special article says it."
        )
    return lines


def _values(corpus: Corpus) -> str:
    def row(value: Dated) -> tuple[str, ...]:
        numbers = "；".join(f"{s.day}: {s.value} {value.unit}" for s in value.values)
        cites = "；".join(dict.fromkeys(cite(corpus, s.article, "zh") for s in value.values))
        return (f"`{value.id}`", value.zh, value.en, numbers, cites)

    head = ("id", "数值", "Value", "自 · Since", "条文 · Article")
    ours = [row(v) for v in corpus.values.values() if v.of_house]
    fixed = [row(v) for v in corpus.values.values() if not v.of_house]
    return "\n".join([
        _MADE, "# 数值 · Values", "", "## 条文规定的 · Fixed by articles", "", *_table(head, fixed),
        "", "## 亮明自己的上限 · Liangming's own ceilings", "",
        "条文要求最短时间或者最小影响，没有数字；以下数字是亮明自己的，不是法律。",
        "", "The articles ask for the shortest time or least impact and give no number; these numbers are ours, not law.", "",
        *_table(head, ours), "",
    ])  # fmt: skip


def _open(corpus: Corpus) -> str:
    rows = [
        (f"`{a.id}`", cite(corpus, a.id, "zh"), f"{a.zh} {a.en}", f"{a.held_zh} {a.held_en}")
        for a in open_articles(corpus)
    ]
    return "\n".join([
        _MADE, "# 未核实 · Open", "",
        "知道有这一项，但没有读到可靠的文本；不作规则，不当法律展示。", "",
        "Known of, but no reliable text was read; no rule, never shown as law.", "",
        *_table(("id", "出处 · Source", "内容 · Content", "原因 · Why"), rows), "",
    ])  # fmt: skip
