"""Whether a scene may go live: the corpus decides, the house adds, every problem gets its line.

    1 the scene in the law's words (``situation``), with how it departs from its sisters (I10)
    2 the corpus's answer to *configure* on that day
    3 undetermined is not lawful: a silent or missing rule never lets a scene live (I11)
    4 the house's objections that the law has not already made (``house``)
    5 lawful only when nothing is left

Law: the articles that each problem cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import assert_never

from liangming.law import CORPUS
from liangming.law.words import Question
from liangming.rules import (
    Allowed,
    Corpus,
    FactValue,
    Finding,
    Rank,
    Refused,
    Undetermined,
    Verdict,
    decide,
)
from liangming.scene.bait import Bait
from liangming.scene.channels import Departure, departures
from liangming.scene.fields import FIELDS
from liangming.scene.house import Objection, objections
from liangming.scene.lines import Path, written
from liangming.scene.model import Scene, Text
from liangming.scene.problem import Basis, Citation, Judgement, Lawful, Problem, Unlawful
from liangming.scene.situation import PLACES, bait_of, extra, situation, unstated

Asked = dict[tuple[FactValue | None, ...], tuple[Verdict, tuple[Citation, ...]]]
"""Verdicts with their articles, of one day and corpus, by a scene's facts: thousands of outlets differ in few of them."""


def judge(scenes: Iterable[Scene], on: date, corpus: Corpus = CORPUS) -> tuple[Judgement, ...]:
    """Judge scenes together, so that an operator's channels can be compared.

    Args:
        scenes: all scenes that are to live side by side.
        on: the day in China.
        corpus: the law.

    Returns:
        One judgement for each scene, in the order given.
    """
    scenes = tuple(scenes)
    apart = departures(scenes)
    asked: Asked = {}
    return tuple([_judge(scene, apart.get(scene.id), on, corpus, asked) for scene in scenes])


def judge_one(
    scene: Scene, on: date, others: Sequence[Scene] = (), corpus: Corpus = CORPUS
) -> Judgement:
    """Judge one scene, beside others of the same operator."""
    apart = departures((scene, *others))
    return _judge(scene, apart.get(scene.id), on, corpus, {})


def _judge(
    scene: Scene, departure: Departure | None, on: date, corpus: Corpus, asked: Asked
) -> Judgement:
    facts = situation(scene, departure, on)  # 1
    key = tuple(facts.values())  # in one order for every scene
    if key not in asked:
        answer = decide(corpus, Question.CONFIGURE, facts, on=on)
        asked[key] = answer, _cite(corpus, answer.citations)
    verdict, articles = asked[key]  # 2
    problems: list[Problem] = []
    told: set[str] = set()
    match verdict:
        case Refused():
            for finding in verdict.findings:
                reads = tuple(corpus.rules[finding.rule].when.facts())
                told.update(reads)
                problems.append(_of_law(scene, departure, finding, reads, corpus))
        case Undetermined():  # 3
            problems.append(_undetermined(scene, verdict, articles))
        case Allowed():
            pass
        case _:
            assert_never(verdict)
    problems += [  # 4
        _of_house(scene, objection, corpus, on)
        for objection in objections(scene, facts, corpus, on)
        if objection.fact not in told
    ]
    if problems or not isinstance(verdict, Allowed):  # 5
        return Unlawful(scene, tuple(sorted(problems, key=lambda problem: problem.line)))
    return Lawful(scene, verdict.grounds, articles)


def _of_law(
    scene: Scene,
    departure: Departure | None,
    finding: Finding,
    reads: tuple[str, ...],
    corpus: Corpus,
) -> Problem:
    fact = next((fact for fact in PLACES if fact in reads), "")
    line, field = _where(scene, PLACES[fact](scene) if fact else ())
    citations = _cite(corpus, finding.citations)
    standards = [citation.rank is Rank.STANDARD for citation in citations]
    return Problem(
        code=finding.reason,
        scene=scene.id,
        file=scene.source.file,
        line=line,
        field=field,
        says=Text(finding.zh, finding.en),
        mend=Text(finding.mend_zh, finding.mend_en),
        detail=_detail(scene, departure, fact),
        citations=citations,
        basis=Basis.STANDARD if standards and all(standards) else Basis.LAW,
    )


def _undetermined(scene: Scene, verdict: Undetermined, articles: tuple[Citation, ...]) -> Problem:
    line, field = _where(scene, ())
    return Problem(
        code="scene.undetermined",
        scene=scene.id,
        file=scene.source.file,
        line=line,
        field=field,
        says=Text(
            "当日的规则对这个场景没有给出结论，不能启用。",
            "The rules of that day give no answer for this scene; it cannot go live.",
        ),
        mend=Text(
            "补充缺少的内容；若不缺内容，请法务确认当日适用的规定。",
            "Supply what is missing; if nothing is, let counsel confirm the rules of that day.",
        ),
        detail=Text(
            f"{verdict.reason}：{'、'.join(verdict.missing)}",
            f"{verdict.reason}: {', '.join(verdict.missing)}",
        ),
        citations=articles,
        basis=Basis.HOUSE,
    )


def _of_house(scene: Scene, objection: Objection, corpus: Corpus, on: date) -> Problem:
    line, field = _where(scene, objection.place)
    in_force = tuple(
        article
        for article in objection.articles
        if article in corpus.articles and on in corpus.articles[article].force
    )
    return Problem(
        code=objection.code,
        scene=scene.id,
        file=scene.source.file,
        line=line,
        field=field,
        says=objection.says,
        mend=objection.mend,
        detail=objection.detail,
        citations=_cite(corpus, in_force),
        basis=Basis.HOUSE,
    )


def _where(scene: Scene, place: Path) -> tuple[int, str]:
    if place[:1] == ("/",):
        return scene.source.line_in_file(*place[1:]), written(place[1:])
    return scene.source.line(*place), written(place)


def _cite(corpus: Corpus, articles: Iterable[str]) -> tuple[Citation, ...]:
    return tuple(Citation.of(corpus, article) for article in articles)


def _detail(scene: Scene, departure: Departure | None, fact: str) -> Text:
    match fact:
        case "extra_fields":
            return _fields(extra(scene))
        case "retention_stated":
            return _fields(unstated(scene))
        case "bait_words":
            return _words(tuple(bait for _, bait in bait_of(scene)))
        case "unequal_channels" if departure is not None:
            return Text(
                f"与{'、'.join(dict.fromkeys(o.zh for o in departure.outlets))}"
                f"（{'、'.join(departure.others)}）不同："
                f"{'、'.join(a.zh for a in departure.aspects)}",
                f"Differs from {', '.join(dict.fromkeys(o.en for o in departure.outlets))} "
                f"({', '.join(departure.others)}) in "
                f"{', '.join(a.en for a in departure.aspects)}",
            )
    return Text("", "")


def _fields(names: tuple[str, ...]) -> Text:
    words = [FIELDS.get(name, Text(name, name)) for name in names]
    return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def _words(baits: tuple[Bait, ...]) -> Text:
    found = tuple(dict.fromkeys(bait.word for bait in baits))
    return Text("、".join(f"“{w}”" for w in found), ", ".join(f'"{w}"' for w in found))
