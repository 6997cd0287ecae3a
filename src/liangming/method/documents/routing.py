"""Guess the kind of a document from the shape of its number, so that a clerk can scan at once.

The rules are our inference from the published forms; a guess only orders a list. The chosen kind
is read in full by ``parse``, so a wrong guess costs a second choice, never a wrong record.
"""

from __future__ import annotations

import re
from typing import Final

from liangming.method.documents import mrz, normal
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.permits import PAPER_LONGEST, PAPER_SHORTEST

_RESIDENT: Final = (DocumentType.RESIDENT_CARD, DocumentType.TEMPORARY_RESIDENT_CARD)
_PAPERS: Final = (DocumentType.MILITARY, DocumentType.ARMED_POLICE)

_SHAPES: Final = tuple(
    (re.compile(shape), kinds)
    for shape, kinds in (
        (r"[1-7][0-9]{16}[0-9X]", _RESIDENT),
        (r"8[123][0-9]{15}[0-9X]", (DocumentType.RESIDENCE_PERMIT_HMT,)),
        # A region of no place, which only tests have; no permit has a province that begins with 9.
        (r"99[0-9]{15}[0-9X]", _RESIDENT),
        (r"9[0-9]{16}[0-9X]", (DocumentType.PERMANENT_RESIDENCE_2023,)),
        (r"[A-Z]{3}[0-9]{12}", (DocumentType.PERMANENT_RESIDENCE_2017,)),
        # First generation: led to the resident card, whose reading says why it has ended.
        (r"[0-9]{15}", (DocumentType.RESIDENT_CARD,)),
        (r"[HM][0-9]{10}", (DocumentType.TRAVEL_PERMIT_HK_MACAO,)),
        (r"[HM][0-9]{8}", (DocumentType.TRAVEL_PERMIT_HK_MACAO, DocumentType.PASSPORT)),
        (
            r"[HM]A[0-9A-Z]{7}",
            (DocumentType.TRAVEL_PERMIT_HK_MACAO_FOREIGN, DocumentType.PASSPORT),
        ),
        (r"[0-9]{8}", (DocumentType.TRAVEL_PERMIT_TAIWAN, DocumentType.PASSPORT)),
        (r"[0-9]{10}\([0-9A-Z]{1,4}\)", (DocumentType.TRAVEL_PERMIT_TAIWAN,)),
        (
            r"E[0-9]{8}|E[A-Z][0-9]{7}|[DSP]E[0-9]{7}|G[0-9]{8}",
            (DocumentType.PASSPORT, DocumentType.CHINESE_PASSPORT),
        ),
        (r"[0-9A-Z]{1,9}", (DocumentType.PASSPORT,)),
    )
)


def route(raw: str) -> tuple[DocumentType, ...]:
    """The kinds a number may be, likeliest first; empty when no shape fits. Never raises.

    >>> route("11010519491231002X")[0].value
    'resident_card'
    """
    if len(raw) > normal.LONGEST:
        return ()
    text = normal.bare(raw)
    if mrz.is_zone(raw):
        if not text.startswith("P"):
            return ()
        chinese = text[2:5] == "CHN"
        return (DocumentType.CHINESE_PASSPORT if chinese else DocumentType.PASSPORT,)
    for shape, kinds in _SHAPES:
        if shape.fullmatch(text):
            return kinds
    if not text.isascii() and text.isalnum() and PAPER_SHORTEST <= len(text) <= PAPER_LONGEST:
        return _PAPERS
    return ()
