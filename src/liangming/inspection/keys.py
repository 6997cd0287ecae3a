"""Leaf keys of whatever stands in the log, so that a census can open what can still be opened."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from liangming.check.erase import ERASURE
from liangming.check.erase import leaf_key as erasure_key
from liangming.check.opening import leaf_key_of
from liangming.check.pattern import event_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.device.enrol import OWNERS as DEVICE_OWNERS
from liangming.device.enrol import check_leaf_key
from liangming.device.enrol import leaf_key as device_key
from liangming.docket import Records
from liangming.docket.leaf_keys import opened_key
from liangming.ids import CHECK
from liangming.ledger import commit

_REMEMBERED: Final = 4096


class LeafKeys:
    """Finds the key of a leaf by what it belongs to: a check, an erasure, a device, a record of the docket."""

    def __init__(self, premises: Premises, records: Records) -> None:
        self._premises = premises
        self._records = records
        self._known: OrderedDict[str, bytes | None] = OrderedDict()

    async def of(self, owner: str) -> bytes | None:
        """The key; None when it is gone or was never ours to find."""
        if owner in self._known:
            self._known.move_to_end(owner)
            return self._known[owner]
        key = self._known[owner] = await self._find(owner)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return key

    async def of_leaf(self, row: LeafRow) -> bytes | None:
        """As :meth:`of`, for one leaf: what a device told of a check has a key for itself."""
        if row.check.partition("_")[0] in DEVICE_OWNERS:
            event = event_of(row)
            key = await check_leaf_key(self._premises, event, row.number)
            if key is not None and commit(event, key, row.number) == row.leaf:
                return key
        return await self.of(row.check)

    async def _find(self, owner: str) -> bytes | None:
        prefix = owner.partition("_")[0]
        if prefix == CHECK:
            row = await self._premises.store.check(owner)
            return None if row is None else await leaf_key_of(self._premises, row)
        if prefix == ERASURE:
            return erasure_key(self._premises.keys.leaf, owner)
        if prefix in DEVICE_OWNERS:
            return device_key(self._premises.keys.leaf, owner)
        record = await self._records.get(owner)
        return None if record is None else await opened_key(self._premises, record)
