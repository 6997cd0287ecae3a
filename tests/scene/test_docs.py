from __future__ import annotations

import re
from pathlib import Path

import pytest

import liangming.scene.faults
from liangming.errors import Code
from liangming.law.words import Channel, Method, SceneKind
from liangming.scene import FIELDS, Lawful, house, judge, lawfulness, load, load_scene_file

from .places import TODAY

SPEC = (Path(__file__).parents[2] / "docs" / "spec" / "scene.md").read_text("utf-8")
CODES = [c.name for c in vars(liangming.scene.faults).values() if isinstance(c, Code)]
KEYS = {
    key
    for keys in (
        load.FILE_KEYS,
        load.OPERATOR_KEYS,
        load.OUTLET_KEYS,
        load.SCENE_KEYS,
        load.WAY_KEYS,
        load.KEPT_KEYS,
        load.FACE_KEYS,
        load.ASSESSMENT_KEYS,
    )
    for key in keys
}


@pytest.mark.parametrize("word", sorted({*KEYS, *CODES, *FIELDS, *Method, *SceneKind, *Channel}))
def test_every_key_code_field_method_kind_and_channel_is_in_the_spec(word):
    assert re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", SPEC)


def test_every_reason_of_the_house_is_in_the_spec():
    source = Path(house.__file__).read_text("utf-8") + Path(lawfulness.__file__).read_text("utf-8")
    reasons = set(re.findall(r'"(scene\.[a-z-]+)"', source))
    by_law_too = {"scene.face-only", "scene.no-plain-way", "scene.one-to-many"}
    assert reasons - by_law_too <= set(re.findall(r"scene\.[a-z-]+", SPEC))
    assert by_law_too <= reasons


def test_the_example_of_the_spec_is_read_and_lawful():
    (example,) = re.findall(r"```toml\n(.*?)```", SPEC, re.DOTALL)
    (judgement,) = judge(load_scene_file(example.encode(), "spec"), TODAY)
    assert isinstance(judgement, Lawful)
