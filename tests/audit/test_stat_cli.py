"""From a synthetic fleet on disk to a report, a watch and a score, as a user types it."""

import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON, event, table
from tests.audit.test_stat_report import content, empty
from tests.world import scene, world
from typer.testing import CliRunner

from liangming.audit.evidence import record
from liangming.audit.generate import files
from liangming.audit.generate.events import events
from liangming.audit.generate.world import Plan, make
from liangming.audit.report.content import gather
from liangming.audit.report.write import write
from liangming.audit.schema import EVENT_COLUMNS
from liangming.audit.watch import digest, encoded, facts, read, watched
from liangming.cli.main import app
from liangming.errors import LiangmingError, Misuse
from liangming.storage import open_docket

run = CliRunner().invoke


def test_events_are_canonical_and_follow_the_seed() -> None:
    plan = Plan(seed=2, outlets=100, contamination=0.3, median=40)
    first = list(events(make(plan)))
    assert [t.to_pydict() for t in events(make(plan))] == [t.to_pydict() for t in first]
    assert first[0].column_names == [column.name for column in EVENT_COLUMNS]
    for column in EVENT_COLUMNS:
        assert str(first[0].schema.field(column.name).type) == column.shape.value


def test_a_fleet_goes_through_the_whole_audit(tmp_path) -> None:
    bench, parts, out = (str(tmp_path / name) for name in ("bench", "parts", "out"))
    made = run(app, ["audit", "generate", "--to", bench, "--outlets", "100", "--seed", "5"])
    assert made.exit_code == 0, made.output
    assert run(app, ["audit", "run", f"{bench}/events", "--partials", parts]).exit_code == 0
    told = run(app, ["audit", "report", "--partials", parts, "--to", out, "--json"])
    assert told.exit_code == 0, told.output
    summary = json.loads(told.stdout)
    rows = sum(pq.read_metadata(p).num_rows for p in (tmp_path / "bench/events").iterdir())
    assert summary["checks"] == rows
    assert summary["not_testable"] == {}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "report.zh.html", "report.en.html", "report.zh.pdf", "report.en.pdf",
        "findings.parquet", "findings.csv", "shown.parquet", "shown.csv", "summary.json",
    }  # fmt: skip
    scored = run(app, ["audit", "score", bench, "--findings", f"{out}/findings.parquet", "--json"])
    assert json.loads(scored.stdout)["flagged"] <= summary["outlets_standing_out"]
    score = ["audit", "score", bench, "--json"]
    by_folder = run(app, [*score, "--findings", out])
    asked_now = run(app, [*score, "--partials", parts])
    assert by_folder.stdout == asked_now.stdout == scored.stdout
    watch = ["audit", "watch", "--partials", parts, "--to", str(tmp_path / "watch.json")]
    first, kept = run(app, watch), (tmp_path / "watch.json").read_bytes()
    again = run(app, watch)
    assert (first.exit_code, kept) == (again.exit_code, (tmp_path / "watch.json").read_bytes())
    assert "没有读成" not in first.stderr
    standing = json.loads(kept)["standing"]
    for one in standing[:20]:
        assert f"{one['outlet']}：{one['title'][0]}" in first.stdout
    assert first.stdout.count("新 new：") == min(len(standing), 20)


def test_who_looks_each_day_is_told_of_a_file_that_was_not_read(tmp_path) -> None:
    rows = [event(event=n, at=NOON + n) for n in range(30)]
    (tmp_path / "in").mkdir()
    pq.write_table(table(rows), tmp_path / "in" / "a.parquet")
    (tmp_path / "in" / "b.parquet").write_bytes(b"PAR1")
    parts = ["--partials", str(tmp_path / "parts")]
    assert run(app, ["audit", "run", str(tmp_path / "in"), *parts]).exit_code == 1
    looked = run(app, ["audit", "watch", *parts, "--to", str(tmp_path / "w.json")])
    assert looked.exit_code == 0
    assert "b.parquet" in looked.stderr


