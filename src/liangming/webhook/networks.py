"""Which addresses may be posted to: public ones, and private ones that a setting names.

A name is looked up for each post, every address that it has must be allowed, and the connection goes to
one of those that were looked at, so that a name cannot change between the look and the post.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

from liangming.errors import Misuse, Refusal
from liangming.webhook.codes import ADDRESS_PRIVATE, ADDRESS_UNFIT

Ip = IPv4Address | IPv6Address
_LONGEST: Final = 1000
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
# They carry an IPv4 address inside, which is_global does not look at.
_WRAPPING: Final = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart.

    Attributes:
        host: as it stands in the address, in lower case.
        port: 443 unless it says another.
        path: with the query.
        tls: whether it is https.
    """

    host: str
    port: int
    path: str
    tls: bool

    @property
    def authority(self) -> str:
        """What stands in the header ``Host``."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == (443 if self.tls else 80) else f"{named}:{self.port}"


class Networks:
    """The private networks that are allowed.

    Args:
        allowed: networks as ``10.2.0.0/16``.
        loopback: whether this machine may be posted to; never in production.

    Raises:
        ValueError: something that is no network.
    """

    def __init__(self, allowed: tuple[str, ...] = (), *, loopback: bool = False) -> None:
        named = (*allowed, *_LOOPBACK) if loopback else allowed
        self._allowed: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, named))

    def target(self, url: str) -> Target:
        """An address taken apart, if it has the form of one.

        Raises:
            Misuse: ``webhook.address-unfit``.
            Refusal: ``webhook.address-private``: it names a private address in numbers.
        """
        plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            raise Misuse(ADDRESS_UNFIT, field="url") from None
        tls = parts.scheme == "https"
        fits = (
            plain
            and len(url) <= _LONGEST
            and (tls or (parts.scheme == "http" and self._allowed))
            and host
            and port != 0
            and parts.username is None
            and parts.password is None
            and not parts.fragment
        )
        if not fits:
            raise Misuse(ADDRESS_UNFIT, field="url")
        literal = _literal(host)
        if literal is not None and not self.admits(literal, tls=tls):
            raise Refusal(ADDRESS_PRIVATE, field="url")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(host, port or (443 if tls else 80), path, tls)

    def admits(self, ip: str, *, tls: bool) -> bool:
        """Whether this address may be posted to; without TLS only where a setting allows it."""
        address: Ip = ip_address(ip.partition("%")[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if any(address in network for network in self._allowed):
            return True
        wrapped = any(address in network for network in _WRAPPING)
        return tls and address.is_global and not address.is_multicast and not wrapped


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None
