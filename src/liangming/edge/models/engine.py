"""From a shelf to the parts of a look; None where a part is missing: the face is not offered."""

from __future__ import annotations

from dataclasses import dataclass

from liangming.edge import codes
from liangming.edge.face.ports import Embedder, Finder, Passive
from liangming.edge.face.threshold import Threshold
from liangming.edge.models.cards import Card, Part
from liangming.edge.models.embedders import DlibEmbedder, OnnxEmbedder, OnnxPassive
from liangming.edge.models.finder import MeshFinder
from liangming.edge.models.runtime import LiteNet, Net, OnnxNet
from liangming.edge.models.shelf import Shelf
from liangming.errors import Misuse


@dataclass(frozen=True, slots=True)
class Engine:
    """The models of a device, loaded."""

    finder: Finder
    embedder: Embedder
    passive: Passive | None
    threshold: Threshold
    backend: str

    @property
    def models(self) -> tuple[str, ...]:
        """All of them, by name and hash."""
        passive = self.passive.models if self.passive is not None else ()
        return (*self.finder.models, *self.embedder.models, *passive)


def engine_of(shelf: Shelf) -> Engine | None:
    """Load what is on the shelf.

    Raises:
        Misuse: a listed file is missing, altered or cannot be run (``edge.model-wrong``).
    """
    detect, mesh, embed = shelf.of("detect"), shelf.of("mesh"), shelf.of("embed")
    if detect is None or mesh is None or embed is None or embed.threshold is None:
        return None
    embedder = _embedder(shelf, embed)
    if embedder is None:
        return None
    passive = shelf.of("passive")
    return Engine(
        finder=MeshFinder(_net(shelf, detect), _net(shelf, mesh), (named(detect), named(mesh))),
        embedder=embedder,
        passive=OnnxPassive((_net(shelf, passive),), (named(passive),)) if passive else None,
        threshold=embed.threshold,
        backend=f"cpu float32 {detect.form}+{embed.form}",
    )


def attested(shelf: Shelf) -> tuple[str, ...]:
    """The models that a look may use, as the device's statement names them."""
    parts: tuple[Part, ...] = ("detect", "mesh", "points", "embed", "passive")
    return tuple(named(card) for card in map(shelf.of, parts) if card is not None)


def named(card: Card) -> str:
    """``name@hash``, as the signed outcome says it; 32 hexadecimal digits are enough to look up."""
    return f"{card.name}@{card.sha256[:32]}"


def _embedder(shelf: Shelf, card: Card) -> Embedder | None:
    if card.form != "dlib":
        return OnnxEmbedder(_net(shelf, card), (named(card),), scale=card.range, rgb=card.rgb)
    points = shelf.of("points")
    if points is None:
        return None
    return DlibEmbedder(shelf.path(points), shelf.path(card), (named(points), named(card)))


def _net(shelf: Shelf, card: Card) -> Net:
    data = shelf.load(card)
    if card.form == "onnx":
        return OnnxNet(data)
    if card.form == "tflite":
        return LiteNet(data)
    raise Misuse(codes.MODEL_WRONG, field=card.name)
