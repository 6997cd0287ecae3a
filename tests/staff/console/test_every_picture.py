"""No page without a picture: the addresses and templates of the house against the table of pictures."""

from __future__ import annotations

from typing import Any

from tests.web.test_pictures import ROOT, table

from liangming.edge.agent.server import Door
from liangming.edge.station.server import StationDoor

from .conftest import Figures

TEMPLATES = ROOT / "src" / "liangming" / "web" / "templates"


def test_every_address_that_shows_a_page_has_a_picture(figures: Figures):
    pictures, left_out, _ = table()
    taken = {each.of for each in pictures} | {of for each in pictures for of in each.also}
    offered = set(figures.offered)
    assert sorted(offered - taken - set(left_out)) == []
    assert sorted(set(left_out) - offered) == []  # no reason for what is not there
    assert sorted(set(left_out) & taken) == []
    of_the_house = {each.of for each in pictures if each.door in {"demo", "staff", "console"}}
    assert sorted(of_the_house - offered) == ["nowhere"]  # the page of any other address


def test_every_screen_of_a_machine_and_a_station_has_a_picture():
    pictures, _, left_out = table()
    nobody: Any = None
    routes = [*Door(nobody).app().routes, *StationDoor(nobody, nobody).app().routes]
    screens = {route.path for route in routes}
    doors = {"machine", "kiosk", "vending", "station"}
    taken = {each.of for each in pictures if each.door in doors}
    assert sorted(screens - taken - set(left_out)) == []
    assert sorted(set(left_out) - screens) == []


def test_every_template_that_is_a_page_has_a_picture():
    pictures, _, _ = table()
    pages = set()
    for file in TEMPLATES.rglob("*.html"):
        name = str(file.relative_to(TEMPLATES))
        if "{% extends" in file.read_text("utf-8") and not name.endswith(
            ("/base.html", "/base_reauthenticate.html")
        ):
            pages.add(name)
    assert {each.shows for each in pictures if each.shows} == pages
