"""The one place that plugs things together and reads the environment.

Everything has a default that works on one machine: SQLite in one file, a key file beside it, the
scenes of a folder. :data:`SETTINGS` lists every variable; ``docs/operator.md`` explains them.
"""

from __future__ import annotations

import dataclasses
import fcntl
import functools
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangming.check import Premises, Store
from liangming.check.log_key import log_key
from liangming.check.premises import Record
from liangming.clock import Clock, SystemClock, china_date
from liangming.device import Roll
from liangming.device.count import counters
from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.governance import gates
from liangming.governance.notices import shelve
from liangming.law import CORPUS
from liangming.ledger import (
    FileTiles,
    Head,
    Log,
    RemoteWitness,
    SqliteHeads,
    TileStore,
    Trust,
    open_checkpoint,
)
from liangming.ledger.circle import Circle
from liangming.ledger.policy import Listed, Policy, read_policy
from liangming.ledger.post import HttpPost
from liangming.method import Sources
from liangming.providers import refuse_in_production
from liangming.rights import RightsDesk
from liangming.rights.drill import Drilled, drill
from liangming.rights.ports import MemoryErasures
from liangming.scene import Scene, SceneCatalogue
from liangming.storage import open_beside, open_docket, open_store
from liangming.storage.addresses import POSTGRES, kind_of
from liangming.storage.codes import ANOTHER_WRITER
from liangming.storage.erasure_file import ErasureFile
from liangming.storage.migrate import migrate
from liangming.storage.restoring import clear, restore
from liangming.vault import AES, SM, KeyFile, Loaded, Vault
from liangming.webhook import Networks

if TYPE_CHECKING:
    from liangming.ledger.s3 import S3Heads

SETTING_UNFIT = declare(
    "assembly.setting-unfit",
    Kind.INVALID,
    zh="这个设置的值不合适，请对照文档修改。",
    en="This setting does not fit; please see the documentation.",
)


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


