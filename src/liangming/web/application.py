"""Plug the pages together: settings once, static files in memory, a guard on the size of forms."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import django
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from liangming.check import Device, KnownDevices, Premises
from liangming.rights import RightsDesk
from liangming.storage import open_docket
from liangming.web import Receive, Scope, Send
from liangming.web import settings as ours
from liangming.web.house import KEY, House
from liangming.web.staff.settings import StaffSettings, django_settings
from liangming.webhook import Networks

LONGEST_FORM: Final = 16 * 1024
SIMULATED_DEVICE: Final = "dev-simulated"


def build(
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
) -> Pages:
    """The ASGI application of :func:`liangming.web.build_web`."""
    if not settings.configured:
        chosen = {name: getattr(ours, name) for name in dir(ours) if name.isupper()}
        if staff is not None:
            chosen |= django_settings(staff, token=premises.keys.token, hosts=hosts)
            chosen["TEMPLATES"] = _with_staff(chosen["TEMPLATES"])
        settings.configure(**chosen)
    elif staff is not None and settings.LIANGMING_STAFF is not staff:
        raise RuntimeError("staff accounts are configured once in a process")
    if hosts:
        settings.ALLOWED_HOSTS = list(hosts)
    django.setup(set_prefix=False)
    settings.MIDDLEWARE = ours.MIDDLEWARE  # allauth has seen what it asked to see
    # Django logs paths and hosts as they were sent: they may hold something about a person (I8).
    # The porter writes what must be known.
    silent = logging.getLogger("django")
    silent.propagate = False
    silent.addHandler(logging.NullHandler())
    logging.getLogger("fido2").setLevel(logging.WARNING)  # it tells credential ids
    house_premises = _with_devices(premises) if demo else premises
    at_desk = desk or RightsDesk(premises=premises, docket=open_docket(premises.store))
    house = House(
        house_premises,
        demo,
        replace(at_desk, premises=house_premises),
        address,
        staffed=staff is not None,
        packets=packets,
        machine=machine or (lambda _: ""),
        simulated=premises.simulated,
        networks=networks or Networks(),
    )
    return Pages(house)


class Pages:
    """The pages of one house.

    Attributes:
        house: whose.
    """

    def __init__(self, house: House) -> None:
        self.house, self._pages = house, ASGIHandler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if not _short(scope):
            await _refuse(send)
            return
        scope[KEY] = self.house
        await self._pages(scope, receive, send)

    async def keep_ready(self) -> None:
        """Make ready what officers look at, until cancelled; without accounts there is nothing."""
        if self.house.staffed:
            from liangming.web.staff.console.ahead import keep_ready

            await keep_ready(self.house)


def _with_staff(templates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Our templates with what allauth's views put into theirs."""
    [ours_alone] = templates
    options = {
        **ours_alone["OPTIONS"],
        "context_processors": [
            "django.contrib.messages.context_processors.messages",
            "liangming.web.staff.context.common",
        ],
    }
    return [{**ours_alone, "APP_DIRS": True, "OPTIONS": options}]


def _short(scope: Scope) -> bool:
    """Whether the body has a known, small length: Django would spool a large one to disk first."""
    if scope["method"] in {"GET", "HEAD"}:
        return True
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" in headers or not length.isdigit():
        return False
    return int(length) <= LONGEST_FORM


async def _refuse(send: Send) -> None:
    body = "提交的内容太长。 / What was sent is too long.".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_devices(premises: Premises) -> Premises:
    """In the demo every face scene has a made-up device, so that its consent page can be seen."""
    devices = {
        f"{SIMULATED_DEVICE}-{scene.id}": Device(
            f"{SIMULATED_DEVICE}-{scene.id}", scene.id, Ed25519PrivateKey.generate().public_key()
        )
        for scene in premises.scenes.values()
        if scene.face is not None
    }
    return replace(premises, devices=KnownDevices(devices, premises.devices))
