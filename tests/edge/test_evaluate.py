"""The harness on folders that a test makes, through the real code with small nets."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.edge.test_models import stocked
from typer.testing import CliRunner

from liangming.cli.main import app
from liangming.edge.measure.folders import NO_MODELS, _frames, evaluate_folder
from liangming.edge.measure.table import FOLDER_UNFIT
from liangming.edge.models.finder import MeshFinder
from liangming.edge.models.shelf import Shelf
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Mood, head_of, held
from liangming.errors import LiangmingError


def picture(path: Path, seed: int, take: int = 0) -> None:
    head = head_of(np.random.default_rng(seed))
    rng = np.random.default_rng([seed, take])
    pixels = draw(
        background(rng, furniture=False), Thing(head=head, points=seen(held(head, Mood()))), rng
    )
    assert cv2.imwrite(str(path), pixels)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return stocked(tmp_path / "models")


def evaluated(folder: Path, shelf: Shelf):
    return evaluate_folder(folder, shelf, say=lambda _: None)


def test_pairs_are_counted_with_their_intervals(tmp_path: Path, shelf: Shelf) -> None:
    for seed in (1, 2):
        picture(tmp_path / f"{seed}.png", seed)
    picture(tmp_path / "again.png", 1, take=1)
    (tmp_path / "copy.png").write_bytes((tmp_path / "2.png").read_bytes())
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "pairs.csv").write_text(
        "one,other,same\n1.png,again.png,1\n2.png,copy.png,1\n1.png,1.png,1\n1.png,2.png,0\n"
        "1.png,broken.png,0\n"
    )
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    pairs = told.all
    assert (pairs.false_non_matches.total, pairs.false_matches.total) == (1, 1)
    assert (pairs.unreadable, pairs.identical, pairs.unusable, pairs.pictures) == (1, 2, 0, 3)
    assert told.cases == ()


def test_a_picture_is_looked_at_once_however_many_pairs_it_stands_in(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in (1, 2, 3):
        picture(tmp_path / f"{seed}.png", seed)
    (tmp_path / "pairs.csv").write_text(
        "one,other,same\n1.png,2.png,0\n1.png,3.png,0\n2.png,3.png,0\n"
    )
    looks: list[int] = []
    real = MeshFinder.find
    monkeypatch.setattr(
        MeshFinder, "find", lambda finder, pixels: (looks.append(1), real(finder, pixels))[1]
    )
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    assert (told.all.false_matches.total, len(looks)) == (3, 3)


def test_a_picture_without_a_face_is_in_neither_rate(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in (1, 2):
        picture(tmp_path / f"{seed}.png", seed)
    (tmp_path / "pairs.csv").write_text("one,other,same\n1.png,2.png,0\n")
    monkeypatch.setattr(MeshFinder, "find", lambda *_: ())
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    assert (told.all.unusable, told.all.false_matches.total, told.all.pictures) == (1, 0, 0)


def test_each_case_stands_apart_and_pairs_that_share_a_picture_count_less(
    tmp_path: Path, shelf: Shelf
) -> None:
    for seed in (1, 2, 3, 4):
        picture(tmp_path / f"{seed}.png", seed)
    rows = [f"{a}.png,{b}.png,0,clean" for a in range(1, 5) for b in range(1, 5) if a != b]
    rows = [row for row in rows if row[0] < row[6]]
    rows += ["1.png,3.png,1,card-photo", "1.png,2.png,1,card-photo"]
    (tmp_path / "pairs.csv").write_text("one,other,same,case\n" + "\n".join(rows) + "\n")
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    by_name = {case.name: case for case in told.cases}
    clean, card = by_name["clean"], by_name["card-photo"]
    assert (clean.false_matches.total, clean.cautious_false_matches.total) == (6, 2)
    assert clean.cautious_false_matches.low < clean.false_matches.low
    assert (card.false_non_matches.total, card.false_matches.total) == (2, 0)
    assert (told.all.false_non_matches.total, told.all.false_matches.total) == (2, 6)
    assert str(card.false_matches) == "–"
    assert told.threshold == "cosine 0.9"


def test_clips_are_judged_by_the_layers_that_a_film_can_show(tmp_path: Path, shelf: Shelf) -> None:
    clip = tmp_path / "still"
    clip.mkdir()
    picture(clip / "0.png", 1)
    for number in range(1, 12):
        (clip / f"{number}.png").write_bytes((clip / "0.png").read_bytes())
    film = cv2.VideoWriter(
        str(tmp_path / "person.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15.0, (320, 240)
    )
    for seed in range(12):
        picture(tmp_path / "frame.png", seed)
        film.write(cv2.imread(str(tmp_path / "frame.png")))
    film.release()
    (tmp_path / "clips.csv").write_text(
        "clip,species,actions\nstill,still-photo,left blink\nperson.avi,,\n"
    )
    told = evaluated(tmp_path, shelf).attacks
    assert told is not None
    (row,) = told.attacks
    assert (row.species, row.together.count, row.motion.count) == ("still-photo", 0, 0)
    assert row.alone["sequence"].count == 0
    assert told.frames == 24
    assert "challenge" not in told.people_alone
    assert told.people.total == 1


def film_of(path: Path, seeds: range) -> None:
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15.0, (320, 240))
    for seed in seeds:
        picture(path.with_suffix(".png"), seed)
        film.write(cv2.imread(str(path.with_suffix(".png"))))
    film.release()


def test_a_clip_that_cannot_be_read_was_stopped_by_nothing(tmp_path: Path, shelf: Shelf) -> None:
    film_of(tmp_path / "a.avi", range(6))
    (tmp_path / "b.avi").write_bytes((tmp_path / "a.avi").read_bytes()[:60])
    (tmp_path / "empty").mkdir()
    (tmp_path / "clips.csv").write_text(
        "clip,species,actions\na.avi,print,\nb.avi,print,left\nempty,,\n"
    )
    told = evaluated(tmp_path, shelf)
    assert told.attacks is not None
    (row,) = told.attacks.attacks
    assert (row.together.total, row.motion.total, told.attacks.people.total) == (1, 0, 0)
    assert (told.unreadable, told.without_actions) == (("b.avi", "empty"), 1)


def test_a_clip_on_which_no_face_was_seen_is_not_counted_as_stopped(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    film_of(tmp_path / "a.avi", range(4))
    film_of(tmp_path / "b.avi", range(4))
    (tmp_path / "clips.csv").write_text("clip,species,actions\na.avi,mask,\nb.avi,,\n")
    monkeypatch.setattr(MeshFinder, "find", lambda *_: ())
    told = evaluated(tmp_path, shelf).attacks
    assert told is not None
    (row,) = told.attacks
    assert (row.together.total, row.silent.count, row.silent.total) == (0, 1, 1)
    assert (told.people.total, told.people_silent.count) == (0, 1)


def test_frames_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        assert cv2.imwrite(str(tmp_path / f"f{number}.png"), np.full((4, 4, 3), number, np.uint8))
    assert [int(pixels[0, 0, 0]) for pixels, _ in _frames(tmp_path)] == [1, 2, 10]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("pairs.csv", "a,b\n", "pairs.csv:1"),
        ("pairs.csv", "one,other,same\nx.png,x.png,2\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\nmissing.png,x.png,1\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\n../../etc/passwd,x.png,1\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\nx.png\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\nx.png,x.png,1,more\n", "pairs.csv:2"),
        ("pairs.csv", f"one,other,same\n{'x' * 5000},x.png,1\n", "pairs.csv:2"),
        ("clips.csv", "clip,species,actions\nx.png,p,dance\n", "clips.csv:2"),
        ("clips.csv", "", "clips.csv:1"),
        ("other.csv", "", "DIR"),
    ],
)
def test_a_folder_that_is_wrong_is_told_where(
    tmp_path: Path, shelf: Shelf, name: str, text: str, where: str
) -> None:
    picture(tmp_path / "x.png", 1)
    (tmp_path / name).write_text(text)
    with pytest.raises(LiangmingError) as caught:
        evaluated(tmp_path, shelf)
    assert (caught.value.code, caught.value.field) == (FOLDER_UNFIT, where)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pairs.csv", "one,other,same\n", ("edge.folder-empty", "pairs.csv")),
        ("clips.csv", "clip,species,actions\n\n", ("edge.folder-empty", "clips.csv")),
        (
            "pairs.csv",
            "one,other,same\nx.png,y.png,1\ny.png,x.png,0\n",
            ("edge.folder-row-twice", "pairs.csv:3"),
        ),
        (
            "clips.csv",
            "clip,species,actions\nx.png,a,\n./x.png,,\n",
            ("edge.folder-row-twice", "clips.csv:3"),
        ),
        (
            "clips.csv",
            "clip,species,actions\nx.png,Bona Fide,\n",
            ("edge.folder-species", "clips.csv:2"),
        ),
    ],
)
def test_a_table_labelled_badly_is_refused_before_anything_is_measured(
    tmp_path: Path, shelf: Shelf, name: str, text: str, told: tuple[str, str]
) -> None:
    picture(tmp_path / "x.png", 1)
    picture(tmp_path / "y.png", 2)
    (tmp_path / name).write_text(text)
    said: list[str] = []
    with pytest.raises(LiangmingError) as caught:
        evaluate_folder(tmp_path, shelf, say=said.append)
    assert (caught.value.code.name, caught.value.field) == told
    assert said == []


def test_without_models_nothing_is_measured(tmp_path: Path) -> None:
    with pytest.raises(LiangmingError) as caught:
        evaluated(tmp_path, Shelf(tmp_path / "none"))
    assert caught.value.code is NO_MODELS


def test_the_command_prints_figures_for_a_machine(tmp_path: Path) -> None:
    done = CliRunner(env={"LIANGMING_DATA": str(tmp_path)}).invoke(
        app, ["edge", "models", "list", "--json"]
    )
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"models": []})
