"""Whose data and which fields: counted from the evidence of readings, or from the whole register.

Every opening of registered fields leaves an event before anything is handed out (``check.disclose``),
so nothing that was read through this system is missing. What was taken past it (a stolen database or
backup) is counted from the register: everybody who was in it by then.

A person is an index under a key; the count holds it in memory only, and no name is opened for it.

Law: pipl.57, netdata.11
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from liangming.check import events as checks
from liangming.clock import micros
from liangming.governance.incident.states import Asked, Basis, Field, Scope
from liangming.rights import RightsDesk
from liangming.rights import events as requests

WORDS: Final = "words"
"""The field that stands for what somebody wrote into a request."""
_STEP: Final = 2000


class Touched(msgspec.Struct, frozen=True):
    """One reading: of whom, by which check, which fields; ``person`` is None once they are erased."""

    person: bytes | None
    check: str
    fields: tuple[str, ...]


class _Opened(msgspec.Struct, frozen=True):
    actor: str
    fields: tuple[str, ...] = (WORDS,)


async def touched(desk: RightsDesk, operator: str, asked: Asked) -> AsyncIterator[Touched]:
    """Every reading, one after another; a person may come more than once."""
    if asked.basis is Basis.REGISTER:
        async for each in _registered(desk, operator, asked):
            yield each
        return
    since, until = micros(asked.since), micros(asked.until)
    after = -1
    while rows := await desk.docket.events(
        checks.DISCLOSED.tag, since, until, after=after, limit=_STEP
    ):
        for row in rows:
            said = msgspec.json.decode(row.facts, type=_Opened)
            mine = row.operator == operator and asked.scene in {"", row.scene}
            if mine and asked.actor in {"", said.actor}:
                yield Touched(row.person, row.check, said.fields)
        after = rows[-1].seq
    after = -1
    while rows := await desk.docket.events(
        requests.WORDS_OPENED.tag, since, until, after=after, limit=_STEP
    ):
        for row in rows:
            said = msgspec.json.decode(row.facts, type=_Opened)
            if asked.actor in {"", said.actor}:
                async for each in _writer(desk, operator, asked, row.check):
                    yield each
        after = rows[-1].seq


async def _writer(
    desk: RightsDesk, operator: str, asked: Asked, request: str
) -> AsyncIterator[Touched]:
    """Who wrote a request: whoever is registered behind its check."""
    record = await desk.docket.get(request)
    if record is None or record.operator != operator:
        return
    check = await desk.premises.store.check(record.about)
    if check is not None and asked.scene in {"", check.scene}:
        yield Touched(check.person, check.id, (WORDS,))


async def _registered(desk: RightsDesk, operator: str, asked: Asked) -> AsyncIterator[Touched]:
    fields = tuple(
        sorted(
            {
                field
                for scene in desk.premises.scenes.values()
                if scene.operator.id == operator and asked.scene in {"", scene.id}
                for field in scene.fields
                if field != "face"  # never in the centre
            }
        )
    )
    after = b""
    while found := await desk.docket.persons_of(
        operator, micros(asked.until), after=after, limit=_STEP
    ):
        for person, check in found:
            yield Touched(person, check, fields)
        after = found[-1][0]


async def count(desk: RightsDesk, operator: str, asked: Asked) -> Scope:
    """Count them; each person once, each erased person by their check."""
    known: set[bytes] = set()
    gone: set[str] = set()
    of_field: dict[str, set[bytes]] = {}
    readings = 0
    async for each in touched(desk, operator, asked):
        readings += 1
        key = each.person if each.person is not None else each.check.encode()
        if each.person is None:
            gone.add(each.check)
        else:
            known.add(each.person)
        for field in each.fields:
            of_field.setdefault(field, set()).add(key)
    return Scope(
        asked=asked,
        persons=len(known),
        gone=len(gone),
        readings=readings,
        fields=tuple(Field(name, len(who)) for name, who in sorted(of_field.items())),
        counted_at=desk.premises.clock.now(),
    )
