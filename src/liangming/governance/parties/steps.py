"""Propose a party with its contract and assessment, agree as a second account, end it.

Law: pipl.21, pipl.23, pipl.55, netdata.12
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from liangming import ids
from liangming.docket import Record, deadline
from liangming.errors import Kind, Misuse, declare
from liangming.governance import gates
from liangming.governance.assessment.faults import SAME_PERSON
from liangming.governance.assessment.states import ASSESSMENT_ID
from liangming.governance.assessment.states import Stage as Assessed
from liangming.governance.assessment.states import read as assessment_of
from liangming.governance.parties.states import KIND, PARTY_ID, Party, Stage, Terms, read
from liangming.governance.storing import Deed, fresh, moved
from liangming.governance.words import fit
from liangming.law.values import provision_record_years
from liangming.ledger import declare_event
from liangming.rights import RightsDesk
from liangming.scene import FIELDS

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")
_REFERENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]{0,79}")
_STEP: Final = 500
HOW: Final = ("returned", "deleted")

PROPOSED: Final = declare_event(
    "governance:party:proposed",
    facts=("party", "role", "contract", "assessment", "until", "actor"),
    zh="提出一个受托方或接收方，附合同和事前评估。",
    en="A processor or recipient was proposed, with contract and assessment.",
)
AGREED: Final = declare_event(
    "governance:party:agreed",
    facts=("party", "first", "actor"),
    zh="第二人批准了受托方或接收方，合同期内可以使用。",
    en="A second person agreed to a processor or recipient; it may be used under its contract.",
)
ENDED: Final = declare_event(
    "governance:party:ended",
    facts=("party", "how", "actor"),
    zh="委托或提供结束，个人信息已返还或删除。",
    en="Entrusting or providing ended; data were returned or deleted.",
)
UNKNOWN: Final = declare(
    "governance.party-unknown",
    Kind.ABSENT,
    zh="没有这个受托方或接收方。",
    en="There is no such processor or recipient.",
)
UNFIT: Final = declare(
    "governance.party-unfit",
    Kind.INVALID,
    zh="受托方的内容不全或写法不对：代号用小写字母，合同和评估写编号，止日不早于起日，字段从列表里选。",
    en="The entry is incomplete or ill-formed: a code in small letters, references for contract and"
    " assessment, an end not before the beginning, fields from the list.",
)
ASSESS_FIRST: Final = declare(
    "governance.party-assess-first",
    Kind.OUT_OF_ORDER,
    zh="委托、提供之前先做影响评估：所引的评估没有获得批准。",
    en="Assess before entrusting or providing: the assessment named here is not approved.",
)
NOT_NOW: Final = declare(
    "governance.party-not-now",
    Kind.OUT_OF_ORDER,
    zh="这一步现在不能做：它已经批准或结束。",
    en="This step does not fit now: it was agreed to, or has ended.",
)


async def propose(desk: RightsDesk, operator: str, terms: Terms, actor: str) -> Party:
    """Propose a party.

    Raises:
        Misuse: ``governance.party-unfit``, ``governance.words-unfit``,
            ``governance.party-assess-first``.
    """
    at = desk.premises.clock.now()
    kept = msgspec.structs.replace(
        terms,
        name=fit(terms.name, "name"),
        contact=_contact(terms.contact),
        purpose=fit(terms.purpose, "purpose"),
        way=fit(terms.way, "way"),
        measures=fit(terms.measures, "measures"),
    )
    must = (kept.name, kept.contact, kept.purpose, kept.way, kept.measures, kept.fields)
    references = _REFERENCE.fullmatch(kept.contract) and _REFERENCE.fullmatch(kept.assessment)
    if not (all(must) and references and _CODE.fullmatch(kept.code)):
        raise Misuse(UNFIT)
    if kept.until < kept.since or not set(kept.fields) <= set(FIELDS):
        raise Misuse(UNFIT, field="until")
    if ids.is_id(ASSESSMENT_ID, kept.assessment):
        found = await desk.docket.get(kept.assessment)
        fits = found is not None and found.kind == "assessment" and found.operator == operator
        if found is None or not fits or assessment_of(found).stage is not Assessed.APPROVED:
            raise Misuse(ASSESS_FIRST, field="assessment")
    party = Party(
        id=ids.new(PARTY_ID, at),
        operator=operator,
        terms=kept,
        stage=Stage.PROPOSED,
        proposed_by=actor,
        proposed_at=at,
    )
    row = fresh(desk.premises, KIND, party.id, operator, kept.code, at)
    facts = {
        "party": kept.code,
        "role": kept.role.value,
        "contract": kept.contract,
        "assessment": kept.assessment,
        "until": kept.until.isoformat(),
        "actor": actor,
    }
    return await _move(desk, row, party, Deed(PROPOSED, facts, at, 0))


async def agree(desk: RightsDesk, party_id: str, actor: str, *, operator: str = "") -> Party:
    """Agree as a second account; it may be used from here on, within its contract.

    Raises:
        Misuse: ``governance.party-unknown``, ``governance.party-not-now``,
            ``governance.second-person``.
    """
    row, party = await held(desk, party_id, operator)
    if party.stage is not Stage.PROPOSED:
        raise Misuse(NOT_NOW)
    if party.proposed_by == actor:
        raise Misuse(SAME_PERSON)
    at = desk.premises.clock.now()
    agreed = msgspec.structs.replace(party, stage=Stage.IN_FORCE, agreed_by=actor, agreed_at=at)
    facts = {"party": party.terms.code, "first": party.proposed_by, "actor": actor}
    done = await _move(desk, row, agreed, Deed(AGREED, facts, at, party.events))
    await gates.refresh(desk)
    return done


async def end(
    desk: RightsDesk, party_id: str, how: str, actor: str, *, operator: str = ""
) -> Party:
    """End it: data came back, or were deleted; nothing of it is used from here on.

    Raises:
        Misuse: ``governance.party-unknown``, ``governance.party-not-now``,
            ``governance.party-unfit``.
    """
    row, party = await held(desk, party_id, operator)
    if party.stage is Stage.ENDED:
        raise Misuse(NOT_NOW)
    if how not in HOW:
        raise Misuse(UNFIT, field="how")
    at = desk.premises.clock.now()
    ended = msgspec.structs.replace(party, stage=Stage.ENDED, ended_by=actor, ended_at=at, how=how)
    facts = {"party": party.terms.code, "how": how, "actor": actor}
    done = await _move(desk, row, ended, Deed(ENDED, facts, at, party.events))
    await gates.refresh(desk)
    return done


async def held(desk: RightsDesk, party_id: str, operator: str = "") -> tuple[Record, Party]:
    """Read a party.

    Raises:
        Misuse: ``governance.party-unknown``, also for another operator's.
    """
    row = await desk.docket.get(party_id) if ids.is_id(PARTY_ID, party_id) else None
    if row is None or row.kind != KIND or (operator and row.operator != operator):
        raise Misuse(UNKNOWN)
    return row, read(row)


async def listed(desk: RightsDesk, operator: str = "") -> list[Party]:
    """Every party that is kept, oldest first."""
    found: list[Party] = []
    after = ""
    while rows := await desk.docket.walk(KIND, after, _STEP):
        found += [read(row) for row in rows if not operator or row.operator == operator]
        after = rows[-1].id
    return found


def _contact(contact: str) -> str:
    """A company's contact may be a telephone number."""
    trimmed = contact.strip()
    if not trimmed.isprintable() or len(trimmed) > 200:  # noqa: PLR2004  (a line)
        raise Misuse(UNFIT, field="contact")
    return trimmed


async def _move(desk: RightsDesk, row: Record, party: Party, deed: Deed) -> Party:
    kept = msgspec.structs.replace(party, events=deed.number + 1)
    over = party.stage is Stage.ENDED
    until = deadline(provision_record_years, deed.at).at if over else None
    stored, leaf = await moved(desk.premises, row, party.stage.value, kept, deed, keep=until)
    await desk.docket.commit([stored], [leaf])
    return kept
