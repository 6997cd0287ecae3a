from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.law import CORPUS
from liangming.law.facts import VOCABULARY
from liangming.law.words import Method, SceneKind
from liangming.rules import Corpus
from liangming.scene import (
    Assessment,
    Basis,
    FaceTerms,
    Kept,
    Lawful,
    Text,
    Unlawful,
    Way,
    check_files,
    judge,
    judge_one,
)
from liangming.scene.kinds import KINDS
from liangming.scene.situation import PLACES, situation

from .places import LAWFUL, TODAY

SCENES = tuple(each.scene for each in check_files([LAWFUL], TODAY).lawful)
BY_ID = {scene.id: scene for scene in SCENES}
FACE_TERMS = FaceTerms(
    assessment=Assessment(
        id="PIA", approved_on=TODAY, approved_by="个人信息保护负责人", valid_until=TODAY
    ),
    sign_displayed=True,
)


def alone(scene):
    return judge_one(replace(scene, channel_reason=""), TODAY)


def codes(judgement):
    assert isinstance(judgement, Unlawful)
    return {problem.code for problem in judgement.problems}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.id)
def test_every_fact_of_a_scene_is_given_and_well_typed(scene):
    facts = VOCABULARY.checked(situation(scene, None, TODAY))
    assert [name for name, value in facts.items() if value is None] == []


def test_every_fact_that_a_bar_reads_has_its_place_in_the_file():
    said = set(situation(SCENES[0], None, TODAY))
    placeless = {"kind", "channel", "province"}
    assert said - set(PLACES) == placeless
    rules = CORPUS.in_force("configure", TODAY)
    assert {fact for rule in rules for fact in rule.when.facts()} <= said


def test_an_empty_corpus_lets_no_scene_live():
    silent = Corpus(VOCABULARY, ())
    for judgement in judge(SCENES, TODAY, silent):
        assert "scene.undetermined" in codes(judgement)


@pytest.mark.parametrize("day", CORPUS.days_around_changes())
def test_on_every_day_around_a_change_each_scene_is_judged_without_error(day):
    for judgement in judge(SCENES, day):
        assert isinstance(judgement, Lawful | Unlawful)


@pytest.mark.parametrize("day", CORPUS.days_around_changes())
def test_on_no_day_ever_is_a_face_only_scene_lawful(day):
    faces = [replace(s, ways=(Way(method=Method.FACE),)) for s in SCENES if s.face]
    assert [j for j in judge(faces, day) if isinstance(j, Lawful)] == []


def test_a_lawful_scene_names_its_ground_and_articles():
    judgement = alone(BY_ID["shili-counter"])
    assert isinstance(judgement, Lawful)
    assert "statutory-duty" in judgement.grounds
    assert "courier.23" in {citation.id for citation in judgement.citations}


def test_a_judgement_is_no_truth_value():
    with pytest.raises(TypeError):
        bool(alone(BY_ID["shili-counter"]))


def test_a_letter_or_an_agreement_sender_is_never_asked_for_a_face():
    letter = BY_ID["shili-letter"]
    scene = replace(letter, ways=(*letter.ways, Way(method=Method.FACE)), face=FACE_TERMS)
    assert "scene.face-unnecessary" in codes(alone(scene))


def test_emphasis_on_a_way_that_is_no_face_is_a_rule_of_the_house_and_says_so():
    metro = BY_ID["yangpin-metro"]
    louder = replace(metro.ways[0], emphasised=True)
    judgement = alone(replace(metro, ways=(louder, *metro.ways[1:])))
    assert isinstance(judgement, Unlawful)
    assert [(p.code, p.basis) for p in judgement.problems] == [("scene.unequal-ways", Basis.HOUSE)]


def test_bait_on_a_banner_matters_where_a_face_is_offered_and_only_there():
    banner = (Text("最快半小时送达", "Delivered fast"),)
    assert isinstance(alone(replace(BY_ID["yangpin-metro"], texts=banner)), Lawful)
    assert "scene.bait-words" in codes(alone(replace(BY_ID["yangpin-campus"], texts=banner)))


