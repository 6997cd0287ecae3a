"""Every page of the menu, for every role: what one sees opens, and what another sees does not."""

from __future__ import annotations

import re

import pytest

from liangming.governance.training import needed
from liangming.web.staff.roles import Role

from .conftest import Figures

ROLES = [role.value for role in Role]


@pytest.fixture(scope="module")
def seen(figures: Figures) -> dict[str, set[str]]:
    """By role, the addresses in its menu."""
    found = {}
    for role in ROLES:
        with figures.as_(role) as http:
            for course in needed(role):
                right = {f"q{n}": question.right for n, question in enumerate(course.questions)}
                http.post(f"/desk/training/{course.id}", data=right)
            text = http.get("/staff/").text
        found[role] = set(re.findall(r'<a class="card" href="([^"]+)"', text))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_those_who_see_it_and_for_nobody_else(
    figures: Figures, seen: dict[str, set[str]], role: str
):
    every = set().union(*seen.values())
    assert len(every) >= 15
    with figures.as_(role) as http:
        for where in sorted(every):
            answer = http.get(where)
            if where in seen[role]:
                assert answer.status_code == 200, where
            else:
                assert answer.status_code in {302, 401, 403, 404}, where
                assert "/staff/login/" not in answer.headers.get("location", ""), where


def test_each_role_has_what_it_is_for_and_an_inspector_little(seen: dict[str, set[str]]):
    own = {"/staff/keys/", "/staff/sessions/"}
    assert all(own <= addresses for addresses in seen.values())
    assert seen["inspector"] == {*own, "/staff/inspection/"}
    assert "/staff/console/" in seen["officer"]
    assert "/staff/people/" in seen["administrator"]
    assert "/staff/people/" not in seen["officer"]
