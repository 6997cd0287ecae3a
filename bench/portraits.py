"""Made-up people who differ as people do: a head as a field of heights under a lamp, its skin painted.

Nobody's face and no photograph goes in: fifty numbers from a seeded generator say how wide a nose is, how
thick a brow, how dark a beard. ``edge.synthetic`` draws heads that move and are attacked; this draws heads
that can be told apart, so that FMR and FNMR of a real embedder are figures with errors on both sides. Nothing
here was chosen by looking at what an embedder says: only the ranges below were set, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

SIDE = 360
UNIT = SIDE * 0.30  # half a face's width, in pixels
_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
_X, _Y = (_COLUMNS - SIDE / 2) / UNIT, (_ROWS - SIDE * 0.52) / UNIT

Field = np.ndarray

RANGES = {
    "wide": (0.82, 1.12), "tall": (1.15, 1.5), "jaw": (0.55, 1.0), "jaw_from": (1.8, 4.5),
    "eye_x": (0.36, 0.52), "eye_y": (-0.36, -0.16), "eye_w": (0.13, 0.22), "eye_h": (0.045, 0.105),
    "slant": (-0.25, 0.3), "socket": (0.05, 0.35), "brow_y": (0.16, 0.3), "brow_thick": (0.02, 0.08),
    "brow_w": (0.18, 0.32), "brow_tilt": (-0.35, 0.35), "brow_arch": (-0.05, 0.15),
    "nose_l": (0.28, 0.6), "nose_w": (0.1, 0.27), "nose_h": (0.25, 0.7), "bridge": (0.06, 0.13),
    "nostril": (0.05, 0.1), "mouth_below": (0.85, 1.1), "mouth_w": (0.24, 0.46), "lip_u": (0.03, 0.1),
    "lip_l": (0.04, 0.14), "cheek": (0.0, 0.5), "cheek_x": (0.45, 0.75), "chin": (0.0, 0.6),
    "forehead": (0.0, 0.3), "fold": (0.0, 0.5), "age": (0.0, 1.0), "hairline": (-0.95, -0.75),
    "part": (-1.0, 1.0), "side": (0.0, 0.28), "beard": (0.3, 0.95), "rim": (0.2, 0.3),
    "rim_thick": (1.5, 6.0), "askew": (-0.05, 0.05), "freckles": (4.0, 14.0),
}  # fmt: skip
ODDS = {"long": 0.4, "bald": 0.15, "fringe": 0.35, "bearded": 0.3, "moustache": 0.3, "glasses": 0.3,
        "freckled": 0.1}  # fmt: skip


@dataclass
class Person:
    """One made-up person; the same for the same generator."""

    of: dict[str, float]
    has: dict[str, bool]
    skin: Field
    hair: Field
    lips: Field
    iris: Field
    frame: Field
    rim_power: int
    seed: int
    moles: list[tuple[float, float, float]] = field(default_factory=list)


def person_of(rng: np.random.Generator) -> Person:
    """A fresh person."""
    tone = rng.uniform(0.3, 1.0)
    red, blue = rng.uniform(0.8, 1.15), rng.uniform(0.8, 1.1)
    grey = rng.choice([0, 0, 0, 1]) * rng.uniform(0.4, 1)
    return Person(
        of={name: float(rng.uniform(*span)) for name, span in RANGES.items()},
        has={name: bool(rng.random() < odds) for name, odds in ODDS.items()},
        skin=np.clip([150 * tone * blue, 185 * tone, 232 * tone * red], 20, 250),
        hair=np.array([30, 40, 50]) * rng.uniform(0.2, 1) + np.array([60, 110, 150]) * grey,
        lips=rng.uniform((60, 50, 120), (130, 110, 200)),
        iris=rng.uniform((10, 20, 20), (120, 110, 120)),
        frame=rng.uniform(0, 80, 3),
        rim_power=int(rng.integers(2, 6)),
        seed=int(rng.integers(1 << 31)),
        moles=[
            tuple(rng.uniform((-0.7, -0.6, 0.02), (0.7, 1, 0.05))) for _ in range(rng.integers(4))
        ],
    )


def taken(who: Person, rng: np.random.Generator, *, dim: float = 1.0) -> Field:
    """One picture of a person: another lamp, a little turned, tilted, nearer, softer each time."""
    own = np.random.default_rng(who.seed)  # what belongs to the person is the same in each picture
    x, y = _X + who.of["askew"] * _Y, _Y
    face, height = _shape(who, x, y)
    skin = _painted(who, x, y, own)
    lit, lamp = _lit(skin, height, rng)
    picture = _behind(who, x, y, own, rng)
    picture = picture * (1 - face[..., None]) + lit * face[..., None]
    picture = _haired(who, x, y, picture, lamp, own)
    if who.has["glasses"]:
        picture = _glasses(who, x, y, picture)
    return _pictured(picture, height * (face > 0.5), rng, dim)


def _bell(x: Field, y: Field, wide: float, high: float) -> Field:
    return np.exp(-((x / wide) ** 2) - (y / high) ** 2)


def _edge(value: Field, steep: float) -> Field:
    """0 outside, 1 inside, soft between."""
    return 1 / (1 + np.exp(-np.clip(value * steep, -60, 60)))


def _grain(own: np.random.Generator, step: int, strength: float) -> Field:
    coarse = own.normal(size=(SIDE // step + 2, SIDE // step + 2)).astype(np.float32)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) * strength


def _over(under: Field, colour: Field, mask: Field) -> Field:
    mask = np.clip(mask, 0, 1)[..., None]
    return under * (1 - mask) + np.asarray(colour, np.float32) * mask


def _shape(who: Person, x: Field, y: Field) -> tuple[Field, Field]:
    """Where the face is, and how far each part of it stands out."""
    of = who.of
    down = np.clip(y / of["tall"], 0, 1) ** of["jaw_from"]
    half = of["wide"] * np.where(
        y < 0, 1 - 0.12 * np.clip(-y / of["tall"], 0, 1) ** 2, 1 - (1 - 0.75 * of["jaw"]) * down
    )
    off = (x / half) ** 2 + np.clip(np.abs(y) / of["tall"], 0, 2) ** 3.2
    z = np.sqrt(np.clip(1.02 - off, 0, 1)) * 0.9
    mouth, tip = of["eye_y"] + of["mouth_below"], of["eye_y"] + of["nose_l"] + 0.15
    for side in (-1, 1):
        ex, ey = x - side * of["eye_x"], y - of["eye_y"]
        z -= 0.35 * of["socket"] * _bell(ex, ey, 0.22, 0.16)
        z += 0.10 * of["forehead"] * _bell(ex, ey + 0.9 * of["brow_y"], 0.3, 0.1)
        z += 0.25 * of["cheek"] * _bell(x - side * of["cheek_x"], y - 0.25, 0.25, 0.25)
        z += 0.05 * _bell(ex, ey, of["eye_w"], 1.6 * of["eye_h"])
        z += 0.12 * _bell(x - side * 0.75 * of["nose_w"], y - tip + 0.04, 0.08, 0.07)
        fold = x - side * (of["nose_w"] + 0.10 + 0.25 * np.clip(y - tip, 0, 1))
        here = (y > tip - 0.05) & (y < mouth + 0.05)
        z -= 0.08 * of["fold"] * of["age"] * np.exp(-((fold / 0.035) ** 2)) * here
    along = np.clip((y - of["eye_y"] + 0.1) / (of["nose_l"] + 0.2), 0, 1)
    ridge = np.exp(-((x / (of["bridge"] + 0.35 * of["nose_w"] * along)) ** 2))
    z += 0.5 * of["nose_h"] * along * ridge * _edge(tip - y, 28)
    z += 0.10 * _bell(x, y - mouth + 0.7 * of["lip_u"], of["mouth_w"], 1.2 * of["lip_u"])
    z += 0.13 * _bell(x, y - mouth - 0.8 * of["lip_l"], 0.85 * of["mouth_w"], of["lip_l"])
    z += 0.2 * of["chin"] * _bell(x, y - 0.86 * of["tall"], 0.2, 0.14)
    for line in range(3 if of["age"] > 0.4 else 0):
        at = y + 0.62 * of["tall"] - 0.12 * line + 0.03 * x * x
        z -= 0.012 * of["age"] * np.exp(-((at / 0.02) ** 2)) * (np.abs(x) < 0.55)
    return _edge(1 - off, 40), cv2.GaussianBlur(z.astype(np.float32), (0, 0), 2.2)


def _painted(who: Person, x: Field, y: Field, own: np.random.Generator) -> Field:
    """The skin's own colours, without light."""
    of, shade = who.of, who.skin.mean() / 185
    skin = np.ones((SIDE, SIDE, 3), np.float32) * who.skin
    skin *= (1 + _grain(own, 24, 0.04) + _grain(own, 6, 0.03) + _grain(own, 2, 0.02))[..., None]
    for side in (-1, 1):
        skin += (
            np.array([-6, -10, 12]) * (0.8 * _bell(x - side * 0.55, y - 0.25, 0.25, 0.2))[..., None]
        )
    if who.has["freckled"]:
        spots = np.clip(_grain(own, 3, 1) - 1, 0, 1) * _bell(x, y - 0.15, 0.8, 0.4)
        skin *= 1 - (0.02 * of["freckles"] * spots)[..., None]
    for mx, my, wide in who.moles:
        skin *= 1 - 0.75 * _bell(x - mx, y - my, wide, wide)[..., None]
    mouth, tip = of["eye_y"] + of["mouth_below"], of["eye_y"] + of["nose_l"] + 0.15
    inside = np.clip(1 - (x / of["mouth_w"]) ** 2, 0, 1)
    across = np.abs(x) < of["mouth_w"]
    bow = inside * of["lip_u"] * (1 - 0.25 * np.exp(-((x / 0.06) ** 2)))
    upper = _edge(bow - 2 * np.abs(y - mouth + bow / 2), 60) * across
    lower = (
        _edge(inside * of["lip_l"] - 2 * np.abs(y - mouth - inside * of["lip_l"] / 2), 60) * across
    )
    skin = _over(skin, who.lips * shade, 0.75 * upper)
    skin = _over(skin, who.lips * 1.12 * shade, 0.7 * lower)
    skin = _over(skin, who.lips * 0.25, 0.85 * np.exp(-(((y - mouth) / 0.013) ** 2)) * across)
    for side in (-1, 1):
        hole = _bell(x - side * 0.5 * of["nose_w"], y - tip, of["nostril"], 0.03)
        skin = _over(skin, who.skin * 0.22, 0.85 * hole)
        skin = _eye(who, (x - side * of["eye_x"]) * side, y - of["eye_y"], skin, own)
    under = np.exp(-(((y - tip - 0.03) / 0.03) ** 2)) * np.exp(-((x / of["nose_w"]) ** 2))
    skin = _over(skin, who.skin * 0.6, 0.5 * under)
    stubble = 1 + _grain(own, 2, 0.35)
    if who.has["bearded"]:
        low = _edge(y - mouth + 0.15 - np.clip(np.abs(x) - 0.5, 0, 1), 14)
        skin = _over(
            skin, who.hair, low * (1 - np.clip(upper + lower, 0, 1)) * of["beard"] * stubble
        )
    if who.has["moustache"]:
        over = _bell(x, y - mouth + of["lip_u"] + 0.09, 0.95 * of["mouth_w"], 0.07)
        skin = _over(skin, who.hair, 0.9 * over * stubble)
    return cv2.GaussianBlur(skin, (0, 0), 1.0)


