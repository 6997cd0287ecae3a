"""Until when a document may be used.

The last day counts: a card "valid to" a day is valid on it. No stated end proves nothing and
stops nothing; the clerk has the document in hand.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.method.documents import cautions, faults
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.parsed import Expiry, Parsed

LONG_TERM: Final = "长期"
LONG_TERM_AGE: Final = 46
TEMPORARY_MONTHS: Final = 3

_TEMPORARY = ("temp-card.7",)
# Named once: to ask an enumeration for a member takes longer than all the rest of a comparison.
_TEMPORARY_CARD: Final = DocumentType.TEMPORARY_RESIDENT_CARD
_RESIDENT_CARD: Final = DocumentType.RESIDENT_CARD


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stated(expires: object, field: str) -> Expiry | None:
    """The end of validity as it was given.

    Raises:
        Misuse: neither a date nor 长期.
    """
    if expires is None or type(expires) is date:
        return expires
    if expires == LONG_TERM:
        return LONG_TERM
    raise Misuse(faults.EXPIRY_UNREADABLE, field=beside(field, "expires"))


def beside(field: str, name: str) -> str:
    """The path of a neighbour: ``expires`` beside ``evidence.number`` is ``evidence.expires``."""
    before, dot, _ = field.rpartition(".")
    return f"{before}{dot}{name}"


def judged(
    parsed: Parsed, on: date, issued: date | None, field: str
) -> tuple[cautions.Caution, ...]:
    """Refuse a document that is past its end; give the cautions for one that is not.

    Law: ident-card.5 (长期 from 46 years); temp-card.7 (three months); realname.3 ("valid").

    Raises:
        Misuse: dates that cannot be.
        Refusal: past its end.
    """
    if issued is not None and issued > on:
        raise Misuse(faults.ISSUED_AHEAD, field=beside(field, "issued"))
    expires = parsed.expires
    if parsed.type is _TEMPORARY_CARD:
        _temporary(expires, on, issued, field)
    if isinstance(expires, date):
        if expires < on:
            raise Refusal(faults.EXPIRED, citations=("realname.3",), field=beside(field, "expires"))
    elif expires == LONG_TERM:
        # Whoever is under 46 today was under 46 at issue. It is still only said, never enforced.
        age = parsed.age(on)
        if parsed.type is not _RESIDENT_CARD or (age is not None and age < LONG_TERM_AGE):
            return (cautions.LONG_TERM_UNLIKELY,)
    return ()


def _temporary(expires: Expiry | None, on: date, issued: date | None, field: str) -> None:
    limit = None if issued is None else months_after(issued, TEMPORARY_MONTHS)
    if limit is not None and limit < on:
        raise Refusal(faults.EXPIRED, citations=_TEMPORARY, field=beside(field, "issued"))
    # Issued today at the latest, so it ends at most three months from today.
    latest = limit or months_after(on, TEMPORARY_MONTHS)
    if expires == LONG_TERM or (isinstance(expires, date) and expires > latest):
        raise Misuse(faults.EXPIRY_IMPOSSIBLE, citations=_TEMPORARY, field=beside(field, "expires"))
