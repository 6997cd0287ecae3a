"""One batch of rows as whole numbers: nulls and unfit values replaced, several columns packed in one.

The same as ``questions.words`` says in an expression, over Arrow's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liangming.audit.engines.numbering import Column, Ints
from liangming.audit.questions.profile import FITTING, REQUIRED, Profile
from liangming.audit.schema import LN_SCALE, LONGEST_MS, SHORTEST_MS

Narrow = NDArray[Any] | int
"""Whole numbers as wide as they lie in the file, or the same one for all."""
Mask = NDArray[np.bool_]


class Batch:
    """Some rows, read with what is known of their files.

    Args:
        rows: at least one.
        profile: which columns are there, and what may be met in them.
    """

    def __init__(self, rows: pa.RecordBatch, profile: Profile) -> None:
        self._rows = rows
        self._profile = profile
        self._constant = {n: value for n, value in profile.constant if isinstance(value, int)}

    def number(self, name: str, *, missing: int = 0) -> Column:
        """A whole number, ``missing`` where it is not known or does not fit."""
        values = self._narrow(name, missing)
        return values if isinstance(values, int) else values.astype(np.int64)

    def packed(self, parts: tuple[tuple[str, int, int], ...]) -> Column:
        """Several columns in one whole number."""
        fixed = 0
        total: Ints | None = None
        for name, bit, missing in parts:
            part = self._narrow(name, missing)
            if isinstance(part, int):
                fixed |= part << bit
                continue
            wide = part.astype(np.int64)
            wide <<= bit
            if total is None:
                total = wide
            else:
                total |= wide
        if total is None:
            return fixed
        total |= fixed
        return total

    def log(self) -> Ints:
        """The logarithm of the duration, 0 where it is not known; one number if all have the same."""
        values = np.asarray(self._narrow("duration_ms", -1))
        within = values if self._profile.bounded else values.clip(SHORTEST_MS, LONGEST_MS)
        log = np.log(within.astype(np.float64))
        log *= LN_SCALE
        log += 0.5
        found = log.astype(np.int64)
        if not self._profile.proven("duration_ms"):
            found = np.where(values >= 0, found, 0)
        return found

    def left_out(self, names: Sequence[Column]) -> Ints | None:
        """The reason why a row is left out, 0 for none; nothing where no row is.

        Args:
            names: numbers of operator and outlet, 0 for one that is empty or null.
        """
        rows = self._rows.num_rows
        if set(REQUIRED) - self._profile.present:
            return np.full(rows, -1)
        bad = np.zeros(rows, np.int64)
        for name, reason in (("zone", -3), ("at", -2)):
            if name in self._profile.unproven:
                bad[self._unfit(name)] = reason
        for name in ("at", "zone"):
            if name in self._profile.nullable:
                bad[self._rows.column(name).is_null().to_numpy(zero_copy_only=False)] = -1
        for name_of in names:
            bad[np.broadcast_to(np.equal(name_of, 0), rows)] = -1
        return bad if bad.any() else None

    def _unfit(self, name: str) -> Mask:
        least, greatest = FITTING[name]
        column = self._rows.column(name)
        unfit = pc.or_(pc.less(column, least), pc.greater(column, greatest))
        found: Mask = pc.fill_null(unfit, fill_value=False).to_numpy(zero_copy_only=False)
        return found

    def _narrow(self, name: str, missing: int) -> Narrow:
        if name not in self._profile.present:
            return missing
        if name in self._constant:
            return self._constant[name]
        column = self._rows.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if column.null_count:
            column = pc.fill_null(column.cast(pa.int64()), missing)
        values: NDArray[Any] = column.to_numpy()
        if name in self._profile.unproven:
            least, greatest = FITTING[name]
            unfit = (values < least) | (values > greatest)
            if unfit.any():
                return np.where(unfit, np.int64(missing), values)
        return values
