"""Was a camera there, and did it take anything? Said only as far as it is proven.

The opening of a check records which enrolled devices stood at the scene; each of them has a
camera. Where there was none, that is what is said: of a camera that nobody enrolled nothing can be
known. Where the face was used, the device signed how many frames it took and kept. Where it was not,
each device's own running count, signed before and after the check, shows whether it stood still.
Where one of them has not signed that, nothing is claimed.

What a count proves is what the device's program counted, by the device's clock. That the program is
the one it should be, its count cannot show.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liangming.check import events
from liangming.ledger.device import DeviceEvent
from liangming.ledger.leaf import FactValue


class Camera(enum.StrEnum):
    """What can be said about a camera."""

    NO_DEVICE = "no-device"  # 这里没有登记带摄像头的终端
    NONE_TAKEN = "none-taken"  # 每台终端签名的计数说明：期间没有取过一帧
    COUNTED = "counted"  # 终端签名说明取了几帧、保留几帧
    NOT_COUNTED = "not-counted"  # 有终端，但没有它签名的计数，不作断言
    UNKNOWN = "unknown"  # 较早的查验没有记录


@dataclass(frozen=True, slots=True)
class Seen:
    """What is said, and the devices' own count where they gave one."""

    camera: Camera
    taken: int | None = None
    kept: int | None = None


def camera_of(
    happened: Iterable[tuple[str, Mapping[str, FactValue]]],
    counted: Mapping[str, Seen | None] | None = None,
) -> Seen:
    """What the events of a check, and the counters of devices, say about cameras.

    Args:
        happened: tag and facts of each event, in order.
        counted: for each device that stood there what its counter says; see :func:`count_of`.
    """
    seen, devices = Seen(Camera.UNKNOWN), list[str]()
    for tag, facts in happened:
        here = facts.get("devices")
        if tag == events.OPENED.tag and isinstance(here, (tuple, list)):
            devices = [str(device) for device in here]
            seen = Seen(Camera.NOT_COUNTED if here else Camera.NO_DEVICE)
        taken, kept = facts.get("frames_taken"), facts.get("frames_kept")
        if tag == events.PRESENTED.tag and isinstance(taken, int) and isinstance(kept, int):
            seen = Seen(
                Camera.COUNTED, taken, kept
            )  # a count is over all tries: the last one stands
    if seen.camera is Camera.NOT_COUNTED:
        said = [(counted or {}).get(device) for device in devices]
        known = [each for each in said if each is not None]
        if len(known) == len(said):
            taken = sum(each.taken or 0 for each in known)
            kept = sum(each.kept or 0 for each in known)
            return Seen(Camera.COUNTED if taken or kept else Camera.NONE_TAKEN, taken, kept)
    return seen


def count_of(lines: Sequence[DeviceEvent], check: str, since: int, until: int) -> Seen | None:
    """What the signed counts of one device say of a check; None where they do not cover it.

    Args:
        lines: verified counts, by number.
        check: the check.
        since: when it was opened, µs.
        until: when it ended, µs.
    """
    if len(lines) == 1:
        (only,) = lines
        about_it = only.facts.get("of") == check
        begun = only.facts.get("since")
        covers = "of" not in only.facts and isinstance(begun, int) and begun <= since
        if about_it or (covers and only.at >= until and _numbers(only) == (0, 0)):
            return _seen(*_numbers(only))
        return None  # of frames over a longer time, none may be of this check
    if len(lines) == 2:  # noqa: PLR2004  (before and after)
        before, after = lines
        same = before.facts.get("since") == after.facts.get("since") is not None
        around = before.seq < after.seq and before.at <= since and after.at >= until
        if same and around and not {"of"} & (before.facts.keys() | after.facts.keys()):
            then, now = _numbers(before), _numbers(after)
            if None not in then and None not in now:
                return _seen(now[0] - then[0], now[1] - then[1])  # type: ignore[operator]
    return None


def _numbers(event: DeviceEvent) -> tuple[int | None, int | None]:
    taken, kept = event.facts.get("frames"), event.facts.get("captures")
    return (taken if type(taken) is int else None, kept if type(kept) is int else None)


def _seen(taken: int | None, kept: int | None) -> Seen | None:
    if taken is None or kept is None or taken < 0 or kept < 0:
        return None
    return Seen(Camera.COUNTED if taken or kept else Camera.NONE_TAKEN, taken, kept)
