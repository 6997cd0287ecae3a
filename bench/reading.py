"""How well documents are read at a station, by what makes a picture hard, and what it costs.

Specimen cards and passports of nobody (``edge.synthetic.papers``), one photograph each, one trouble
at a time. The baseline beside it is the same nets over the whole photograph as it is: no card found,
no turning, no check digit, no second field to hold a number to. Needs the reading models
(``liangming edge models add wheels``, LIANGMING_DATA says where), Pillow and fonts-noto-cjk; with
fonts-ocr-b the zones stand in OCR-B, otherwise in DejaVu Sans Mono. Run on one core with
``taskset -c 0``.

Squares (a hand-over code) and bars (a waybill) are read from a printed label under the same troubles;
their baseline is OpenCV's own detectors, which know no Code 128. One core, each limit beside its figure.

A field counts as right only if it is exactly right. *Sure and wrong* are the ones that matter: read
wrong and not marked.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import base64
import re
import resource
import time
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

cv2.setNumThreads(1)

from liangming.edge.measure.intervals import Share, share
from liangming.edge.models.reading import reader_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading import bars
from liangming.edge.reading.decode import freely
from liangming.edge.reading.fields import State
from liangming.edge.reading.read import read
from liangming.edge.reading.rows import plain
from liangming.edge.synthetic import papers, people
from liangming.edge.synthetic.lens import Trouble, shot

ON = date(2026, 11, 27)
UNTIL = date(2033, 5, 6)
LIMIT = 3.0  # CPU s for a side of a card


def papers_of(seed: int):
    """Five documents of one holder: pixels, and what must be read from each."""
    rng = np.random.default_rng(seed)
    one = people.holder(rng)
    until = "长期" if one.until is None else one.until.isoformat()
    yield "card front", papers.card_front(one, seed), {"number": one.number, "name": one.name}
    yield "card back", papers.card_back(one, seed), {"expires": until}
    lines = people.passport_lines(one, UNTIL)
    yield "passport TD3", papers.passport(one, UNTIL, seed), {"mrz": "\n".join(lines)}
    for name, lines in (
        ("card TD1", people.card_lines(one, UNTIL)),
        ("page TD2", people.visa_sized_lines(one, UNTIL)),
    ):
        yield name, papers.small_zone(lines, seed), {f"mrz {name[-3:]}": "\n".join(lines)}


def label_of(seed: int):
    """A printed label with a square and bars: pixels, and what stands in them."""
    rng = np.random.default_rng([seed, 5])
    token = base64.urlsafe_b64encode(rng.bytes(126)).decode().rstrip("=")
    square, bar = f"lmh1.{token[:84]}.{token[84:]}", f"SL{rng.integers(10**13):013}"
    label = np.full((900, 1200, 3), 252, np.uint8)
    for text, kind, box in (
        (square, zxingcpp.BarcodeFormat.QRCode, (80, 60, 560, 560)),
        (bar, zxingcpp.BarcodeFormat.Code128, (80, 680, 1040, 150)),
    ):
        made = zxingcpp.create_barcode(text, kind)
        code = np.array(zxingcpp.write_barcode_to_image(made, scale=4))
        if kind is zxingcpp.BarcodeFormat.Code128:
            code = np.repeat(code[:1], 40, axis=0)
        x, y, wide, high = box
        drawn = cv2.resize(code, (wide, high), interpolation=cv2.INTER_NEAREST)
        label[y : y + high, x : x + wide] = drawn.reshape(high, wide, -1)[:, :, :1]
    return label, {"square": square, "bars": bar}


def naive_codes(pixels: np.ndarray) -> tuple[str, ...]:
    """The baseline of codes: OpenCV's detectors."""
    square = cv2.QRCodeDetector().detectAndDecode(pixels)[0]
    bars = cv2.barcode.BarcodeDetector().detectAndDecode(pixels)[0]
    return tuple(filter(None, (square, bars)))


def codes(holders: int, seed: int) -> None:
    print("| trouble | code | right, 95 % | OpenCV |\n|---|---|---|---|")
    whole: dict[str, list[int]] = {}
    wrong, spent = 0, []
    for trouble in Trouble:
        counts: dict[str, list[int]] = {}
        for number in range(seed, seed + 5 * holders):
            rng = np.random.default_rng([number, 7, *trouble.encode()])
            label, truth = label_of(number)
            picture = shot(label, trouble, rng)
            cpu = time.process_time()
            told = bars.codes_in(picture)
            if truth["bars"] not in told:
                told = (*told, *bars.turned(picture))
            spent.append(time.process_time() - cpu)
            naively = naive_codes(picture)
            wrong += len(set(told) - set(truth.values()))
            for name, text in truth.items():
                for bag in (counts, whole):
                    row = bag.setdefault(name, [0, 0, 0])
                    row[0] += 1
                    row[1] += text in told
                    row[2] += text in naively
        for name, row in counts.items():
            right = share(row[1], row[0])
            print(
                f"| {trouble} | {name} | {row[1]}/{row[0]} [{right.low:.0%}–{right.high:.0%}] | {row[2]} |"
            )
    for name, row in whole.items():
        right = share(row[1], row[0])
        print(
            f"| **all** | {name} | {row[1]}/{row[0]} [{right.low:.0%}–{right.high:.0%}] | {row[2]} |"
        )
    spent.sort()
    print(f"codes read wrong: {wrong} of {sum(row[0] for row in whole.values())}")
    print(f"a picture's codes: p50 {spent[len(spent) // 2]:.3f} s CPU, max {spent[-1]:.3f} s")


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
    told["mrz"] = told["mrz TD2"] = "\n".join(zone[-2:])
    told["mrz TD1"] = "\n".join(zone[-3:])
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
        print("no reading models here (liangming edge models add wheels): codes only")
        codes(given.holders, given.seed)
        return
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
                    field = told.of(name.split()[0])
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
        limit = f" (limit {LIMIT:.0f} s)" if name in kinds or name == "a picture" else ""
        print(f"{name}: p50 {rising[len(rising) // 2]:.2f} s, max {rising[-1]:.2f} s{limit}")
    codes(given.holders, given.seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:.0f} MB; of a station as it runs: bench/station.py")


if __name__ == "__main__":
    main()
