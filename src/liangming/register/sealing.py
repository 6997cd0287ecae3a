"""Find and seal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liangming.register.identity import Identity
from liangming.vault import Newcomer, Sealed, Vault

BINDING_PURPOSE: Final = "real-name-registration"
BINDING_RECORD: Final = "identity"


def index(vault: Vault, operator: str, identity: Identity) -> bytes:
    """The keyed index of a person at one operator: 16 bytes, useless without the key.

    Two operators in one installation get unrelated indexes, so their registers cannot be joined.
    """
    return vault.blind_index(identity.kind, f"{operator}\0{identity.holder}")


def seal(vault: Vault, person: bytes, identity: Identity) -> tuple[bytes, bytes]:
    """Seal a first registration under a fresh key of this person.

    Args:
        vault: seals.
        person: the keyed index.
        identity: what is sealed.

    Returns:
        The wrapped key and the sealed record to store.

    Law: courier.23, pipl.51
    """
    wrapped, sealed, _ = vault.first_record(
        person, BINDING_PURPOSE, BINDING_RECORD, identity.fields
    )
    return wrapped, sealed


def seal_each(vault: Vault, people: Sequence[Newcomer]) -> list[Sealed]:
    """As :func:`seal`, of many people in one go.

    Returns:
        For each the wrapped key and the sealed record to store, and the pad of a secret that will be kept
        under this key, which never is.
    """
    return vault.first_records(people, BINDING_PURPOSE, BINDING_RECORD)
