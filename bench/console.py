"""The officer's console at 10,000 outlets: counting, judging, and the pages, end to end in one process.

    python bench/console.py [OUTLETS]

What a service makes ready by itself is made first; the last line says what the first look costs where it
was not. Each page is asked twice: first when nothing of its own is remembered, then as it is while it is
remembered. The baseline counts the same leaves again from the first for each look, as a page without tables would.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.staff.console.house import NOON, OPERATOR, figures, plan, scenes_of, staff

from liangming.assembly import Settings, evidence, premises
from liangming.check.premises import Premises
from liangming.clock import SetClock, micros
from liangming.governance.choices import Fold
from liangming.governance.scene_history import note_scenes
from liangming.rights import RightsDesk
from liangming.storage import open_docket
from liangming.web.application import build
from liangming.web.staff.migrate import migrate
from liangming.web.staff.settings import StaffSettings

COUNTED = 60  # outlets with leaves of their own; the others get cells alone
PAGES = ("", "scenes/", "parity/", "parity/?sort=face&per=50", "notices/", "consents/", "devices/")


def fill(outlets: int, month: int) -> None:
    """Cells of every outlet, four ways in two months."""
    from liangming.web.staff.console.models import Choices

    ways = (("face", 40), ("document.read", 60), ("network-credential", 50), ("order-code", 9))
    rows = [
        Choices(
            operator=OPERATOR, month=each, scene=f"locker-{n:05}", outlet=f"o-{n}",
            kind="parcel.send.locker", way=way, ended=count, passed=count - n % 3, timed=count,
            log_sum=count * 2.2, log_squares=count * (2.2 * 2.2 + 0.1),
        )
        for n in range(COUNTED, outlets)
        for each in (month - 1, month)
        for way, count in ways
    ]  # fmt: skip
    Choices.objects.bulk_create(rows, batch_size=500)


def ms(begin: tuple[float, float]) -> str:
    return (
        f"{1e3 * (time.perf_counter() - begin[0]):8.0f} ms wall"
        f" {1e3 * (time.process_time() - begin[1]):8.0f} ms CPU"
    )


def now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


async def again(house: Premises) -> int:
    """The baseline: fold every leaf from the first."""
    fold, after = Fold(), -1
    while some := await house.store.leaves_after(after, 2000):
        for _, row in some:
            fold.take(row)
        after = some[-1][0]
    return after + 1


async def main(folder: Path, outlets: int) -> None:
    settings = Settings(
        data=folder,
        database=f"sqlite:///{folder / 'house.sqlite3'}",
        keys=folder / "keys.json",
        scenes=(Path("examples/scenes"),),
        production=False,
    )
    clock = SetClock(NOON)
    tables = StaffSettings(database=f"sqlite:///{folder / 'staff.sqlite3'}", idle=3600)
    async with premises(settings, clock=clock, allow_test_region=True) as opened:
        with evidence(settings, opened):
            house = replace(opened, scenes=scenes_of(opened, outlets))
            desk = RightsDesk(premises=house, docket=open_docket(house.store))
            begin = now()
            noted = await note_scenes(desk)
            print(f"note {noted} scenes at a first start    {ms(begin)}")
            begin = now()
            await note_scenes(desk)
            print(f"note them at a later start             {ms(begin)}")
            at = micros(NOON - timedelta(days=1))
            leaves = 0
            for n in range(COUNTED):
                rows = list(figures(house.scenes[f"locker-{n:05}"], plan(n + 9), at))
                leaves += len(rows)
                for first in range(0, len(rows), 500):
                    await desk.docket.commit([], rows[first : first + 500])
            app = build(house, desk=desk, staff=tables, hosts=("localhost",))
            sessions = await asyncio.to_thread(staff, tables, [])
            await asyncio.to_thread(fill, outlets, 202611)
            begin = now()
            seen = await again(house)
            print(f"baseline: count {seen} leaves again    {ms(begin)}")
            from liangming.web.staff.console.ahead import ready

            begin = now()
            await asyncio.to_thread(ready, app.house)
            print(f"made ready beside the pages             {ms(begin)}")
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://localhost",
                cookies={"staff": sessions["officer"]},
                timeout=60,
            ) as http:
                for page in PAGES:
                    for said in ("first", "again"):
                        begin = now()
                        answer = await http.get(f"/staff/console/{page}")
                        assert answer.status_code == 200, answer.status_code
                        print(
                            f"{page or 'home':28} {said}     {ms(begin)}  {len(answer.content):7} B"
                        )
                app.house.shelf.clear()
                begin = now()
                assert (await http.get("/staff/console/")).status_code == 200
                print(f"home, where nothing was made ready      {ms(begin)}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        migrate(f"sqlite:///{Path(where) / 'staff.sqlite3'}")
        asyncio.run(main(Path(where), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
