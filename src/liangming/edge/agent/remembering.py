"""The pages of a template: asked for, agreed to apart, used by its number, deleted by one press."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from liangming.edge.agent import pages, still
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.shop import NO_ORDER
from liangming.edge.agent.visit import Visit
from liangming.edge.agent.words import REMEMBER, REMEMBER_FOR
from liangming.edge.codes import NOT_OFFERED
from liangming.errors import Misuse

Say = Callable[..., Response]
NONE_HELD: Final = (
    "这台设备不保存人脸模板；每次比对后画面即被覆写。",
    "This machine keeps no face template; frames are overwritten after each look.",
)


class Remembering:
    """Belongs to a :class:`~liangming.edge.agent.server.Door`."""

    def __init__(self, machine: Machine, say: Say) -> None:
        self._machine, self._say = machine, say

    async def ask(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The template's own notice; nobody is led here, a person asks for it."""
        if not await asyncio.to_thread(self._machine.remembers):
            raise Misuse(NOT_OFFERED)
        days = str(self._machine.enrolment.remember_days)
        words = (REMEMBER_FOR[self._machine.kind], *REMEMBER)
        items = [(zh.replace("{days}", days), en.replace("{days}", days)) for zh, en in words]
        body = pages.notice(
            items,
            self._machine.guard.token(),
            to="/remember",
            answers=(pages.NO_KEEP, pages.KEEP),
            first=None,
        )
        return self._say(("记住我：只在这台设备", "Remember me, on this device only"), body)

    async def answered(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Yes leads to the face's own notice and its own consent; no leads back."""
        if sent.get("answer") != "yes":
            return RedirectResponse("/", 303)
        items = await asyncio.to_thread(lambda: self._machine.begin_face(keep=True))
        return self._face_notice(items)

    async def number(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """First the person says who they are on this device; only then a face is one way."""
        if self._machine.kind == "vending" and self._machine.sales.order() is None:
            raise Misuse(NO_ORDER)
        fields = pages.field("number", "您的 16 位号码", "Your sixteen digits")
        body = pages.form("/face/claim", fields, self._machine.guard.token(), ("继续", "Go on"))
        return self._say(("输入您的号码", "Enter your number"), body + pages.back())

    async def claim(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The number claims one template; the face's own notice follows."""
        held = await asyncio.to_thread(lambda: self._machine.claimed(sent.get("number", "")))
        items = await asyncio.to_thread(lambda: self._machine.begin_face(claim=held))
        return self._face_notice(items)

    def mine(self) -> str:
        """What this machine holds, and the two ways to end it."""
        token, held = self._machine.guard.token, self._machine.templates.count()
        words = (
            NONE_HELD
            if not held
            else (
                f"这台设备现在为 {held} 人保存着受保护的模板，不记姓名；到期自动删除。",
                f"This machine keeps protected templates of {held}, without names; each has its day.",
            )
        )
        body = f"<p>{pages.both(*words)}</p>" + pages.form(
            "/mine", "", token(), ("撤回并删除本次的一切", "Withdraw and delete all of this visit")
        )
        if held:
            fields = pages.field("number", "您的 16 位号码", "Your sixteen digits")
            body += pages.form(
                "/mine/delete", fields, token(), ("删除我的模板", "Delete my template")
            )
        if self._machine.remembers():
            body += '<a class="back" href="/remember">记住我 Remember me</a><br>'
        return body

    async def delete(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """One press: the template is overwritten here and now, with or without the centre."""
        await asyncio.to_thread(
            lambda: self._machine.forget(
                number=sent.get("number", ""), template=sent.get("template", "")
            )
        )
        words = pages.both(
            "它的一切已从这台设备覆写。", "All of it was overwritten on this device."
        )
        return self._say(("已撤回并删除", "Withdrawn and deleted"), f"<p>{words}</p>{pages.back()}")

    def kept(self, visit: Visit) -> Response:
        """What came of a look that keeps: the number, shown this once, and the way out of it."""
        if not visit.number:
            return self._say(
                ("没有保存，其他方式照常", "Nothing was kept; every other way goes on"),
                pages.looked(visit.last) + pages.back(),
            )
        number = " ".join(visit.number[at : at + 4] for at in range(0, 16, 4))
        visit.number = ""
        words = pages.both(
            "您的号码，只显示这一次，请记下", "Your number, shown this once; write it down"
        )
        body = f'<p>{words}</p><p class="code">{number}</p>{pages.SHOWN}{pages.looked(visit.last)}'
        body += self.out(visit.template) + pages.back()
        return self._say(("记住了", "Remembered"), body, refresh=still.shown_once())

    def out(self, template: str) -> str:
        """The one-touch way out, on the very screen that used the template."""
        hidden = f'<input type="hidden" name="template" value="{template}">'
        return pages.form(
            "/mine/delete",
            hidden,
            self._machine.guard.token(),
            ("撤回同意，删除我的模板", "Withdraw and delete my template"),
        )

    def _face_notice(self, items: list[tuple[str, str]]) -> Response:
        body = pages.notice(
            items,
            self._machine.guard.token(),
            answers=(pages.NO, pages.ONCE),
            first=pages.LAY if self._machine.enrolment.reads_cards else None,
        )
        return self._say(("关于刷脸，请先看这里", "About the face: please read"), body)
