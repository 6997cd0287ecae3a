"""Machines and offline stations that keep a numbered record of their own (终端).

In this order: a device is enrolled, once, with the key it made (``redeem`` a code, or ``enrol`` a
key) → checks ask for it (``Roll``) → it signs events, numbered
without a gap → they come to the centre, late, twice or out of order (``take``): each is verified,
kept as it came, and becomes a leaf → what is missing, contradicts itself or tells an impossible time
is shown (``look``).

What it never does: take an event of a device that is not enrolled; change or leave out one that
verifies, be it a second content of a number, which is evidence of its own; hold a person's data.
"""

from liangming.device import codes
from liangming.device.enrol import Enrolled, disable, enrol, enrolled, find
from liangming.device.health import Health, health
from liangming.device.invite import Invite, invite
from liangming.device.look import Row, each_device, look
from liangming.device.redeem import attest, redeem
from liangming.device.roll import Roll
from liangming.device.statement import Statement
from liangming.device.take import Outcome, Taken, take

__all__ = [
    "Enrolled",
    "Health",
    "Invite",
    "Outcome",
    "Roll",
    "Row",
    "Statement",
    "Taken",
    "attest",
    "codes",
    "disable",
    "each_device",
    "enrol",
    "enrolled",
    "find",
    "health",
    "invite",
    "look",
    "redeem",
    "take",
]
