"""What is wrong with a scene in law, said so that an engineer can mend it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from liangming.rules import Corpus, Grade, Rank
from liangming.scene.model import NOTHING, Scene, Text


class Basis(enum.StrEnum):
    """On what a problem rests; a house rule is never shown as law."""

    LAW = "law"  # 法律、法规、规章、司法解释、规范性文件
    STANDARD = "standard"  # 推荐性标准
    HOUSE = "house"  # 亮明自己的规则


@dataclass(frozen=True, slots=True)
class Citation:
    """An article as it is cited to people."""

    id: str
    instrument: Text
    number: str  # "第十条"; empty where the number is not verified
    grade: Grade
    rank: Rank

    @classmethod
    def of(cls, corpus: Corpus, article_id: str) -> Citation:
        """The citation of an article of the corpus."""
        article = corpus.articles[article_id]
        instrument = corpus.instruments[article.instrument]
        return cls(
            article_id,
            Text(instrument.zh, instrument.en),
            article.number,
            article.grade,
            instrument.rank,
        )

    def as_dict(self) -> dict[str, str]:
        """For machines."""
        return {
            "id": self.id,
            "zh": self.instrument.zh,
            "en": self.instrument.en,
            "number": self.number,
            "grade": self.grade.value,
            "rank": self.rank.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why a scene may not go live.

    Attributes:
        code: stable reason code, ``scene.face-only``.
        scene: id of the scene.
        file: as named when loaded.
        line: counted from 1; 0 for a scene that was built in code.
        field: path of the key, ``ways[0]``.
        says: what is wrong.
        mend: what to change.
        detail: what exactly, where the sentence is general (which field, which outlets).
        citations: the articles; empty for a rule of the house alone.
        basis: law, standard or house.
    """

    code: str
    scene: str
    file: str
    line: int
    field: str
    says: Text
    mend: Text
    detail: Text = NOTHING
    citations: tuple[Citation, ...] = ()
    basis: Basis = Basis.LAW

    def as_dict(self) -> dict[str, Any]:
        """For machines: everything a person would be told."""
        return {
            "code": self.code,
            "scene": self.scene,
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "zh": self.says.zh,
            "en": self.says.en,
            "mend_zh": self.mend.zh,
            "mend_en": self.mend.en,
            "detail_zh": self.detail.zh,
            "detail_en": self.detail.en,
            "citations": [citation.as_dict() for citation in self.citations],
            "basis": self.basis.value,
        }


@dataclass(frozen=True, slots=True)
class Lawful:
    """The scene may go live on that day.

    Attributes:
        grounds: on which it rests.
        citations: the articles that say so.
    """

    scene: Scene
    grounds: tuple[str, ...]
    citations: tuple[Citation, ...]

    def __bool__(self) -> bool:
        raise TypeError("a judgement is not a truth value; match on Lawful and Unlawful")


@dataclass(frozen=True, slots=True)
class Unlawful:
    """The scene may not go live, for these reasons, in the order of the file."""

    scene: Scene
    problems: tuple[Problem, ...]

    def __bool__(self) -> bool:
        raise TypeError("a judgement is not a truth value; match on Lawful and Unlawful")


Judgement = Lawful | Unlawful
