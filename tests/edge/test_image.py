"""A picture is taken in or refused with its own code; nothing of it stays in either case."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.edge.printed import Told, place
from tests.edge.test_reading import ON, UNTIL

from liangming.edge.reading import codes, image
from liangming.edge.reading.read import read
from liangming.edge.reading.straighten import laid_flat
from liangming.edge.synthetic import lens, papers, people
from liangming.errors import LiangmingError


def noise(seed: int = 1, size: tuple[int, int] = (300, 400)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


def encoded(pixels: np.ndarray, kind: str = ".jpg") -> bytearray:
    return bytearray(cv2.imencode(kind, pixels)[1])


def png_head(width: int, height: int, body: bytes = b"") -> bytearray:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return bytearray(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def bomb() -> bytearray:
    side = 4000
    return png_head(side, side, zlib.compress(bytes(side * (1 + 3 * side)), 9)[:9000])


def jpeg_of(width: int, height: int) -> bytearray:
    data = encoded(noise())
    frame = data.find(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return data


def progressive_of(width: int, height: int) -> bytearray:
    data = bytearray(cv2.imencode(".jpg", noise(), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1])
    frame = data.find(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return data


def many_scans() -> bytearray:
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x11" * 8
    return encoded(noise())[:-2] + scan * 60 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bytearray(), codes.EMPTY),
        (bytearray(b"GIF89a" + bytes(99)), codes.NOT_ONE),
        (bytearray(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), codes.NOT_ONE),
        (bytearray(image.HEAVIEST + 1), codes.HEAVY),
        (png_head(12_000, 9_000), codes.MANY),  # over a hundred million pixels
        (jpeg_of(12_000, 9_000), codes.MANY),
        (jpeg_of(65_535, 65_535), codes.MANY),
        (progressive_of(5_000, 4_000), codes.MANY),  # its decoder would hold all of it
        (png_head(6_000, 4_300), codes.MANY),
        (bomb(), codes.BOMB),
        (many_scans(), codes.BOMB),
        (png_head(0, 500), codes.BROKEN),
        (png_head(300, 300, b"no stream"), codes.BROKEN),
        (encoded(noise())[:-200], codes.CUT),
        (encoded(noise(), ".png")[:-30], codes.CUT),
        (encoded(noise(size=(60, 300))), codes.SMALL),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else "",
)
def test_each_fault_of_a_picture_has_its_own_code_and_its_bytes_are_overwritten(
    data: bytearray, code: object
) -> None:
    data = bytearray(data)
    with pytest.raises(LiangmingError) as caught, image.opened(data):
        pass
    assert caught.value.code is code
    assert not any(data)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_no_bytes_whatever_do_more_than_be_refused(data: bytes, start: bytes) -> None:
    with pytest.raises(LiangmingError), image.opened(bytearray(start + data)):
        pass


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 6))
def test_a_damaged_picture_is_read_or_refused_and_gone(seed: int, flips: int) -> None:
    rng = np.random.default_rng(seed)
    data = encoded(noise(size=(160, 200)), ".png" if seed % 2 else ".jpg")
    for _ in range(flips):
        data[int(rng.integers(8, len(data)))] = int(rng.integers(256))
    told = "nothing"
    try:
        told = repr(read(data, Told([]), on=ON).fields)
    except LiangmingError as error:
        told = error.code.name
    assert told == "()" or told.startswith("edge.picture-")
    assert not any(data)


@pytest.mark.parametrize("kind", [".jpg", ".png"])
def test_bytes_and_pixels_are_overwritten_on_the_way_out(kind: str) -> None:
    data = encoded(noise(), kind)
    with image.opened(data) as pixels:
        assert pixels.shape == (300, 400, 3)
        assert pixels.any()
    assert not pixels.any()
    assert not any(data)


def test_pixels_are_overwritten_too_when_reading_fails() -> None:
    class Falls(Told):
        def read(self, pixels: np.ndarray, at: object, *, upside_down: bool = False) -> np.ndarray:
            kept.append(pixels)
            raise RuntimeError

    kept: list[np.ndarray] = []
    with pytest.raises(RuntimeError):
        read(encoded(noise()), Falls([(40, 40, "甲")]), on=ON)
    assert kept
    assert not any(pixels.any() for pixels in kept)


def test_a_large_picture_is_worked_on_smaller_and_its_first_form_is_gone() -> None:
    with image.opened(encoded(np.full((3000, 4000, 3), 200, np.uint8))) as pixels:
        assert max(pixels.shape) == image.WORKING


def test_a_camera_s_largest_picture_never_stands_whole_in_memory() -> None:
    data = encoded(np.full((6000, 8000), 200, np.uint8))
    script = (
        "import sys; from resource import RUSAGE_SELF, getrusage; from liangming.edge.reading import image\n"
        "data = bytearray(sys.stdin.buffer.read()); before = getrusage(RUSAGE_SELF).ru_maxrss\n"
        "with image.opened(data) as pixels: shape = pixels.shape\n"
        "grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) * 1024\n"
        "print(shape == (1800, 2400, 3), any(data), pixels.any(), grown < 8000 * 6000 * 2)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], input=data, capture_output=True, check=True
    )
    assert told.stdout.decode().split() == ["True", "False", "False", "True"]


@pytest.mark.parametrize("trouble", [lens.Trouble.TURNED, lens.Trouble.WHITE])
def test_a_card_is_found_and_laid_flat(trouble: lens.Trouble) -> None:
    if not any(Path(font).is_file() for font in papers.HAN):
        assert not os.environ.get("CI"), "CI installs fonts-noto-cjk"
        pytest.skip("needs fonts-noto-cjk to draw a specimen")
    rng = np.random.default_rng(3)
    one = people.holder(rng)
    card = papers.passport(one, UNTIL)
    # The two lines of the zone, where they are printed, as the finder would give them.
    here = np.array([[[48, 949], [1428, 949], [1428, 1000], [48, 1000]]], np.float32)
    picture, corners = lens.shot_at(card, trouble, rng)
    height, width = card.shape[:2]
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    move = cv2.getPerspectiveTransform(whole, corners)
    line = place(0, 0, 1)
    line.corners[:] = cv2.perspectiveTransform(here, move)[0]
    flat = laid_flat(picture, [line])
    assert flat is not None
    assert flat.shape[1] / flat.shape[0] == pytest.approx(1476 / 1039, rel=0.06)
    soft = [
        cv2.GaussianBlur(cv2.resize(page, (width, height)), (0, 0), 15).mean(axis=2).ravel()
        for page in (flat, np.ascontiguousarray(flat[::-1, ::-1]), card)
    ]
    likeness = [np.corrcoef(soft[way], soft[2])[0, 1] for way in (0, 1)]
    assert max(likeness) > 0.9


def test_squares_and_bars_are_read_without_any_model() -> None:
    paper = np.full((700, 700, 3), 255, np.uint8)
    for text, kind, at in (
        ("lmh1.example", zxingcpp.BarcodeFormat.QRCode, (30, 60)),
        ("SL1234567890123", zxingcpp.BarcodeFormat.Code128, (450, 60)),
    ):
        made = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=3))
        made = np.kron(made, np.ones((1, 1), np.uint8))
        height, width = made.shape[:2]
        paper[at[0] : at[0] + height, at[1] : at[1] + width] = made[:, :, None]
    told = read(encoded(paper, ".png"), None, on=ON)
    assert (told.codes, told.fields) == (("lmh1.example", "SL1234567890123"), ())


@pytest.mark.parametrize("degrees", [20, 38, 160, 250])
def test_bars_that_lie_askew_are_read_where_nothing_else_was(degrees: int) -> None:
    made = zxingcpp.create_barcode("SL1234567890123", zxingcpp.BarcodeFormat.Code128)
    code = np.array(made.to_image(scale=3))
    paper = np.full((900, 900, 3), 255, np.uint8)
    y, x = 450 - code.shape[0] // 2, 450 - code.shape[1] // 2
    paper[y : y + code.shape[0], x : x + code.shape[1]] = code[:, :, None]
    turn = cv2.getRotationMatrix2D((450, 450), degrees, 1.0)
    askew = cv2.warpAffine(paper, turn, (900, 900), borderValue=(255, 255, 255))
    assert read(encoded(askew, ".png"), None, on=ON).codes == ("SL1234567890123",)
