"""Liangming's own checks as events: what an auditor may see, and nothing about a person.

Of each finished check: what was offered, chosen, declined and how it ended, at the hour it began.
Not: who, the check's number (a keyed digest stands for it), the parcel, the exact moment. Of the clerk
only which checks were the same one's, for a quarter, and only where a day has enough of them. Places
with few checks on a day are put together, so that no row can be told to be one visit; where even
together they are few, they are left out. All of it is counted.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, Self, cast

import msgspec

from liangming import ids
from liangming.audit.schema import (
    CHANNELS,
    FACTS,
    NONE_CHOSEN,
    OUTCOMES,
    REASONS,
    SCENE_KINDS,
    WAYS,
    ways_mask,
)
from liangming.check.ports import CheckRow
from liangming.check.states import (
    FINISHED,
    Abandoned,
    Expired,
    Finished,
    Passed,
    Refused,
    decode,
)
from liangming.clock import CHINA, china_date, from_micros, micros
from liangming.law.words import Method

MERGED: Final = "merged"
"""The outlet of rows whose own outlet had too few checks on that day."""

ZONE: Final = 480
HOUR: Final = 3_600_000_000
AT_ONCE: Final = 1000
SLACK: Final = 24 * HOUR
LATE: Final = 4
"""Days after which no check comes late any more: entries wait 72 h at most, by clocks a day off at most."""
_TAGS: Final = frozenset(str(state.__struct_config__.tag) for state in FINISHED)
_FACT: Final = {fact.name: 1 << number for number, fact in enumerate(FACTS)}


class Checks(Protocol):
    """Where finished checks are read from."""

    async def checks_after(self, after: str, limit: int) -> list[CheckRow]:
        """Checks after this one (``""``: from the first), in the order of their ids."""
        ...


@dataclass(slots=True)
class Day:
    """The events of one day, ready to be written.

    Attributes:
        on: the day, in China.
        rows: the events.
        merged: how many stand under :data:`MERGED`.
        suppressed: how many were left out, for even together they were too few.
        unnamed: how many lost their clerk's code, for that clerk had too few on that day.
    """

    on: date
    rows: list[dict[str, Any]] = field(default_factory=list)
    merged: int = 0
    suppressed: int = 0
    unnamed: int = 0


async def events(
    checks: Checks,
    first: date,
    last: date,
    *,
    key: bytes,
    floor: int,
    province: Callable[[str], int | None],
    progress: Callable[[int], None] = lambda read: None,  # noqa: ARG005
) -> list[Day]:
    """The events of the checks that began on some days.

    Args:
        first: first day, in China.
        last: last day, inclusive.
        key: makes events' numbers; never leaves the operator.
        floor: the least number of checks that an outlet has on a day to stand for itself.
        province: the province code of a scene, None where it is not known.
        progress: called with the number of checks that were read.
    """
    with Spool() as spool:
        wanted = {first + timedelta(days=n) for n in range((last - first).days + 1)}
        await gather(checks, wanted, spool, key=key, province=province, progress=progress)
        return [spool.day(on, floor) for on in sorted(spool.days)]


class Spool:
    """The events of some days, each in a file without a name until the day is written.

    A file without a name is gone with its process, however that ends: what stands in it is not yet
    put together by outlet.

    Args:
        folder: where there is room; None for the system's place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._files: dict[date, BinaryIO] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    @property
    def days(self) -> set[date]:
        """Days of which there is an event."""
        return set(self._files)

    def add(self, on: date, row: dict[str, Any]) -> None:
        """One event of a day.

        Raises:
            OSError: it cannot be written.
        """
        if on not in self._files:
            file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  (open until the end)
            self._files[on] = cast("BinaryIO", file)
        self._files[on].write(msgspec.json.encode(row) + b"\n")

    def day(self, on: date, floor: int) -> Day:
        """The events of one day, ready to be written."""
        file = self._files.get(on)
        if file is None:
            return Day(on)
        file.seek(0)
        return _grouped(on, [msgspec.json.decode(line) for line in file], floor)


async def gather(
    checks: Checks,
    days: Collection[date],
    spool: Spool,
    *,
    key: bytes,
    province: Callable[[str], int | None],
    progress: Callable[[int], None] = lambda read: None,  # noqa: ARG005
) -> None:
    """Put the events of some days into a spool, in one walk over the checks.

    Args:
        days: in China.
        spool: takes them.
        key: makes events' numbers; never leaves the operator.
        province: the province code of a scene, None where it is not known.
        progress: called with the number of checks that were read.

    Raises:
        OSError: the spool cannot be written.
    """
    if not days:
        return
    async for row in _between(checks, min(days), max(days), progress):
        state = _finished(row)
        if state is not None and (on := china_date(state.about.opened_at)) in days:
            spool.add(on, event(state, key, province))


async def finished(
    checks: Checks,
    days: Collection[date],
    *,
    progress: Callable[[int], None] = lambda read: None,  # noqa: ARG005
) -> dict[date, int]:
    """How many checks of some days are finished by now; none is opened.

    Args:
        days: in China.
        progress: called with the number of checks that were read.
    """
    found = dict.fromkeys(days, 0)
    if days:
        async for row in _between(checks, min(days), max(days), progress):
            on = china_date(from_micros(row.opened_at))
            if on in found and row.state in _TAGS:
                found[on] += 1
    return found


