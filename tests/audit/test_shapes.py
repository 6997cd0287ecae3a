"""Tables of vendors that have not one row for each check, nor one column for each of ours."""

from datetime import date, time
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON
from tests.audit.test_mapping import FACT, example

from liangming.audit.guess.columns import guessed
from liangming.audit.guess.sample import sample
from liangming.audit.guess.written import questions
from liangming.audit.guess.written import text as mapping_of
from liangming.audit.ingest.mapping import Mapping, read_mapping
from liangming.audit.ingest.translate import translate
from liangming.audit.partials import Partials
from liangming.audit.run import run
from liangming.audit.schema import WAYS
from liangming.errors import Misuse

HEAD = 'version = 1\nzone = "+08:00"\nconstants.operator = "op-7"\n'
WORDS = (
    '[values.way]\n"证件" = "document.seen"\n"人脸" = "face"\n[values.outcome]\n"成功" = "passed"\n'
)
BIT = {way: 1 << number for number, way in enumerate(WAYS)}
MINUTE = 60_000_000


def mapped(folder: Path, text: str) -> Mapping:
    (folder / "vendor.toml").write_text(HEAD + text + WORDS, "utf-8")
    return read_mapping(folder / "vendor.toml")


def read(path: Path, mapping: Mapping) -> tuple[list[dict], dict, int]:
    became = translate(path, mapping, path.with_suffix(".canonical.parquet"), key="00")
    faults = {(one.column, one.reason): one.rows for one in became.faults}
    return pq.read_table(became.path).to_pylist(), faults, became.malformed


STEPS = """steps = { check = "查验号", step = "步骤" }
[columns]
event = "查验号"
at = "时刻@开始"
outlet = "网点"
ways_offered = "内容@展示"
ways_failed = "内容@失败"
way_chosen = "内容@选择"
outcome = "内容@完成"
[present]
declined_face = "步骤@拒绝刷脸"
"""
LOG = """查验号,步骤,时刻,网点,内容
c1,开始,2026-11-27 11:30:00,N1,
c2,开始,2026-11-27 11:31:00,N2,
c1,展示,2026-11-27 11:30:01,,人脸|证件
,展示,2026-11-27 11:30:01,N9,人脸
c1,拒绝刷脸,2026-11-27 11:30:02,N1,
c2,展示,2026-11-27 11:31:01,N2,人脸
c2,展示,2026-11-27 11:31:02,N2,证件
c1,选择,2026-11-27 11:30:03,N1,证件
c1,选择,2026-11-27 11:30:05,N1,人脸
c2, 选择 ,2026-11-27 11:31:03,N2,人脸
c2,失败,2026-11-27 11:31:04,N2,人脸
c1,完成,2026-11-27 11:30:09,N1,成功
"""


def test_the_page_s_example_of_steps_reads_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "steps.toml").write_text(example("toml steps"), "utf-8")
    (tmp_path / "log.csv").write_text(example("csv steps"), "utf-8")
    rows, faults, _ = read(tmp_path / "log.csv", read_mapping(tmp_path / "steps.toml"))
    assert [row["way_chosen"] for row in rows] == [WAYS.index("document.seen"), WAYS.index("face")]
    assert [bool(row["facts"] & FACT["declined_face"]) for row in rows] == [True, False]
    assert faults == {}


