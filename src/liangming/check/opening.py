"""Open the leaves of a check: the one place where leaf keys turn back into disclosures."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from liangming.check.ports import CheckRow, LeafRow
from liangming.check.premises import Premises
from liangming.ledger import Disclosure, Event, disclose, leaf_of_disclosure
from liangming.ledger.events import OWN_FIELDS


async def leaf_key_of(premises: Premises, row: CheckRow) -> bytes | None:  # noqa: ARG001
    """The key of a check's leaves; None when it was destroyed with the person's."""
    return row.leaf_key or None


def event_of(leaf: LeafRow) -> Event:
    """The event that a stored leaf commits to."""
    facts = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in msgspec.json.decode(leaf.facts).items()
    }
    return Event(leaf.tag, leaf.at, leaf.check, facts)


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
