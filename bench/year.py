"""A whole year of thousands of people at one station, on a moved clock, with a restore drill at the end.

    python bench/year.py [--days 365] [--people 10] [--staff 300]

Everything that ``tests/rights/year.py`` and ``tests/governance/whole_year.py`` look at each midnight must
hold: people's requests, and every duty of the operator, each done in time or a day late on purpose; what
the board shows late must be that and nothing else, from that midnight on. A backup is taken in the
middle of the year and restored at its end with ``rights.drill``: nobody may be back. Then years pass,
until nothing that was closed is kept. Prints what happened, a table of clocks, and what it cost in wall and
processor time. The store is SQLite, fsync on every commit.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.governance.whole_year import WholeYear
from tests.rights.people import Desk
from tests.world import face_scene, scene, world

from liangming.rights import RightsDesk
from liangming.rights.drill import drill
from liangming.rights.ports import MemoryErasures
from liangming.scene.model import Kept
from liangming.storage import open_docket, open_store
from liangming.storage.erasure_file import ErasureFile

TERM = 180  # days a registration is kept: its end is inside the year
BACKUP = "import sqlite3,sys; a,b=map(sqlite3.connect,sys.argv[1:]); a.backup(b)"


class WithBackup(WholeYear):
    """The year, with a backup taken in its middle."""

    folder = Path()

    async def midnight(self, day) -> None:
        await super().midnight(day)
        if self.tally["checked"] == self.people_a_day * (self.days // 2):
            live, to = self.folder / "world.sqlite3", self.folder / "backup.sqlite3"
            if not to.exists():
                command = [sys.executable, "-c", BACKUP, str(live), str(to)]
                await asyncio.to_thread(subprocess.run, command, check=True, timeout=120)


async def main(days: int, people: int, staff: int, folder: Path) -> None:
    kept = tuple(Kept(field=field, days=TERM, article="pipl.19") for field in ("document", "name"))
    began, cpu = time.perf_counter(), time.process_time()
    async with world(folder, scene(retention=kept), face_scene()) as house:
        file = ErasureFile(folder / "erasures.ledger")
        desk = RightsDesk(
            premises=house.premises, docket=open_docket(house.premises.store), erasures=file
        )
        year = WithBackup(Desk(house, desk), people_a_day=people, days=days, staff=staff)
        year.folder = folder
        year.at_the_end = lambda: drilled(file, year.there, folder)
        tally = await year.run()
        counts = await house.premises.store.counts()
        house.nothing_leaked()
        wall, used = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"{days} days, then {year.rest} more without new requests: {wall:.0f} s, {used:.0f} s of processor"
        )
        for name, count in sorted(tally.items()):
            print(f"  {name:24} {count:7,}")
        late = len(year.late_wanted)
        print(
            f"  left late on purpose     {late:7,}  shown late by the board: {len(year.seen_late):,}"
        )
        print(f"  leaves in the log        {counts['leaves']:7,}  records: {counts['records']:,}")
        print("  clock            shown  in time  late on purpose, shown from that midnight on")
        for name, clocks, met, late in year.clocks.table():
            print(f"  {name:14} {clocks:7,} {met:8,} {late:8,}")


async def drilled(file: ErasureFile, desk: RightsDesk, folder: Path) -> None:
    """Restore the backup from the middle of the year, as it is at the year's end."""
    store = open_store(f"sqlite:///{folder / 'backup.sqlite3'}")
    await store.open()
    copy = MemoryErasures()
    for line in file.lines():
        copy.append(line)
    restored = replace(desk.premises, store=store)
    done = await drill(RightsDesk(premises=restored, docket=open_docket(store), erasures=copy))
    await store.close()
    print(
        f"restore drill: {done.persons:,} persons in the backup, {done.before:,} of them gone or"
        f" beyond their day by now; after the replay {done.after} are back"
    )
    if done.after:
        raise SystemExit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--staff", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liangming-year-") as place:
        asyncio.run(main(given.days, given.people, given.staff, Path(place)))
