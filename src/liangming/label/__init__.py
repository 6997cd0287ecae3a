"""Labels (隐私面单): what a parcel shows the world, and nothing more.

In this order:

1. a :class:`Shipment` names both sides and where the parcel goes; it has no field for a document
   number, for how the sender was checked, or for what is inside;
2. :func:`compose` refuses texts that carry a long number and hides the rest of what must be
   hidden: the :class:`Label` it returns is all that later steps ever see;
3. :class:`Press` sets the label as PDF, PNG or ZPL; bars and squares stand on whole printer dots.

A character that no installed font can show is printed as 〓 and said so, on the label and beside
it; it is never dropped, and nobody is turned away for it. Nothing here is stored or logged.
"""

from __future__ import annotations

from liangming.label.compose import compose
from liangming.label.model import Label, Masked, Party, Shipment, Side
from liangming.label.press import Press, Printed
from liangming.label.sheet import DPIS, FORMATS, SIZES, Sheet

__all__ = [
    "DPIS",
    "FORMATS",
    "SIZES",
    "Label",
    "Masked",
    "Party",
    "Press",
    "Printed",
    "Sheet",
    "Shipment",
    "Side",
    "compose",
]
