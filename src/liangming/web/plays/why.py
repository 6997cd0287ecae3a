"""N3: "management has become stricter" is no reason."""

from __future__ import annotations

from typing import Final

from liangming.check import Opening, Premises, open_check
from liangming.check.conclude import conclude
from liangming.check.journey import choose, show_notice
from liangming.check.states import Refused
from liangming.law.article_number import in_english
from liangming.law.words import Method, RefusalReason
from liangming.notice import ItemKind
from liangming.scene.model import Text
from liangming.web.cited import sentence
from liangming.web.plays.play import Count, Play, Story

SCENE: Final = "shili-counter"

STORY: Final = Story(
    "N3",
    Text("问为什么，只答“管理变严了”", "Asked why: “management has become stricter”"),
    Text(
        "寄件人问为什么要刷脸，快递员说“现在管理严了”。",
        "Asked why a face was needed, the courier said that management had become stricter.",
    ),
    scene="shili-counter",
)


async def why(premises: Premises) -> Play:
    """Every demand carries purpose, ground and article; a refusal has a reason from a closed list."""
    count = Count()
    state = await open_check(premises, Opening(scene=SCENE))
    about = state.about
    count.step(
        f"打开查验时，目的已经写明：{premises.scenes[SCENE].purpose.zh}。",
        f"The purpose is stated from the start: {premises.scenes[SCENE].purpose.en}.",
        as_it_must=about.grounds == ("statutory-duty",),
    )
    first = sentence(premises.corpus, about.citations)
    if first is not None:
        count.step(
            f"寄件人问“为什么”，收寄员照读：《{first.instrument_zh}》{first.number}，{first.zh}",
            f"Asked why, the clerk reads out: {first.instrument_en} {in_english(first.number)}: {first.en}",
        )
    reasons = {i.kind for i in premises.notice(premises.scenes[SCENE]).notice.items}
    count.step(
        "告知里写着：收集什么、保存多久、怎么删除、向谁投诉。",
        "The notice says what is collected, how long it is kept, how to erase it, where to complain.",
        as_it_must=first is not None
        and {ItemKind.WHY, ItemKind.WHAT, ItemKind.KEPT, ItemKind.RIGHTS, ItemKind.COMPLAIN}
        <= reasons,
    )
    await show_notice(premises, about.id)
    await choose(premises, about.id, Method.DOCUMENT_SEEN, by="spoken")
    end = await conclude(premises, about.id, "refused-to-show")
    count.step(
        "听完理由仍不出示任何证件：依法不予收寄，回执写明理由、条文和下一步。",
        "If no document at all is shown, the parcel cannot be accepted; the receipt says why and what next.",
        as_it_must=isinstance(end, Refused) and end.reason is RefusalReason.NO_DOCUMENT,
    )
    count.step(
        "“管理变严了”不在法定理由之列，系统里选不到。",
        "“Management has become stricter” is not on the closed list; there is nothing to select.",
        as_it_must="stricter" not in {reason.value for reason in RefusalReason},
    )
    count.cite(*about.citations, *getattr(end, "citations", ()))
    return count.told(
        STORY,
        Text(
            "每个要求都有目的、依据和条文，一句话能读给人听。",
            "Every demand has its purpose, ground and article, in one sentence to be read out.",
        ),
        Text("没有依据的要求。", "A demand without a ground."),
    )
