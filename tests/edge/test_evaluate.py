"""The harness on folders that a test makes, through the real code with small nets."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.edge.test_models import stocked
from typer.testing import CliRunner

from liangming.cli.main import app
from liangming.edge.measure.folders import NO_MODELS, evaluate_folder
from liangming.edge.measure.table import FOLDER_UNFIT
from liangming.edge.models.shelf import Shelf
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Mood, head_of, held
from liangming.errors import LiangmingError


def picture(path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    head = head_of(rng)
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
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "pairs.csv").write_text(
        "one,other,same\n1.png,1.png,1\n2.png,2.png,1\n1.png,2.png,0\n1.png,broken.png,0\n"
    )
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    pairs = told.all
    assert (pairs.false_non_matches.count, pairs.false_non_matches.total) == (0, 2)
    assert (pairs.false_matches.total, pairs.unusable, pairs.pictures) == (1, 1, 2)
    assert told.cases == ()


def test_each_case_stands_apart_and_pairs_that_share_a_picture_count_less(
    tmp_path: Path, shelf: Shelf
) -> None:
    for seed in (1, 2, 3, 4):
        picture(tmp_path / f"{seed}.png", seed)
    rows = [f"{a}.png,{b}.png,0,clean" for a in range(1, 5) for b in range(1, 5) if a != b]
    rows += ["1.png,1.png,1,card-photo", "1.png,2.png,1,card-photo", "2.png,2.png,1,clean"]
    (tmp_path / "pairs.csv").write_text("one,other,same,case\n" + "\n".join(rows) + "\n")
    told = evaluated(tmp_path, shelf).pairs
    assert told is not None
    by_name = {case.name: case for case in told.cases}
    clean, card = by_name["clean"], by_name["card-photo"]
    assert (clean.false_matches.total, clean.cautious_false_matches.total) == (12, 2)
    assert clean.cautious_false_matches.low < clean.false_matches.low
    assert (card.false_non_matches.total, card.false_matches.total) == (2, 0)
    assert (told.all.false_non_matches.total, told.all.false_matches.total) == (3, 12)
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


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("pairs.csv", "a,b\n", "pairs.csv:1"),
        ("pairs.csv", "one,other,same\nx.png,x.png,2\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\nmissing.png,x.png,1\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\n../../etc/passwd,x.png,1\n", "pairs.csv:2"),
        ("pairs.csv", "one,other,same\nx.png\n", "pairs.csv:2"),
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


def test_without_models_nothing_is_measured(tmp_path: Path) -> None:
    with pytest.raises(LiangmingError) as caught:
        evaluated(tmp_path, Shelf(tmp_path / "none"))
    assert caught.value.code is NO_MODELS


def test_the_command_prints_figures_for_a_machine(tmp_path: Path) -> None:
    done = CliRunner(env={"LIANGMING_DATA": str(tmp_path)}).invoke(
        app, ["edge", "models", "list", "--json"]
    )
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"models": []})
