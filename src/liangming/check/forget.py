"""Make the erased unreadable in every copy: new bucket keys, everybody else moved, old keys gone.

``move``: 1 store a ring in which every bucket has a new generation   crash: unused keys, harmless
          2 wrap everybody who is left under it, some hundred a time;
            then the leaf keys of unfinished checks                crash: both forms open
(the operator backs the database up: older backups will open for nobody after the next step)
``destroy``: 3 see that nobody and no leaf key is below the newest generation
             4 store the ring without the older generations           no way back from here

Both want the store to themselves: a process with the older ring could add a person in between
who would be lost at 4. What stays readable: a copy of the key file from before 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from liangming.check import leaf_keys
from liangming.check.ports import Store
from liangming.errors import Kind, Misuse, declare
from liangming.vault import KeyCustody, OperatorKeys, Suite, Vault, key_ref

NOT_MOVED: Final = declare(
    "check.keys-not-moved",
    Kind.OUT_OF_ORDER,
    zh="还有登记仍用旧的桶密钥，现在销毁会使其无法打开。请先运行 liangming keys forget。",
    en="Some registrations still use older bucket keys and would be lost; run"
    " `liangming keys forget` first.",
)
_STEP: Final = 500


class Wrapped(Protocol):
    """Whoever keeps keys under the buckets of the ring: the store, and what lies beside it."""

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Holders after this one, in order, with their wrapped keys."""
        ...

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace wrapped keys where the old ones still stand."""
        ...


async def move(
    store: Store, custody: KeyCustody, at: datetime, suite: Suite, *, also: Sequence[Wrapped] = ()
) -> int:
    """Renew every bucket and move everybody; returns how many persons were moved.

    Args:
        also: others that keep keys under the same buckets; not counted.
    """
    old = custody.load(at).keys
    ring = old.renew(range(len(old.buckets)))
    custody.store(ring, replacing=old)  # 1
    vault = Vault(ring, suite)
    moved = [await _move(each, vault) for each in (store, *also)]  # 2
    after = ""
    while passing := await store.passing_keys(after, _STEP):
        renewed = [(check, was, leaf_keys.renew(vault, check, was)) for check, was in passing]
        await store.keep_keys(renewed)
        after = passing[-1][0]
    return moved[0]


async def destroy(
    store: Store, custody: KeyCustody, at: datetime, *, also: Sequence[Wrapped] = ()
) -> int:
    """Forget the older generations; returns how many bucket keys were destroyed.

    Args:
        also: as for :func:`move`.

    Raises:
        Misuse: ``check.keys-not-moved``.
    """
    ring = custody.load(at).keys
    for each in (store, *also):  # 3
        await _must_have_moved(each, ring)
    after, newest_passing = "", ring.current_ref(0).generation
    while passing := await store.passing_keys(after, _STEP):
        if any(leaf_keys.passing_generation(kept) != newest_passing for _, kept in passing):
            raise Misuse(NOT_MOVED)
        after = passing[-1][0]
    older = sum(len(keys) - 1 for keys in ring.buckets)
    if older:
        newest = {n: keys[-1].generation for n, keys in enumerate(ring.buckets)}
        custody.store(ring.destroy(newest), replacing=ring)  # 4
    return older


async def _move(holders: Wrapped, vault: Vault) -> int:
    moved, after = 0, b""
    while held := await holders.wrapped_keys(after, _STEP):
        await holders.rewrap([(who, was, vault.rewrap(was, who)) for who, was in held])
        moved, after = moved + len(held), held[-1][0]
    return moved


async def _must_have_moved(holders: Wrapped, ring: OperatorKeys) -> None:
    after = b""
    while held := await holders.wrapped_keys(after, _STEP):
        refs = [key_ref(wrapped) for _, wrapped in held]
        if any(ref.generation != ring.current_ref(ref.bucket).generation for ref in refs):
            raise Misuse(NOT_MOVED)
        after = held[-1][0]
