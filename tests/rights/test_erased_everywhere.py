"""What was derived from a person before an erasure names them nowhere after it: files, rows, memory."""

from __future__ import annotations

import gc
from pathlib import Path
from types import FrameType, FunctionType, ModuleType

from tests.rights.people import Desk
from tests.world import numbers

from liangming.audit.event_files import write_day
from liangming.audit.export import events, export_key
from liangming.check.receipt import code_of
from liangming.clock import china_date
from liangming.rights.words import Right

_CODE = (ModuleType, FunctionType, FrameType, type)


def held_in_memory(root: object) -> list[bytes]:
    """Every text and every byte string that can be reached from an object."""
    found, seen, open_ = [], {id(root)}, [root]
    while open_:
        each = open_.pop()
        if isinstance(each, str):
            found.append(each.encode("utf-8", "replace"))
        elif isinstance(each, (bytes, bytearray)):
            found.append(bytes(each))
        for inner in gc.get_referents(each):
            if id(inner) not in seen and not isinstance(inner, _CODE):
                seen.add(id(inner))
                open_.append(inner)
    return found


async def test_exports_files_rows_and_memory_name_nobody_after_an_erasure(
    desk: Desk, tmp_path: Path
):
    premises = desk.house.premises
    first, second = numbers(2)
    check, index = await desk.passed(first)
    await desk.passed(second)
    await desk.ask(check, Right.SEE, first)
    await desk.ask(check, Right.COPY, first)
    today = china_date(desk.house.clock.now())
    out = tmp_path / "events"
    out.mkdir()

    async def exported() -> list[dict[str, object]]:
        key = export_key(premises.keys.token)
        days = await events(premises.store, today, today, key=key, floor=1, province={}.get)
        for day in days:
            write_day(out, day.on, day.rows)
        return [row for day in days for row in day.rows]

    before = await exported()
    done = await desk.ask(check, Right.ERASE, first)
    certificate = str(getattr(done.state, "certificate", ""))
    del done
    after = await exported()
    assert before == after  # the event was never about a person: it stays as it was
    assert len(before) == 2

    gone = [first.encode(), "演示甲".encode(), index, index.hex().encode()]
    texts = held_in_memory(premises) + held_in_memory(desk.desk)
    assert len(texts) > 1000
    assert [text for text in texts if first.encode() in text] == []
    for file in out.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert not any(each in data for each in gone), file.name
        assert check.encode() not in data
        assert code_of(premises.keys.token, check).encode() not in data
    assert await premises.store.persons([index]) == {}
    row = await premises.store.check(check)
    assert row is not None
    assert row.person is None
    assert not any(each in certificate.encode() for each in gone)
    desk.house.planted.update({first, second})
    desk.house.nothing_leaked()
