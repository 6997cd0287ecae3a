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
