"""A mandate (检查任务): who inspects what, when, why, on which articles, and who must approve.

Written by the authority as a TOML file (docs/spec/packet.md), registered with the operator before
anything is drawn. It names what it commits to by a digest over its canonical form, so that a
registered mandate cannot be widened later.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.clock import CHINA, micros
from liangming.errors import LiangmingError, Misuse
from liangming.inspection.codes import MANDATE_MALFORMED, MANDATE_UNFIT
from liangming.inspection.people import Role, is_person
from liangming.law.words import SceneKind
from liangming.ledger import KeyKind, VerifyingKey, read_verifying_key
from liangming.ledger.head import read_head_text
from liangming.ledger.note import read_note

LARGEST: Final = 64 * 1024
MOST_SAMPLES: Final = 10_000
LEAST_APPROVERS: Final = 2
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_PURPOSE: Final = 200


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who may approve a packet of this mandate."""

    person: str
    role: Role
    key: str


class Mandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an authority may look at, and how.

    Attributes:
        authority: code of the authority; ``case``: its number for this inspection.
        operator: whose checks.
        outlets, kinds: only these; all of them when empty.
        since_day, until_day: days in China on which the checks were opened, both included.
        purpose: in the authority's own words, without anything about a person.
        basis: ids of the articles that allow it.
        sample: how many checks to draw.
        secret: SHA-256 (hex) of the inspector's random secret, shown only after registration.
        approvers: who may approve; two different ones must.
        since_head: a signed head that the inspector kept from before ``since_day``; the census
            begins there, or with the log's first leaf when it is empty.
    """

    authority: str
    case: str
    operator: str
    outlets: tuple[str, ...] = ()
    kinds: tuple[SceneKind, ...] = ()
    since_day: date
    until_day: date
    purpose: str
    basis: tuple[str, ...]
    sample: int
    secret: str
    approvers: tuple[Listed, ...]
    since_head: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form, hex."""
        return hashlib.sha256(encode_mandate(self)).hexdigest()

    @property
    def id(self) -> str:
        """``mdt_…``, from the digest: the same mandate has the same id everywhere."""
        return ids.of_number(ids.MANDATE, int(self.digest[:32], 16))

    @property
    def first_micros(self) -> int:
        """The first moment in scope."""
        return _midnight(self.since_day)

    @property
    def end_micros(self) -> int:
        """The first moment after the scope."""
        return end_of_day(self.until_day)

    def keys(self) -> dict[str, tuple[Listed, VerifyingKey]]:
        """Each approver and their key, by the person's name."""
        return {each.person: (each, read_verifying_key(each.key)) for each in self.approvers}


_encode = msgspec.json.Encoder(order="sorted").encode


def encode_mandate(mandate: Mandate) -> bytes:
    """The canonical form: JSON with sorted names and no white space."""
    return _encode(mandate)


def decode_mandate(data: bytes) -> Mandate:
    """The inverse of :func:`encode_mandate`; any other spelling is refused.

    Raises:
        Misuse: ``inspection.mandate-malformed``, ``inspection.mandate-unfit``.
    """
    try:
        mandate = msgspec.json.decode(data, type=Mandate)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(MANDATE_MALFORMED) from None
    _fit(mandate)
    if encode_mandate(mandate) != data:
        raise Misuse(MANDATE_MALFORMED)
    return mandate


def read_mandate(data: bytes, articles: Collection[str]) -> Mandate:
    """Read a mandate as the authority wrote it.

    Args:
        data: the TOML file.
        articles: ids of the articles on file; the basis must be among them.

    Raises:
        Misuse: ``inspection.mandate-malformed``; ``inspection.mandate-unfit`` naming the item.
    """
    try:
        raw = tomllib.loads(data.decode())
        mandate = msgspec.convert(raw, Mandate)
    except msgspec.ValidationError as failure:
        found = re.search(r"`\$\.?([a-z_]*)", str(failure)) or re.search(
            r"`([a-z_]+)`", str(failure)
        )
        raise Misuse(MANDATE_MALFORMED, field=found[1] if found else None) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Misuse(MANDATE_MALFORMED) from None
    _fit(mandate)
    if not set(mandate.basis) <= set(articles):
        raise Misuse(MANDATE_UNFIT, field="basis")
    return mandate


def end_of_day(day: date) -> int:
    """The first moment after a day in China, in µs."""
    return _midnight(day + timedelta(days=1))


def _fit(mandate: Mandate) -> None:
    people = [each.person for each in mandate.approvers]
    keys = [each.key.rpartition("+")[2] for each in mandate.approvers]  # whatever their names
    sound = {
        "authority": _CODE.fullmatch(mandate.authority),
        "case": _CODE.fullmatch(mandate.case),
        "operator": _CODE.fullmatch(mandate.operator),
        "outlets": all(_CODE.fullmatch(outlet) for outlet in mandate.outlets),
        "until_day": mandate.since_day <= mandate.until_day < date.max,
        "purpose": 0 < len(mandate.purpose) <= _LONGEST_PURPOSE,
        "basis": mandate.basis,
        "sample": 0 < mandate.sample <= MOST_SAMPLES,
        "secret": _DIGEST.fullmatch(mandate.secret),
        "approvers": len(people) >= LEAST_APPROVERS
        and len(set(people)) == len(people)
        and len(set(keys)) == len(keys)
        and all(_listed(each) for each in mandate.approvers),
        "since_head": not mandate.since_head or _is_head(mandate.since_head),
    }
    for name, fits in sound.items():
        if not fits:
            raise Misuse(MANDATE_UNFIT, field=name)


def _listed(each: Listed) -> bool:
    try:
        key = read_verifying_key(each.key)
    except Misuse:
        return False
    return is_person(each.person) and key.name == each.person and key.kind is KeyKind.LOG_ED25519


def _is_head(note: str) -> bool:
    try:
        return read_head_text(read_note(note.encode()).text)[1].size > 0
    except LiangmingError:
        return False


def _midnight(day: date) -> int:
    return micros(datetime.combine(day, time(), CHINA).astimezone(UTC))
