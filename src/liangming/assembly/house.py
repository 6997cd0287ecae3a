"""The house: keys, lawful scenes, store and desks, opened and closed in order; or only to read."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from liangming.assembly.log import log_files
from liangming.assembly.settings import Settings
from liangming.check import Premises, Store
from liangming.check.premises import Record
from liangming.clock import Clock, SystemClock, china_date
from liangming.device import Roll
from liangming.device.count import counters
from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.governance import gates
from liangming.governance.notices import shelve
from liangming.law import CORPUS
from liangming.ledger import Trust
from liangming.method import Sources
from liangming.providers import refuse_in_production
from liangming.rights import RightsDesk
from liangming.rights.drill import Drilled, drill
from liangming.rights.ports import MemoryErasures
from liangming.scene import Scene, SceneCatalogue
from liangming.storage import migrate, open_beside, open_docket, open_store
from liangming.storage.addresses import POSTGRES, kind_of, sqlite_path
from liangming.storage.codes import ABSENT, ANOTHER_WRITER
from liangming.storage.erasure_file import ErasureFile
from liangming.storage.restoring import clear, restore
from liangming.vault import AES, SM, KeyFile, Loaded, Vault

FOLDER_UNFIT = declare(
    "assembly.folder-unfit",
    Kind.INVALID,
    zh="这个目录不存在，也无法创建，请检查路径和权限。",
    en="This folder is not there and cannot be made; please check the path and its rights.",
)

SCENES_UNLAWFUL = declare(
    "assembly.scenes-unlawful",
    Kind.REFUSED,
    zh="有场景不合法，不能启动。运行 liangming scene check 可看到全部问题和改法。",
    en="A scene is not lawful, so nothing starts; liangming scene check shows all and the mend.",
)

SCENES_UNREADABLE = declare(
    "assembly.scenes-unreadable",
    Kind.MALFORMED,
    zh="有场景文件无法读取，不能启动。运行 liangming scene check 可看到全部问题。",
    en="A scene file cannot be read, so nothing starts; liangming scene check shows all.",
)


def load_keys(settings: Settings, clock: Clock) -> Loaded:
    """The operator's keys; made on the first run (``created`` says so: back the file up)."""
    _folder(settings.keys.parent, "LIANGMING_KEYS")
    return KeyFile(settings.keys).load(clock.now())


def _folder(path: Path, setting: str) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise Misuse(FOLDER_UNFIT, field=setting) from None


@asynccontextmanager
async def premises(
    settings: Settings,
    *,
    sources: Sources | None = None,
    clock: Clock | None = None,
    allow_test_region: bool = False,
    apart: bool = False,
    briefly: bool = False,
) -> AsyncIterator[Premises]:
    """Everything a check needs, opened and closed in order.

    ``apart`` gives the store's writer a process of its own, for who serves many at once. Who has it ``briefly``
    is waited for by a service that starts meanwhile.

    1 keys · 2 migrations, closed again before · 3 the store opens · 4 lawful scenes only ·
    5 assessments, contracts and notices as they stand

    Raises:
        Misuse: unlawful scenes, unfit settings, simulated sources in production.
        Outage: the store cannot be opened.
    """
    ticking = clock if clock is not None else SystemClock()
    chosen = sources if sources is not None else Sources()
    refuse_in_production(chosen, production=settings.production)
    _folder(settings.data, "LIANGMING_DATA")
    ring = load_keys(settings, ticking).keys  # 1
    migrate(settings.database, briefly=briefly)  # 2
    scenes = lawful_scenes(settings, ticking)  # 4 before 3: fail early
    store = open_store(settings.database, clock=ticking, apart=apart, briefly=briefly)
    await store.open()  # 3
    try:
        roll = Roll(open_docket(store))
        await roll.refresh()
        house = Premises(
            clock=ticking,
            corpus=CORPUS,
            scenes=scenes,
            store=store,
            keys=ring,
            vault=Vault(ring, SM if settings.suite == "sm" else AES),
            sources=chosen,
            devices=roll,
            allow_test_region=allow_test_region and not settings.production,
            cuts=getattr(store, "cuts", False),
            far=getattr(store, "far", False),
        )
        await gates.refresh(rights_desk(settings, house))  # 5
        await shelve(house, open_docket(store))
        yield dataclasses.replace(house, counters=counters(house, open_docket(store)))
    finally:
        await store.close()


