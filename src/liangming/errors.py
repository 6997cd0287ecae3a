"""What can go wrong, said once.

Every failure that leaves a room is a :class:`LiangmingError` that carries a declared
:class:`Code`. A code is stable for ever; its texts may improve. Texts are written for the person
who reads them, in Chinese and English, and never contain anything about a person: no name, no
number, no echo of input.

Three branches tell the caller what to do next:

* :class:`Misuse`   the caller broke the order or the form; calling again unchanged fails again;
* :class:`Refusal`  the evidence or the law says no; the citation says why;
* :class:`Outage`   the world failed; the same call may succeed later.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar, Final


class Kind(enum.StrEnum):
    """How a failure is to be taken; a door maps each kind to its own signal (an HTTP status)."""

    MALFORMED = "malformed"  # the input cannot be read
    INVALID = "invalid"  # the input was read and does not fit
    OUT_OF_ORDER = "out-of-order"  # right call, wrong moment
    ABSENT = "absent"  # no such thing
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    LIMITED = "limited"  # too many, too large, too fast
    REFUSED = "refused"  # law or evidence says no
    OUTAGE = "outage"  # a part of the world is down


@dataclass(frozen=True, slots=True)
class Code:
    """A stable failure code with its plain words.

    Attributes:
        name: ``room.what-happened``, lower case, never changed once published.
        kind: how a door signals it.
        zh: what happened and what to do, for the person who reads it.
        en: the same in English.
    """

    name: str
    kind: Kind
    zh: str
    en: str


_catalogue: dict[str, Code] = {}


def declare(name: str, kind: Kind, *, zh: str, en: str) -> Code:
    """Declare a code at import time, once in the whole program.

    Raises:
        ValueError: the name is taken, or has no room before its dot.
    """
    room, dot, what = name.partition(".")
    if not (room and dot and what):
        raise ValueError(f"a code is 'room.what-happened': {name}")
    if name in _catalogue:
        raise ValueError(f"code declared twice: {name}")
    code = Code(name, kind, zh, en)
    _catalogue[name] = code
    return code


def catalogue() -> tuple[Code, ...]:
    """Every code declared so far, by name (import the rooms first to see them all)."""
    return tuple(_catalogue[name] for name in sorted(_catalogue))


class LiangmingError(Exception):
    """The root of everything Liangming raises on purpose.

    Args:
        code: what happened.
        citations: article ids such as ``"courier.23"`` when the law says no.
        field: where in the input, as a path of names and positions (``"evidence.number"``);
            never a value.
        retry_after: seconds after which a retry is sensible, for limits and outages.
    """

    branch: ClassVar[str] = "error"

    def __init__(
        self,
        code: Code,
        *,
        citations: tuple[str, ...] = (),
        field: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code.name)
        self.code: Final = code
        self.citations: Final = citations
        self.field: Final = field
        self.retry_after: Final = retry_after

    def __str__(self) -> str:
        where = f" ({self.field})" if self.field else ""
        return f"{self.code.name}{where}: {self.code.zh} / {self.code.en}"


class Misuse(LiangmingError):  # noqa: N818  (a branch name, not "...Error")
    """The caller broke the order or the form."""

    branch = "misuse"


class Refusal(LiangmingError):  # noqa: N818
    """The evidence or the law says no."""

    branch = "refusal"


class Outage(LiangmingError):  # noqa: N818
    """The world failed: a source, a disk, a network."""

    branch = "outage"
