"""Rules of the house on scenes: what Liangming holds beyond, or before, an article.

Two sorts stand here. *Coherence*: a scene that could never do its duty, or names an article that
does not exist. *Invariants*: I1 and I6 must hold on any day and under any corpus, so they are
asked here again, and speak only where the law did not already say the same (its own sentence and
article are the better answer). None of this is ever shown as law: the basis says ``house``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from liangming.law.words import Method
from liangming.rules import Corpus, FactValue, Grade
from liangming.scene.fields import FIELDS
from liangming.scene.kinds import KINDS
from liangming.scene.lines import Path
from liangming.scene.model import NOTHING, Scene, Text
from liangming.scene.situation import PLACES

Facts = Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True)
class Objection:
    """A rule of the house that a scene breaks.

    Attributes:
        fact: the law's fact that would say the same; the objection is dropped if the law spoke.
        articles: what it leans on, if anything; cited only while in force.
    """

    code: str
    place: Path
    says: Text
    mend: Text
    articles: tuple[str, ...] = ()
    fact: str = ""
    detail: Text = NOTHING


def objections(scene: Scene, facts: Facts, corpus: Corpus, on: date) -> list[Objection]:
    """Every rule of the house that a scene breaks, in the order of this file."""
    found = [*_invariants(scene, facts), *_ways(scene), *_duty(scene), *_notice(scene)]
    return [*found, *_articles(scene, corpus, on)]


_FACE: Final = ("face.10", "pipl.5")
_Row = tuple[str, str, Callable[[FactValue | None], bool], Text, Text, tuple[str, ...]]


def _yes(value: FactValue | None) -> bool:
    return value is True


def _none(value: FactValue | None) -> bool:
    return value == 0


_INVARIANTS: Final[tuple[_Row, ...]] = (
    (
        "scene.face-only",
        "alternatives",
        _none,
        Text("没有任何人都能使用的非人脸方式。", "No way without a face is open to everyone."),
        Text("加一种人人可用的方式。", "Add a way that anyone who comes can use."),
        _FACE,
    ),
    (
        "scene.no-plain-way",
        "plain_alternatives",
        _none,
        Text(
            "没有一种方式既不用刷脸、也不用智能手机，而且人人可用。",
            "No way that is open to everyone needs neither a face nor a smartphone.",
        ),
        Text(
            "加一种，例如出示证件、取件码、票证或现金。",
            "Add one, such as a document shown, a pick-up code, a ticket or cash.",
        ),
        _FACE,
    ),
    *(
        (
            f"scene.{fact.replace('_', '-')}",
            fact,
            _yes,
            Text(f"刷脸{zh}。", f"The face is {en}."),
            Text("各方式平等呈现，刷脸放在最后。", "Present all ways alike, the face last."),
            _FACE,
        )
        for fact, zh, en in (
            ("face_first", "排在第一位", "first"),
            ("face_preselected", "被预先选中", "preselected"),
            ("face_emphasised", "更醒目", "made to stand out"),
            ("face_rewarded", "有奖励", "rewarded"),
        )
    ),
    (
        "scene.one-to-many",
        "one_to_many",
        _yes,
        Text(
            "亮明只做一对一比对，不提供一对多辨识。",
            "Liangming compares one to one only; it never picks a person out of many.",
        ),
        Text("删去 one_to_many。", "Remove one_to_many."),
        ("pipl.6",),
    ),
)


def _invariants(scene: Scene, facts: Facts) -> list[Objection]:
    return [
        Objection(code, PLACES[fact](scene), says, mend, articles, fact)
        for code, fact, broken, says, mend, articles in _INVARIANTS
        if broken(facts.get(fact))
    ]


def _ways(scene: Scene) -> list[Objection]:
    found = []
    character = KINDS[scene.kind]
    last = len(scene.ways) - 1
    for index, way in enumerate(scene.ways):
        place: Path = ("ways", index)
        if way.method is Method.FACE and 0 < index < last:
            found.append(
                Objection(
                    "scene.face-not-last",
                    place,
                    Text("刷脸要排在最后。", "The face stands last."),
                    Text("把 face 移到 ways 的末尾。", "Move face to the end of ways."),
                    _FACE,
                )
            )
        if way.method not in character.methods:
            found.append(
                Objection(
                    "scene.way-does-not-fit",
                    place,
                    Text(
                        "这种方式不适用于这类场景。",
                        "This way does not belong in this kind of scene.",
                    ),
                    Text(
                        "可用的方式：" + "、".join(character.methods),
                        "Ways that fit: " + ", ".join(character.methods),
                    ),
                )
            )
        if way.method is not Method.FACE:
            found += _louder(way.preselected, (*place, "preselected"))
            found += _louder(way.emphasised, (*place, "emphasised"))
            found += _louder(way.rewarded, (*place, "rewarded"))
    return found


def _louder(flag: bool, place: Path) -> list[Objection]:  # noqa: FBT001  (one reader, one flag)
    if not flag:
        return []
    return [
        Objection(
            "scene.unequal-ways",
            place,
            Text("各种方式没有平等呈现。", "The ways are not presented alike."),
            Text(
                "删去这个键：任何方式都不预选、不突出、不奖励。",
                "Remove this key: no way is preselected, stressed or rewarded.",
            ),
        )
    ]


def _duty(scene: Scene) -> list[Objection]:
    character = KINDS[scene.kind]
    if not character.registers or "document" in scene.fields:
        return []
    return [
        Objection(
            "scene.duty-unmet",
            ("collects",),
            Text(
                "收寄快件要登记寄件人的证件类型和号码，这个场景没有登记。",
                "A sender's document type and number are to be registered; this scene does not.",
            ),
            Text(
                "在 [scene.collects] 中加上 document 和保存天数。",
                "Add document, with its days, to [scene.collects].",
            ),
            character.sources,
        )
    ]


def _notice(scene: Scene) -> list[Objection]:
    usual = KINDS[scene.kind].notice
    if not scene.notice or scene.notice == usual:
        return []
    return [
        Objection(
            "scene.notice-of-another-kind",
            ("notice",),
            Text(
                "告知文本属于另一类场景，说的不是这里的事。",
                "This notice belongs to another kind of scene and tells of other things.",
            ),
            Text(
                f"改为 {usual}，或删去 notice。",
                f"Write {usual}, or leave notice out.",
            ),
            ("pipl.17",),
        )
    ]


def _articles(scene: Scene, corpus: Corpus, on: date) -> list[Objection]:
    found = []
    for kept in scene.retention:
        article = corpus.articles.get(kept.article)
        if article is not None and article.grade is not Grade.C and on in article.force:
            continue
        found.append(
            Objection(
                "scene.retention-article-unknown",
                ("collects", kept.field, "article"),
                Text(
                    "保存期限所引的条文不存在、未经核实，或当日未施行。",
                    "The article given for this time is unknown, unverified or not in force.",
                ),
                Text(
                    "用 liangming law list 查条文编号；没有专门规定的，删去 article。",
                    "Look it up with `liangming law list`; without a special rule, drop article.",
                ),
                detail=FIELDS.get(kept.field, Text(kept.field, kept.field)),
            )
        )
    return found
