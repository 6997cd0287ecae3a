"""Labels as printed: read back from the dots, whole in every size, nothing lost."""

from __future__ import annotations

import io
import re
from datetime import date

import msgspec
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from liangming.errors import Outage
from liangming.label import DPIS, SIZES, Sheet, compose
from liangming.label.bars import code128
from liangming.label.glyphs import GETA, Glyphs, glyphs_of
from liangming.label.zpl import packed

DAY = date(2026, 11, 27)
EVERY = [Sheet(size, dpi) for size in SIZES for dpi in DPIS]


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def read(image: Image.Image) -> dict[str, str]:
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(image)}


def unpacked(document: bytes) -> Image.Image:
    """What a printer does with our ZPL: one graphic field, unpacked as the manual of ZPL II says."""
    shape = re.fullmatch(
        rb"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-Fa-z:,!G-Y]+)\^FS\^PQ1\^XZ\n",
        document,
    )
    assert shape is not None
    width, height, total, again, stride = (int(shape[n]) for n in range(1, 6))
    assert (total, again) == (stride * height, total)
    rows: list[str] = []
    line, times = "", 0
    for sign in shape[6].decode():
        if sign == ":":
            rows.append(rows[-1])
        elif sign in ",!":
            rows.append(line.ljust(stride * 2, "0" if sign == "," else "F"))
            line = ""
        elif "G" <= sign <= "Y":
            times += ord(sign) - ord("G") + 1
        elif "g" <= sign <= "z":
            times += (ord(sign) - ord("g") + 1) * 20
        else:
            line += sign * (times or 1)
            times = 0
        if len(line) == stride * 2:
            rows.append(line)
            line = ""
    assert (len(rows), line) == (height, "")
    bits = Image.frombytes("1", (stride * 8, height), bytes.fromhex("".join(rows)))
    return bits.crop((0, 0, width, height)).point(lambda bit: 0 if bit else 255).convert("L")


@pytest.mark.parametrize("sheet", EVERY, ids=lambda s: f"{s.size}-{s.dpi}")
def test_bars_and_square_are_read_back_from_the_picture_and_from_the_printer_language(
    press, shipment, sheet
):
    label = compose(shipment, DAY)
    png, zpl = press.print(label, sheet, "png"), press.print(label, sheet, "zpl")
    image = picture(png.content)
    assert image.size == (png.width, png.height) == (sheet.width, sheet.height)
    expected = {"Code128": shipment.waybill, "QRCode": shipment.waybill}
    assert read(image) == expected
    printed = unpacked(zpl.content)
    assert read(printed) == expected
    assert printed.tobytes() == image.point(lambda v: 0 if v < 128 else 255).tobytes()


@pytest.mark.parametrize("sheet", EVERY, ids=lambda s: f"{s.size}-{s.dpi}")
@pytest.mark.parametrize("waybill", ["SL1234567890123", "7731234567", "AB12CD34EF56GH78JK90"])
def test_every_bar_is_a_whole_number_of_dots_and_pure_black(press, shipment, sheet, waybill):
    label = compose(msgspec.structs.replace(shipment, waybill=waybill), DAY)
    image = picture(press.print(label, sheet, "png").content)
    assert read(image)["Code128"] == waybill
    [code] = [c for c in zxingcpp.read_barcodes(image) if c.format.name == "Code128"]
    middle = (code.position.top_left.y + code.position.bottom_left.y) // 2
    row = [image.getpixel((x, middle)) for x in range(image.width)]
    assert set(row) == {0, 255}
    runs = [len(run) for run in re.findall(r"0+", "".join("0" if v == 0 else "1" for v in row))]
    dot = min(runs)
    assert dot * 25.4 / sheet.ppi >= 0.24
    assert all(run % dot == 0 for run in runs)


@given(st.from_regex(r"[A-Z0-9]{10,20}", fullmatch=True), st.sampled_from(EVERY))
def test_the_bars_of_every_number_are_wide_enough_for_a_hand_scanner(waybill, sheet):
    modules = len(code128(waybill))
    dots = sheet.bar_dots(modules)
    assert dots * 25.4 / sheet.ppi >= 0.24
    assert (modules + 20) * dots <= sheet.width


def test_a_pdf_has_its_size_its_text_and_equal_bytes(press, shipment):
    label = compose(shipment, DAY)
    first = press.print(label, Sheet("100x180"), "pdf").content
    assert first == press.print(label, Sheet("100x180"), "pdf").content
    assert first.startswith(b"%PDF-")
    assert len(first) < 60_000


def test_a_character_that_no_font_holds_is_replaced_and_said(press, shipment):
    rare = "\U0003fffd"  # the last place of the tertiary plane: no font draws it
    sender = msgspec.structs.replace(shipment.sender, name=f"{rare}示")
    label = compose(msgspec.structs.replace(shipment, sender=sender), DAY)
    assert label.sender.name.text.startswith(rare)  # the label keeps it: the font is what lacks it
    made = press.print(label, Sheet(), "png")
    assert made.replaced == {"sender.name": 1}
    assert made.content != press.print(compose(shipment, DAY), Sheet(), "png").content


@pytest.mark.parametrize(
    "name", ["𬱖示", "㛃示", "𠮷示", "買示", "བཀྲ", "ئەلى", "Ærø", "\ue123示", "⿰央鸟示"]
)
def test_no_name_is_turned_away_for_its_characters(press, shipment, name):
    sender = msgspec.structs.replace(shipment.sender, name=name)
    label = compose(msgspec.structs.replace(shipment, sender=sender), DAY)
    made = press.print(label, Sheet(), "png")
    assert read(picture(made.content))["Code128"] == shipment.waybill


def test_glyphs_say_what_they_replace_and_keep_selectors():
    glyphs = Glyphs(("x",), frozenset(map(ord, "示例")))
    assert glyphs.shown("示丨例") == (f"示{GETA}例", 1)
    assert glyphs.shown("示\ufe00例") == ("示\ufe00例", 0)
    assert glyphs.shown("\u2f70") == ("示", 0)  # a radical is shown as the character it is


def test_a_machine_without_a_chinese_font_says_so():
    with pytest.raises(Outage, match=r"label\.font-missing"):
        glyphs_of([])


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_texts_stay_on_their_label(press, shipment, size):
    longest = msgspec.structs.replace(
        shipment,
        brand="示" * 20,
        sort="示" * 20,
        station="示" * 24,
        sender=msgspec.structs.replace(
            shipment.sender,
            address="示" * 120,
            phone="+886 2 2888 8888",
            name="Wwwww " * 9 + "Wwwww",
        ),
        recipient=msgspec.structs.replace(
            shipment.recipient, address="示" * 120, name="·".join(["示例示例"] * 11)
        ),
    )
    sheet = Sheet(size, 203)
    image = picture(press.print(compose(longest, DAY), sheet, "png").content)
    assert read(image) == {"Code128": shipment.waybill, "QRCode": shipment.waybill}
    edge = sheet.dots(2.5)
    inside = image.crop((edge, edge, image.width - edge, image.height - edge))
    ink = sum(1 for v in image.tobytes() if v < 128)
    assert ink == sum(1 for v in inside.tobytes() if v < 128)  # nothing runs over the edge


def test_the_shorthand_of_zpl_is_exact():
    assert packed(["FF00", "FF00", "0000", "F0F0", "FFFF"]) == "HF,:,F0F,!"
    assert packed(["0" * 2 + "A" * 45]) == "H0hKA"
