"""The devices that may compare a face with the document lying on them, as a check asks for them.

One enrolment: the same record says whose outcomes, events and acknowledgements count. It is kept by
``liangming.device``; here stands only what a check needs of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled device.

    Attributes:
        camera: it has one, so a check at its scene says that it stood there.
        models: the models that it attested, ``name@hash``; None: nothing was attested.
    """

    id: str
    scene: str
    key: Ed25519PublicKey
    enabled: bool = True
    camera: bool = True
    models: tuple[str, ...] | None = None


class Devices(Protocol):
    """The enrolled devices.

    ``find`` asks what is durable each time, so that a key disabled by any process opens nothing from
    then on. ``here`` answers from memory, for every opening asks it; it may be seconds old.
    """

    async def find(self, device: str) -> Device | None:
        """One device, enabled or not; None if none was enrolled under this id."""
        ...

    def here(self, scene: str) -> tuple[str, ...]:
        """Ids of the enabled devices with a camera at a scene."""
        ...

    async def refresh(self) -> None:
        """Read anew what ``here`` answers from."""
        ...


class KnownDevices(dict[str, Device]):
    """Devices held in memory, before those of another list if there is one: for demo and tests."""

    def __init__(
        self, known: Mapping[str, Device] | None = None, behind: Devices | None = None
    ) -> None:
        super().__init__(known or {})
        self._behind = behind

    async def find(self, device: str) -> Device | None:
        """One device."""
        found = self.get(device)
        if found is None and self._behind is not None:
            return await self._behind.find(device)
        return found

    def here(self, scene: str) -> tuple[str, ...]:
        """Real ones first, so that a made-up one never takes their place."""
        real = self._behind.here(scene) if self._behind is not None else ()
        own = (d.id for d in self.values() if d.scene == scene and d.enabled and d.camera)
        return (*real, *own)

    async def refresh(self) -> None:
        """Of the list behind; what is held in memory is always new."""
        if self._behind is not None:
            await self._behind.refresh()
