"""The same accounts in PostgreSQL, beside the store's tables in one database."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.postgres_cluster import Cluster, postgres_cluster

from .conftest import OPERATOR, pool, started

__all__ = ["postgres_cluster"]
pytestmark = [pytest.mark.browser, pytest.mark.postgres]


def test_staff_enrol_work_and_are_signed_out_with_their_tables_in_postgresql(
    person, postgres_cluster: Cluster, tmp_path
):
    # In a thread: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as aside:
        database = aside.submit(postgres_cluster.database).result()
    try:
        with started(tmp_path, database=database) as server:
            assert not (tmp_path / "staff.sqlite3").exists()
            wanted = [f"administrator:{OPERATOR}"] * 2
            [(_, _, _, one), (_, _, _, two)] = pool(server.environment, wanted)
            first, second = person(base=server.base), person(base=server.base)
            first.enrol(one)
            second.enrol(two)
            first.train("administrator")
            second.train("administrator")
            first.page.goto("/staff/people/")
            first.page.fill("#whom", "officer-one")
            first.page.fill("#name", "示例")
            first.page.select_option("#role", "officer")
            first.tap("button[value=invite]")
            second.page.goto("/staff/people/")
            second.tap("li:has-text('officer-one') button[value=agree]")
            second.page.fill("#whom", "clerk-one")
            second.page.fill("#name", "𠮷·示例")
            second.page.select_option("#role", "clerk")
            second.tap("button[value=invite]")
            link = re.search(r"/staff/enrol/\S+", second.text())
            assert link is not None

            clerk = person(base=server.base)
            clerk.enrol(link[0])
            clerk.train("clerk")
            assert clerk.page.goto("/desk/at/shili-counter").status == 200
            clerk.page.goto("/staff/sessions/")
            assert clerk.page.locator("tbody tr").count() == 1
            clerk.context.clear_cookies()
            clerk.sign_in()
            assert clerk.page.goto("/desk/at/shili-counter").status == 200
            first.page.goto("/staff/people/")
            first.page.click("li:has-text('clerk-one') summary")
            first.tap("li:has-text('clerk-one') button[value=end]")
            assert clerk.page.goto("/desk/at/shili-counter").status == 401
            names = first.page.locator("main code").all_inner_texts()
            assert {"officer-one", "clerk-one"} <= set(names)
    finally:
        with ThreadPoolExecutor(1) as aside:
            aside.submit(postgres_cluster.drop, database).result()
