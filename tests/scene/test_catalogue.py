from __future__ import annotations

from datetime import date, timedelta

import pytest

from liangming.errors import Misuse, Refusal
from liangming.scene import Result, SceneCatalogue, check_files

from .places import LAWFUL, TODAY, UNLAWFUL


def test_lawful_scenes_are_live_by_id():
    catalogue = SceneCatalogue.load([LAWFUL], TODAY)
    assert catalogue.refused == ()
    assert len(catalogue) == 17
    assert catalogue["shili-counter"].outlet.id == "xuhui-1"
    assert catalogue.find("shili-counter") is catalogue["shili-counter"]


def test_an_unlawful_scene_is_not_live_and_tells_why():
    catalogue = SceneCatalogue.load([UNLAWFUL / "face-first.toml"], TODAY)
    assert list(catalogue) == ["yangpin-metro"]
    with pytest.raises(Refusal) as caught:
        catalogue.find("yangpin-campus")
    assert caught.value.code.name == "scene.unlawful"
    assert caught.value.citations[0] == "face.12"
    assert [each.scene.id for each in catalogue.refused] == ["yangpin-campus"]


def test_an_unknown_scene_is_absent():
    with pytest.raises(Misuse) as caught:
        SceneCatalogue.load([LAWFUL], TODAY).find("nowhere")
    assert caught.value.code.name == "scene.unknown"


def test_a_catalogue_cannot_be_changed():
    catalogue = SceneCatalogue.load([LAWFUL], TODAY)
    with pytest.raises(TypeError):
        catalogue["x"] = catalogue["shili-counter"]  # type: ignore[index]


def test_a_scene_goes_off_when_its_assessment_runs_out():
    last_day = date(2026, 10, 19)
    catalogue = SceneCatalogue.load([UNLAWFUL / "assessment-run-out.toml"], last_day)
    later = catalogue.again(last_day + timedelta(days=1))
    assert "shili-garden-east" in catalogue
    assert set(catalogue) - set(later) == {"shili-garden-east"}


def test_the_examples_do_not_age():
    catalogue = SceneCatalogue.load([LAWFUL], TODAY)
    later = catalogue.again(date(2056, 5, 1))
    assert set(later) == set(catalogue)


def test_one_id_in_two_files_makes_neither_live(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes((LAWFUL / "sports.toml").read_bytes())
    catalogue = SceneCatalogue.load([tmp_path], TODAY)
    assert list(catalogue) == []
    assert [fault.code.name for fault in catalogue.report.faults] == ["scene.duplicate-id"]
    assert catalogue.report.faults[0].file.endswith("b.toml")


def test_an_operator_told_in_two_ways_is_a_fault(tmp_path):
    text = (LAWFUL / "sports.toml").read_text("utf-8")
    (tmp_path / "a.toml").write_text(text, "utf-8")
    other = text.replace("400-000-0004", "400-000-0099").replace("fanli-pool-gate", "second")
    (tmp_path / "b.toml").write_text(other, "utf-8")
    catalogue = SceneCatalogue.load([tmp_path], TODAY)
    assert [f.code.name for f in catalogue.report.faults] == ["scene.operator-differs"]
    assert list(catalogue) == ["fanli-pool-gate"]


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_judged(tmp_path):
    (tmp_path / "bad.toml").write_bytes(b"[operator\n")
    report = check_files([tmp_path / "bad.toml", LAWFUL / "sports.toml", tmp_path / "no"], TODAY)
    assert report.result is Result.UNREADABLE
    assert [f.code.name for f in report.faults] == ["scene.not-toml", "scene.unreadable-file"]
    assert [each.scene.id for each in report.lawful] == ["fanli-pool-gate"]


def test_a_folder_and_its_file_are_read_once(tmp_path):
    (tmp_path / "a.toml").write_bytes((LAWFUL / "sports.toml").read_bytes())
    report = check_files([tmp_path, tmp_path / "a.toml"], TODAY)
    assert report.result is Result.LAWFUL


def test_an_empty_folder_is_told_so(tmp_path):
    report = check_files([tmp_path], TODAY)
    assert [fault.code.name for fault in report.faults] == ["scene.unreadable-file"]


def test_nothing_at_all_is_no_lawful_answer():
    assert check_files([], TODAY).result is Result.UNREADABLE
