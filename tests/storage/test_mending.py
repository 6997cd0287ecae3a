"""The disk refused a part of the log: what is told afterwards is there when the power goes, and nothing by halves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest
from tests.storage.power import Power, power
from tests.storage.rows import check_row, note, opening

from liangming.check.ports import STORE_DOWN, Change, PickupCode
from liangming.storage import deeds
from liangming.storage.ahead import Disk, Shore, Told
from liangming.storage.beside import BesideStore
from liangming.storage.file import Doubt
from liangming.storage.job import Job
from liangming.storage.writer import Pen

LEAVES = 3
CODE = PickupCode(digest=b"d" * 32, scene="scn_1", parcel="a parcel", expires_at=1)


def change(n: int) -> Change:
    return opening(check=check_row(f"chk_{n:03}"), leaves=LEAVES, remember=note(f"key{n}"))


@dataclass
class Writing:
    """A pen that is ahead of the disk, as the writer's process has it."""

    power: Power
    folder: Path
    pen: Pen
    disk: Disk
    said: list[bytes] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def group(self, *numbers: int) -> bytes:
        """What those are told."""
        jobs = [Job(None, [change(n)]) for n in numbers]
        self.pen.write(jobs)
        assert [job.outcome for job in jobs] == [[None]] * len(jobs)
        self.disk.put(Told(b".", lambda _: b"!"))
        self.disk.still()
        if self.said[-1] == b".":
            self.told |= {job.changes[0].check.id for job in jobs}
        return self.said[-1]

    def prove(self) -> None:
        """That the power may go now."""
        sound, checks, _ = self.power.after(self.folder)
        assert sound == "ok"
        assert self.told <= {*checks}
        assert checks == dict.fromkeys(checks, LEAVES)


@pytest.fixture
def writing(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    """Some groups that were told, and one that the disk refused."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    said: list[bytes] = []
    with power(path, monkeypatch) as under:
        pen = Pen(path, waits=False)
        disk = Disk(path, said.append)
        made = Writing(under, tmp_path, pen, disk, said)
        try:
            for n in range(0, 16, 4):
                assert made.group(*range(n, n + 4)) == b"."
            with closing(apsw.Connection(str(path))) as copies:
                deeds.truncate_log(copies)
            assert made.group(90) == b"."  # the log has some of the pages that come next, not all
            under.refuses = True
            assert made.group(*range(100, 130)) == b"!"
            yield made
        finally:
            disk.end()
            pen.lay_down()


def test_while_the_log_is_copied_the_file_is_never_ahead_of_what_the_disk_has_of_it(
    writing: Writing,
) -> None:
    writing.prove()
    writing.power.copied = writing.prove
    assert writing.pen.mend()
    writing.prove()


def test_what_is_told_after_the_mending_is_there_also_behind_a_log_that_a_reader_holds(
    writing: Writing,
) -> None:
    with closing(apsw.Connection(str(writing.power.path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM checks").fetchall()
        assert writing.pen.mend()
        writing.disk.mended()
        for n in range(200, 202):
            assert writing.group(n) == b"."
            writing.prove()


def test_a_pen_that_waits_itself_and_comes_later_mends_the_log_first(writing: Writing) -> None:
    later = Pen(writing.power.path)
    job = Job(None, deed=deeds.issue(CODE))
    later.write([job])
    assert job.outcome is None
    _, _, codes = writing.power.after(writing.folder)
    later.lay_down()
    assert codes == [("a parcel",)]
    assert not Doubt(writing.power.path).stands()


def test_where_it_cannot_it_writes_nothing(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Pen(writing.power.path)
    writing.power.refuses = True
    job = Job(None, deed=deeds.issue(CODE))
    later.write([job])
    later.lay_down()
    assert job.outcome.code == STORE_DOWN
    with closing(apsw.Connection(str(writing.power.path))) as reader:
        assert reader.execute("SELECT * FROM pickup_codes").fetchall() == []
    assert Doubt(writing.power.path).stands()


async def test_a_deed_of_another_process_mends_the_log_first(writing: Writing) -> None:
    beside = BesideStore(writing.power.path)
    await beside.do(deeds.issue(CODE))
    _, _, codes = writing.power.after(writing.folder)
    await beside.close()
    assert codes == [("a parcel",)]


async def test_a_deed_of_another_process_is_mended_where_the_writer_was_told_meanwhile(
    writing: Writing,
) -> None:
    """The writer's mark comes between its look and its commit."""
    path = writing.power.path
    Doubt(path).take_away()
    issue = deeds.issue(CODE)

    def deed(cursor: apsw.Cursor) -> None:
        issue(cursor)
        Doubt(path).make()

    beside = BesideStore(path)
    await beside.do(deed)
    _, _, codes = writing.power.after(writing.folder)
    await beside.close()
    assert codes == [("a parcel",)]


def test_who_reads_from_the_shore_believes_what_the_disk_has(writing: Writing) -> None:
    shore = Shore(writing.power.path)
    shore.reach()
    shore.close()
    sound, checks, _ = writing.power.after(writing.folder)
    assert sound == "ok"
    assert {f"chk_{n:03}" for n in range(100, 130)} <= {*checks}
