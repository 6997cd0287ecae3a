"""Model cards: name, part, licence, hash, origin; only licences that allow commercial use."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from liangming.edge.face.threshold import Threshold

COMMERCIAL: Final = frozenset(
    {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "BSL-1.0", "CC-BY-4.0"}
)

Part = Literal["detect", "mesh", "points", "embed", "passive", "lines", "text"]
PARTS: Final = ("detect", "mesh", "points", "embed", "passive", "lines", "text")
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{0,63}$")]


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known about one model file.

    Attributes:
        part: what it does in the pipeline.
        form: ``tflite``, ``onnx`` or ``dlib``.
        origin: where its bytes come from.
        trained_on: what its authors say about the training data; empty means they say nothing.
        threshold: for ``embed``: where a match begins, with what was measured.
        side: input width and height, for ONNX forms.
        range: input values ``0-255``, ``0-1`` or ``-1-1``; colours are BGR unless ``rgb``.
    """

    name: Name
    part: Part
    form: Literal["tflite", "onnx", "dlib"]
    licence: str
    sha256: Hash
    origin: str
    trained_on: str = ""
    threshold: Threshold | None = None
    side: Annotated[int, msgspec.Meta(ge=16, le=1024)] = 128
    range: Literal["0-255", "0-1", "-1-1"] = "0-255"
    rgb: bool = False
    bytes: int = 0

    @property
    def file(self) -> str:
        """Its file's name in the models folder."""
        return f"{self.name}.{'dat' if self.form == 'dlib' else self.form}"


KNOWN: Final = (
    Card(
        name="blazeface-short",
        part="detect",
        form="tflite",
        licence="Apache-2.0",
        sha256="bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        origin="mediapipe 0.10.21 wheel",
        trained_on="not published with the weights",
        bytes=229_714,
    ),
    Card(
        name="face-mesh-468",
        part="mesh",
        form="tflite",
        licence="Apache-2.0",
        sha256="1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        origin="mediapipe 0.10.21 wheel",
        trained_on="not published with the weights",
        bytes=1_242_398,
    ),
    Card(
        name="dlib-5-points",
        part="points",
        form="dlib",
        licence="CC0-1.0",
        sha256="c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
        origin="face_recognition_models 0.3.0",
        trained_on="7,198 photos labelled by the model's author",
    ),
    Card(
        name="dlib-resnet-128",
        part="embed",
        form="dlib",
        licence="CC0-1.0",
        sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        origin="face_recognition_models 0.3.0",
        trained_on="public face sets and photos from the web, about 7,500 people; their consent "
        "is not documented: decide in your impact assessment whether you accept that",
        threshold=Threshold(metric="distance", at=0.58, false_matches=0, pairs=2160, upper=0.0014),
    ),
    Card(
        name="pp-ocrv6-lines",
        part="lines",
        form="onnx",
        licence="Apache-2.0",
        sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
        origin="rapidocr 3.10.0 wheel (PP-OCRv6_det_small)",
        trained_on="not published with the weights",
        bytes=9_929_594,
    ),
    Card(
        name="pp-ocrv6-text",
        part="text",
        form="onnx",
        licence="Apache-2.0",
        sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        origin="rapidocr 3.10.0 wheel (PP-OCRv6_rec_small)",
        trained_on="not published with the weights",
        bytes=21_234_383,
    ),
)
BY_HASH: Final = {card.sha256: card for card in KNOWN}
