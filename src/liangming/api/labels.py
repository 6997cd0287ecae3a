"""Labels over HTTP: masked, set, answered, forgotten. Nothing of a shipment is stored or logged.

An answer is JSON like all others; the file stands in it in base64.
"""

from __future__ import annotations

import base64
from typing import Annotated, Final

import msgspec

from liangming.api.bodies import Taken
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.law import Citation
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply, ok
from liangming.api.steps import body_of
from liangming.clock import china_date
from liangming.label import Sheet, Shipment, compose
from liangming.label.compose import BASES
from liangming.label.sheet import Dpi, Format, Size


class LabelBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label to set. ``size`` in millimetres; ``dpi`` of the printer.

    Nothing about documents, checks or contents has a field here; long numbers in free texts are
    refused.
    """

    shipment: Shipment
    size: Size = "76x130"
    format: Format = "pdf"
    dpi: Dpi = 203


class LabelAnswer(msgspec.Struct, frozen=True):
    """A label as a file.

    Attributes:
        media: type of the file.
        content: the file in base64.
        dots: across and down, for PNG and ZPL.
        replaced: texts with characters that no installed font can show, and how many: printed as 〓.
        citations: what the masking follows; a standard is named as one.
    """

    media: str
    content: Annotated[str, msgspec.Meta(extra_json_schema={"contentEncoding": "base64"})]
    dots: tuple[int, int]
    replaced: dict[str, int]
    citations: tuple[Citation, ...]


LABEL: Final = Body(LabelBody)


async def label(lobby: Lobby, call: Call) -> Reply:
    """One label."""
    body: LabelBody = await body_of(lobby, call, LABEL)
    composed = compose(body.shipment, china_date(lobby.premises.clock.now()))
    sheet = Sheet(body.size, body.dpi)
    made = await lobby.labels.print(composed, sheet, body.format)
    answer = LabelAnswer(
        media=made.media,
        content=base64.b64encode(made.content).decode(),
        dots=(made.width, made.height),
        replaced=made.replaced,
        citations=lobby.citer.cite(BASES, call.language),
    )
    return ok(answer, call.language)
