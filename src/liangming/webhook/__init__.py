"""What other systems are told of: an outcome happened, and its ids; never who it was about.

Every event of a check, a request or a device is a leaf, written in the commit of the event itself. The
leaves are the outbox: :func:`pump` walks them from a cursor and makes deliveries, moving the cursor in the
same commit. :class:`Courier` posts what is due, signed, until it is taken, is dead, or the subscription ends.
So a killed process loses nothing and may post once more: at least once, in no promised order.

It never puts anything about a person into a body, follows no redirect, and posts to no private address
that was not allowed by a setting.
"""

from liangming.webhook.courier import Courier, pump
from liangming.webhook.deliveries import Attempt, Delivery, again, deliveries_of, ping
from liangming.webhook.hooks import (
    MOST,
    Hook,
    end,
    ends_of_client,
    find,
    hooks_of,
    pause,
    resume,
    rotate,
    subscribe,
)
from liangming.webhook.names import EVENTS, Name
from liangming.webhook.networks import Networks
from liangming.webhook.ports import Happened, Outbox

__all__ = [
    "EVENTS",
    "MOST",
    "Attempt",
    "Courier",
    "Delivery",
    "Happened",
    "Hook",
    "Name",
    "Networks",
    "Outbox",
    "again",
    "deliveries_of",
    "end",
    "ends_of_client",
    "find",
    "hooks_of",
    "pause",
    "ping",
    "pump",
    "resume",
    "rotate",
    "subscribe",
]