def event(state: Finished, key: bytes, province: Callable[[str], int | None]) -> dict[str, Any]:
    """One finished check as an event."""
    about, journey = state.about, state.journey
    offered = ways_mask(offer.method.value for offer in about.offers)
    tried = {one.method.value for one in journey.tries}
    down = {one.method.value for one in journey.tries if one.why == "source-down"}
    facts, known = _facts(state)
    opened = micros(about.opened_at)
    return {
        "event": int.from_bytes(hmac.digest(key, about.id.encode(), "sha256")[:8]) >> 1,
        "at": opened - opened % HOUR,
        "zone": ZONE,
        "operator": about.operator,
        "outlet": about.outlet,
        "clerk": exported_clerk(about.clerk, key) if about.clerk else None,
        "province": province(about.scene),
        "scene_kind": SCENE_KINDS.index(about.kind.value),
        "channel": CHANNELS.index(about.channel.value),
        "ways_offered": offered,
        "ways_down": ways_mask(down) & offered,
        "ways_failed": ways_mask(tried) & offered,
        "way_first": WAYS.index(about.offers[0].method.value) if about.offers else NONE_CHOSEN,
        "way_chosen": WAYS.index(journey.chosen[0].value) if journey.chosen else NONE_CHOSEN,
        "way_completed": _completed(state),
        "outcome": _outcome(state),
        "reason": REASONS.index(state.reason.value) if isinstance(state, Refused) else 0,
        "duration_ms": (micros(state.at) - opened) // 1000,
        "facts": facts,
        "known": known,
    }


def exported_clerk(code: str, key: bytes) -> str:
    """The code of a clerk once more under the export's own key: files and checks do not match."""
    return hmac.digest(key, b"clerk\0" + code.encode(), "sha256")[:8].hex()


def _facts(state: Finished) -> tuple[int, int]:
    """What the check itself shows; what it does not show stays not known."""
    about, journey = state.about, state.journey
    said = {
        "declined_face": Method.FACE in journey.declined,
        "notice_shown": journey.notice is not None,
        "separate_consent": journey.consent is not None,
    }
    if journey.notice is not None:
        said["notice_current"] = journey.notice.digest == about.notice
    if journey.face_tries:
        said["capture_before_notice"] = journey.face_notice is None
        said["capture_before_consent"] = journey.consent is None
    if journey.consent is not None and journey.consent.by_guardian:
        said["under_14"] = said["guardian_consent"] = True
    facts = sum(_FACT[name] for name, yes in said.items() if yes)
    return facts, sum(_FACT[name] for name in said)


def _completed(state: Finished) -> int:
    return WAYS.index(state.method.value) if isinstance(state, Passed) else NONE_CHOSEN


def _outcome(state: Finished) -> int:
    words = {Passed: "passed", Refused: "refused", Expired: "expired", Abandoned: "abandoned"}
    return OUTCOMES.index(words[type(state)])


def _finished(row: CheckRow) -> Finished | None:
    try:
        state = decode(row.body)
    except msgspec.MsgspecError:
        return None
    return state if isinstance(state, Finished) else None


async def _between(
    checks: Checks, first: date, last: date, progress: Callable[[int], None]
) -> AsyncIterator[CheckRow]:
    since = micros(datetime(first.year, first.month, first.day, tzinfo=CHINA))
    end = last + timedelta(days=1)
    until = micros(datetime(end.year, end.month, end.day, tzinfo=CHINA))
    # An id is made when the check is opened, or later where it was done offline: never before.
    after = ids.of_number(ids.CHECK, max(0, since - SLACK) // 1000 << 80)
    read = 0
    while rows := await checks.checks_after(after, AT_ONCE):
        for row in rows:
            if since <= row.opened_at < until:
                yield row
        after, read = rows[-1].id, read + len(rows)
        progress(read)


def _grouped(on: date, rows: list[dict[str, Any]], floor: int) -> Day:
    """Outlets with few checks put together by operator, or left out."""
    by_outlet: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_outlet[row["operator"], row["outlet"]].append(row)
    day = Day(on)
    few: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (operator, _), some in by_outlet.items():
        if len(some) >= floor:
            kept, unnamed = _clerks(some, floor)
            day.rows += kept
            day.unnamed += unnamed
        else:
            few[operator] += [
                {**row, "outlet": MERGED, "province": None, "clerk": None} for row in some
            ]
    for some in few.values():
        if len(some) >= floor:
            day.rows += some
            day.merged += len(some)
        else:
            day.suppressed += len(some)
    day.rows.sort(key=_place)
    return day


def _clerks(rows: list[dict[str, Any]], floor: int) -> tuple[list[dict[str, Any]], int]:
    """Clerks with few checks lose their code, until those without one are many enough, or none."""
    by_clerk: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_clerk[row["clerk"]].append(row)
    nobody = len(by_clerk.pop(None, ()))
    unnamed: set[str] = set()
    for code, some in sorted(by_clerk.items(), key=lambda one: (len(one[1]), one[0] or "")):
        hidden = nobody + sum(len(by_clerk[name]) for name in unnamed)
        if code is not None and (len(some) < floor or 0 < hidden < floor):
            unnamed.add(code)
    lost = sum(len(by_clerk[name]) for name in unnamed)
    return [{**row, "clerk": None} if row["clerk"] in unnamed else row for row in rows], lost


def _place(row: dict[str, Any]) -> tuple[str, str, int, int]:
    return row["operator"], row["outlet"], row["at"], row["event"]


def export_key(signing: bytes) -> bytes:
    """The key of events' numbers, derived from the operator's signing seed."""
    return hashlib.blake2b(b"liangming/export/1", key=signing, digest_size=32).digest()
