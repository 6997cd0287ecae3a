"""Addresses: down to the building, and no further.

The recommended standard hides unit and room (单元户室号). Where a village has no units, the number
of the house is the household, and is hidden. From the first such part on everything is hidden,
since what follows a room (a name, a bell, a floor) is closer still. The carrier's own equipment
reads the rest by the waybill's number.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liangming.errors import Misuse
from liangming.label.faults import ADDRESS_UNFIT
from liangming.label.model import Masked
from liangming.label.signs import chinese, clean

LONGEST: Final = 120
SHORTEST: Final = 2
STARS: Final = "**"
_NUMERAL: Final = "一二三四五六七八九十百零〇两甲乙丙丁"
_CLOSE: Final = r"单元|門|户|戶|室|层|層|楼(?!宇|盘|群|村|镇|乡|路|街)|樓|房|铺|舖|铺位|档|柜|床|号(?:房|室|铺|户|档)|号门(?!面|口|卫|前|外|房)|號(?:房|室)|F(?![A-Za-z])"
_NEAR: Final = r"号楼|號樓|号院|号大院|栋|棟|幢|座|弄|巷|条|里|区|期|组团|路|街|道|线|线路|村|院|厂|营|连|团|师|公里|米|号线|大队"
_TOKEN: Final = re.compile(
    rf"(?P<number>(?:[A-Za-z]{{0,3}}[0-9]+[A-Za-z]{{0,2}})(?:\s?[-—–~/#、]\s?[0-9A-Za-z]+)*#?"
    rf"|[{_NUMERAL}]+(?=(?:{_CLOSE}))"
    rf"|[A-Za-z]{{1,2}}(?=单元|室|户|号房))"
)
_SUFFIX_CLOSE: Final = re.compile(rf"\s?(?:{_CLOSE})")
_SUFFIX_NEAR: Final = re.compile(rf"\s?(?:{_NEAR})")
_SUFFIX_HOUSE: Final = re.compile(r"\s?[号號]")
_VILLAGE: Final = re.compile(r"(?:村|屯|寨|庄|社|[组組]|队|隊|嘎查|苏木|牧场|农场|林场|连|营)\s?$")
_BUILT: Final = re.compile(
    r"(?:号楼|號樓|栋|棟|幢|座|大厦|大廈|广场|公寓|花园|小区|苑|宿舍|中心|别墅|写字楼|家园|新村|[0-9]号|號)"
)
_LATIN: Final = re.compile(
    r"\b(?:room|rm|apartment|apt|unit|suite|ste|flat|floor|fl|door|no\. of room)\b\.?\s*#?\s*[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*"
    r"|#\s?[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*"
    r"|\b[0-9]{1,3}(?:st|nd|rd|th)?\s?(?:/\s?F|F|floor)\b",
    re.IGNORECASE,
)


def mask_address(address: str) -> Masked:
    """An address as it may be seen.

    >>> mask_address("示例省示例市示例路1号3号楼2单元1201室").text
    '示例省示例市示例路1号3号楼**'
    >>> mask_address("示例县示例镇示例村3组15号").text
    '示例县示例镇示例村3组**'
    >>> mask_address("Flat B, 12/F, Block 3, 1 Example Road, Hong Kong").text
    '**, **, Block 3, 1 Example Road, Hong Kong'

    Raises:
        Misuse: ``label.address-unfit``.

    Law: gbt41833.privacy (a recommended standard).
    """
    written = clean(unicodedata.normalize("NFKC", address))
    if not SHORTEST <= len(written) <= LONGEST:
        raise Misuse(ADDRESS_UNFIT)
    if not any(chinese(sign) for sign in written):
        return _latin(written)
    at = _from(written)
    if at is None:
        return Masked(written, 0)
    return Masked(written[:at].rstrip(" ,，-—#") + STARS, len(written) - at)


def _from(text: str) -> int | None:
    """Where the private part begins."""
    for found in _TOKEN.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if _SUFFIX_NEAR.match(after):
            if _VILLAGE.search(before) and _SUFFIX_CLOSE.match(after):
                return found.start()
            continue
        if _private(before, after):
            return found.start()
    return None


def _private(before: str, after: str) -> bool:
    if _SUFFIX_CLOSE.match(after):
        return True
    if _VILLAGE.search(before):
        # 村3组: another step on the way. 村15号: a household.
        return not re.match(r"\s?(?:[组組队隊社]|小组|生产队)", after)
    built = _BUILT.search(before) is not None
    if _SUFFIX_HOUSE.match(after):
        return built and not re.search(r"(?:弄|巷|里|小区|花园|苑|家园|新村|公寓|号院)\s?$", before)
    return built or not after.strip(" ,，。.）)")


def _latin(text: str) -> Masked:
    hidden = sum(len(found[0]) for found in _LATIN.finditer(text))
    return Masked(_LATIN.sub(STARS, text), hidden)
