"""N4: how it should be: first time, returning, organisation, agreement, letter."""

from __future__ import annotations

from typing import Final

from liangming import method as shown
from liangming.check import Premises, present
from liangming.check.states import Passed, Refused, State
from liangming.law.words import Method, RefusalReason
from liangming.scene.model import Text
from liangming.web.plays.people import card_number, credit_code
from liangming.web.plays.play import Count, Play, Story, chosen

COUNTER: Final = "shili-counter"
AGREEMENT: Final = "shili-agreement"
LETTER: Final = "shili-letter"

STORY: Final = Story(
    "N4",
    Text("看证件、核对、登记，一次就够", "Show, check, register: once is enough"),
    Text(
        "行业里的正常做法：首次寄件出示并登记身份证，以后只看不录；刷脸只是辅助试点，不是必须。",
        "The ordinary way in the trade: the first parcel registers the ID, later ones only show "
        "it; a face is a pilot aid and not mandatory.",
    ),
    scene="shili-counter",
)


async def everyday(premises: Premises) -> Play:
    """Collected once, only seen afterwards."""
    count = Count()
    number = card_number()
    first = await _show(premises, COUNTER, number, agrees=True)
    count.step(
        "第一次寄件：看证件、核对、登记一次，通过。",
        "First parcel: document seen, compared, registered once: passed.",
        as_it_must=isinstance(first, Passed) and first.register == "collected",
    )
    later = await _show(premises, COUNTER, number, agrees=True)
    count.step(
        "以后寄件：看证件、核对，不再采集。",
        "Later parcels: document seen and compared, nothing collected again.",
        as_it_must=isinstance(later, Passed) and later.register == "kept",
    )
    other = await _show(premises, COUNTER, card_number(), agrees=False)
    count.step(
        "证件与运单不一致：不予收寄，告诉他怎样改正。",
        "Document and waybill disagree: not accepted, and told how to put it right.",
        as_it_must=isinstance(other, Refused) and other.reason is RefusalReason.MISMATCH,
    )
    count.cite(*getattr(first, "citations", ()), *getattr(other, "citations", ()))
    await _organisation(premises, count)
    await _agreement(premises, count)
    await _letter(premises, count)
    return count.told(
        STORY,
        Text(
            "登记一次，以后只看证件；全程没有刷脸。",
            "Registered once, only seen later; no face at all.",
        ),
        Text("每次寄件都重新采集。", "Collecting anew with every parcel."),
    )


async def _show(premises: Premises, scene: str, number: str, *, agrees: bool) -> State:
    state = await chosen(premises, scene, Method.DOCUMENT_SEEN, by="spoken")
    evidence = shown.DocumentShown(document="resident_card", number=number, agrees=agrees)
    return await present(premises, state.about.id, evidence)


async def _organisation(premises: Premises, count: Count) -> None:
    state = await chosen(premises, COUNTER, Method.ORGANISATION, by="spoken")
    who = shown.DocumentShown(document="resident_card", number=card_number(), agrees=True)
    evidence = shown.OrganisationShown(uscc=credit_code(), representative=who)
    done = await present(premises, state.about.id, evidence)
    count.step(
        "单位寄件：核对统一社会信用代码和负责人证件，通过。",
        "An organisation: credit code and representative's document, passed.",
        as_it_must=isinstance(done, Passed),
    )


async def _agreement(premises: Premises, count: Count) -> None:
    state = await chosen(premises, AGREEMENT, Method.AGREEMENT, by="spoken")
    done = await present(
        premises, state.about.id, shown.AgreementShown(agreement="demo-agreement-1")
    )
    count.step(
        "协议用户：有安全协议，不逐件登记，通过。",
        "A sender with a safety agreement: not registered parcel by parcel, passed.",
        as_it_must=isinstance(done, Passed) and done.register == "nothing",
    )


async def _letter(premises: Premises, count: Count) -> None:
    state = await chosen(premises, LETTER, Method.CASH, by="spoken")
    offered = [offer.method for offer in state.about.offers]
    paid = shown.PaymentShown(reference="demo-paid-3", by="cash")
    done = await present(premises, state.about.id, paid)
    count.step(
        "信件：不用表明身份，付了邮资就寄走，什么也不登记。",
        "A letter: no identity is asked; postage paid, it goes, and nothing is registered.",
        as_it_must=isinstance(done, Passed)
        and done.register == "nothing"
        and not any(method.shows_identity for method in offered),
    )
