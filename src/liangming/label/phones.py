"""Phone numbers: recognised first, so that nothing else can pass as one; then the end stays.

The recommended standard asks for at least six hidden digits: the habit of 138****8000 hides four
and is not enough. The last four digits are what people say at a counter, so they stay where six
others remain to be hidden.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liangming.errors import Misuse
from liangming.label.faults import PHONE_UNFIT
from liangming.label.model import Masked

SHOWN: Final = 4
_FILLERS: Final = re.compile(r"[\s()\-‐‑–—.·]")
_EXTENSION: Final = re.compile(r"^(.*?)(?:转|轉|ext\.?|x|#|,|-)\s*([0-9]{1,6})$", re.IGNORECASE)
_HOME: Final = (
    re.compile(r"1[3-9][0-9]{9}"),  # mobile
    re.compile(r"0[1-9][0-9]{1,2}[2-9][0-9]{6,7}"),  # area code and landline
    re.compile(r"[48]00[0-9]{7}"),  # 400 and 800
    re.compile(r"[2-9][0-9]{6,7}"),  # without its area code; Hong Kong and Macau at home
    re.compile(r"9[0-9]{4}"),  # short numbers of firms
)
_CODES: Final = re.compile(
    # Where the national part begins matters: its digits are hidden, the country's are not.
    r"(852|853|886|1|7|2[07]|3[0-4]|36|39|4[013-9]|5[1-8]|6[0-6]|8[1-246]|9[0-58]"
    r"|2[1-689][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[789][0-9]|8[058][0-9]|9[679][0-9])([0-9]{4,14})"
)


def mask_phone(phone: str, *, hide: int) -> Masked:
    """A phone number as it may be seen.

    Args:
        phone: as the sender wrote it.
        hide: how many digits are hidden at least, by the law room's dated value.

    >>> [mask_phone(p, hide=6).text for p in ("13800138000", "010-8888 8888", "+852 2888 8888")]
    ['*******8000', '*******8888', '+852 ******88']

    Raises:
        Misuse: ``label.phone-unfit``.
    """
    plain = unicodedata.normalize("NFKC", phone).strip()
    country, digits, extension = _recognised(plain)
    shown = max(0, min(SHOWN, len(digits) - hide))
    hidden = len(digits) - shown
    text = "*" * hidden + (digits[-shown:] if shown else "")
    if country:
        text = f"+{country} {text}"
    if extension:
        text += "转**"
    return Masked(text, hidden + len(extension))


def _recognised(plain: str) -> tuple[str, str, str]:
    """Country, digits, extension.

    Raises:
        Misuse: ``label.phone-unfit``.
    """
    for main, extension in _readings(plain):
        digits = _FILLERS.sub("", main)
        if digits.startswith(("+86", "0086")):
            digits = digits.removeprefix("+86").removeprefix("0086")
        elif digits.startswith(("+", "00")):
            abroad = _CODES.fullmatch(digits.removeprefix("+").removeprefix("00"))
            if abroad is not None and len(abroad[0]) <= 15:  # noqa: PLR2004  (E.164)
                return abroad[1], abroad[2], extension
            continue
        if any(shape.fullmatch(digits) for shape in _HOME):
            return "", digits, extension
    raise Misuse(PHONE_UNFIT)


def _readings(plain: str) -> list[tuple[str, str]]:
    """The number whole, then as a number with an extension behind it."""
    readings = [(plain, "")]
    split = _EXTENSION.match(plain)
    if split is not None:
        readings.append((split[1], split[2]))
    return readings
