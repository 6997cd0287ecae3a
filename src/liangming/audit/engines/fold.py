"""Words to cells, quickly: conditions are asked of each *different* word once, then added up.

A fleet has millions of words by place, but few different ones. The conditions (``questions.cells``)
are asked of those in memory, by the same lines as in an engine, which gives a matrix of 0 and 1;
the sums are its product with the counts, in exact 64-bit integers. Where words hardly repeat, the
whole expression is run instead. A test holds both to the same cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, cast

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from liangming.audit.engines.database import database, heeding
from liangming.audit.engines.duck import sql
from liangming.audit.engines.numbering import Column, Numbering
from liangming.audit.questions.cells import cells, conditions
from liangming.audit.questions.reading import WORDS, Row, Word, parts
from liangming.audit.questions.words import COUNTS, DAY_BIT, KEYS
from liangming.audit.schema import BANDS, CELL_KEYS, CELL_SUMS

MANY: Final = 20_000
"""Different words beyond which the whole expression is the better way."""

PLACE: Final = ("place", "clerk", "outlet", "operator")
"""What tells places apart, first what says most of the rest: an operator is mostly an outlet's."""
SAID: Final = ("ways", "facts", "known")

Codes = NDArray[np.int64]
Indices = NDArray[np.int32]
Sums = Mapping[str, Sequence[str]]
"""Names of sums, by what they add."""
_WIDE: Final = 63
"""Bits of a number without its sign."""
ROOMY: Final = 8
"""How many slots a row may take in a table by code; beyond, codes are hashed."""


def fold(words: pa.Table) -> pa.Table:
    """The cells of some words, sorted by nothing; rows that were left out do not count."""
    if not words.num_rows or (pc.min(words["place"]).as_py() or 0) < 0:
        words = words.filter(pc.greater_equal(words["place"], 0))
    if not words.num_rows:
        return _empty()
    kept = words.combine_chunks(pa.system_memory_pool())
    word, different = _numbered(kept, SAID)
    if len(different["ways"]) > MANY:
        return whole(kept)
    place, firsts = _placed(kept)
    shape = (len(firsts), len(different["ways"]))
    most = int(np.bincount(place).max())
    nothing = np.zeros(len(firsts), np.int64)
    sums = {column.name: nothing for column in CELL_SUMS}
    for weights, alike in _indicators(different).items():
        for packed, here in _packed(kept, weights, most):
            counts = sparse.coo_array((packed, (place, word)), shape=shape)
            sums |= dict(_added(counts, alike, here))
    return _cells(kept.select(PLACE).take(pa.array(firsts)), sums)


def _packed(
    words: pa.Table, weights: Sequence[str], most: int
) -> Iterator[tuple[Codes, list[tuple[str, int]]]]:
    """Weights that the same words count for, several in one number; none that is 0 in every row.

    Args:
        weights: what is added.
        most: how many rows are added to one sum, at most.

    Yields:
        The numbers, and of each weight, the lowest first, its name and how many bits its sum needs.
    """
    packed: Codes | None = None
    here: list[tuple[str, int]] = []
    used = 0
    for weight in weights:
        values = _values(words, weight)
        bits = (int(values.max()) * most).bit_length()
        if not bits:
            continue
        if packed is not None and used + bits <= _WIDE:
            packed = packed + (values << used)
        else:
            if packed is not None:
                yield packed, here
            packed, here, used = values, [], 0
        here.append((weight, bits))
        used += bits
    if packed is not None:
        yield packed, here


