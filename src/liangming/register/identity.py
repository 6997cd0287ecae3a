"""What is registered, before and after sealing."""

from __future__ import annotations

import msgspec


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An identity as shown, for the length of one check; its repr names nobody.

    Attributes:
        kind: a document type, or ``"organisation"``.
        holder: equal for two documents of the same holder; the index is made of it.
        fields: what will be sealed, by field name; only what the scene collects.
    """

    kind: str
    holder: str
    fields: dict[str, str]

    def __repr__(self) -> str:
        return f"<Identity {self.kind}>"

    __str__ = __repr__


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed registration, ready to be stored."""

    person: bytes  # keyed index, 16 bytes
    index_version: int
    wrapped_key: bytes
    sealed: bytes
    pad: bytes = b""  # under the person's key, where one was asked for; never stored

    def __repr__(self) -> str:
        return "<Sealed>"
