"""What people see: who else processes their data at a scene, and incidents that were announced."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from liangming.clock import china_date
from liangming.governance import parties
from liangming.governance.incident import counting, telling, texts
from liangming.governance.parties.states import ROLES
from liangming.scene import FIELDS
from liangming.web.cited import cited
from liangming.web.duty.companies import company_of
from liangming.web.house import House, house_of
from liangming.web.page import page

MOST: Final = 20


async def who(request: HttpRequest, scene: str) -> HttpResponse:
    """The list of processors and recipients of a scene's operator (清单)."""
    house = house_of(request)
    place = house.scene(scene)
    today = china_date(house.premises.clock.now())
    found = [
        {
            "terms": each.terms,
            "role": ROLES[each.terms.role],
            "fields": [FIELDS[name] for name in each.terms.fields],
        }
        for each in await parties.listed(house.desk, place.operator.id)
        if each.stands(today)
    ]
    context = {
        "scene": place,
        "parties": found,
        "articles": cited(house.premises.corpus, ("pipl.21", "pipl.23", "netdata.21"), 3),
    }
    return page(request, "duty/who.html", context)


async def announced(request: HttpRequest) -> HttpResponse:
    """Incidents that were announced, newest first (公告)."""
    house = house_of(request)
    found = [each for each in await counting.listed(house.desk) if each.public][:MOST]
    lines = [
        {
            "id": each.id,
            "company": company_of(house, each.operator),
            "told": each.people,
            "items": texts.notice(
                each,
                company_of(house, each.operator),
                [field.name for field in each.scope.fields] if each.scope is not None else [],
            ),
        }
        for each in found
    ]
    context = {
        "lines": lines,
        "articles": cited(house.premises.corpus, ("pipl.57", "netdata.11"), 2),
    }
    return page(request, "duty/announced.html", context)


async def of_person(house: House, person: bytes | None) -> list[dict[str, Any]]:
    """The notices that a person finds on their own page."""
    return [
        {
            "at": each.at,
            "items": texts.notice(
                each.incident, company_of(house, each.incident.operator), each.fields
            ),
        }
        for each in await telling.notices(house.desk, person)
    ]
