"""The report: whole, calm, in both languages, without script or outside request."""

import csv
import dataclasses
import functools
import io
import json
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from tests.audit.test_stat_judging import fleet
from tests.chromium import launched

from liangming.audit.questions.findings import FINDINGS
from liangming.audit.report.content import Read, gather
from liangming.audit.report.first import steps
from liangming.audit.report.naming import scene_seen
from liangming.audit.report.page import page
from liangming.audit.report.press import Press, Print
from liangming.audit.report.printed import parts
from liangming.audit.report.table import SCHEMA, as_csv, table
from liangming.audit.report.write import put, ready, write
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import places
from liangming.audit.statistics.questions import QUESTIONS
from liangming.audit.statistics.words import ASKED, spoken
from liangming.audit.summary import Told
from liangming.errors import Outage
from liangming.law import CORPUS

AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
TONGUES = ("zh", "en")


@functools.cache
def content(*, whole_scene=True):
    _, _, here, judged = fleet(0.05, 5, whole_scene=True) if whole_scene else fleet()
    hard = tuple(Told(one, 3, 100, ()) for one in FINDINGS[:4])
    return gather(here, judged, hard, Read(12_345, {"moment-unfit": 7}, 2, "ab" * 32, AT))


@functools.cache
def pages():
    return {tongue: page(content(), tongue) for tongue in TONGUES}


@functools.cache
def printed(tongue):
    return Print().pdf(content(), tongue)


def renamed(made, name):
    """The same report with another name for the first outlet that stands out."""
    outlet = list(made.here.outlet)
    outlet[made.judged.flags[0].place] = name
    return dataclasses.replace(made, here=dataclasses.replace(made.here, outlet=outlet))


@functools.cache
def empty():
    _, cells, _, _ = fleet()
    here = places(cells.slice(0, 0))
    return gather(here, judge(here), (), Read(0, {}, 0, "", AT))


def test_every_question_is_spoken_of_and_cites_articles_that_are_verified() -> None:
    assert set(ASKED) == set(QUESTIONS)
    for asked in ASKED.values():
        assert {CORPUS.articles[name].grade.value for name in asked.articles} <= {"A", "B"}


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_flag_tells_its_numbers_and_what_would_clear_it(tongue) -> None:
    made = content(whole_scene=False)
    assert len({flag.question for flag in made.judged.flags}) >= 7
    for flag in made.judged.flags:
        words = spoken(flag, made.here, tongue)
        assert f"{flag.n:,}" in words.seen
        assert words.clears
        assert words.look
        assert words.articles
        assert not re.search(r"[{}]", words.seen + words.chance)