@asynccontextmanager
async def beside(settings: Settings) -> AsyncIterator[Premises]:
    """The premises to leave a record in, also beside a service that holds its SQLite file.

    Where nobody else has the file it is as :func:`premises`. Otherwise only records of the docket
    that concern no person can be written (:mod:`liangming.storage.beside`).

    Raises:
        Misuse, Outage: as :func:`premises`.
    """
    async with AsyncExitStack() as stack:
        try:
            house = await stack.enter_async_context(premises(settings, briefly=True))
        except Misuse as failure:
            if failure.code is not ANOTHER_WRITER:
                raise
            clock = SystemClock()
            ring = load_keys(settings, clock).keys
            store = open_beside(settings.database, clock=clock)
            await store.open()
            stack.push_async_callback(store.close)
            house = Premises(
                clock=clock,
                corpus=CORPUS,
                scenes=lawful_scenes(settings, clock),
                store=store,
                keys=ring,
                vault=Vault(ring, SM if settings.suite == "sm" else AES),
            )
        yield house


def needs_store(settings: Settings) -> None:
    """Say so where there is no database to read, before anything is made beside it.

    Raises:
        Misuse: ``storage.absent``, ``storage.url-unknown``.
    """
    if kind_of(settings.database) != POSTGRES and not sqlite_path(settings.database).exists():
        raise Misuse(ABSENT, field="LIANGMING_DATABASE")


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Store]:
    """The store, only to read one check from, beside a service that may be running.

    SQLite stays unopened: opening would make this process the file's only writer.

    Raises:
        Misuse: ``storage.absent``.
        Outage: the store cannot be read.
    """
    needs_store(settings)
    store = open_store(settings.database)
    if kind_of(settings.database) == POSTGRES:
        await store.open()
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def reading_house(settings: Settings, trust: Trust) -> AsyncIterator[Premises]:
    """The premises with their published log, only to read, beside a service that may be running.

    Args:
        settings: where everything is; the key file must be there.
        trust: who is believed about the log.

    Raises:
        Misuse, Refusal: as :func:`premises`.
        Outage: the store cannot be read.
    """
    clock = SystemClock()
    ring = load_keys(settings, clock).keys
    async with reading(settings) as store:
        house = Premises(
            clock=clock,
            corpus=CORPUS,
            scenes=lawful_scenes(settings, clock),
            store=store,
            keys=ring,
            vault=Vault(ring, SM if settings.suite == "sm" else AES),
            record=Record(log_files(settings), trust),
        )
        yield dataclasses.replace(house, counters=counters(house, open_docket(store)))


def lawful_scenes(settings: Settings, clock: Clock) -> Mapping[str, Scene]:
    """The configured scenes; all of them lawful, or nothing starts (I1).

    A scene that lacks nothing but the assessment of its face starts without the face: the law
    withholds that way in each check, and opens it when an assessment is approved.

    Raises:
        Refusal: ``assembly.scenes-unlawful`` with the articles.
        Misuse: ``assembly.scenes-unreadable`` naming the file and line.
    """
    scenes = SceneCatalogue.load(settings.scenes, china_date(clock.now()))
    for fault in scenes.report.faults:
        raise Misuse(SCENES_UNREADABLE, field=f"{fault.file}:{fault.line}")
    waiting = {scene.id: scene for scene in scenes.waiting}
    for problem in scenes.report.problems:
        if problem.scene in waiting:
            continue
        cited = tuple(citation.id for citation in problem.citations)
        raise Refusal(SCENES_UNLAWFUL, citations=cited, field=f"{problem.file}:{problem.line}")
    return {**scenes, **waiting}


def rights_desk(settings: Settings, house: Premises) -> RightsDesk:
    """Where people's requests come in. ``replay`` it before anything is served.

    Raises:
        Misuse: ``assembly.folder-unfit``.
    """
    path = settings.erasures or settings.keys.with_name("erasures.ledger")
    _folder(path.parent, "LIANGMING_ERASURES")
    return RightsDesk(
        premises=house,
        docket=open_docket(house.store),
        erasures=ErasureFile(path),
        origin=settings.log_origin,
        approvals=settings.look_approval,
        watch=functools.partial(_watch_file, watch_file(settings)),
    )


def watch_file(settings: Settings) -> Path:
    """Where the daily audit leaves its result."""
    return settings.watch or settings.data / "audit-watch.json"


def _watch_file(path: Path) -> bytes:
    """The newest result of the daily audit; empty where none was made."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


@asynccontextmanager
async def restored(
    settings: Settings,
    backup: Path,
    folder: Path,
    scratch: str = "",
    *,
    clock: Clock | None = None,
) -> AsyncIterator[Callable[[], Awaitable[Drilled]]]:
    """A backup restored in a place of its own, ready for the drill.

    The keys and the tombstones are those in use; the tombstones are read, never written.

    Raises:
        Misuse, Outage: as :func:`liangming.storage.restoring.restore`.
    """
    address = restore(backup, folder, scratch, settings.database)
    try:
        async with premises(dataclasses.replace(settings, database=address), clock=clock) as house:
            real = rights_desk(settings, house)
            copy = MemoryErasures()
            for line in real.erasures.lines():
                copy.append(line)
            desk = dataclasses.replace(real, erasures=copy)
            yield lambda: drill(desk)
    finally:
        clear(address)
