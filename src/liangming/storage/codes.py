"""What a store can say beyond ``check.ports``. No text names a path, a host or a person."""

from __future__ import annotations

from liangming.errors import Kind, declare

URL_UNKNOWN = declare(
    "storage.url-unknown",
    Kind.INVALID,
    zh="存储地址须是 sqlite:///路径 或 postgresql://…，请检查设置。",
    en="A store's address is sqlite:///path or postgresql://…; please check the setting.",
)
NOT_MIGRATED = declare(
    "storage.not-migrated",
    Kind.OUT_OF_ORDER,
    zh="数据库结构与本程序不一致，请先执行迁移，再启动。",
    en="The database's schema does not fit this program; run the migrations first, then start.",
)
MIGRATION_FAILED = declare(
    "storage.migration-failed",
    Kind.OUTAGE,
    zh="数据库迁移没有完成，原有数据未改动。请检查地址、权限和磁盘空间。",
    en="The migration did not finish and existing data is unchanged. Check address, rights and disk space.",
)
ABSENT = declare(
    "storage.absent",
    Kind.ABSENT,
    zh="这里还没有数据库，所以没有可读的。请检查 LIANGMING_DATA 和 LIANGMING_DATABASE；第一次请先运行 liangming serve。",
    en="There is no database here yet, so there is nothing to read. Please check LIANGMING_DATA and"
    " LIANGMING_DATABASE; the first time, run liangming serve.",
)
UNREACHABLE = declare(
    "storage.unreachable",
    Kind.OUTAGE,
    zh="连不上数据库。请检查它是否在运行，以及 LIANGMING_DATABASE 里的主机、端口、库名（或目录）、用户和密码。",
    en="The database cannot be reached. Please check that it runs, and host, port, name (or folder), user and"
    " password in LIANGMING_DATABASE.",
)
ANOTHER_WRITER = declare(
    "storage.another-writer",
    Kind.OUT_OF_ORDER,
    zh="另一个进程正在写这个 SQLite 文件。一个文件只能有一个写入者；多个进程请用 PostgreSQL。",
    en="Another process writes this SQLite file. A file has one writer; for several processes use PostgreSQL.",
)
OPEN_ELSEWHERE = declare(
    "storage.open-in-another-library",
    Kind.OUT_OF_ORDER,
    zh="本进程中另有一个 SQLite 程序库打开着这个文件，会破坏文件锁。请先关闭它。",
    en="Another SQLite library in this process has this file open, which breaks its locks. Close it first.",
)
UNFIT = declare(
    "storage.unfit-value",
    Kind.INVALID,
    zh="其中有的内容无法保存（过长，或含有不允许的字符），本次操作未生效。",
    en="A value cannot be stored (too long, or with a character that is not allowed); nothing took effect.",
)
