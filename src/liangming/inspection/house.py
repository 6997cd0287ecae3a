"""The house that is inspected."""

from __future__ import annotations

from dataclasses import dataclass

from liangming.check.premises import Premises
from liangming.docket import Records


@dataclass(frozen=True, slots=True)
class Inspected:
    """Its checks and log, and the docket that holds its mandates."""

    premises: Premises
    records: Records
