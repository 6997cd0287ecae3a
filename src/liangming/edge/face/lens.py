"""Which camera a device is bound to; apart, so that a program that only remembers it loads no pictures."""

from __future__ import annotations

import msgspec


class CameraIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Which camera this is, as the system's bus tells it, not as the camera calls itself."""

    vendor: str
    product: str
    serial: str
    driver: str
    bus: str
