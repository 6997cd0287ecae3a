"""Who confirms an identity or an entitlement, outside this house (``method.ports``).

Real sources come with their contracts: a vendor's card reader, the national service, the
operator's own systems. Until then there are stand-ins that confess: every one is named
``Simulated…``, warns whenever it runs, and cannot be part of production (``refuse_in_production``).
"""

from liangming.providers.operator_list import ListedAgreements, ListedEntitlements
from liangming.providers.simulated import (
    SIMULATED,
    SimulatedAgreementSource,
    SimulatedCardReader,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
    refuse_in_production,
)

__all__ = [
    "SIMULATED",
    "ListedAgreements",
    "ListedEntitlements",
    "SimulatedAgreementSource",
    "SimulatedCardReader",
    "SimulatedCredentialSource",
    "SimulatedEntitlementSource",
    "refuse_in_production",
]
