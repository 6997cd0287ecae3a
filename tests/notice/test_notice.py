"""Every notice says everything the law asks for, in both languages, and cannot be changed in place."""

import hashlib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from liangming.notice import FACE, ItemKind, compose, families
from liangming.scene import Scene, SceneCatalogue

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "scenes"
SCENES = list(SceneCatalogue.load([EXAMPLES], date(2026, 11, 24)).values())

# A published wording never changes: a better sentence is a new file with the next number.
PUBLISHED = {
    name: digest
    for digest, name in (
        line.split() for line in (Path(__file__).parent / "published.txt").read_text().splitlines()
    )
}


def test_published_wordings_are_immutable() -> None:
    folder = resources.files("liangming.notice.wording")
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    assert found == PUBLISHED


@pytest.mark.parametrize("family", sorted(families()))
def test_a_wording_has_every_item_in_both_languages(family: str) -> None:
    wording = families()[family]
    assert list(wording.zh) == list(wording.en) == [kind.value for kind in ItemKind]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.id)
def test_a_scene_s_notice_names_processor_purpose_retention_and_rights(scene: Scene) -> None:
    notice = compose(scene)
    said = {item.kind: item.zh for item in notice.items}
    assert scene.operator.name.zh in said[ItemKind.WHO]
    assert scene.operator.contact.zh in said[ItemKind.WHO]
    assert scene.purpose.zh in said[ItemKind.WHY]
    for kept in scene.retention:
        if kept.field != "face" and kept.days:
            assert f"{kept.days} 天" in said[ItemKind.KEPT]
    assert "{" not in "".join(item.zh + item.en for item in notice.items)


@pytest.mark.parametrize("scene", [s for s in SCENES if s.face], ids=lambda scene: scene.id)
def test_the_face_notice_says_that_it_is_not_needed_and_that_no_costs_nothing(
    scene: Scene,
) -> None:
    said = {item.kind: item.zh for item in compose(scene, FACE).items}
    assert "不是必需" in said[ItemKind.NEED]
    assert "价格、速度和服务都一样" in said[ItemKind.CHOICE]
    assert "不上传" in said[ItemKind.WHAT]


def test_a_digest_changes_with_any_fact_of_the_scene() -> None:
    digests = {compose(scene).digest for scene in SCENES}
    assert len(digests) == len(SCENES)
