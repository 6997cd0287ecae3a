"""The papers are PDFs with every item they must have, in both languages, and the fonts are in the file."""

from __future__ import annotations

import io
import os

import msgspec
import pytest
from pypdf import PdfReader
from tests.governance.officers import FIRST, SECOND, approved, ended, scoped
from tests.rights.people import Desk
from tests.world import CARD, NAME, OPERATOR

from liangming.check.disclose import disclose
from liangming.governance import press
from liangming.governance.assessment import begin
from liangming.governance.assessment.paper import paper as assessment_paper
from liangming.governance.assessment.questions import DIMENSIONS, FACTORS, PARTS, QUESTIONS
from liangming.governance.filing import paper as filing_paper
from liangming.governance.incident import account, needs
from liangming.governance.incident.paper import paper as incident_paper
from liangming.governance.incident.states import Incident
from liangming.governance.incident.words import BODIES, STEPS
from liangming.law import CORPUS
from liangming.vault import Purpose


def read(data: bytes) -> tuple[str, list[bool]]:
    """The text without spaces, and for each font whether it is embedded."""
    reader = PdfReader(io.BytesIO(data))
    text = "".join(page.extract_text() for page in reader.pages)
    fonts = []
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            fonts.append(bool({"/FontFile2", "/FontFile3"} & set(inner.get_object())))
    return "".join(text.split()), fonts


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    _, _, chinese = press._press()
    if not chinese:
        if os.environ.get("CI"):
            pytest.fail("CI must have fonts-noto-cjk")
        pytest.skip("no Chinese font is installed here")


def holds(text: str, wanted: list[str]) -> None:
    missing = [each for each in wanted if "".join(each.split()) not in text]
    assert missing == []


@pytest.mark.parametrize("tongue", ["zh", "en"])
async def test_an_assessment_in_print_has_every_part_question_and_rating(desk: Desk, tongue):
    await desk.by_face()
    study = await approved(desk.desk)
    scene = desk.house.premises.scenes["demo.face"]
    data = press.pdf(assessment_paper(study, scene, CORPUS, tongue))
    assert data == press.pdf(assessment_paper(study, scene, CORPUS, tongue))
    text, fonts = read(data)
    assert fonts
    assert all(fonts)
    words = [*PARTS.values(), *DIMENSIONS.values(), *FACTORS.values()]
    words += [question.text for question in QUESTIONS.values()]
    holds(text, [press.said(each, tongue) for each in words])
    holds(text, [FIRST, SECOND, study.about.id, "39335", "可以继续，按年复查。"])
    holds(text, ["不是法律" if tongue == "zh" else "not law"])
    assert CARD not in text


async def test_the_short_table_has_no_ratings(desk: Desk):
    study = await begin(desk.desk, "demo.face", FIRST, short=True)
    scene = desk.house.premises.scenes["demo.face"]
    text, _ = read(press.pdf(assessment_paper(study, scene, CORPUS, "zh")))
    holds(text, ["小型个人信息处理者", QUESTIONS["alternatives"].text.zh, "草稿"])
    assert DIMENSIONS["autonomy"].zh not in text


async def printed(desk: Desk, incident: Incident, words: str, tongue) -> str:
    made = incident_paper(
        incident,
        operator=OPERATOR,
        places=[desk.house.premises.scenes["demo.counter"].outlet.name],
        bodies=needs.bodies(desk.desk, incident),
        account=words,
        corpus=CORPUS,
        tongue=tongue,
        made_at=desk.house.clock.now(),
    )
    text, fonts = read(press.pdf(made))
    assert all(fonts)
    return text


@pytest.mark.parametrize("tongue", ["zh", "en"])
async def test_the_papers_of_an_incident_have_reports_notice_clocks_and_course(desk: Desk, tongue):
    check, _ = await desk.passed()
    await disclose(
        desk.house.premises, check, purpose=Purpose.DISPUTE, case="CASE-1", actor="thief"
    )
    incident = await scoped(desk.desk)
    await account.write(desk.desk, incident.id, "密钥写在纸上被看到。", FIRST)
    await ended(desk.desk, incident.id)
    incident, words = await account.opened(desk.desk, incident.id, FIRST)
    text = await printed(desk, incident, words, tongue)
    wanted = [press.said(BODIES[body], tongue) for body in needs.bodies(desk.desk, incident)]
    wanted += [press.said(each, tongue) for each in STEPS.values()]
    wanted += [CORPUS.articles["pipl.57"].zh if tongue == "zh" else CORPUS.articles["pipl.57"].en]
    wanted += ["R-2026-1", "密钥写在纸上被看到。"]
    wanted += (
        ["涉及哪些信息", "可能的危害", "您可以做什么", "联系我们", "立即（没有小时数）", "不适用"]
        if tongue == "zh"
        else [
            "Which data",
            "What it may do",
            "What you can do",
            "How to reach us",
            "does not apply",
        ]
    )
    holds(text, wanted)
    assert CARD not in text
    assert NAME not in text


async def test_the_papers_of_a_drill_say_so(desk: Desk):
    drill = await scoped(desk.desk, drill=True)
    text = await printed(desk, drill, "", "zh")
    holds(text, ["演练材料，没有发生事件", "【演练】"])
    larger = msgspec.structs.replace(drill, other_trigger=True)
    holds(await printed(desk, larger, "", "zh"), ["省级网信部门", "2026-11-2416:00"])


@pytest.mark.parametrize("tongue", ["zh", "en"])
async def test_the_package_of_a_filing_has_its_six_items(desk: Desk, tongue):
    await approved(desk.desk)
    made = await filing_paper(desk.desk, "demo", OPERATOR, tongue)
    text, fonts = read(press.pdf(made))
    assert all(fonts)
    wanted = (
        [
            "一、处理者基本情况",
            "二、目的和方式",
            "三、存储数量",
            "四、处理规则",
            "五、影响评估报告",
            "六、其他",
        ]
        if tongue == "zh"
        else ["1. The processor", "2. Purposes", "3. Number", "4. Rules", "5. Impact", "6. Other"]
    )
    holds(text, [*wanted, "100,000", "demo.face"])
