"""Look at what is shown: from evidence to facts, and to an identity that may be registered.

Nothing is decided here and nothing is stored.
"""

from __future__ import annotations

from typing import Final, cast

from liangming import method as shown
from liangming.check import confirmed, faults, seen
from liangming.check.examined import Examined, Sitting
from liangming.errors import Misuse
from liangming.law.words import Method

_FITS: Final[dict[type, frozenset[Method]]] = {
    shown.DocumentShown: frozenset({Method.DOCUMENT_SEEN, Method.DOCUMENT_READ}),
    shown.OrganisationShown: frozenset({Method.ORGANISATION}),
    shown.CredentialShown: frozenset({Method.NETWORK_CREDENTIAL}),
    shown.OrderCodeShown: frozenset({Method.ORDER_CODE}),
    shown.RegisteredShown: frozenset({Method.REGISTERED_SENDER}),
    shown.AgreementShown: frozenset({Method.AGREEMENT}),
    shown.PickupCodeShown: frozenset({Method.PICKUP_CODE}),
    shown.TicketShown: frozenset({Method.TICKET}),
    shown.PaymentShown: frozenset({Method.PAYMENT_CODE, Method.CASH, Method.BANK_CARD}),
    shown.FaceShown: frozenset({Method.FACE}),
}


def fits(method: Method, evidence: shown.Evidence) -> None:
    """Raise unless this evidence belongs to the chosen way.

    Raises:
        Misuse: ``check.evidence-unfit``.
    """
    if isinstance(evidence, shown.Unwilling):
        return
    if method not in _FITS[type(evidence)]:
        raise Misuse(faults.EVIDENCE_UNFIT, field="evidence.kind")
    if isinstance(evidence, shown.PaymentShown) and evidence.by != method.value:
        raise Misuse(faults.EVIDENCE_UNFIT, field="evidence.by")


_BY_ITSELF: Final = (shown.DocumentShown, shown.OrganisationShown, shown.Unwilling)


def by_itself(evidence: shown.Evidence) -> bool:
    """Whether this evidence is looked at without asking a store or a source."""
    return isinstance(evidence, _BY_ITSELF)


def at_once(sitting: Sitting, evidence: shown.Evidence) -> Examined:
    """Look at evidence that speaks by itself (:func:`by_itself`).

    Raises:
        Misuse: it does not fit, is malformed, or needs a person's eye first.
    """
    fits(sitting.method, evidence)
    if isinstance(evidence, shown.DocumentShown):
        return seen.of_document(sitting, evidence)
    if isinstance(evidence, shown.OrganisationShown):
        return seen.of_organisation(sitting, evidence)
    return unwilling(sitting.method)


async def examine(sitting: Sitting, evidence: shown.Evidence) -> Examined:
    """Look at evidence.

    Raises:
        Misuse: it does not fit, is malformed, or needs a person's eye first.
    """
    if by_itself(evidence):
        return at_once(sitting, evidence)
    fits(sitting.method, evidence)
    match evidence:
        case shown.FaceShown():
            return await confirmed.of_face(sitting, evidence)
        case _:
            return await _ask(sitting, evidence)


async def _ask(sitting: Sitting, evidence: shown.Evidence) -> Examined:
    """Evidence that a store or a source has to confirm."""
    match evidence:
        case shown.RegisteredShown():
            return await seen.of_registered(sitting, evidence)
        case shown.CredentialShown():
            return await confirmed.of_credential(sitting, evidence)
        case shown.OrderCodeShown():
            return await confirmed.of_order(sitting, evidence)
        case shown.AgreementShown():
            return await confirmed.of_agreement(sitting, evidence)
        case shown.PickupCodeShown():
            return await confirmed.of_pickup(sitting, evidence)
        case _:
            entitling = cast("shown.TicketShown | shown.PaymentShown", evidence)
            return await confirmed.of_entitling(sitting, entitling)


def unwilling(method: Method) -> Examined:
    """The sender was told why and shows nothing."""
    return Examined(method=method, facts={"refused_to_show": True, "document_shown": False})
