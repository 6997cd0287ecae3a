"""What was sent by hand (报送记录): a paper is written here, and somebody brings it to whom it is for.

No authority's system is connected. So that a duty ends with evidence and not with a tick, whoever sent a
paper says when, by which channel, under which reference, and may add the SHA-256 of the receipt or of
what was sent. In time or late is judged by when it was sent, not by when that was written down.
"""

from __future__ import annotations

import enum
import re
from datetime import datetime
from typing import Final

import msgspec

from liangming.clock import micros
from liangming.errors import Kind, Misuse, declare
from liangming.scene.model import Text

REFERENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]{0,79}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

UNFIT: Final = declare(
    "governance.sent-unfit",
    Kind.INVALID,
    zh="请写明怎样送出：时间不早于起算、不晚于现在，渠道从列表里选，编号以字母开头（不写姓名和号码），"
    "凭证的 SHA-256 是 64 位十六进制，可空。",
    en="Please say how it was sent: a time between the beginning and now, a channel from the list, a reference that"
    " begins with a letter (no names or numbers); the SHA-256 of the proof has 64 hexadecimal digits, or is left out.",
)


class Channel(enum.StrEnum):
    """How it went out."""

    SYSTEM = "system"  # 主管部门的业务系统
    HAND = "hand"  # 当面递交
    POST = "post"  # 邮寄
    MAIL = "e-mail"  # 电子邮件
    PHONE = "phone"  # 电话
    SMS = "sms"  # 短信
    PUBLIC = "public"  # 公告


CHANNELS: Final = {
    Channel.SYSTEM: Text("主管部门的业务系统", "the authority's own system"),
    Channel.HAND: Text("当面递交", "by hand"),
    Channel.POST: Text("邮寄", "by post"),
    Channel.MAIL: Text("电子邮件", "by e-mail"),
    Channel.PHONE: Text("电话", "by telephone"),
    Channel.SMS: Text("短信", "by text message"),
    Channel.PUBLIC: Text("公告", "by public notice"),
}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One paper as it was sent.

    Attributes:
        at: when, by whoever sent it.
        reference: the receipt's, or the paper's own.
        proof: SHA-256 of the receipt or of what was sent, in hexadecimal; may be empty.
    """

    at: datetime
    channel: Channel
    reference: str
    proof: str = ""

    @property
    def how(self) -> Text:
        """The channel in words."""
        return CHANNELS[self.channel]

    @property
    def facts(self) -> dict[str, str | int]:
        """As the log has it."""
        return {
            "sent_at": micros(self.at),
            "channel": self.channel.value,
            "reference": self.reference,
            "proof": self.proof,
        }


SENT_FACTS: Final = ("sent_at", "channel", "reference", "proof")


def must_fit(sent: Sent, *, since: datetime, now: datetime) -> None:
    """Hold back what cannot be.

    Args:
        sent: as it was said.
        since: when there was first something to send.
        now: nothing was sent later.

    Raises:
        Misuse: ``governance.sent-unfit``, naming the field.
    """
    wrong = {
        "reference": REFERENCE.fullmatch(sent.reference) is None,
        "sent": not since.replace(second=0, microsecond=0) <= sent.at <= now,  # forms know minutes
        "proof": bool(sent.proof) and _DIGEST.fullmatch(sent.proof) is None,
    }
    for field, bad in wrong.items():
        if bad:
            raise Misuse(UNFIT, field=field)
