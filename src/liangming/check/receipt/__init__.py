"""The receipt (回执): what the person takes away of one check.

Order: ``code`` names it without naming the check → ``make`` opens the leaves and proves them from
the published log → ``file`` is what is saved → ``verify`` believes it with the log's public key
alone. ``camera`` says of cameras only what is proven.

A receipt holds codes, ids, times, articles and the notices that were shown; never who the person
is. It stays valid after the registration is erased and after keys rotate.
"""

from liangming.check.receipt.camera import Camera, Seen, camera_of
from liangming.check.receipt.code import check_of, code_of, codes_of, typed
from liangming.check.receipt.file import (
    LARGEST,
    SUFFIX,
    Part,
    Receipt,
    encode_receipt,
    read_receipt,
)
from liangming.check.receipt.make import camera_told, in_the_log, make_receipt
from liangming.check.receipt.verify import (
    ProvenEvent,
    ProvenReceipt,
    tlog_proofs,
    verify_receipt,
)

__all__ = [
    "LARGEST",
    "SUFFIX",
    "Camera",
    "Part",
    "ProvenEvent",
    "ProvenReceipt",
    "Receipt",
    "Seen",
    "camera_of",
    "camera_told",
    "check_of",
    "code_of",
    "codes_of",
    "encode_receipt",
    "in_the_log",
    "make_receipt",
    "read_receipt",
    "tlog_proofs",
    "typed",
    "verify_receipt",
]
