"""Find and seal."""

from __future__ import annotations

from typing import Final

from liangming.register.identity import Identity
from liangming.vault import Vault

BINDING_PURPOSE: Final = "real-name-registration"
BINDING_RECORD: Final = "identity"


def index(vault: Vault, operator: str, identity: Identity) -> bytes:
    """The keyed index of a person at one operator: 16 bytes, useless without the key.

    Two operators in one installation get unrelated indexes, so their registers cannot be joined.
    """
    return vault.blind_index(identity.kind, f"{operator}\0{identity.holder}")


def seal(
    vault: Vault, person: bytes, identity: Identity, what: bytes = b"", chance: bytes = b""
) -> tuple[bytes, bytes, bytes]:
    """Seal a first registration under a fresh key of this person.

    Args:
        vault: seals.
        person: the keyed index.
        identity: what is sealed.
        what: names a secret that will be kept under this key; its pad comes along.
        chance: random bytes that were drawn for it (``vault.CHANCE_BYTES``); drawn here otherwise.

    Returns:
        The wrapped key and the sealed record to store, and the pad, which never is.

    Law: courier.23, pipl.51
    """
    return vault.first_record(
        person, BINDING_PURPOSE, BINDING_RECORD, identity.fields, what, chance=chance
    )