def test_cells_of_a_fleet_are_scored_beside_both_other_judges(tmp_path) -> None:
    bench = str(tmp_path / "bench")
    made = ["audit", "generate", "--to", bench, "--outlets", "300", "--cells"]
    assert run(app, made).exit_code == 0
    assert run(app, made).exit_code != 0  # never over files that are there
    scored = run(app, ["audit", "score", bench])
    assert scored.exit_code == 0, scored.output
    assert "oracle" in scored.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["generate", "--to", "x", "--outlets", "3"], "cli.audit-plan-unfit"),
        (["generate", "--to", "x", "--shape", "square"], "cli.audit-plan-unfit"),
        (["generate", "--to", "x", "--contamination", "nan"], "cli.audit-plan-unfit"),
        (["score", "nowhere"], "audit.benchmark-unreadable"),
        (["score", "--findings", "none.csv", "bench"], "audit.benchmark-unreadable"),
        (["score", "bench"], "cli.audit-score-of-what"),
        (["score", "bench", "--partials", "bench"], "cli.audit-score-of-what"),
        (["report", "--partials", "none", "--to", "x"], "audit.nothing-counted"),
        (["watch", "--partials", "none", "--to", "x.json"], "audit.nothing-counted"),
        (["report", "--partials", "none", "--level", "0.9"], "cli.audit-level-unfit"),
        (["watch", "--partials", "none", "--days", "0"], "cli.audit-level-unfit"),
    ],
)
def test_a_wrong_call_is_told_in_plain_words(given, code, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bench").mkdir()
    plan = Plan(seed=1, outlets=100, contamination=0.1)
    (tmp_path / "bench" / "plan.json").write_bytes(msgspec.json.encode(plan))
    done = run(app, ["audit", *given])
    assert isinstance(done.exception, Misuse)
    assert done.exception.code.name == code
    assert [path.name for path in tmp_path.iterdir()] == ["bench"]


@pytest.mark.parametrize("failure", [OSError(28, "full"), KeyboardInterrupt()])
def test_what_stops_a_benchmark_or_a_report_leaves_nothing_half(failure, tmp_path, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(files.pq, "write_table", stop)
        made = run(app, ["audit", "generate", "--to", str(tmp_path / "b"), "--outlets", "100"])
    assert list((tmp_path / "b").iterdir()) == []
    assert made.exit_code != 0
    if isinstance(failure, OSError):
        assert made.exception.code.name == "audit.benchmark-unwritable"
    else:
        assert made.exit_code == 130
        assert "Stopped" in made.stderr
    there = tmp_path / "report.zh.html"
    there.write_text("before", "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", stop)
        with pytest.raises((LiangmingError, KeyboardInterrupt)):
            write(content(whole_scene=False), tmp_path, press=None)
    assert there.read_text("utf-8") == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"b", "report.zh.html"}


def test_a_watch_says_what_is_new_what_stays_and_what_is_gone() -> None:
    made = content(whole_scene=False)
    first = watched(made, None)
    assert first.new == len(first.standing) > 0
    assert watched(made, first) == first  # the same day again changes nothing
    yesterday = type(first)(**{f: getattr(first, f) for f in first.__struct_fields__} | {
        "until": first.until - 1,
        "standing": tuple(
            type(one)(**{f: getattr(one, f) for f in one.__struct_fields__} | {"since": 1})
            for one in first.standing[1:]
        ),
    })  # fmt: skip
    today = watched(made, yesterday)
    assert today.new == 1
    assert {one.since for one in today.standing} == {1, today.until}
    calm = gather(made.here, empty().judged, (), made.read)
    assert watched(calm, yesterday).gone == yesterday.standing


def test_the_event_of_a_watch_fixes_the_bytes_of_its_file(tmp_path) -> None:
    result = watched(content(whole_scene=False), None)
    place = tmp_path / "watch.json"
    place.write_bytes(encoded(result))
    assert read(place) == result
    assert facts(result)["digest"] == digest(result)
    place.write_bytes(b"{}")
    with pytest.raises(Misuse):
        read(place)


async def test_a_watch_leaves_its_digest_in_the_log_once(tmp_path) -> None:
    result = watched(content(whole_scene=False), None)
    async with world(tmp_path, scene()) as here:
        docket = open_docket(here.premises.store)
        assert await record(here.premises, docket, result)
        assert not await record(here.premises, docket, result)
        (held,) = await docket.about("audit", digest(result))
        (leaf,) = await here.premises.store.leaves(held.id)
        assert leaf.tag == "audit:watch:judged"
        assert json.loads(leaf.facts) == dict(facts(result))
