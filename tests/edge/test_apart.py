"""Reading in a process of its own: real nets of our own making, and every way it can end."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from tests.edge.test_image import encoded, noise
from tests.edge.test_lines import finder, printed, reader
from tests.edge.test_models import card

from liangming.edge.models.reading import reader_of
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading import codes
from liangming.edge.reading.decode import freely
from liangming.edge.reading.fields import text_of
from liangming.edge.station import apart
from liangming.edge.station.apart import Apart
from liangming.errors import LiangmingError

ON = date(2026, 11, 27)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    shelf, find, read = Shelf(tmp_path / "models"), finder(), reader()
    shelf.add(find, card("find", "lines", find))
    shelf.add(read, card("read", "text", read))
    return shelf.folder


def square(text: str) -> bytes:
    """A page with a square on it."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    code = np.array(zxingcpp.write_barcode_to_image(made, scale=6))
    page = np.full((480, 640, 3), 255, np.uint8)
    page[100 : 100 + code.shape[0], 200 : 200 + code.shape[1]] = code[:, :, None]
    return cv2.imencode(".png", page)[1].tobytes()


def children() -> list[str]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return path.read_text().split()


def test_pictures_are_read_in_a_process_that_is_gone_afterwards(models: Path) -> None:
    one, other = bytearray(square("lmh1.one")), bytearray(encoded(noise()))
    before = children()
    told = Apart(models).read({"front": one, "back": other}, on=ON)
    assert [each.codes for each in told] == [("lmh1.one",), ()]
    assert [any(one), any(other)] == [False, False]
    assert children() == before


def test_a_hostile_picture_is_told_by_its_code_and_its_name(models: Path) -> None:
    data = bytearray(encoded(noise())[:-99])
    with pytest.raises(LiangmingError) as caught:
        Apart(models).read({"back": data}, on=ON)
    assert (caught.value.code, caught.value.field) == (codes.CUT, "back")
    assert not any(data)


def test_a_process_that_hangs_or_breaks_is_ended_and_typing_stays(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(encoded(noise()))
    monkeypatch.setattr(apart, "SECONDS", 0.0)
    with pytest.raises(LiangmingError) as caught:
        Apart(models).read({"front": data}, on=ON)
    assert (caught.value.code, caught.value.field) == (codes.ENDED, "front")
    assert not any(data)
    monkeypatch.undo()
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")
    with pytest.raises(LiangmingError) as caught:
        Apart(models).read({"front": bytearray(b"x")}, on=ON)
    assert caught.value.code is codes.ENDED


def test_a_model_that_was_altered_is_told_before_anybody_stands_there(models: Path) -> None:
    (models / "read.onnx").write_bytes(b"x")
    with pytest.raises(LiangmingError) as caught:
        Apart(models)
    assert caught.value.code.name == "edge.model-wrong"


def test_without_models_squares_are_read(tmp_path: Path) -> None:
    there = Apart(tmp_path)
    assert there.prints is False
    (told,) = there.read({"front": bytearray(square("lmh1.two"))}, on=ON)
    assert told.codes == ("lmh1.two",)


def test_one_net_at_a_time_reads_the_same(models: Path) -> None:
    paper = printed({"0110": (60, 60), "111000": (40, 400)})
    read = []
    for sparing in (False, True):
        made = reader_of(Shelf(models), sparing=sparing)
        assert made is not None
        places = made.find(paper)
        read.append([text_of(freely(made.read(paper, at), made.signs)) for at in places])
    assert read == [["0110", "111000"]] * 2