def _added(
    counts: sparse.coo_array, alike: Mapping[bytes, Sums], here: Sequence[tuple[str, int]]
) -> Iterator[tuple[str, Codes]]:
    """The sums of some weights; several stand in one number while they are added, for none is too large.

    Args:
        counts: the weights packed, by place and word.
        alike: which words count for which sums.
        here: the weights, and how many bits each takes.
    """
    bits = sum(each for _, each in here)
    many = max(1, _WIDE // bits)
    matrix = np.zeros((counts.shape[1], -(-len(alike) // many)), np.int64)
    for at, said in enumerate(alike):
        matrix[:, at // many] += np.frombuffer(said, np.bool_).astype(np.int64) << at % many * bits
    added = np.asfortranarray(counts @ matrix)
    for at, names in enumerate(alike.values()):
        first = at % many * bits
        for weight, each in here:
            values = added[:, at // many] >> first & ((1 << min(each, _WIDE)) - 1)
            first += each
            yield from ((name, values) for name in names.get(weight, ()))


def _cells(at: pa.Table, sums: dict[str, Codes]) -> pa.Table:
    word = at["place"].to_numpy()
    keys = {
        "day": (word >> DAY_BIT).astype(np.int32),
        **{name: at[name].cast(pa.string()) for name in ("operator", "outlet", "clerk")},
        "scene_kind": (word >> 4 & 63).astype(np.int32),
        "province": (word >> 10 & ((1 << 20) - 1)).astype(np.int32),
        "channel": (word & 15).astype(np.int32),
    }
    return pa.table({**keys, **{column.name: sums[column.name] for column in CELL_SUMS}})


def whole(words: pa.Table) -> pa.Table:
    """The same by the whole expression, in DuckDB."""
    columns = {name: "string" if name in KEYS[:3] else "int64" for name in (*KEYS, *COUNTS)}
    asked = sql(cells(ibis.table(columns, name="words")))
    with (
        tempfile.TemporaryDirectory(prefix="liangming-audit-") as name,
        database(Path(name)) as held,
    ):
        held.register("words", words)
        return heeding(held, lambda: held.sql(asked).to_arrow_table())


def _values(words: pa.Table, weight: str) -> Codes:
    values: Codes = words["n" if weight == "night" else weight].to_numpy()
    if weight == "night":
        for later in BANDS[1:]:
            values = values - words[later].to_numpy()
    return values


def _indicators(said: dict[str, Codes]) -> dict[tuple[str, ...], dict[bytes, Sums]]:
    """Which words count for which sums; weights that the same words count for stand together.

    What all words answer alike stands once.

    Args:
        said: different words.
    """
    word = Word(cast("Row", {**said, **parts(cast("Row", said), *WORDS)}))
    found: dict[str, dict[bytes, list[str]]] = {}
    for name, condition, weight in conditions(word):
        counts = cast("NDArray[np.bool_]", condition)
        if counts.any():
            found.setdefault(weight, {}).setdefault(counts.tobytes(), []).append(name)
    together: dict[frozenset[bytes], list[str]] = {}
    for weight, alike in found.items():
        together.setdefault(frozenset(alike), []).append(weight)
    return {
        tuple(weights): {
            counts: {weight: found[weight][counts] for weight in weights} for counts in alike
        }
        for alike, weights in together.items()
    }


def _numbered(words: pa.Table, names: Sequence[str]) -> tuple[Indices, dict[str, Codes]]:
    """The number of each row's word, and the different words by it."""
    numbers = Numbering(len(names))
    columns = [words[name].to_numpy() for name in names]
    alike: list[Column] = [
        int(column[0]) if at and (column == column[0]).all() else column
        for at, column in enumerate(columns)
    ]
    number = (numbers.number(alike, words.num_rows) - 1).astype(np.int32)
    return number, {name: numbers.column(at)[1:] for at, name in enumerate(names)}


def _placed(words: pa.Table) -> tuple[Indices, Indices]:
    """The number of each row's place, and the first row of each of them."""
    number, firsts = np.zeros(words.num_rows, np.int32), np.zeros(1, np.int32)
    for name in PLACE:
        more, size = _coded(words[name])
        if not np.array_equal(more.take(firsts).take(number), more):  # it tells more of them apart
            code = number.astype(np.int64) * size + more
            number, firsts = _renumbered(code, len(firsts) * size)
    return number, firsts


def _renumbered(code: Codes, below: int) -> tuple[Indices, Indices]:
    """Numbers from 0 without a gap, one for each different code, and the first row of each of them."""
    if below <= ROOMY * len(code):
        first = np.full(below, -1, np.int32)
        first[code[::-1]] = np.arange(len(code) - 1, -1, -1, dtype=np.int32)  # the last one stays
        there = np.flatnonzero(first >= 0)
        firsts = first.take(there)
        first[there] = np.arange(len(there), dtype=np.int32)
        return first.take(code), firsts
    number = _codes(pa.array(code))
    firsts = np.flatnonzero(np.diff(np.maximum.accumulate(number), prepend=-1)).astype(np.int32)
    return number, firsts


def _coded(column: pa.ChunkedArray) -> tuple[Indices, int]:
    """A number for each different value, and below which they are."""
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        names = values.dictionary
        if len(names.unique()) == len(names):
            return values.indices.to_numpy(), len(names)
        values = values.dictionary_decode()
    codes = _codes(values)
    return codes, int(codes.max()) + 1


def _codes(values: pa.Array) -> Indices:
    """Numbers from 0, one for each different value, as they come."""
    codes: Indices = values.dictionary_encode().indices.to_numpy()
    return codes


def _empty() -> pa.Table:
    types = {"int32": pa.int32(), "string": pa.string()}
    fields = [pa.field(name, types[kind]) for name, kind in CELL_KEYS.items()]
    return pa.schema([*fields, *(pa.field(c.name, pa.int64()) for c in CELL_SUMS)]).empty_table()
