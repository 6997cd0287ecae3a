"""Groups of scene kinds and ways that many articles speak of, as terms."""

from __future__ import annotations

from typing import Final

from liangming.law import facts
from liangming.law.words import Method, SceneKind
from liangming.rules import Term


def at(*kinds: SceneKind) -> Term:
    """The scene is of one of these kinds."""
    return facts.kind.one_of(*(kind.value for kind in kinds))


def by(*methods: Method) -> Term:
    """The way is one of these."""
    return facts.method.one_of(*(method.value for method in methods))


REAL_NAME: Final = (SceneKind.SEND_COUNTER, SceneKind.SEND_DOORSTEP, SceneKind.SEND_LOCKER)
"""Kinds in which the real-name duty (实名收寄) asks for the sender's identity each time."""
REAL_NAME_DUTY: Final = ("counterterror.20", "courier2019.22", "courier.23", "realname.3")
"""The articles of that duty; each is cited on the days on which it is in force."""
COLLECTS: Final = (SceneKind.COLLECT_COUNTER, SceneKind.COLLECT_LOCKER)
ENTRANCES: Final = tuple(kind for kind in SceneKind if kind.enters)
NO_IDENTITY: Final = (
    SceneKind.VENDING,
    SceneKind.ENTRANCE_SPORTS,
    SceneKind.ENTRANCE_RETAIL,
)
"""Kinds whose service needs no identity at all."""
NO_FACE: Final = (SceneKind.SEND_LETTER, SceneKind.SEND_AGREEMENT)
"""Kinds in which the law lifts the check at each hand-over, so that a face proves nothing asked."""

IDENTITY_WAYS: Final = tuple(m for m in Method if m.shows_identity and not m.is_face)
PAYING: Final = (Method.PAYMENT_CODE, Method.CASH, Method.BANK_CARD)

sends_by_duty: Final = at(*REAL_NAME)
without_duty: Final = at(*(kind for kind in SceneKind if kind not in REAL_NAME))
any_kind: Final = at(*SceneKind)
face_way: Final = by(Method.FACE)
