"""Recognisable people who do not exist, and a search for them in any bytes, however written."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BORN = "19370519"


def resident(order: int) -> str:
    """A resident number of the unallocated region, born on a day nobody here was born."""
    body = f"990102{BORN}{order:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def checked(field: str) -> str:
    """A field of a machine-readable zone with its check digit (ICAO 9303-3, 4.9)."""
    values = [int(c, 36) if c != "<" else 0 for c in field]
    return field + str(sum(v * (7, 3, 1)[n % 3] for n, v in enumerate(values)) % 10)


def passport(number: str, name: str, expires: str) -> tuple[str, str]:
    """The two lines of a passport of Utopia (ICAO 9303-4, 4.2)."""
    parts = (checked(number), checked("370519"), checked(expires), checked("<" * 14))
    last = checked("".join(parts))[-1]
    return (
        f"P<UTO{name}".ljust(44, "<"),
        f"{parts[0]}UTO{parts[1]}F{parts[2]}{parts[3]}{last}",
    )


CARD = resident(7)
CARDS = tuple(resident(order) for order in range(100, 140))
NAME = "金丝雀甲"
WAYBILL = "金丝雀乙"
PHONE = "19900001111"
ORGANISATION = "金丝雀测试有限公司"
USCC = "91350100M000100Y43"  # printed in GB 32100 as its example
PASSPORT = "K99110022"
MRZ = passport(PASSPORT, "KANARIA<<ZWOELF", "351231")
OLD_MRZ = passport(PASSPORT, "KANARIA<<ZWOELF", "120415")
REFERENCE = "JSQ-VOUCHER-7719"  # of a credential or a ticket
PLANTED = (
    *(CARD, BORN, "1937-05-19", *CARDS, NAME, WAYBILL, "金丝雀", PHONE, ORGANISATION, USCC),
    *(PASSPORT, "KANARIA", "ZWOELF", *MRZ, *OLD_MRZ, REFERENCE),
)


def writings(value: str) -> Iterator[bytes]:
    """The ways in which software writes a text down, whole digests among them (I8)."""
    plain = value.encode()
    yield plain
    yield from (value.lower().encode(), value.encode("utf-16-le"), value.encode("utf-16-be"))
    yield value.encode("gb18030")
    yield from (quote(value).encode(), quote(value).lower().encode(), quote_plus(value).encode())
    escaped = json.dumps(value)[1:-1]
    yield from (escaped.encode(), escaped.upper().replace("\\U", "\\u").encode())
    yield "".join(f"&#{ord(c)};" for c in value).encode()
    yield repr(plain)[2:-1].encode()  # how Python shows bytes
    yield plain.hex().encode()
    if len(plain) < 9:
        return  # too short: its digest or base64 may stand there by chance
    for shift in range(3):  # base64 differs with the place in the text around
        coded = base64.b64encode(bytes(shift) + plain).rstrip(b"=")
        inner = coded[(0, 2, 3)[shift] : -1]
        yield from (inner, inner.replace(b"+", b"-").replace(b"/", b"_"))
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.blake2b):
        hashed = digest(plain)
        yield from (hashed.digest(), hashed.hexdigest().encode())


@lru_cache(maxsize=1)
def _needles() -> tuple[tuple[bytes, str], ...]:
    return tuple({form: value for value in PLANTED for form in writings(value)}.items())


def found(data: bytes, where: str) -> list[str]:
    """Which planted values stand in these bytes, and where."""
    return [f"{value} in {where}" for needle, value in _needles() if needle in data]


def found_in(folder: Path, since: Path | None = None) -> list[str]:
    """The same for every file of a folder, and for every name of one.

    Args:
        since: only files that were written after this folder was made.
    """
    hits: list[str] = []
    made = since.stat().st_mtime - 1 if since is not None else 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_mtime < made:
            continue
        hits += found(str(path.relative_to(folder)).encode(), f"the name {path.name}")
        if path.is_file():
            data = path.read_bytes()
            hits += found(data, path.name)
            if data[:2] == b"\x1f\x8b":
                hits += found(gzip.decompress(data), path.name)
    return hits
