"""How the key of a record's leaves is kept: never plain, and gone with the person it concerns.

The key is random and made with the record. The row holds it under a pad, behind a byte that says
which; what each form is for follows from whom the record is about:

====  ==========================  ======================================  ===================
byte  pad of                      records                                 bytes
====  ==========================  ======================================  ===================
2     the person's key            holds, restrictions                     1 + 32
3     lasting, the ring's secret  nobody's: mandates, duties, audits      1 + 32
4     the leaf key of a check     requests, commands to devices           1 + 32 + the check's
====  ==========================  ======================================  ===================

The leaf key of a check goes with the person registered behind it (:mod:`liangming.check.leaf_keys`),
and whatever stands under it goes at the same moment, in the database and in every backup. A leaf that
comes after that, such as the answer to the erasure itself, has nobody behind it any more: the record
gets a fresh key, and it lasts. Nothing is authenticated here: a wrong key does not lead to the leaf.
"""

from __future__ import annotations

from os import urandom
from typing import Final, NamedTuple

from liangming import ids
from liangming.check.opening import stored_leaf_key
from liangming.check.ports import PersonRow
from liangming.check.premises import Premises
from liangming.docket.ports import Record
from liangming.errors import LiangmingError
from liangming.ledger.leaf import KEY_BYTES
from liangming.vault import add, pad

PERSON: Final = 2
LASTING: Final = 3
CHECK: Final = 4

_BY_PERSON, _BY_LASTING, _BY_CHECK = (bytes((form,)) for form in (PERSON, LASTING, CHECK))
_END: Final = 1 + KEY_BYTES
_WHAT: Final = b"liangming/docket/leaf-key/1\x00"
_UNDER_CHECK: Final = b"liangming/docket/pad/check/1\x00"


class LeafKey(NamedTuple):
    """A leaf key, open for the length of one commit, and the form that is stored."""

    key: bytes
    kept: bytes


def lasting(premises: Premises, record: str) -> LeafKey:
    """A fresh key for a record that concerns nobody, or nobody any more."""
    key = urandom(KEY_BYTES)
    return LeafKey(key, _BY_LASTING + add(key, premises.vault.lasting_pad(_what(record))))


def of_person(premises: Premises, record: str, person: PersonRow) -> LeafKey:
    """A fresh key that goes with a registered person.

    Raises:
        Refusal: a code of unwrapping.
    """
    key = urandom(KEY_BYTES)
    under = premises.vault.person_pad(person.wrapped_key, person.person, _what(record))
    return LeafKey(key, _BY_PERSON + add(key, under))


async def of_check(premises: Premises, record: str, check: str) -> LeafKey:
    """A fresh key that goes with the leaf key of a check; it lasts if that is gone already."""
    under = await _check_pad(premises, check, record)
    if under is None:
        return lasting(premises, record)
    key = urandom(KEY_BYTES)
    return LeafKey(key, _BY_CHECK + add(key, under) + check.encode())


async def again(premises: Premises, record: Record) -> LeafKey:
    """For the next leaf of a record: its key, or a fresh one once that is gone."""
    key = await opened_key(premises, record)
    return lasting(premises, record.id) if key is None else LeafKey(key, record.leaf_key)


async def opened_key(premises: Premises, record: Record) -> bytes | None:
    """The key of a record's leaves; None when it is gone or there was none."""
    kept = record.leaf_key
    if len(kept) < _END:
        return None
    form, body, tail = kept[0], kept[1:_END], kept[_END:]
    if form == CHECK and tail.isascii():
        under = await _check_pad(premises, tail.decode(), record.id)
    elif form == PERSON and not tail:
        under = await _person_pad(premises, record)
    elif form == LASTING and not tail:
        under = premises.vault.lasting_pad(_what(record.id))
    else:
        return None
    return None if under is None else add(body, under)


async def _check_pad(premises: Premises, check: str, record: str) -> bytes | None:
    row = await premises.store.check(check) if ids.is_id(ids.CHECK, check) else None
    key = None if row is None else await stored_leaf_key(premises.store, premises.vault, row)
    return None if key is None else pad(_UNDER_CHECK, key, _what(record))


async def _person_pad(premises: Premises, record: Record) -> bytes | None:
    """The pad of whoever the record is about; their index stands there until the record ends."""
    try:
        index = bytes.fromhex(record.about)
    except ValueError:
        return None
    person = (await premises.store.persons([index])).get(index)
    if person is None:
        return None
    try:
        return premises.vault.person_pad(person.wrapped_key, index, _what(record.id))
    except LiangmingError:
        return None


def _what(record: str) -> bytes:
    return _WHAT + record.encode()