@pytest.mark.parametrize("tongue", TONGUES)
def test_nothing_is_called_coercion(tongue) -> None:
    """Only the opening uses the word, to say that a number is not that."""
    words = re.findall("强迫|胁迫|违法|illegal|coerc|guilty", "".join(
        text for asked in ASKED.values()
        for pair in (asked.title, asked.seen, asked.clears, asked.look) for text in pair
    ))  # fmt: skip
    assert words == []
    told = pages()[tongue].partition('<h2 id="legal">')[0]
    law = r"（[^）]*）|<dd>[^<]*</dd>|<p class=\"quiet\">[^<]*</p>"
    assert len(re.findall("强迫|coercion", re.sub(law, "", told))) == 1


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_page_fetches_nothing_and_runs_nothing(tongue) -> None:
    text = pages()[tongue]
    assert "<script" not in text
    assert not re.findall(r"(?:src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_reason_to_visit_leads_to_what_would_clear_it(tongue) -> None:
    text = pages()[tongue]
    led = set(re.findall(r'href="#([^"]+)"', text))
    assert any(name.startswith("q-") for name in led)
    assert led <= set(re.findall(r' id="([^"]+)"', text))


def test_texts_of_others_cannot_break_the_page() -> None:
    bad = '<script>alert("1")</script>'
    text = page(renamed(content(whole_scene=False), bad), "zh")
    assert bad not in text
    assert "&lt;script&gt;" in text


def test_left_out_rows_and_untested_questions_are_said() -> None:
    for tongue in TONGUES:
        assert ">7</td>" in pages()[tongue]
    text = page(empty(), "en")
    assert text.count("no file says it") >= len(QUESTIONS)


def test_the_lot_cannot_be_moved_and_spares_nobody_by_name() -> None:
    first, second = content(), content()
    assert first.visits == second.visits
    assert {visit.kind for visit in first.visits} == {"flag", "lead", "scene", "lot"}
    flagged = {flag.place for flag in first.judged.flags}
    assert not flagged & {visit.place for visit in first.visits if visit.kind != "flag"}


def test_an_outlet_of_two_kinds_of_place_is_visited_once() -> None:
    made = content(whole_scene=False)
    first, second = (visit.place for visit in made.ranked[:2])
    for name in ("operator", "outlet"):
        value = list(getattr(made.here, name))
        value[second] = value[first]
        made = dataclasses.replace(made, here=dataclasses.replace(made.here, **{name: value}))
    again = gather(made.here, made.judged, made.hard, made.read)
    assert again.flagged == made.flagged - 1
    names = [(again.here.operator[v.place], again.here.outlet[v.place]) for v in again.visits]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("tongue", TONGUES)
def test_what_to_do_first_is_one_page_and_names_outlets(tongue) -> None:
    made = content()
    found = steps(made, tongue)
    assert 2 <= len(found) <= 5
    whole, visit = found[:2]
    worst = max(made.judged.scenes, key=lambda one: one.low / one.limit)
    assert scene_seen(worst, tongue)[1] in whole.text
    assert visit.visits == made.ranked[:5]
    calm = gather(made.here, empty().judged, (), made.read)
    assert {one.kind for one in steps(calm, tongue)[0].visits} == {"lot"}
    (nothing,) = steps(empty(), tongue)
    assert nothing.visits == ()


@pytest.mark.parametrize("tongue", TONGUES)
def test_no_code_of_ours_stands_in_a_report(tongue) -> None:
    """But for columns that a vendor must write; those are named as the format names them."""
    text = pages()[tongue] + json.dumps(parts(content(), tongue), ensure_ascii=False)
    assert re.findall(r"v\d\d_[a-z]+|parcel\.[a-z]+|\b[1-6]\d0000\b", text) == []
    assert re.findall(r"(?:北京|Beijing)", text)


def test_what_no_row_says_is_not_told_as_never_shown() -> None:
    finding = FINDINGS[5]
    lacking = finding.needs[-1]
    for missing in ((lacking,), ()):  # no such column, or nothing in any row of it
        made = dataclasses.replace(content(), hard=(*content().hard, Told(finding, 0, 0, missing)))
        for tongue in TONGUES:
            told = page(made, tongue).partition('<h2 id="untestable">')
            assert lacking not in told[0]
            assert lacking in told[2]


def test_no_printed_table_is_without_the_names_of_its_columns() -> None:
    made = content()
    for tongue in ("zh", "en"):
        tables = [part for part in parts(made, tongue)["parts"] if part["kind"] == "table"]
        assert len(tables) > 3
        assert [part["head"] for part in tables if not any(part["head"])] == []


def test_the_table_has_every_flag_lead_and_scene() -> None:
    made = content()
    found = table(made)
    judged = made.judged
    assert found.schema == SCHEMA
    assert found.num_rows == len(judged.flags) + len(judged.leads) + len(judged.scenes)


def test_a_spreadsheet_runs_no_outlet_as_a_formula() -> None:
    made = renamed(content(whole_scene=False), "=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(as_csv(table(made)))))
    assert rows[0]["outlet"] == "'=HYPERLINK(1)"


def test_an_empty_audit_has_a_report_too() -> None:
    for tongue in TONGUES:
        assert "</html>" in page(empty(), tongue)
        assert "1970" not in page(empty(), tongue)
    assert table(empty()).num_rows == 0


def _reached(start):
    """Every part of a document that hangs below one."""
    seen, left = set(), [start]
    while left:
        part = left.pop()
        if isinstance(part, IndirectObject):
            if part.idnum in seen:
                continue
            seen.add(part.idnum)
            part = part.get_object()
        if isinstance(part, dict):
            yield part
        left += part.values() if isinstance(part, dict) else part if isinstance(part, list) else []


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_print_is_what_its_own_description_claims(tongue) -> None:
    """Looked at by another library than the one that wrote it, which checks the rest as it writes."""
    document = PdfReader(io.BytesIO(printed(tongue)))
    root = document.trailer["/Root"].get_object()
    claims = root["/Metadata"].get_object().get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in claims
    assert root["/Lang"].startswith(tongue)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert document.outline
    assert not document.is_encrypted
    parts = [*_reached(root["/StructTreeRoot"]), *_reached(root["/Pages"])]
    kinds = {part.get("/S") for part in parts}
    assert {"/H1", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    assert all(part.get("/Alt") for part in parts if part.get("/S") == "/Figure")
    fonts = [part for part in parts if part.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & part.keys() for part in fonts)
    assert not {"/JavaScript", "/Launch", "/Movie", "/Sound"} & kinds


def test_an_empty_report_is_printed_too() -> None:
    assert Print().pdf(empty(), "zh").startswith(b"%PDF-1.7")


def test_the_same_content_prints_to_the_same_bytes_in_a_process_of_its_own_too() -> None:
    assert printed("en") == Press().pdf(content(), "en")


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing(tmp_path) -> None:
    blocked = tmp_path / "report.html"
    blocked.mkdir()
    (blocked / "inside").write_text("x")
    with pytest.raises(OSError, match="directory"):
        put({tmp_path / "other.html": b"new", blocked: b"new"})
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_report_that_has_no_place_says_so(tmp_path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Outage) as failed:
        write(content(whole_scene=False), tmp_path / "file" / "report", press=None)
    assert failed.value.code.name == "audit.report-unwritable"
    with pytest.raises(Outage):  # told before anything is read, too
        ready(tmp_path / "file" / "report")
    ready(tmp_path / "new" / "report")
    assert (tmp_path / "file").read_text() == "not a folder"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.browser
@pytest.mark.parametrize("tongue", TONGUES)
def test_a_real_browser_finds_no_fault_and_no_request(tongue, tmp_path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    place = tmp_path / "report.html"
    place.write_text(re.sub(r"<meta http-equiv[^>]*>", "", pages()[tongue]), "utf-8")
    with launched() as browser:
        for width, scheme in ((390, "light"), (1280, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            visit = context.new_page()
            asked = []
            visit.on("request", lambda request, asked=asked: asked.append(request.url))
            visit.goto(place.as_uri())
            assert asked == [place.as_uri()]
            assert visit.evaluate("document.documentElement.scrollWidth") <= width
            result = Axe().run(visit, options={"resultTypes": ["violations"]})
            faults = [one["id"] for one in result.response["violations"]]
            assert faults == []
            context.close()
