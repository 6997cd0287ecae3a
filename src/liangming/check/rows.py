"""What a store keeps of a check, of persons, clients and events, row by row.

Rows hold nothing that could lead back to them, so the collector of cycles need not look (``gc``).
Rows hold no plaintext about a person: identity is sealed, a person is named only by a keyed
index, bodies and answers carry outcomes, ids and citations.
"""

from __future__ import annotations

import msgspec


class CheckRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One check as stored: columns to find it by, and its state as a tagged body."""

    id: str
    operator: str
    scene: str
    outlet: str
    kind: str
    state: str  # tag of the state: opened, choosing, …, passed
    version: int  # 1 when new, +1 per move
    person: bytes | None  # keyed index, 16 bytes; None until registered, and after erasure
    opened_at: int  # µs since 1970, UTC
    changed_at: int
    expires_at: int
    leaf_key: bytes  # of this check's leaves, never plain: see check.leaf_keys; empty when erased
    body: bytes  # JSON of the state (check.states), nothing about the person


class PersonRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One registered person: everything about them is sealed."""

    person: bytes  # keyed index, 16 bytes
    operator: str
    index_version: int
    wrapped_key: bytes  # the person's data key under the operator's
    sealed: bytes  # envelope with the registered fields
    registered_at: int  # µs
    last_seen_at: int
    keep_until: int  # µs; retention


class LeafRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One event of a check, and its ledger leaf. The store gives it its place in the log."""

    check: str
    number: int  # 0, 1, 2 … within the check
    tag: str
    at: int  # µs
    facts: bytes  # canonical JSON, no personal data
    leaf: bytes  # the versioned record that enters the log


class Redemption(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A single-use code is used up in the same commit; using it twice fails with CODE_USED."""

    code: bytes  # 32-byte digest of the code's id
    at: int


class Remembered(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """An idempotency record: the answer to give again."""

    client: str
    route: str
    key: str
    digest: bytes  # SHA-256 of the request body
    status: int
    answer: bytes  # JSON, no personal data
    at: int  # µs; forgotten after 24 h


class ConsentRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A consent as given or withdrawn; the receipt proves it."""

    id: str
    check: str
    scene: str
    purpose: str
    notice: str  # digest of the notice shown
    device: str
    state: str  # given, withdrawn, expired
    at: int  # µs of the last change


class PickupCode(msgspec.Struct, frozen=True, kw_only=True):
    """A pick-up code that waits: a keyed digest, never the code."""

    digest: bytes  # HMAC over scene and code
    scene: str
    parcel: str  # the operator's opaque reference
    expires_at: int  # µs


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """An API client: the digests of its keys, and what it may do.

    Attributes:
        id: ``cli_…``; it stands in the key, so a key can be told from another by it.
        operator: whose scenes and checks it sees.
        name: for people.
        digest: keyed digest of the secret; empty while there is no key yet.
        scopes: what it may do.
        created_at: µs.
        revoked_at: µs; nothing opens with it any more.
        scenes: only these scenes; with ``outlets`` empty as well: all of the operator.
        outlets: the scenes of these outlets.
        days: how long a key of it lives; 0: without an end.
        expires_at: µs, of the present key.
        hint: the first four characters of the present secret, to tell keys apart.
        former: digest of the key before, while it still opens.
        former_until: µs.
        used_on: µs of the beginning of the day (in China) on which it was used last.
        asked_by: who asked for it, where a second person has to agree.
        agreed_by: who agreed; empty while it waits, and where nobody had to.
        version: 1 when new, +1 per change.
    """

    id: str
    operator: str
    name: str
    digest: bytes
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None = None
    scenes: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    days: int = 0
    expires_at: int | None = None
    hint: str = ""
    former: bytes = b""
    former_until: int | None = None
    used_on: int | None = None
    asked_by: str = ""
    agreed_by: str = ""
    version: int = 1

    @property
    def waits(self) -> bool:
        """Whether a second person has still to agree."""
        return bool(self.asked_by) and not self.agreed_by

    @property
    def limited(self) -> bool:
        """Whether it sees only a part of its operator's scenes."""
        return bool(self.scenes or self.outlets)

    def reaches(self, scene: str, outlet: str) -> bool:
        """Whether a scene of its operator is among those it sees."""
        return not (self.scenes or self.outlets) or scene in self.scenes or outlet in self.outlets

    def opens(self, at: int) -> bool:
        """Whether its present key opens anything at a moment (µs)."""
        held = bool(self.digest) and self.revoked_at is None
        return held and (self.expires_at is None or at < self.expires_at)


class Run(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The events of a poured check (:mod:`liangming.check.pattern`).

    Attributes:
        key: of the pattern.
        pattern: its bytes, which the store keeps once; empty where it is known to have them.
        leaves: one leaf behind another; they enter the log in this order. Empty where the store's
            writer cuts them.
        tags: of the events; empty where the pattern is.
        leaf_key: for a writer that cuts the leaves: their key, open. It is never stored.
        spelled: the same: what is the check's own in its events, as stencils take it.
    """

    key: bytes
    pattern: bytes
    leaves: bytes
    tags: tuple[str, ...]
    leaf_key: bytes = b""
    spelled: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "<Run>"


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """Everything one move writes: it lands together or not at all.

    ``check.version == 1`` inserts; otherwise the stored version must be ``version - 1``.
    ``person`` is inserted if the index is new, otherwise only ``last_seen_at`` and
    ``keep_until`` move forward: a returning sender is never collected again (I9).

    The check's leaf key is kept under the key of the person, new or seen again. So the change
    lands only if that person's wrapped key is, in the end, ``holder_key``: another counter may
    have registered them first, or an erasure come between. Then it fails with MOVED_ON.
    """

    check: CheckRow
    leaves: tuple[LeafRow, ...]
    person: PersonRow | None = None
    seen: bytes | None = None  # a person seen again: only last_seen_at/keep_until move
    seen_keep_until: int = 0
    holder_key: bytes = b""  # the person's wrapped key, as the leaf key was kept under it
    consent: ConsentRow | None = None
    redeem: tuple[Redemption, ...] = ()
    remember: Remembered | None = None
    run: Run | None = None  # instead of leaves; then the check's body names the same pattern
