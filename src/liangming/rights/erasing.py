"""Erase on request, so that it stays erased.

1 a tombstone in the file beside the database, on disk      crash: the next start erases
2 the person's key, record, index and leaf keys go; the evidence comes; one transaction
3 the same tombstone in the database; holds and restrictions that named the index go
                                                            crash before: the next start adds it
Only then is the request answered and the certificate handed out.

Law: pipl.47
"""

from __future__ import annotations

import msgspec

from liangming.check.erase import Why, erase_person, erasure_leaf
from liangming.check.ports import LeafRow, PersonRow
from liangming.clock import from_micros
from liangming.rights import tombstones
from liangming.rights.certificate import certify, erasure_key
from liangming.rights.desk import RightsDesk
from liangming.rights.holds import ties
from liangming.rights.states import About
from liangming.rights.tombstones import Tombstone
from liangming.vault import KeyRef, key_ref


class Erased(msgspec.Struct, frozen=True):
    """What an erasure leaves in hand: its evidence, and which bucket key had wrapped the key."""

    leaf: LeafRow
    ref: KeyRef


async def erase(desk: RightsDesk, person: PersonRow, actor: str) -> Erased:
    """Erase one registration, here and after any restore.

    Raises:
        Outage: ``rights.erasure-file-unavailable``, or the store's: it is not certain that the
            person is gone; the request stays open and is done again.
    """
    house = desk.premises
    leaf = erasure_leaf(house, Why.ASKED, actor, house.clock.now())
    stone = Tombstone(erasure=leaf.check, person=person.person, at=from_micros(leaf.at))
    stored = tombstones.sealed(house, stone)
    desk.erasures.append(tombstones.line_of(stone.erasure, stored))  # 1
    await erase_person(house, person.person, Why.ASKED, actor, leaf=leaf)  # 2
    record = tombstones.record_of(person.operator, stone, stored)
    await desk.docket.commit([record], drop=await ties(desk, person.person))  # 3
    return Erased(leaf, key_ref(person.wrapped_key))


def certificate_of(desk: RightsDesk, erased: Erased, about: About) -> str:
    """The signed certificate for one request."""
    text = certify(
        erasure_key(desk.premises.keys.signing, desk.origin),
        leaf=erased.leaf,
        ref=erased.ref,
        request=about.id,
        check=about.check,
        operator=about.operator,
        why=Why.ASKED.value,
    )
    return text.decode()
