"""The moves of an incident, each one commit with its leaf.

found → described, stepped, scoped (in any order, again if need be) → told, reported → handled → summary
      → unfounded, when nothing had happened

A level at which hours run makes it serious; a serious one, real or suspected, shuts the operator's
faces until they are assessed anew (face.9). A drill shuts nothing and tells nobody.

Law: pipl.57, face.9, incident.4, incident.8, courier.35
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.clock import micros
from liangming.docket import Record, deadline
from liangming.errors import Misuse
from liangming.governance import periodic
from liangming.governance.incident import faults, levels, telling
from liangming.governance.incident.needs import unfinished
from liangming.governance.incident.scope import count
from liangming.governance.incident.states import (
    INCIDENT_ID,
    KIND,
    Asked,
    Basis,
    Did,
    Incident,
    Told,
    read,
)
from liangming.governance.incident.words import (
    Advice,
    Cause,
    Certainty,
    Harm,
    Nature,
    Operator,
    Remedy,
    Step,
)
from liangming.governance.storing import Deed, fresh, moved
from liangming.governance.words import fit
from liangming.law.values import incident_record_years
from liangming.rights import RightsDesk

DRILL_TASK: Final = "incident-drill"
_REFERENCE: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9._/-]{0,79})?")


class Held(msgspec.Struct, frozen=True):
    """An incident as read."""

    row: Record
    incident: Incident


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer says of it, from the closed lists."""

    certainty: Certainty
    kind: Operator = Operator.ORDINARY
    causes: tuple[Cause, ...] = (Cause.UNKNOWN,)
    harms: tuple[Harm, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    advice: tuple[Advice, ...] = ()
    serious: bool = False
    other_trigger: bool = False


async def find(
    desk: RightsDesk,
    operator: str,
    nature: Nature,
    actor: str,
    *,
    found_at: datetime | None = None,
    drill: bool = False,
) -> Incident:
    """Enter an incident, suspected until described; its clocks run from its discovery.

    Raises:
        Misuse: ``governance.incident-unfit``: found in the future.
    """
    now = desk.premises.clock.now()
    at = found_at if found_at is not None else now
    if at > now:
        raise Misuse(faults.UNFIT, field="found_at")
    incident = Incident(
        id=ids.new(INCIDENT_ID, now),
        operator=operator,
        nature=nature,
        found_at=at,
        found_by=actor,
        drill=drill,
    )
    row = fresh(desk.premises, KIND, incident.id, operator, operator, now)
    facts = {"nature": nature.value, "drill": drill, "actor": actor, "found": micros(at)}
    return await move(desk, Held(row, incident), incident, Deed(faults.FOUND, facts, now, 0))


async def describe(
    desk: RightsDesk, incident_id: str, said: Description, actor: str, *, operator: str = ""
) -> Incident:
    """Say how sure it is, why it happened, what it may do, what was done.

    Raises:
        Misuse: ``governance.incident-unknown``, ``governance.incident-ended``.
    """
    before = await open_one(desk, incident_id, operator)
    told = msgspec.structs.replace(
        before.incident,
        certainty=said.certainty,
        kind=said.kind,
        causes=said.causes,
        harms=said.harms,
        remedies=said.remedies,
        advice=said.advice,
        serious=said.serious or before.incident.serious,
        other_trigger=said.other_trigger,
    )
    if levels.level(told) is not levels.Level.NONE:
        told = msgspec.structs.replace(told, serious=True)
    return await _described(desk, before, told, actor)


async def step(
    desk: RightsDesk,
    incident_id: str,
    which: Step,
    actor: str,
    *,
    reference: str = "",
    operator: str = "",
) -> Incident:
    """One of the immediate steps was done; the scope is counted, not ticked.

    Raises:
        Misuse: ``governance.incident-unfit``.
    """
    before = await open_one(desk, incident_id, operator)
    if which is Step.SCOPE or not _REFERENCE.fullmatch(reference):
        raise Misuse(faults.UNFIT, field="step")
    at = desk.premises.clock.now()
    did = {**before.incident.steps, which: Did(actor, at, reference)}
    done = msgspec.structs.replace(before.incident, steps=did)
    facts = {"step": which.value, "reference": reference, "actor": actor}
    return await move(desk, before, done, Deed(faults.STEPPED, facts, at, before.incident.events))


async def scope(
    desk: RightsDesk, incident_id: str, asked: Asked, actor: str, *, operator: str = ""
) -> Incident:
    """Count whose data and which fields. May be counted again until people are told.

    Raises:
        Misuse: ``governance.incident-unfit``, ``governance.incident-told-before``.
    """
    before = await open_one(desk, incident_id, operator)
    if before.incident.people is not None:
        raise Misuse(faults.TOLD_BEFORE)
    at = desk.premises.clock.now()
    if asked.until < asked.since or asked.since > at:
        raise Misuse(faults.UNFIT, field="until")
    if asked.basis is Basis.REGISTER:
        asked = msgspec.structs.replace(asked, actor="", scene="")
    counted = await count(desk, before.incident.operator, asked)
    done = msgspec.structs.replace(
        before.incident,
        scope=counted,
        steps={**before.incident.steps, Step.SCOPE: Did(actor, at)},
    )
    found = levels.level(done)
    facts = {
        "basis": asked.basis.value,
        "persons": counted.persons,
        "gone": counted.gone,
        "readings": counted.readings,
        "fields": tuple(f"{field.name}={field.persons}" for field in counted.fields),
        "level": found.value,
        "actor": actor,
    }
    done = await move(desk, before, done, Deed(faults.SCOPED, facts, at, before.incident.events))
    if found is not levels.Level.NONE and not done.serious:
        again = await held(desk, incident_id)
        return await _described(desk, again, msgspec.structs.replace(done, serious=True), actor)
    return done


async def tell(
    desk: RightsDesk, incident_id: str, actor: str, *, spare: str = "", operator: str = ""
) -> Incident:
    """Tell the people concerned, or record why nobody has to be told.

    1 the notice is put on each person's own pages, 500 in a commit, each once
    2 the incident says that they were told; a crash before this line is mended by telling again

    Args:
        spare: why harm is effectively avoided; then nobody is told.

    Raises:
        Misuse: ``governance.incident-scope-first``, ``governance.incident-told-before``.

    Law: pipl.57, netdata.11
    """
    before = await open_one(desk, incident_id, operator)
    incident, at = before.incident, desk.premises.clock.now()
    if incident.people is not None:
        raise Misuse(faults.TOLD_BEFORE)
    if incident.scope is None or not (incident.harms and incident.remedies and incident.advice):
        raise Misuse(faults.SCOPE_FIRST)
    why = fit(spare, "spare")
    reached = 0
    if not why:
        reached = await telling.place(desk, incident, at)  # 1
    told = Told(by=actor, at=at, persons=reached, spared=bool(why), why=why)
    facts = {
        "persons": reached,
        "gone": incident.scope.gone,
        "spared": bool(why),
        "actor": actor,
    }
    done = msgspec.structs.replace(incident, people=told)
    return await move(desk, before, done, Deed(faults.TOLD, facts, at, before.incident.events))  # 2


async def handled(
    desk: RightsDesk, incident_id: str, actor: str, *, operator: str = ""
) -> Incident:
    """Handling has ended. A drill is done with this, and counts as the yearly one.

    Raises:
        Misuse: ``governance.incident-unfinished``, its field says what is missing.
    """
    before = await open_one(desk, incident_id, operator)
    gaps = unfinished(desk, before.incident)
    if gaps:
        raise Misuse(faults.UNFINISHED, field=gaps[0])
    at = desk.premises.clock.now()
    done = msgspec.structs.replace(before.incident, handled_at=at)
    done = await move(
        desk, before, done, Deed(faults.HANDLED, {"actor": actor}, at, before.incident.events)
    )
    if done.drill:
        role = re.sub(r"[^a-z0-9_-]", "-", actor.lower())[:40]
        await periodic.done(
            desk.premises, desk.docket, DRILL_TASK, actor=role, reference=done.id.upper()
        )
    return done


async def unfounded(
    desk: RightsDesk, incident_id: str, actor: str, *, operator: str = ""
) -> Incident:
    """Nothing had happened. Faces that were shut stay shut until they are assessed.

    Raises:
        Misuse: ``governance.incident-ended``.
    """
    before = await open_one(desk, incident_id, operator)
    if before.incident.people is not None:
        raise Misuse(faults.TOLD_BEFORE)
    at = desk.premises.clock.now()
    done = msgspec.structs.replace(before.incident, certainty=Certainty.UNFOUNDED)
    return await move(
        desk, before, done, Deed(faults.UNFOUNDED, {"actor": actor}, at, before.incident.events)
    )


async def held(desk: RightsDesk, incident_id: str, operator: str = "") -> Held:
    """Read an incident.

    Raises:
        Misuse: ``governance.incident-unknown``, also for another operator's.
    """
    row = await desk.docket.get(incident_id) if ids.is_id(INCIDENT_ID, incident_id) else None
    if row is None or row.kind != KIND or (operator and row.operator != operator):
        raise Misuse(faults.UNKNOWN)
    return Held(row, read(row))


async def open_one(desk: RightsDesk, incident_id: str, operator: str = "") -> Held:
    """Read an incident that is still handled.

    Raises:
        Misuse: ``governance.incident-unknown``, ``governance.incident-ended``.
    """
    found = await held(desk, incident_id, operator)
    if found.incident.ended:
        raise Misuse(faults.ENDED)
    return found


async def move(desk: RightsDesk, before: Held, incident: Incident, deed: Deed) -> Incident:
    """One commit: the incident and its leaf."""
    kept = msgspec.structs.replace(incident, events=deed.number + 1)
    until = deadline(incident_record_years, deed.at).at if kept.ended else None
    state = "ended" if kept.ended else "open"
    row, leaf = await moved(desk.premises, before.row, state, kept, deed, keep=until)
    await desk.docket.commit([row], [leaf])
    return kept


async def _described(desk: RightsDesk, before: Held, told: Incident, actor: str) -> Incident:
    """Write the description; a serious incident shuts the operator's faces with it."""
    from liangming.governance.assessment.steps import reopen

    at = desk.premises.clock.now()
    shut = list(told.shut)
    if told.serious and not told.drill and told.certainty is not Certainty.UNFOUNDED:
        for scene in desk.premises.scenes.values():
            mine = scene.operator.id == told.operator
            if mine and await reopen(desk, scene.id, "incident", actor):
                shut.append(scene.id)
    told = msgspec.structs.replace(told, shut=tuple(dict.fromkeys(shut)))
    facts = {
        "certainty": told.certainty.value,
        "serious": told.serious,
        "causes": tuple(each.value for each in told.causes),
        "harms": tuple(each.value for each in told.harms),
        "remedies": tuple(each.value for each in told.remedies),
        "actor": actor,
        "shut": len(told.shut),
    }
    return await move(desk, before, told, Deed(faults.DESCRIBED, facts, at, before.incident.events))
