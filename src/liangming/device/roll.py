"""The enrolled devices as a check asks for them: read from the docket, on every database."""

from __future__ import annotations

from liangming.check.devices import Device
from liangming.device.enrol import Enrolled, enrolled, find
from liangming.docket import Records


class Roll:
    """Implements :class:`liangming.check.devices.Devices`.

    ``find`` reads the docket, so a key disabled by any process counts nowhere from that moment.
    ``here`` is what :meth:`refresh` last read; whoever serves refreshes every few seconds and after
    each change of its own.
    """

    def __init__(self, docket: Records) -> None:
        self._docket = docket
        self._here: dict[str, tuple[str, ...]] = {}

    async def find(self, device: str) -> Device | None:
        """One device."""
        found = await find(self._docket, device)
        return device_of(found) if found is not None else None

    def here(self, scene: str) -> tuple[str, ...]:
        """Enabled devices with a camera at a scene, oldest first."""
        return self._here.get(scene, ())

    async def refresh(self) -> None:
        """Read all of them again."""
        here: dict[str, tuple[str, ...]] = {}
        for device in await enrolled(self._docket):
            if device.enabled and device.camera:
                here[device.scene] = (*here.get(device.scene, ()), device.id)
        self._here = here


def device_of(enrolled_: Enrolled) -> Device:
    """What a check needs to know of an enrolled device."""
    stated = enrolled_.stated
    return Device(
        id=enrolled_.id,
        scene=enrolled_.scene,
        key=enrolled_.key,
        enabled=enrolled_.enabled,
        camera=enrolled_.camera,
        models=stated.models if stated is not None else None,
    )
