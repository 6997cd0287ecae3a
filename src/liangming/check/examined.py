"""What evidence says, before anything is decided."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

import msgspec

from liangming.check import facts as told
from liangming.check import states
from liangming.check.ports import Redemption
from liangming.check.premises import Premises
from liangming.law.words import Method
from liangming.register import Identity
from liangming.scene.model import Scene


class Sitting(msgspec.Struct, frozen=True):
    """Where evidence is shown: the house, the scene, the check so far, the chosen way, now."""

    premises: Premises
    scene: Scene
    state: states.State
    method: Method
    at: datetime


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

    def outcome(self, *, returning: bool) -> Hashable:
        """Everything in it, and beside it, that settling looks at; nothing about who it is."""
        fields = self.identity.fields if self.identity is not None else {}
        return (
            *self.facts.items(),
            self.document,
            self.cautions,
            self.at_order,
            self.person is not None,
            self.identity is not None,
            bool(fields.get("name")),
            bool(fields.get("organisation")),
            returning,
        )

    def __repr__(self) -> str:
        return f"<Examined {self.method.value}>"

    __str__ = __repr__
