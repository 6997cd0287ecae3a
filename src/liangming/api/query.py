"""What stands behind the question mark of an address: only what an operation takes, and only if it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl

from liangming.api import faults
from liangming.api.call import Call
from liangming.errors import Misuse

_MOST: Final = 8


def asked(call: Call, **taken: Callable[[str], bool]) -> dict[str, str]:
    """The parameters of a query, each at most once.

    Args:
        call: the request.
        taken: what is taken, and whether a value fits.

    Raises:
        Misuse: ``api.query-unfit``.
    """
    try:
        pairs = parse_qsl(call.query.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST)
    except ValueError:
        raise Misuse(faults.QUERY_UNFIT) from None
    found = dict(pairs)
    fits = len(found) == len(pairs) and all(
        name in taken and taken[name](value) for name, value in found.items()
    )
    if not fits:
        raise Misuse(faults.QUERY_UNFIT)
    return found
