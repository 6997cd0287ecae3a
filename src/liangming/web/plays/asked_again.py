"""N1: verified in the app, and a face asked again at hand-over."""

from __future__ import annotations

from typing import Final

from liangming import method as shown
from liangming.check import Premises, present
from liangming.check.codes import issue_order_code
from liangming.check.ports import CODE_USED
from liangming.check.states import Passed
from liangming.errors import Refusal
from liangming.law.words import Method
from liangming.scene.model import Text
from liangming.web.plays.people import card_number
from liangming.web.plays.play import Count, Play, Story, chosen

ORDERED: Final = "shili-counter"
HANDED_OVER: Final = "shili-doorstep"

STORY: Final = Story(
    "N1",
    Text("应用里核验过，上门又要刷脸", "Verified in the app, then a face at the door"),
    Text(
        "北京一位寄件人在应用里下单时已实名核验，快递员上门取件时又要求刷脸。",
        "A sender in Beijing verified her identity when ordering; at hand-over the courier asked "
        "for a face scan again.",
    ),
    scene="shili-doorstep",
)


async def asked_again(premises: Premises) -> Play:
    """The order's verification travels as a signed code; the courier sees, and collects nothing."""
    count = Count()
    state = await chosen(premises, ORDERED, Method.DOCUMENT_SEEN)
    first = shown.DocumentShown(document="resident_card", number=card_number(), agrees=True)
    ordered = await present(premises, state.about.id, first)
    count.step(
        "下单前已经核验并登记过身份，通过。",
        "Her identity is checked and registered for the order: passed.",
        as_it_must=isinstance(ordered, Passed) and ordered.register == "collected",
    )
    code = await issue_order_code(premises, ordered.about.id)
    count.step("应用里得到一个签名的交接码。", "The app receives a signed hand-over code.")
    at_door = await chosen(premises, HANDED_OVER, Method.ORDER_CODE, by="spoken")
    offered = [offer.method for offer in at_door.about.offers]
    count.step(
        "快递员上门。这个场景里没有刷脸可选，也没有办法再要求一次。",
        "The courier arrives. This scene has no face to offer, and no way to ask again.",
        as_it_must=Method.FACE not in offered,
    )
    seen = shown.OrderCodeShown(code=code, document_seen=True, agrees=True)
    done = await present(premises, at_door.about.id, seen)
    count.step(
        "扫交接码，看一眼证件，一致：通过。屏幕显示“已登记：看证件，不再采集”。",
        "Code scanned, document seen, they agree: passed. Nothing is collected.",
        as_it_must=isinstance(done, Passed) and done.register != "collected",
    )
    again = await chosen(premises, HANDED_OVER, Method.ORDER_CODE, by="spoken")
    try:
        await present(premises, again.about.id, seen)
        refused = False
    except Refusal as no:
        refused = no.code is CODE_USED
    count.step(
        "同一个码第二次使用，被拒绝；换一种方式即可。",
        "The same code a second time is refused; any other way stays open.",
        as_it_must=refused,
    )
    count.cite(*getattr(done, "citations", ()))
    return count.told(
        STORY,
        Text("通过：看证件，不再采集。", "Passed: document seen, nothing collected."),
        Text("重复核验和重复采集。", "Checking and collecting a second time."),
    )
