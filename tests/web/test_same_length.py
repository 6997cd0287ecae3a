"""No way is longer than another: the same taps, pages and fields, but for the consent a face needs."""

from __future__ import annotations

import re

import pytest

from .test_doors import choose

FIELD = re.compile(r'<(?:input(?! type="hidden")|select|textarea)\b')
WAYS = re.compile(r'name="way" value="([^"]+)"')


def steps(http, scene: str, way: str) -> list[str]:
    """The pages between a choice and the moment to show what was chosen."""
    pages, path = [], choose(http, way, f"/s/{scene}")
    while path:
        answer = http.get(path)
        path = answer.headers.get("location", "")
        if answer.status_code == 200:
            pages.append(answer.text)
            if "/consent" in str(answer.url):
                path = http.post(str(answer.url), data={"answer": "yes"}).headers["location"]
    return pages


@pytest.mark.parametrize("scene", ["shili-counter", "yangli-locker-send", "yangpin-campus"])
def test_every_way_of_a_scene_has_as_many_taps_pages_and_fields(http, scene):
    ways = WAYS.findall(http.get(f"/s/{scene}").text)
    assert len(ways) > 2
    for way in ways:
        pages = steps(http, scene, way)
        assert len(pages) == (2 if way == "face" else 1), way
        assert [FIELD.findall(page.partition("<main>")[2]) for page in pages] == [[]] * len(pages)
