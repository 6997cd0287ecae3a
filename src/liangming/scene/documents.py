"""Names of document kinds that a scene file may list beside those the order itself lists.

The rooms ``scene`` and ``method`` stand side by side and do not see each other, so the names are
written here once more; a test holds them equal to ``method.documents``.

Law: realname.3
"""

from __future__ import annotations

from typing import Final

LISTED: Final = (
    "resident_card",
    "temporary_resident_card",
    "residence_permit_hmt",
    "travel_permit_hk_macao",
    "travel_permit_taiwan",
    "passport",
    "military",
    "armed_police",
)
"""Items (1) to (4) of the order: always accepted, cannot be configured away."""

LISTED_BASIS: Final = "realname.3"

TYPES: Final = (
    *LISTED,
    "travel_permit_hk_macao_foreign",
    "permanent_residence_2017",
    "permanent_residence_2023",
    "chinese_passport",
    "other",
)
"""Everything a file may name under ``accepts``."""
