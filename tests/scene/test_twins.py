"""Every lawful example has unlawful twins that differ by one thing, each refused for that thing."""

from __future__ import annotations

import difflib
from typing import NamedTuple

import pytest

from liangming.law import CORPUS
from liangming.law.words import SceneKind
from liangming.scene import Result, check_files

from .places import LAWFUL, TODAY, UNLAWFUL

POOL, GARDEN, HOTEL, METRO = (
    "fanli-pool-gate",
    "shili-garden-east",
    "yangli-hotel-desk",
    "yangpin-metro",
)
CAMPUS, SEND, COLLECT = "yangpin-campus", "yangli-locker-send", "yangli-locker-collect"


class Says(NamedTuple):
    scene: str
    code: str
    line: int
    article: str  # the first cited; empty for a rule of the house alone
    basis: str = "law"


TWINS = {
    "all-phone-with-face": ("vending", Says(CAMPUS, "no-plain-way", 35, "face.10")),
    "all-phone": ("vending", Says(METRO, "no-plain-way", 25, "pipl.6")),
    "assessment-after-going-live": ("property", Says(GARDEN, "assessment-missing", 26, "face.9")),
    "assessment-missing": ("vending", Says(CAMPUS, "assessment-missing", 42, "face.9")),
    "assessment-run-out": ("property", Says(GARDEN, "assessment-missing", 26, "face.9")),
    "bait-in-english": ("culture", Says("yangben-museum-gate", "bait-words", 22, "face.12")),
    "bait-in-label": ("property", Says(GARDEN, "bait-words", 19, "face.12")),
    "bait-in-text": ("locker-face", Says(SEND, "bait-words", 28, "face.12")),
    "birthday-collected": ("hotel", Says(HOTEL, "extra-fields", 25, "pipl.6")),
    "complaint-missing": ("sports", Says(POOL, "complaint-missing", 3, "netdata.20")),
    "contact-missing": ("sports", Says(POOL, "contact-missing", 6, "pipl.17")),
    "face-emphasised": ("property", Says(GARDEN, "face-emphasised", 19, "face.12")),
    "face-first": ("vending", Says(CAMPUS, "face-first", 35, "face.12")),
    "face-in-the-middle": ("vending", Says(CAMPUS, "face-not-last", 35, "face.10", "house")),
    "face-kept-too-long": ("property", Says(GARDEN, "face-kept-too-long", 23, "pipl.19")),
    "face-leaves-device": ("vending", Says(CAMPUS, "face-leaves-device", 45, "face.8")),
    "face-only-locker": (
        "locker-face",
        Says(COLLECT, "face-only", 46, "face.10"),
        Says(COLLECT, "no-plain-way", 46, "face.10"),
        Says(COLLECT, "face-first", 46, "face.12"),
    ),
    "face-only": (
        "property",
        Says(GARDEN, "property-face-only", 19, "spc.10"),
        Says(GARDEN, "face-only", 19, "face.10"),
        Says(GARDEN, "no-plain-way", 19, "face.10"),
        Says(GARDEN, "face-first", 19, "face.12"),
        Says(GARDEN, "face-only-entrance", 19, "shanghai.23"),
    ),
    "face-preselected": ("property", Says(GARDEN, "face-preselected", 19, "face.12")),
    "face-retention-missing": ("vending", Says(CAMPUS, "retention-missing", 38, "pipl.17")),
    "face-rewarded": ("property", Says(GARDEN, "face-rewarded", 19, "face.12")),
    "guest-kept-too-long": ("hotel", Says(HOTEL, "identity-kept-too-long", 22, "pipl.19")),
    "identity-at-gym": (
        "sports",
        Says(POOL, "identity-not-necessary", 20, "pipl.6"),
        Says(POOL, "extra-fields", 20, "pipl.6"),
    ),
    "identity-at-vending": (
        "vending",
        Says(METRO, "identity-not-necessary", 25, "pipl.6"),
        Says(METRO, "way-does-not-fit", 25, "", "house"),
    ),
    "longer-at-the-door": (
        "express",
        Says("shili-counter", "unequal-channels", 26, "pipl.6"),
        Says("shili-doorstep", "unequal-channels", 50, "pipl.6"),
    ),
    "notice-missing": ("hotel", Says(HOTEL, "notice-missing", 18, "pipl.17")),
    "notice-of-another-kind": (
        "hotel",
        Says(HOTEL, "notice-of-another-kind", 18, "pipl.17", "house"),
    ),
    "one-to-many": ("property", Says(GARDEN, "one-to-many", 28, "pipl.6")),
    "only-for-known-senders": ("locker-face", Says(SEND, "no-plain-way", 20, "face.10")),
    "other-way-preselected": ("vending", Says(METRO, "unequal-ways", 25, "", "house")),
    "phone-forced": ("retail", Says("fanli-mart-gate", "phone-forced", 20, "pipl.16")),
    "private-space": ("property", Says(GARDEN, "private-space", 28, "face.13")),
    "purpose-missing": ("sports", Says(POOL, "purpose-missing", 17, "pipl.6")),
    "purpose-only-service": ("sports", Says(POOL, "purpose-only-service", 17, "pipl.6")),
    "reason-that-is-none": ("express", Says("shili-locker", "unequal-channels", 74, "pipl.6")),
    "retention-by-unknown-article": (
        "hotel",
        Says(HOTEL, "retention-article-unknown", 24, "", "house"),
    ),
    "retention-missing": ("hotel", Says(HOTEL, "retention-missing", 22, "pipl.17")),
    "sender-kept-too-long": ("locker-face", Says(SEND, "identity-kept-too-long", 32, "pipl.19")),
    "sender-not-registered": ("locker-face", Says(SEND, "duty-unmet", 31, "courier.23", "house")),
    "sign-missing": ("property", Says(GARDEN, "sign-missing", 27, "pipl.26")),
    "unequal-channels": ("express", Says("shili-locker", "unequal-channels", 74, "pipl.6")),
    "way-does-not-fit": ("retail", Says("fanli-mart-gate", "way-does-not-fit", 18, "", "house")),
    "withdrawal-missing": ("property", Says(GARDEN, "withdrawal-missing", 14, "pipl.15")),
}


