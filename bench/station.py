"""A station while it reads: the most memory of both its processes, CPU and wall, through its own pages.

Every kind of document, from a camera's usual size to 48 million pixels, an A4 scan, and pictures that
mean harm. PSS (shared pages counted once) is sampled every 10 ms in one reading; CPU and wall are those
of another, unwatched one. A first reading is not counted: it loads libraries into the system's memory.

Needs the reading models in LIANGMING_DATA, Pillow and fonts-noto-cjk. Libraries that other programs hold
at the same time count less: measure with nothing else running.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.family import family

from liangming.edge.synthetic import papers, people
from liangming.edge.synthetic.lens import Trouble, shot

TICK = os.sysconf("SC_CLK_TCK")
READY = re.compile(rb"http://127\.0\.0\.1:\d+/")
MEMORY_MOST, CARD_MOST = 300, 3.0
UNTIL = date(2033, 5, 6)


def cpu(pid: int, *, waited: bool = False) -> float:
    """Seconds of all its threads; with those of the children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11 : 15 if waited else 13]) / TICK


def pss(pid: int) -> int:
    """Proportional set size, KB; 0 where the process is gone."""
    try:
        return int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1])
    except (OSError, TypeError):
        return 0


class Watch(threading.Thread):
    """The most that a family of processes took together, and the station alone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.own, self.over = pid, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            sizes = [pss(one) for one in family(self.pid)]
            self.own, self.most = max(self.own, sizes[0]), max(self.most, sum(sizes))


def pressed(pixels: np.ndarray, *how: int) -> bytes:
    """As a camera presses it."""
    return cv2.imencode(".jpg", pixels, how or [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def enlarged(pixels: np.ndarray, width: int) -> np.ndarray:
    """As a better camera would see it."""
    size = (width, round(pixels.shape[0] * width / pixels.shape[1]))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)


def scanned(paper: np.ndarray, millimetres: float) -> np.ndarray:
    """On the glass of an A4 scanner, 300 dots an inch."""
    sheet = np.full((3508, 2480, 3), 250, np.uint8)
    page = enlarged(paper, round(millimetres / 25.4 * 300))
    sheet[300 : 300 + page.shape[0], 300 : 300 + page.shape[1]] = page
    return sheet


def pictures(one: people.Holder) -> Iterator[tuple[str, bytes]]:
    """Every kind, then every size."""
    rng = np.random.default_rng(4)
    front, page = papers.card_front(one, 4), papers.passport(one, UNTIL, 4)
    card = shot(front, Trouble.PLAIN, rng)
    passport = shot(page, Trouble.ANGLE, rng)
    yield "a card's front", pressed(card)
    yield "a card's front, dim", pressed(shot(front, Trouble.DIM, rng))
    yield "a card's back", pressed(shot(papers.card_back(one, 4), Trouble.PLAIN, rng))
    yield "a passport's page, aside", pressed(passport)
    yield "a passport's page, dim", pressed(shot(page, Trouble.DIM, rng))
    for name, lines in (
        ("a zone TD1", people.card_lines(one, UNTIL)),
        ("a zone TD2", people.visa_sized_lines(one, UNTIL)),
    ):
        yield name, pressed(shot(papers.small_zone(lines, 4), Trouble.PLAIN, rng))
    yield "a card, A4 scan", pressed(scanned(front, 85.6))
    yield "a passport, A4 scan", pressed(scanned(page, 125))
    for width, megapixels in ((4000, 12), (5700, 24), (8000, 48)):
        yield f"a passport, {megapixels} MP", pressed(enlarged(passport, width))
    grain = enlarged(passport, 8000)
    for top in range(0, 6000, 500):
        part = grain[top : top + 500]
        noise = rng.integers(-7, 8, (*part.shape[:2], 1), np.int8)
        part[:] = np.clip(part.astype(np.int16) + noise, 0, 255)
    yield "a passport, 48 MP, grainy", pressed(grain)
    del grain
    scans = (cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111)
    yield "a passport, 16 MP in scans", pressed(enlarged(passport, 4600), *scans)
    flat = cv2.GaussianBlur(enlarged(passport, 5700), (0, 0), 3) // 8 * 8
    yield "a passport, 24 MP PNG", cv2.imencode(".png", flat)[1].tobytes()


def harmful() -> Iterator[tuple[str, bytes]]:
    """Pictures that would grow, or end too early."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    def png(width: int, height: int, body: bytes) -> bytes:
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")

    noise = pressed(np.random.default_rng(1).integers(0, 256, (900, 1200, 3), np.uint8))
    flat = zlib.compress(bytes(4000 * 12_001), 9)
    yield "flat, 16 MP in 47 KB", png(4000, 4000, flat)
    yield "bomb: 16 MP in 9 KB", png(4000, 4000, flat[:9000])
    yield "3.6 billion pixels", png(60_000, 60_000, b"")
    yield "cut in the middle", noise[: len(noise) // 2]
    yield "damaged", noise[:700] + bytes(4000) + noise[4700:]
    yield "16 MB of nothing", bytes(16 << 20)


def posted(url: str, picture: bytes) -> tuple[int, str]:
    """The form's page, filled, or what was wrong."""
    home = urllib.request.urlopen(url, timeout=60).read().decode()
    token = re.search(r'name="token" value="([^"]+)"', home)[1].encode()
    head = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    body = head % b"token" + token + b"\r\n" + head % b"front" + picture + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": url.rstrip("/")}
    asked = urllib.request.Request(url + "read", body, headers)
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as wrong:
        return wrong.code, wrong.read().decode()


def reading(packs: str) -> None:
    """A station reads, as its clerk would have it."""
    one = people.holder(np.random.default_rng(4))
    with tempfile.TemporaryDirectory(prefix="liangming-station-") as folder:
        environment = {**os.environ, "LIANGMING_DATA": folder, "LIANGMING_MODE": "development"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as where it is installed
        Path(folder, "models").symlink_to(Path(packs).resolve() / "models")
        python = [sys.executable, "-m", "liangming", "edge"]
        words = ["enrol", "--alone", "bench", "--scene", "bench", "--kind", "station"]
        subprocess.run([*python, *words], env=environment, check=True, capture_output=True)
        run = [*python, "run", "--station", "--port", "0"]
        station = subprocess.Popen(run, env=environment, stderr=subprocess.PIPE)
        try:
            url = next(filter(None, map(READY.search, station.stderr))).group().decode()
            posted(url, next(pictures(one))[1])
            print(f"a station that waits: {pss(station.pid) / 1024:.0f} MB PSS")
            for name, data in pictures(one):
                measured(station.pid, url, name, data, one)
            for name, data in harmful():
                measured(station.pid, url, name, data, one)
            print(f"processes left beside the station: {len(family(station.pid)) - 1}")
        finally:
            station.terminate()
            station.wait(20)


def measured(pid: int, url: str, name: str, data: bytes, one: people.Holder) -> None:
    """One picture, twice."""
    watch = Watch(pid)
    watch.start()
    posted(url, data)
    watch.over.set()
    watch.join()
    began, at = cpu(pid, waited=True), time.perf_counter()
    status, page = posted(url, data)
    took, spent = time.perf_counter() - at, cpu(pid, waited=True) - began
    until = "长期" if one.until is None else one.until.isoformat()
    read = any(text in page for text in (one.number, one.surname, f'value="{until}"'))
    wrong = re.search(r"<code>(edge\.[a-z-]+)", page)
    told = wrong[1] if wrong else "read" if read else "NOT READ"
    print(
        f"{name:28} {watch.most / 1024:4.0f} MB PSS together (≤ {MEMORY_MOST}),"
        f" {watch.own / 1024:3.0f} its own; {spent:.1f} s CPU (a card ≤ {CARD_MOST:.0f}),"
        f" {took:.1f} s wall; {status} {told}",
        flush=True,
    )


if __name__ == "__main__":
    reading(os.environ["LIANGMING_DATA"])
