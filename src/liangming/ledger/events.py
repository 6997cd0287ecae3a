"""The one registry of event kinds: what may become a leaf, and which facts it may carry.

A tag reads ``room:subject:action``. Rooms above declare theirs at import time, so that a test, a
receipt and the documentation can walk every member. A fact is named here or it does not exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TAG: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?::[a-z]+(?:-[a-z]+)*){2}")
_FACT: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")

OWN_FIELDS: Final = ("at", "check", "seq", "tag")
"""Fields that every leaf has beside the facts of its kind, in canonical order."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """A declared kind of event.

    Attributes:
        tag: ``room:subject:action``, never changed once published.
        facts: names of the facts it may carry.
        zh: what happened, in one sentence for the person concerned.
        en: the same in English.
    """

    tag: str
    facts: frozenset[str]
    zh: str
    en: str


kinds: Final[dict[str, EventKind]] = {}


def declare_event(tag: str, *, facts: tuple[str, ...] = (), zh: str, en: str) -> EventKind:
    """Declare a kind of event at import time, once in the whole program.

    Raises:
        ValueError: the tag breaks the grammar or is taken, or a fact's name is unfit or reserved.
    """
    if _TAG.fullmatch(tag) is None:
        raise ValueError(f"an event tag is 'room:subject:action': {tag}")
    if tag in kinds:
        raise ValueError(f"event declared twice: {tag}")
    for fact in facts:
        if _FACT.fullmatch(fact) is None or fact in OWN_FIELDS:
            raise ValueError(f"unfit name of a fact: {fact}")
    if len(set(facts)) != len(facts):
        raise ValueError(f"a fact is named twice: {tag}")
    kind = EventKind(tag, frozenset(facts), zh, en)
    kinds[tag] = kind
    return kind


def event_kinds() -> tuple[EventKind, ...]:
    """Every kind declared so far, by tag (import the rooms first to see them all)."""
    return tuple(kinds[tag] for tag in sorted(kinds))
