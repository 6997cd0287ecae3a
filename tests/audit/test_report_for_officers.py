"""What somebody who knows no statistics reads first, and what a report says where it has nothing to say."""

import dataclasses
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON, event, hostile, table
from tests.audit.test_stat_report import AT, content, empty

from liangming.audit.ingest.faults import Fault
from liangming.audit.partials import Partials
from liangming.audit.partials.unread import File, Missed, Unread
from liangming.audit.questions.findings import FINDINGS
from liangming.audit.report.content import gather
from liangming.audit.report.first import steps
from liangming.audit.report.naming import lacking, reasons, scene_seen
from liangming.audit.report.page import page
from liangming.audit.report.printed import parts
from liangming.audit.report.write import content_of
from liangming.audit.run import names_of, run
from liangming.audit.statistics.scenes import Steered
from liangming.audit.statistics.words import ASKED, spoken
from liangming.audit.summary import Told

TONGUES = ("zh", "en")


def judged_as(made, tested, thin):
    """The same places, of which nothing stands out and so many questions could be tested."""
    judged = dataclasses.replace(
        empty().judged,
        tested=dict.fromkeys(ASKED, 0) | tested,
        thin=dict.fromkeys(ASKED, 0) | thin,
    )
    return gather(made.here, judged, (), made.read)


@pytest.mark.parametrize("tongue", TONGUES)
def test_an_outlet_to_visit_first_says_its_number_and_what_would_clear_it(tongue) -> None:
    made = content()
    first = page(made, tongue).partition('<ul class="sums">')[0]
    printed = json.dumps(parts(made, tongue), ensure_ascii=False)
    for visit in made.ranked[:5]:
        seen, clears = reasons(made, visit, tongue)
        flag = next(flag for flag in made.judged.flags if flag.place == visit.place)
        assert seen == spoken(flag, made.here, tongue).seen
        assert ASKED[flag.question].clears[TONGUES.index(tongue)] in clears
        assert seen in first.replace("&#x27;", "'")
        assert json.dumps(clears, ensure_ascii=False)[1:-1] in printed


@pytest.mark.parametrize("tongue", TONGUES)
def test_where_nothing_could_be_tested_nobody_is_told_that_nothing_stands_out(tongue) -> None:
    calm = ("没有网点突出", "No outlet stands out")[TONGUES.index(tongue)]
    for thin in ({"share": 3}, {}):
        made = judged_as(content(), {}, thin)
        assert calm not in page(made, tongue)
        assert calm not in json.dumps(parts(made, tongue), ensure_ascii=False)
    few, none = (steps(judged_as(content(), {}, thin), tongue)[0] for thin in ({"share": 3}, {}))
    assert few.text != none.text
    (some, *_) = steps(judged_as(content(), {"share": 9, "waits": 2}, {}), tongue)
    assert some.title == calm
    assert {"2", str(len(ASKED))} <= set(some.text.replace("个", " ").split())


@pytest.mark.parametrize("tongue", TONGUES)
def test_one_outlet_alone_is_told_that_it_has_no_peers(tongue) -> None:
    made = dataclasses.replace(judged_as(content(), {"share": 1}, {}), outlets=1)
    assert steps(made, tongue)[0].title == (
        "只有一个网点，没有同类可比", "There is one outlet, and nothing to compare it with"
    )[TONGUES.index(tongue)]  # fmt: skip


def test_a_lot_is_drawn_also_where_no_file_says_what_was_chosen() -> None:
    made = content()
    here = dataclasses.replace(
        made.here, sums={**made.here.sums, "chosen_known": made.here.get("chosen_known") * 0}
    )
    assert any(visit.kind == "lot" for visit in gather(here, empty().judged, (), made.read).visits)


