"""Which form of a scene was live since when (场景的历史): a record and a leaf for each change.

Scenes come from files and live from the start of a process on, so that is when they are noted.
Noting again what has not changed leaves nothing. Between two starts a file may change and change
back; that never was live, and is not noted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.ledger import Event, declare_event
from liangming.ledger.leaf import FactValue
from liangming.notice import FACE
from liangming.rights import RightsDesk
from liangming.scene.model import Scene

LIVE: Final = declare_event(
    "governance:scene:live",
    facts=("scene", "digest", "notices"),
    zh="一个场景以新的样子上线。",
    en="A scene went live in a new form.",
)
KIND: Final = "scene-form"
PREFIX: Final = "scf"
_AT_ONCE: Final = 200
_encode = msgspec.json.Encoder(order="sorted").encode


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form of a scene.

    Attributes:
        digest: SHA-256 over the form, hex.
        notices: digests of its notices.
        said: its configuration, key by key, as JSON.
        since: µs.
    """

    scene: str
    digest: str
    notices: tuple[str, ...]
    said: dict[str, Any]
    since: int = 0


class Change(msgspec.Struct, frozen=True):
    """One key that differs from the form before."""

    name: str
    before: str
    after: str


async def note_scenes(desk: RightsDesk) -> int:
    """Note every live scene whose form is new; how many there were."""
    premises = desk.premises
    at = premises.clock.now()
    records: list[Record] = []
    leaves: list[LeafRow] = []
    noted = 0
    for scene in premises.scenes.values():
        form = _form_of(desk, scene)
        held = await desk.docket.about(KIND, scene.id)
        if held and _read(held[-1]).digest == form.digest:
            continue
        number = ids.new(PREFIX, at)
        key = leaf_keys.lasting(premises, number)
        record = Record(
            id=number,
            kind=KIND,
            operator=scene.operator.id,
            about=scene.id,
            state="live",
            version=1,
            opened_at=micros(at),
            changed_at=micros(at),
            due_at=None,
            keep_until=None,
            leaf_key=key.kept,
            body=_encode(msgspec.structs.replace(form, since=micros(at))),
        )
        facts: dict[str, FactValue] = {
            "scene": scene.id,
            "digest": form.digest,
            "notices": form.notices,
        }
        event = Event(LIVE.tag, micros(at), record.id, facts)
        records.append(record)
        leaves.append(leaf_of(event, key.key, 0))
        noted += 1
        if len(records) == _AT_ONCE:
            await desk.docket.commit(records, leaves)
            records, leaves = [], []
    if records:
        await desk.docket.commit(records, leaves)
    return noted


async def forms_of(desk: RightsDesk, scene: str) -> list[Form]:
    """The forms of a scene, newest first."""
    return [_read(record) for record in reversed(await desk.docket.about(KIND, scene))]


def changes(before: Form, after: Form) -> list[Change]:
    """What differs between two forms, by key."""
    names = sorted({*before.said, *after.said})
    return [
        Change(name, _said(before, name), _said(after, name))
        for name in names
        if before.said.get(name) != after.said.get(name)
    ]


def _said(form: Form, name: str) -> str:
    value = form.said.get(name)
    return "" if value is None else _encode(value).decode()


def _form_of(desk: RightsDesk, scene: Scene) -> Form:
    names: Iterable[str] = ("", FACE) if scene.face is not None else ("",)
    notices = tuple(desk.premises.notice(scene, name).digest for name in names)
    said = {
        each.name: msgspec.to_builtins(getattr(scene, each.name))
        for each in fields(scene)
        if each.name != "source"
    }
    digest = hashlib.sha256(_encode([said, notices])).hexdigest()
    return Form(scene=scene.id, digest=digest, notices=notices, said=said)


def _read(record: Record) -> Form:
    return msgspec.json.decode(record.body, type=Form)
