"""Travel permits, the permanent residence card of 2017, military papers, and the open item (5).

None of these has an officially published check digit, so a caution says so; where a permit is
renewed under a lifelong number, the rule that finds the same holder is here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.method.documents import cautions, faults, normal
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.parsed import Expiry, Parsed

HK_MACAO_FOREIGN_FROM: Final = date(2024, 7, 10)
HOLDER_PLACES_HK_MACAO: Final = 9
HOLDER_PLACES_TAIWAN: Final = 8
PAPER_SHORTEST: Final = 4
PAPER_LONGEST: Final = 20
OTHER_LONGEST: Final = 40

_HK_MACAO: Final = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_HK_MACAO_FOREIGN: Final = re.compile(r"[HM]A[0-9A-Z]{7}")
_TAIWAN: Final = re.compile(r"([0-9]{8})(?:[0-9]{2}\([0-9A-Z]{1,4}\))?")
_PERMANENT_2017: Final = re.compile(r"[A-Z]{3}[0-9]{12}")


def _misfit(text: str, digits_from: int, field: str) -> Misuse:
    """Why a text does not have the form, as near as can be told without repeating it."""
    bare = text.replace("(", "").replace(")", "")
    if not normal.plain(bare):
        return Misuse(faults.CHARACTERS, field=field)
    if not normal.digits(text[digits_from:]) and normal.looks_like_digit(text[digits_from:]):
        return Misuse(faults.LOOK_ALIKE, field=field)
    return Misuse(faults.FORM, field=field)


def hk_macao(kind: DocumentType, raw: str, _on: date, expires: Expiry | None, field: str) -> Parsed:
    """A mainland travel permit of a Hong Kong or Macao resident.

    H or M, eight lifelong digits, and on most cards two digits that count renewals: the same
    holder has the same first nine characters (公安部 notice, 2010).

    Raises:
        Misuse: not such a number.
    """
    text = normal.number(raw, field)
    if _HK_MACAO_FOREIGN.fullmatch(text):
        raise Misuse(faults.IS_HK_MACAO_FOREIGN, field=field)
    if not _HK_MACAO.fullmatch(text):
        raise _misfit(text, 1, field)
    holder = text[:HOLDER_PLACES_HK_MACAO]
    return Parsed(kind, text, holder, expires=expires, warnings=(cautions.NO_CHECKSUM,))


def hk_macao_foreign(
    kind: DocumentType, raw: str, on: date, expires: Expiry | None, field: str
) -> Parsed:
    """A mainland travel permit of a non-Chinese resident of Hong Kong or Macao.

    Nine characters that begin with HA or MA, lifelong, issued from 2024-07-10. More is not
    published, so the other seven places may be any letter or digit.

    Raises:
        Misuse: not such a number.
        Refusal: the check is dated before the first of these permits.
    """
    text = normal.number(raw, field)
    if _HK_MACAO.fullmatch(text):
        raise Misuse(faults.IS_HK_MACAO, field=field)
    if not _HK_MACAO_FOREIGN.fullmatch(text):
        raise Misuse(faults.FORM if normal.plain(text) else faults.CHARACTERS, field=field)
    if on < HK_MACAO_FOREIGN_FROM:
        raise Refusal(faults.NOT_YET_ISSUED, field=field)
    return Parsed(kind, text, text, expires=expires, warnings=(cautions.NO_CHECKSUM,))


def taiwan(kind: DocumentType, raw: str, _on: date, expires: Expiry | None, field: str) -> Parsed:
    """A mainland travel permit of a Taiwan resident.

    Eight lifelong digits; older permits add a two-digit issue count and the issuer in brackets,
    and are compared by the first eight (公安部 notice, 2015).

    Raises:
        Misuse: not such a number.
    """
    text = normal.number(raw, field)
    if not _TAIWAN.fullmatch(text):
        raise _misfit(text, 0, field)
    holder = text[:HOLDER_PLACES_TAIWAN]
    return Parsed(kind, text, holder, expires=expires, warnings=(cautions.NO_CHECKSUM,))


def permanent_residence_2017(
    kind: DocumentType, raw: str, _on: date, expires: Expiry | None, field: str
) -> Parsed:
    """A foreigner's permanent residence card of 2017: three letters and twelve digits.

    Its check digit (weights 7-3-1) is known from one piece of software, so a mismatch is only
    told.

    Raises:
        Misuse: not such a number.
    """
    text = normal.number(raw, field)
    if not _PERMANENT_2017.fullmatch(text):
        raise _misfit(text, 3, field)
    total = sum(int(sign, 36) * (7, 3, 1)[place % 3] for place, sign in enumerate(text[:-1]))
    agrees = total % 10 == int(text[-1])
    warnings = () if agrees else (cautions.DOUBTFUL_CHECK_DIGIT,)
    return Parsed(kind, text, text, expires=expires, warnings=warnings)


def paper(kind: DocumentType, raw: str, _on: date, expires: Expiry | None, field: str) -> Parsed:
    """A military or armed-police document: letters, digits and Chinese characters, 4 to 20.

    Raises:
        Misuse: too short, too long, or with other signs.
    """
    return _free(kind, raw, expires, field, within=range(PAPER_SHORTEST, PAPER_LONGEST + 1))


def other(kind: DocumentType, raw: str, _on: date, expires: Expiry | None, field: str) -> Parsed:
    """A document under item (5): 1 to 40 letters, digits and Chinese characters.

    Raises:
        Misuse: too long, or with other signs.
    """
    return _free(kind, raw, expires, field, within=range(1, OTHER_LONGEST + 1))


def _free(
    kind: DocumentType, raw: str, expires: Expiry | None, field: str, *, within: range
) -> Parsed:
    text = normal.number(raw, field)
    if len(text) not in within:
        raise Misuse(faults.LENGTH, field=field)
    if not text.isalnum():
        raise Misuse(faults.CHARACTERS, field=field)
    return Parsed(kind, text, text, expires=expires, warnings=(cautions.FORM_UNVERIFIED,))
