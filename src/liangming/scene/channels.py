"""The same duty gives the same demand on every channel of one operator (I10).

Scenes of one operator whose kinds carry the same duty are compared by what they ask of a person.
The demand that most of them share is the norm; a scene that departs from it needs its reason in
writing (``channel_reason``). Where no demand is the more common one, each departs from the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liangming.law.words import Method
from liangming.scene.kinds import KINDS
from liangming.scene.model import Scene, Text

SHORTEST_REASON: Final = 8  # characters; "同上" or "略" is no reason

# One demand may be met by ways that differ in tool only: a card seen and a card read.
_SHOWN: Final = {
    Method.DOCUMENT_SEEN: "document",
    Method.DOCUMENT_READ: "document",
    Method.REGISTERED_SENDER: "registered",
    Method.ORDER_CODE: "order-code",
    Method.NETWORK_CREDENTIAL: "network-credential",
    Method.ORGANISATION: "organisation",
    Method.AGREEMENT: "agreement",
    Method.FACE: "face",
}

_ASPECTS: Final = (
    Text("证明身份的方式", "ways to show identity"),
    Text("接受的证件", "accepted documents"),
    Text("收集的信息", "fields collected"),
    Text("保存期限", "retention"),
    Text("强制手机号", "forced phone number"),
    Text("人脸信息外传", "face leaving the device"),
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a scene asks of a person, in a form that can be compared."""

    shows: frozenset[str]
    accepts: frozenset[str]
    fields: frozenset[str]
    kept: frozenset[tuple[str, int]]
    phone_forced: bool
    face_leaves: bool

    @classmethod
    def of(cls, scene: Scene) -> Demand:
        """The demand of a scene."""
        return cls(
            frozenset(_SHOWN[m] for m in scene.methods if m in _SHOWN),
            frozenset(accepted.type for accepted in scene.accepted),
            frozenset(scene.fields),
            frozenset((kept.field, kept.days) for kept in scene.retention),
            scene.phone_forced,
            Method.FACE in scene.methods and scene.face is not None and scene.face.leaves_device,
        )

    def differences(self, other: Demand) -> tuple[Text, ...]:
        """The aspects in which two demands differ, in words."""
        both = self.fields & other.fields  # a field that one lacks is told once, as a field
        mine = (self.shows, self.accepts, self.fields, {k for k in self.kept if k[0] in both})
        theirs = (
            other.shows,
            other.accepts,
            other.fields,
            {k for k in other.kept if k[0] in both},
        )
        flags = (
            self.phone_forced == other.phone_forced,
            self.face_leaves == other.face_leaves,
        )
        same = (*(a == b for a, b in zip(mine, theirs, strict=True)), *flags)
        return tuple(aspect for aspect, equal in zip(_ASPECTS, same, strict=True) if not equal)


@dataclass(frozen=True, slots=True)
class Departure:
    """A scene asks something else than its sisters do.

    Attributes:
        others: ids of the scenes it differs from.
        outlets: names of their outlets, in the same order.
        aspects: what differs.
    """

    scene: str
    others: tuple[str, ...]
    outlets: tuple[Text, ...]
    aspects: tuple[Text, ...]


def has_reason(scene: Scene) -> bool:
    """Whether the difference has a written reason worth the name."""
    return len("".join(scene.channel_reason.split())) >= SHORTEST_REASON


def departures(scenes: Iterable[Scene]) -> dict[str, Departure]:
    """For every scene that departs from its sisters: how, and from whom, by scene id.

    A scene with a written reason is listed as well (its reason answers it) but is no measure for
    others.
    """
    groups: dict[tuple[str, str], list[Scene]] = defaultdict(list)
    for scene in scenes:
        groups[scene.operator.id, KINDS[scene.kind].duty].append(scene)
    found = {}
    for group in groups.values():
        for departure in _within(group):
            found[departure.scene] = departure
    return found


def _within(group: list[Scene]) -> Iterable[Departure]:
    demands = [(scene, Demand.of(scene)) for scene in group]
    measures = Counter(demand for scene, demand in demands if not has_reason(scene))
    ranked = measures.most_common(2)
    if not ranked:
        return
    clear = len(ranked) == 1 or ranked[0][1] > ranked[1][1]
    norm = ranked[0][0] if clear else None
    for scene, demand in demands:
        if demand == norm:
            continue
        others = [
            (other, theirs)
            for other, theirs in demands
            if theirs != demand and not has_reason(other) and (norm is None or theirs == norm)
        ]
        if others:
            aspects = [a for _, theirs in others for a in demand.differences(theirs)]
            yield Departure(
                scene.id,
                tuple(other.id for other, _ in others),
                tuple(other.outlet.name for other, _ in others),
                tuple(dict.fromkeys(aspects)),
            )
