"""No training, no deed: whoever has not the courses of the role may look, and stop somebody; nothing else.

What stops something is never shut: ending an account, signing somebody out, revoking a key, pausing
a subscription. A house cannot shut itself out: a course is open to everybody who can sign in.
"""

from __future__ import annotations

from asgiref.sync import async_to_sync

from liangming.errors import Misuse
from liangming.governance.training import lacks
from liangming.web.faults import TRAINING_FIRST
from liangming.web.house import House
from liangming.web.staff.models import Member


def must_be_trained(house: House, member: Member) -> None:
    """Before a deed of an officer, an administrator or an integrator.

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
