"""What the disk, the rights and other processes can do to a store, and how it comes back."""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import apsw
import pytest
from tests.storage.rows import check_row, note, opening, person_row

from liangming.check.ports import MOVED_ON, STORE_DOWN, STORE_FULL
from liangming.errors import Misuse, Outage
from liangming.storage import databases, migrate, open_store, schema
from liangming.storage.codes import (
    ANOTHER_WRITER,
    NOT_MIGRATED,
    OPEN_ELSEWHERE,
    UNREACHABLE,
    URL_UNKNOWN,
)
from liangming.storage.file import WriterLock
from liangming.storage.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def refused(call, *arguments) -> str:
    with pytest.raises((Misuse, Outage)) as caught:
        call(*arguments)
    return caught.value.code.name


async def refused_to_open(url: str) -> str:
    with pytest.raises((Misuse, Outage)) as caught:
        await open_store(url).open()
    return caught.value.code.name


def test_migrating_twice_changes_nothing(url):
    migrate(url)
    migrate(url)


def test_only_a_file_that_lacks_a_migration_starts_the_process_of_the_migrations(
    sqlite_url, monkeypatch
):
    started = []
    monkeypatch.setattr(schema, "_run", started.append)
    migrate(sqlite_url)
    assert started == []
    connection = apsw.Connection(str(path_of(sqlite_url)))
    newest = max(schema.newest())
    connection.execute("DELETE FROM django_migrations WHERE name = ?", (newest,))
    connection.close()
    migrate(sqlite_url)
    assert started == [sqlite_url]


def test_a_new_file_is_private_to_its_owner(tmp_path):
    migrate(f"sqlite:///{tmp_path}/new.sqlite3")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"new.sqlite3": 0o600, "new.sqlite3.writer": 0o600}


