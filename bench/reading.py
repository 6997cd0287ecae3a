"""How well documents are read at a station, by what makes a picture hard, and what it costs.

Specimen cards and passports of nobody (``edge.synthetic.papers``), one photograph each, one trouble
at a time. The baseline beside it is the same nets over the whole photograph as it is: no card found,
no turning, no check digit, no second field to hold a number to. Needs the reading models
(``liangming edge models add wheels``, LIANGMING_DATA says where), Pillow and fonts-noto-cjk; with
fonts-ocr-b the zones stand in OCR-B, otherwise in DejaVu Sans Mono. Run on one core with
``taskset -c 0``.

A field counts as right only if it is exactly right. *Sure and wrong* are the ones that matter: read
wrong and not marked.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import re
import resource
import time
from datetime import date
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)

from liangming.edge.measure.intervals import Share, share
from liangming.edge.models.reading import reader_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading.decode import freely
from liangming.edge.reading.fields import State
from liangming.edge.reading.read import read
from liangming.edge.reading.rows import plain
from liangming.edge.synthetic import papers, people
from liangming.edge.synthetic.lens import Trouble, shot

ON = date(2026, 11, 27)
UNTIL = date(2033, 5, 6)


def papers_of(seed: int):
    """Three documents of one holder: pixels, and what must be read from each."""
    rng = np.random.default_rng(seed)
    one = people.holder(rng)
    until = "长期" if one.until is None else one.until.isoformat()
    yield "card front", papers.card_front(one, seed), {"number": one.number, "name": one.name}
    yield "card back", papers.card_back(one, seed), {"expires": until}
    lines = people.passport_lines(one, UNTIL)
    yield "passport", papers.passport(one, UNTIL, seed), {"mrz": "\n".join(lines)}


def naive(pixels: np.ndarray, reader) -> dict[str, str]:
    """The baseline: every line of the whole picture, and the first text of the right form."""
    texts = [
        plain(s.text for s in freely(reader.read(pixels, place), reader.signs))
        for place in reader.find(pixels)
    ]
    told: dict[str, str] = {}
    for text in texts:
        number = re.search(r"\d{17}[\dX]", text)
        if number:
            told.setdefault("number", number.group())
        span = re.search(r"-(\d{4})\.(\d{2})\.(\d{2})|-(长期)", text)
        if span:
            told.setdefault("expires", span.group(4) or "-".join(span.groups()[:3]))
        if text.startswith("姓名") and len(text) > 2:
            told.setdefault("name", text[2:])
    if "name" not in told and "姓名" in texts:
        after = texts[texts.index("姓名") + 1 :]
        told["name"] = after[0] if after else ""
    zone = [text for text in texts if len(text) > 28 and "<" in text]
    told["mrz"] = "\n".join(zone[-2:])
    return told


class Count:
    """Right and wrong of one field."""

    def __init__(self) -> None:
        self.total = self.right = self.missing = self.marked = self.bad = self.naive = 0

    def add(self, field, truth: str, naively: str) -> None:
        self.total += 1
        self.naive += naively == truth
        if field is None:
            self.missing += 1
        elif field.text == truth:
            self.right += 1
            self.marked += field.state is not State.SURE
        elif field.state is State.SURE:
            self.bad += 1

    def line(self) -> str:
        right: Share = share(self.right, self.total)
        return (
            f"{self.right}/{self.total} [{right.low:.0%}–{right.high:.0%}] | {self.naive} | "
            f"{self.marked} | {self.missing} | {self.bad}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holders", type=int, default=8, help="holders for each trouble")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="print what was sure and wrong")
    given = parser.parse_args()
    shelf = Shelf(Path(os.environ.get("LIANGMING_DATA", "./var")) / "models")
    start = time.process_time()
    reader = reader_of(shelf)
    if reader is None:
        raise SystemExit("no reading models here: liangming edge models add wheels")
    print(f"loading the models: {time.process_time() - start:.2f} CPU s")
    print(f"zones in {Path(papers.fonts().zone).name}; {given.holders} holders a trouble")
    print(
        "| trouble | field | right, 95 % | whole picture, naive | marked though right | missing | sure and wrong |"
    )
    print("|---|---|---|---|---|---|---|")
    all_of: dict[str, Count] = {}
    ours, theirs, wall, kinds = [], [], [], {}
    for trouble in Trouble:
        counts: dict[str, Count] = {}
        for seed in range(given.seed, given.seed + given.holders):
            rng = np.random.default_rng([seed, *trouble.encode()])
            for kind, paper, truth in papers_of(seed * 100 + list(Trouble).index(trouble)):
                picture = shot(paper, trouble, rng)
                data = bytearray(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1])
                cpu = time.process_time()
                naively = naive(picture, reader)
                theirs.append(time.process_time() - cpu)
                cpu, clock = time.process_time(), time.perf_counter()
                told = read(data, reader, on=ON)
                ours.append(time.process_time() - cpu)
                wall.append(time.perf_counter() - clock)
                kinds.setdefault(kind, []).append(ours[-1])
                for name, text in truth.items():
                    field = told.of(name)
                    for bag in (counts, all_of):
                        bag.setdefault(name, Count()).add(field, text, naively.get(name, ""))
                    if given.show and (field is None or field.text != text):
                        print(
                            "   ",
                            trouble,
                            seed,
                            name,
                            repr(text),
                            field and (field.text, field.state.value, field.why.value),
                            told.laid,
                        )
        for name, count in counts.items():
            print(f"| {trouble} | {name} | {count.line()} |", flush=True)
    for name, count in all_of.items():
        print(f"| **all** | {name} | {count.line()} |")
        bad = share(count.bad, count.total)
        print(f"    {name}: sure and wrong {bad}")
    for name, spent in (
        ("a picture", ours),
        ("naive", theirs),
        ("a picture, wall", wall),
        *kinds.items(),
    ):
        rising = sorted(spent)
        print(f"{name}: p50 {rising[len(rising) // 2]:.2f} s, max {rising[-1]:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
