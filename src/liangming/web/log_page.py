"""The public page of the log: its newest head, who has cosigned it, and how anybody verifies it.

No person stands in the log, so the page needs no sign-in and is the same for everybody. The files
themselves lie below the same address and are served without any of this.
"""

from __future__ import annotations

import asyncio
from typing import Final

from django.http import HttpRequest, HttpResponse

from liangming.check.premises import Record
from liangming.check.receipt.codes import NO_LOG
from liangming.clock import from_micros
from liangming.errors import LiangmingError, Outage
from liangming.ledger import Absent, Checkpoint, Trust, open_checkpoint
from liangming.ledger.circle import Standing
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
}

STEPS: Final = (
    Text(
        "存下现在的签名。以后拿它对比，就知道旧的记录有没有被改过：",
        "Keep the head of today. Held against a later one it shows whether the old record was changed:",
    ),
    Text(
        "取走全部文件，逐字节核验。不用联网，也可以用别人写的软件（C2SP tlog-tiles）：",
        "Fetch all files and verify every byte, offline, with our program or another's (C2SP tlog-tiles):",
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
            "witnesses": [_said(standing) for standing in record.standing()],
            "commands": (
                "curl -O https://…/log/checkpoint\nliangming ledger watch checkpoint --log FOLDER --key KEY",
                "liangming ledger fsck --log FOLDER --key KEY",
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
