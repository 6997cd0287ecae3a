"""Pages of a long list, by words and small numbers of ours in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.http import HttpRequest
from django.utils.http import urlencode

SIZES: Final = (25, 50, 100)
_MOST: Final = 100_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page of a list.

    Attributes:
        items: on this page.
        total: in the whole list.
        first: number of the first on this page, from 1; 0 when the list is empty.
        before, after: addresses of the pages beside it; empty where there is none.
        sizes: each size, its address, and whether it is this one.
    """

    items: Sequence[T]
    total: int
    first: int
    before: str
    after: str
    sizes: tuple[tuple[int, str, bool], ...]

    @property
    def least(self) -> int:
        """The smallest size of a page."""
        return self.sizes[0][0]

    @property
    def last(self) -> int:
        """Number of the last on this page."""
        return self.first + len(self.items) - 1 if self.items else 0


def paged(
    request: HttpRequest,
    items: Sequence[T],
    kept: Mapping[str, str],
    sizes: tuple[int, ...] = SIZES,
) -> Paged[T]:
    """The page that is asked for; a number that fits no page gives the nearest one.

    Args:
        request: with ``page`` and ``per``.
        items: the whole list, in order.
        kept: other words of the address, as they were understood, never as they came.
        sizes: of a page; the first is taken unasked.
    """
    size = number(request, "per", sizes[0])
    size = size if size in sizes else sizes[0]
    pages = max(1, -(-len(items) // size))
    page = min(max(1, number(request, "page", 1)), pages)
    base: dict[str, Any] = {name: value for name, value in kept.items() if value}

    def where(at: int, of: int = size) -> str:
        return f"?{urlencode({**base, 'page': at, 'per': of})}"

    begin = (page - 1) * size
    return Paged(
        items=items[begin : begin + size],
        total=len(items),
        first=begin + 1 if items else 0,
        before=where(page - 1) if page > 1 else "",
        after=where(page + 1) if page < pages else "",
        sizes=tuple((each, where(1, each), each == size) for each in sizes),
    )


def number(request: HttpRequest, name: str, otherwise: int) -> int:
    """A small number in the address."""
    text = request.GET.get(name, "")
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST))
    return min(int(text), _MOST) if short else otherwise


def word(request: HttpRequest, name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """A word of ours in the address; empty when it is none."""
    text = str(request.GET.get(name, ""))
    return text if text in known else ""
