"""N2: one outlet demands a face, another nothing; a parcel is left unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from liangming import method as shown
from liangming.check import Opening, Premises, open_check, present
from liangming.check.journey import choose, show_notice
from liangming.check.states import Undetermined
from liangming.clock import china_date
from liangming.law.words import Method
from liangming.scene import Lawful, Scene, Unlawful, Way, judge
from liangming.scene.model import Text
from liangming.web.plays.people import card_number
from liangming.web.plays.play import Count, Play, Story

COUNTER: Final = "shili-counter"
DOORSTEP: Final = "shili-doorstep"

STORY: Final = Story(
    "N2",
    Text("同一家公司，各网点要求不同", "One company, a different demand at each outlet"),
    Text(
        "上海一个网点柜台要求刷脸，同一公司上门取件却不用；快件甚至可以放在前台没人看。另一个网点什么也不问。",
        "In Shanghai one outlet demanded a face at the counter; the same company's pick-up did "
        "not, and a parcel could be left at a reception desk. Another outlet asked for nothing.",
    ),
    scene="shili-counter",
)


async def unequal(premises: Premises) -> Play:
    """The scene check refuses unequal channels; an unseen parcel is never passed."""
    count = Count()
    on = china_date(premises.clock.now())
    counter, doorstep = premises.scenes[COUNTER], premises.scenes[DOORSTEP]
    fair = judge([counter, doorstep], on)
    count.step(
        "同一企业的柜台和上门，要求完全一样：可以上线。",
        "Counter and doorstep of one company demand the same: both may go live.",
        as_it_must=all(isinstance(each, Lawful) for each in fair),
    )
    fewer = (Way(method=Method.DOCUMENT_SEEN), Way(method=Method.NETWORK_CREDENTIAL))
    other = replace(doorstep, id="copy-doorstep", ways=fewer)
    found = [each for each in judge([counter, other], on) if isinstance(each, Unlawful)]
    codes = {problem.code for each in found for problem in each.problems}
    count.step(
        "把上门改得和柜台不一样，又不写理由：场景检查拒绝上线，两边都指出来。",
        "Let the doorstep differ from the counter without a reason: the scene check refuses both.",
        as_it_must=codes == {"scene.unequal-channels"},
    )
    for each in found:
        for problem in each.problems:
            count.cite(*(c.id for c in problem.citations))
    unseen = await _unseen(premises, counter)
    count.step(
        "快件放在前台、没有人见到寄件人：结论是“无法判定”，不会算作通过。",
        "A parcel left at a reception desk unseen: undetermined, never passed.",
        as_it_must=unseen,
    )
    return count.told(
        STORY,
        Text(
            "要求不一致的场景不能上线；没见到人的快件不算通过。",
            "Unequal scenes do not go live; an unseen parcel does not pass.",
        ),
        Text("凭网点而变的要求。", "A demand that depends on the outlet."),
    )


async def _unseen(premises: Premises, scene: Scene) -> bool:
    """Whether the law leaves an unseen hand-over undetermined, asked through a real check."""
    state = await open_check(premises, Opening(scene=scene.id, unseen=True))
    await show_notice(premises, state.about.id)
    await choose(premises, state.about.id, Method.DOCUMENT_SEEN)
    evidence = shown.DocumentShown(document="resident_card", number=card_number(), agrees=True)
    after = await present(premises, state.about.id, evidence)
    return isinstance(after, Undetermined)
