"""Addresses: short, without anything about a person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods

from liangming.errors import Misuse
from liangming.web import (
    demo,
    duties,
    duties_requests,
    kiosk,
    log_page,
    mydata,
    receipt,
    sender,
    static_files,
    visit,
)
from liangming.web.desk import later, signin
from liangming.web.desk import pages as desk
from liangming.web.duty.urls import PATHS as DUTY
from liangming.web.faults import NOT_FOUND
from liangming.web.office import PATHS

_look = require_http_methods(["GET", "HEAD"])
_send = require_http_methods(["POST"])
_both = require_http_methods(["GET", "HEAD", "POST"])


async def nowhere(_request: HttpRequest, **_parts: Any) -> HttpResponse:
    """Any other address."""
    raise Misuse(NOT_FOUND)


def _staff() -> list[Any]:
    """Accounts, where they are configured."""
    if "liangming.web.staff.apps.StaffConfig" not in settings.INSTALLED_APPS:
        return []
    return [path("staff/", include("liangming.web.staff.urls"))]


urlpatterns = [
    path("", _both(sender.front)),
    path("s/<str:scene>", _both(sender.start)),
    path("k/<str:scene>", _look(kiosk.begin)),
    path("k/<str:scene>/still", _look(kiosk.still)),
    path("c/<str:check>", _look(visit.visit)),
    path("c/<str:check>/ways", _look(visit.ways)),
    path("c/<str:check>/choose", _send(visit.pick)),
    path("c/<str:check>/help", _look(visit.helped)),
    path("c/<str:check>/consent", _both(visit.agree)),
    path("c/<str:check>/withdraw", _send(visit.take_back)),
    path("r/<str:code>", _look(receipt.receipt)),
    path("r/<str:code>/file", _look(receipt.file)),
    path("r/<str:code>/consent", _look(receipt.file), {"part": "consent"}),
    path("r/<str:code>/proof/<int:number>", _look(receipt.proof)),
    path("my", _both(mydata.enter)),
    path("my/<str:code>", _look(mydata.overview)),
    path("my/<str:code>/consent-record", _look(mydata.consent)),
    path("my/<str:code>/q/<str:number>", _both(mydata.standing)),
    path("my/<str:code>/q/<str:number>/certificate", _look(mydata.certificate)),
    path("my/<str:code>/<str:right>", _both(mydata.right)),
    path("desk", _look(desk.places)),
    path("desk/signin", _both(signin.sign_in)),
    path("desk/signout", _send(signin.sign_out)),
    path("desk/line", _look(later.line)),
    path("desk/later", _send(later.receive)),
    path("desk/worker.js", _look(later.worker)),
    path("desk/at/<str:scene>/offline", _look(later.shell)),
    path("desk/duties", _look(duties.duties)),
    path("desk/duties/calendar.ics", _look(duties.feed)),
    path("desk/requests/<str:number>", _both(duties_requests.request_page)),
    path("desk/at/<str:scene>", _look(desk.at)),
    path("desk/at/<str:scene>/scan", _send(desk.scan)),
    path("desk/at/<str:scene>/say", _send(desk.say)),
    path("desk/check/<str:check>", _look(desk.check_page)),
    path("desk/check/<str:check>/say", _send(desk.say_again)),
    path("desk/check/<str:check>/show", _send(desk.show)),
    path("desk/check/<str:check>/end", _send(desk.end)),
    path("demo", _look(demo.incidents)),
    path("demo/<str:incident>", _both(demo.play_page)),
    path("log/", _look(log_page.log_page)),
    path("static/<str:digest>/<str:name>", _look(static_files.serve)),
    *PATHS,
    *DUTY,
    *_staff(),
    re_path(r"^.*$", nowhere),
]
