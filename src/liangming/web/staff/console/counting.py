"""Carry the counts on: read the leaves that came since, add them, remember how far, all at once.

1 read where we are          another process may be counting as well
2 read leaves, at most :data:`MOST`
3 one transaction: the counts, the checks under way, the place, only if nobody moved it since 1
A crash before 3 counts nothing; after it nothing is counted again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from liangming.check.ports import LeafRow, Store
from liangming.governance.choices import Begun, Cell, ConsentCell, Counts, Fold
from liangming.web.house import House
from liangming.web.staff.console.models import Choices, Heard, Position, Unended

MOST: Final = 20_000  # leaves a look: about a second
_STEP: Final = 2_000
_AT_ONCE: Final = 400
_CHOICES: Final = "console_choices"
_CONSENTS: Final = "console_consents"
_CELL: Final = ("operator", "month", "scene", "outlet", "kind", "way")
_COUNTS: Final = (
    "ended", "passed", "refused", "left", "expired", "timed", "log_sum", "log_squares",
)  # fmt: skip
_CONSENT: Final = ("operator", "scene", "purpose", "notice")


def carry_on(house: House, most: int = MOST) -> int:
    """Count what came since the last look, at most so many leaves.

    Returns:
        How far it is counted: the number of leaves.
    """
    begin = _position()  # 1
    leaves = async_to_sync(_leaves)(house.premises.store, begin, most)  # 2
    if not leaves:
        return begin
    fold = Fold(begun=_under_way({leaf.check for leaf in leaves}))
    known = set(fold.begun)
    for leaf in leaves:
        fold.take(leaf)
    withdrawn = async_to_sync(_withdrawn)(house.premises.store, fold.withdrawn)
    end = begin + len(leaves)
    with transaction.atomic():  # 3
        if not Position.objects.filter(pk=0, next=begin).update(next=end):
            return _position()  # another process counted the same
        _add(fold)
        _consents(fold, withdrawn)
        _devices(fold)
        for some in _some(sorted(fold.ended & known)):
            Unended.objects.filter(pk__in=some).delete()
        rows = [
            Unended(
                check_id=check, operator=b.operator, scene=b.scene, outlet=b.outlet,
                kind=b.kind, way=b.way, chosen_at=b.chosen_at, purpose=b.purpose, notice=b.notice,
            )
            for check, b in fold.begun.items()
        ]  # fmt: skip
        Unended.objects.bulk_create(
            rows,
            batch_size=100,
            update_conflicts=True,
            unique_fields=["check_id"],
            update_fields=["way", "chosen_at", "purpose", "notice"],
        )
    return end


def cells_of(operator: str, months: Iterable[int]) -> list[tuple[Cell, Counts]]:
    """What was counted for an operator in these months, put together; a cell names the last of them."""
    wanted = list(months)
    rows = Choices.objects.filter(operator=operator, month__in=wanted).order_by()
    sums = {f"sum_{name}": Sum(name) for name in _COUNTS}
    found = rows.values("scene", "outlet", "kind", "way").annotate(**sums)
    return [
        (Cell(operator, max(wanted), *row[:4]), Counts(*row[4:]))
        for row in found.values_list("scene", "outlet", "kind", "way", *sums)
    ]


def months_of(operator: str) -> list[int]:
    """The months of which anything was counted, newest first."""
    found = Choices.objects.filter(operator=operator).values_list("month", flat=True)
    return sorted(found.distinct(), reverse=True)


def _position() -> int:
    row = Position.objects.filter(pk=0).first()
    if row is None:
        try:
            with transaction.atomic():
                Position(id=0, next=0).save(force_insert=True)
        except IntegrityError:
            return _position()
        return 0
    return int(row.next)


async def _leaves(store: Store, begin: int, most: int) -> list[LeafRow]:
    found: list[LeafRow] = []
    while len(found) < most:
        step = min(_STEP, most - len(found))
        some = await store.leaves_after(begin + len(found) - 1, step)
        found += [leaf for _, leaf in some]
        if len(some) < step:
            break
    return found


async def _withdrawn(store: Store, consents: list[str]) -> list[ConsentCell]:
    """The cells of consents that were withdrawn; rare, so each is looked up."""
    found = []
    for consent in consents:
        row = await store.consent(consent)
        check = await store.check(row.check) if row is not None else None
        if row is not None and check is not None:
            found.append(ConsentCell(check.operator, row.scene, row.purpose, row.notice))
    return found


def _under_way(checks: set[str]) -> dict[str, Begun]:
    found = {}
    for some in _some(sorted(checks)):
        for row in Unended.objects.filter(pk__in=some):
            found[str(row.check_id)] = Begun(
                operator=row.operator, scene=row.scene, outlet=row.outlet,
                kind=row.kind, way=row.way, chosen_at=row.chosen_at,
                purpose=row.purpose, notice=row.notice,
            )  # fmt: skip
    return found


def _add(fold: Fold) -> None:
    sql = _upsert(_CHOICES, _CELL, _COUNTS)
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            [
                (*msgspec.structs.astuple(cell), *(getattr(counts, name) for name in _COUNTS))
                for cell, counts in fold.counts.items()
            ],
        )


def _consents(fold: Fold, withdrawn: list[ConsentCell]) -> None:
    sql = _upsert(_CONSENTS, _CONSENT, ("given", "withdrawn", "over"))
    changes = [
        *((cell, (n, 0, 0)) for cell, n in fold.given.items()),
        *((cell, (0, n, 0)) for cell, n in fold.taken_back.items()),
        *((cell, (0, 0, n)) for cell, n in fold.over.items()),
        *((cell, (0, 1, -1)) for cell in withdrawn),  # was over before
    ]
    rows = [(*msgspec.structs.astuple(cell), *counts) for cell, counts in changes]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _devices(fold: Fold) -> None:
    for device, heard in fold.heard.items():
        row, made = Heard.objects.get_or_create(pk=device, defaults=msgspec.structs.asdict(heard))
        if not made:
            row.came, row.forks = row.came + heard.came, row.forks + heard.forks
            row.last, row.last_at = max(row.last, heard.last), max(row.last_at, heard.last_at)
            row.save()


def _upsert(table: str, key: tuple[str, ...], counts: tuple[str, ...]) -> str:
    """Add to a row, or make it; SQLite and PostgreSQL say it alike."""
    names = ", ".join(f'"{name}"' for name in (*key, *counts))
    marks = ", ".join(["%s"] * (len(key) + len(counts)))
    unique = ", ".join(f'"{name}"' for name in key)
    adds = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in counts)
    return (
        f"INSERT INTO {table} ({names}) VALUES ({marks}) "  # noqa: S608  (constants)
        f"ON CONFLICT ({unique}) DO UPDATE SET {adds}"
    )


def _some(values: list[str]) -> Iterable[list[str]]:
    for at in range(0, len(values), _AT_ONCE):
        yield values[at : at + _AT_ONCE]
