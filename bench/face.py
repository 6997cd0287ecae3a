"""How fast one look is, how much memory it takes, and what an idle machine costs.

The frames are drawn, not filmed. With model packs on the shelf (``liangming edge models add wheels``,
LIANGMING_DATA says where) the real models look at them; without, only the layers are measured.
CPU time is the figure; wall time stands beside it. Each aim stands beside its figure, ✓ or ✗.

``--echoes 60`` presents screens that show the machine's own light again, 0 to 60 ms late, and people.
``--attacks 20`` presents each synthetic species so often (0: none): APCER with its exact 95 % interval, the
worst first, by all layers and by the motion layers alone. FMR and FNMR: ``bench/matching.py``.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np

from liangming.edge.face import binding, gates, solid
from liangming.edge.face.layers import Layer
from liangming.edge.face.look import Tools, look
from liangming.edge.face.order import Agreed, open_camera
from liangming.edge.face.picture import Box, Found
from liangming.edge.face.pose import pose_of
from liangming.edge.face.threshold import Threshold
from liangming.edge.measure.intervals import share
from liangming.edge.measure.report import report
from liangming.edge.measure.trial import synthetic
from liangming.edge.models.engine import engine_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Mood, head_of, held
from liangming.edge.synthetic.species import ALL, BY_NAME, echo
from liangming.edge.synthetic.studio import IDENTITY, PERIOD, embedding, studio_of

FRAMES = 60
LOOKS = 12
EMBEDDINGS = 5  # the frontal frames of every step
FRAMES_LEAST, WAIT_MOST, MEMORY_MOST, IDLE_MOST = 10, 6.0, 300, 0.01
AIMS: list[str] = []


def aim(words: str, figure: float, limit: float, unit: str, *, least: bool = False) -> None:
    """Note a figure with its limit, to be printed at the end."""
    met = figure >= limit if least else figure <= limit
    AIMS.append(
        f"{'✓' if met else '✗'} {words}: {figure:.3g} {unit} ({'≥' if least else '≤'} {limit:g})"
    )


def frame(seed: int = 1):
    rng = np.random.default_rng(seed)
    head = head_of(rng)
    points = seen(held(head, Mood()))
    turned = seen(held(head, Mood(turn=0.6)))
    pixels = draw(background(rng, furniture=True), Thing(head=head, points=points), rng)
    return pixels, points, turned


def each(name: str, call, times: int = FRAMES, base: float = 0.0) -> float:
    call()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        call()
    cpu = (time.process_time() - cpu) / times * 1000
    wall = (time.perf_counter() - wall) / times * 1000
    ratio = f"  ×{cpu / base:.1f} of a copy" if base else ""
    print(f"{name:44} {cpu:8.2f} ms CPU {wall:8.2f} ms wall{ratio}")
    return cpu


def looks(detect: float, embed: float) -> None:
    """Whole looks with told points: real models do not follow the movements of drawn heads.

    The wait is the camera's time, or the machine's where it is slower, and the embeddings after it.
    """
    waits, passed, taken, spent = [], 0, 0, 0.0
    for seed in range(LOOKS):
        rng = np.random.default_rng(seed)
        head = head_of(rng)
        studio = studio_of(None, head, rng)
        agreed = Agreed(check="c", device="d", notice="n", consent="c", nonce=f"{seed:032x}")
        tools = Tools(
            camera=studio,
            expected=IDENTITY,
            screen=studio,
            finder=studio,
            embedder=studio,
            threshold=Threshold(metric="cosine", at=0.6),
            least=1,
        )
        reference = embedding(head, rng)
        cpu = time.process_time()
        looked = look(open_camera(agreed), tools, reference, stop=lambda: False)
        cpu = time.process_time() - cpu
        spent += cpu
        taken += looked.taken
        passed += looked.result.value == "match"
        machine = cpu + looked.taken * detect / 1000
        waits.append(max(looked.taken * PERIOD, machine) + EMBEDDINGS * embed / 1000)
    waits.sort()
    print(
        f"whole looks, {LOOKS} drawn people: {taken / spent:.0f} frames a CPU second (with drawing)"
    )
    aim("whole look with challenge, p50", waits[len(waits) // 2], WAIT_MOST, "s")
    print(
        f"    wait p50 {waits[len(waits) // 2]:.1f} s, max {waits[-1]:.1f} s; passed {passed}/{LOOKS}"
    )


def idle() -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    time.sleep(3)
    spent = (time.process_time() - cpu) / (time.perf_counter() - wall)
    print(f"idle, models loaded: {spent:.2%} of one core")
    aim("idle, models loaded", spent, IDLE_MOST, "of one core")


def attacks(times: int) -> None:
    """Every species so often, and people."""
    plan = [(one, seed) for seed in range(times) for one in (None, *ALL)]
    told = report([synthetic(one, seed) for one, seed in plan])
    print(
        f"SYNTHETIC attacks, {times} presentations a species, {told.frames} frames, the worst first"
    )
    print("| species | all layers: APCER, 95 % | motion layers alone |\n|---|---|---|")
    for row in told.attacks:
        print(f"| {row.species} | {row.together} | {row.motion} |")
    print(f"people stopped, BPCER: {told.people}")
    printed = [row for row in told.attacks if BY_NAME[row.species].family == "print"]
    edged = [row for row in told.attacks if "-edge" in row.species]
    for words, shares in (
        ("printed photos accepted, all layers", [row.together for row in printed]),
        ("printed photos accepted, motion layers alone", [row.motion for row in printed]),
        ("replays with an edge accepted, all layers", [row.together for row in edged]),
    ):
        through, of = sum(s.count for s in shares), sum(s.total for s in shares)
        print(f"{words}: {share(through, of)}")
        aim(words, through, 0, f"of {of}")


def echoes(times: int) -> None:
    """Screens that show the machine's own light again, sooner or later; and people, by the light alone."""
    print(f"SYNTHETIC echoes, {times} presentations each, 15 frames a second")
    print("| late, ms | level 3, lag not told: APCER, 95 % | lag told |\n|---|---|---|")
    untold = frozenset(Layer) - {Layer.PROMPT}
    for late in (0, 10, 20, 30, 40, 60):
        tried = [synthetic(echo(late / 1000), 2000 + number) for number in range(times)]
        unknown, known = (sum(one.passes(of) for one in tried) for of in (untold, frozenset(Layer)))
        print(f"| {late} | {share(unknown, times)} | {share(known, times)} |", flush=True)
    light = frozenset({Layer.FLASH, Layer.RELIEF, Layer.PROMPT})
    stopped = sum(not synthetic(None, 2000 + n).passes(light) for n in range(times))
    print(f"people stopped by flash, relief or prompt: {share(stopped, times)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attacks", type=int, default=20)
    parser.add_argument("--echoes", type=int, default=0, help="so many of each, and nothing else")
    given = parser.parse_args()
    if given.echoes:
        echoes(given.echoes)
        return
    pixels, points, turned = frame()
    copy = each("baseline: copy a 320×240 frame", pixels.copy)
    low, high = points.min(axis=0), points.max(axis=0)
    found = Found(Box(*map(float, low), *map(float, high)), points)
    spent = 0.0
    spent += each("fingerprint", lambda: binding.fingerprint(pixels), base=copy)
    spent += each("gates", lambda: gates.fault_of(pixels, (found,)), base=copy)
    spent += each("second rectangle", lambda: gates.framed(pixels, found.box), base=copy)
    spent += each("pose", lambda: pose_of(points), base=copy)
    spent += each("plane and rolled sheet", lambda: solid.residuals(points, turned), base=copy)
    shelf = Shelf(Path(os.environ.get("LIANGMING_DATA", "./var")) / "models")
    engine = engine_of(shelf)
    costs = [0.0, 0.0]
    if engine is None:
        print("no model packs here: detection and embedding are not measured")
    else:
        found_all = engine.finder.find(pixels)
        print(f"models: {engine.backend}; faces found in the drawn frame: {len(found_all)}")
        cpu = each("detect and mesh", lambda: engine.finder.find(pixels), base=copy)
        costs[0] = cpu
        print(f"    = {1000 / cpu:.0f} frames a second of one core")
        aim(
            "detection and every liveness layer",
            1000 / (cpu + spent),
            FRAMES_LEAST,
            "fps",
            least=True,
        )
        if found_all:
            costs[1] = each(
                "embed", lambda: engine.embedder.embed(pixels, found_all[0]), 10, base=copy
            )
    looks(*costs)
    idle()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:.0f} MB (Python {sys.version.split()[0]})")
    aim("memory of a process with the face models", peak, MEMORY_MOST, "MB")
    if given.attacks:
        attacks(given.attacks)
    print("aims (a process of the agent itself: bench/agent.py; one that reads: bench/station.py)")
    for line in AIMS:
        print("  ", line)


if __name__ == "__main__":
    main()
