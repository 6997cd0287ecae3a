"""Identity documents: which kinds there are, what their numbers look like, and whose they are.

In this order: ``route`` guesses the kind from a scan; ``AcceptedDocuments`` says whether the
operator may take that kind and on which basis; ``parse`` reads the number as that kind; and
``same_name`` compares the name with the waybill.

A number that reads well shows that it was typed consistently. It never shows that the document is
genuine or that the holder is its owner, and nothing here says so. What is sourced at grade C can
warn and never block. No error and no representation repeats what was typed, and there is no
masked form of a number: after entry it is not shown again.
"""

from liangming.method.documents.accepted import (
    Acceptance,
    Accepted,
    AcceptedDocuments,
    LegalBasis,
    NotAccepted,
)
from liangming.method.documents.cautions import Caution
from liangming.method.documents.kinds import DocumentFormat, DocumentType, registry
from liangming.method.documents.mrz import Zone
from liangming.method.documents.names import (
    Comparison,
    Match,
    Mismatch,
    Unclear,
    Why,
    same_name,
)
from liangming.method.documents.parsed import Expiry, Parsed, Sex, same_holder
from liangming.method.documents.reading import parse
from liangming.method.documents.routing import route
from liangming.method.documents.uscc import Organisation, parse_organisation
from liangming.method.documents.validity import LONG_TERM

__all__ = [
    "LONG_TERM",
    "Acceptance",
    "Accepted",
    "AcceptedDocuments",
    "Caution",
    "Comparison",
    "DocumentFormat",
    "DocumentType",
    "Expiry",
    "LegalBasis",
    "Match",
    "Mismatch",
    "NotAccepted",
    "Organisation",
    "Parsed",
    "Sex",
    "Unclear",
    "Why",
    "Zone",
    "parse",
    "parse_organisation",
    "registry",
    "route",
    "same_holder",
    "same_name",
]
