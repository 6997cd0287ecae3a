"""One picture in, the fields of a document out, and the picture overwritten.

1. the picture is taken in (``image``): what is none, cut or too much never reaches the decoder;
2. lines of print are found, and with them the card: the quadrilateral that holds the print and in
   which it stands straight; without edges the picture is turned by its print and cut to it;
3. which way is up is decided by reading the two longest lines both ways;
4. every line is read; the zone, or the card's fields, are taken out;
5. squares and bars are read from the same picture; where nothing was read, bars that lie askew, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
import numpy as np

from liangming.edge.face.picture import Pixels
from liangming.edge.reading import bars
from liangming.edge.reading.card import read_card
from liangming.edge.reading.decode import freely
from liangming.edge.reading.fields import Reading
from liangming.edge.reading.image import opened
from liangming.edge.reading.lines import Place
from liangming.edge.reading.ports import Reader
from liangming.edge.reading.rows import Row
from liangming.edge.reading.straighten import laid_flat, upright
from liangming.edge.reading.zone import read_zone

MOST_ROWS: Final = 32
FINER: Final = (736, 1280)  # longest sides at which lines are looked for: finer only if need be
_VOTERS: Final = 2


def read(data: bytearray, reader: Reader | None, *, on: date) -> Reading:
    """Read one picture; ``data`` and all pixels are overwritten whatever comes of it.

    Args:
        data: JPEG or PNG.
        reader: None where no models are: then only squares and bars are read.
        on: the day in China, for births and centuries.

    Raises:
        Misuse: the picture is none, cut, broken or too much (``edge.picture-…``), or the models
            are of another form.
    """
    with opened(data) as pixels:
        codes = bars.codes_in(pixels)
        told = Reading(codes=codes)
        if reader is not None:
            told = read_pixels(pixels, reader, on=on, codes=codes)
        if not (told.fields or told.codes):  # no document: perhaps a waybill that lies askew
            told = msgspec.structs.replace(told, codes=bars.turned(pixels))
        return told


def read_pixels(
    pixels: Pixels, reader: Reader, *, on: date, codes: tuple[str, ...] = (), flat: bool = True
) -> Reading:
    """The same for a picture that the caller overwrites.

    Args:
        flat: lay the card flat first; without, lines are read where they stand (the baseline of
            ``bench/reading.py``).
    """
    places = reader.find(pixels)
    if not places:
        return Reading(codes=codes)
    laid = laid_flat(pixels, places) if flat else None
    page = laid if laid is not None else upright(pixels, places) if flat else pixels
    told = Reading()
    try:
        for longest in FINER if flat else FINER[:1]:
            if page is not pixels or longest > FINER[0]:
                places = reader.find(page, longest)
            told = _told(_rows(page, places, reader), reader, on)
            if told.fields:
                break
    finally:
        if page is not pixels:
            page.fill(0)
    return Reading(document=told.document, fields=told.fields, codes=codes, laid=laid is not None)


def _told(rows: Sequence[Row], reader: Reader, on: date) -> Reading:
    zone = read_zone(rows, reader.signs, on=on)
    return zone if zone.fields else read_card(rows, reader.signs, on=on)


def _rows(page: Pixels, places: Sequence[Place], reader: Reader) -> list[Row]:
    """Every line read the right way up, from the top of the document to its foot."""
    long = sorted(places, key=lambda place: -place.size[0])
    voters = long[:_VOTERS]
    votes = [
        [_row(page, place, reader, upside_down=down) for place in voters] for down in (False, True)
    ]
    down = sum(row.chance for row in votes[1]) > sum(row.chance for row in votes[0])
    rows = [_row(page, place, reader, upside_down=down) for place in long[_VOTERS:MOST_ROWS]]
    rows += votes[down]
    if down:
        size = np.array([page.shape[1], page.shape[0]], np.float32)
        rows = [
            Row(Place((size - row.place.corners).astype(np.float32)), row.chances, row.signs)
            for row in rows
        ]
    return sorted(rows, key=lambda row: row.place.middle[1])


def _row(page: Pixels, place: Place, reader: Reader, *, upside_down: bool) -> Row:
    chances = reader.read(page, place, upside_down=upside_down)
    return Row(place, chances, freely(chances, reader.signs))