def _eye(who: Person, ex: Field, ey: Field, skin: Field, own: np.random.Generator) -> Field:
    of = who.of
    ey = ey + 0.6 * of["slant"] * ex
    lid = np.clip(1 - (ex / of["eye_w"]) ** 2, 0, 1) * of["eye_h"]
    wide, around = np.abs(ex) < of["eye_w"], np.hypot(ex, ey)
    inside = _edge(lid - np.abs(ey), 130) * wide
    skin = _over(skin, who.skin * 0.72, 0.5 * _bell(ex, ey, 1.3 * of["eye_w"], 2.2 * of["eye_h"]))
    skin = _over(skin, (215, 220, 225), 0.95 * inside)
    skin = _over(skin, who.iris, inside * _edge(0.075 - around, 150))
    skin = _over(skin, (8, 8, 8), inside * _edge(0.034 - around, 200))
    skin = _over(skin, (250, 250, 250), inside * _bell(ex - 0.02, ey + 0.025, 0.012, 0.012))
    skin = _over(skin, who.hair * 0.35 + 5, 0.95 * np.exp(-(((ey + lid) / 0.016) ** 2)) * wide)
    skin = _over(skin, who.skin * 0.55, 0.6 * np.exp(-(((ey - lid) / 0.014) ** 2)) * wide)
    skin = _over(
        skin, who.skin * 0.6, 0.5 * np.exp(-(((ey + 1.1 * lid + 0.05) / 0.014) ** 2)) * wide
    )
    bag = np.exp(-(((ey - lid - 0.07) / 0.03) ** 2)) * wide
    skin = _over(skin, who.skin * 0.7, 0.35 * of["age"] * bag)
    at = ey + of["brow_y"] + 0.5 * of["brow_tilt"] * ex + 0.5 * of["brow_arch"] * (ex / 0.2) ** 2
    at = at - 0.6 * of["slant"] * ex
    thick = of["brow_thick"] * (1 - 0.5 * np.clip(ex / of["brow_w"], -1, 1))
    brow = 0.85 * _edge(thick - np.abs(at), 45) * (np.abs(ex) < of["brow_w"])
    return _over(skin, who.hair * 0.8, brow * (1 + _grain(own, 2, 0.3)))


