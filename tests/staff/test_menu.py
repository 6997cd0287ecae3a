"""The menu: each role sees what is for it, and what it sees opens."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("role", ["clerk", "officer"])
def test_what_a_role_sees_in_the_menu_opens_for_it(server, person, role: str):
    _, link = server.invited(role)
    someone = person()
    someone.enrol(link)
    someone.train(role)
    someone.page.goto("/staff/")
    shown = someone.page.locator(".menu-side a").evaluate_all("all => all.map(a => a.pathname)")
    cards = someone.page.locator("main a.card").evaluate_all("all => all.map(a => a.pathname)")
    assert shown == ["/staff/", *cards]
    assert len(set(shown)) == len(shown)
    for where in shown:
        assert someone.page.goto(where).status == 200
        assert someone.page.url == server.base + where  # not sent elsewhere to sign in