NO_S3 = declare(
    "assembly.s3-not-installed",
    Kind.INVALID,
    zh="要把存证放进存储桶，需要先安装 liangming[s3]。",
    en="To keep the log in a bucket, install liangming[s3] first.",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable."""

    name: str
    default: str
    zh: str
    en: str


SETTINGS: Final = (
    Setting(
        "LIANGMING_DATA",
        "./var",
        "数据目录：数据库、密钥文件、存证",
        "data folder: database, key file, ledger",
    ),
    Setting(
        "LIANGMING_DATABASE",
        "",
        "数据库地址；空为数据目录中的 SQLite 文件",
        "database address; empty for an SQLite file in the data folder",
    ),
    Setting("LIANGMING_KEYS", "", "密钥文件；空为数据目录中的 keys.json", "key file"),
    Setting(
        "LIANGMING_ERASURES",
        "",
        "删除记录文件；空为密钥文件旁的 erasures.ledger；不要放进数据库备份",
        "erasure file; empty for erasures.ledger beside the key file; keep it out of database backups",
    ),
    Setting(
        "LIANGMING_WATCH",
        "",
        "每日审计（liangming audit watch --to）的结果文件，义务看板读它；空为数据目录中的 audit-watch.json",
        "result of the daily audit (liangming audit watch --to), read by the duties board; empty:"
        " audit-watch.json in the data folder",
    ),
    Setting("LIANGMING_SCENES", "", "场景文件或目录，以冒号分隔", "scene files or folders"),
    Setting("LIANGMING_SUITE", "aes", "密码套件：aes 或 sm（国密）", "cipher suite: aes or sm"),
    Setting(
        "LIANGMING_MODE",
        "production",
        "production 或 development；后者允许模拟来源",
        "production or development; the latter admits simulated sources",
    ),
    Setting("LIANGMING_HOST", "127.0.0.1", "监听地址", "address to listen on"),
    Setting("LIANGMING_PORT", "8600", "监听端口", "port to listen on"),
    Setting(
        "LIANGMING_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "页面对外的主机名，以逗号分隔",
        "names under which the pages may be reached, by commas",
    ),
    Setting(
        "LIANGMING_ADDRESS",
        "",
        "页面对外的网址，印在回执二维码里；空则二维码只含编码",
        "where the pages are reached from outside, for the receipt's QR; empty: the code alone",
    ),
    Setting(
        "LIANGMING_LOG_ORIGIN",
        "liangming.local/log",
        "存证的名称，写进每个存证签名；开始使用后不要再改",
        "the log's name, in each of its signed heads; not to be changed once in use",
    ),
    Setting(
        "LIANGMING_LOG_STORE",
        "",
        "存证存在哪里：s3://桶名/前缀?endpoint=…&region=…；空为数据目录中的 log/",
        "where the log is: s3://bucket/prefix?endpoint=…&region=…; empty: log/ in the data folder",
    ),
    Setting(
        "LIANGMING_LOG_POLICY",
        "",
        "见证规则文件（c2sp.org/tlog-policy）；空为不请见证人",
        "the policy file of witnesses (c2sp.org/tlog-policy); empty asks none",
    ),
    Setting(
        "LIANGMING_STAFF_IDLE",
        "300",
        "员工会话无操作多少秒后锁定（30 至 3600）",
        "seconds after which an unused staff session is locked (30 to 3600)",
    ),
    Setting(
        "LIANGMING_WEBHOOK_NETWORKS",
        "",
        "结果订阅可以投递到的内部网络，以逗号分隔，如 10.2.0.0/16；空则只投递到公网",
        "private networks that webhooks may be posted to, by commas; empty: public addresses only",
    ),
    Setting("LIANGMING_OIDC_ISSUER", "", "单点登录（OIDC）的网址", "single sign-on: its address"),
    Setting("LIANGMING_OIDC_CLIENT", "", "单点登录的客户编号", "single sign-on: our client id"),
    Setting(
        "LIANGMING_OIDC_SECRET_FILE",
        "",
        "存放单点登录客户密码的文件",
        "single sign-on: the file that holds our secret",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says."""

    data: Path
    database: str
    keys: Path
    scenes: tuple[Path, ...]
    erasures: Path | None = None
    watch: Path | None = None
    suite: str = "aes"
    production: bool = True
    host: str = "127.0.0.1"
    port: int = 8600
    hosts: tuple[str, ...] = ()
    log_origin: str = "liangming.local/log"
    log_policy: Path | None = None
    log_store: str = ""
    address: str = ""
    webhook_networks: tuple[str, ...] = ()
    staff_idle: int = 300
    oidc: tuple[str, str, Path | None] = ("", "", None)

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables of :data:`SETTINGS`.

        Raises:
            Misuse: ``assembly.setting-unfit`` naming the variable.
        """

        def value(name: str) -> str:
            default = next(s.default for s in SETTINGS if s.name == name)
            return environment.get(name, "").strip() or default

        data = Path(value("LIANGMING_DATA")).expanduser()
        return cls(
            data=data,
            database=value("LIANGMING_DATABASE") or f"sqlite:///{data / 'liangming.sqlite3'}",
            keys=Path(value("LIANGMING_KEYS") or data / "keys.json").expanduser(),
            erasures=_path(value("LIANGMING_ERASURES")),
            watch=_path(value("LIANGMING_WATCH")),
            scenes=tuple(
                Path(part).expanduser() for part in value("LIANGMING_SCENES").split(":") if part
            ),
            suite=_one_of("LIANGMING_SUITE", value("LIANGMING_SUITE"), ("aes", "sm")),
            production=_one_of(
                "LIANGMING_MODE", value("LIANGMING_MODE"), ("production", "development")
            )
            == "production",
            host=value("LIANGMING_HOST"),
            port=_port(value("LIANGMING_PORT")),
            hosts=tuple(h.strip() for h in value("LIANGMING_HOSTS").split(",") if h.strip()),
            log_origin=_origin(value("LIANGMING_LOG_ORIGIN")),
            log_store=value("LIANGMING_LOG_STORE"),
            log_policy=Path(policy).expanduser()
            if (policy := value("LIANGMING_LOG_POLICY"))
            else None,
            address=_address(value("LIANGMING_ADDRESS")),
            webhook_networks=_networks(value("LIANGMING_WEBHOOK_NETWORKS")),
            staff_idle=_between("LIANGMING_STAFF_IDLE", value("LIANGMING_STAFF_IDLE"), 30, 3600),
            oidc=(
                value("LIANGMING_OIDC_ISSUER").rstrip("/"),
                value("LIANGMING_OIDC_CLIENT"),
                _path(value("LIANGMING_OIDC_SECRET_FILE")),
            ),
        )


def load_keys(settings: Settings, clock: Clock) -> Loaded:
    """The operator's keys; made on the first run (``created`` says so: back the file up)."""
    _folder(settings.keys.parent, "LIANGMING_KEYS")
    return KeyFile(settings.keys).load(clock.now())


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


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
) -> AsyncIterator[Premises]:
    """Everything a check needs, opened and closed in order.

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
    migrate(settings.database)  # 2
    scenes = lawful_scenes(settings, ticking)  # 4 before 3: fail early
    store = open_store(settings.database, clock=ticking)
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
            house = await stack.enter_async_context(premises(settings))
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
        watch=functools.partial(_watch_file, settings.watch or settings.data / "audit-watch.json"),
    )


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log of this house and where its parts are.

    Attributes:
        log: not yet recovered.
        tiles: its public files.
        trust: who is believed about it.
        known: heads of it that were put aside by hand.
        turn: takes or keeps the right to append; False while another process has it.
        circle: its witnesses.
    """

    log: Log
    tiles: TileStore
    trust: Trust
    known: tuple[Head, ...]
    turn: Callable[[], bool]
    circle: Circle


