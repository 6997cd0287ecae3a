"""What an officer looks at, made ready before anybody looks: counted on, judged for the day, put together.

Where an operator has thousands of outlets, the first look of a day would wait for this by seconds.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

from liangming.errors import LiangmingError
from liangming.web.house import House
from liangming.web.staff.console.counting import carry_on
from liangming.web.staff.console.standing import MANY, judged, scenes_of, standing
from liangming.web.staff.models import Member
from liangming.web.staff.roles import ANSWERS

EVERY: Final = 60.0
"""Seconds: the day's law is judged anew within a minute of midnight."""
_log = logging.getLogger("liangming.web")


async def keep_ready(house: House) -> None:
    """Make ready now and every minute, until cancelled. What fails is made when it is looked at."""
    aside = sync_to_async(ready, thread_sensitive=False)  # looks do not wait for it
    while True:
        try:
            await aside(house)
        except LiangmingError as error:
            _log.warning("making the console ready failed: %s", error.code.name)
        except DatabaseError as error:
            _log.warning("making the console ready failed: %s", type(error).__name__)
        await asyncio.sleep(EVERY)


def ready(house: House) -> None:
    """Count on; for operators with many scenes also judge them and put their rows together."""
    try:
        carry_on(house)
        officers = Member.objects.filter(role__in=[role.value for role in ANSWERS], is_active=True)
        for operator in officers.order_by().values_list("operator", flat=True).distinct():
            if len(scenes_of(house, operator)) >= MANY:
                judged(house, operator)
                standing(house, operator, ahead=True)
    finally:
        connection.close()  # of this thread
