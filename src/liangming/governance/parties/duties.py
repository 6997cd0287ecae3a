"""Contracts on the board: when one ends, data come back or are deleted, and the provider stops.

Law: pipl.21, netdata.12
"""

from __future__ import annotations

from datetime import datetime

from liangming.docket.clocks import end_of
from liangming.governance.duty import Duty, Kind
from liangming.governance.parties.states import Stage
from liangming.governance.parties.steps import listed
from liangming.rights import RightsDesk
from liangming.scene.model import Text


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """One for each that is proposed or in force."""
    found = []
    for party in await listed(desk):
        terms = party.terms
        if party.stage is Stage.ENDED:
            continue
        waits = party.stage is Stage.PROPOSED
        title = (
            Text(f"批准受托方或接收方：{terms.code}", f"Agree to {terms.code}, or not")
            if waits
            else Text(
                f"{terms.code} 的合同到期前续签，或收回、删除个人信息",
                f"Renew the contract of {terms.code}, or have data returned or deleted",
            )
        )
        found.append(
            Duty(
                id=party.id,
                kind=Kind.PARTY,
                title=title,
                owner="privacy-officer",
                due=end_of(terms.until),
                article="pipl.21",
                late=Text(
                    "没有合同的处理违法；个人信息可能仍在对方手里",
                    "Processing without a contract is unlawful; data may still be there",
                ),
                do=f"/desk/parties/{party.id}",
                gate=Text(
                    "合同之外不使用这个来源", "The provider is not used outside its contract"
                ),
                operator=party.operator,
            )
        )
    return found