@contextmanager
def evidence(settings: Settings, house: Premises) -> Iterator[Evidence]:
    """The log: tiles in ``log/``, its lock row in ``log-head.sqlite3``, both in the data folder.

    Whoever restores the data folder from a backup puts the newest checkpoint that is known
    elsewhere into ``log-known.checkpoint``; the log then refuses to be older.

    Raises:
        Refusal, Misuse: ``log-known.checkpoint`` is no checkpoint of this log; the policy of
            witnesses cannot be read.
        Outage: ``ledger.store-failed``.
    """
    tiles = log_files(settings)
    key = log_key(house.keys.signing, settings.log_origin)
    policy = log_policy(settings)
    trust = policy.trust(settings.log_origin, (key.verifying,))
    own = Trust(settings.log_origin, (key.verifying,))
    aside = settings.data / "log-known.checkpoint"
    known = (open_checkpoint(aside.read_bytes(), own).head,) if aside.is_file() else ()
    heads = _log_heads(settings)
    log = Log(origin=settings.log_origin, tiles=tiles, heads=heads, keys=[key], trust=trust)
    turn = Turn(settings.data / "log.lock")
    posts: list[HttpPost] = []
    circle = Circle(log, tiles, _witnesses(policy, posts))
    try:
        yield Evidence(log, tiles, trust, known, turn.take, circle)
    finally:
        turn.release()
        heads.close()
        for post in posts:
            post.close()


def log_policy(settings: Settings) -> Policy:
    """The policy of witnesses; without a file none is asked and none is needed.

    Raises:
        Misuse: ``ledger.policy-unfit``; ``assembly.setting-unfit`` when there is no such file.
    """
    if settings.log_policy is None:
        return Policy((), (), None)
    try:
        data = settings.log_policy.read_bytes()
    except OSError:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_LOG_POLICY") from None
    return read_policy(data)


def _witnesses(policy: Policy, posts: list[HttpPost]) -> dict[str, RemoteWitness]:
    """One for each address: a witness with two keys signs with both in one answer."""
    by_address: dict[str, list[Listed]] = {}
    for each in policy.witnesses:
        if each.url:
            by_address.setdefault(each.url, []).append(each)
    witnesses = {}
    for address, listed in by_address.items():
        posts.append(HttpPost(address))
        witnesses[listed[0].name] = RemoteWitness([each.key for each in listed], posts[-1])
    return witnesses


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Store]:
    """The store, only to read one check from, beside a service that may be running.

    SQLite stays unopened: opening would make this process the file's only writer.

    Raises:
        Outage: the store cannot be read.
    """
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


def log_files(settings: Settings) -> TileStore:
    """The log's public files: a folder, or a part of a bucket.

    Raises:
        Misuse: ``ledger.bucket-address``, ``assembly.s3-not-installed``.
    """
    if not settings.log_store:
        return FileTiles(settings.data / "log")
    try:
        from liangming.ledger.s3 import S3Tiles, open_bucket
    except ImportError:
        raise Misuse(NO_S3, field="LIANGMING_LOG_STORE") from None
    return S3Tiles(open_bucket(settings.log_store))


def _log_heads(settings: Settings) -> SqliteHeads | S3Heads:
    """The lock row: beside the data, or in the bucket where the log is in one.

    In the bucket every machine swaps the same row, so that two of them cannot fork the log.
    """
    if not settings.log_store:
        return SqliteHeads(settings.data / "log-head.sqlite3")
    from liangming.ledger.s3 import S3Heads, open_bucket

    return S3Heads(open_bucket(settings.log_store))


class Turn:
    """The right to append to one log folder: an advisory lock that dies with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Take it, or say whether it is held already; never waits."""
        if self._held is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                return False
            self._held = descriptor
        return True

    def release(self) -> None:
        """Let it go."""
        descriptor, self._held = self._held, None
        if descriptor is not None:
            os.close(descriptor)


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


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Misuse(SETTING_UNFIT, field=name)
    return value


def webhook_networks(settings: Settings) -> Networks:
    """Where webhooks may be posted to; this machine itself only outside production."""
    return Networks(settings.webhook_networks, loopback=not settings.production)


def _networks(value: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in value.split(",") if part.strip())
    try:
        Networks(named)
    except ValueError:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_WEBHOOK_NETWORKS") from None
    return named


def _port(value: str) -> int:
    return _between("LIANGMING_PORT", value, 0, 65_535)


def _between(name: str, value: str, low: int, high: int) -> int:
    if not (value.isdecimal() and low <= int(value) <= high):
        raise Misuse(SETTING_UNFIT, field=name)
    return int(value)


def _address(value: str) -> str:
    fit = re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?", value)
    if value and not fit:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_ADDRESS")
    return value.rstrip("/")


def _origin(value: str) -> str:
    try:
        log_key(bytes(32), value)
    except Misuse:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_LOG_ORIGIN") from None
    return value
