"""Which changes of a group may land, in order: one rule for both databases.

A group shares a transaction, so what would fail must be found before it is written. The store
first reads what it knows about everything the group touches (:class:`Known`); :func:`admit` then
plays the group in order, each change seeing what the admitted ones before it did.

For each change, in this order:

1. the version fits: absent for version 1, otherwise one below            [check.moved-on]
2. its idempotency key is free, or older than 24 hours                     [api.idempotency-key-reused]
   — with the *same* digest it is a race that another request won          [check.moved-on]
3. no code of it was used, by another or twice by itself                   [method.code-already-used]
4. the person behind it, new or seen again, has the key that its leaf key was
   kept under: registered by another meanwhile, or erased, they are asked anew [check.moved-on]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from liangming.check.ports import CODE_USED, KEY_REUSED, MOVED_ON, Change
from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.storage.records import DAY

Key = tuple[str, str, str]


@dataclass(slots=True)
class Touched:
    """Everything a group of changes touches, for the store to look up."""

    checks: list[str]
    keys: list[Key]
    codes: list[bytes]
    persons: list[bytes]

    @classmethod
    def by(cls, changes: Iterable[Change]) -> Touched:
        """What these changes touch."""
        checks: set[str] = set()
        keys: set[Key] = set()
        codes: set[bytes] = set()
        persons: set[bytes] = set()
        for change in changes:
            checks.add(change.check.id)
            if (note := change.remember) is not None:
                keys.add((note.client, note.route, note.key))
            if change.redeem:
                codes.update(used.code for used in change.redeem)
            if change.person is not None:
                persons.add(change.person.person)
            elif change.seen is not None:
                persons.add(change.seen)
        return cls(sorted(checks), sorted(keys), sorted(codes), sorted(persons))


@dataclass(slots=True)
class Known:
    """What the database holds of it; :func:`admit` plays the admitted changes into it."""

    versions: dict[str, int] = field(default_factory=dict)
    keys: dict[Key, tuple[bytes, int]] = field(default_factory=dict)  # digest and µs
    codes: set[bytes] = field(default_factory=set)
    persons: dict[bytes, bytes] = field(default_factory=dict)  # their wrapped keys
    visits: dict[bytes, int] = field(default_factory=dict)  # bytes in their rows; SQLite's alone


def expected(changes: Iterable[Change]) -> Known:
    """What a database holds against which nothing in these changes stands.

    Changes that :func:`admit` lets pass with it may be written unlooked, where the writing itself says
    whether it was so.
    """
    known = Known()
    for change in changes:
        known.versions.setdefault(change.check.id, change.check.version - 1)
        if change.seen is not None and change.person is None:
            known.persons.setdefault(change.seen, change.holder_key)
    return known


def admit(changes: Sequence[Change], known: Known) -> list[LiangmingError | None]:
    """Per change None, or why it alone must not land."""
    return [_admit(change, known) for change in changes]


def _admit(change: Change, known: Known) -> LiangmingError | None:
    check = change.check
    if check.version < 1 or known.versions.get(check.id, 0) != check.version - 1:
        return Misuse(MOVED_ON)
    key: Key | None = None
    if (note := change.remember) is not None:
        key = (note.client, note.route, note.key)
        earlier = known.keys.get(key)
        if earlier is not None and earlier[1] > note.at - DAY:
            same = earlier[0] == note.digest
            return Misuse(MOVED_ON if same else KEY_REUSED, field="Idempotency-Key")
    if change.redeem:
        codes = {used.code for used in change.redeem}
        if len(codes) != len(change.redeem) or codes & known.codes:
            return Refusal(CODE_USED)
    if (new := change.person) is not None:
        if known.persons.setdefault(new.person, new.wrapped_key) != change.holder_key:
            return Misuse(MOVED_ON)
    elif change.seen is not None and known.persons.get(change.seen) != change.holder_key:
        return Misuse(MOVED_ON)
    known.codes.update(used.code for used in change.redeem)
    known.versions[check.id] = check.version
    if note is not None and key is not None:
        known.keys[key] = (note.digest, note.at)
    return None
