"""I5 and I6: there is nowhere to put a face, and no way to look one up among many."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import msgspec

import liangming
from liangming.check import ports
from liangming.method import FaceReport, FaceShown
from liangming.method.evidence import Shown

SOURCE = Path(liangming.__file__).parent
OF_A_FACE = re.compile(
    r"image|template|embedding|vector|score|similarity|photo|feature", re.IGNORECASE
)


def test_no_evidence_and_no_row_has_a_field_for_a_face() -> None:
    rows = [c for c in vars(ports).values() if isinstance(c, type)]
    structs = [*Shown.__subclasses__(), *(r for r in rows if issubclass(r, msgspec.Struct))]
    assert len(structs) > 15
    named = {f"{c.__name__}.{f}" for c in structs for f in c.__struct_fields__}
    assert {name for name in named if OF_A_FACE.search(name)} == set()


def test_a_face_outcome_says_yes_or_no_and_carries_no_number() -> None:
    assert set(FaceShown.__struct_fields__) == {
        "device",
        "outcome",
        "nonce",
        "signature",
        "document",
        "report",
    }
    assert set(FaceReport.__struct_fields__) == {
        "purpose",
        "pad_level",
        "layers",
        "models",
        "backend",
        "agent",
        "key_kept_in",
        "at",
        "tries",
        "frames_taken",
        "frames_kept",
    }


def test_an_outcome_with_a_score_is_refused_by_its_form() -> None:
    body = b'{"kind":"face","device":"d","outcome":"match","nonce":"","signature":"","score":0.9}'
    try:
        msgspec.json.decode(body, type=FaceShown)
    except msgspec.ValidationError:
        return
    raise AssertionError("a score was let in")


def test_no_table_has_a_column_for_a_face() -> None:
    text = (SOURCE / "storage" / "migrations" / "0001_initial.py").read_text()
    found = set(re.findall(r"""\(\s*["'](\w+)["'],\s*\n?\s*(?:models|liangming)\.""", text))
    assert {"person", "sealed", "leaf"} <= found
    assert {name for name in found if OF_A_FACE.search(name)} == set()


def test_no_module_outside_the_device_imports_a_face_library() -> None:
    forbidden = {"cv2", "face_recognition", "insightface", "onnxruntime", "mediapipe", "dlib"}
    for module in pkgutil.walk_packages(liangming.__path__, "liangming."):
        if module.name.startswith("liangming.edge"):
            continue
        path = SOURCE.joinpath(*module.name.split(".")[1:])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        imported = set(
            re.findall(r"^\s*(?:import|from)\s+(\w+)", file.read_text("utf-8"), re.MULTILINE)
        )
        assert imported & forbidden == set(), module.name
    assert import_module("liangming.law.words").Method.FACE.is_face
