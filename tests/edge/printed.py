"""A reader that is told what stands where, as a net would say it: the rest of the code is real."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from liangming.edge.reading.lines import Place
from liangming.edge.synthetic.people import Holder

SIGNS = (*"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<", *"姓名性别民族出生住址公身份号码签发机关有效期限年月日男女长",
         *"甲乙丙示例样本试验·.-", " ")  # fmt: skip
SIDE = 30.0


def chances(text: str, doubts: dict[int, tuple[str, float]] | None = None) -> np.ndarray:
    """Steps of a line: each sign on one step, a blank after it.

    Args:
        doubts: by place, another sign that is as likely as said; the first gets the rest.
    """
    steps = np.full((2 * len(text) + 1, len(SIGNS) + 1), 1e-7, np.float32)
    steps[::2, 0] = 1.0
    for place, sign in enumerate(text):
        other, chance = (doubts or {}).get(place, ("", 0.0))
        steps[2 * place + 1, 1 + SIGNS.index(sign)] = 0.999 - chance
        if other:
            steps[2 * place + 1, 1 + SIGNS.index(other)] = chance
    return steps


def place(x: float, y: float, length: int) -> Place:
    """A line of so many signs, 30 pixels high."""
    right, low = x + max(length, 1) * SIDE, y + SIDE
    return Place(np.array([[x, y], [right, y], [right, low], [x, low]], np.float32))


@dataclass
class Told:
    """Implements Reader: every picture holds these lines; upside down nothing can be read."""

    lines: list[tuple[float, float, str]]
    doubts: dict[str, dict[int, tuple[str, float]]] = field(default_factory=dict)
    signs = SIGNS
    seen: list[tuple[int, ...]] = field(default_factory=list)

    def find(self, pixels: np.ndarray, longest: int = 736) -> tuple[Place, ...]:
        self.seen.append((*pixels.shape[:2], longest))
        return tuple(place(x, y, len(text)) for x, y, text in self.lines)

    def read(self, pixels: np.ndarray, at: Place, *, upside_down: bool = False) -> np.ndarray:
        assert pixels.any(), "the picture is still there while it is read"
        x, y = at.corners[0]
        text = min(self.lines, key=lambda line: abs(line[0] - x) + abs(line[1] - y))[2]
        said = chances(text, self.doubts.get(text))
        return np.full_like(said, 0.02) if upside_down else said


def front(holder: Holder, *, number: str = "") -> list[tuple[float, float, str]]:
    born = holder.birth
    return [
        (60, 60, "姓名"),
        (180, 60, holder.name),
        (60, 150, f"性别{'女' if holder.female else '男'}民族甲"),
        (60, 230, f"出生{born.year}年{born.month}月{born.day}日"),
        (60, 320, "住址试验例"),
        (60, 540, "公民身份号码"),
        (340, 540, number or holder.number),
    ]
