"""What the vault needs from the world: a place that keeps the operator's keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from liangming.vault.keys import OperatorKeys
from liangming.vault.redaction import Redacted


@dataclass(frozen=True, slots=True, repr=False)
class Loaded(Redacted):
    """The ring, and whether this very call created it (then say :data:`BACKUP_NOTICE`)."""

    keys: OperatorKeys
    created: bool


class KeyCustody(Protocol):
    """Keeps the ring: a key file here; PKCS#11 or a KMS behind the same two verbs.

    Durability: when either verb returns, a power cut loses nothing. Concurrency: any number of
    processes; of two that create at once both get the same ring; of two that change at once one
    wins and the other is refused. Retries: both verbs may be repeated after any failure.
    Forgetting: after :meth:`store` the replaced ring can no longer be had from this custody.
    """

    def load(self, at: datetime) -> Loaded:
        """The ring; made, kept and returned when there is none yet.

        Args:
            at: now, the birth of new keys.

        Raises:
            Misuse: it must not be used as it is (its code says why and the mend).
            Outage: it cannot be reached.
        """
        ...

    def store(self, keys: OperatorKeys, *, replacing: OperatorKeys) -> None:
        """Keep a new ring in the place of the one it was made from.

        Raises:
            Misuse: ``vault.key-file-changed``, somebody else changed it; nothing was written.
            Outage: it cannot be reached; the old ring is still there.
        """
        ...