async def test_the_log_beside_the_file_is_private_too(sqlite_url):
    path = path_of(sqlite_url)
    path.chmod(0o600)
    store = open_store(sqlite_url)
    await store.open()
    await store.commit(opening())
    modes = {stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    assert modes == {0o600}
    await store.close()


def test_migrations_leave_no_connection_of_django_and_no_settings(tmp_path):
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    code = f"""
import asyncio, os, sys
from liangming.storage import migrate, open_store
url = {url!r}
migrate(url)
def held():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink("/proc/self/fd/" + name))
        except OSError:
            pass
    return [name for name in found if name.endswith("new.sqlite3")]
assert held() == []
assert "django.db" not in sys.modules
async def go():
    store = open_store(url)
    await store.open()
    assert len(held()) == 1, held()
    await store.close()
    assert held() == []
asyncio.run(go())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr.decode() == ""
    assert done.returncode == 0


async def test_a_file_that_another_library_has_open_is_refused(sqlite_url):
    other = sqlite3.connect(path_of(sqlite_url))
    try:
        assert await refused_to_open(sqlite_url) == OPEN_ELSEWHERE.name
    finally:
        other.close()
    store = open_store(sqlite_url)
    await store.open()
    await store.close()


async def test_a_second_writer_is_refused_in_this_and_in_another_process(sqlite_url):
    store = open_store(sqlite_url)
    await store.open()
    assert await refused_to_open(sqlite_url) == ANOTHER_WRITER.name
    assert refused(migrate, sqlite_url) == ANOTHER_WRITER.name
    code = (
        "import asyncio,sys\nfrom liangming.storage import open_store\n"
        "from liangming.errors import Misuse\n"
        "try: asyncio.run(open_store(sys.argv[1]).open())\n"
        "except Misuse as no: print(no.code.name)\n"
    )
    command = [sys.executable, "-c", code, sqlite_url]
    said = await asyncio.to_thread(subprocess.check_output, command, text=True)
    assert said.strip() == ANOTHER_WRITER.name
    await store.commit(opening())
    await store.close()
    again = open_store(sqlite_url)
    await again.open()
    await again.close()


def test_who_has_the_file_for_a_moment_is_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "one.sqlite3"
    brief = WriterLock(path, briefly=True)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        brief.release()  # its moment is over

    monkeypatch.setattr("liangming.storage.file.time.sleep", sleep)
    brief.take()
    stays = WriterLock(path)
    stays.take()
    assert len(waits) == 1
    with pytest.raises(Misuse) as caught:
        brief.take()  # a lasting one is not waited for
    assert (caught.value.code, len(waits)) == (ANOTHER_WRITER, 1)
    stays.release()
    brief.take()
    brief.release()
    stays.take()  # what a moment left behind holds up nobody
    stays.release()
    assert len(waits) == 1


async def test_a_database_without_its_migrations_is_refused(tmp_path, sqlite_url):
    empty = tmp_path / "empty.sqlite3"
    empty.touch(0o600)
    assert await refused_to_open(f"sqlite:///{empty}") == NOT_MIGRATED.name
    connection = apsw.Connection(str(path_of(sqlite_url)))
    connection.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('storage','9','')"
    )
    connection.close()
    assert await refused_to_open(sqlite_url) == NOT_MIGRATED.name


@pytest.mark.postgres
async def test_a_postgres_without_its_migrations_is_refused(postgres_cluster):
    url = await asyncio.to_thread(postgres_cluster.database)
    try:
        assert await refused_to_open(url) == NOT_MIGRATED.name
    finally:
        await asyncio.to_thread(postgres_cluster.drop, url)


async def test_a_store_that_is_not_there_is_an_outage(tmp_path):
    assert await refused_to_open(f"sqlite:///{tmp_path}/none/x.sqlite3") == STORE_DOWN.name
    assert await refused_to_open("postgresql://nobody@127.0.0.1:1/none") == STORE_DOWN.name
    assert refused(migrate, f"sqlite:///{tmp_path}/none/x.sqlite3") == STORE_DOWN.name
    assert refused(migrate, "postgresql://nobody@127.0.0.1:1/none") == UNREACHABLE.name


@pytest.mark.parametrize(
    "url", ["", "mysql://h/db", "sqlite://host/x", "sqlite:///", "sqlite:///:memory:"]
)
def test_an_unknown_address_is_refused_without_repeating_it(url):
    with pytest.raises(Misuse) as caught:
        open_store(url)
    assert caught.value.code == URL_UNKNOWN
    assert str(caught.value) == f"{URL_UNKNOWN.name}: {URL_UNKNOWN.zh} / {URL_UNKNOWN.en}"


def test_djangos_settings_come_from_the_same_address():
    settings = databases("postgresql://u:p%40ss@db.example:6432/lm?sslmode=require")["default"]
    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "lm",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }
    assert databases("sqlite:////var/lib/lm.sqlite3")["default"]["NAME"] == "/var/lib/lm.sqlite3"


FILL = """
import asyncio, resource, signal, sys
import msgspec
from liangming.errors import Outage
from liangming.storage import open_store
from tests.storage.rows import opening, check_row, leaf_row

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def big(n):
    check = check_row(f"chk_{n}")
    return opening(check=check, leaves=(leaf_row(check.id, facts=b"x" * 20_000),))

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_store(sys.argv[1])
    await store.open()
    limit(1_500_000)
    kept, codes = [], set()
    for n in range(200):
        try:
            await store.commit(big(n))
            kept.append(f"chk_{n}")
        except Outage as no:
            codes.add(no.code.name)
    assert codes == {"storage.full"}, codes
    assert 0 < len(kept) < 200, len(kept)
    limit(0)
    try:
        await store.ready()
        print("ready")
    except Outage as no:
        print(no.code.name)
    limit(resource.RLIM_INFINITY)
    await store.commit(big(1000))
    kept.append("chk_1000")
    await store.ready()
    for id_ in kept:
        assert await store.check(id_) is not None, id_
    places = await store.tail(-1, 10_000)
    assert [seq for seq, _ in places] == list(range(len(places)))
    assert len(places) == len(kept) == (await store.counts())["checks"]
    await store.close()

asyncio.run(main())
"""


def test_a_full_disk_is_said_nothing_is_lost_and_space_mends_it(sqlite_url):
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", FILL, sqlite_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == STORE_FULL.name


READ_ONLY = """
import asyncio, os, sys
from liangming.errors import Outage
from liangming.storage import open_store
from liangming.storage.file import WriterLock
from liangming.storage.sqlite import SqliteStore  # before the rights to read it are gone
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    asyncio.run(open_store(sys.argv[1]).open())
except Outage as no:
    print(no.code.name)
"""


def test_a_folder_that_cannot_be_written_is_an_outage(sqlite_url):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        shutil.copy(path_of(sqlite_url), path)
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, f"sqlite:///{path}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        Path(folder).chmod(0o755)
    assert done.stdout.strip() == STORE_DOWN.name, done.stderr


async def test_erased_bytes_leave_the_file_and_its_log(sqlite_url):
    store = open_store(sqlite_url)
    await store.open()
    person, other = person_row("planted"), person_row("stays")
    mine = [opening(check=check_row(person=person.person), person=person) for _ in range(30)]
    await store.commit_many(mine)
    await store.commit_many([opening(check=check_row(person=other.person), person=other)])
    path = path_of(sqlite_url)
    planted = [person.person, person.wrapped_key, person.sealed, mine[0].check.leaf_key]
    assert all(_in_files(path, value) for value in planted)
    assert await store.erase(person.person, []) is True
    assert [_in_files(path, value) for value in planted] == [False] * 4
    assert _in_files(path, other.sealed)
    await store.close()
    assert [_in_files(path, value) for value in planted] == [False] * 4


def _in_files(path: Path, value: bytes) -> bool:
    return any(value in file.read_bytes() for file in path.parent.glob(path.name + "*"))


async def test_a_failure_before_the_commit_writes_nothing_and_one_after_it_is_found(
    sqlite_url, monkeypatch
):
    """Faults in pairs: not written and said so; written and yet not acknowledged."""
    from liangming.storage import statements, writer

    store = open_store(sqlite_url)
    await store.open()
    write = statements.write_unlooked

    def fails(*given, **more):
        write(*given)
        raise apsw.IOError("the disk went away")

    lost = opening(remember=note("lost"))
    with monkeypatch.context() as patch:
        patch.setattr(statements, "write_unlooked", fails)
        with pytest.raises(Outage) as caught:
            await store.commit(lost)
        assert caught.value.code == STORE_DOWN
    assert await store.check(lost.check.id) is None

    unsaid = opening(remember=note("unsaid"))
    group = writer.Writer.write

    def forgets(self, jobs):
        group(self, jobs)
        for job in jobs:
            job.outcome = Outage(STORE_DOWN)

    with monkeypatch.context() as patch:
        patch.setattr(writer.Writer, "write", forgets)
        with pytest.raises(Outage):
            await store.commit(unsaid)
    with pytest.raises(Misuse) as again:
        await store.commit(opening(remember=note("unsaid")))
    assert again.value.code == MOVED_ON
    assert (await store.counts())["checks"] == 1
    await store.close()


async def test_the_store_mends_itself_when_the_file_can_be_opened_again(sqlite_url, monkeypatch):
    from liangming.storage import writer

    store = open_store(sqlite_url)
    await store.open()
    await store.commit(opening())

    def gone(*_, **__):
        raise apsw.CantOpenError

    with monkeypatch.context() as patch:
        patch.setattr(writer.statements, "write_unlooked", gone)
        patch.setattr(writer, "connect", gone)
        for _ in range(3):
            with pytest.raises(Outage):
                await store.commit(opening())
    await store.commit(opening())
    assert [seq for seq, _ in await store.tail(-1, 9)] == [0, 1]
    await store.close()


@pytest.mark.postgres
async def test_cut_connections_are_outages_and_the_next_change_lands(postgres_url):
    import asyncpg

    store = open_store(postgres_url)
    await store.open()
    await store.commit(opening())
    other = await asyncpg.connect(postgres_url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'liangming'"
    for _ in range(3):
        await other.execute(cut)
        results = await asyncio.gather(
            *(store.commit(opening()) for _ in range(5)), return_exceptions=True
        )
        assert {getattr(no, "code", None) for no in results} <= {None, STORE_DOWN}
        await store.commit(opening())
    await other.close()
    places = await store.tail(-1, 99)
    assert [seq for seq, _ in places] == list(range((await store.counts())["checks"]))
    await store.close()


@pytest.mark.postgres
async def test_reads_whose_connections_are_cut_are_outages_and_nothing_else(postgres_url):
    import asyncpg

    store = open_store(postgres_url)
    await store.open()
    strange, over, answered = [], asyncio.Event(), [0]

    async def read() -> None:
        while not over.is_set():
            try:
                await store.client("cli_none")
                answered[0] += 1
            except Outage:
                await asyncio.sleep(0.005)
            except Exception as failure:  # noqa: BLE001  (whatever it is, it is told)
                strange.append(repr(failure))

    readers = [asyncio.create_task(read()) for _ in range(40)]
    other = await asyncpg.connect(postgres_url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'liangming'"
    for _ in range(25):
        before = answered[0]
        await other.execute(cut)
        while answered[0] == before and not strange:  # noqa: ASYNC110  (a number grows)
            await asyncio.sleep(0.01)
    over.set()
    await asyncio.gather(*readers)
    await other.close()
    assert strange == []
    await store.close()


@pytest.mark.postgres
async def test_two_processes_race_and_exactly_one_wins_each_time(postgres_url):
    stores = [open_store(postgres_url) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    person = person_row("shared")
    await stores[0].commit(opening(person=person))

    async def post(n: int, store) -> str:
        change = opening(leaves=2, remember=note(f"k{n}"), seen=person, seen_keep_until=n)
        try:
            await store.commit(change)
        except Misuse as no:
            return no.code.name
        return "landed"

    results = await asyncio.gather(*(post(n, store) for n in range(200) for store in stores))
    assert results.count("landed") == 200
    assert results.count(MOVED_ON.name) == 600
    assert [seq for seq, _ in await stores[1].tail(-1, 9999)] == list(range(401))
    assert (await stores[1].counts())["checks"] == 201
    for store in stores:
        await store.close()


@pytest.mark.postgres
async def test_two_processes_register_one_person_and_every_check_stands_under_the_key_that_stays(
    postgres_url,
):
    stores = [open_store(postgres_url) for _ in range(3)]
    await asyncio.gather(*(store.open() for store in stores))
    for n in range(20):
        rows = [person_row(f"r{n}", wrapped_key=f"{n}-{m}".encode()) for m in range(3)]
        changes = [opening(person=row, check=check_row(person=row.person)) for row in rows]
        results = await asyncio.gather(
            *(store.commit(change) for store, change in zip(stores, changes, strict=True)),
            return_exceptions=True,
        )
        assert [getattr(no, "code", None) for no in results if no] == [MOVED_ON] * 2
        (stays,) = (await stores[0].persons([rows[0].person])).values()
        won = changes[results.index(None)]
        assert stays.wrapped_key == won.holder_key
        landed = [await stores[0].check(change.check.id) for change in changes]
        assert [row for row in landed if row is not None] == [won.check]
    for store in stores:
        await store.close()


@pytest.mark.postgres
async def test_two_processes_erase_and_see_one_person_without_leaving_an_index(postgres_url):
    stores = [open_store(postgres_url) for _ in range(2)]
    await asyncio.gather(*(store.open() for store in stores))
    for n in range(20):
        person = person_row(f"e{n}")
        await stores[0].commit(opening(person=person))
        seeing = [
            stores[0].commit(opening(check=check_row(person=person.person), seen=person))
            for _ in range(8)
        ]
        results = await asyncio.gather(
            *seeing[:4], stores[1].erase(person.person, []), *seeing[4:], return_exceptions=True
        )
        assert results[4] is True
        assert {getattr(no, "code", None) for no in results[:4]} <= {None, MOVED_ON}
        assert await stores[1].persons([person.person]) == {}
    import asyncpg

    connection = await asyncpg.connect(postgres_url)
    left = await connection.fetchval("SELECT count(*) FROM checks WHERE person IS NOT NULL")
    await connection.close()
    assert left == 0
    for store in stores:
        await store.close()


def test_a_store_shows_neither_path_nor_password():
    for url in ("sqlite:////home/zhang/x.sqlite3", "postgresql://u:secret@h/db"):
        text = repr(open_store(url))
        assert "secret" not in text
        assert "zhang" not in text


async def test_opening_and_closing_twice_is_no_harm(url):
    store = open_store(url)
    await store.open()
    await store.open()
    await store.close()
    await store.close()
    await store.open()
    await store.commit(opening())
    await store.close()


async def test_the_lock_is_free_when_opening_failed(tmp_path):
    path = tmp_path / "torn.sqlite3"
    path.write_bytes(b"not a database" * 100)
    store = SqliteStore(path)
    for _ in range(2):
        with pytest.raises(Outage) as caught:
            await store.open()
        assert caught.value.code == STORE_DOWN
