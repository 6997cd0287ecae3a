"""N6: vending machines that induced face payment."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from liangming import method as shown
from liangming.check import Premises, present
from liangming.check.journey import consent, decline
from liangming.check.states import Passed
from liangming.clock import china_date
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.scene import Lawful, Problem, Scene, Unlawful, Way, judge
from liangming.scene.model import NOTHING, Text
from liangming.web.plays.play import Count, Play, Story, chosen

METRO: Final = "yangpin-metro"
CAMPUS: Final = "yangpin-campus"

STORY: Final = Story(
    "N6",
    Text("地铁里的售货机诱导刷脸支付", "Metro vending machines that induced face payment"),
    Text(
        "上海检查了14家企业的1462台机器：诱导刷脸、告知缺失或不全、强制手机号、没有删除渠道；829台关闭了刷脸支付。",
        "In Shanghai 1,462 machines of 14 operators were checked: face payment induced, notice "
        "missing or incomplete, phone number forced, no deletion; it was switched off on 829.",
    ),
    scene="yangpin-campus",
)


async def induced(premises: Premises) -> Play:
    """Each of the six problems is refused before a machine goes live; paying needs no identity."""
    count = Count()
    lawful = premises.scenes[CAMPUS]
    count.step(
        "机器上有付款码、现金、刷脸三种方式，刷脸排最后，同样大小：可以上线。",
        "Phone code, cash and face, the face last and the same size: it may go live.",
        as_it_must=all(isinstance(each, Lawful) for each in _judged(premises, lawful)),
    )
    for code, zh, en, broken in _twins(lawful):
        problems = [
            problem
            for each in _judged(premises, broken)
            if isinstance(each, Unlawful)
            for problem in each.problems
        ]
        count.step(
            f"{zh}：拒绝上线。",
            f"{en}: refused.",
            as_it_must=code in {problem.code for problem in problems},
        )
        count.cite(*_articles(problems))
    await _pay(premises, count)
    return count.told(
        STORY,
        Text(
            "有问题的机器不能上线；付款不需要知道您是谁。",
            "Such a machine does not go live; paying needs nobody's identity.",
        ),
        Text("诱导和变相强迫刷脸。", "Being induced or pushed to show a face."),
    )


def _judged(premises: Premises, scene: Scene) -> tuple[object, ...]:
    return tuple(judge([scene], china_date(premises.clock.now())))


def _articles(problems: list[Problem]) -> list[str]:
    return [citation.id for problem in problems for citation in problem.citations]


def _twins(scene: Scene) -> list[tuple[str, str, str, Scene]]:
    """The lawful machine with one thing broken, and the problem that must be found."""
    face_first = tuple(sorted(scene.ways, key=lambda way: not way.method.is_face))
    bigger = tuple(replace(way, emphasised=way.method.is_face) for way in scene.ways)
    prize = tuple(replace(way, rewarded=way.method.is_face) for way in scene.ways)
    only = (Way(method=Method.FACE),)
    return [
        (
            "scene.face-first",
            "刷脸排在第一位",
            "The face put first",
            replace(scene, ways=face_first),
        ),
        (
            "scene.face-emphasised",
            "刷脸的按钮更大更显眼",
            "The face made larger",
            replace(scene, ways=bigger),
        ),
        (
            "scene.face-rewarded",
            "“刷脸随机免单”",
            "“Random free order” for a face",
            replace(scene, ways=prize),
        ),
        ("scene.face-only", "只能刷脸", "The face as the only way", replace(scene, ways=only)),
        (
            "scene.phone-forced",
            "强制绑定手机号",
            "A phone number forced",
            replace(scene, phone_forced=True),
        ),
        ("scene.assessment-missing", "没有影响评估", "No impact assessment", _unassessed(scene)),
        (
            "scene.withdrawal-missing",
            "没有撤回和删除的途径",
            "No way to withdraw and delete",
            replace(scene, withdrawal=NOTHING),
        ),
    ]


def _unassessed(scene: Scene) -> Scene:
    terms = scene.face
    return replace(scene, face=replace(terms, assessment=None) if terms is not None else None)


async def _pay(premises: Premises, count: Count) -> None:
    state = await chosen(premises, METRO, Method.CASH)
    paid = await present(
        premises, state.about.id, shown.PaymentShown(reference="demo-paid-1", by="cash")
    )
    count.step(
        "投币付款：通过，不登记，不保存身份。",
        "Paid in cash: passed, nothing registered, no identity kept.",
        as_it_must=isinstance(paid, Passed) and paid.register == "nothing",
    )
    other = await chosen(premises, CAMPUS, Method.PAYMENT_CODE)
    offered = [offer.method for offer in other.about.offers]
    if Method.FACE in offered:
        await decline(premises, other.about.id, Method.FACE)
        await _no_camera(premises, other.about.id, count)
        again = await chosen(premises, CAMPUS, Method.PAYMENT_CODE)
        other = again
    after = await present(
        premises, other.about.id, shown.PaymentShown(reference="demo-paid-2", by="payment-code")
    )
    count.step(
        "不刷脸，用付款码：同样通过，价格不变。",
        "No face, phone code instead: passed just the same, at the same price.",
        as_it_must=isinstance(after, Passed),
    )


async def _no_camera(premises: Premises, check: str, count: Count) -> None:
    try:
        await consent(premises, check, device="", age=30)
        shut = False
    except LiangmingError:
        shut = True
    count.step(
        "说了“不”，摄像头就不会打开，也不再问第二次。",
        "After a “no” the camera stays shut and nobody asks again.",
        as_it_must=shut,
    )
