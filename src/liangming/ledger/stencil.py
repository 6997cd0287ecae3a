"""The leaf of an event that comes back all day, with little more than its time and check open.

:func:`~liangming.ledger.leaf.commit` looks at each event anew: its kind, its facts, their forms,
their order. Events of one kind with the same facts differ in little but when and in which check
they happened, so a stencil does all of that once and keeps the bytes. What is left for each leaf
is what the specification asks for and nothing can remember: salts of its own, a hash a field, and
one over them. The leaf is the same to the byte (tests/ledger/test_stencil.py).

The function is written for a number of fields, since calling through a loop costs as much as a
hash; only positions enter its source, all bytes of events are bound constants.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from liangming.errors import Misuse
from liangming.ledger.codes import LEAF_KEY_UNFIT
from liangming.ledger.leaf import (
    FIELD_LABEL,
    KEY_BYTES,
    LEAF_LABEL,
    SALT_BYTES,
    SALTS_LABEL,
    VERSION,
    Event,
    FactValue,
    canonical_fields,
    canonical_value,
)

Cut = Callable[..., bytes]
"""From the key and the spelled open fields to the leaf."""

ALWAYS_OPEN: Final = ("at", "check")


class Stencil:
    """One event of a check, prepared.

    Args:
        event: an example; its time, its check and the facts named in ``more`` are left open.
        index: number of the event within its check.
        more: facts that differ from check to check.

    Raises:
        Misuse: as :func:`~liangming.ledger.leaf.commit`.
    """

    __slots__ = ("_cut",)

    def __init__(self, event: Event, index: int, more: tuple[str, ...] = ()) -> None:
        fields = canonical_fields(event, index)
        names = [name.decode() for name, _ in fields]
        tails = [name + b"\x00" + value for name, value in fields]
        places = tuple(names.index(name) for name in (*ALWAYS_OPEN, *more))
        self._cut: Cut = _writer(len(fields), places)(tails, SALTS_LABEL, index.to_bytes(8, "big"))

    def leaf(self, leaf_key: bytes, *spelled: bytes) -> bytes:
        """The leaf under this key.

        Args:
            leaf_key: 32 secret bytes of the check.
            spelled: the open fields as :func:`spell` writes them: time, check, then ``more``.

        Raises:
            Misuse: ``ledger.leaf-key-unfit``.
        """
        if len(leaf_key) != KEY_BYTES:
            raise Misuse(LEAF_KEY_UNFIT)
        return self._cut(leaf_key, *spelled)


def spell(name: str, value: FactValue) -> bytes:
    """A field in the form in which it enters a leaf.

    Raises:
        Misuse: ``ledger.fact-unfit``.
    """
    return name.encode() + b"\x00" + canonical_value(value)


@cache
def _writer(count: int, places: tuple[int, ...]) -> Callable[[list[bytes], bytes, bytes], Cut]:
    """A function that makes cutters for this many fields with these left open."""
    numbers = range(count)
    salts = "".join(f"s{n}, " for n in numbers)
    tails = [f"o{n}" if n in places else f"t{n}" for n in numbers]
    hashes = "".join(f"sha(F + s{n} + {tail}).digest(), " for n, tail in enumerate(tails))
    source = "\n".join(
        (
            "def write(tails, label, index):",
            f" {''.join(f't{n}, ' for n in numbers)} = tails",
            f" def cut(key, {', '.join(f'o{n}' for n in places)}):",
            f"  {salts} = parts(shake(label + key + index).digest({count * SALT_BYTES}))",
            f"  return HEAD + sha(join((LEAF, {hashes}))).digest()",
            " return cut",
        )
    )
    constants: dict[str, Any] = {
        "F": FIELD_LABEL,
        "HEAD": bytes((VERSION,)),
        "LEAF": LEAF_LABEL,
        "join": b"".join,
        "parts": struct.Struct(f"{SALT_BYTES}s" * count).unpack,
        "sha": hashlib.sha256,
        "shake": hashlib.shake_256,
    }
    exec(compile(source, "<stencil>", "exec"), constants)  # noqa: S102  (our own text: see the module)
    write: Callable[[list[bytes], bytes, bytes], Cut] = constants["write"]
    return write
