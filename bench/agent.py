"""The agent itself: memory and CPU of an ``edge run`` process at rest, without and with models loaded.

Linux only (``/proc``). LIANGMING_DATA says where model packs lie; without packs the second process is
left out. SECONDS=60 by default; nobody touches the screen meanwhile, the rounds go on.

A station is measured while it reads: PSS (shared pages counted once) of its process and of the one that
reads for it, sampled every 10 ms, through its own pages. That needs the reading models, Pillow and
fonts-noto-cjk.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import date
from pathlib import Path

SECONDS = float(os.environ.get("SECONDS", "60"))
TICK = os.sysconf("SC_CLK_TCK")
MEMORY_MOST, WITH_MODELS_MOST, IDLE_MOST, READ_MOST = 250, 300, 0.01, 3.0
READY = re.compile(rb"http://127\.0\.0\.1:\d+/")
# The product's own entry, with the models of a shelf held as a bound camera would hold them.
HELD = (
    "import sys; from pathlib import Path\n"
    "from liangming.edge.agent.run import serve\n"
    "from liangming.edge.models.engine import engine_of\n"
    "from liangming.edge.models.shelf import Shelf\n"
    "engine = engine_of(Shelf(Path(sys.argv[2]) / 'models'))\n"
    "assert engine is not None, 'no packs'\n"
    "serve(Path(sys.argv[1]), 0, say=lambda a: print(a, file=sys.stderr, flush=True), engine=engine)\n"
)
BARE = "import time; print('http://127.0.0.1:1/', file=__import__('sys').stderr, flush=True); time.sleep(999)"


def memory(pid: int) -> tuple[float, float]:
    """Resident now and at most, MB."""
    told = Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", told)[1]) / 1024 for name in ("VmRSS", "VmHWM"))


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


def family(pid: int) -> list[int]:
    """A process and its children."""
    told = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            told += [int(number) for number in (task / "children").read_text().split()]
        except OSError:
            continue
    return told


class Watch(threading.Thread):
    """The most that a family of processes took together, and the station alone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.own, self.over = pid, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            sizes = [pss(one) for one in family(self.pid)]
            self.own, self.most = max(self.own, sizes[0]), max(self.most, sum(sizes))


def reading(python: list[str], packs: str, environment: dict[str, str]) -> None:
    """A station reads a card's side and a passport's page, as its clerk would have it."""
    import cv2
    import numpy as np

    from liangming.edge.synthetic import papers, people
    from liangming.edge.synthetic.lens import Trouble, shot

    rng = np.random.default_rng(4)
    one = people.holder(rng)
    pictures = {
        "a card's front": shot(papers.card_front(one, 4), Trouble.PLAIN, rng),
        "a passport's page": shot(papers.passport(one, date(2033, 5, 6), 4), Trouble.ANGLE, rng),
    }
    with tempfile.TemporaryDirectory(prefix="liangming-station-") as folder:
        environment = {**environment, "LIANGMING_DATA": folder}
        Path(folder, "models").symlink_to(Path(packs).resolve() / "models")
        words = ["-m", "liangming", "edge", "enrol", "--alone", "bench", "--scene", "bench"]
        words += ["--kind", "station"]
        subprocess.run([*python, *words], env=environment, check=True, capture_output=True)
        run = [*python, "-m", "liangming", "edge", "run", "--station", "--port", "0"]
        station = subprocess.Popen(run, env=environment, stderr=subprocess.PIPE)
        try:
            url = next(filter(None, map(READY.search, station.stderr))).group().decode()
            for name, pixels in pictures.items():
                watch = Watch(station.pid)
                data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
                began, at = cpu(station.pid, waited=True), time.perf_counter()
                watch.start()
                page = posted(url, data)
                took = time.perf_counter() - at
                watch.over.set()
                watch.join()
                spent = cpu(station.pid, waited=True) - began
                print(
                    f"a station reads {name:20} {watch.most / 1024:6.0f} MB PSS together"
                    f" (≤ {WITH_MODELS_MOST}), {watch.own / 1024:.0f} its own;"
                    f" {spent:.1f} s CPU (≤ {READ_MOST:.0f}), {took:.1f} s wall;"
                    f" {'read' if one.number in page or one.surname in page else 'NOT READ'}"
                )
        finally:
            station.terminate()
            station.wait(20)


def posted(url: str, picture: bytes) -> str:
    """The form's page, filled."""
    home = urllib.request.urlopen(url, timeout=60).read().decode()
    token = re.search(r'name="token" value="([^"]+)"', home)[1].encode()
    head = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    body = head % b"token" + token + b"\r\n" + head % b"front" + picture + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": url.rstrip("/")}
    asked = urllib.request.Request(url + "read", body, headers)
    return urllib.request.urlopen(asked, timeout=120).read().decode()


def measured(name: str, command: list[str], environment: dict[str, str]) -> None:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        for line in process.stderr:
            if READY.search(line):
                break
        else:
            print(f"{name}: did not start")
            return
        time.sleep(2)
        began, at = cpu(process.pid), time.perf_counter()
        time.sleep(SECONDS)
        share = (cpu(process.pid) - began) / (time.perf_counter() - at)
        resident, most = memory(process.pid)
        print(
            f"{name:34} {resident:6.0f} MB resident, {most:6.0f} at most;"
            f" idle {share:.2%} of a core over {SECONDS:.0f} s"
        )
    finally:
        process.terminate()
        process.wait(20)


def main() -> None:
    packs = os.environ.get("LIANGMING_DATA", "")
    with tempfile.TemporaryDirectory(prefix="liangming-agent-") as folder:
        environment = {
            **os.environ,
            "LIANGMING_DATA": folder,
            "LIANGMING_MODE": "development",
            "OMP_NUM_THREADS": "1",
        }
        python = [sys.executable]
        words = ["-m", "liangming", "edge", "enrol", "--alone", "bench", "--scene", "bench"]
        subprocess.run([*python, *words], env=environment, check=True, capture_output=True)
        measured("baseline: Python that sleeps", [*python, "-c", BARE], environment)
        run = ["-m", "liangming", "edge", "run", "--simulated", "--port", "0"]
        measured("edge run, simulated parts", [*python, *run], environment)
        if packs and (Path(packs) / "models" / "models.json").is_file():
            held = ["-c", HELD, folder, packs]
            measured("the same process with models", [*python, *held], environment)
        else:
            print("no packs in LIANGMING_DATA: not measured with models")
        if packs and (Path(packs) / "models" / "pp-ocrv6-text.onnx").is_file():
            reading(python, packs, environment)
    print(
        f"aims: ≤ {MEMORY_MOST} MB one process, ≤ {WITH_MODELS_MOST} MB with models,"
        f" idle ≤ {IDLE_MOST:.0%}"
    )


if __name__ == "__main__":
    main()
