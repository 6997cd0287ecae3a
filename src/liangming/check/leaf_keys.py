"""How the key of a check's leaves is kept: never plain, and gone with the person.

The key is random and made with the check. What the row holds is the key under a pad of the vault,
behind a byte that says which:

====  =========  =========================================================  ==============
byte  pad of     while                                                      bytes
====  =========  =========================================================  ==============
1     passing    the check is not finished: nobody knows yet who it is      1 + 4 + 32
2     a person   somebody is registered behind it                           1 + 32
3     lasting    it ended without a registration                            1 + 32
====  =========  =========================================================  ==============

So what a backup holds of an erased person's checks, from before or after they were known, opens
for nobody once ``keys forget`` has destroyed the older bucket keys (docs/spec/leaf.md). An erasure
empties the row's key. Nothing is authenticated here: a wrong key does not lead to the leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import urandom
from typing import Final

from liangming.check import faults
from liangming.check.ports import CheckRow, PersonRow
from liangming.errors import Misuse
from liangming.ledger.leaf import KEY_BYTES
from liangming.vault import Vault, add, add_each

PASSING: Final = 1
PERSON: Final = 2
LASTING: Final = 3

_BY_PASSING, _BY_PERSON, _BY_LASTING = (bytes((form,)) for form in (PASSING, PERSON, LASTING))
_GENERATION_END: Final = 5
_LENGTH: Final = {PASSING: 5 + KEY_BYTES, PERSON: 1 + KEY_BYTES, LASTING: 1 + KEY_BYTES}
_WHAT: Final = b"liangming/check/leaf-key/1\x00"


def fresh() -> bytes:
    """A new leaf key."""
    return urandom(KEY_BYTES)


def keep(
    vault: Vault,
    check: str,
    key: bytes,
    holder: PersonRow | None,
    *,
    finished: bool,
) -> bytes:
    """The stored form of a leaf key.

    Args:
        vault: whose pads keep it.
        check: the check's id.
        key: the leaf key.
        holder: the registration that this commit makes or finds.
        finished: whether the check ends with it.
    """
    what = what_of(check)
    if holder is not None:
        return _BY_PERSON + add(key, vault.person_pad(holder.wrapped_key, holder.person, what))
    if finished:
        return _BY_LASTING + add(key, vault.lasting_pad(what))
    generation = vault.passing_generation
    kept = add(key, vault.passing_pad(generation, what))
    return _BY_PASSING + generation.to_bytes(4, "big") + kept


def keep_new(key: bytes, pad: bytes) -> bytes:
    """The stored form of a leaf key whose person's key, and with it the pad, was made just now."""
    return _BY_PERSON + add(key, pad)


def keep_each(keys: Sequence[bytes], pads: Sequence[bytes]) -> list[bytes]:
    """As :func:`keep_new`, of many checks."""
    return [_BY_PERSON + kept for kept in add_each(keys, pads)]


def keep_under(
    vault: Vault, checks: Sequence[str], keys: Sequence[bytes], holders: Sequence[PersonRow]
) -> list[bytes]:
    """As :func:`keep`, of many checks, each with the registration that it found."""
    people = [(holder.wrapped_key, holder.person) for holder in holders]
    return keep_each(keys, vault.person_pads(people, list(map(what_of, checks))))


def open_key(vault: Vault, row: CheckRow, wrapped: bytes | None) -> bytes:
    """The leaf key of a stored check.

    Args:
        vault: whose pads keep it.
        row: the check.
        wrapped: the wrapped key of the person behind it; None when there is none.

    Raises:
        Misuse: ``check.erased``, the person was erased and the key with them;
            ``check.leaf-key-unreadable``.
        Refusal: ``vault.key-unknown``, the pad is gone; a code of unwrapping.
    """
    kept = row.leaf_key
    if not kept:
        raise Misuse(faults.ERASED)
    form = kept[0]
    if len(kept) != _LENGTH.get(form):
        raise Misuse(faults.LEAF_KEY_UNREADABLE)
    if form == PASSING:
        pad = vault.passing_pad(int.from_bytes(kept[1:_GENERATION_END], "big"), what_of(row.id))
        return add(kept[_GENERATION_END:], pad)
    if form == LASTING:
        return add(kept[1:], vault.lasting_pad(what_of(row.id)))
    if row.person is None or wrapped is None:
        raise Misuse(faults.ERASED)
    return add(kept[1:], vault.person_pad(wrapped, row.person, what_of(row.id)))


def renew(vault: Vault, check: str, kept: bytes) -> bytes:
    """The stored form of an unfinished check under the passing key of today; others as they are.

    Raises:
        Refusal: ``vault.key-unknown``.
    """
    generation = passing_generation(kept)
    if generation is None:
        return kept
    pad = vault.passing_pad(generation, what_of(check))
    return keep(vault, check, add(kept[_GENERATION_END:], pad), None, finished=False)


def passing_generation(kept: bytes) -> int | None:
    """The generation a stored form passes with; None when it is another form."""
    if len(kept) != _LENGTH[PASSING] or kept[0] != PASSING:
        return None
    return int.from_bytes(kept[1:_GENERATION_END], "big")


def what_of(check: str) -> bytes:
    """Names the leaf key of a check among what is kept under pads."""
    return _WHAT + check.encode()
