"""The courses on file: ``sheets/<id>.toml``, read once.

A course that changes gets the next ``version``; ``counts_from`` says since which version an earlier
pass still counts.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Final

import msgspec

from liangming.scene.model import Text


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str

    def text(self) -> Text:
        return Text(self.zh, self.en)


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    article: str
    right: str
    ask: _Said
    options: dict[str, _Said]
    why: _Said


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    roles: tuple[str, ...]
    minutes: int
    articles: tuple[str, ...]
    title: _Said
    lessons: tuple[_Said, ...]
    questions: tuple[_Asked, ...]
    counts_from: int = 1


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question; exactly one option is right.

    Attributes:
        why: said after grading, whatever was answered.
    """

    ask: Text
    options: dict[str, Text]
    right: str
    why: Text
    article: str


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One course.

    Attributes:
        roles: who needs it.
        minutes: about how long it takes.
    """

    id: str
    version: int
    counts_from: int
    roles: tuple[str, ...]
    minutes: int
    articles: tuple[str, ...]
    title: Text
    lessons: tuple[Text, ...]
    questions: tuple[Question, ...]


def _read() -> dict[str, Course]:
    found = {}
    folder = resources.files(__package__) / "sheets"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        name, dot, kind = file.name.partition(".")
        if (dot, kind) != (".", "toml"):
            continue
        body = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
        found[name] = Course(
            id=name,
            version=body.version,
            counts_from=body.counts_from,
            roles=body.roles,
            minutes=body.minutes,
            articles=body.articles,
            title=body.title.text(),
            lessons=tuple(each.text() for each in body.lessons),
            questions=tuple(
                Question(
                    ask=each.ask.text(),
                    options={key: said.text() for key, said in each.options.items()},
                    right=each.right,
                    why=each.why.text(),
                    article=each.article,
                )
                for each in body.questions
            ),
        )
    return found


COURSES: Final = _read()
"""By id."""


def needed(role: str) -> tuple[Course, ...]:
    """The courses of a role."""
    return tuple(course for course in COURSES.values() if role in course.roles)
