"""One identity check (查验), from opening to outcome.

Order: ``open`` settles ground, demands and ways → the notice is shown → the person chooses, says
no, changes their mind (``journey``) → ``present`` looks at the evidence, asks the law, registers →
passed, refused, undetermined, expired. ``whole`` takes all of it in one call, through the same
states. ``conclude`` ends a check without evidence; ``codes`` issues hand-over and pick-up codes.

Every move is a pure function that leaves events (``moves``, ``events``); every use case makes its
move durable in one commit through the ``Store`` (``ports``). A check never holds personal data,
never asks again what was declined, and never refuses for a reason outside the closed list.
"""

from liangming.check.devices import Device, Devices, KnownDevices
from liangming.check.open import Opening, open_check
from liangming.check.ports import Store
from liangming.check.premises import Premises
from liangming.check.present import present
from liangming.check.states import State
from liangming.check.together import whole_many
from liangming.check.whole import WholeCheck, whole

__all__ = [
    "Device",
    "Devices",
    "KnownDevices",
    "Opening",
    "Premises",
    "State",
    "Store",
    "WholeCheck",
    "open_check",
    "present",
    "whole",
    "whole_many",
]
