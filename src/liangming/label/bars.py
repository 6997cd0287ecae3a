"""Bars and squares as modules: rows of 0 and 1, which the sheet puts on whole printer dots.

Both carry the waybill's number and nothing else.
"""

from __future__ import annotations

from typing import Final

QUIET: Final = 10
"""Empty modules on either side of the bars, as Code 128 asks."""
MARGIN: Final = 4
"""Empty modules round the square, as QR asks."""


def code128(waybill: str) -> str:
    """The bars of a number, without their quiet zones."""
    from barcode.codex import Code128

    return str(Code128(waybill).build()[0])


def square(waybill: str) -> tuple[str, ...]:
    """The rows of a QR code, without its margin; level M survives a creased label."""
    import segno

    code = segno.make_qr(waybill, error="m", boost_error=False)
    return tuple("".join("1" if module else "0" for module in row) for row in code.matrix)


def runs(modules: str) -> list[tuple[int, int]]:
    """Where black begins and how wide it is, in modules.

    >>> runs("0110100")
    [(1, 2), (4, 1)]
    """
    found: list[tuple[int, int]] = []
    for at, module in enumerate(modules):
        if module != "1":
            continue
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found
