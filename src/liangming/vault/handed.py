"""What the vault hands out: a person's key while it is needed, and a bucket without its erased people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from liangming.vault.redaction import Redacted
from liangming.vault.suites import DataKey


class PersonKey(Redacted, msgspec.Struct, frozen=True, eq=False):
    """A person's data key, unwrapped; lives no longer than one request.

    Attributes:
        person: whose it is.
        wrapped: the form to store.
        data_key: ready for use.
        pad: a pad that was asked for with a fresh key; empty otherwise.
    """

    person: bytes
    wrapped: bytes
    data_key: DataKey
    pad: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class Punctured(Redacted):
    """A bucket without its erased people.

    Attributes:
        bucket: which.
        generation: the generation that everybody kept is now wrapped under; all below it may be
            destroyed once ``rewrapped`` is durable, in the live store and in a backup.
        rewrapped: person to wrapped key, to be stored in one transaction.
    """

    bucket: int
    generation: int
    rewrapped: Mapping[bytes, bytes]
