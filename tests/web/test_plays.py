"""The incidents, played on the real house."""

from __future__ import annotations

import subprocess
import sys

import pytest

from liangming.web.plays import ALL, STORIES

from .conftest import Site


@pytest.mark.parametrize("player", ALL, ids=[story.incident for story, _ in STORIES])
def test_an_incident_ends_as_it_must_and_can_be_played_again(site: Site, player):
    played = [site.run(player(site.house)) for _ in range(2)]
    assert [(play.held, bool(play.steps), bool(play.citations)) for play in played] == [
        (True, True, True)
    ] * 2


def test_every_citation_of_a_play_is_an_article_of_the_corpus(site: Site):
    plays = [site.run(player(site.house)) for player in ALL]
    cited = {citation for play in plays for citation in play.citations}
    assert cited - set(site.house.corpus.articles) == set()


def test_plays_are_read_without_loading_django():
    program = "import sys, liangming.web.plays; print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
