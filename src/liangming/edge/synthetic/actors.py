"""Who stands before the lens: people, and those who pretend, by species.

An actor is asked, frame by frame, what it shows. People and played films react after a while; the
nonce decides what is asked, so a film made before cannot know it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from liangming.edge.face.challenge import Action
from liangming.edge.face.picture import Points
from liangming.edge.synthetic.draw import HEIGHT, WIDTH, Thing
from liangming.edge.synthetic.head import Head, Mood, Solid, flattened, head_of, held, turned

DISTANCE: Final = 4.5  # face widths
SIZE: Final = 94.0  # pixels of a face's width at that distance

Shows = Callable[[float, str], Thing]


@dataclass
class Moves:
    """A body that does what it is asked, at a human pace."""

    rng: np.random.Generator
    turn: float = 0.62
    since: float = 0.0
    asked: str = ""
    sway: float = field(init=False)
    delay: float = field(init=False)

    def __post_init__(self) -> None:
        self.sway = float(self.rng.uniform(0.5, 1.5))
        self.delay = float(self.rng.uniform(0.25, 0.5))

    def mood(self, at: float, asked: str) -> Mood:
        """The mood now: rest, and the asked movement out and back."""
        if asked != self.asked:
            self.asked, self.since = asked, at
            self.delay = float(self.rng.uniform(0.2, 0.45))
        idle = 0.02 * np.sin(self.sway * at)
        along = (at - self.since - self.delay) / 0.9
        out = float(np.clip(np.sin(np.pi * np.clip(along, 0, 1)) * 1.3, 0, 1))
        if asked == Action.BLINK:
            along = (at - self.since - self.delay) / 0.45
            out = float(np.clip(np.sin(np.pi * np.clip(along, 0, 1)) * 1.4, 0, 1))
        match asked:
            case Action.LEFT:
                return Mood(turn=idle + self.turn * out)
            case Action.RIGHT:
                return Mood(turn=idle - self.turn * out)
            case Action.BLINK:
                return Mood(turn=idle, blink=out)
            case Action.MOUTH:
                return Mood(turn=idle, mouth=out)
            case Action.NOD:
                return Mood(turn=idle, nod=0.5 * out)
            case _:
                return Mood(turn=idle)


def seen(points: Solid, *, size: float = SIZE, off: tuple[float, float] = (0.0, 0.0)) -> Points:
    """The pinhole camera."""
    depth = DISTANCE - points[:, 2]
    flat = points[:, :2] * (DISTANCE / depth)[:, None] * size
    flat[:, 0] += WIDTH / 2 + off[0]
    flat[:, 1] += HEIGHT / 2 + off[1]
    return flat.astype(np.float32)


def live(head: Head, rng: np.random.Generator) -> Shows:
    """A person."""
    moves = Moves(rng, turn=float(rng.uniform(0.55, 0.8)))
    size = SIZE * float(rng.uniform(0.75, 1.1))
    off = (float(rng.uniform(-10, 10)), float(rng.uniform(-10, 10)))

    def shows(at: float, asked: str) -> Thing:
        return Thing(head=head, points=seen(held(head, moves.mood(at, asked)), size=size, off=off))

    return shows


def _corners(across: float, down: float) -> Solid:
    return np.array(
        [[-across, -down, 0], [across, -down, 0], [across, down, 0], [-across, down, 0]]
    )


def printed(
    head: Head,
    rng: np.random.Generator,
    *,
    tilt: float = 0.15,
    bend: float = 0.0,
    cuts: bool = False,
    hidden: bool = False,
) -> Shows:
    """A photo on paper, moved by hand to follow what is asked; bent, cut, or larger than the view.

    Args:
        tilt: how far the hand turns it, radians.
        bend: curvature; 1 / radius in face widths.
        cuts: the attacker's own eyes and mouth stand behind holes.
        hidden: the paper fills the view, so it has no edge.
    """
    photo = flattened(held(head, Mood()))
    moves = Moves(rng, turn=tilt)
    size = SIZE * float(rng.uniform(0.85, 1.1))
    grain = float(rng.uniform(0, 14)) if hidden else float(rng.uniform(4, 16))
    sheet = _corners(float(rng.uniform(0.62, 0.75)), float(rng.uniform(0.85, 1.0)))

    def shows(at: float, asked: str) -> Thing:
        mood = moves.mood(at, asked)
        paper = photo
        if cuts:
            paper = flattened(held(head, Mood(blink=mood.blink, mouth=mood.mouth)))
        posed = _bent(paper, bend) @ turned(Mood(turn=mood.turn, nod=mood.nod)).T
        edge = _bent(sheet, bend) @ turned(Mood(turn=mood.turn, nod=mood.nod)).T
        return Thing(
            head=head,
            points=seen(posed, size=size),
            edge=None if hidden else seen(edge, size=size),
            matter="rolled" if bend else "paper",
            grain=grain,
            cuts=cuts,
        )

    return shows


def _bent(points: Solid, bend: float) -> Solid:
    if bend == 0:
        return points
    bowed = points.copy()
    radius = 1 / bend
    bowed[:, 0] = radius * np.sin(points[:, 0] / radius)
    bowed[:, 2] = points[:, 2] + radius * np.cos(points[:, 0] / radius) - radius
    return bowed


def screened(
    head: Head,
    rng: np.random.Generator,
    *,
    right: bool = False,
    still: bool = False,
    edge: tuple[float, float] | None = (0.62, 1.1),
    grain: tuple[float, float] = (3.0, 12.0),
    echo: float | None = None,
    matter: str = "",
) -> Shows:
    """A film on a screen: still, with actions of its own order, or steered to the right ones.

    Args:
        right: an operator plays exactly what is asked.
        edge: half width and height of the screen in face widths; None fills the view.
        echo: a second camera watches the machine's light, and the screen shows it so many seconds later.
        matter: what the machine's light falls on, where that is no plain screen.
    """
    moves = Moves(rng, turn=0.62)
    order = rng.permutation(np.array([action.value for action in Action]))
    size = SIZE * float(rng.uniform(0.85, 1.1))
    rough = float(rng.uniform(*grain))
    hand = float(rng.uniform(0.5, 1.5))
    gain = (
        1.0 if echo is None else float(rng.uniform(0.7, 1.4))
    )  # nobody hits a skin's brightness exactly

    def shows(at: float, asked: str) -> Thing:
        film = asked if right else str(order[int(at / 1.3) % len(order)])
        mood = Mood() if still else moves.mood(at, film)
        shake = Mood(turn=0.03 * np.sin(hand * at), nod=0.02 * np.cos(hand * at))
        posed = flattened(held(head, mood)) @ turned(shake).T
        corners = None if edge is None else seen(_corners(*edge) @ turned(shake).T, size=size)
        return Thing(
            head=head,
            points=seen(posed, size=size),
            edge=corners,
            matter=matter or ("screen" if echo is None else "echo"),
            late=echo or 0.0,
            gain=gain,
            grain=rough,
        )

    return shows


def swapped(head: Head, rng: np.random.Generator) -> Shows:
    """The attacker does the actions with an own face, then holds the victim's photo up."""
    own = live(head_of(rng), rng)
    photo = printed(head, rng, hidden=True)
    first = photo(0.0, "")

    def shows(at: float, asked: str) -> Thing:
        return first if asked in {"", "look"} else own(at, asked)

    return shows


Maker = Callable[[Head, np.random.Generator], Shows]
