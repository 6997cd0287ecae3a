"""What every page here needs: who may, the house from a thread, and answers of one form."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from liangming.check import Premises
from liangming.clock import from_micros, micros
from liangming.docket import Records
from liangming.errors import Code, LiangmingError
from liangming.web.house import house_of
from liangming.web.page import STATUS
from liangming.web.staff.menu import only
from liangming.web.staff.models import Member
from liangming.web.staff.roles import INTEGRATES
from liangming.web.staff.room import through
from liangming.web.staff.trained import must_be_trained

T = TypeVar("T")
PAGE: Final = 50


class Hall:
    """One request here: the member, their operator, the house."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.member: Member = only(request, INTEGRATES)
        self.house = house_of(request)
        self.premises: Premises = self.house.premises
        self.docket: Records = self.house.desk.docket
        self.operator = str(self.member.operator)
        self.actor = str(self.member.username)
        self.now = micros(self.premises.clock.now())

    def trained(self) -> None:
        """Before anything is made that opens data to another system.

        Raises:
            Misuse: ``web.training-first``.
        """
        must_be_trained(self.house, self.member)

    def run(self, asked: Coroutine[Any, Any, T]) -> T:
        """Wait for something of the house; it runs on the house's loop."""

        async def wait() -> T:
            return await asked

        return async_to_sync(wait)()

    def show(
        self, template: str, context: dict[str, Any], *, fault: Code | None = None
    ) -> HttpResponse:
        """A page; with a fault under its status."""
        status = 200 if fault is None else STATUS[fault.kind]
        return TemplateResponse(
            self.request,
            f"staff/integrator/{template}.html",
            {"fault": fault, "home": "/staff/integrator/", **context},
            status=status,
        )


View = Callable[..., HttpResponse]


def page(view: View, *methods: str) -> Any:
    """A view behind sign-in and role."""
    return through(login_required(require_http_methods(["GET", "HEAD", *methods])(view)))


def tried(deed: Callable[[], Any]) -> Code | None:
    """Do it; why it was not done."""
    try:
        deed()
    except LiangmingError as error:
        return error.code
    return None


def moment(at: int | None) -> Any:
    """µs as a moment for a page."""
    return from_micros(at) if at else None
