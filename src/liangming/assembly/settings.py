"""What the environment says. :data:`SETTINGS` lists every variable; ``docs/operator.md`` explains them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Final

from liangming.check.log_key import log_key
from liangming.errors import Kind, Misuse, declare
from liangming.rights.looks import read_setting
from liangming.webhook import Networks

SETTING_UNFIT = declare(
    "assembly.setting-unfit",
    Kind.INVALID,
    zh="这个设置的值不合适，请对照文档修改。",
    en="This setting does not fit; please see the documentation.",
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
    Setting(
        "LIANGMING_DAILY_AUDIT",
        "off",
        "几点（北京时间，如 03:10）以后由服务自动做每日审计；off 为不做。几个服务共用一个数据库时只做一次",
        "when (in China, such as 03:10) the service begins the daily audit by itself; off: it does not. Of several"
        " services on one database one does it",
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
        "LIANGMING_LOOK_APPROVAL",
        "*:whole",
        "员工查看登记时，哪些目的要另一个人批准，以逗号分隔：目的、目的:whole（只限显示完整内容）、* 为全部；none 为都不要",
        "for which purposes a look at a record takes a second person, by commas: a purpose, purpose:whole (only"
        " to show it whole), * for every one; none: for none",
    ),
    Setting(
        "LIANGMING_WEBHOOK_NETWORKS",
        "",
        "结果订阅可以投递到的内部网络，以逗号分隔，如 10.2.0.0/16；空则只投递到公网",
        "private networks that webhooks may be posted to, by commas; empty: public addresses only",
    ),
    Setting(
        "LIANGMING_APART",
        "yes",
        "yes：数据库的写入与存证各用一个进程；no：都在一个进程里，省内存",
        "yes: the store's writer and the log in processes of their own; no: all in one, which saves memory",
    ),
    Setting(
        "LIANGMING_NEWCOMERS",
        "400",
        "每秒最多让多少个新连接进来（两秒的份可以一下子来），其余的在门外等；off 为不限",
        "how many new connections come in a second (those of two seconds at once), the rest wait outside; off: any",
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
    daily_audit: time | None = None
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
    apart: bool = True
    newcomers: int | None = 400
    look_approval: frozenset[str] = frozenset({"*:whole"})
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
            daily_audit=_time(value("LIANGMING_DAILY_AUDIT")),
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
            look_approval=_approvals(value("LIANGMING_LOOK_APPROVAL")),
            staff_idle=_between("LIANGMING_STAFF_IDLE", value("LIANGMING_STAFF_IDLE"), 30, 3600),
            apart=_one_of("LIANGMING_APART", value("LIANGMING_APART"), ("yes", "no")) == "yes",
            newcomers=_newcomers(value("LIANGMING_NEWCOMERS")),
            oidc=(
                value("LIANGMING_OIDC_ISSUER").rstrip("/"),
                value("LIANGMING_OIDC_CLIENT"),
                _path(value("LIANGMING_OIDC_SECRET_FILE")),
            ),
        )


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _time(value: str) -> time | None:
    if value == "off":
        return None
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise Misuse(SETTING_UNFIT, field="LIANGMING_DAILY_AUDIT")
    return time.fromisoformat(value)


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


def _approvals(value: str) -> frozenset[str]:
    try:
        return read_setting(value)
    except ValueError:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_LOOK_APPROVAL") from None


def _port(value: str) -> int:
    return _between("LIANGMING_PORT", value, 0, 65_535)


def _between(name: str, value: str, low: int, high: int) -> int:
    if not (value.isdecimal() and low <= int(value) <= high):
        raise Misuse(SETTING_UNFIT, field=name)
    return int(value)


def _newcomers(value: str) -> int | None:
    return None if value == "off" else _between("LIANGMING_NEWCOMERS", value, 1, 100_000)


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
