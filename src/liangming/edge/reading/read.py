"""One picture in, the fields of a document out, and the picture overwritten.

1. the picture is taken in (``image``): what is none, cut or too much never reaches the decoder;
2. lines of print are found, and with them the card: the quadrilateral that holds the print and in
   which it stands straight; without edges the picture is turned by its print and cut to it;
3. which way is up is decided by reading the longest line, or the two longest, both ways;
4. the longest lines are read; if they are a zone whose digits agree, it is all that is asked, and the rest is not
   read. Otherwise every line is, but for a card's address, and the zone or the card's fields are taken out;
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
from liangming.edge.reading.card import birth_in, is_address, read_card
from liangming.edge.reading.decode import freely, lettered
from liangming.edge.reading.fields import Reading, State
from liangming.edge.reading.image import opened
from liangming.edge.reading.lines import Place
from liangming.edge.reading.number import is_whole
from liangming.edge.reading.ports import Reader
from liangming.edge.reading.rows import Row
from liangming.edge.reading.straighten import laid_flat, upright
from liangming.edge.reading.zone import is_zone, read_zone

MOST_ROWS: Final = 32
FINER: Final = (736, 1280)  # longest sides at which lines are looked for: finer only if need be
ZONES: Final = (2, 3)  # lines of a zone
_VOTERS: Final = 2
# Of 200 lines read upside down none was taken for a zone, and none for a number clearer than 0.88.
_CLEAR: Final = 0.95


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
            told = _told(page, places, reader, on)
            if told.fields:
                break
    finally:
        if page is not pixels:
            page.fill(0)
    return Reading(document=told.document, fields=told.fields, codes=codes, laid=laid is not None)


def _told(page: Pixels, places: Sequence[Place], reader: Reader, on: date) -> Reading:
    """The longest lines first: where they are a zone that agrees with itself, nothing else is read."""
    if not places:
        return Reading()
    lines = _Print(page, places, reader)
    for count in ZONES:
        if not is_zone(lines.row(count - 2)):
            break
        zone = read_zone(lines.rows(count), on=on)
        if zone.fields and all(field.state is not State.WRONG for field in zone.fields):
            return zone
    rows = lines.all_but_address()
    zone = read_zone(rows, on=on)
    return zone if zone.fields else read_card(rows, on=on)


class _Print:
    """The lines of one page, longest first; each is read once, the right way up, when it is asked for."""

    def __init__(self, page: Pixels, places: Sequence[Place], reader: Reader) -> None:
        self._page, self._reader = page, reader
        self._long = sorted(places, key=lambda place: -place.size[0])[:MOST_ROWS]
        self._read: dict[int, Row] = {}
        self._down = self._voted()

    def rows(self, count: int) -> list[Row]:
        """So many of the longest, from the top of the document to its foot."""
        rows = [self.row(number) for number in range(min(count, len(self._long)))]
        return sorted(rows, key=lambda row: row.place.middle[1])

    def all_but_address(self) -> list[Row]:
        """Every line from the top; once birth and number are seen, what stands between them is not read."""
        places = [self._place(number) for number in range(len(self._long))]
        seen = [self.row(number) for number in sorted(self._read)]
        number_at = next((row.place for row in seen if is_whole(row)), None)
        rows: list[Row] = []
        for number in sorted(range(len(places)), key=lambda each: places[each].middle[1]):
            born = birth_in(rows) if number_at is not None else None
            unread = number not in self._read
            if (
                unread
                and born
                and number_at
                and is_address(places[number], born[0].place, number_at)
            ):
                continue
            rows.append(self.row(number))
        return rows

    def row(self, number: int) -> Row:
        """One of them, where it stands on the page that is the right way up."""
        number = min(number, len(self._long) - 1)
        if number not in self._read:
            self._read[number] = self._row(number, down=self._down)
        row = self._read[number]
        return Row(self._place(number), row.chances, row.signs)

    def _place(self, number: int) -> Place:
        place = self._long[number]
        if not self._down:
            return place
        size = np.array([self._page.shape[1], self._page.shape[0]], np.float32)
        return Place((size - place.corners).astype(np.float32))

    def _voted(self) -> bool:
        """Whether the page is upside down: a zone or a number that is clear says it alone."""
        up: list[Row] = []
        down: list[Row] = []
        for number in range(min(_VOTERS, len(self._long))):
            for rows, way in ((up, False), (down, True)):
                rows.append(self._row(number, down=way))
                if rows[-1].chance >= _CLEAR and (is_zone(rows[-1]) or is_whole(rows[-1])):
                    return self._chosen(rows, down=way)
        upside = sum(row.chance for row in down) > sum(row.chance for row in up)
        return self._chosen(down if upside else up, down=upside)

    def _chosen(self, rows: Sequence[Row], *, down: bool) -> bool:
        self._read.update(enumerate(rows))
        return down

    def _row(self, number: int, *, down: bool) -> Row:
        place = self._long[number]
        chances = self._reader.read(self._page, place, upside_down=down)
        signs = self._reader.signs
        return Row(place, lettered(chances, signs), freely(chances, signs))
