"""The leaf of an event that comes back all day, with only its time, check and key open.

:func:`~liangming.ledger.leaf.commit` looks at each event anew: its kind, its facts, their forms,
their order. Events of one kind with the same facts differ in nothing but when and in which check
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
    canonical_fields,
    canonical_value,
)

Cut = Callable[[bytes, bytes, bytes], bytes]
"""From the key and the spelled time and check to the leaf."""

_AT: Final = b"at"
_CHECK: Final = b"check"


class Stencil:
    """One event of a check, prepared.

    Args:
        event: with any time and check; both are left open.
        index: number of the event within its check.

    Raises:
        Misuse: as :func:`~liangming.ledger.leaf.commit`.
    """

    __slots__ = ("_cut",)

    def __init__(self, event: Event, index: int) -> None:
        fields = canonical_fields(event, index)
        names = [name for name, _ in fields]
        tails = [b"" if name in (_AT, _CHECK) else name + b"\x00" + value for name, value in fields]
        write = _writer(len(fields), names.index(_AT), names.index(_CHECK))
        self._cut: Cut = write(tails, SALTS_LABEL, index.to_bytes(8, "big"))

    def leaf(self, leaf_key: bytes, at: bytes, check: bytes) -> bytes:
        """The leaf under this key.

        Args:
            leaf_key: 32 secret bytes of the check.
            at: the time as :func:`spelled` writes it.
            check: the check's id, likewise.

        Raises:
            Misuse: ``ledger.leaf-key-unfit``.
        """
        if len(leaf_key) != KEY_BYTES:
            raise Misuse(LEAF_KEY_UNFIT)
        return self._cut(leaf_key, at, check)


def spelled(at_micros: int, check_id: str) -> tuple[bytes, bytes]:
    """Time and check in the form in which they enter every leaf of a check.

    Raises:
        Misuse: ``ledger.fact-unfit``.
    """
    return (
        _AT + b"\x00" + canonical_value(at_micros),
        _CHECK + b"\x00" + canonical_value(check_id),
    )


@cache
def _writer(count: int, at: int, check: int) -> Callable[[list[bytes], bytes, bytes], Cut]:
    """A function that makes cutters for this many fields with these two left open."""
    salts = "".join(f"s{n}, " for n in range(count))
    tails = ["at" if n == at else "check" if n == check else f"t{n}" for n in range(count)]
    hashes = "".join(f"sha(F + s{n} + {tail}).digest(), " for n, tail in enumerate(tails))
    source = "\n".join(
        (
            "def write(tails, label, index):",
            f" {''.join(f't{n}, ' for n in range(count))} = tails",
            " def cut(key, at, check):",
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
