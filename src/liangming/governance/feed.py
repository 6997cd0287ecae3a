"""The board as a calendar: RFC 5545, one all-day event on each duty's last day, nothing about anybody.

Written by hand: one kind of component with fixed properties is the whole need. Lines end in CRLF
and are folded at 75 octets, between characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from liangming.clock import in_utc
from liangming.governance.duty import Duty

MEDIA: Final = "text/calendar; charset=utf-8"
_OCTETS: Final = 75


def calendar(duties: Iterable[Duty], now: datetime, *, english: bool = False) -> bytes:
    """The feed; a calendar program that fetches it again replaces what it had (same UIDs)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Liangming//duties//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{'Liangming duties' if english else '亮明义务'}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for duty in duties:
        lines += _event(duty, now, english=english)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(duty: Duty, now: datetime, *, english: bool) -> list[str]:
    late = duty.is_late(now)
    title = duty.title.en if english else duty.title.zh
    mark = ("LATE: " if english else "逾期：") if late else ""
    if duty.at_once:
        mark = "AT ONCE: " if english else "立即："
    told = [duty.late.en if english else duty.late.zh, duty.article, duty.owner, duty.do]
    return [
        "BEGIN:VEVENT",
        f"UID:{duty.id}@liangming",
        f"DTSTAMP:{in_utc(now):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{duty.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{duty.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(mark + title)}",
        f"DESCRIPTION:{_text(chr(10).join(told))}",
        f"CATEGORIES:{duty.kind.value}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        "TRIGGER:-P2D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, "\\" + sign)
    return words.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A content line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > _OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    pieces.append(piece)
    return b"\r\n".join(pieces) + b"\r\n"
