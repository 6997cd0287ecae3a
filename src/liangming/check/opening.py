"""Open the leaves of a check: the one place where leaf keys turn back into disclosures."""

from __future__ import annotations

from collections.abc import Collection

from liangming.check import faults, leaf_keys
from liangming.check.pattern import event_of
from liangming.check.ports import CheckRow, LeafRow, Store
from liangming.check.premises import Premises
from liangming.errors import LiangmingError
from liangming.ledger import Disclosure, disclose, leaf_of_disclosure
from liangming.ledger.events import OWN_FIELDS
from liangming.vault import Vault
from liangming.vault.codes import KEY_UNKNOWN


async def leaf_key_of(premises: Premises, row: CheckRow) -> bytes | None:
    """The key of a check's leaves; None when it was destroyed with the person's."""
    return await stored_leaf_key(premises.store, premises.vault, row)


async def stored_leaf_key(store: Store, vault: Vault, row: CheckRow) -> bytes | None:
    """As :func:`leaf_key_of`, for whoever has no house around."""
    try:
        return await open_leaf_key(store, vault, row)
    except LiangmingError as failure:
        if failure.code in (faults.ERASED, KEY_UNKNOWN):
            return None
        raise


async def open_leaf_key(store: Store, vault: Vault, row: CheckRow) -> bytes:
    """The key of a check's leaves, through the person behind it where there is one.

    Raises:
        Misuse: ``check.erased``, ``check.leaf-key-unreadable``.
        Refusal: ``vault.key-unknown``.
    """
    found = await store.persons([row.person]) if row.person is not None else {}
    person = found.get(row.person) if row.person is not None else None
    return leaf_keys.open_key(vault, row, None if person is None else person.wrapped_key)


def opened(
    leaf: LeafRow, leaf_key: bytes | None, names: Collection[str] | None = None
) -> Disclosure | None:
    """A leaf with the named fields open, all of them by default.

    Returns:
        None when the key is gone, or is not the one that the leaf was made with.
    """
    if not leaf_key:
        return None
    event = event_of(leaf)
    every = (*OWN_FIELDS, *event.facts)
    wanted = every if names is None else [name for name in names if name in every]
    shown = disclose(event, leaf_key, leaf.number, wanted)
    return shown if leaf_of_disclosure(shown) == leaf.leaf else None
