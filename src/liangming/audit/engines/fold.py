"""Words to cells, quickly: conditions are asked of each *different* word once, then added up.

A fleet has millions of words by place, but few different ones. The conditions (``questions.cells``)
are evaluated on those by the same expression, which gives a matrix of 0 and 1; the sums are its
product with the counts, in exact 64-bit integers. Where words hardly repeat, the whole expression
is run instead. A test holds both to the same cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
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
from liangming.audit.questions.cells import cells, weights
from liangming.audit.questions.words import COUNTS, DAY_BIT, KEYS
from liangming.audit.schema import BANDS, CELL_KEYS, CELL_SUMS

MANY: Final = 20_000
"""Different words beyond which the whole expression is the better way."""

PLACE: Final = ("operator", "outlet", "clerk", "place")

Codes = NDArray[np.int64]


def fold(words: pa.Table) -> pa.Table:
    """The cells of some words, sorted by nothing; rows that were left out do not count."""
    if not words.num_rows or (pc.min(words["place"]).as_py() or 0) < 0:
        words = words.filter(pc.greater_equal(words["place"], 0))
    if not words.num_rows:
        return _empty()
    kept = words.combine_chunks()
    number, firsts = _numbered(kept, ("ways", "facts", "known"))
    if len(firsts) > MANY:
        return whole(kept)
    order, borders = sorted_by([_coded(kept[n]) for n in PLACE], kept.num_rows)
    places, starts, columns = order[borders], np.append(borders, len(order)), number[order]
    indicators = _indicators(kept.take(pa.array(firsts)).select(["ways", "facts", "known"]))
    nothing = np.zeros(len(places), np.int64)
    sums = {column.name: nothing for column in CELL_SUMS}
    for weight, names in weights().items():
        some = [name for name in names if indicators[name].any()]
        if some:
            values = _values(kept, weight)[order]
            counts = sparse.csr_array((values, columns, starts), shape=(len(places), len(firsts)))
            alike: dict[bytes, list[str]] = {}  # what every word answers alike is added once
            for name in some:
                alike.setdefault(indicators[name].tobytes(), []).append(name)
            matrix = np.column_stack([indicators[names[0]] for names in alike.values()])
            added = np.asfortranarray(counts @ matrix)
            for at, same in enumerate(alike.values()):
                sums.update(dict.fromkeys(same, added[:, at]))
    return _cells(kept.take(pa.array(places)), sums)


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
    with (
        tempfile.TemporaryDirectory(prefix="liangming-audit-") as name,
        database(Path(name)) as held,
    ):
        held.register("words", words)
        asked = _question()
        return heeding(held, lambda: held.sql(asked).to_arrow_table())


@cache
def _question() -> str:
    types = {"operator": "string", "outlet": "string", "clerk": "string"}
    columns = {name: types.get(name, "int64") for name in (*KEYS, *COUNTS)}
    return sql(cells(ibis.table(columns, name="words")))


def _values(words: pa.Table, weight: str) -> Codes:
    if weight != "night":
        values: Codes = words[weight].to_numpy()
        return values
    later: Codes = np.sum([words[name].to_numpy() for name in BANDS[1:]], axis=0)
    return _values(words, "n") - later


_asked: dict[tuple[int, int, int], Codes] = {}
"""What is known of words that were asked about before: the days of a fleet hardly differ."""


def _indicators(words: pa.Table) -> dict[str, Codes]:
    """For each sum, 1 where the word counts for it."""
    names = [column.name for column in CELL_SUMS]
    parts = (words[name].to_pylist() for name in ("ways", "facts", "known"))
    each = list(zip(*parts, strict=True))
    new = [place for place, word in enumerate(each) if word not in _asked]
    if len(_asked) + len(new) > MANY:
        _asked.clear()
        new = list(range(len(each)))
    if new:
        answer = _answers(words.take(pa.array(new)))
        rows = np.column_stack([answer[name] for name in names])
        _asked.update({each[place]: rows[row] for row, place in enumerate(new)})
    matrix = np.stack([_asked[word] for word in each])
    return {name: matrix[:, place] for place, name in enumerate(names)}


def _answers(words: pa.Table) -> dict[str, Codes]:
    """The same, asked of the expression.

    Each word is asked about at a place of its own, as one check of each band of the day: what is
    counted by ``n`` is then 4.
    """
    rows = words.num_rows
    ones = np.ones(rows, np.int64)
    nobody = pa.array([""] * rows)
    table = pa.table(
        {
            **dict.fromkeys(("operator", "outlet", "clerk"), nobody),
            "place": np.arange(rows, dtype=np.int64) << DAY_BIT,
            **{name: words[name] for name in ("ways", "facts", "known")},
            **dict.fromkeys(COUNTS, ones),
            "n": ones * len(BANDS),
        }
    )
    answer = _asked_again(table)
    order = np.argsort(answer["day"])
    each = {
        name: len(BANDS) if weight == "n" else 1
        for weight, names in weights().items()
        for name in names
    }
    return {name: answer[name][order] // unit for name, unit in each.items()}


def _asked_again(words: pa.Table) -> dict[str, Codes]:
    """The cells of some words by a question that was planned once: planning takes longer than they do."""
    connection = _planned()
    connection.register("these", words)
    try:
        connection.execute("DELETE FROM words")
        connection.execute("INSERT INTO words FROM these")
        answer: dict[str, Codes] = connection.execute("EXECUTE question").fetchnumpy()
        return answer
    finally:
        connection.unregister("these")


@cache
def _planned() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    columns = (f"{n} VARCHAR" if n in KEYS[:3] else f"{n} BIGINT" for n in (*KEYS, *COUNTS))
    connection.execute(f"CREATE TABLE words ({', '.join(columns)})")
    connection.execute(f"PREPARE question AS {_question()}")
    return connection


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
