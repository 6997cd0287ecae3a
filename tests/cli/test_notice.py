"""``liangming notice``: two keys, two people, a day that has not begun."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.cli.test_duties import code_of, run, station  # noqa: F401  (a fixture)

from liangming.clock import SystemClock, china_date


def test_two_keys_bring_a_wording_into_force_from_the_command_line(station: Path):  # noqa: F811
    for name, person in (("a", "officer-a"), ("b", "officer-b"), ("c", "officer-a")):
        options = ("--person", person, "--role", "operator", "--out", f"{name}.key")
        made = run("packet", "approver", "new", *options)
        assert made.exit_code == 0, made.output
    tomorrow = china_date(SystemClock().now()) + timedelta(days=2)
    told = ("shili-express", "parcel-send", "--since", tomorrow.isoformat())
    made = run("notice", "draft", *told, "--as", "a.key")
    assert made.exit_code == 0, made.output
    number = made.stdout.strip()
    for key in ("a.key", "c.key"):  # the same person with another key is no second person
        assert code_of("notice", "approve", number, "--as", key) == "governance.notice-same-hands"
    assert run("notice", "approve", number, "--as", "b.key").exit_code == 0
    (state,) = json.loads(run("notice", "list", "--json").stdout)
    assert (state["state"], state["by"], state["approved_by"]) == (
        "approved",
        "officer-a",
        "officer-b",
    )
    again = (*told[:3], (tomorrow + timedelta(days=1)).isoformat(), "--change", "wording")
    (station / "bad.toml").write_text("[zh]\nwho = 1\n[en]\n", "utf-8")
    bad = ("notice", "draft", *again, "--as", "a.key", "--wording", "bad.toml")
    assert code_of(*bad) == "cli.wording-unreadable"
    (station / "bad.toml").write_text("[zh]\nwho = 'x'\n[en]\n", "utf-8")
    assert code_of(*bad) == "notice.item-missing"
    assert code_of("notice", "decline", number, "--as", "a.key") == "governance.notice-decided"
    assert code_of("notice", "draft", *told[:3], "x", "--as", "a.key") == "cli.day-unfit"
