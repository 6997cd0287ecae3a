"""Things that must never print what they hold."""

from __future__ import annotations

from typing import Any


class Redacted:
    """A mix-in whose ``repr`` and ``str`` name the type and nothing inside it.

    First among the bases, so that it wins over the ``repr`` of a dataclass or a struct, and over
    the field list that rich would print.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: redacted>"

    def __str__(self) -> str:
        return repr(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []
