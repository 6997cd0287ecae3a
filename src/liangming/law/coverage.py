"""What is held and how, and why a verdict came out as it did: the words behind ``liangming law``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from liangming.law.wording import GROUNDS, HOLDING, Tongue, cite, in_words, pick
from liangming.rules import (
    Allowed,
    Article,
    Bar,
    Corpus,
    Demand,
    Exempt,
    Finding,
    Grade,
    Ground,
    Held,
    Refused,
    Rule,
    Undetermined,
    Verdict,
)

_EFFECTS = {
    Bar: ("禁止", "barred"),
    Ground: ("依据", "ground"),
    Demand: ("须做到", "demanded"),
    Exempt: ("例外", "exempted"),
}
_WHY = {
    "unknown": ("还缺事实", "facts are missing"),
    "silent": ("所收条文没有规定", "the articles held here are silent"),
    "conflict": ("条文互相矛盾，请报告这一缺陷", "articles conflict; please report this defect"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One article and how it is held.

    Attributes:
        rules: rules that stand under it.
        cited_by: rules of other articles that cite it as saying the same.
    """

    article: Article
    rules: tuple[str, ...]
    cited_by: tuple[str, ...]


def coverage(corpus: Corpus) -> tuple[Row, ...]:
    """Every article, in the order of the corpus, with the rules that hold it."""
    citing: dict[str, list[str]] = {name: [] for name in corpus.articles}
    for rule in corpus.rules.values():
        for name in rule.also:
            citing[name].append(rule.id)
    return tuple(
        Row(article, tuple(rule.id for rule in article.rules), tuple(citing[article.id]))
        for article in corpus.articles.values()
    )


def tally(rows: Iterable[Row]) -> Counter[Held]:
    """How many articles are held in each way; an article held in two ways counts in both."""
    return Counter(held for row in rows for held in row.article.held)


def open_articles(corpus: Corpus) -> tuple[Article, ...]:
    """Articles of grade C, and those marked open: known of, not verified, never enforced."""
    return tuple(
        article
        for article in corpus.articles.values()
        if article.grade is Grade.C or Held.OPEN in article.held
    )


def explain(subject: Verdict | Rule | Article | str, corpus: Corpus, tongue: Tongue = "zh") -> str:
    """A verdict, a rule or an article in plain words.

    Args:
        subject: also the id of a rule or an article.
        corpus: the law.
        tongue: ``"zh"`` or ``"en"``.

    Raises:
        KeyError: no rule or article has this id.
    """
    match subject:
        case str():
            return explain(
                corpus.rules[subject] if "/" in subject else corpus.articles[subject],
                corpus,
                tongue,
            )
        case Rule():
            return _rule(subject, corpus, tongue)
        case Article():
            return _article(subject, corpus, tongue)
        case Allowed():
            return _allowed(subject, corpus, tongue)
        case Refused():
            head = pick(("不可以。", "Not lawful."), tongue)
            return "\n".join([head, *(_finding(f, corpus, tongue) for f in subject.findings)])
        case Undetermined():
            return _undetermined(subject, corpus, tongue)


def _cites(names: Iterable[str], corpus: Corpus, tongue: Tongue) -> str:
    return ("；" if tongue == "zh" else "; ").join(cite(corpus, name, tongue) for name in names)


def _rule(rule: Rule, corpus: Corpus, tongue: Tongue) -> str:
    effect = pick(_EFFECTS[type(rule.effect)], tongue)
    lines = [
        rule.zh if tongue == "zh" else rule.en,
        pick(("条件：", "When: "), tongue) + in_words(rule.when, corpus, tongue),
        pick(("后果：", "Effect: "), tongue) + effect,
        pick(("条文：", "Articles: "), tongue) + _cites(rule.citations, corpus, tongue),
    ]
    mend = rule.mend_zh if tongue == "zh" else rule.mend_en
    if mend:
        lines.append(pick(("改正：", "Mend: "), tongue) + mend)
    return "\n".join(lines)


def _article(article: Article, corpus: Corpus, tongue: Tongue) -> str:
    lines = [
        cite(corpus, article.id, tongue),
        article.zh if tongue == "zh" else article.en,
        pick(("可信度：", "Grade: "), tongue) + article.grade,
        pick(("如何守住：", "Held: "), tongue)
        + ("、" if tongue == "zh" else ", ").join(pick(HOLDING[h], tongue) for h in article.held),
    ]
    why = article.held_zh if tongue == "zh" else article.held_en
    if why:
        lines.append(why)
    lines += [f"- {rule.zh if tongue == 'zh' else rule.en}" for rule in article.rules]
    return "\n".join(lines)


def _allowed(verdict: Allowed, corpus: Corpus, tongue: Tongue) -> str:
    grounds = [pick(GROUNDS.get(name, (name, name)), tongue) for name in verdict.grounds]
    lines = [
        pick(("可以。依据：", "Lawful. Ground: "), tongue)
        + ("、" if tongue == "zh" else ", ").join(grounds)
    ]
    for name in verdict.rules:
        rule = corpus.rules[name]
        lines.append(f"- {rule.zh if tongue == 'zh' else rule.en}")
    lines.append(pick(("条文：", "Articles: "), tongue) + _cites(verdict.citations, corpus, tongue))
    return "\n".join(lines)


def _finding(finding: Finding, corpus: Corpus, tongue: Tongue) -> str:
    text, mend = (finding.zh, finding.mend_zh) if tongue == "zh" else (finding.en, finding.mend_en)
    cites = _cites(finding.citations, corpus, tongue)
    end = pick(("改正：", "Mend: "), tongue) + mend if mend else ""
    return f"- {text} [{cites}] {end}".rstrip()


def _undetermined(verdict: Undetermined, corpus: Corpus, tongue: Tongue) -> str:
    lines = [pick(("无法判定：", "Undetermined: "), tongue) + pick(_WHY[verdict.reason], tongue)]
    for name in verdict.missing:
        fact = corpus.vocabulary[name]
        lines.append(f"- {fact.zh if tongue == 'zh' else fact.en}")
    if verdict.citations:
        lines.append(
            pick(("条文：", "Articles: "), tongue) + _cites(verdict.citations, corpus, tongue)
        )
    return "\n".join(lines)
