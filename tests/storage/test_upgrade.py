"""A database of the form before visits: what it holds is found as before, whatever interrupts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import asyncpg
import pytest
from tests.postgres_cluster import Cluster
from tests.storage.rows import AT, HOUR, NOW, check_row, opening, person_row

from liangming.errors import Misuse, Outage
from liangming.storage import migrate, migrating, open_docket, open_store, records, schema
from liangming.storage.addresses import sqlite_path
from liangming.web.staff import migrate as staff

ROOT = Path(__file__).parents[2]
OLD = "0006_patterns"
BEFORE = """
import json, sys
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from liangming.storage import addresses

plan = json.load(sys.stdin)
settings.configure(
    INSTALLED_APPS=["liangming.storage.apps.StorageConfig"],
    DATABASES=addresses.databases(plan["url"]),
    USE_TZ=True,
)
django.setup()
call_command("migrate", "storage", plan["to"], verbosity=0)
with connections["default"].cursor() as cursor:
    for table, columns, rows in plan["tables"]:
        marks = ", ".join(["%s"] * len(columns))
        names = ", ".join(columns)
        for row in rows:
            values = [bytes.fromhex(v[1:]) if str(v)[:1] == "#" else v for v in row]
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
connections.close_all()
"""
PEOPLE = [person_row(f"old{n}", keep_until=AT + (n - 1) * HOUR) for n in range(3)]
OF = (0, 1, 1, None, 0, 1, None)  # whose each check is; of the last person there is none
CHECKS = [
    check_row(person=None if who is None else PEOPLE[who].person, state="passed") for who in OF
]


def in_hex(row: object, *more: object) -> list[object]:
    values = [getattr(row, name) for name in row.__struct_fields__]
    return [f"#{v.hex()}" if isinstance(v, bytes) else v for v in (*values, *more)]


def build(url: str, checks: list = CHECKS) -> None:
    """A database as the program before made it."""
    names = PEOPLE[0].__struct_fields__
    tables = [
        ("persons", names, [in_hex(row) for row in PEOPLE]),
        ("checks", (*records.CHECK_COLUMNS, "due_at"), [in_hex(row, None) for row in checks]),
    ]
    plan = json.dumps({"url": url, "to": OLD, "tables": tables}).encode()
    subprocess.run([sys.executable, "-c", BEFORE], input=plan, check=True)


async def names_of(url: str, sqlite: str, postgres: str) -> set[str]:
    if url.startswith("sqlite"):
        connection = apsw.Connection(str(sqlite_path(url)))
        found = {row[0] for row in connection.execute(sqlite)}
        connection.close()
        return found
    other = await asyncpg.connect(url)
    found = {row[0] for row in await other.fetch(postgres)}
    await other.close()
    return found


async def ran(url: str) -> set[str]:
    return await names_of(url, schema.RAN, schema.RAN)


async def indexes(url: str) -> set[str]:
    return await names_of(
        url,
        "SELECT name FROM sqlite_master WHERE type = 'index'",
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path):
    """The address of a database in which nothing ran."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.sqlite3"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.database()
    yield url
    cluster.drop(url)


async def run(url: str, sql: str) -> None:
    if url.startswith("sqlite"):
        connection = apsw.Connection(str(sqlite_path(url)))
        connection.execute(sql)
        connection.close()
    else:
        other = await asyncpg.connect(url)
        await other.execute(sql)
        await other.close()


async def holds_everybody(store) -> None:
    """Whether everybody is there, with their own checks, newest first."""
    found = await store.persons([row.person for row in PEOPLE])
    assert found == {row.person: row for row in PEOPLE}
    for who, person in enumerate(PEOPLE):
        theirs = [row for row, whose in zip(CHECKS, OF, strict=True) if whose == who]
        assert await store.checks_of(person.person, 9) == theirs[::-1]


