"""The pages of a look: its own notice, consent, the open camera, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from liangming.edge.agent import pages
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.remembering import Remembering
from liangming.edge.agent.selling import THANKS
from liangming.edge.face import order

Say = Callable[..., Response]


class Looking:
    """Belongs to a :class:`~liangming.edge.agent.server.Door`."""

    def __init__(self, machine: Machine, say: Say, remembering: Remembering) -> None:
        self._machine, self._say, self._remembering = machine, say, remembering
        self.views = {self.face_look, self.face_end, self.consent, self.again, self.stop}
        """The pages on which a look goes on; every other one is another way, and ends it."""

    async def face(self, request: Request, sent: dict[str, str]) -> Response:
        """The face's own notice, on this screen, before anything is asked."""
        if self._machine.kind == "vending":
            return await self._remembering.number(request, sent)
        items = await asyncio.to_thread(self._machine.begin_face)
        token = self._machine.guard.token()
        return self._say(
            ("关于刷脸，请先看这里", "About the face: please read"), pages.notice(items, token)
        )

    async def consent(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Separate consent, or none."""
        answer = sent.get("answer", "no")
        visit = self._machine.visit_now()
        if answer not in {"yes", "guardian"}:
            await asyncio.to_thread(self._machine.leave)
            return RedirectResponse("/", 303)
        await asyncio.to_thread(lambda: visit.agree(by_guardian=answer == "guardian"))
        return RedirectResponse("/face/look", 303)

    async def face_look(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """While the camera is open."""
        visit = self._machine.visit_now()
        if not isinstance(visit.look, order.Watching):
            return RedirectResponse("/face/end", 303)
        return self._say(
            ("请看着屏幕", "Look at the screen"), pages.looking(self._machine.guard.token())
        )

    async def face_state(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What the page shall show now."""
        visit = self._machine.visit_now()
        drawn = request.query_params.get("drawn", "0")
        shown = visit.screen.now(int(drawn) if drawn.isdecimal() and len(drawn) < 9 else 0)  # noqa: PLR2004
        told = {
            "number": shown.number,
            "ask": shown.ask,
            "colour": shown.colour,
            "over": visit.over.is_set(),
        }
        return JSONResponse(told, headers=pages.HEADERS)

    async def stop(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The stop button."""
        await asyncio.to_thread(self._machine.leave)
        return RedirectResponse("/", 303)

    async def again(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """One more try, of three."""
        await asyncio.to_thread(self._machine.visit_now().watch)
        return RedirectResponse("/face/look", 303)

    async def face_end(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What came of it; whatever it was, every other way is there."""
        visit = self._machine.visit_now()
        told = pages.looked(visit.last)
        if visit.keep and visit.over.is_set() and not isinstance(visit.look, order.Agreed):
            self._machine.done()
            return self._remembering.kept(visit)
        if visit.passed and visit.claim is not None and self._machine.kind == "vending":
            await asyncio.to_thread(self._machine.sales.charge_face)
            out = self._remembering.out(visit.claim.template)
            return self._say(THANKS, told + out + pages.back())
        if visit.passed:
            cell = self._machine.opened_by_face()
            if visit.claim is not None:
                told += self._remembering.out(visit.claim.template)
            return self._say(
                pages.checked(cell),
                told + pages.back(),
            )
        if isinstance(visit.look, order.Agreed):
            token = self._machine.guard.token()
            items = [("/face/again", "again", "再试一次", "Try once more")]
            return self._say(
                ("没有成功，换一种方式也一样", "Not this time; another way does the same"),
                told
                + pages.ways([("/", "用其他方式", "Another way")])
                + pages.choices(items, token),
            )
        await asyncio.to_thread(self._machine.leave)
        return self._say(
            ("请用其他方式，效果一样", "Another way does the same"), told + pages.back()
        )
