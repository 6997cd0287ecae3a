"""What a person agreed to (同意): given, declined, withdrawn, expired.

A *separate* consent (单独同意) is one act for one purpose, on one device, under one notice that was
shown before. There is no bundle, no default and no re-asking: a decline is kept for the whole
check. Withdrawing is one act too and always possible. This room never decides whether a camera
may open; the law does, with the facts from here.

Law: pipl.14, pipl.15, pipl.29, netdata.22, netdata.62, face.6
"""

from liangming.consent.separate import (
    NOT_GIVEN,
    NOTICE_NOT_SHOWN,
    NOTICE_SUPERSEDED,
    Consent,
    State,
    covers,
    give,
    withdraw,
)

__all__ = [
    "NOTICE_NOT_SHOWN",
    "NOTICE_SUPERSEDED",
    "NOT_GIVEN",
    "Consent",
    "State",
    "covers",
    "give",
    "withdraw",
]
