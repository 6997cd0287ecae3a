"""The leaves of events that come back all day, with little more than their time and check open.

:func:`~liangming.ledger.leaf.commit` looks at each event anew: its kind, its facts, their forms,
their order. Events of one kind with the same facts differ in little but when and in which check
they happened, so stencils do all of that once and keep the bytes. What is left for each leaf
is what the specification asks for and nothing can remember: salts of its own, a hash a field, and
one over them. The leaf is the same to the byte (tests/ledger/test_stencil.py).

One function is written for all the events of a check, since calling through a loop costs as much as
a hash; only positions enter its source, all bytes of events are bound constants.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
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

try:  # Python's own has no context to make and to copy: what fits into one block costs a fifth less
    from _sha256 import sha256 as _of_one_block  # type: ignore[import-not-found, unused-ignore]
except ImportError:  # pragma: no cover  (since 3.12 it is another one, by another name)
    _of_one_block = hashlib.sha256

Cut = Callable[..., bytes]
"""From the key and the spelled open fields to the leaves, one behind another."""

ALWAYS_OPEN: Final = ("at", "check")
_BLOCK: Final = 55  # bytes that SHA-256 takes in one step, with its padding
_SHORT: Final = _BLOCK - len(FIELD_LABEL) - SALT_BYTES
_CONSTANT, _SHORT_CONSTANT = -1, -2


class Stencils:
    """The events of a check, prepared.

    Args:
        events: examples, numbered from ``first``; their time, their check and the facts named in
            ``more`` are left open. All of a check's events happen at one moment.
        more: facts that differ from check to check: which event of these, and its name.
        first: number of the first event within its check.

    Raises:
        Misuse: as :func:`~liangming.ledger.leaf.commit`.
    """

    __slots__ = ("_cut",)

    def __init__(
        self, events: Sequence[Event], more: tuple[tuple[int, str], ...] = (), first: int = 0
    ) -> None:
        shapes: list[Shape] = []
        tails: list[bytes] = []
        for number, event in enumerate(events):
            fields = canonical_fields(event, first + number)
            opened = {name.encode(): n for n, name in enumerate(ALWAYS_OPEN)}
            for n, (of, name) in enumerate(more, len(ALWAYS_OPEN)):
                if of == number:
                    opened[name.encode()] = n
            tails += [name + b"\x00" + value for name, value in fields]
            shapes.append(
                tuple(
                    opened.get(name, _SHORT_CONSTANT if len(tail) <= _SHORT else _CONSTANT)
                    for (name, _), tail in zip(fields, tails[-len(fields) :], strict=True)
                )
            )
        write = _writer(tuple(shapes), len(ALWAYS_OPEN) + len(more))
        numbers = [(first + n).to_bytes(8, "big") for n in range(len(events))]
        self._cut: Cut = write(tails, numbers)

    def leaves(self, leaf_key: bytes, *spelled: bytes) -> bytes:
        """The leaves under this key, one behind another.

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


Shape = tuple[int, ...]
"""Of one event: for each field the number of the open field that it is; -1 for another one, -2 where one block holds it."""


@lru_cache(maxsize=256)
def _writer(shapes: tuple[Shape, ...], places: int) -> Callable[[list[bytes], list[bytes]], Cut]:
    """A function that makes cutters for events of these shapes."""
    lines, leaves, field = [], [], 0
    for number, shape in enumerate(shapes):
        salts = "".join(f"s{n}, " for n in range(len(shape)))
        size = len(shape) * SALT_BYTES
        lines.append(f"  {salts} = parts{len(shape)}(shake(label + i{number}).digest({size}))")
        hashes = ""
        for n, place in enumerate(shape):
            tail = f"o{place}" if place >= 0 else f"t{field}"
            sha = "short" if place == _SHORT_CONSTANT else "sha"
            hashes += f"{sha}(F + s{n} + {tail}).digest(), "
            field += 1
        lines.append(f"  l{number} = sha(join((LEAF, {hashes}))).digest()")
        leaves.append(f"HEAD, l{number}")
    source = "\n".join(
        (
            "def write(tails, numbers):",
            f" {''.join(f't{n}, ' for n in range(field))} = tails",
            f" {''.join(f'i{n}, ' for n in range(len(shapes)))} = numbers",
            f" def cut(key, {', '.join(f'o{n}' for n in range(places))}):",
            "  label = SALTS + key",
            *lines,
            f"  return join(({', '.join(leaves)}))",
            " return cut",
        )
    )
    constants: dict[str, Any] = {
        "F": FIELD_LABEL,
        "HEAD": bytes((VERSION,)),
        "LEAF": LEAF_LABEL,
        "SALTS": SALTS_LABEL,
        "join": b"".join,
        "sha": hashlib.sha256,
        "shake": hashlib.shake_256,
        "short": _of_one_block,
    }
    for count in {len(shape) for shape in shapes}:
        constants[f"parts{count}"] = struct.Struct(f"{SALT_BYTES}s" * count).unpack
    exec(compile(source, "<stencil>", "exec"), constants)  # noqa: S102  (our own text: see the module)
    write: Callable[[list[bytes], list[bytes]], Cut] = constants["write"]
    return write