def test_every_example_is_lawful_together_with_all_others():
    report = check_files([LAWFUL], TODAY)
    assert report.problems == ()
    assert report.result is Result.LAWFUL


@pytest.mark.parametrize("file", sorted(LAWFUL.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_lawful_alone(file):
    report = check_files([file], TODAY)
    assert (report.faults, report.problems) == ((), ())


def test_the_examples_cover_every_kind_of_scene():
    report = check_files([LAWFUL], TODAY)
    assert {each.scene.kind for each in report.lawful} == set(SceneKind)


def test_some_examples_offer_a_face_and_some_do_not():
    offers = {"face" in each.scene.methods for each in check_files([LAWFUL], TODAY).lawful}
    assert offers == {True, False}


def test_every_twin_is_in_the_table():
    assert {path.stem for path in UNLAWFUL.glob("*.toml")} == set(TWINS)


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_is_refused_for_its_one_difference(name):
    report = check_files([UNLAWFUL / f"{name}.toml"], TODAY)
    found = tuple(
        Says(
            problem.scene,
            problem.code.removeprefix("scene."),
            problem.line,
            problem.citations[0].id if problem.citations else "",
            problem.basis.value,
        )
        for problem in report.problems
    )
    assert (report.faults, found) == ((), TWINS[name][1:])


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_differs_from_its_lawful_example_in_one_place(name):
    lawful = (LAWFUL / f"{TWINS[name][0]}.toml").read_text("utf-8").splitlines()
    twin = (UNLAWFUL / f"{name}.toml").read_text("utf-8").splitlines()
    matcher = difflib.SequenceMatcher(None, lawful, twin, autojunk=False)
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    assert len(changed) == 1


@pytest.mark.parametrize("name", TWINS)
def test_a_problem_says_what_why_and_how_to_mend_in_both_languages(name):
    for problem in check_files([UNLAWFUL / f"{name}.toml"], TODAY).problems:
        assert all((problem.says.zh, problem.says.en, problem.mend.zh, problem.mend.en))
        for citation in problem.citations:
            article = CORPUS.articles[citation.id]
            assert (citation.number, citation.grade) == (article.number, article.grade)
            assert TODAY in article.force


def test_a_report_for_machines_names_line_reason_article_and_mend():
    report = check_files([UNLAWFUL / "face-first.toml"], TODAY).as_dict()
    campus = report["scenes"][1]
    problem = campus["problems"][0]
    assert report["result"] == "unlawful"
    assert (campus["id"], campus["line"]) == (CAMPUS, 30)
    assert (problem["code"], problem["line"], problem["field"]) == (
        "scene.face-first",
        35,
        "ways[0]",
    )
    assert problem["citations"][0] == {
        "id": "face.12",
        "zh": CORPUS.instruments["face"].zh,
        "en": CORPUS.instruments["face"].en,
        "number": "第十二条",
        "grade": "B",
        "rank": "rule",
    }
