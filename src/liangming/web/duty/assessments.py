"""The assessment of a scene's face: the list, its parts one by one, the signatures, the print."""

from __future__ import annotations

from typing import Final

import msgspec
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.governance import press
from liangming.governance.assessment import begin, sign, states, steps, withdraw, write
from liangming.governance.assessment.matrix import (
    IMPACTS,
    LIKELIHOODS,
    MODIFIERS,
    RISKS,
    Modifier,
)
from liangming.governance.assessment.paper import STAGES, paper
from liangming.governance.assessment.questions import CHOICES, DIMENSIONS, FACTORS, PARTS, Choice
from liangming.governance.assessment.states import Answer, Form, Rated, Sheet, Stage, Study
from liangming.governance.words_of import method_name
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import acting, answering, officer
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.mydata import attached
from liangming.web.page import page
from liangming.web.static_files import address

PAGE: Final = 50
REASON: Final = 200  # characters of one reason on the page
CONCLUSION: Final = 600
RATING, END = "rating", "end"
_CHANGEABLE: Final = frozenset({Stage.DRAFT, Stage.SIGNED})
_NAMES: Final = {
    **{part.value: name for part, name in PARTS.items()},
    RATING: Text("五、影响、可能性和风险", "5. Impact, likelihood and risk"),
    END: Text("六、结论和期限", "6. Conclusion and term"),
}


async def listed(request: HttpRequest) -> HttpResponse:
    """Every scene with a face, whether it stands open, and the assessments of it."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    if request.method == "POST":
        scene = request.POST.get("scene", "")
        _mine(house, scene, operator)
        short = request.POST.get("form") == Form.SHORT.value
        study = await begin(house.desk, scene, actor, short=short)
        return HttpResponseRedirect(f"/desk/assessments/{study.about.id}")
    today = china_date(house.premises.clock.now())
    scenes = [
        scene
        for scene in house.premises.scenes.values()
        if scene.face is not None and operator in {"", scene.operator.id}
    ]
    begins = min(max(0, len(scenes) - 1), _start(request))
    lines = []
    for scene in scenes[begins : begins + PAGE]:
        every = await steps.of_scene(house.desk, scene.id)
        lines.append(
            {
                "scene": scene,
                "open": house.premises.gates.assessed(scene, today),
                "counts": house.premises.gates.assessment(scene),
                "studies": [
                    (each.study, STAGES[each.study.stage]) for each in reversed(every[-5:])
                ],
                "draft": any(each.study.stage in _CHANGEABLE for each in every),
            }
        )
    context = {
        "lines": lines,
        "next": begins + PAGE if len(scenes) > begins + PAGE else 0,
        "articles": cited(house.premises.corpus, ("face.9", "pipl.55", "pipl.56"), 3),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/assessments.html", context)


async def one(request: HttpRequest, number: str) -> HttpResponse:
    """One assessment: its parts, what is missing, the figures beside it, the signatures."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    study = (await steps.held(house.desk, number, operator=operator)).study
    if request.method == "POST":
        match request.POST.get("do"):
            case "sign":
                await sign(house.desk, number, actor)
            case "withdraw":
                await withdraw(house.desk, number, actor)
            case _:
                raise Misuse(FORM_UNFIT)
        return HttpResponseRedirect(f"/desk/assessments/{number}")
    gaps = states.missing(study)
    # Nothing rated counts as severe until it is rated; that is no news to whoever begins.
    rated = study.about.form is Form.FULL and not set(gaps) & _ids(study, RATING)
    barred = [why for why in states.barred(study) if rated or why != "severe"]
    parts = [
        (name, _NAMES[name], sum(1 for gap in gaps if gap in _ids(study, name)))
        for name in _parts(study)
    ]
    context = {
        "study": study,
        "scene": house.premises.scenes.get(study.about.scene),
        "stage": STAGES[study.stage],
        "changeable": study.stage in _CHANGEABLE,
        "approved": study.stage is Stage.APPROVED,
        "parts": parts,
        "gaps": len(gaps),
        "barred": barred,
        "risk": RISKS[states.result(study)] if rated else None,
        "until": steps.until_of(study),
        "live": study.live,
        "ways": _ways(study),
        "first": study.signatures[0].by if study.signatures else "",
        "mine": bool(study.signatures) and study.signatures[0].by == actor,
        "articles": cited(house.premises.corpus, ("face.9", "pipl.56"), 2),
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }
    return page(request, "duty/assessment.html", context)


