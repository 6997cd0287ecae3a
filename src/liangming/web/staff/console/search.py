"""Search for one person's record: purpose and case first, a leaf for each look, masked by default.

What is typed comes as a form and is never written into a page, an address or a log again. To see a
record whole, the form is sent once more with the check's id, which is no personal data.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from liangming.clock import from_micros
from liangming.errors import LiangmingError, Misuse
from liangming.method.documents.kinds import registry
from liangming.rights.looks import needs
from liangming.rights.possession import ORGANISATION
from liangming.rights.search import PURPOSES, SEARCH_UNFIT, Asked, By, Found, search, searches
from liangming.scene.model import Text
from liangming.vault import Purpose
from liangming.web.house import House, house_of
from liangming.web.looks import PURPOSE_NAMES
from liangming.web.mydata import FIELDS, shown
from liangming.web.page import STATUS
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS
from liangming.web.staff.trained import must_be_trained

BYS: Final = {
    By.CHECK: Text("查验编号", "Check number"),
    By.RECEIPT: Text("回执编码", "Receipt code"),
    By.DOCUMENT: Text("证件号码", "Document number"),
}
STATES: Final = {
    "passed": Text("通过", "passed"),
    "refused": Text("不予办理", "refused"),
    "expired": Text("超时", "timed out"),
    "abandoned": Text("没有继续", "not continued"),
    "undetermined": Text("无法判定", "undetermined"),
}
_UNDER_WAY: Final = Text("进行中", "under way")
_SINCE: Final = timedelta(days=90)
_MOST: Final = 20


@login_required
def search_page(request: HttpRequest) -> HttpResponse:
    """The form; after it, what was found."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    context: dict[str, Any] = {"found": None, "nothing": False, "fault": None}
    status = 200
    if request.method == "POST":
        try:
            must_be_trained(house, member)
            asked = _asked(request.POST, member)
            found = async_to_sync(search)(house.desk, asked)
        except LiangmingError as error:
            context["fault"], status = error.code, STATUS[error.code.kind]
        else:
            context |= {"nothing": found is None, "asked": asked}
            if found is not None:
                context |= _found(house, found)
                context["approval"] = needs(house.desk.approvals, asked.purpose, whole=True)
        context["purpose"] = request.POST.get("purpose", "")
    context |= {
        "bys": [(by.value, name) for by, name in BYS.items()],
        "purposes": [(purpose.value, PURPOSE_NAMES[purpose]) for purpose in PURPOSES],
        "documents": [
            *((kind.value, Text(f.zh, f.en)) for kind, f in registry.items()),
            (ORGANISATION, Text("单位（统一社会信用代码）", "Organisation (credit code)")),
        ],
        "searches": _latest(house, member.operator),
    }
    return TemplateResponse(request, "staff/console/search.html", context, status=status)


def _asked(form: QueryDict, member: Any) -> Asked:
    try:
        by, purpose = By(form.get("by", "")), Purpose(form.get("purpose", ""))
    except ValueError:
        raise Misuse(SEARCH_UNFIT) from None
    return Asked(
        by=by,
        text=form.get("text", ""),
        document=form.get("document", ""),
        purpose=purpose,
        case=form.get("case", "").strip(),
        actor=str(member.username),
        operator=str(member.operator),
        whole=form.get("whole") == "yes",
    )


def _found(house: House, found: Found) -> dict[str, Any]:
    scenes = house.premises.scenes
    return {
        "found": found,
        "fields": [
            (FIELDS.get(name, Text(name, name)), shown(name, value))
            for name, value in found.fields.items()
        ],
        "checks": [
            {
                "id": row.id,
                "at": from_micros(row.opened_at),
                "scene": scenes.get(row.scene),
                "state": STATES.get(row.state, _UNDER_WAY),
            }
            for row in found.checks
        ],
    }


def _latest(house: House, operator: str) -> list[dict[str, Any]]:
    since = house.premises.clock.now() - _SINCE
    return [
        {
            "search": each,
            "at": from_micros(each.at),
            "by": BYS[each.by],
            "purpose": PURPOSE_NAMES[each.purpose],
        }
        for each in async_to_sync(searches)(house.desk, operator, since, _MOST)
    ]
