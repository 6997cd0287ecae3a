"""Exports as offices and vendors make them: every encoding, line above the names, and slip is told."""

import gzip
import os
import signal
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import DAY, NOON, event, table
from tests.audit.test_mapping import example
from tests.audit.test_run import days

from liangming.audit.engines.database import heeding
from liangming.audit.ingest import translate as translating
from liangming.audit.ingest.faults import FIRST_ROWS, faults
from liangming.audit.ingest.look import look
from liangming.audit.ingest.mapping import read_mapping
from liangming.audit.ingest.translate import translate
from liangming.audit.partials import Partials
from liangming.audit.run import Ran, run
from liangming.cli.event_files import EventFiles
from liangming.errors import Misuse, Outage

TODAY = NOON // DAY


@pytest.fixture
def text() -> str:
    return example("csv vendor")


def mapped(folder: Path, *more: str, moment: str = ""):
    """The page's mapping with some lines more."""
    words = example("toml")
    if moment:
        words = words.replace('moment = "%Y/%m/%d %H:%M:%S"', f"moment = {moment}")
    path = folder / "vendor.toml"
    path.write_text("\n".join(more) + "\n" + words, "utf-8")
    return read_mapping(path)


def read(path: Path, mapping):
    became = translate(path, mapping, path.with_suffix(".canonical.parquet"), key="00")
    return pq.read_table(became.path).to_pylist(), became


@pytest.mark.parametrize(
    ("codec", "named", "code"),
    [
        ("gbk", "gbk", "audit.file-gbk"),
        ("gb18030", "gb18030", "audit.file-gbk"),
        ("marked gbk", "gbk", "audit.file-gbk"),
        ("utf-16", "utf-16", "audit.file-utf-16"),
    ],
)
def test_another_encoding_is_named_and_read_once_the_mapping_says_so(
    tmp_path: Path, text: str, codec: str, named: str, code: str
) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(text, "utf-8")
    mark = b"\xef\xbb\xbf" if "marked" in codec else b""  # of UTF-8, before what is none
    other.write_bytes(mark + text.encode(codec.removeprefix("marked ")))
    with pytest.raises(Misuse) as failure:
        read(other, mapped(tmp_path))
    assert (failure.value.code.name, failure.value.field) == (code, "other.csv")
    assert (
        read(other, mapped(tmp_path, f'encoding = "{named}"'))[0]
        == read(plain, mapped(tmp_path))[0]
    )


