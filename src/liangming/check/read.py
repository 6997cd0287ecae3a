"""Read a check and what it left behind."""

from __future__ import annotations

from liangming.check.desk import held
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.check.states import State


async def read(premises: Premises, check_id: str) -> State:
    """The present state of a check.

    Raises:
        Misuse: ``check.unknown``.
    """
    return (await held(premises, check_id)).state


async def events(premises: Premises, check_id: str) -> list[LeafRow]:
    """Everything that happened in a check, in order.

    Raises:
        Misuse: ``check.unknown``.
    """
    await held(premises, check_id)
    return await premises.store.leaves(check_id)
