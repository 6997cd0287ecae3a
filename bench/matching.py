"""FMR and FNMR of the models on the shelf over made-up people, through ``liangming edge evaluate``.

**Synthetic**: heads of ``edge.synthetic``, drawn; no face of anybody. What a model makes of drawings says
that the whole pipeline runs and that its counting is right; it does not say how it tells real people
apart. Bring pairs for that: ``liangming edge evaluate DIR`` reads the same table.

Cases: *frame* (two camera frames of one day), *card-photo* (a frame against a photo of 102×126 pressed
to 1,024 bytes, as a second-generation card holds it), *dim* (a frame against one in little light).
Needs the face models (LIANGMING_DATA says where). ``--people 20`` by default.
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

from liangming.edge.face.picture import Points
from liangming.edge.measure.folders import evaluate_folder
from liangming.edge.models.engine import engine_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Head, Mood, head_of, held

CARD_BYTES = 1024
CARD = (102, 126)


def frame(head: Head, rng: np.random.Generator, *, dim: float = 1.0) -> tuple[np.ndarray, Points]:
    """A frame of one who stands about straight."""
    mood = Mood(turn=float(rng.uniform(-0.15, 0.15)), nod=float(rng.uniform(-0.08, 0.08)))
    points = seen(held(head, mood))
    room = background(rng, furniture=bool(rng.integers(2)))
    return draw(room, Thing(head=head, points=points), rng, dim=dim), points


def card_photo(head: Head, rng: np.random.Generator) -> np.ndarray:
    """A frame cut to the head and pressed until it fits into a card."""
    pixels, points = frame(head, rng)
    low, high = points.min(axis=0), points.max(axis=0)
    wide = (high - low)[0] * 1.5
    middle = (low + high) / 2
    tall = wide * CARD[1] / CARD[0]
    x, y = (np.maximum(middle - (wide / 2, tall / 2), 0)).astype(int)
    cut = pixels[y : int(y + tall), x : int(x + wide)]
    small = cv2.resize(cut, CARD, interpolation=cv2.INTER_AREA)
    for quality in range(90, 4, -3):
        data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if data.size <= CARD_BYTES:
            break
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def folder_of(folder: Path, people: int, seed: int) -> None:
    """Pictures and ``pairs.csv``: each person with themselves and with a few others, by case."""
    rows = []
    for number in range(people):
        head = head_of(np.random.default_rng([seed, number]))
        rng = np.random.default_rng([seed, number, 1])
        for name, pixels in (
            ("a", frame(head, rng)[0]),
            ("b", frame(head, rng)[0]),
            ("dim", frame(head, rng, dim=0.45)[0]),
            ("card", card_photo(head, rng)),
        ):
            cv2.imwrite(str(folder / f"{number}-{name}.png"), pixels)
    for number in range(people):
        for case, other in (("frame", "b"), ("dim", "dim"), ("card-photo", "card")):
            rows.append((f"{number}-a.png", f"{number}-{other}.png", 1, case))
            for step in (1, 2, 5, 7):
                far = (number + step) % people
                rows.append((f"{number}-a.png", f"{far}-{other}.png", 0, case))
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("one", "other", "same", "case"))
        writer.writerows(rows)


def likeness(engine, people: int, seed: int) -> None:
    """Whether the model can put drawn people in order at all, whatever the threshold."""
    vectors = []
    for number in range(people):
        head = head_of(np.random.default_rng([seed, number]))
        rng = np.random.default_rng([seed, number, 2])
        for _ in range(2):
            pixels = frame(head, rng)[0]
            vectors.append(engine.embedder.embed(pixels, engine.finder.find(pixels)[0]))
    one, two = np.array(vectors[::2]), np.array(vectors[1::2])
    apart = np.linalg.norm(one[:, None] - two[None], axis=2)
    same, other = np.diag(apart), apart[~np.eye(people, dtype=bool)]
    ordered = np.mean(same[:, None] < other[None])
    print(
        f"distances of frames: same person {np.median(same):.2f}, others {np.median(other):.2f}"
        f" (medians); others farther than same in {ordered:.0%} of comparisons"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    shelf = Shelf(Path(os.environ.get("LIANGMING_DATA", "./var")) / "models")
    if engine_of(shelf) is None:
        print("no face models here: liangming edge models add wheels")
        return
    cpu = time.process_time()
    with tempfile.TemporaryDirectory(prefix="liangming-matching-") as name:
        folder_of(Path(name), given.people, given.seed)
        figures = evaluate_folder(Path(name), shelf, say=lambda _: None)
    pairs = figures.pairs
    assert pairs is not None
    print(f"SYNTHETIC: {given.people} drawn people; {', '.join(figures.models)}; {pairs.threshold}")
    print("| case | FMR, 95 % | FNMR, 95 % | FMR cautious | FNMR cautious | no face found |")
    print("|---|---|---|---|---|---|")
    for case in (*pairs.cases, pairs.all):
        print(
            f"| {case.name or '**all**'} | {case.false_matches} | {case.false_non_matches} |"
            f" {case.cautious_false_matches} | {case.cautious_false_non_matches} | {case.unusable} |"
        )
    likeness(engine_of(shelf), given.people, given.seed)
    print(f"{time.process_time() - cpu:.0f} CPU s")


if __name__ == "__main__":
    main()
