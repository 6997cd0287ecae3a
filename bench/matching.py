"""FMR and FNMR of the models on the shelf over made-up people, through ``liangming edge evaluate``.

**Synthetic**: the people of ``bench/portraits.py``; no face of anybody. To a net trained on photographs they lie
nearer to each other than photographs do, so the threshold that fits photographs lets many of them through. What
the figures say: the whole pipeline tells made-up people apart, counts its errors on both sides, and gives each
its interval; and where on this set other thresholds would stand. What they do not say: how well it tells real people
apart. Bring pairs for that: ``liangming edge evaluate DIR`` reads the same table.

Cases: *frame* (two camera frames), *dim* (a frame against one in little light), *card-photo* (a frame against a photo
of 102×126 pressed to 1,024 bytes, as a second-generation card holds it).
Needs the face models (LIANGMING_DATA says where). ``--people 40`` by default.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import csv
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)

import sys

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.portraits import SIDE, person_of, taken
from liangming.edge.measure.folders import evaluate_folder
from liangming.edge.measure.intervals import share
from liangming.edge.models.engine import engine_of
from liangming.edge.models.shelf import Shelf

CARD_BYTES = 1024
CARD = (102, 126)
OTHERS = 10  # pairs of different people, for each person and case
TRIED = (0.58, 0.50, 0.45, 0.40, 0.35)


def card_photo(pixels: np.ndarray) -> np.ndarray:
    """Cut to the head and pressed until it fits into a card."""
    wide = int(SIDE * 0.72)
    left, top = (SIDE - wide) // 2, int(SIDE * 0.06)
    cut = pixels[top : top + int(wide * CARD[1] / CARD[0]), left : left + wide]
    small = cv2.resize(cut, CARD, interpolation=cv2.INTER_AREA)
    for quality in range(90, 0, -3):  # as a card's own codec, WebP spends few bytes on its head
        data = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, quality])[1]
        if data.size <= CARD_BYTES:
            break
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def folder_of(folder: Path, people: int, seed: int) -> None:
    """Pictures and ``pairs.csv``: each person with themselves and with others, by case."""
    for number in range(people):
        who = person_of(np.random.default_rng([seed, number]))
        rng = np.random.default_rng([seed, number, 1])
        for name, pixels in (
            ("a", taken(who, rng)),
            ("frame", taken(who, rng)),
            ("dim", taken(who, rng, dim=0.45)),
            ("card-photo", card_photo(taken(who, rng))),
        ):
            cv2.imwrite(str(folder / f"{number}-{name}.png"), pixels)
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("one", "other", "same", "case"))
        for number in range(people):
            for case in ("frame", "dim", "card-photo"):
                for step in range(min(OTHERS + 1, people)):
                    other = (number + step) % people
                    row = (f"{number}-a.png", f"{other}-{case}.png", int(step == 0), case)
                    writer.writerow(row)


def thresholds(engine, folder: Path, people: int) -> None:
    """Both errors of two frames at other thresholds, every pair of people counted; and where they are equal."""

    def vector(name: str):
        pixels = cv2.imread(str(folder / name))
        faces = engine.finder.find(pixels)
        return engine.embedder.embed(pixels, faces[0]) if faces else None

    both = [(vector(f"{n}-a.png"), vector(f"{n}-frame.png")) for n in range(people)]
    both = [pair for pair in both if pair[0] is not None and pair[1] is not None]
    one, two = (np.array(side) for side in zip(*both, strict=True))
    apart = np.linalg.norm(one[:, None] - two[None], axis=2)
    same, other = np.diag(apart), apart[~np.eye(len(both), dtype=bool)]
    print(f"same person {np.median(same):.2f}, others {np.median(other):.2f} apart (medians)")
    for at in TRIED:
        fmr, fnmr = (
            share(int((other <= at).sum()), other.size),
            share(int((same > at).sum()), same.size),
        )
        print(f"| at {at:.2f} | {fmr} | {fnmr} |")
    at = min(np.unique(apart), key=lambda at: abs((other <= at).mean() - (same > at).mean()))
    print(f"equal at {at:.2f}: {(other <= at).mean():.2%} and {(same > at).mean():.2%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    shelf = Shelf(Path(os.environ.get("LIANGMING_DATA", "./var")) / "models")
    engine = engine_of(shelf)
    if engine is None:
        print("no face models here: liangming edge models add wheels")
        return
    cpu = time.process_time()
    with tempfile.TemporaryDirectory(prefix="liangming-matching-") as name:
        folder_of(Path(name), given.people, given.seed)
        pairs = evaluate_folder(Path(name), shelf, say=lambda _: None).pairs
        assert pairs is not None
        print(
            f"SYNTHETIC: {given.people} made-up people; {', '.join(engine.models)}; {pairs.threshold}"
        )
        print("| case | FMR, 95 % | FNMR, 95 % | FMR cautious | FNMR cautious | no face found |")
        print("|---|---|---|---|---|---|")
        for case in (*pairs.cases, pairs.all):
            told = (case.false_matches, case.false_non_matches)
            cautious = (case.cautious_false_matches, case.cautious_false_non_matches)
            words = " | ".join(map(str, (*told, *cautious, case.unusable)))
            print(f"| {case.name or '**all**'} | {words} |")
        thresholds(engine, Path(name), given.people)
    print(f"{time.process_time() - cpu:.0f} CPU s")


if __name__ == "__main__":
    main()
