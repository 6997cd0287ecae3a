"""The table of bench/load.py: each figure beside its floor and its goal."""

from __future__ import annotations

from typing import Final

FLOORS: Final = {
    ("single", "sqlite"): (6_309, 12_000),
    ("single", "postgres"): (4_500, 8_993),
    ("batch", "sqlite"): (15_000, 30_000),
    ("batch", "postgres"): (15_000, 30_000),
    ("known", "sqlite"): (15_000, 30_000),
    ("known", "postgres"): (15_000, 30_000),
    ("echo", ""): (0.3, 0.6),
    ("raw", ""): (0.4, 0.7),
    ("naive", ""): (20, 50),
    ("rude", ""): (0.9, 0.95),
    ("rude alone", ""): (0.1, 0.05),
    ("p50", ""): (10, 3),
    ("p99", ""): (50, 15),
}


def told(name: str, value: float, key: tuple[str, str] | None, note: str = "") -> None:
    """One line of the table, with its floor and goal."""
    number = f"{value:10,.2f}" if value < 100 else f"{value:10,.0f}"
    if key is None:
        print(f"{name:58}{number}   {'':30}{note}")
        return
    floor, goal = FLOORS[key]
    smaller = floor > goal
    reached = [value <= bound if smaller else value >= bound for bound in (floor, goal)]
    said = "goal" if reached[1] else "floor" if reached[0] else "below the floor"
    print(f"{name:58}{number}   floor {floor:>7,} goal {goal:>7,}  {said:16}{note}", flush=True)
