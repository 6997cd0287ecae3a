"""Lines of print through the real loading and inference code, with small nets made here."""

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.edge.test_models import card

from liangming.edge import codes
from liangming.edge.models.reading import reader_of
from liangming.edge.models.runtime import OnnxNet
from liangming.edge.models.shelf import Shelf
from liangming.edge.reading.decode import freely
from liangming.edge.reading.fields import text_of
from liangming.edge.reading.lines import Lines
from liangming.errors import LiangmingError

INK = {"0": (0, 0, 255), "1": (255, 0, 0)}  # blue, green, red: this print's only two signs


def model(nodes: list, output: list, weights: dict[str, np.ndarray], said: dict[str, str]) -> bytes:
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, output)],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    helper.set_model_props(made, said)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())


def finder() -> bytes:
    """Print is where it is coloured; what stands close is one line."""
    nodes = [
        helper.make_node("ReduceMin", ["x"], ["least"], axes=[1], keepdims=1),
        helper.make_node("Neg", ["least"], ["ink"]),
        helper.make_node(
            "MaxPool", ["ink"], ["near"], kernel_shape=[3, 41], strides=[1, 1], pads=[1, 20, 1, 20]
        ),
        helper.make_node("Mul", ["near", "eight"], ["large"]),
        helper.make_node("Sigmoid", ["large"], ["y"]),
    ]
    return model(nodes, ["n", 1, "h", "w"], {"eight": np.array(8, np.float32)}, {})


def reader(said: str = "0\n1") -> bytes:
    """Each eight pixels along the line: white, red, blue, and a space that never comes."""
    corners = np.array([[-1, -1, -1], [1, 1, -1], [-1, 1, 1], [0, 0, 0]], np.float32)
    nodes = [
        helper.make_node("Neg", ["x"], ["ink"]),
        helper.make_node("MaxPool", ["ink"], ["cut"], kernel_shape=[48, 8], strides=[48, 8]),
        helper.make_node("Conv", ["cut", "corners"], ["like"]),
        helper.make_node("Squeeze", ["like", "two"], ["flat"]),
        helper.make_node("Mul", ["flat", "six"], ["sharp"]),
        helper.make_node("Transpose", ["sharp"], ["steps"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["steps"], ["y"], axis=2),
    ]
    weights = {
        "corners": corners.reshape(4, 3, 1, 1),
        "two": np.array([2], np.int64),
        "six": np.array(6, np.float32),
    }
    return model(nodes, ["n", "t", 4], weights, {"character": said} if said else {})


def printed(lines: dict[str, tuple[int, int]]) -> np.ndarray:
    paper = np.full((480, 640, 3), 255, np.uint8)
    for text, (x, y) in lines.items():
        for place, sign in enumerate(text):
            left = x + place * 36
            cv2.rectangle(paper, (left, y), (left + 11, y + 25), INK[sign], -1)
    return paper


def test_lines_are_found_and_read() -> None:
    lines = Lines(OnnxNet(finder()), OnnxNet(reader()))
    paper = printed({"0110": (60, 60), "10": (300, 200), "111000": (40, 400)})
    places = lines.find(paper)
    assert [round(place.middle[1] / 10) for place in places] == [7, 21, 41]
    read = [text_of(freely(lines.read(paper, place), lines.signs)) for place in places]
    assert read == ["0110", "10", "111000"]
    upside_down = np.ascontiguousarray(paper[::-1, ::-1])
    again = lines.find(upside_down)
    assert [
        text_of(freely(lines.read(upside_down, place, upside_down=True), lines.signs))
        for place in reversed(again)
    ] == read


def test_an_empty_page_has_no_lines() -> None:
    lines = Lines(OnnxNet(finder()), OnnxNet(reader()))
    assert lines.find(np.full((480, 640, 3), 255, np.uint8)) == ()


def test_a_reader_comes_from_the_shelf_and_only_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert reader_of(shelf) is None
    find, read = finder(), reader()
    shelf.add(find, card("find", "lines", find))
    assert reader_of(shelf) is None
    shelf.add(read, card("read", "text", read))
    made = reader_of(shelf)
    assert made is not None
    assert made.signs == ("0", "1", " ")
    (tmp_path / "read.onnx").write_bytes(read[:-1] + b"!")
    with pytest.raises(LiangmingError) as caught:
        reader_of(shelf)
    assert caught.value.code is codes.MODEL_WRONG


def test_a_net_that_does_not_name_its_signs_or_has_others_is_not_used() -> None:
    with pytest.raises(LiangmingError) as caught:
        _ = Lines(OnnxNet(finder()), OnnxNet(reader(""))).signs
    assert caught.value.code is codes.MODEL_WRONG
    lines = Lines(OnnxNet(finder()), OnnxNet(reader("0\n1\n2\n3")))
    paper = printed({"0110": (60, 60)})
    with pytest.raises(LiangmingError) as caught:
        lines.read(paper, lines.find(paper)[0])
    assert caught.value.code is codes.MODEL_WRONG
