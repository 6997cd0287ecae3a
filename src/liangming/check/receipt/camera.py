"""Was a camera there, and did it take anything? Said only as far as it is proven.

The opening of a check records which enrolled devices stood at the scene; each of them has a
camera. Where there was none, that is what is said. Where there was one, only the device's own
signed counters can show that it took nothing; without them nothing is claimed.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from liangming.ledger.leaf import FactValue


class Camera(enum.StrEnum):
    """What can be said about a camera."""

    NO_DEVICE = "no-device"  # 这里没有登记带摄像头的终端
    NOT_COUNTED = "not-counted"  # 有终端，但没有它签名的计数，不作断言
    UNKNOWN = "unknown"  # 较早的查验没有记录


def camera_of(opening: Mapping[str, FactValue]) -> Camera:
    """What the facts of a check's opening say about cameras.

    Args:
        opening: facts of the event ``check:check:opened``.
    """
    devices = opening.get("devices")
    return camera_at(devices if isinstance(devices, tuple) else None)


def camera_at(devices: tuple[object, ...] | None) -> Camera:
    """The same from the enrolled devices; None where they were not recorded."""
    if devices is None:
        return Camera.UNKNOWN
    return Camera.NOT_COUNTED if devices else Camera.NO_DEVICE
