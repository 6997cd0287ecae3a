"""Which devices a withdrawn consent concerns, and one signed command for each of them.

A consent concerns the device it was given on, and every enabled device with a camera at the same scene:
the person may have gone from one to the other, and what waits in a device's queue is not seen from here.
Whichever it is told, a device that holds nothing under the consent deletes nothing and says so. A kept
template has a consent of its own, lives on one device alone and goes there, or by its own name; the
centre does not know whose it is.

One record names the commands of one consent, so that telling twice is no harm and the person can be
shown what each device did and how long it took.

Law: pipl.15, pipl.47
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from liangming.check.desk import leaf_of
from liangming.check.ports import MOVED_ON, LeafRow
from liangming.check.states import State
from liangming.clock import china_date, micros
from liangming.consent import Consent
from liangming.consent import State as Standing
from liangming.docket import Record
from liangming.errors import Misuse
from liangming.law.values import identity_retention_ceiling_days
from liangming.ledger import Event
from liangming.rights import commands
from liangming.rights.commands import Command
from liangming.rights.desk import RightsDesk

KIND: Final = "withdrawal"
WITHDRAWAL_ID: Final = "wdr"
_DAY: Final = 86_400_000_000


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that was withdrawn, and whom that was told to.

    Attributes:
        at: when the centre stopped; commands are issued in the same moment.
        commands: their ids, that of the device it was given on first.
    """

    consent: str
    check: str
    at: datetime
    commands: tuple[str, ...]


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal with what the devices have said by now."""

    withdrawal: Withdrawal
    commands: tuple[Command, ...]

    @property
    def waiting(self) -> int:
        """How many devices have not acknowledged."""
        return sum(each.acknowledged_at is None for each in self.commands)

    @property
    def milliseconds(self) -> int | None:
        """From the withdrawal until the last device said that it is done; None while one waits."""
        if self.waiting:
            return None
        ends = [micros(each.acknowledged_at) for each in self.commands if each.acknowledged_at]
        return max((end - micros(self.withdrawal.at)) // 1000 for end in ends)

    @property
    def seconds(self) -> str:
        """The same for people; empty while one waits."""
        return commands.spoken(self.milliseconds)


def concerned(desk: RightsDesk, state: State, consent: Consent) -> tuple[str, ...]:
    """The devices that a consent concerns, the one it was given on first."""
    here = desk.premises.devices_at(state.about.scene)
    return (consent.device, *sorted(set(here) - {consent.device}))


async def stop(desk: RightsDesk, state: State, *, said_by: str = "") -> Withdrawal | None:
    """Tell every device that the withdrawn consent of a check concerns; None where there is nothing to tell.

    All commands are durable together when this returns. Done again it is the same withdrawal.

    Args:
        desk: with the store.
        state: of the check.
        said_by: the device that said so under its own key: it has stopped already.
    """
    consent = state.journey.consent
    if consent is None or consent.state is not Standing.WITHDRAWN:
        return None
    place = place_of(consent.id)
    before = await desk.docket.get(place)
    if before is not None:
        return read(before)
    devices = [each for each in concerned(desk, state, consent) if each != said_by]
    if not devices:
        return None
    at = desk.premises.clock.now()
    rows: list[Record] = []
    leaves: list[LeafRow] = []
    operator, check = state.about.operator, state.about.id
    for device in devices:
        row, key = await commands.issued(desk, operator, device, consent.id, check=check, at=at)
        facts = {"device": device, "deed": commands.STOP, "consent": consent.id}
        leaves.append(leaf_of(Event(commands.ISSUED.tag, micros(at), row.id, facts), key.key, 0))
        rows.append(row)
    made = Withdrawal(consent=consent.id, check=check, at=at, commands=tuple(r.id for r in rows))
    record = Record(
        id=place,
        kind=KIND,
        operator=operator,
        about=check,
        state=Standing.WITHDRAWN.value,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at) + identity_retention_ceiling_days.at(china_date(at)) * _DAY,
        leaf_key=b"",
        body=msgspec.json.encode(made),
    )
    try:
        await desk.docket.commit([record, *rows], leaves)
    except Misuse as error:
        if error.code is not MOVED_ON:
            raise
        before = await desk.docket.get(place)  # somebody else told them in this moment
        if before is None:
            raise
        return read(before)
    return made


async def stopped(desk: RightsDesk, consent: str) -> Stopped | None:
    """What became of a withdrawal; None where there was none."""
    row = await desk.docket.get(place_of(consent))
    if row is None:
        return None
    made = read(row)
    found = [await desk.docket.get(each) for each in made.commands]
    told = tuple(commands.read(each) for each in found if each is not None)
    return Stopped(withdrawal=made, commands=told)


def place_of(consent: str) -> str:
    """Where the withdrawal of a consent is kept."""
    return f"{WITHDRAWAL_ID}{consent[3:]}"


def read(row: Record) -> Withdrawal:
    """The withdrawal of a record."""
    return msgspec.json.decode(row.body, type=Withdrawal)