async def test_checks_of_before_are_found_by_their_person_though_the_upgrade_failed_first(empty):
    """What makes it fail is a check whose id is none; a cut connection or a full disk ends the same."""
    build(empty, [*CHECKS, check_row("chk_none", person=PEOPLE[0].person)])
    before = await ran(empty), await indexes(empty)
    with pytest.raises(Outage) as caught:
        migrate(empty)
    assert caught.value.code.name == "storage.migration-failed"
    assert (await ran(empty), await indexes(empty)) == before
    await run(empty, "DELETE FROM checks WHERE id = 'chk_none'")

    migrate(empty)
    assert await ran(empty) == schema.newest()
    assert {"checks_person", "persons_keep_until"}.isdisjoint(await indexes(empty))
    if empty.startswith("postgres"):
        room = "SELECT unnest(reloptions) FROM pg_class WHERE relname = 'persons'"
        assert await names_of(empty, "", room) == {"fillfactor=85"}
    store = open_store(empty)
    await store.open()
    await holds_everybody(store)
    newest = {PEOPLE[0].person: CHECKS[4].id, PEOPLE[1].person: CHECKS[5].id}
    assert dict(await open_docket(store).persons_of("op", AT + 1)) == newest
    assert await store.due_for_erasure(NOW, 9) == PEOPLE[:2]

    new = opening(
        check=check_row(person=PEOPLE[1].person),
        seen=PEOPLE[1].person,
        seen_keep_until=AT + HOUR,
        holder_key=PEOPLE[1].wrapped_key,
    )
    await store.commit(new)
    mine = [new.check, CHECKS[5], CHECKS[2], CHECKS[1]]
    assert await store.checks_of(PEOPLE[1].person, 9) == mine
    assert await store.due_for_erasure(NOW, 9) == PEOPLE[:1]
    assert await store.erase(PEOPLE[1].person, []) is True
    rows = await store.checks_after("", 99)
    assert {row.person for row in rows} == {None, PEOPLE[0].person}
    assert {row.id for row in rows if row.leaf_key == b""} == {row.id for row in mine}
    await store.close()


def test_a_long_upgrade_says_how_far_it_is(monkeypatch, caplog, tmp_path):
    told = "import sys; sys.stdin.read(); print('200000 1000000'); print('what else it prints')"
    monkeypatch.setattr(migrating, "_command", lambda _: [sys.executable, "-c", told])
    with caplog.at_level("WARNING"):
        migrate(f"sqlite:///{tmp_path}/new.sqlite3")
    (record,) = caplog.records
    assert record.getMessage().endswith("200,000 / 1,000,000")


@pytest.mark.parametrize("whose", [migrate, staff.migrate])
def test_a_database_that_is_not_there_is_told_to_be_so(whose):
    with pytest.raises(Outage) as caught:
        whose("postgresql://nobody:word@127.0.0.1:1/none")
    assert caught.value.code.name == "storage.unreachable"


def test_an_address_that_is_none_is_told_to_be_so():
    with pytest.raises(Misuse) as caught:
        migrate("postgresql:/nowhere")
    assert caught.value.code.name == "storage.url-unknown"


@pytest.mark.parametrize("lost", ["0006_patterns", "0007_visits"])
async def test_a_form_that_is_new_and_counts_as_old_is_noted_as_what_it_is(empty, lost):
    """As programs left it that were killed between a form and its note."""
    build(empty)
    if lost != OLD:
        migrate(empty)
    await run(empty, f"DELETE FROM django_migrations WHERE name >= '{lost}'")  # noqa: S608
    migrate(empty)
    assert await ran(empty) == schema.newest()
    store = open_store(empty)
    await store.open()
    await holds_everybody(store)
    await store.close()


async def test_a_form_that_is_neither_old_nor_new_stays_as_it_is(empty):
    build(empty)
    await run(empty, "DELETE FROM django_migrations WHERE name = '0006_patterns'")
    await run(empty, "ALTER TABLE patterns RENAME COLUMN tags TO others")
    before = await ran(empty), await indexes(empty)
    with pytest.raises(Outage) as caught:
        migrate(empty)
    assert caught.value.code.name == "storage.migration-failed"
    assert (await ran(empty), await indexes(empty)) == before


def killed(url: str, where: str) -> list[dict]:
    """What is left each time, as :mod:`tests.storage.migration_killed` says."""
    command = [sys.executable, "-m", "tests.storage.migration_killed", url, where]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_an_upgrade_killed_at_any_write_leaves_the_form_before_and_then_comes_to_its_end(
    empty,
):
    build(empty)
    *left, end = killed(empty, "writes")
    assert len(left) > 8
    assert {each["ended"] for each in left} == {-signal.SIGKILL}
    forms = {frozenset(each["ran"]): each["digest"] for each in left}
    last = max(schema.newest())
    assert set(forms) == {schema.newest() - {last, "0007_visits"}, schema.newest() - {last}}
    assert all(each["digest"] == forms[frozenset(each["ran"])] for each in left)
    assert end["ended"] == 0
    assert set(end["ran"]) == schema.newest()
    assert {"checks_person", "persons_keep_until"}.isdisjoint(await indexes(empty))
    store = open_store(empty)
    await store.open()
    await holds_everybody(store)
    assert len(await store.checks_after("", 99)) == len(CHECKS)
    await store.close()


def test_an_upgrade_killed_after_any_commit_goes_on_from_there(empty):
    """A form that is new and counts as old would let no later upgrade succeed."""
    *left, end = killed(empty, "commits")
    steps = [len(each["ran"]) for each in left]
    assert steps == list(range(len(schema.newest()) + 1))  # the first made the table of the notes
    assert {each["ended"] for each in left} == {-signal.SIGKILL}
    assert end["ended"] == 0
    assert set(end["ran"]) == schema.newest()
