"""A record's fields as the bytes that are sealed, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from liangming.errors import Misuse
from liangming.vault import codes

PAD_TO: Final = 64
_FILL: Final = tuple(b" " * (-size % PAD_TO) for size in range(PAD_TO))

_encode = msgspec.json.Encoder(order="sorted").encode

fields_of = msgspec.json.Decoder(dict[str, str]).decode
"""The fields in a record's plaintext."""


def plaintext(fields: Mapping[str, str]) -> bytes:
    """JSON with sorted names, filled with spaces, which JSON allows at the end.

    Raises:
        Misuse: ``vault.fields-malformed``.
    """
    for name, value in fields.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise Misuse(codes.FIELDS_MALFORMED)
    try:
        text = _encode(fields if type(fields) is dict else dict(fields))
    except (UnicodeEncodeError, TypeError):
        text = b""
    if not text:  # raised out here, for the library's error would carry the value along
        raise Misuse(codes.FIELDS_MALFORMED)
    return text + _FILL[len(text) % PAD_TO]