def _lit(skin: Field, z: Field, rng: np.random.Generator) -> tuple[Field, Field]:
    """Under a lamp somewhere above, and how much of it falls where."""
    steep = [cv2.Sobel(z, cv2.CV_32F, *way, ksize=3) / 8 * UNIT for way in ((1, 0), (0, 1))]
    normal = np.dstack([-steep[0], -steep[1], np.ones_like(z)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    lamp = np.array([rng.uniform(-0.5, 0.5), rng.uniform(-0.7, -0.2), 1.0])
    lamp /= np.linalg.norm(lamp)
    half = lamp + np.array([0.0, 0.0, 1.0])
    falls = np.clip(normal @ lamp, 0, 1)
    shines = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** 28
    room = rng.uniform(0.28, 0.45)
    return skin * (room + (1 - room) * 1.12 * falls)[..., None] + 28 * shines[..., None], falls


def _strands(own: np.random.Generator) -> Field:
    lines = cv2.resize(own.normal(size=(1, SIDE // 2)).astype(np.float32), (SIDE, SIDE))
    return (1 + _grain(own, 2, 0.12) + 0.14 * lines)[..., None]


def _behind(
    who: Person, x: Field, y: Field, own: np.random.Generator, rng: np.random.Generator
) -> Field:
    """The room, neck, clothes, ears, and hair that falls behind."""
    of = who.of
    room = rng.uniform(60, 200, (4, 4, 3)).astype(np.float32)
    picture = cv2.resize(room, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    picture = _over(picture, who.skin * 0.62, _edge(0.62 * of["wide"] - np.abs(x), 25) * (y > 0.3))
    cloth = own.uniform(20, 200, 3)
    picture = _over(picture, cloth, _edge(y - of["tall"] - 0.42 - 0.15 * np.abs(x), 30))
    for side in (-1, 1):
        ear = (
            1 - ((x - side * 1.02 * of["wide"]) / 0.14) ** 2 - ((y - of["eye_y"] - 0.22) / 0.3) ** 2
        )
        picture = _over(picture, who.skin * 0.75, _edge(ear, 6))
    if who.has["bald"]:
        return picture
    crown = (x / (1.18 * of["wide"] + of["side"])) ** 2 + ((y + 0.25) / (1.08 * of["tall"])) ** 2
    hair = _edge(1 - crown, 22) * (who.has["long"] | (y < 0.25))
    if who.has["long"]:
        falls = _edge(1.15 * of["wide"] + of["side"] - np.abs(x), 22)
        hair = np.maximum(hair, falls * (y > -0.2) * (y < of["tall"] + 0.5))
    return _over(picture, who.hair * _strands(own), hair)


def _haired(
    who: Person, x: Field, y: Field, picture: Field, lamp: Field, own: np.random.Generator
) -> Field:
    """Hair over the forehead and beside the cheeks."""
    of = who.of
    if who.has["bald"]:
        return picture
    line = 0.75 * of["hairline"] * of["tall"] + 0.35 * (x - 0.3 * of["part"]) ** 2
    if who.has["fringe"]:
        line = np.minimum(line + 0.25, of["eye_y"] - of["brow_y"])
    head = (x / (1.08 * of["wide"])) ** 2 + (y / (1.08 * of["tall"])) ** 2
    hair = _edge(line - y, 26) * _edge(1.06 - head, 22)
    beside = _edge(np.abs(x) - 0.97 * of["wide"] + 0.4 * of["side"], 26) * (y < of["eye_y"] + 0.35)
    hair = np.maximum(hair, beside * _edge(1.08 - head, 22))
    return _over(picture, who.hair * _strands(own) * (0.6 + 0.6 * lamp[..., None]), hair)


def _glasses(who: Person, x: Field, y: Field, picture: Field) -> Field:
    of, power = who.of, who.rim_power
    for side in (-1, 1):
        across, down = (
            np.abs((x - side * of["eye_x"]) / of["rim"]),
            np.abs(y - of["eye_y"]) / of["rim"],
        )
        ring = np.abs((across**power + (down / 0.8) ** power) ** (1 / power) - 1)
        picture = _over(picture, who.frame, np.exp(-((ring / (0.015 * of["rim_thick"])) ** 2)))
    bar = np.exp(-(((y - of["eye_y"] + 0.03) / (0.008 * of["rim_thick"])) ** 2))
    beyond = (np.abs(x) > of["eye_x"] + of["rim"]) & (np.abs(x) < 1.05 * of["wide"])
    return _over(picture, who.frame, bar * (beyond | (np.abs(x) < of["eye_x"] - of["rim"])))


def _pictured(picture: Field, height: Field, rng: np.random.Generator, dim: float) -> Field:
    """Through a lens: turned by its depth, tilted, nearer or farther, soft, with a sensor's noise."""
    turn = float(rng.uniform(-0.18, 0.18))
    deep = cv2.GaussianBlur(height.astype(np.float32), (0, 0), 3)
    across = SIDE / 2 + (_COLUMNS - np.sin(turn) * deep * UNIT - SIDE / 2) / np.cos(turn)
    border = cv2.BORDER_REPLICATE
    picture = cv2.remap(
        picture.astype(np.float32),
        across.astype(np.float32),
        _ROWS,
        cv2.INTER_LINEAR,
        borderMode=border,
    )
    held = cv2.getRotationMatrix2D(
        (SIDE / 2, SIDE / 2), rng.uniform(-4, 4), rng.uniform(0.92, 1.05)
    )
    picture = cv2.warpAffine(picture, held, (SIDE, SIDE), borderMode=border)
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 1.1)) * dim
    return np.clip(picture + rng.normal(0, 2.5, picture.shape), 0, 255).astype(np.uint8)