def test_what_is_lacking_is_said_in_words_and_asks_for_nothing_that_is_there() -> None:
    by_code = {one.code: one for one in FINDINGS}
    there = Told(by_code["v01"], 0, 10, ())
    blind = Told(by_code["v04"], 0, 0, ())
    made = dataclasses.replace(content(), hard=(there, blind))
    assert lacking(blind, made, "zh") == "没有一行写明：是否“刷脸有优惠或奖励”（face_rewarded）"
    assert (
        lacking(blind, made, "en") == "no row says: whether the face was rewarded (face_rewarded)"
    )
    alone = dataclasses.replace(made, hard=(blind,))
    assert "提供了哪些方式（ways_offered）" in lacking(blind, alone, "zh")
    apart = dataclasses.replace(made, hard=(there, Told(by_code["v04"], 0, 3, ()), blind))
    assert lacking(blind, apart, "zh").startswith("没有一行同时写明")


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_scene_of_people_who_change_is_said_without_a_rate(tongue) -> None:
    scene = Steered("moved", "", 1, 1, 80, 14.2, 11.0, 2.0)
    said = scene_seen(scene, tongue)[1]
    assert "14.2" in said
    assert ("亮明自定" if tongue == "zh" else "our own limit") in said


@pytest.mark.parametrize("tongue", TONGUES)
def test_files_and_values_that_were_not_read_stand_in_the_report(tongue) -> None:
    told = Unread(
        (File("N01/<b>.csv", "audit.file-unreadable"), File("x", "audit.of-tomorrow")),
        (Fault("a.csv", "outcome", "unreadable", False, 1_234, (3,)),),
    )
    made = content()
    made = dataclasses.replace(made, read=dataclasses.replace(made.read, told=told))
    assert ("2 个文件" if tongue == "zh" else "not be read: 2. ") in steps(made, tongue)[0].text
    text = page(made, tongue)
    assert "N01/&lt;b&gt;.csv" in text
    assert "audit.of-tomorrow" in text
    assert ">1,234</td>" in text
    assert "N01/<b>.csv" in json.dumps(parts(made, tongue), ensure_ascii=False)


def test_what_a_run_could_not_read_waits_for_the_report_until_it_is_read(
    tmp_path: Path, duck
) -> None:
    whole = tmp_path / "a" / "day.parquet"
    cut = tmp_path / "b" / "day.parquet"
    for path, rows in ((whole, table(hostile(many=40))), (cut, table(hostile(2, many=40)))):
        path.parent.mkdir()
        pq.write_table(rows, path)
    data = cut.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    paths = [whole, cut]
    assert names_of(paths) == {whole: "a/day.parquet", cut: "b/day.parquet"}
    with Partials(tmp_path / "parts") as kept:
        run(paths, kept, duck)
        told = Missed(kept.folder).told()
        assert told.files == (File("b/day.parquet", "audit.file-unreadable"),)
        run([whole], kept, duck)  # says nothing of the other
        run([tmp_path / "mistyped.csv"], kept, duck)
        assert Missed(kept.folder).told() == told
        cut.write_bytes(data)
        run(paths, kept, duck)
        assert Missed(kept.folder).told().files == ()
    (tmp_path / "parts" / "unread.json").write_text("{")
    assert Missed(tmp_path / "parts").told() == Unread()


def test_a_few_checks_of_several_clerks_have_a_report(tmp_path: Path, duck) -> None:
    """Beside each clerk stand enough checks of others, and no clerk has enough of their own."""
    rows = [
        event(event=n, at=NOON + n, clerk=f"k{n % 3}", way_chosen=0, ways_offered=4097)
        for n in range(60)
    ]
    pq.write_table(table(rows), tmp_path / "day.parquet")
    with Partials(tmp_path / "parts") as kept:
        run([tmp_path / "day.parquet"], kept, duck)
        made = content_of(kept, AT)
    assert (made.judged.tested["clerk"], made.judged.thin["clerk"]) == (0, 3)
    assert made.judged.silent["clerk"] == "support"
    assert list(made.judged.tested) == list(ASKED) == list(made.judged.thin)
    assert "</html>" in page(made, "zh")


def test_long_names_do_not_fill_the_head_and_stand_in_full_where_they_matter() -> None:
    made = content()
    long = "某某省某某市某某区某某街道某某快递有限公司第一分公司" * 3
    made = dataclasses.replace(
        made, here=dataclasses.replace(made.here, operator=[long] * len(made.here))
    )
    head, _, rest = page(made, "zh").partition("<main>")
    assert long not in head
    assert f"{long[:23]}…" in head
    assert long in rest