def test_steps_of_a_check_are_one_row(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    (first, second), faults, left = read(tmp_path / "log.csv", mapped(tmp_path, STEPS))
    assert (first["at"], second["at"] - first["at"]) == (NOON, MINUTE)
    assert (first["outlet"], second["outlet"]) == ("N1", "N2")
    assert first["ways_offered"] == second["ways_offered"] == BIT["document.seen"] | BIT["face"]
    assert (first["ways_failed"], second["ways_failed"]) == (0, BIT["face"])
    assert (first["way_chosen"], second["way_chosen"]) == (0, WAYS.index("face"))
    assert (first["outcome"], second["outcome"]) == (1, None)
    assert [row["facts"] & FACT["declined_face"] for row in (first, second)] == [1, 0]
    assert [row["known"] & FACT["declined_face"] for row in (first, second)] == [1, 1]
    assert (faults, left) == ({}, 1)  # the row that names no check


def test_a_step_that_no_row_of_a_file_has_is_not_known_and_told(tmp_path: Path) -> None:
    mapping = mapped(tmp_path, STEPS.replace("步骤@拒绝刷脸", "步骤@拒绝").replace("@失败", "@败"))
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    rows, faults, _ = read(tmp_path / "log.csv", mapping)
    assert faults == {("declined_face", "absent"): 2, ("ways_failed", "absent"): 2}
    assert [row["known"] & FACT["declined_face"] for row in rows] == [0, 0]
    assert "ways_failed" not in rows[0]
    for old, new, field in (
        ("@开始", "@起", "log.csv: 时刻@起"), ('"内容@选择"', '"内@选择"', "log.csv: 内"),
        ('"查验号", step', '"号", step', "log.csv: 号"),
    ):  # fmt: skip
        with pytest.raises(Misuse) as failed:
            read(tmp_path / "log.csv", mapped(tmp_path, STEPS.replace(old, new)))
        assert (failed.value.code.name, failed.value.field) == (
            "audit.mapped-column-absent", field,
        )  # fmt: skip


def test_steps_in_json_are_gathered_too(tmp_path: Path) -> None:
    text = STEPS.replace("查验号", "t.id").replace("时刻", "t.at").replace("内容", "said.way")
    text = (
        text.replace('event = "t.id"\n', "").replace('"步骤"', '"kind"').replace("步骤@", "kind@")
    )
    lines = []
    for line in LOG.splitlines()[1:]:
        check, kind, at, outlet, said = line.split(",")
        lines.append(
            f'{{"t": {{"id": "{check}", "at": "{at}"}}, "kind": "{kind}", "网点": "{outlet}",'
            f' "said": {{"way": "{said}"}}}}'
        )
    (tmp_path / "log.jsonl").write_text("\n".join(lines), "utf-8")
    found, faults, left = read(tmp_path / "log.jsonl", mapped(tmp_path, text))
    (tmp_path / "log.csv").write_text(LOG, "utf-8")
    asked = mapped(tmp_path, STEPS.replace('event = "查验号"\n', ""))
    assert (found, faults, left) == read(tmp_path / "log.csv", asked)
    (tmp_path / "log.jsonl").write_text("\n".join(lines).replace('"kind"', '"k"'), "utf-8")
    with pytest.raises(Misuse) as failed:
        read(tmp_path / "log.jsonl", mapped(tmp_path, text))
    assert failed.value.field == "log.jsonl: kind"


APART = """moment = "%Y年%m月%d日 %H时%M分%S秒"
values.fact = { "√" = "yes", "" = "no", "同意" = "yes" }
[columns]
at = ["日期", "时刻"]
outlet = "网点"
declined_face = "拒刷"
[ways.ways_offered]
"face" = "刷脸可用"
"document.seen" = "证件可用"
"""


def test_a_day_and_a_time_and_a_column_for_each_way_are_put_together(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "日期,时刻,网点,拒刷,刷脸可用,证件可用\n"
        "2026年11月27日,11时30分00秒,N1,√,是,√\n"
        "2026年11月27日,11时31分00秒,N1,,√,\n"
        "2026年11月27日,,N1,不明,?,√\n"
        "2026年11月27日,11时33分00秒,N1,否,,否\n",
        "utf-8",
    )
    rows, faults, _ = read(tmp_path / "log.csv", mapped(tmp_path, APART))
    assert [row["at"] and row["at"] - NOON for row in rows] == [0, MINUTE, None, 3 * MINUTE]
    both = BIT["face"] | BIT["document.seen"]
    assert [row["ways_offered"] for row in rows] == [both, BIT["face"], None, 0]
    known = [row["known"] & FACT["declined_face"] for row in rows]
    assert ([row["facts"] & FACT["declined_face"] for row in rows], known) == (
        [1, 0, 0, 0],
        [1, 1, 0, 1],
    )
    assert faults == {
        ("at", "unreadable"): 1, ("ways_offered", "unreadable"): 1,
        ("declined_face", "unreadable"): 1,
    }  # fmt: skip


def test_a_blank_is_no_answer_unless_the_mapping_says_so(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "日期,时刻,网点,拒刷,刷脸可用,证件可用\n"
        "2026年11月27日,11时30分00秒,N1,,是,\n"
        "2026年11月27日,11时31分00秒,N1,,,\n",
        "utf-8",
    )
    mapping = mapped(tmp_path, APART.replace('"" = "no", ', ""))
    rows, faults, _ = read(tmp_path / "log.csv", mapping)
    assert [row["ways_offered"] for row in rows] == [None, None]
    assert [row["known"] & FACT["declined_face"] for row in rows] == [0, 0]
    assert faults == {("ways_offered", "unreadable"): 1}


@pytest.mark.parametrize("moment", ["excel", "%Y/%m/%d %H:%M:%S", "iso"])
def test_a_workbook_s_day_and_time_are_put_together(tmp_path: Path, moment: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["日期", "时刻", "网点"])
    book.active.append([date(2026, 11, 27), time(11, 30), "N1"])
    book.save(tmp_path / "log.xlsx")
    text = f'moment = "{moment}"\n[columns]\nat = ["日期", "时刻"]\noutlet = "网点"\n'
    (row,), faults, _ = read(tmp_path / "log.xlsx", mapped(tmp_path, text))
    assert (row["at"], faults) == (NOON, {})


def test_the_name_of_a_file_says_whose_it_is(tmp_path: Path, duck) -> None:
    text = "[columns]\nat = \"时刻\"\nevent = \"号\"\n[file]\noutlet = '^[^/]+/(N\\d+)_'\nprovince = '/N(\\d\\d)'\n"
    mapping = mapped(tmp_path, text)
    for name in ("N31_3.csv", "N44_3.csv", "M1.csv"):
        (tmp_path / name).write_text(f"号,时刻\n{name}1,2026-11-27 11:30:00\n", "utf-8")
    with Partials(tmp_path / "parts") as kept:
        ran = run(
            [tmp_path / n for n in ("N31_3.csv", "N44_3.csv", "M1.csv")],
            kept,
            duck,
            mapping=mapping,
        )
        cells = kept.cells(keys=("outlet", "province"))
    assert sorted(zip(cells["outlet"].to_pylist(), cells["province"].to_pylist(), strict=True)) == [
        ("N31", 310_000), ("N44", 440_000),
    ]  # fmt: skip
    ((name, why),) = ran.unreadable
    assert (name, why.code.name, why.field) == (
        "M1.csv",
        "audit.file-name-unfit",
        "M1.csv: outlet",
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[columns]\nat = ["a"]\noutlet = "o"\n', "columns.at"),
        ('[columns]\nat = "a"\noutlet = ["o", "p"]\n', "columns.outlet"),
        ('[columns]\nat = "a"\noutlet = "o"\n[ways.way_chosen]\nface = "f"\n', "ways"),
        ('[columns]\nat = "a"\noutlet = "o"\n[ways.ways_down]\nknee = "f"\n', "ways_down.knee"),
        ('separator = "."\n[columns]\nat = "a"\noutlet = "o"\n[ways.ways_down]\nface = "f"\n', "separator"),
        ('steps = "x"\n[columns]\nat = "a"\noutlet = "o"\n', "steps"),
        ('[columns]\nat = "a"\n[file]\noutlet = "N1"\n', "file.outlet"),
        ('[columns]\nat = "a"\n[file]\noutlet = "("\n', "file.outlet"),
        ('[columns]\nat = "a"\noutlet = "o"\n[file]\noutlet = "(.)"\n', "outlet"),
        ('values.fact = { "好" = "maybe" }\n[columns]\nat = "a"\noutlet = "o"\n', "values.fact.好"),
    ],
)  # fmt: skip
def test_a_shape_not_wholly_understood_is_refused(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(Misuse) as failed:
        mapped(tmp_path, text)
    assert failed.value.code.name == "audit.mapping-unfit"
    assert (failed.value.field or "").partition(":")[0] == place


def begun(path: Path) -> str:
    return mapping_of(guessed(sample(path)))


def test_a_mapping_is_begun_from_a_day_and_a_time_and_a_column_for_each_way(tmp_path: Path) -> None:
    lines = [
        f"N{n},2026年11月27日,11时{n:02}分00秒,是,{'√' if n % 2 else ''},成功" for n in range(40)
    ]
    (tmp_path / "log.csv").write_text(
        "网点编码,核验日期,核验时刻,刷脸可用,身份证可用,结果\n" + "\n".join(lines) + "\n", "utf-8"
    )
    text = begun(tmp_path / "log.csv")
    assert 'at = ["核验日期", "核验时刻"]' in text
    assert 'moment = "%Y年%m月%d日 %H时%M分%S秒"' in text
    assert "[ways.ways_offered]" in text
    assert '"face" = "刷脸可用"' in text
    assert '# "√" = "…"' in text
    answered = text.replace('# operator = "…"', 'operator = "o"').replace("# zone", "zone")
    answered = answered.replace('# "√" = "…"', '"√" = "yes"').replace('# "" = "…"', '"" = "no"')
    answered = answered.replace('# "…" = "身份证可用"', '"document.seen" = "身份证可用"')
    (tmp_path / "v.toml").write_text(answered, "utf-8")
    rows, faults, _ = read(tmp_path / "log.csv", read_mapping(tmp_path / "v.toml"))
    assert [row["ways_offered"] for row in rows[:2]] == [BIT["face"], BIT["face"] | 1]
    assert (rows[0]["at"] - NOON, faults) == (-30 * MINUTE, {})


@pytest.mark.parametrize("text", ["[1, 2, 3]", "[1,\n2,\n3]", "[null]", "[-1.5,2]", "[true,false]"])
def test_json_without_an_object_is_told_as_that(tmp_path: Path, text: str, duck) -> None:
    path = tmp_path / "log.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Misuse) as failed:
        sample(path)
    with Partials(tmp_path / "parts") as kept:
        ((_, why),) = run([path], kept, duck).unreadable
    assert failed.value.code.name == why.code.name == "audit.file-json"


def test_a_day_alone_is_a_moment_only_where_there_is_no_time(tmp_path: Path) -> None:
    rows = "".join(f"N{n},2026-11-{n + 10} 00:00:00\n" for n in range(9))
    (tmp_path / "log.csv").write_text("网点编码,登记日期\n" + rows, "utf-8")
    assert 'at = "登记日期"   # 只有日期，没有时刻' in begun(tmp_path / "log.csv")


def test_a_mapping_is_begun_from_steps_and_only_open_questions_are_left(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(example("csv steps"), "utf-8")
    text = begun(tmp_path / "log.csv")
    assert "待答 to answer：像是每一步一行" in text
    assert "开始、展示方式、选择、完成" in text
    answered = text.replace('# operator = "…"', 'operator = "op-7"').replace("# zone", "zone")
    answered = answered.replace('# "证件" = "…"', '"证件" = "document.seen"')
    answered = answered.replace(
        "\n[constants]", '[present]\ndeclined_face = "步骤@拒绝刷脸"\n[constants]', 1
    )
    (tmp_path / "v.toml").write_text(answered, "utf-8")
    (tmp_path / "steps.toml").write_text(example("toml steps"), "utf-8")
    mine, theirs = (read_mapping(tmp_path / name) for name in ("v.toml", "steps.toml"))
    assert read(tmp_path / "log.csv", mine) == read(tmp_path / "log.csv", theirs)


def test_each_step_that_is_met_often_enough_is_mapped(tmp_path: Path) -> None:
    head, *lines = LOG.splitlines()
    rows = [line.replace("c", f"{n}c", 1) for n in range(9) for line in lines]
    (tmp_path / "log.csv").write_text("\n".join([head, *rows]), "utf-8")
    found = guessed(sample(tmp_path / "log.csv"))
    assert found.steps == ("查验号", "步骤")
    assert found.columns == {
        "event": "查验号", "at": "时刻@开始", "outlet": "网点", "ways_failed": "内容@失败",
        "ways_offered": "内容@展示", "way_chosen": "内容@选择", "outcome": "内容@完成",
    }  # fmt: skip
    assert (found.present, found.other) == ({"declined_face": "步骤@拒绝刷脸"}, {})
    assert (found.separator, found.words["way"]) == ("|", {"人脸": "face", "证件": ""})
    assert len(questions(mapping_of(found))) == 6  # steps, zone, operator, two constants, a way


def test_a_column_with_one_way_in_each_row_is_not_taken_for_what_was_offered(
    tmp_path: Path,
) -> None:
    rows = "".join(f"N1,{'人脸' if n % 2 else '证件'}\n" for n in range(9))
    (tmp_path / "log.csv").write_text("网点编码,方式\n" + rows, "utf-8")
    assert 'way_completed = "方式"' in begun(tmp_path / "log.csv")
    (tmp_path / "log.csv").write_text(
        "网点编码,方式\n" + rows.replace("人脸", "人脸、证件"), "utf-8"
    )
    assert 'ways_offered = "方式"' in begun(tmp_path / "log.csv")
