"""SQLite's writer writes unlooked what finds the file as it expects: whatever comes, as if it had looked."""

from __future__ import annotations

import random  # noqa: TID251  (seeded)
import shutil
from itertools import chain

import apsw
import msgspec
import pytest
from tests.storage.rows import check_row, note, opening, person_row, redemption

from liangming.storage import statements, visits
from liangming.storage.job import Job
from liangming.storage.writer import WARY, Pen

TABLES = (
    "checks", "persons", "visits", "leaves", "log_head", "patterns", "redemptions", "remembered",
)  # fmt: skip
_replace = msgspec.structs.replace


@pytest.fixture
def pen_of(migrated, tmp_path):
    """Makes pens, each with a file of its own; the disk is not waited for, it decides nothing here."""
    pens = []

    def make(*, lone: bool) -> Pen:
        path = tmp_path / f"{len(pens)}.sqlite3"
        shutil.copyfile(migrated, path)
        pens.append(Pen(path, waits=False, lone=lone))
        return pens[-1]

    yield make
    for pen in pens:
        pen.lay_down()


def rows_of(path) -> dict[str, list[tuple]]:
    connection = apsw.Connection(str(path))
    try:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)  # noqa: S608
            for table in TABLES
        }
    finally:
        connection.close()


def told(jobs: list[Job]) -> list[str]:
    said = chain.from_iterable(job.outcome for job in jobs)
    return ["" if no is None else no.code.name for no in said]


def one(pen: Pen, *changes) -> list[str]:
    jobs = [Job(None, changes)]
    pen.write(jobs)
    return told(jobs)


def some(seed: random.Random, number: int):
    """A change that often meets what another left: few checks, persons, keys and codes."""
    id_ = f"chk_{seed.randrange(12):026d}"
    version = seed.choice((1, 1, 1, 2, 3))
    other = {}
    person = None
    if seed.random() < 0.7:
        key = f"wrapped{seed.choice('aaab')}".encode()
        row = _replace(person_row(f"p{seed.randrange(5)}"), wrapped_key=key)
        person = row.person
        if seed.random() < 0.4:
            other |= {"person": row, "holder_key": seed.choice((key, key, b"another"))}
        else:
            other |= {"seen": person, "seen_keep_until": number, "holder_key": key}
    if seed.random() < 0.3:
        other["remember"] = note(f"k{seed.randrange(6)}", at=seed.choice((1, 9 * 10**10)))
    if seed.random() < 0.2:
        other["redeem"] = (redemption(f"c{seed.randrange(8)}"),)
    check = check_row(id_, version=version, person=person, opened_at=number, changed_at=number)
    return opening(check=check, leaves=version == 1, **other)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_and_what_stands_is_the_same_with_and_without_a_look(pen_of, seed):
    pens = {"looks": pen_of(lone=False), "not": pen_of(lone=False), "lone": pen_of(lone=True)}
    chance = random.Random(seed)  # noqa: S311  (no secret)
    ways = []
    for turn in range(40):
        changes = [some(chance, 100 * turn + n) for n in range(chance.randint(1, 4))]
        said = {}
        for name, pen in pens.items():
            pen._wary = 1 if name == "looks" else 0
            said[name] = one(pen, *changes)
            ways.append((name, pen._wary))
        assert said["looks"] == said["not"] == said["lone"]
    rows = [rows_of(pen.path) for pen in pens.values()]
    assert rows[0] == rows[1] == rows[2]
    for name in ("not", "lone"):
        assert {(name, 0), (name, WARY)} <= set(ways)  # both ways were gone


@pytest.mark.parametrize("lone", [False, True])
def test_after_one_that_was_overtaken_so_many_look_first(pen_of, monkeypatch, lone):
    pen = pen_of(lone=lone)
    looks = []
    know = statements.know
    monkeypatch.setattr(statements, "know", lambda *given: looks.append(1) or know(*given))
    person = person_row("p")
    met = {"person": person, "holder_key": person.wrapped_key}
    assert one(pen, opening(check=check_row(person=person.person), **met)) == [""]
    assert not looks
    again = opening(check=check_row(person=person.person), **met)
    assert one(pen, again, opening()) == ["", ""]  # registered by another meanwhile, under that key
    assert len(looks) == 1
    for _ in range(WARY + 2):
        assert one(pen, opening()) == [""]
    assert len(looks) == 1 + WARY


@pytest.mark.parametrize("lone", [False, True])
def test_a_list_that_grew_long_unlooked_is_copied(pen_of, lone):
    pen = pen_of(lone=lone)
    person = person_row("p")
    met = {"seen": person.person, "holder_key": person.wrapped_key}
    first = opening(
        check=check_row(person=person.person), person=person, holder_key=person.wrapped_key
    )
    assert one(pen, first) == [""]
    most = visits.ROOM // visits.NUMBER
    for _ in range(2 * most + 3):
        assert one(pen, opening(check=check_row(person=person.person), **met)) == [""]
    rows = rows_of(pen.path)
    lists = [rows["persons"][0][-1], *(row[-1] for row in rows["visits"])]
    assert len(visits.newest_first(lists)) == 2 * most + 4
    assert len(rows["visits"]) == 2
    assert pen._wary == 0