async def part(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One part of it as a form; saving leads to the next."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, actor = await (acting if request.method == "POST" else officer)(request)
    house = house_of(request)
    study = (await steps.held(house.desk, number, operator=operator)).study
    names = _parts(study)
    if name not in names or study.stage not in _CHANGEABLE:
        raise Misuse(NOT_FOUND)
    if request.method == "POST":
        await write(house.desk, number, _filled(study, name, request.POST), actor)
        after = names[names.index(name) + 1] if name != names[-1] else ""
        return HttpResponseRedirect(f"/desk/assessments/{number}{'/' + after if after else ''}")
    context = {
        "study": study,
        "scene": house.premises.scenes.get(study.about.scene),
        "name": _NAMES[name],
        "number": names.index(name) + 1,
        "of": len(names),
        "questions": [
            (question, study.sheet.answers.get(question.id), cited(house.premises.corpus, (question.article,), 1))
            for question in states.questions_of(study.about.form)
            if question.part.value == name
        ],
        "choices": [(choice.value, text) for choice, text in CHOICES.items()],
        "rating": name == RATING,
        "end": name == END,
        "dimensions": [(key, text, study.sheet.impacts.get(key)) for key, text in DIMENSIONS.items()],
        "factors": [(key, text, study.sheet.factors.get(key)) for key, text in FACTORS.items()],
        "impacts": [(int(level), text) for level, text in IMPACTS.items()],
        "likelihoods": [(int(level), text) for level, text in LIKELIHOODS.items()],
        "modifiers": [
            (each.value, text, study.sheet.modifiers.get(each, "")) for each, text in MODIFIERS.items()
        ],
        "longest": REASON,
        "conclusion": CONCLUSION,
        "script": address("desk.js"),
        "duty_css": address("duty.css"),
    }  # fmt: skip
    return page(request, "duty/part.html", context)


async def printed(request: HttpRequest, number: str, tongue: str) -> HttpResponse:
    """The report as a PDF, as it stands."""
    if not await answering(request):
        return HttpResponseRedirect("/desk/signin")
    operator, _ = await officer(request)
    house = house_of(request)
    if tongue not in {"zh", "en"}:
        raise Misuse(NOT_FOUND)
    study = (await steps.held(house.desk, number, operator=operator)).study
    scene = house.premises.scenes.get(study.about.scene)
    made = paper(study, scene, house.premises.corpus, "zh" if tongue == "zh" else "en")
    data = await sync_to_async(press.pdf, thread_sensitive=False)(made)
    return attached(data, f"{number}.{tongue}.pdf", "application/pdf")


def _mine(house: House, scene: str, operator: str) -> None:
    found = house.premises.scenes.get(scene)
    if found is None or operator not in {"", found.operator.id}:
        raise Misuse(NOT_FOUND)


def _start(request: HttpRequest) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004


def _parts(study: Study) -> list[str]:
    names = [part.value for part in PARTS]
    return [*names, RATING, END] if study.about.form is Form.FULL else [*names, END]


def _ids(study: Study, name: str) -> set[str]:
    if name == RATING:
        return {*DIMENSIONS, *FACTORS, *(each.value for each in Modifier)}
    if name == END:
        return {"conclusion"}
    return {q.id for q in states.questions_of(study.about.form) if q.part.value == name}


def _ways(study: Study) -> list[tuple[Text, str, int]]:
    if study.live is None:
        return []
    found = []
    for way in study.live.ways:
        share = study.live.uptime(way)
        found.append(
            (method_name(way.method), "—" if share is None else f"{share:.0%}", way.chosen)
        )
    return found


def _filled(study: Study, name: str, form: QueryDict) -> Sheet:
    """The sheet with one part of it replaced by what the form says.

    Raises:
        Misuse: ``web.form-unfit``.
    """
    sheet = study.sheet
    try:
        if name == RATING:
            return msgspec.structs.replace(
                sheet,
                impacts=_rated(form, "i", DIMENSIONS),
                factors=_rated(form, "f", FACTORS),
                modifiers={
                    each: form.get(f"m-{each.value}", "")
                    for each in Modifier
                    if form.get(f"m-{each.value}", "").strip()
                },
            )
        if name == END:
            months = form.get("months", "").strip()
            return msgspec.structs.replace(
                sheet,
                conclusion=form.get("conclusion", ""),
                months=int(months) if months else None,
            )
        answers = dict(sheet.answers)
        for question in _ids(study, name):
            if form.get(f"a-{question}"):
                choice = Choice(form[f"a-{question}"])
                answers[question] = Answer(choice, form.get(f"r-{question}", ""))
        return msgspec.structs.replace(sheet, answers=answers)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def _rated(form: QueryDict, mark: str, names: dict[str, Text]) -> dict[str, Rated]:
    return {
        name: Rated(int(form[f"{mark}-{name}"]), form.get(f"{mark}r-{name}", ""))
        for name in names
        if form.get(f"{mark}-{name}")
    }
