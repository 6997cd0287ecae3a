"""Rows as both databases keep them: which columns, in which order, and back again.

Also :class:`Writing`, everything that a group of admitted changes writes, table by table, with
what belongs to one row folded into one: a statement over sets may touch a row only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

import msgspec

from liangming.check.ports import (
    Change,
    CheckRow,
    Client,
    ConsentRow,
    LeafRow,
    PersonRow,
    PickupCode,
    Remembered,
)
from liangming.check.states import Finished
from liangming.clock import Clock, micros
from liangming.storage.runs import pattern_columns, run_columns
from liangming.storage.visits import number, person_met

DAY: Final = 86_400_000_000  # µs: an idempotency key is remembered so long

CHECK_COLUMNS: Final = CheckRow.__struct_fields__
PERSON_COLUMNS: Final = (*PersonRow.__struct_fields__[:-1], "due_at", "visits")
LEAF_COLUMNS: Final = ("check_id", *LeafRow.__struct_fields__[1:])
CONSENT_COLUMNS: Final = ("id", "check_id", *ConsentRow.__struct_fields__[2:])
REMEMBERED_COLUMNS: Final = Remembered.__struct_fields__
PICKUP_COLUMNS: Final = PickupCode.__struct_fields__
CLIENT_COLUMNS: Final = Client.__struct_fields__
_LISTS: Final = ("scopes", "scenes", "outlets")

CHECK: Final = f"SELECT {', '.join(CHECK_COLUMNS)} FROM checks"  # noqa: S608
PERSON: Final = (
    f"SELECT {', '.join(PersonRow.__struct_fields__[:-1])},"  # noqa: S608
    " coalesce(keep_until, due_at) AS keep_until FROM persons"
)
PLACED: Final = f"SELECT seq, {', '.join(LEAF_COLUMNS)} FROM leaves"  # noqa: S608
TAIL: Final = "SELECT seq, tag, leaf FROM leaves"
CONSENT: Final = f"SELECT {', '.join(CONSENT_COLUMNS)} FROM consents"  # noqa: S608
REMEMBERED: Final = f"SELECT {', '.join(REMEMBERED_COLUMNS)} FROM remembered"  # noqa: S608
PICKUP: Final = f"SELECT {', '.join(PICKUP_COLUMNS)} FROM pickup_codes"  # noqa: S608
CLIENT: Final = f"SELECT {', '.join(CLIENT_COLUMNS)} FROM clients"  # noqa: S608

TABLES: Final = (
    "checks",
    "persons",
    "leaves",
    "patterns",
    "consents",
    "pickup_codes",
    "redemptions",
    "remembered",
    "clients",
    "records",
)

COUNTS: Final = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}"  # noqa: S608  (constants)
    if table != "leaves"
    else "SELECT 'leaves', next FROM log_head"
    for table in TABLES
)

_FINISHED: Final = frozenset(str(state.__struct_config__.tag) for state in get_args(Finished))

_check_fields: Final = CheckRow.__struct_fields__
_leaf_fields: Final = LeafRow.__struct_fields__
_consent_fields: Final = ConsentRow.__struct_fields__
_remembered_fields: Final = Remembered.__struct_fields__

Row = Sequence[Any]


def check_of(row: Row) -> CheckRow:
    """A check from its columns."""
    return CheckRow(**dict(zip(_check_fields, row, strict=True)))


def person_of(row: Row) -> PersonRow:
    """A person from their columns; by name, for everybody who comes again is read so."""
    person, operator, index_version, wrapped_key, sealed, registered_at, last_seen_at, until = row
    return PersonRow(
        person=person,
        operator=operator,
        index_version=index_version,
        wrapped_key=wrapped_key,
        sealed=sealed,
        registered_at=registered_at,
        last_seen_at=last_seen_at,
        keep_until=until,
    )


def leaf_of(row: Row) -> LeafRow:
    """A leaf from its columns."""
    return LeafRow(**dict(zip(_leaf_fields, row, strict=True)))


def consent_of(row: Row) -> ConsentRow:
    """A consent from its columns."""
    return ConsentRow(**dict(zip(_consent_fields, row, strict=True)))


def remembered_of(row: Row) -> Remembered:
    """A remembered answer from its columns."""
    return Remembered(**dict(zip(_remembered_fields, row, strict=True)))


def pickup_of(row: Row) -> PickupCode:
    """A pick-up code from its columns."""
    return PickupCode(**dict(zip(PICKUP_COLUMNS, row, strict=True)))


def client_of(row: Row) -> Client:
    """A client from its columns; lists of words stand in one text, separated by spaces."""
    fields = dict(zip(CLIENT_COLUMNS, row, strict=True))
    for name in _LISTS:
        fields[name] = tuple(fields[name].split())
    return Client(**fields)


def client_columns(client: Client) -> tuple[Any, ...]:
    """A client's columns."""
    joined = {name: " ".join(getattr(client, name)) for name in _LISTS}
    return msgspec.structs.astuple(msgspec.structs.replace(client, **joined))


