"""Rows as entries: of each row that counts and has a number, the digest of it and of what it says.

Within one operator the digest before it is cut to 52 bits is another for each number; operators and
folders differ by a key. What is read is little: the number, the operator, the moment and how it
ended, and only where a file does not prove that its rows count also their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from liangming.audit.partials.numbers import SAID_BITS, Entries
from liangming.audit.questions.profile import DAY, FITTING, MINUTE, REQUIRED, Profile

SAID: Final = ("at", "outcome", "way_completed", "duration_ms")
"""What an entry remembers of a row: enough to tell another check, or another end of the same."""

_ROWS: Final = 1 << 17
_MIXERS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_UNKNOWN: Final = -(1 << 40)
_SEED: Final = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a file.

    Attributes:
        batch: as they stand.
        entries: of those that have one, in their order.
        places: where these stand among the rows.
        unnumbered: how many have no number.
    """

    batch: pa.RecordBatch
    entries: Entries
    places: NDArray[np.int64]
    unnumbered: int


class Numbered:
    """How the rows of some files with the same columns become entries.

    Args:
        profile: of all of them.
        key: of the folder.
        latest: the last day that can have been; None where no row is after it.
    """

    def __init__(self, profile: Profile, key: str, latest: int | None) -> None:
        self._profile = profile
        self._constant = dict(profile.constant)
        self._key = hashlib.blake2b(key.encode(), digest_size=32, person=b"numbers").digest()
        self._latest = latest
        self._operators: dict[str, int] = {}
        self.said = tuple(name for name in SAID if name in profile.present)
        unproven = (name for name in REQUIRED if not profile.proven(name))
        days = () if latest is None else ("zone",)
        asked = {"operator", *self.said, *unproven, *days} - self._constant.keys() | {"event"}
        self.columns = sorted(asked & profile.present)

    @property
    def key(self) -> str:
        """A digest of the key, by which its files are known."""
        return hashlib.blake2b(self._key, digest_size=8, person=b"known by").hexdigest()

    def read(self, files: Sequence[Path], *, whole: bool = False) -> Iterator[Rows]:
        """The rows of the files, some at a time.

        Args:
            files: that the profile is of.
            whole: read every column, not only what an entry needs.

        Raises:
            OSError, ArrowException: one cannot be read.
        """
        for file in files:
            with pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20) as opened:
                columns = None if whole else self.columns
                for batch in opened.iter_batches(_ROWS, columns=columns, use_threads=False):
                    yield self._rows(batch)

    def _rows(self, batch: pa.RecordBatch) -> Rows:
        unnumbered = batch.column("event").null_count
        counts = self._counting(batch)
        if counts is not None:
            batch_of, places = batch.filter(pa.array(counts)), np.flatnonzero(counts)
        else:
            batch_of, places = batch, np.arange(batch.num_rows)
        digest = _mixed(self._ints(batch_of, "event").view(np.uint64) ^ self._operator(batch_of))
        digest >>= SAID_BITS
        digest <<= SAID_BITS
        digest |= self._says(batch_of)
        return Rows(batch, digest, places, unnumbered)

    def _counting(self, batch: pa.RecordBatch) -> NDArray[np.bool_] | None:
        """Which rows count and have a number; None for all."""
        number = batch.column("event")
        tests = [number.is_valid()] if number.null_count else []
        for name in REQUIRED:
            if self._profile.proven(name) or name in self._constant:
                continue
            column = _decoded(batch.column(name))
            if name in FITTING:
                low, high = FITTING[name]
                tests += [pc.greater_equal(column, low), pc.less_equal(column, high)]
            else:
                tests.append(pc.not_equal(column, ""))
        if self._latest is not None:
            at, zone = self._ints(batch, "at"), self._ints(batch, "zone")
            tests.append(pa.array((at + zone * MINUTE) // DAY <= self._latest))
        if not tests:
            return None
        kept = pa.array(np.ones(batch.num_rows, np.bool_))
        for test in tests:
            kept = pc.and_(kept, pc.fill_null(test, fill_value=False))
        found: NDArray[np.bool_] = kept.to_numpy(zero_copy_only=False)
        return found

    def _operator(self, batch: pa.RecordBatch) -> Entries | np.uint64:
        if "operator" in self._constant:
            return self._seed(str(self._constant["operator"]))
        column = batch.column("operator")
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        seeds = np.array(
            [self._seed(str(name)) for name in column.dictionary.to_pylist()], np.uint64
        )
        places = column.indices.to_numpy(zero_copy_only=False)
        return seeds.take(places) if len(seeds) else np.zeros(len(places), np.uint64)

    def _seed(self, operator: str) -> np.uint64:
        if operator not in self._operators:
            said = hashlib.blake2b(operator.encode(), key=self._key, digest_size=_SEED)
            self._operators[operator] = int.from_bytes(said.digest())
        return np.uint64(self._operators[operator])

    def _says(self, batch: pa.RecordBatch) -> Entries:
        total = np.zeros(batch.num_rows, np.uint64)
        for name, mixer in zip(SAID, _MIXERS, strict=True):
            if name in self.said:
                column = self._ints(batch, name).view(np.uint64)
                total += column * np.uint64(mixer)
        return _mixed(total) >> np.uint64(64 - SAID_BITS)

    def _ints(self, batch: pa.RecordBatch, name: str) -> NDArray[np.int64]:
        if name in self._constant:
            return np.full(batch.num_rows, self._constant[name], np.int64)
        column = _decoded(batch.column(name))
        if column.null_count:
            column = pc.fill_null(column.cast(pa.int64()), _UNKNOWN)
        values: NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return values.astype(np.int64)


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _mixed(digest: Entries) -> Entries:
    """Every bit of a number in every other one; no two become the same."""
    more = digest >> np.uint64(30)
    digest = digest ^ more
    digest *= _FIRST
    np.right_shift(digest, np.uint64(27), out=more)
    digest ^= more
    digest *= _SECOND
    np.right_shift(digest, np.uint64(31), out=more)
    digest ^= more
    return digest
