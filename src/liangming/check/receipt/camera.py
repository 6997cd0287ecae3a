"""Was a camera there, and did it take anything? Said only as far as it is proven.

The opening of a check records which enrolled devices stood at the scene; each of them has a
camera. Where there was none, that is what is said. Where the face was used, the device signed how
many frames it took and kept. Otherwise nothing is claimed: that a device stood still all the time
only a running count of its own could show.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liangming.check import events
from liangming.ledger.leaf import FactValue


class Camera(enum.StrEnum):
    """What can be said about a camera."""

    NO_DEVICE = "no-device"  # 这里没有登记带摄像头的终端
    COUNTED = "counted"  # 用了刷脸，终端签名说明取了几帧、保留几帧
    NOT_COUNTED = "not-counted"  # 有终端，但没有它签名的计数，不作断言
    UNKNOWN = "unknown"  # 较早的查验没有记录


@dataclass(frozen=True, slots=True)
class Seen:
    """What is said, and the device's own count where it gave one."""

    camera: Camera
    taken: int | None = None
    kept: int | None = None


def camera_of(happened: Iterable[tuple[str, Mapping[str, FactValue]]]) -> Seen:
    """What the events of a check say about cameras.

    Args:
        happened: tag and facts of each event, in order.
    """
    seen = Seen(Camera.UNKNOWN)
    for tag, facts in happened:
        if tag == events.OPENED.tag and isinstance(facts.get("devices"), (tuple, list)):
            seen = Seen(Camera.NOT_COUNTED if facts["devices"] else Camera.NO_DEVICE)
        taken, kept = facts.get("frames_taken"), facts.get("frames_kept")
        if tag == events.PRESENTED.tag and isinstance(taken, int) and isinstance(kept, int):
            seen = Seen(
                Camera.COUNTED, taken, kept
            )  # a count is over all tries: the last one stands
    return seen
