"""What evidence says, before anything is decided."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from operator import attrgetter
from typing import Final

import msgspec

from liangming.check import facts as told
from liangming.check import states
from liangming.check.ports import Redemption
from liangming.check.premises import Premises
from liangming.law.words import Method
from liangming.register import Identity
from liangming.scene.model import Scene

_told: Final = attrgetter("facts", "document", "cautions", "at_order")


class Sitting(msgspec.Struct, frozen=True):
    """Where evidence is shown: the house, the scene, the check so far, the chosen way, now.

    Attributes:
        on: the day in China.
    """

    premises: Premises
    scene: Scene
    state: states.State
    method: Method
    at: datetime
    on: date


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What the evidence says; its repr names nobody.

    Attributes:
        facts: for the question *accept*.
        identity: what could be registered, where the way shows one.
        person: keyed index of that identity, or of the order's registered sender.
        redeem: single-use codes to use up in the same commit.
        document: a document type, for the record of what was asked.
        cautions: codes of what could not be settled.
        at_order: verified when ordering.
        frames: camera frames taken and kept, as the device signed it.
    """

    method: Method
    facts: told.Facts
    identity: Identity | None = None
    person: bytes | None = None
    redeem: tuple[Redemption, ...] = ()
    document: str = ""
    cautions: tuple[str, ...] = ()
    at_order: bool = False
    frames: tuple[int, int] | None = None
    pad_level: int = 0  # of the face that was compared
    looks: object = None  # where it is the same, so are the document and what the identity holds

    def like(self, other: Examined) -> bool:
        """Whether both have one :meth:`outcome`; may say no where they have."""
        identity, looks = self.identity, self.looks
        if looks is not None and looks is other.looks and self.facts is other.facts:
            return (
                self.cautions == other.cautions
                and self.at_order is other.at_order
                and (identity is None) is (other.identity is None)
                and (self.person is None) is (other.person is None)
            )
        if (self.person is None) is not (other.person is None) or _told(self) != _told(other):
            return False
        another = other.identity
        if identity is None or another is None:
            return identity is another
        one, two = identity.fields, another.fields
        return one.keys() == two.keys() and "" not in one.values() and "" not in two.values()

    def outcome(self, *, returning: bool) -> Hashable:
        """Everything in it, and beside it, that settling looks at; nothing about who it is."""
        return (
            *self.facts.items(),
            self.document,
            self.cautions,
            self.at_order,
            self.person is not None,
            *_held(self.identity),
            returning,
        )

    def __repr__(self) -> str:
        return f"<Examined {self.method.value}>"

    __str__ = __repr__


def _held(identity: Identity | None) -> tuple[bool, bool, bool]:
    """Whether there is an identity, a name in it, an organisation in it."""
    if identity is None:
        return False, False, False
    fields = identity.fields
    return True, bool(fields.get("name")), bool(fields.get("organisation"))
