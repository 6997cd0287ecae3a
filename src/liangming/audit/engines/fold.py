"""Words to cells, quickly: conditions are asked of each *different* word once, then added up.

A fleet has millions of words by place, but few different ones. The conditions (``questions.cells``)
are asked of those in memory, by the same lines as in an engine, which gives a matrix of 0 and 1;
the sums are its product with the counts, in exact 64-bit integers. Where words hardly repeat, the
whole expression is run instead. A test holds both to the same cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from liangming.audit.engines.counting import sorted_by
from liangming.audit.engines.database import database, heeding
from liangming.audit.engines.duck import sql
from liangming.audit.engines.numbering import Numbering
from liangming.audit.questions.cells import cells, conditions
from liangming.audit.questions.reading import WORDS, Row, Word, parts
from liangming.audit.questions.words import COUNTS, DAY_BIT, KEYS
from liangming.audit.schema import BANDS, CELL_KEYS, CELL_SUMS

MANY: Final = 20_000
"""Different words beyond which the whole expression is the better way."""

PLACE: Final = ("operator", "outlet", "clerk", "place")

Codes = NDArray[np.int64]
_WIDE: Final = 63
"""Bits of a number without its sign."""


def fold(words: pa.Table) -> pa.Table:
    """The cells of some words, sorted by nothing; rows that were left out do not count."""
    if not words.num_rows or (pc.min(words["place"]).as_py() or 0) < 0:
        words = words.filter(pc.greater_equal(words["place"], 0))
    if not words.num_rows:
        return _empty()
    kept = words.combine_chunks(pa.system_memory_pool())
    number, firsts = _numbered(kept, ("ways", "facts", "known"))
    if len(firsts) > MANY:
        return whole(kept)
    order, borders = sorted_by([_coded(kept[n]) for n in PLACE], kept.num_rows)
    places, starts, columns = order[borders], np.append(borders, len(order)), number[order]
    nothing = np.zeros(len(places), np.int64)
    sums = {column.name: nothing for column in CELL_SUMS}
    for weight, alike in _indicators(
        kept.select(["ways", "facts", "known"]).take(pa.array(firsts))
    ).items():
        values = _values(kept, weight).take(order)
        if not values.any():
            continue
        counts = sparse.csr_array((values, columns, starts), shape=(len(places), len(firsts)))
        bits = int(np.add.reduceat(values, starts[:-1]).max()).bit_length()
        sums |= dict(_added(counts, alike, max(1, _WIDE // bits), bits))
    return _cells(kept.select(PLACE).take(pa.array(places)), sums)


def _added(
    counts: sparse.csr_array, alike: dict[bytes, list[str]], many: int, bits: int
) -> Iterator[tuple[str, Codes]]:
    """The sums of one weight; several stand in one number while they are added, for none is too large.

    Args:
        counts: the weight, by place and word.
        alike: which words count for which sums.
        many: how many stand in one number.
        bits: how many of it each sum has.
    """
    names = list(alike.values())
    matrix = np.zeros((counts.shape[1], -(-len(names) // many)), np.int64)
    for at, said in enumerate(alike):
        matrix[:, at // many] += np.frombuffer(said, np.bool_).astype(np.int64) << at % many * bits
    added = np.asfortranarray(counts @ matrix)
    for at, same in enumerate(names):
        values = added[:, at // many] >> at % many * bits
        yield from ((name, values & ((1 << bits) - 1)) for name in same)


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
    if weight != "night":
        values: Codes = words[weight].to_numpy()
        return values
    later: Codes = np.sum([words[name].to_numpy() for name in BANDS[1:]], axis=0)
    return _values(words, "n") - later


def _indicators(words: pa.Table) -> dict[str, dict[bytes, list[str]]]:
    """By what is added: which words count for which sums; what all words answer alike stands once."""
    said = {name: words[name].to_numpy() for name in ("ways", "facts", "known")}
    plain = cast("Row", said)
    word = Word(cast("Row", {**said, **parts(plain, *WORDS)}))
    found: dict[str, dict[bytes, list[str]]] = {}
    for name, condition, weight in conditions(word):
        counts = cast("NDArray[np.bool_]", condition)
        if counts.any():
            found.setdefault(weight, {}).setdefault(counts.tobytes(), []).append(name)
    return found


def _numbered(table: pa.Table, names: Sequence[str]) -> tuple[Codes, Codes]:
    """Each row's number among the different combinations, and the first row of each of them."""
    numbers = Numbering(len(names))
    number = numbers.number([table[name].to_numpy() for name in names], table.num_rows) - 1
    firsts = np.full(numbers.size - 1, -1, np.int64)
    firsts[number[::-1]] = np.arange(table.num_rows - 1, -1, -1)
    return number, firsts


def _coded(column: pa.ChunkedArray) -> Codes:
    """A small number for each different value."""
    codes = column.combine_chunks().dictionary_encode().indices
    return np.asarray(codes.to_numpy(), np.int64)


def _empty() -> pa.Table:
    types = {"int32": pa.int32(), "string": pa.string()}
    fields = [pa.field(name, types[kind]) for name, kind in CELL_KEYS.items()]
    return pa.schema([*fields, *(pa.field(c.name, pa.int64()) for c in CELL_SUMS)]).empty_table()