def test_gbk_that_begins_after_a_million_plain_bytes_is_named_too(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    line = b"2026-11-27T11:30:02+08:00,480,op-1,o1\n"
    late = "2026-11-27T11:30:02+08:00,480,op-1,亮明\n".encode("gbk")
    path.write_bytes(b"at,zone,operator,outlet\n" + line * 30_000 + late)
    with pytest.raises(Misuse) as failure:
        read(path, translating.OWN)
    assert failure.value.code.name == "audit.file-gbk"


def test_a_broken_line_among_good_ones_is_left_out_and_counted(tmp_path: Path, text: str) -> None:
    head, first, *rest = text.splitlines(keepends=True)
    utf8 = tmp_path / "utf8.csv"
    utf8.write_bytes((head + first).encode() + rest[0].encode("gbk") + rest[1].encode())
    rows, became = read(utf8, mapped(tmp_path))
    assert (len(rows), became.malformed) == (2, 1)
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes((head + first).encode("gbk") + b"\xff\xff,1\n" + rest[1].encode("gbk"))
    rows, became = read(gbk, mapped(tmp_path, 'encoding = "gbk"'))
    assert (len(rows), became.malformed) == (2, 1)


@pytest.mark.parametrize(
    ("change", "more"),
    [
        (lambda text: "某公司 导出,,,,,,,,,\n" + text, ("skip = 1",)),
        (lambda text: "\ufeff" + text.replace("\n", "\r\n"), ()),
    ],
    ids=["a title above", "a mark and two-byte ends"],
)
def test_a_spreadsheet_s_habits_change_no_row(tmp_path: Path, text: str, change, more) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(text, "utf-8")
    other.write_bytes(change(text).encode())
    assert read(other, mapped(tmp_path, *more))[0] == read(plain, mapped(tmp_path))[0]


def test_moments_come_in_several_patterns_and_as_days_of_a_spreadsheet(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "v.csv"
    path.write_text(text.replace("11:30:02", "11:30"), "utf-8")
    both = '["%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"]'
    rows, _ = read(path, mapped(tmp_path, moment=both))
    assert [row["at"] for row in rows] == [NOON, NOON + 100_000_000, NOON + 200_000_000]
    path.write_text(text.replace("2026/11/27 11:30:02", "46353.47918981482"), "utf-8")
    first = read(path, mapped(tmp_path, moment='"excel"'))[0][0]
    assert first["at"] == NOON + 2_000_000


@pytest.mark.parametrize(
    ("said", "zone", "found"),
    [
        ("2026-11-27T11:30:02+08:00", None, 480),
        ("2026-11-27 11:30:02+08", None, 480),
        ("2026-11-27T03:30:02Z", "+08:00", 480),
        ("2026-11-27 03:30:02.000+00", "+08:00", 480),
        ("2026-11-27 03:30:02Z", None, 0),
        ("2026-11-27 01:00:02-0230", "+08:00", -150),
        ("2026-11-27 11:30:02", "+08:00", 480),
        ("2026-11-27 11:30:02", None, None),
    ],
)
def test_a_moment_s_own_offset_counts_and_utc_says_nothing_of_the_place(
    tmp_path: Path, said: str, zone: str | None, found: int | None
) -> None:
    (tmp_path / "m.toml").write_text(
        "version = 1\n"
        + (f'zone = "{zone}"\n' if zone else "")
        + '[columns]\nat = "t"\n[constants]\noperator = "o"\noutlet = "n"\n'
    )
    (tmp_path / "v.csv").write_text(f"t\n{said}\n")
    ((row,), _) = read(tmp_path / "v.csv", read_mapping(tmp_path / "m.toml"))
    moment = None if found is None else NOON + 2_000_000
    assert (row["at"], row["zone"]) == (moment, found)


@pytest.mark.parametrize("moment", ["iso", "excel", "epoch-s", "epoch-ms", "epoch-us", "%Y-%m-%d"])
def test_a_value_no_number_can_be_costs_only_itself_and_is_told_once(
    tmp_path: Path, moment: str
) -> None:
    wild = [
        "nan", "inf", "-1e300", "1e19", "9223372036854775807", "-2147483648", "infinity", "epoch",
        "290000-01-01", "9" * 400, "'",
    ]  # fmt: skip
    names = ("at", "zone", "duration_ms", "province", "consent_at", "outcome", "declined_face")
    (tmp_path / "m.toml").write_text(
        f'version = 1\nzone = "+08:00"\nmoment = "{moment}"\nunit = "min"\n[columns]\n'
        + "".join(f'{name} = "{name}"\n' for name in names)
        + '[constants]\noperator = "o"\noutlet = "n"\n'
    )
    rows = [
        ",".join(value if name == ours else "" for ours in names)
        for name in names
        for value in wild
    ]
    (tmp_path / "v.csv").write_text("\n".join([",".join(names), *rows]))
    read_rows, became = read(tmp_path / "v.csv", read_mapping(tmp_path / "m.toml"))
    assert len(read_rows) == len(rows)
    told = [*became.faults, *faults(look(became.path), "v.csv")]
    for name in ("duration_ms", "province", "outcome", "declined_face"):
        assert sum(one.rows for one in told if one.column == name) == len(wild)
        assert len({row for one in told if one.column == name for row in one.first}) >= FIRST_ROWS
    assert sum(one.rows for one in told if one.column == "at" and one.reason != "missing") <= len(
        wild
    )


def test_what_is_no_table_is_said_to_be_what_it_is(tmp_path: Path, duck) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 and so on")
    (tmp_path / "old.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / "nothing.csv").write_bytes(b"")
    (tmp_path / "nested.jsonl.gz").write_bytes(gzip.compress(b'{"at": {"open": 1}}\n'))
    (tmp_path / "listed.json").write_bytes(b'\xef\xbb\xbf[\n {"at": 1},')
    (tmp_path / "noise.csv").write_bytes(b"\xff\xff\xff\xff\n" * 9)
    files = sorted(tmp_path.glob("*.*"))
    with Partials(tmp_path / "p") as partials:
        ran = run(files, partials, duck)
    assert [(name, why.code.name) for name, why in ran.unreadable] == [
        ("book.xlsx", "audit.workbook-broken"),
        ("listed.json", "audit.file-json"),
        ("nested.jsonl.gz", "audit.mapped-column-nested"),
        ("noise.csv", "audit.file-not-utf-8"),
        ("nothing.csv", "audit.file-empty"),
        ("old.csv", "audit.file-workbook"),
    ]


def test_texts_by_other_names_and_packed_ones_are_events_too(
    tmp_path: Path, text: str, duck
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(text, "utf-8")
    (folder / "b.tsv").write_text(
        text.replace('"证件,人脸"', "证件").replace(",", "\t").replace("a1", "b1"), "utf-8"
    )
    (folder / "c.csv.gz").write_bytes(gzip.compress(text.replace("\na", "\nc").encode("gbk")))
    (folder / "readme.pdf").write_bytes(b"%PDF")
    found = EventFiles.of([folder])
    assert ([path.name for path in found.there], found.other) == (["a.txt", "b.tsv", "c.csv.gz"], 1)
    with Partials(tmp_path / "p") as partials:
        ran = run(found.there, partials, duck, mapping=mapped(tmp_path))
        assert [(name, why.code.name) for name, why in ran.unreadable] == [
            ("c.csv.gz", "audit.file-gbk")
        ]
        ran = run(found.there[2:], partials, duck, mapping=mapped(tmp_path, 'encoding = "gbk"'))
        assert [line.counted for line in ran.units] == [3]


def test_a_moment_that_is_still_to_come_is_left_out(tmp_path: Path, duck) -> None:
    rows = [event(event=n, at=NOON + day * DAY) for n, day in enumerate((0, 1, 2, 1500))]
    pq.write_table(table(rows), tmp_path / "e.parquet")
    with Partials(tmp_path / "p") as partials:
        ran = run([tmp_path / "e.parquet"], partials, duck, latest=TODAY + 1)
        assert ran.units[0].left_out == {"moment-ahead": 2}
        assert partials.days() == [TODAY, TODAY + 1]


def test_days_that_were_counted_from_other_files_are_told(tmp_path: Path, duck) -> None:
    first, second = days(tmp_path, 2)
    with Partials(tmp_path / "p") as partials:
        assert run([first], partials, duck).again == set()
        once_more = [*pq.read_table(first).to_pylist(), event(event=99_999)]
        pq.write_table(table(once_more), tmp_path / "once-more.parquet")
        ran = run([second, tmp_path / "once-more.parquet"], partials, duck)
        assert (ran.again, ran.units[0].left_out) == ({TODAY}, {"counted-before": 40})


def test_a_damaged_page_is_named_and_the_other_files_of_its_days_count(
    tmp_path: Path, duck
) -> None:
    first, second = days(tmp_path, 2)
    pq.write_table(pq.read_table(first), tmp_path / "twin.parquet", compression="none")
    data = bytearray((tmp_path / "twin.parquet").read_bytes())
    data[4:400] = os.urandom(396)
    (tmp_path / "twin.parquet").write_bytes(data)
    with Partials(tmp_path / "p") as partials:
        ran = run([first, second, tmp_path / "twin.parquet"], partials, duck)
    assert [(name, why.code.name) for name, why in ran.unreadable] == [
        ("twin.parquet", "audit.file-unreadable")
    ]
    assert sum(line.counted for line in ran.units) == 80


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_that_grows_while_it_is_read_does_not_count(
    tmp_path: Path, text: str, duck, monkeypatch, kind
) -> None:
    path = tmp_path / f"e.{kind}"
    if kind == "csv":
        path.write_text(text, "utf-8")
    else:
        pq.write_table(table([event()]), path)

    def grow(*_: object) -> list[object]:
        with path.open("ab") as file:
            file.write(b"\n")
        return []

    mapping = mapped(tmp_path) if kind == "csv" else None
    with Partials(tmp_path / "p") as partials:
        with monkeypatch.context() as patched:
            if kind == "csv":
                patched.setattr("liangming.audit.ingest.translate.refuse_other", grow)
            else:
                patched.setattr("liangming.audit.run.faults", grow)
            ran = run([path], partials, duck, mapping=mapping)
        assert [why.code.name for _, why in ran.unreadable] == ["audit.file-changing"]
        assert partials.lines == []


def test_what_a_stopped_run_translated_is_not_translated_again(
    tmp_path: Path, text: str, duck, monkeypatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(text.replace("a1", name), "utf-8")
    files = sorted(tmp_path.glob("*.csv"))
    made: list[str] = []
    whole = translating.translate

    def stopped(path: Path, *given: object, **named: object) -> object:
        made.append(path.name)
        if path.name == "b.csv" and len(made) == 2:
            raise KeyboardInterrupt
        return whole(path, *given, **named)

    monkeypatch.setattr(translating, "translate", stopped)
    mapping = mapped(tmp_path)
    with Partials(tmp_path / "p") as partials, pytest.raises(KeyboardInterrupt):
        run(files, partials, duck, mapping=mapping)
    (tmp_path / "p" / "work" / "unit-killed").mkdir()
    (tmp_path / "p" / "work" / "half.loose").touch()
    with Partials(tmp_path / "p") as partials:
        ran: Ran = run(files, partials, duck, mapping=mapping)
        assert made == ["a.csv", "b.csv", "b.csv"]
        assert [fault.rows for fault in ran.faults if fault.column == "outcome"] == [1, 1]
        assert sum(line.counted for line in ran.units) == 4
        assert ran.units[0].left_out == {"duplicate": 2}
    assert not (tmp_path / "p" / "work").exists()


def test_a_key_of_clerks_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.write_text", stop)
        with pytest.raises(KeyboardInterrupt):
            translating.clerk_key(tmp_path)
    key = translating.clerk_key(tmp_path)
    assert len(key) == 64
    assert translating.clerk_key(tmp_path) == key
    assert (tmp_path / "clerk.key").stat().st_mode & 0o777 == 0o600


def test_too_little_room_is_an_outage_and_not_the_file_s_fault(
    tmp_path: Path, text: str, monkeypatch
) -> None:
    (tmp_path / "v.csv").write_bytes(text.encode("gbk"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(translating, "as_utf8", full)
    with pytest.raises(Outage) as failure:
        read(tmp_path / "v.csv", mapped(tmp_path, 'encoding = "gbk"'))
    assert failure.value.code.name == "audit.engine-failed"


def test_ctrl_c_stops_the_engine_in_the_middle_of_its_work() -> None:
    begun = threading.Event()

    def endless() -> pa.Table:
        begun.set()
        return connection.sql(
            "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
        ).to_arrow_table()

    def stop() -> None:
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    with duckdb.connect() as connection:
        beside = threading.Thread(target=stop)
        beside.start()
        with pytest.raises(KeyboardInterrupt):
            heeding(connection, endless)
        beside.join()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_ctrl_c_while_the_engine_is_being_started_leaves_nothing_running(monkeypatch) -> None:
    begun = threading.Event()
    start = threading.Thread.start

    def stopped(thread: threading.Thread) -> None:
        start(thread)
        begun.wait()
        raise KeyboardInterrupt

    def endless() -> pa.Table:
        begun.set()
        return connection.sql(
            "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
        ).to_arrow_table()

    with duckdb.connect() as connection:
        monkeypatch.setattr(threading.Thread, "start", stopped)
        with pytest.raises(KeyboardInterrupt):
            heeding(connection, endless)
        monkeypatch.undo()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_ctrl_c_before_the_engine_is_asked_means_it_never_is(monkeypatch) -> None:
    asked: list[bool] = []
    late: list[threading.Thread] = []
    start = threading.Thread.start

    def stopped(thread: threading.Thread) -> None:
        late.append(thread)
        raise KeyboardInterrupt

    with duckdb.connect() as connection:
        monkeypatch.setattr(threading.Thread, "start", stopped)
        with pytest.raises(KeyboardInterrupt):
            heeding(connection, lambda: asked.append(True))
        monkeypatch.undo()
    start(late[0])
    late[0].join()
    assert asked == []


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "in" / "shut").mkdir(parents=True)
    (tmp_path / "in" / "a.csv").touch()
    (tmp_path / "in" / "shut").chmod(0)
    try:
        if os.access(tmp_path / "in" / "shut", os.R_OK):
            pytest.skip("root may read everything")
        assert EventFiles.of([tmp_path / "in"]).closed == ["shut"]
    finally:
        (tmp_path / "in" / "shut").chmod(0o700)
