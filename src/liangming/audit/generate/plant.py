"""What is planted: kinds of pressure, their strengths, and the honest cases that look like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STRENGTHS: Final = ("weak", "medium", "strong")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of pressure.

    Attributes:
        name: its name in the truth file.
        amounts: what weak, medium and strong mean, in the unit of the kind.
        held_out: not looked at while the detector was tuned.
        zh: what is done there.
        en: the same in English.
    """

    name: str
    amounts: tuple[float, float, float]
    held_out: bool
    zh: str
    en: str


KINDS: Final = (
    Kind("steer", (0.15, 0.35, 0.65), False, "引导刷脸", "people are steered to the face"),
    Kind("refuse", (0.1, 0.3, 0.6), False, "拒绝刷脸后不予收寄", "refused after a decline"),
    Kind("wait", (1.4, 2.0, 4.0), False, "拒绝刷脸后等待", "made to wait after a decline"),
    Kind("broken", (0.6, 0.8, 0.97), False, "其他方式总是失败", "another way hardly ever works"),
    Kind("first", (0.25, 0.5, 0.95), False, "刷脸排在第一位", "the face stands first, enlarged"),
    Kind("clerk", (0.2, 0.4, 0.7), False, "个别收寄员引导", "one clerk steers"),
    Kind("sudden", (0.2, 0.4, 0.7), False, "某日起开始引导", "steering begins one day"),
    Kind("down", (0.1, 0.3, 0.7), False, "拒绝后其他方式“故障”", "another way is down on decline"),
    Kind("push", (0.1, 0.3, 0.6), True, "拒绝后仍被刷脸", "the face is used after a decline"),
    Kind("tire", (0.1, 0.25, 0.5), True, "拖到放弃", "people are worn down until they give up"),
    Kind("soft", (0.8, 1.5, 2.5), True, "话术引导（优势比）", "steered by odds, not by a part"),
    Kind("hours", (0.3, 0.6, 0.9), True, "只在部分时段引导", "steered in a third of the time only"),
    Kind("shut", (0.4, 0.7, 0.95), True, "其他方式长期停用", "another way is shut most of the time"),
    Kind("pad", (0.25, 0.5, 1.0), True, "以虚假的拒绝记录稀释", "fake declines hide refusals"),
)  # fmt: skip
KIND_NAMES: Final = tuple(kind.name for kind in KINDS)

HONEST: Final = {
    "ordinary": ("普通网点", "an ordinary outlet"),
    "park": ("商务园区，人们确实喜欢刷脸", "a business park where people do prefer the face"),
    "tiny": ("很小的网点", "a tiny outlet"),
    "reader": ("读卡器有时损坏", "a reader that breaks at times"),
    "new": ("新开的网点", "a new outlet"),
    "season": ("季节性网点", "a seasonal outlet"),
    "slow": ("柜台普遍较慢", "a counter that is slow for everybody"),
}
HONEST_SHARES: Final = {
    "park": 0.015, "tiny": 0.06, "reader": 0.03, "new": 0.03, "season": 0.05, "slow": 0.03,
}  # fmt: skip
ORDINARY, PARK, TINY, READER, NEW, SEASON, SLOW = range(len(HONEST))
"""Places in HONEST, as the world holds them."""
NONE: Final = -1
WHOLE: Final = -2
"""In place of a kind: nothing is planted; the whole scene steers."""
WHOLE_SCENE_STEER: Final = 0.7
