"""Open what was registered: for a stated purpose, under a case reference, leaving evidence first.

1 read and unseal in memory        nothing was handed out
2 commit the event                 a crash after this line: recorded, not seen; never the reverse
3 hand the fields out
"""

from __future__ import annotations

import msgspec

from liangming.check import events, faults
from liangming.check.desk import held, move
from liangming.check.moves import Moved, event
from liangming.check.premises import Premises
from liangming.errors import Misuse
from liangming.register import BINDING_PURPOSE, BINDING_RECORD
from liangming.vault import Binding, Purpose


async def disclose(
    premises: Premises,
    check_id: str,
    *,
    purpose: Purpose,
    case: str,
    actor: str,
    only: tuple[str, ...] = (),
) -> dict[str, str]:
    """The registered fields behind a check.

    Args:
        purpose: one of the closed list.
        case: reference of the mandate or request, e.g. ``"REQ-2026-0117"``; never free text, so
            that it can stand in the evidence.
        actor: id of the account or command that asks.
        only: names of the fields that are needed; all when empty.

    Returns:
        Field name to value. The event is durable before this returns.

    Raises:
        Misuse: unknown check; nothing is registered behind it (``check.nothing-registered``);
            a purpose, case or actor that does not fit.

    Law: pipl.6, pipl.51; netdata.24
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    person = before.row.person
    found = await premises.store.persons([person]) if person is not None else {}
    row = found.get(person) if person is not None else None
    if row is None:
        raise Misuse(faults.NOTHING_REGISTERED)
    key = premises.vault.unwrap(row.wrapped_key, row.person)  # 1
    fields, opened = premises.vault.open_fields(
        key,
        Binding(row.person, BINDING_PURPOSE, BINDING_RECORD),
        row.sealed,
        purpose=purpose,
        reason=case,
        actor=actor,
        at=at,
        only=only or None,
    )
    left = event(
        before.state.about,
        events.DISCLOSED,
        at,
        purpose=purpose.value,
        case=case,
        actor=actor,
        fields=opened.fields,
    )
    journey = msgspec.structs.replace(before.state.journey, events=before.state.journey.events + 1)
    moved = Moved(msgspec.structs.replace(before.state, journey=journey), (left,))
    await move(premises, before, moved, at)  # 2
    return fields  # 3
