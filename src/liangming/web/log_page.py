"""The public page of the log: its heads, who has cosigned them, and how anybody verifies it.

The newest head stands above; below it, some at a time, the heads that were published before, each
verified and held against the newest while the page is made. No person stands in the log, so the page needs no sign-in and is the same for everybody. The files
themselves lie below the same address and are served without any of this.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

import msgspec
from django.http import HttpRequest, HttpResponse

from liangming.check.premises import Record
from liangming.check.receipt.codes import NO_LOG
from liangming.clock import from_micros
from liangming.errors import LiangmingError, Outage
from liangming.ledger import Absent, Checkpoint, Prover, TileStore, Trust, open_checkpoint
from liangming.ledger.circle import Standing
from liangming.ledger.past import Past, hold_against, kept_path, opened
from liangming.ledger.tiles import CHECKPOINT
from liangming.scene.model import Text
from liangming.web.house import house_of
from liangming.web.page import page

WORDS: Final[dict[str, Text]] = {
    "title": Text("存证", "The log"),
    "lead": Text(
        "每次查验的事件都进入这本只增不减的存证。里面没有个人信息；任何人都可以核验，不用登录，也不用相信我们。",
        "Every event of a check enters this log, which only ever grows. It holds no personal data; "
        "anybody can verify it, without signing in and without trusting us.",
    ),
    "empty": Text(
        "还没有签名公布出来。有查验之后，通常一秒之内就会有。",
        "No head is published yet. Once there is a check, it usually takes a second.",
    ),
    "damaged": Text(
        "公布的签名现在读不出来，或者不成立。请告诉这里的负责人。",
        "The published head cannot be read just now, or does not hold. Please tell whoever runs this.",
    ),
    "origin": Text("名称", "Name"),
    "size": Text("条数", "Leaves"),
    "root": Text("根", "Root"),
    "key": Text("验证钥匙", "Verifier key"),
    "cosigned": Text("见证人的签名", "Cosigned by"),
    "nobody": Text("没有", "nobody"),
    "witnesses": Text("见证人", "Witnesses"),
    "signed_up_to": Text("作证到第 {} 条", "has signed {} leaves"),
    "not_asked": Text("还没有问过", "not asked yet"),
    "how": Text("怎样核验", "How to verify"),
    "checkpoint": Text("打开签名", "Open the head"),
    "past": Text("以前的签名", "Earlier heads"),
    "past_lead": Text(
        "存证增长时，每小时至少留下一个当时的签名，连同那时见证人的签名。签名本身不带时间，时间是见证人写的。"
        "下面每一个都与现在的签名对比过，看旧的记录是不是全部原样保留。",
        "While the log grows, at least one head an hour is kept, with the cosignatures it had by then. A head "
        "carries no time of its own; the times are the witnesses'. Each one below was held against the newest, "
        "to see whether all of the old record is kept unchanged.",
    ),
    "past_none": Text(
        "还没有以前的签名：存证增长一小时之后才有第一个。",
        "There are no earlier heads yet; the first is kept when the log has grown for an hour.",
    ),
    "kept_wrong": Text("这个签名不成立", "this head does not hold"),
    "kept_well": Text("与现在一致", "consistent with the newest"),
    "number": Text("编号", "No."),
    "older": Text("更早", "Earlier"),
    "newer": Text("更近", "Later"),
}
PAGE_SIZE: Final = 24
_DIGITS: Final = 9
_PASTS: Final[WeakKeyDictionary[TileStore, Past]] = WeakKeyDictionary()  # what was read of each

STEPS: Final = (
    Text(
        "存下现在的签名。以后拿它对比，就知道旧的记录有没有被改过：",
        "Keep the head of today. Held against a later one it shows whether the old record was changed:",
    ),
    Text(
        "取走全部文件，逐字节核验。不用联网，也可以用别人写的软件（C2SP tlog-tiles）：",
        "Fetch all files and verify every byte, offline, with our program or another's (C2SP tlog-tiles):",
    ),
    Text(
        "拿以前的一个签名，与现在的对比（编号 000 起，每三位一段，第 1000 个是 heads/x001/000）：",
        "Hold an earlier head against the newest (numbers from 000; the thousandth is heads/x001/000):",
    ),
    Text("核验一份证明或回执：", "Verify a proof or a receipt:"),
)


async def log_page(request: HttpRequest) -> HttpResponse:
    """The page.

    Raises:
        Outage: ``check.receipt-no-log``: this process serves no log.
    """
    record = house_of(request).premises.record
    if record is None:
        raise Outage(NO_LOG)
    shown, state = await asyncio.to_thread(_published, record)
    past = await asyncio.to_thread(_past, record, shown, request.GET.get("before", ""))
    key = record.trust.log_keys[0].encode()
    return page(
        request,
        "log.html",
        {
            "words": WORDS,
            "steps": STEPS,
            "state": state,
            "origin": record.trust.origin,
            "key": key,
            "shown": shown,
            "root": shown.head.root.hex() if shown else "",
            "cosigned": [(name, from_micros(at * 1_000_000)) for name, at in _cosigned(shown)],
            "past": past,
            "witnesses": [_said(standing) for standing in record.standing()],
            "commands": (
                "curl -O https://…/log/checkpoint\nliangming ledger watch checkpoint --log FOLDER --key KEY",
                "liangming ledger fsck --log FOLDER --key KEY",
                "curl -O https://…/log/heads/000\nliangming ledger watch 000 --log FOLDER --key KEY",
                "liangming ledger verify FILE --key KEY",
            ),
        },
    )


def _published(record: Record) -> tuple[Checkpoint | None, Text | None]:
    trust = Trust(record.trust.origin, record.trust.log_keys, record.trust.cosigners)
    try:
        return open_checkpoint(record.tiles.get(CHECKPOINT), trust), None
    except Absent:
        return None, WORDS["empty"]
    except LiangmingError:
        return None, WORDS["damaged"]


class Kept(msgspec.Struct, frozen=True):
    """A head that was published before, as the page tells it."""

    number: int
    path: str
    size: int | None
    root: str
    cosigned: list[tuple[str, datetime]]
    state: Text


class Shelf(msgspec.Struct, frozen=True):
    """A page of earlier heads, the newest first, and where the next pages begin."""

    kept: list[Kept]
    older: int | None = None
    newer: int | None = None
    state: Text = WORDS["past_none"]  # said where none is shown


def _past(record: Record, newest: Checkpoint | None, before: str) -> Shelf:
    """Earlier heads with a number below ``before``; the newest ones where it says nothing."""
    if newest is None:
        return Shelf([])
    past = _PASTS.setdefault(record.tiles, Past(record.tiles))
    try:
        count = past.count()
        asked = (
            int(before)
            if before.isascii() and before.isdigit() and len(before) <= _DIGITS
            else count
        )
        end = min(asked, count)
        begin = max(0, end - PAGE_SIZE)
        prover = Prover(record.tiles, newest.head, remember=64)
        kept = [_kept(record, past.get(n), n, prover) for n in reversed(range(begin, end))]
    except LiangmingError:
        return Shelf([], state=WORDS["damaged"])
    newer = min(end + PAGE_SIZE, count)
    return Shelf(kept, begin or None, newer if end < count else None)


def _kept(record: Record, note: bytes, number: int, prover: Prover) -> Kept:
    try:
        checkpoint = opened(note, record.trust)
        hold_against(prover, checkpoint.head, prover.head)
    except LiangmingError:
        return Kept(number, kept_path(number), None, "", [], WORDS["kept_wrong"])
    return Kept(
        number,
        kept_path(number),
        checkpoint.head.size,
        checkpoint.head.root.hex()[:16],
        [(name, from_micros(at * 1_000_000)) for name, at in _cosigned(checkpoint)],
        WORDS["kept_well"],
    )


def _cosigned(shown: Checkpoint | None) -> list[tuple[str, int]]:
    return sorted(shown.cosigned_at.items()) if shown else []


def _said(standing: Standing) -> tuple[str, Text]:
    """A witness's name, and how it stands."""
    if standing.failure is not None:
        return standing.name, Text(standing.failure.zh, standing.failure.en)
    if standing.at is None:
        return standing.name, WORDS["not_asked"]
    signed = WORDS["signed_up_to"]
    size = f"{standing.head.size:,}"
    return standing.name, Text(signed.zh.format(size), signed.en.format(size))
