"""From a net's chances, step by step along a line, to signs with their alternatives.

A reader's net says for each step along the line how likely each sign is, or that there is none
(blank). Two ways lead from there to text: freely, for names and labels; and with a known number of
places, each with the signs that may stand there, for numbers and machine-readable zones, whose
long runs of ``<`` no free reading counts right. The second way finds the most likely of all
readings of that length; it reports how likely each sign was, so that a forced one shows. It needs
the chances of a few signs alone, and only they are kept: a net of 18,708 signs says 12 MB a line.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float32]  # steps × signs, blank first
TOP: Final = 4
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALIKE: Final = {letter: letter.lower() for letter in _CAPITALS} | {
    "0": "OoQD",
    "1": "Il",
    "2": "Zz",
    "5": "Ss",
    "8": "B",
    "6": "b",
    "O": "0o",
    "I": "1il",
    "X": "x×",
}
"""What a net takes for what. Where the other may not stand, it counts for the one that may: no zone has small letters."""
LETTERS: Final = (*"0123456789<", *_CAPITALS, *_CAPITALS.lower(), "×")
"""What may stand in a number or a zone, and what is taken for it."""
_TINY: Final = 1e-6


class Sign(msgspec.Struct, frozen=True):
    """One sign as read.

    Attributes:
        text: the likeliest.
        chance: how likely, 0 … 1.
        others: other signs that it may be where places are known, likelier first, with their chances.
        step: where along the line.
    """

    text: str
    chance: float
    others: tuple[tuple[str, float], ...] = ()
    step: int = 0

    def __repr__(self) -> str:
        return "<Sign>"


class Line(msgspec.Struct, frozen=True):
    """A reading of a line with a known number of places.

    Attributes:
        likely: log odds of the whole reading, a step: to compare readings of other lengths with.
    """

    signs: tuple[Sign, ...]
    likely: float

    def __repr__(self) -> str:
        return "<Line>"


def freely(chances: Chances, signs: tuple[str, ...]) -> tuple[Sign, ...]:
    """The likeliest reading of any length.

    Args:
        chances: of each step; the first column is blank.
        signs: of the other columns.
    """
    best = chances.argmax(axis=1)
    read: list[Sign] = []
    before, start = 0, 0
    for step in range(len(best) + 1):
        now = int(best[step]) if step < len(best) else 0
        if now == before:
            continue
        if before:
            read.append(_sign(chances[start:step], before, signs, start))
        before, start = now, step
    return tuple(read)


def _sign(run: Chances, column: int, signs: tuple[str, ...], start: int) -> Sign:
    peak = int(run[:, column].argmax())
    return Sign(signs[column - 1], float(run[peak, column]), step=start + peak)


def lettered(chances: Chances, signs: tuple[str, ...]) -> Chances:
    """Blank and ``LETTERS`` alone, which :func:`placed` reads from; 0 for what the net does not know.

    Args:
        chances: of each step; the first column is blank.
        signs: of the other columns.
    """
    columns = _columns(signs)
    return np.where(columns >= 0, chances[:, columns], np.float32(0))


@lru_cache(maxsize=2)
def _columns(signs: tuple[str, ...]) -> NDArray[np.int_]:
    there = {sign: place + 1 for place, sign in enumerate(signs)}
    return np.array([0, *(there.get(letter, -1) for letter in LETTERS)])


def placed(chances: Chances, signs: tuple[str, ...], places: tuple[str, ...]) -> Line | None:
    """The likeliest reading with exactly these places; None where the line is too short for them.

    Args:
        places: for each place the signs that may stand there.
    """
    steps, count = len(chances), len(places)
    if steps < count:
        return None
    letters = "".join(sorted(set("".join(places))))
    columns = {sign: place + 1 for place, sign in enumerate(signs)}
    known = np.array([columns.get(letter, -1) for letter in letters])
    bare = np.where(known >= 0, chances[:, known], 0.0)
    alike = bare.copy()
    for place, letter in enumerate(letters):
        for other in ALIKE.get(letter, ""):
            if other in columns:
                alike[:, place] += chances[:, columns[other]]
    log = np.log(np.maximum(bare, _TINY))
    more = np.log(np.clip(alike, _TINY, 1.0))
    blank = np.log(np.maximum(chances[:, 0], _TINY))
    allowed = np.array(
        [[0.0 if letter in place else -np.inf for letter in letters] for place in places]
    )
    # A look-alike counts for a letter where it may not stand itself.
    fold = np.array(
        [[not set(ALIKE.get(letter, "")) & set(place) for letter in letters] for place in places]
    )
    path, likely = _path(log, more, fold, blank, allowed)
    if not path:
        return None
    read = tuple(
        _placed(
            np.where(fold[place], more[run], log[run]),
            run,
            letters,
            letter,
            allowed[place],
        )
        for place, (letter, run) in enumerate(path)
    )
    return Line(read, likely / steps)


def _path(
    log: NDArray[np.float64],
    more: NDArray[np.float64],
    fold: NDArray[np.bool_],
    blank: NDArray[np.float64],
    allowed: NDArray[np.float64],
) -> tuple[list[tuple[int, NDArray[np.int_]]], float]:
    """Viterbi over (place, letter, in a blank after it or not): letter and steps of each place, and the whole's log odds."""
    steps, letters = log.shape
    count = len(allowed)
    on = np.full((count, letters), -np.inf)  # the step shows the letter of this place
    off = np.full((count + 1, letters), -np.inf)  # a blank after so many places, by last letter
    off[0, 0] = 0.0
    # How each state was reached: 0 stays, 1 from a blank, 2 from the place before without a blank.
    how_on = np.zeros((steps, count, letters), np.int8)
    from_on = np.zeros((steps, count, letters), np.int16)
    how_off = np.zeros((steps, count + 1, letters), bool)  # True: from the letter itself
    for step in range(steps):
        entry = off[:-1].max(axis=1)  # any last letter may stand before a blank
        entry_of = off[:-1].argmax(axis=1)
        direct, direct_of = _direct(on)
        stay = on
        by_blank = np.broadcast_to(entry[:, None], on.shape)
        options = np.stack([stay, by_blank, direct])
        choice = options.argmax(axis=0)
        how_on[step] = choice
        from_on[step] = np.where(choice == 1, entry_of[:, None], direct_of)
        best = np.take_along_axis(options, choice[None], axis=0)[0]
        new_on = best + np.where(fold, more[step], log[step]) + allowed
        ended = np.full_like(off, -np.inf)
        ended[1:] = on
        how_off[step] = ended > off
        off = np.maximum(off, ended) + blank[step]
        on = new_on
    last_on, last_off = on[-1], off[-1]
    likely = float(max(last_on.max(), last_off.max()))
    if not np.isfinite(likely):
        return [], likely
    shown = bool(last_on.max() >= last_off.max())
    letter = int(last_on.argmax() if shown else last_off.argmax())
    return _back(how_on, from_on, how_off, count, letter, shown=shown), likely


