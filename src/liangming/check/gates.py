"""What stands open now beside the scene files: assessments of faces, contracts of providers.

A file is read at the start; an assessment may be withdrawn, opened again or approved while the service
runs, and a contract ends on a day. So each check asks here. ``governance.gates`` fills this from the
docket: at the start, after every step in this process, and every few seconds for steps elsewhere.

A scene of which the docket says nothing has the assessment that its file names. A provider that is
somebody else's is used only under a contract that stands; one that nobody named is barred, too.

Law: pipl.21, pipl.55, face.9
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from liangming.scene.model import Assessment, Scene


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What the docket says about a scene's assessment.

    Attributes:
        id: of the assessment.
        standing: approved, and neither withdrawn nor opened again.
        approved_on: its first day.
        approved_by: accounts.
        valid_until: its last day, if the operator set one.
    """

    id: str
    standing: bool
    approved_on: date = date.max
    approved_by: str = ""
    valid_until: date | None = None


class Gates:
    """The newest of what is known; one object, replaced inside, so that every reader sees it at once.

    Attributes:
        edition: changes whenever anything here did; whoever remembers answers keys them by it.
    """

    __slots__ = ("_contracts", "_rulings", "edition")

    def __init__(self) -> None:
        self._rulings: Mapping[str, Ruling] = {}
        self._contracts: Mapping[str, tuple[date, date]] = {}
        self.edition = 0

    def put(
        self, rulings: Mapping[str, Ruling], contracts: Mapping[str, tuple[date, date]]
    ) -> bool:
        """Replace what is known; gives whether anything changed.

        Args:
            rulings: by scene.
            contracts: first and last day of each contract that stands, by party.
        """
        if rulings == self._rulings and contracts == self._contracts:
            return False
        self._rulings, self._contracts = dict(rulings), dict(contracts)
        self.edition += 1
        return True

    def assessment(self, scene: Scene) -> Assessment | None:
        """The assessment that counts for a scene, whatever its days; None where there is none."""
        ruling = self._rulings.get(scene.id)
        if ruling is None:
            return scene.face.assessment if scene.face is not None else None
        if scene.face is None or not ruling.standing:
            return None
        return Assessment(
            id=ruling.id,
            approved_on=ruling.approved_on,
            approved_by=ruling.approved_by,
            valid_until=ruling.valid_until,
        )

    def assessed(self, scene: Scene, on: date) -> bool:
        """Whether an approved assessment is in force for the scene's face way on a day."""
        found = self.assessment(scene)
        return found is not None and found.in_force(on)

    def bound(self, party: str | None, on: date) -> bool:
        """Whether a provider may be used: our own (None), or somebody's under a contract that stands."""
        if party is None:
            return True
        span = self._contracts.get(party)
        return span is not None and span[0] <= on <= span[1]
