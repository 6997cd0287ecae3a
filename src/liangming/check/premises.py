"""Everything that a check needs around it, plugged together once by ``assembly``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming.check.begun import Moulds
from liangming.check.counters import Counters
from liangming.check.decisions import Decisions
from liangming.check.devices import Devices, KnownDevices
from liangming.check.gates import Gates
from liangming.check.ports import Store
from liangming.clock import Clock
from liangming.ledger import TileStore, Trust
from liangming.ledger.circle import Standing
from liangming.method import AttemptLimiter, Sources
from liangming.notice import Notice, Shelf, Wording, compose
from liangming.rules import Corpus
from liangming.scene.model import Scene
from liangming.vault import OperatorKeys, Vault


@dataclass(frozen=True, slots=True)
class Told:
    """A composed notice and its digest."""

    notice: Notice
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """The published log, to prove from: its files, who is believed about it, how its witnesses stand."""

    tiles: TileStore
    trust: Trust
    standing: Callable[[], Sequence[Standing]] = tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """The house as a check sees it. Only lawful scenes are in ``scenes`` (I1)."""

    clock: Clock
    corpus: Corpus
    scenes: Mapping[str, Scene]
    store: Store
    keys: OperatorKeys
    vault: Vault
    sources: Sources = field(default_factory=Sources)
    devices: Devices = field(default_factory=KnownDevices)
    limiter: AttemptLimiter = field(default_factory=AttemptLimiter)
    order_code_life: timedelta = timedelta(hours=24)
    allow_test_region: bool = False
    record: Record | None = None
    counters: Counters | None = None  # what devices' own counters say around a check
    gates: Gates = field(default_factory=Gates)
    cuts: bool = False  # the store's writer, in a process of its own, cuts the leaves of checks
    far: bool = False  # the store's look-ups are round trips, so larger passes pay
    decisions: Decisions = field(init=False)
    ways: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False)  # see check.open
    moulds: Moulds = field(default_factory=Moulds, init=False)  # see check.whole
    shelf: Shelf = field(default_factory=Shelf)
    notices: dict[tuple[str, str, int], Told] = field(default_factory=dict, init=False)
    signer: Ed25519PrivateKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Derive what follows from the parts."""
        object.__setattr__(self, "decisions", Decisions(self.corpus))
        object.__setattr__(self, "signer", Ed25519PrivateKey.from_private_bytes(self.keys.signing))

    @property
    def simulated(self) -> bool:
        """Whether any source is a stand-in, so that outcomes prove nothing."""
        named = (self.sources.credential, self.sources.entitlement, self.sources.agreement)
        return any(source is not None and source.simulated for source in named)

    def notice(self, scene: Scene, family: str = "", *, at: datetime | None = None) -> Told:
        """The notice of a scene that is in force at a moment (now if None), composed once."""
        moment = self.clock.now() if at is None else at
        wording = self.shelf.wording(scene.operator.id, family or scene.notice, moment)
        return self._told(scene, family, wording)

    def every_notice(self, scene: Scene, family: str = "") -> list[Told]:
        """Every notice of a scene that may have been shown, retired ones included."""
        wordings = self.shelf.wordings(scene.operator.id, family or scene.notice)
        return [self._told(scene, family, wording) for wording in wordings]

    def _told(self, scene: Scene, family: str, wording: Wording | None) -> Told:
        key = (scene.id, family, 0 if wording is None else wording.version)
        told = self.notices.get(key)
        if told is None:
            notice = compose(scene, family or None, wording)
            told = self.notices[key] = Told(notice, notice.digest)
        return told

    def notice_of(self, scene: Scene, opened: datetime, family: str, *, at: datetime) -> Told:
        """The notice of a check: the one in force when it opened.

        Where purpose, method or type changed since, the one in force now: what the person was told
        before does not count for it.

        Law: pipl.14
        """
        anew = self.shelf.matters(scene.operator.id, family or scene.notice, opened, at)
        return self.notice(scene, family, at=at if anew else opened)

    def devices_at(self, scene: str) -> tuple[str, ...]:
        """Ids of the enabled devices at a scene; each has a camera."""
        return self.devices.here(scene)
