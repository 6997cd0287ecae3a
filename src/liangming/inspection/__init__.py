"""The authority's visit (检查): a mandate, a sample that nobody chose, a packet verified offline.

Order: ``mandate`` is written by the authority, with the digest of a secret → ``register`` makes it
a leaf → ``draw`` fixes the sample from secret and log → ``plan`` says exactly what will be opened →
two ``people`` approve (``FourEyes``) → ``make`` gathers it again and writes one file → ``verify``
believes that file point by point with the log's public key alone.

Afterwards ``findings`` of the ``catalogue`` are recorded and put right.

The inspector's own acts are leaves (``events``). A packet holds events of checks, never who a person
is; nothing is handed out without two people's approval or without evidence; a leaf whose key is
gone is counted, never passed over.
"""

from liangming.inspection.draw import commitment, draw, new_secret, seed_of
from liangming.inspection.gather import plan_packet
from liangming.inspection.house import Inspected
from liangming.inspection.make import make_packet
from liangming.inspection.mandate import Mandate, read_mandate
from liangming.inspection.people import Approver, Role, new_approver, read_approver
from liangming.inspection.plan import (
    FourEyes,
    Plan,
    approval_of,
    approved,
    decode_plan,
    encode_plan,
)
from liangming.inspection.register import act, register, registered
from liangming.inspection.verify import Point, Said, Verdict, verify_packet

__all__ = [
    "Approver",
    "FourEyes",
    "Inspected",
    "Mandate",
    "Plan",
    "Point",
    "Role",
    "Said",
    "Verdict",
    "act",
    "approval_of",
    "approved",
    "commitment",
    "decode_plan",
    "draw",
    "encode_plan",
    "make_packet",
    "new_approver",
    "new_secret",
    "plan_packet",
    "read_approver",
    "read_mandate",
    "register",
    "registered",
    "seed_of",
    "verify_packet",
]
