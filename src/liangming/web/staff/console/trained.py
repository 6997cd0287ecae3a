"""No training, no deed: an officer without valid courses looks at the console, and does nothing in it."""

from __future__ import annotations

from asgiref.sync import async_to_sync

from liangming.errors import Misuse
from liangming.governance.training import lacks
from liangming.web.faults import TRAINING_FIRST
from liangming.web.house import House
from liangming.web.staff.models import Member


def must_be_trained(house: House, member: Member) -> None:
    """Before a search, and before somebody is admitted.

    Raises:
        Misuse: ``web.training-first``.

    Law: pipl.51
    """
    shut = async_to_sync(lacks)(
        house.premises,
        house.desk.docket,
        operator=str(member.operator),
        username=str(member.username),
        role=str(member.role),
    )
    if shut:
        raise Misuse(TRAINING_FIRST, citations=("pipl.51",))
