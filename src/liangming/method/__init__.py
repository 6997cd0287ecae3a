"""How an identity, or an entitlement, can be shown (方式).

A way is a word of the law (``law.words.Method``); here stand what a person shows for it
(``evidence``), how documents are read and judged (``documents``), the codes we issue ourselves
(``pickup``, ``handover``), how often they may be tried (``limits``), and the ports of whoever
confirms (``ports``). This room never stores anything and never decides a check.
"""

from liangming.method.evidence import (
    AgreementShown,
    CredentialShown,
    DocumentShown,
    Evidence,
    FaceReport,
    FaceShown,
    OrderCodeShown,
    OrganisationShown,
    PaymentShown,
    PickupCodeShown,
    RegisteredShown,
    Shown,
    TicketShown,
    Unwilling,
)
from liangming.method.limits import AttemptLimiter
from liangming.method.ports import (
    AgreementSource,
    Answer,
    CardReader,
    Confirmed,
    CredentialSource,
    Denied,
    Down,
    EntitlementSource,
    Sources,
)

__all__ = [
    "AgreementShown",
    "AgreementSource",
    "Answer",
    "AttemptLimiter",
    "CardReader",
    "Confirmed",
    "CredentialShown",
    "CredentialSource",
    "Denied",
    "DocumentShown",
    "Down",
    "EntitlementSource",
    "Evidence",
    "FaceReport",
    "FaceShown",
    "OrderCodeShown",
    "OrganisationShown",
    "PaymentShown",
    "PickupCodeShown",
    "RegisteredShown",
    "Shown",
    "Sources",
    "TicketShown",
    "Unwilling",
]
