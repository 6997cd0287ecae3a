"""Pages for the people who use Liangming: sender, clerk, visitor of the demo.

Order of one sender's visit: the notice and the ways on one page, nothing stored → the first
choice opens the check, proves the notice, records the choice → what to show at the counter →
outcome → receipt. The clerk's desk moves the same check with a scanner and a keyboard.

These pages only translate: each form calls one use case of ``check`` and renders what it
returns. Senders get no script and no cookie (but their language); nothing is loaded from another
host; no page, address or log line names a person or a number.

Django is loaded when :func:`build_web` is called, not before: ``plays`` needs no framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # the process of the migrations of staff needs none of them
    from liangming.check import Premises
    from liangming.rights import RightsDesk
    from liangming.web.staff.settings import StaffSettings
    from liangming.webhook import Networks

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Web(Protocol):
    """The pages as one ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

    async def keep_ready(self) -> None:
        """Make ready what officers look at, until cancelled."""


def build_web(
    premises: Premises,
    *,
    desk: RightsDesk | None = None,
    demo: bool = False,
    hosts: tuple[str, ...] = (),
    address: str = "",
    staff: StaffSettings | None = None,
    packets: Path | None = None,
    machine: Callable[[str], str] | None = None,
    networks: Networks | None = None,
) -> Web:
    """The pages as one ASGI application.

    Args:
        desk: where people's requests come in; without one, a desk whose erasure file is gone with
            the process, for tests.
        demo: adds ``/demo``, signs the desk in by itself, and says so on every page.
        hosts: names under which the pages may be reached; loopback when empty.
        address: where they are reached from outside, for codes that a phone opens.
        staff: how staff sign in; None: the desk opens by keys of clients only.
        packets: folder of packets that inspectors may fetch.
        machine: of the demo: where a device of a kind beside it shows its own screen; empty: nowhere.
        networks: where webhooks may be posted to; None: public addresses only.
    """
    from liangming.web.application import build

    return build(
        premises,
        desk=desk,
        demo=demo,
        hosts=hosts,
        address=address,
        staff=staff,
        packets=packets,
        machine=machine,
        networks=networks,
    )


__all__ = ["build_web"]
