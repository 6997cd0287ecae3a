"""Arrow and NumPy, in process: the words of the quickest pass on one machine.

The same packing as ``questions.words``, column by column over some ten thousand rows at a time,
which stay in the processor's cache; places and words are numbered, and rows are counted by two
numbers instead of by seven columns with texts among them. What is asked of the words is the common
expression. The hostile suite holds the words to the integers of the other engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liangming.audit.at_hand import keep_at_hand
from liangming.audit.engines.batch import Batch
from liangming.audit.engines.counting import TIMES, Counts, counted, together
from liangming.audit.engines.duck import ENGINE_FAILED
from liangming.audit.engines.fold import fold
from liangming.audit.engines.numbering import Column, Ints, Numbering
from liangming.audit.questions.profile import MINUTE, QUARTER, Profile
from liangming.audit.questions.words import (
    COUNTS,
    DAY_BIT,
    FACTS_WORD,
    KEYS,
    PLACE_WORD,
    WAYS_WORD,
)
from liangming.errors import Outage

AT_ONCE: Final = 1 << 17
"""Rows that are decoded and counted together."""
PAIRS: Final = 2_000_000
"""Counts that are held before they are added up."""
TEXTS: Final = ("operator", "outlet", "clerk")
_BUFFER: Final = 1 << 20
"""Bytes of a column that are read at once: a file may be one group of rows."""
_NOBODY: Final = 0


class ArrowEngine:
    """Decodes with Arrow, counts with NumPy, on one thread; holds some row batches and the words."""

    name: Final = "arrow"

    def __init__(self) -> None:
        self._known = Numbering(3)
        """Words of all files so far: the days of a fleet hardly differ."""
        keep_at_hand()

    def words(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The words of some files that have the same columns."""
        if self._known.size > PAIRS:
            self._known = Numbering(3)
        count = _Count(profile, self._known)
        try:
            for file in files:
                for batch in _batches(file, profile):
                    if batch.num_rows:
                        count.add(batch)
        except (OSError, pa.ArrowException, UnicodeDecodeError):
            raise Outage(ENGINE_FAILED) from None
        return count.table()

    def cells(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The cells of the same files."""
        return fold(self.words(files, profile))

    def close(self) -> None:
        """Nothing is held between two calls."""


def _batches(file: Path, profile: Profile) -> Iterator[pa.RecordBatch]:
    constant = {name for name, _ in profile.constant}
    texts = [name for name in TEXTS if name in profile.present - constant]
    with pq.ParquetFile(
        file, read_dictionary=texts, pre_buffer=False, buffer_size=_BUFFER
    ) as opened:
        names = opened.schema_arrow.names
        wanted = [n for n in names if n in profile.present and n not in constant | {"event"}]
        wanted = wanted or ["at"]  # there are as many rows as before
        yield from opened.iter_batches(batch_size=AT_ONCE, columns=wanted, use_threads=False)


class _Count:
    """Places and words that were met, and the counts so far."""

    def __init__(self, profile: Profile, words: Numbering) -> None:
        self._profile = profile
        self._constant = {n: value for n, value in profile.constant if isinstance(value, str)}
        self._names = {name: {"": _NOBODY} for name in TEXTS}
        self._coded: dict[str, tuple[pa.Array, Ints]] = {}
        self._places = Numbering(2)
        self._words = words
        self._parts: list[Counts] = []
        self._held = 0
        self._room = PAIRS

    def add(self, batch: pa.RecordBatch) -> None:
        """Count some rows."""
        rows = batch.num_rows
        read = Batch(batch, self._profile)
        local = read.number("at") + read.number("zone") * MINUTE
        quarter = local // QUARTER
        day = quarter >> 2
        place = read.packed(PLACE_WORD) + (day << DAY_BIT)
        words = [read.packed(WAYS_WORD), read.packed(FACTS_WORD), read.number("known")]
        names: list[Column] = [self._coded_text(batch, name) for name in TEXTS]
        bad = read.left_out([names[0], names[1]])
        if bad is not None:
            out = bad < 0
            place = np.where(out, bad, place)
            words = [np.where(out, 0, word) for word in words]
            names = [np.where(out, _NOBODY, name) for name in names]
        said = np.broadcast_to(((quarter & 3) * TIMES + read.log()).astype(np.uint16), rows)
        where = self._places.number([names[0], place], rows)
        word = self._words.number(words, rows)
        self._parts.append(counted([names[1], names[2], where, word], said))
        self._held += len(self._parts[-1])
        if self._held > self._room:
            self._parts = [together(self._parts)]
            self._held = len(self._parts[0])
            self._room = PAIRS + 2 * self._held

    def _coded_text(self, batch: pa.RecordBatch, name: str) -> Column:
        """A number for each text; the same text has the same number in every batch."""
        if name not in self._profile.present:
            return _NOBODY
        known = self._names[name]
        if name in self._constant:
            text = self._constant[name]
            return known.setdefault(text, len(known))
        column = batch.column(name)
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        before = self._coded.get(name)
        if before is not None and before[0].equals(column.dictionary):
            codes = before[1]
        else:
            codes = np.array(
                [
                    known.setdefault(word or "", len(known))
                    for word in column.dictionary.to_pylist()
                ],
                np.int64,
            )
            self._coded[name] = (column.dictionary, codes)
        if column.null_count:
            indices = pc.fill_null(column.indices, len(codes)).to_numpy()
            codes = np.append(codes, _NOBODY)
        elif len(codes) == 1:
            return int(codes[0])
        else:
            indices = column.indices.to_numpy()
        taken: Ints = codes.take(indices)
        return taken

    def table(self) -> pa.Table:
        """The words, as the other engines give them."""
        (outlet, clerk, where, word), sums = _concatenated(self._parts)
        coded = {"operator": self._places.column(0)[where], "outlet": outlet, "clerk": clerk}
        texts = {
            name: pa.DictionaryArray.from_arrays(
                pa.array(codes.astype(np.int32)), pa.array(list(self._names[name]), pa.string())
            )
            for name, codes in coded.items()
        }
        said = {name: self._words.column(at)[word] for at, name in enumerate(KEYS[4:])}
        place = self._places.column(1)[where]
        return pa.table({**texts, "place": place, **said, **dict(zip(COUNTS, sums, strict=True))})


def _concatenated(parts: Sequence[Counts]) -> tuple[list[Ints], list[Ints]]:
    """Counts one after another; what stands at a border of two batches may stand twice."""
    nothing = np.zeros(0, np.int64)
    if not parts:
        return [nothing] * 4, [nothing] * len(COUNTS)
    keys = zip(*(part.keys for part in parts), strict=True)
    sums = zip(*(part.sums for part in parts), strict=True)
    return [np.concatenate(column) for column in keys], [np.concatenate(column) for column in sums]
