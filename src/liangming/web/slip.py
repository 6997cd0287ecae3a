"""A form that anybody may send, once: signed when it is shown, spent when it is sent.

No picture puzzle and no other host. A form that comes back faster than anybody reads, later than
half a day, or without our signature is not taken; the same form sent twice leads to the same thing,
because its number comes from the slip. Nothing is stored until it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from liangming import ids
from liangming.clock import micros
from liangming.errors import Misuse
from liangming.web.faults import SLIP_UNFIT
from liangming.web.house import House

SOONEST: Final = timedelta(seconds=3)
LATEST: Final = timedelta(hours=12)
_PARTS: Final = 3


def issue(house: House, at: datetime) -> str:
    """A fresh slip, to stand hidden in a form."""
    body = f"{micros(at)}.{secrets.token_hex(10)}"
    return f"{body}.{_tag(house, body)}"


def spend(house: House, prefix: str, slip: str, at: datetime) -> str:
    """The identifier that this slip stands for.

    Raises:
        Misuse: ``web.slip-unfit``: not ours, too fast or too old.
    """
    parts = slip.split(".")
    if len(parts) != _PARTS or not parts[0].isdecimal():
        raise Misuse(SLIP_UNFIT)
    body = f"{parts[0]}.{parts[1]}"
    if not hmac.compare_digest(_tag(house, body).encode(), parts[2].encode()):
        raise Misuse(SLIP_UNFIT)
    age = timedelta(microseconds=micros(at) - int(parts[0]))
    if not SOONEST <= age <= LATEST:
        raise Misuse(SLIP_UNFIT)
    chance = hashlib.sha256(body.encode()).digest()[:10]
    millis = int(parts[0]) // 1000
    return ids.of_number(prefix, millis << 80 | int.from_bytes(chance, "big"))


def stranger(request: HttpRequest) -> str | None:
    """Where a caller comes from, as a key that is never stored; None behind a proxy of one's own.

    Behind a proxy everybody has its address, so it says nothing about anybody.
    """
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if not address.is_global:
        return None
    wide = ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False)  # noqa: PLR2004
    return hashlib.sha256(str(wide).encode()).hexdigest()


def _tag(house: House, body: str) -> str:
    return hmac.new(house.key("slip"), body.encode(), hashlib.sha256).hexdigest()[:32]
