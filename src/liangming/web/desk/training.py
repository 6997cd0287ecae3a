"""Courses for the staff: read, answer, and the role is open; and who still lacks what.

A course belongs to a named account. A key that opens a desk for a terminal has nobody behind it, so
it takes no course, and opens the desk without one; who stands there is the operator's to know.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.errors import Misuse
from liangming.governance import training
from liangming.governance.training import COURSES, Course, Lack, Marked
from liangming.governance.training.grade import PASS_PERCENT, shuffled
from liangming.scene.model import Text
from liangming.web.cited import cited
from liangming.web.desk.signin import seated
from liangming.web.faults import NOT_ALLOWED, NOT_FOUND, SIGN_IN
from liangming.web.house import House, house_of
from liangming.web.page import page
from liangming.web.static_files import address

PAGE: Final = 50
_SEES_OTHERS: Final = frozenset({"manager", "officer", "administrator"})


@dataclass(frozen=True, slots=True)
class Pupil:
    """Whose course it is."""

    operator: str
    username: str
    role: str


async def courses(request: HttpRequest) -> HttpResponse:
    """The courses of one's role, when each ends, and, for those who lead, what others lack."""
    pupil = await _pupil(request)
    if pupil is None:
        return HttpResponseRedirect("/staff/")
    if not training.needed(pupil.role) and pupil.role not in _SEES_OTHERS:
        raise Misuse(NOT_ALLOWED)
    house = house_of(request)
    docket = house.desk.docket
    who = {"operator": pupil.operator, "username": pupil.username}
    have = await training.passed(house.premises, docket, **who)
    shut = await training.lacks(house.premises, docket, role=pupil.role, **who)
    soon = await training.warned(house.premises, docket, role=pupil.role, **who)
    mine = training.needed(pupil.role)
    if not mine and pupil.role not in _SEES_OTHERS:  # neither takes courses nor leads
        raise Misuse(NOT_FOUND)
    context = {
        "courses": [
            {
                "course": course,
                "until": have[course.id].until if course.id in have else None,
                "shut": any(lack.course.id == course.id for lack in shut),
                "soon": any(lack.course.id == course.id for lack in soon),
            }
            for course in mine
        ],
        "open": not shut,
        "others": await _others(house, pupil),
        "articles": cited(house.premises.corpus, ("pipl.51", "gbt35273.10.1"), 2),
        "script": address("desk.js"),
    }
    return page(request, "desk/courses.html", context)


async def course_page(request: HttpRequest, course: str) -> HttpResponse:
    """One course: what to know, and the questions; marked at once, again as often as one likes."""
    pupil = await _pupil(request)
    if pupil is None:
        return HttpResponseRedirect("/staff/")
    found = COURSES.get(course)
    if found is None or not training.needed(pupil.role):  # an inspector takes no course
        raise Misuse(NOT_FOUND)
    if request.method != "POST":
        return _page(request, found, None, {})
    answers = {n: request.POST.get(f"q{n}", "") for n in range(len(found.questions))}
    marked = training.grade(found, answers)
    if not marked.passed:
        return _page(request, found, marked, answers)
    house = house_of(request)
    await training.take(
        house.premises,
        house.desk.docket,
        operator=pupil.operator,
        username=pupil.username,
        course=found.id,
        marked=marked,
    )
    return _page(request, found, marked, answers)


def _page(
    request: HttpRequest, course: Course, marked: Marked | None, answers: dict[int, str]
) -> HttpResponse:
    house = house_of(request)
    go = secrets.token_hex(8)
    corpus = house.premises.corpus
    questions = [
        {
            "name": f"q{n}",
            "number": n + 1,
            "ask": question.ask,
            "options": [(key, question.options[key]) for key in shuffled(question, go)],
            "chosen": answers.get(n, ""),
            "right": None if marked is None else marked.right[n],
            "why": question.why,
            "articles": cited(corpus, (question.article,), 1),
            "grade": corpus.articles[question.article].grade.value,
        }
        for n, question in enumerate(course.questions)
    ]
    context = {
        "course": course,
        "questions": questions,
        "marked": marked,
        "percent": PASS_PERCENT,
        "articles": cited(corpus, course.articles),
        "script": address("desk.js"),
    }
    return page(request, "desk/course.html", context)


async def _pupil(request: HttpRequest) -> Pupil | None:
    """The account that sits here; None where nobody signed in by name.

    Raises:
        Misuse: ``web.desk-locked``; ``web.sign-in-first`` where there are no accounts.
    """
    house = house_of(request)
    if house.demo:
        scene = next(iter(house.premises.scenes.values()), None)
        return Pupil("demo" if scene is None else scene.operator.id, "demo", "clerk")
    if not house.staffed:
        raise Misuse(SIGN_IN)
    seat = await seated(request)
    return None if seat is None else Pupil(seat.operator, seat.username, seat.role)


async def _others(house: House, pupil: Pupil) -> list[tuple[str, Text, list[Lack]]]:
    """Accounts of the same operator that lack a course, or soon will; the first of them."""
    if pupil.role not in _SEES_OTHERS or not house.staffed:
        return []
    members = await sync_to_async(_members)(pupil.operator)
    found: list[tuple[str, Text, list[Lack]]] = []
    for username, role, name in members:
        lacks = await training.warned(
            house.premises, house.desk.docket, operator=pupil.operator, username=username, role=role
        )
        if lacks:
            found.append((username, name, lacks))
        if len(found) >= PAGE:
            break
    return found


def _members(operator: str) -> list[tuple[str, str, Text]]:
    from liangming.web.staff.models import Member
    from liangming.web.staff.roles import NAMES, Role

    members: Any = Member.objects.filter(operator=operator, is_active=True).order_by("username")
    return [(str(m.username), str(m.role), NAMES[Role(m.role)]) for m in members[:2000]]
