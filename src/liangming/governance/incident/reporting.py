"""What goes out about an incident, by hand: reports, word to people by other ways, the summary.

Law: pipl.57, incident.4, incident.8, courier.35
"""

from __future__ import annotations

import msgspec

from liangming.errors import Misuse
from liangming.governance.incident import faults, levels
from liangming.governance.incident.states import Did, Incident
from liangming.governance.incident.steps import held, move, open_one
from liangming.governance.incident.words import Body
from liangming.governance.sending import Sent, must_fit
from liangming.governance.storing import Deed
from liangming.rights import RightsDesk


async def report(
    desk: RightsDesk, incident_id: str, body: Body, sent: Sent, actor: str, *, operator: str = ""
) -> Incident:
    """It was reported to an authority, by the channel that the authority has.

    Raises:
        Misuse: ``governance.sent-unfit``, ``governance.incident-ended``.
    """
    before = await open_one(desk, incident_id, operator)
    incident, at = before.incident, desk.premises.clock.now()
    must_fit(sent, since=incident.found_at, now=at)
    by = levels.report_by(incident) if body is Body.PROVINCIAL else None
    did = Did(actor, at, sent.reference, sent)
    done = msgspec.structs.replace(incident, reports={**incident.reports, body: did})
    late = by is not None and by.late(sent.at)
    facts = {"body": body.value, **sent.facts, "late": late, "actor": actor}
    return await move(desk, before, done, Deed(faults.REPORTED, facts, at, incident.events))


async def notified(
    desk: RightsDesk, incident_id: str, sent: Sent, actor: str, *, operator: str = ""
) -> Incident:
    """People were also told by another way: the list was used, a notice was put up, messages went out.

    Raises:
        Misuse: ``governance.sent-unfit``; ``governance.incident-scope-first`` before they were told
            on their own pages, or where they were spared.
    """
    before = await held(desk, incident_id, operator)
    incident, at = before.incident, desk.premises.clock.now()
    if incident.people is None or incident.people.spared:
        raise Misuse(faults.SCOPE_FIRST)
    must_fit(sent, since=incident.found_at, now=at)
    done = msgspec.structs.replace(
        incident, besides=(*incident.besides, Did(actor, at, sent.reference, sent))
    )
    facts = {**sent.facts, "actor": actor}
    return await move(desk, before, done, Deed(faults.NOTIFIED, facts, at, incident.events))


async def summarise(
    desk: RightsDesk, incident_id: str, sent: Sent, actor: str, *, operator: str = ""
) -> Incident:
    """The summary was handed in.

    Raises:
        Misuse: ``governance.incident-unfinished``: handling has not ended; ``governance.sent-unfit``.
    """
    before = await held(desk, incident_id, operator)
    incident, at = before.incident, desk.premises.clock.now()
    if incident.handled_at is None or incident.summary is not None:
        raise Misuse(faults.UNFINISHED, field="handled")
    must_fit(sent, since=incident.handled_at, now=at)
    by = levels.summary_by(incident)
    done = msgspec.structs.replace(incident, summary=Did(actor, at, sent.reference, sent))
    facts = {**sent.facts, "late": by is not None and by.late(sent.at), "actor": actor}
    return await move(desk, before, done, Deed(faults.SUMMARISED, facts, at, incident.events))
