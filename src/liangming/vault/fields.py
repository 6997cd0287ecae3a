"""A record's fields as the bytes that are sealed, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
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
    return plaintexts([fields])[0]


def plaintexts(many: Sequence[Mapping[str, str]]) -> list[bytes]:
    """As :func:`plaintext`, of many records; whether names and values are texts is asked once for all.

    Raises:
        Misuse: ``vault.fields-malformed``: one of them is.
    """
    values = chain.from_iterable([fields.values() for fields in many])
    kinds = {*map(type, chain.from_iterable(many)), *map(type, values)}
    texts: list[bytes] = []
    if all(issubclass(kind, str) for kind in kinds):
        try:
            texts = [_encode(each if type(each) is dict else dict(each)) for each in many]
        except (UnicodeEncodeError, TypeError):
            texts = []
    if not texts and many:  # raised out here, for the library's error would carry the value along
        raise Misuse(codes.FIELDS_MALFORMED)
    return [text + _FILL[len(text) % PAD_TO] for text in texts]