def leaf_columns(leaf: LeafRow) -> tuple[Any, ...]:
    """A leaf's columns, without its place."""
    return (leaf.check, leaf.number, leaf.tag, leaf.at, leaf.facts, leaf.leaf)


def since(clock: Clock) -> int:
    """From when idempotency keys count (µs). While the clock has just leapt, all that are there do."""
    return micros(clock.now()) - DAY if clock.settled() else 0


def due_at(check: CheckRow) -> int | None:
    """When an unfinished check expires; None once it is finished, which keeps the index small."""
    return None if check.state in _FINISHED else check.expires_at


class Writing:
    """What a group of admitted changes writes. Every list is ready to be bound, column by column.

    Attributes:
        opened: new checks: their columns and ``due_at``.
        moved: (id, version, state, person, changed_at, expires_at, leaf_key, body, due_at, version
            before). What was settled at opening never changes. An erasure counts as a version, so
            a mover who read the check before it cannot bring its key back.
        persons: rows to insert, or to move their times forward; last the numbers of their checks.
        seen: (person, last_seen_at, keep_until, wrapped key, numbers of their checks) of persons known
            before.
        leaves: in the order in which they enter the log; a poured check's in one row.
        patterns: those that poured checks name.
        consents: the last word on each.
        redeemed: (code, at).
        remembered: answers to give again.
    """

    __slots__ = (
        "consents",
        "leaves",
        "moved",
        "opened",
        "patterns",
        "persons",
        "redeemed",
        "remembered",
        "seen",
    )

    def __init__(self, changes: Sequence[Change]) -> None:
        """Fold them.

        Raises:
            ValueError: one that can never be written.
        """
        checks: dict[str, tuple[int, CheckRow]] = {}
        visits: dict[bytes, bytes] = {}
        persons: dict[bytes, tuple[Any, ...]] = {}
        seen: dict[bytes, tuple[bytes, int, int, bytes]] = {}
        consents: dict[str, tuple[Any, ...]] = {}
        remembered: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self.leaves: list[tuple[Any, ...]] = []
        self.redeemed: list[tuple[bytes, int]] = []
        for change in changes:
            check = change.check
            first = checks.get(check.id)
            checks[check.id] = (check.version - 1 if first is None else first[0], check)
            if change.person is not None:
                _meet(persons, change.person)
            if change.seen is not None:
                _see(seen, change)
            if (met := person_met(change)) is not None:
                visits[met] = visits.get(met, b"") + number(check.id)
            if (run := change.run) is not None:
                self.leaves.append(run_columns(check, run))
            else:
                self.leaves += map(leaf_columns, change.leaves)
            if change.consent is not None:
                consents[change.consent.id] = msgspec.structs.astuple(change.consent)
            for used in change.redeem:
                self.redeemed.append((used.code, used.at))
            if (note := change.remember) is not None:
                remembered[note.client, note.route, note.key] = msgspec.structs.astuple(note)
        self.opened = [
            (*msgspec.structs.astuple(check), due_at(check))
            for before, check in checks.values()
            if before == 0
        ]
        self.moved = [_moved(check, before) for before, check in checks.values() if before]
        for key in persons.keys() & seen.keys():
            row, (_, at, keep, _) = persons[key], seen.pop(key)
            persons[key] = (*row[:6], max(row[6], at), max(row[7], keep))
        # One order of keys in every process: two transactions cannot wait for each other.
        self.moved.sort(key=lambda row: row[0])
        self.persons = [(*persons[key], visits.get(key)) for key in sorted(persons)]
        self.seen = [(*seen[key], visits.get(key)) for key in sorted(seen)]
        shared = {run.key: run for change in changes if (run := change.run) and run.pattern}
        self.patterns = [pattern_columns(shared[key]) for key in sorted(shared)]
        self.consents = [consents[key] for key in sorted(consents)]
        self.remembered = [remembered[key] for key in sorted(remembered)]
        self.redeemed.sort()

    @classmethod
    def ready(cls, **tables: list[tuple[Any, ...]]) -> Writing:
        """Of rows that were made before; what is not named has none."""
        made = cls(())
        for name, rows in tables.items():
            setattr(made, name, rows)
        return made


def _moved(check: CheckRow, before: int) -> tuple[Any, ...]:
    return (
        check.id,
        check.version,
        check.state,
        check.person,
        check.changed_at,
        check.expires_at,
        check.leaf_key,
        check.body,
        due_at(check),
        before,
    )


def _meet(persons: dict[bytes, tuple[Any, ...]], person: PersonRow) -> None:
    row = msgspec.structs.astuple(person)
    if (first := persons.get(person.person)) is not None:
        row = (*first[:6], max(first[6], row[6]), max(first[7], row[7]))
    persons[person.person] = row


def _see(seen: dict[bytes, tuple[bytes, int, int, bytes]], change: Change) -> None:
    person = change.seen or b""
    first = seen.get(person, (person, 0, 0, b""))
    at, keep = change.check.changed_at, change.seen_keep_until
    seen[person] = (person, max(first[1], at), max(first[2], keep), change.holder_key)
