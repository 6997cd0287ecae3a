"""The agent itself: memory and CPU of an ``edge run`` process at rest, without and with models loaded.

Linux only (``/proc``). LIANGMING_DATA says where model packs lie; without packs the second process is
left out. SECONDS=60 by default; nobody touches the screen meanwhile, the rounds go on.

A station while it reads is measured by ``bench/station.py``.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = float(os.environ.get("SECONDS", "60"))
TICK = os.sysconf("SC_CLK_TCK")
MEMORY_MOST, WITH_MODELS_MOST, IDLE_MOST = 250, 300, 0.01
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


def cpu(pid: int) -> float:
    """Seconds of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11:13]) / TICK


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
    print(
        f"aims: ≤ {MEMORY_MOST} MB one process, ≤ {WITH_MODELS_MOST} MB with models,"
        f" idle ≤ {IDLE_MOST:.0%}"
    )


if __name__ == "__main__":
    main()
