"""What reading one document number costs, beside the same reading done by others.

Run ``python bench/documents.py``. Each figure is the best of several rounds, so that a busy
machine disturbs it least; compare the ratios rather than the microseconds.

The baselines read the same resident numbers in the same run:

* ``naive``: a regular expression, ``datetime.strptime`` and a loop over the printed weights;
* ``python-stdnum``: ``stdnum.cn.ric.validate``, when it happens to be installed. It also looks up
  the county, which we deliberately do not.
"""

from __future__ import annotations

import json
import re
import sys
import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime

from liangming.method.documents import DocumentType, parse, parse_organisation, route, same_name
from liangming.method.documents.cards import check_digit

ON = date(2026, 11, 24)
CALLS = 20_000
ROUNDS = 7
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FORM = re.compile(r"[0-9]{17}[0-9X]")
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def made_up() -> list[str]:
    """A thousand different numbers of the unallocated region, born over ninety years."""
    bodies = (
        f"9901{place % 30:02}{1930 + place % 90}{place % 12 + 1:02}{place % 28 + 1:02}{place:03}"
        for place in range(1000)
    )
    return [body + check_digit(body) for body in bodies]


def naive(number: str) -> date:
    if not FORM.fullmatch(number):
        raise ValueError
    total = sum(int(sign) * weight for sign, weight in zip(number, WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != number[17]:
        raise ValueError
    return datetime.strptime(number[6:14], "%Y%m%d").replace(tzinfo=UTC).date()


def microseconds(call: Callable[[str], object], inputs: list[str]) -> float:
    def run() -> None:
        for _ in range(CALLS // len(inputs)):
            for value in inputs:
                call(value)

    calls = CALLS // len(inputs) * len(inputs)
    return round(min(timeit.repeat(run, number=1, repeat=ROUNDS)) / calls * 1e6, 2)


def main() -> None:
    card, many = DocumentType.RESIDENT_CARD, made_up()
    printed = ["11010519491231002X", "440524188001010014"]
    end = date(2030, 1, 1)
    figures = {
        "resident card": microseconds(lambda n: parse(card, n, on=ON), printed),
        "resident card, with its end": microseconds(
            lambda n: parse(card, n, on=ON, expires=end), printed
        ),
        "resident card, a thousand people (test region)": microseconds(
            lambda n: parse(card, n, on=ON, allow_test_region=True), many
        ),
        "resident card, full-width with spaces": microseconds(
            lambda n: parse(card, n, on=ON), ["１１０１０５ １９４９１２３１ ００２Ｘ"]
        ),
        "travel permit": microseconds(
            lambda n: parse(DocumentType.TRAVEL_PERMIT_HK_MACAO, n, on=ON), ["H1234567801"]
        ),
        "passport, zone": microseconds(
            lambda n: parse(DocumentType.PASSPORT, n, on=date(2012, 1, 1)), [TD3]
        ),
        "organisation": microseconds(parse_organisation, ["91350100M000100Y43"]),
        "route": microseconds(route, printed),
        "same name": microseconds(lambda n: same_name(n, "阿卜杜·热合曼"), ["阿卜杜•热合曼"]),
        "baseline naive, resident card": microseconds(naive, printed),
    }
    try:
        from stdnum.cn import ric
    except ImportError:
        sys.stderr.write("python-stdnum is not installed; its baseline is left out\n")
    else:
        figures["baseline python-stdnum, resident card"] = microseconds(
            ric.validate, ["11010519491231002X"]
        )
    json.dump({"unit": "microseconds a call", **figures}, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