def _direct(on: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """The best of the place before with another letter: the same one needs a blank between."""
    count, letters = on.shape
    best = np.full((count, letters), -np.inf)
    whence = np.zeros((count, letters), np.int_)
    if count > 1 and letters > 1:
        before = on[:-1]
        order = np.argsort(-before, axis=1)[:, :2]
        first, second = order[:, 0], order[:, 1]
        whence[1:] = np.where(first[:, None] == np.arange(letters), second[:, None], first[:, None])
        best[1:] = np.take_along_axis(before, whence[1:], axis=1)
    return best, whence


def _back(
    how_on: NDArray[np.int8],
    from_on: NDArray[np.int16],
    how_off: NDArray[np.bool_],
    count: int,
    letter: int,
    *,
    shown: bool,
) -> list[tuple[int, NDArray[np.int_]]]:
    found: list[tuple[int, list[int]]] = []
    place = count - 1 if shown else count  # for blanks: how many places are behind
    step = len(how_on) - 1
    run: list[int] = []
    while step >= 0:
        if shown:
            run.append(step)
            how = how_on[step, place, letter]
            if how:
                found.append((letter, run[::-1]))
                run = []
                letter = int(from_on[step, place, letter])
                shown, place = (False, place) if how == 1 else (True, place - 1)
        elif how_off[step, place, letter]:
            shown, place = True, place - 1
        step -= 1
    return [(one, np.array(steps)) for one, steps in reversed(found)]


def _placed(
    log: NDArray[np.float64],
    run: NDArray[np.int_],
    letters: str,
    letter: int,
    allowed: NDArray[np.float64],
) -> Sign:
    row = np.exp(log.max(axis=0))
    row[~np.isfinite(allowed)] = 0
    peak = int(run[int(log[:, letter].argmax())])
    order = [int(one) for one in np.argsort(-row) if one != letter][:TOP]
    others = tuple((letters[one], float(row[one])) for one in order if row[one] > 2 * _TINY)
    return Sign(letters[letter], float(row[letter]), others, peak)
