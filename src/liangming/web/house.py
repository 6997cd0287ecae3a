"""What a page needs around it; travels in the ASGI scope, so that several may live in a process."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest

from liangming.check import Premises
from liangming.check.receipt import code_of
from liangming.errors import Misuse
from liangming.method import AttemptLimiter
from liangming.rights import RightsDesk
from liangming.scene.model import Scene
from liangming.web.faults import NOT_FOUND
from liangming.webhook import Networks

KEY: Final = "liangming.house"


@dataclass(frozen=True, slots=True)
class House:
    """The premises behind the pages, and the pages' own small keys.

    Attributes:
        desk: where people's requests come in.
        address: where the pages are reached from outside, for codes that a phone opens; may be
            unknown.
        simulated: a source is a stand-in; each page says so.
        networks: where webhooks may be posted to.
        staffed: staff may sign in with accounts of their own.
        packets: where packets of inspections lie, for inspectors to fetch; may be unknown.
        shelf: what pages remember for a while in this process, never anything about a person.
        openings: how many checks a scene's page may open in a minute, against floods.
        reports: how many reports an outlet takes in an hour; reporters: one caller.
    """

    premises: Premises
    demo: bool
    desk: RightsDesk
    address: str = ""
    staffed: bool = False
    packets: Path | None = None
    simulated: bool = False
    networks: Networks = field(default_factory=Networks)
    shelf: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    machine: Callable[[str], str] = lambda _: (
        ""
    )  # of the demo: where a device of a kind shows its screen
    openings: AttemptLimiter = field(
        default_factory=lambda: AttemptLimiter(failures=600, window=timedelta(minutes=1))
    )
    signins: AttemptLimiter = field(
        default_factory=lambda: AttemptLimiter(failures=10, window=timedelta(minutes=1))
    )

    reports: AttemptLimiter = field(
        default_factory=lambda: AttemptLimiter(failures=60, window=timedelta(hours=1))
    )
    reporters: AttemptLimiter = field(
        default_factory=lambda: AttemptLimiter(failures=10, window=timedelta(hours=1))
    )

    def key(self, use: str) -> bytes:
        """A key of 32 bytes for one use, the same in every process of this installation."""
        message = b"liangming/web/1\0" + use.encode()
        return hmac.digest(self.premises.keys.token, message, hashlib.sha256)

    def receipt(self, check: str) -> str:
        """The address of a check's receipt within this site."""
        return f"/r/{code_of(self.premises.keys.token, check)}"

    def scene(self, scene_id: str) -> Scene:
        """A live scene.

        Raises:
            Misuse: ``web.not-found``.
        """
        scene = self.premises.scenes.get(scene_id)
        if scene is None:
            raise Misuse(NOT_FOUND)
        return scene


def house_of(request: HttpRequest) -> House:
    """The house a request came to."""
    house: House = request.scope[KEY]
    return house
