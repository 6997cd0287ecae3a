"""A sheet that two people sign: put forward by one, signed by another, never changed afterwards.

Used by the register of processing and the self-check. The body is what they saw, as JSON without
personal data; its digest is in the log.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import Event, EventKind, declare_event
from liangming.rights import RightsDesk
from liangming.rights.moves import must_be_role

SHEET_ID: Final = "sht"
PUT_FORWARD: Final = declare_event(
    "governance:sheet:put-forward",
    facts=("kind", "operator", "digest", "actor"),
    zh="一份材料提交了，等待第二个人签字。",
    en="A sheet was put forward; a second person is to sign it.",
)
SIGNED: Final = declare_event(
    "governance:sheet:signed",
    facts=("kind", "operator", "digest", "actor", "put_forward_by"),
    zh="第二个人签了字，材料从此不变。",
    en="A second person signed a sheet; it does not change any more.",
)
SHEET_UNKNOWN: Final = declare(
    "governance.sheet-unknown",
    Kind.ABSENT,
    zh="没有这份材料，或者已经签过字。",
    en="There is no such sheet, or it was signed before.",
)
SIGN_OTHER: Final = declare(
    "governance.sheet-same-hands",
    Kind.FORBIDDEN,
    zh="提交的人不能自己签字，要另一个账号。",
    en="Who put it forward cannot sign it: another account is needed.",
)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as stored.

    Attributes:
        kind: what it is, e.g. ``"self-check"``.
        signed_by: empty until a second account signed.
    """

    id: str
    kind: str
    operator: str
    body: dict[str, Any]
    digest: str
    by: str
    at: datetime
    signed_by: str = ""
    signed_at: datetime | None = None


def digest_of(body: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


async def put_forward(
    desk: RightsDesk, kind: str, operator: str, body: dict[str, Any], *, by: str
) -> Sheet:
    """Put a sheet forward; one that waited before is dropped for it."""
    at = desk.premises.clock.now()
    sheet = Sheet(
        id=ids.new(SHEET_ID, at), kind=kind, operator=operator, body=body,
        digest=digest_of(body), by=must_be_role(by), at=at,
    )  # fmt: skip
    key = leaf_keys.lasting(desk.premises, sheet.id)
    row = Record(
        id=sheet.id,
        kind=kind,
        operator=operator,
        about=operator,
        state="put-forward",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=msgspec.json.encode(sheet),
    )
    waiting = [
        each.id for each in await desk.docket.about(kind, operator) if each.state == "put-forward"
    ]
    leaf = _leaf(PUT_FORWARD, sheet, key.key, 0, at, actor=by)
    await desk.docket.commit([row], [leaf], drop=waiting)
    return sheet


async def sign(desk: RightsDesk, number: str, *, kind: str, operator: str, by: str) -> Sheet:
    """The second signature.

    Raises:
        Misuse: ``governance.sheet-unknown``, ``governance.sheet-same-hands``.
    """
    row = await desk.docket.get(number) if ids.is_id(SHEET_ID, number) else None
    if row is None or (row.kind, row.state) != (kind, "put-forward"):
        raise Misuse(SHEET_UNKNOWN)
    sheet = msgspec.json.decode(row.body, type=Sheet)
    if operator not in {"", sheet.operator}:
        raise Misuse(SHEET_UNKNOWN)
    if must_be_role(by) == sheet.by:
        raise Misuse(SIGN_OTHER)
    at = desk.premises.clock.now()
    after = msgspec.structs.replace(sheet, signed_by=by, signed_at=at)
    key = await leaf_keys.again(desk.premises, row)
    changed = msgspec.structs.replace(
        row,
        state="signed",
        version=row.version + 1,
        changed_at=micros(at),
        leaf_key=key.kept,
        body=msgspec.json.encode(after),
    )
    leaf = _leaf(SIGNED, after, key.key, 1, at, actor=by, put_forward_by=sheet.by)
    await desk.docket.commit([changed], [leaf])
    return after


async def sheets(desk: RightsDesk, kind: str, operator: str) -> list[Sheet]:
    """The sheets of an operator, the newest first."""
    rows = await desk.docket.about(kind, operator)
    found = [msgspec.json.decode(row.body, type=Sheet) for row in rows]
    return sorted(found, key=lambda sheet: (sheet.at, sheet.id), reverse=True)


async def last_signed(desk: RightsDesk, kind: str, operator: str) -> Sheet | None:
    """The newest sheet with two signatures."""
    found = await sheets(desk, kind, operator)
    return next((sheet for sheet in found if sheet.signed_at is not None), None)


def _leaf(kind: EventKind, sheet: Sheet, key: bytes, number: int, at: datetime, **more: str) -> Any:
    facts: dict[str, str] = {
        "kind": sheet.kind,
        "operator": sheet.operator,
        "digest": sheet.digest,
        **more,
    }
    return leaf_of(Event(kind.tag, micros(at), sheet.id, facts), key, number)
