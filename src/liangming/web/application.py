"""Plug the pages together: settings once, static files in memory, a guard on the size of forms."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

import django
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from liangming.check import Device, Premises
from liangming.rights import RightsDesk
from liangming.storage import open_docket
from liangming.web import Asgi, Receive, Scope, Send
from liangming.web import settings as ours
from liangming.web.house import KEY, House

LONGEST_FORM: Final = 16 * 1024
SIMULATED_DEVICE: Final = "dev-simulated"


def build(
    premises: Premises,
    *,
    desk: RightsDesk | None = None,
    demo: bool = False,
    hosts: tuple[str, ...] = (),
    address: str = "",
) -> Asgi:
    """The ASGI application of :func:`liangming.web.build_web`."""
    if not settings.configured:
        chosen = {name: getattr(ours, name) for name in dir(ours) if name.isupper()}
        settings.configure(**chosen)
    if hosts:
        settings.ALLOWED_HOSTS = list(hosts)
    django.setup(set_prefix=False)
    # Django logs paths and hosts as they were sent: they may hold something about a person (I8).
    # The porter writes what must be known.
    silent = logging.getLogger("django")
    silent.propagate = False
    silent.addHandler(logging.NullHandler())
    house_premises = _with_devices(premises) if demo else premises
    at_desk = desk or RightsDesk(premises=premises, docket=open_docket(premises.store))
    house = House(house_premises, demo, replace(at_desk, premises=house_premises), address)
    pages = ASGIHandler()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not _short(scope):
            await _refuse(send)
            return
        scope[KEY] = house
        await pages(scope, receive, send)

    return app


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
    return replace(premises, devices={**devices, **premises.devices})
