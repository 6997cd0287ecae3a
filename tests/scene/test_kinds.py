from __future__ import annotations

import pytest

from liangming.law import CORPUS
from liangming.law.words import Method, Question, SceneKind
from liangming.rules import Allowed, Refused, Undetermined, decide
from liangming.scene import FIELDS, KINDS, Way, published_order
from liangming.scene.kinds import may_collect

from .places import TODAY


def test_every_kind_has_its_character():
    assert set(KINDS) == set(SceneKind)


@pytest.mark.parametrize("kind", SceneKind)
def test_each_kind_cites_articles_that_are_in_force(kind):
    assert all(TODAY in CORPUS.articles[article].force for article in KINDS[kind].sources)


@pytest.mark.parametrize("kind", SceneKind)
def test_each_kind_has_a_way_for_everyone_with_neither_face_nor_phone(kind):
    plain = [m for m in KINDS[kind].open_to_all if not m.needs_smartphone and not m.is_face]
    assert plain
    assert KINDS[kind].open_to_all <= set(KINDS[kind].methods)


@pytest.mark.parametrize("kind", SceneKind)
def test_each_kind_collects_known_fields_only_and_a_face_only_with_a_face_way(kind):
    assert may_collect(kind, tuple(Method)) <= set(FIELDS)
    assert "face" not in may_collect(kind, (Method.DOCUMENT_SEEN, Method.CASH))


def test_a_copy_of_a_document_is_kept_for_an_organisation_only():
    with_organisation = may_collect(SceneKind.SEND_COUNTER, (Method.ORGANISATION,))
    assert "document_image" in with_organisation
    assert "document_image" not in may_collect(SceneKind.SEND_COUNTER, (Method.DOCUMENT_SEEN,))


@pytest.mark.parametrize("kind", SceneKind)
def test_the_table_agrees_with_the_law_on_whether_and_on_which_ground_identity_is_asked(kind):
    facts = {
        "kind": kind.value,
        "channel": KINDS[kind].channel.value,
        "letter": kind is SceneKind.SEND_LETTER,
        "agreement_signed": kind is SceneKind.SEND_AGREEMENT,
        "organisation": False,
        "for_another": False,
        "handed_over_unseen": False,
        "returning": False,
        "verified_at_order": False,
    }
    verdict = decide(CORPUS, Question.ASK, facts, on=TODAY)
    match verdict:
        case Allowed():
            assert KINDS[kind].ground.value in verdict.grounds
            shows = verdict.demands.get("show", "nothing") != "nothing"
            assert shows is KINDS[kind].registers
        case Refused():
            assert KINDS[kind].asks is False
        case Undetermined():
            # the hotels' own registration duty is not among the verified texts: open, not guessed
            assert kind is SceneKind.ENTRANCE_HOTEL


def test_the_published_order_ends_with_the_face_whatever_was_written():
    ways = [Way(method=method) for method in reversed(Method)]
    assert [way.method for way in published_order(ways)] == list(Method)
    assert published_order(ways)[-1].method is Method.FACE