_Mutation = st.sampled_from(["only", "first", "preselected", "emphasised", "rewarded", "all-phone"])
_HOSTS = [s for s in SCENES if Method.FACE in KINDS[s.kind].methods]


def _with_face(scene):
    if Method.FACE in scene.methods:
        return scene
    return replace(
        scene,
        ways=(*scene.ways, Way(method=Method.FACE)),
        face=FACE_TERMS,
        fields=(*scene.fields, "face"),
        retention=(*scene.retention, Kept(field="face", days=0, article="face.8")),
        withdrawal=Text("柜台", "counter"),
    )


def _coerce(scene, how):
    others = tuple(way for way in scene.ways if way.method is not Method.FACE)
    face = next(way for way in scene.ways if way.method is Method.FACE)
    match how:
        case "only":
            ways = (face,)
        case "first":
            ways = (face, *others)
        case "all-phone":
            ways = (*(way for way in others if way.method.needs_smartphone), face)
        case _:
            ways = (*others, replace(face, **{how: True}))
    return replace(scene, ways=ways)


@pytest.mark.parametrize("scene", _HOSTS, ids=lambda scene: scene.id)
def test_the_same_scene_with_a_last_and_equal_face_is_lawful(scene):
    assert isinstance(alone(_with_face(scene)), Lawful)


_SAYS = {
    "only": "scene.face-only",
    "first": "scene.face-first",
    "preselected": "scene.face-preselected",
    "emphasised": "scene.face-emphasised",
    "rewarded": "scene.face-rewarded",
    "all-phone": "scene.no-plain-way",
}


@pytest.mark.parametrize("scene", _HOSTS, ids=lambda scene: scene.id)
@pytest.mark.parametrize("how", _SAYS)
def test_each_coercion_alone_is_refused_for_what_it_is(scene, how):
    assert _SAYS[how] in codes(alone(_coerce(_with_face(scene), how)))


@settings(max_examples=300, deadline=None)
@given(
    scene=st.sampled_from(_HOSTS),
    hows=st.lists(_Mutation, min_size=1, max_size=3, unique=True),
    reason=st.sampled_from(["", "总部统一要求的书面理由，一共十几个字"]),
    help_=st.booleans(),
    more=st.lists(st.sampled_from(list(Method)), max_size=4, unique=True),
    day=st.sampled_from([TODAY, *CORPUS.days_around_changes()]),
)
def test_no_mutation_makes_a_coercive_scene_lawful(*, scene, hows, reason, help_, more, day):
    base = _with_face(replace(scene, channel_reason=reason, staff_help=help_))
    if not {"only", "all-phone"} & set(hows):
        extra = tuple(Way(method=m) for m in more if m not in base.methods)
        base = replace(base, ways=(*base.ways, *extra))
    for how in hows:
        base = _coerce(base, how)
    (judgement,) = judge([base], day)
    assert isinstance(judgement, Unlawful)
    assert judgement.problems != ()


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(SceneKind),
    methods=st.lists(st.sampled_from(list(Method)), max_size=6, unique=True),
    flags=st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=6, max_size=6),
)
def test_a_lawful_scene_always_leaves_a_plain_way_and_puts_the_face_last_and_quiet(
    kind, methods, flags
):
    ways = tuple(
        Way(method=m, preselected=p, emphasised=e and p, rewarded=r and p and e)
        for m, (p, e, r) in zip(methods, flags, strict=False)
    )
    base = _with_face(replace(BY_ID["yangli-locker-send"], kind=kind, notice=KINDS[kind].notice))
    fields = tuple(KINDS[kind].necessary) + (("face",) if Method.FACE in methods else ())
    kept = tuple(Kept(field=f, days=0, article="pipl.19") for f in fields)
    scene = replace(base, ways=ways, fields=fields, retention=kept)
    if isinstance(alone(scene), Unlawful):
        return
    assert any(not m.is_face and not m.needs_smartphone for m in methods)
    assert Method.FACE not in methods or methods[-1] is Method.FACE
    assert not any(way.preselected or way.emphasised or way.rewarded for way in ways)
