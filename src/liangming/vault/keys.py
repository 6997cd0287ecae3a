"""The operator's key ring: an immutable value; every change is a new ring with a higher revision.

Two kinds of keys wrap a person's key together, because they live by opposite rules:

* the *wrapping key* may be copied and kept for years; it rotates, older ones unwrap only;
* the *bucket key* must be forgotten for good when a person of that bucket is erased. Only its
  newest state may exist, anywhere. A bucket is renewed (a new generation beside the old), its
  people are wrapped again, then the old generation is destroyed (``docs/adr/0004-vault.md``).

Everything is random and stored as such; nothing is derived from something that outlives it, since
a key that can be derived again cannot be destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from os import urandom
from typing import Final

import msgspec

from liangming.clock import micros
from liangming.errors import Misuse, Refusal
from liangming.vault import codes
from liangming.vault.envelope import KeyRef
from liangming.vault.redaction import Redacted
from liangming.vault.suites import AES, DataKey, Suite

SECRET_BYTES: Final = 32
DEFAULT_BUCKETS: Final = 1024  # a station: about a hundred people a bucket at 100,000 people
MAX_BUCKETS: Final = 65_536  # 3 MB of key file; about 15,000 people a bucket at a billion people

_UINT32: Final = 0xFFFF_FFFF
_WRAP_INFO: Final = b"liangming/vault/wrap/1\x00"


class WrappingKey(Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the operator's wrapping keys; ``made`` is in microseconds since 1970."""

    id: int
    secret: bytes
    made: int


class BucketKey(Redacted, msgspec.Struct, frozen=True, array_like=True):
    """One generation of a bucket's key."""

    generation: int
    secret: bytes


class IndexKey(Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The blind index key; its suite is fixed with it, since another hash would lose everybody."""

    version: int
    suite: int
    secret: bytes


class OperatorKeys(Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ring.

    Attributes:
        revision: grows by one with every change; guards against two writers.
        wrapping: oldest first; the last is current.
        index: finds a returning sender.
        leaf: salts of ledger leaves.
        signing: Ed25519 seed, for hand-over codes and receipts.
        token: API cursors and hashes of client keys.
        buckets: for each bucket its keys, oldest first; one each, two while it is being renewed.
    """

    revision: int
    wrapping: tuple[WrappingKey, ...]
    index: IndexKey
    leaf: bytes
    signing: bytes
    token: bytes
    buckets: tuple[tuple[BucketKey, ...], ...]

    def __post_init__(self) -> None:
        secrets = [key.secret for key in self.wrapping]
        secrets += [self.index.secret, self.leaf, self.signing, self.token]
        secrets += [key.secret for bucket in self.buckets for key in bucket]
        sound = (
            all(len(secret) == SECRET_BYTES for secret in secrets)
            and self.revision >= 1
            and self.index.version >= 1
            and _rising(key.id for key in self.wrapping)
            and 1 <= len(self.buckets) <= MAX_BUCKETS
            and all(_rising(key.generation for key in bucket) for bucket in self.buckets)
        )
        if not sound:
            raise Misuse(codes.KEYS_MALFORMED)

    @classmethod
    def fresh(
        cls, at: datetime, *, buckets: int = DEFAULT_BUCKETS, index_suite: Suite = AES
    ) -> OperatorKeys:
        """A new ring with new random keys.

        Args:
            at: now.
            buckets: 1 to 65,536; see :meth:`grow`.
            index_suite: whose hash the blind index uses for good.
        """
        if not 1 <= buckets <= MAX_BUCKETS:
            raise Misuse(codes.KEYS_MALFORMED)
        return cls(
            revision=1,
            wrapping=(WrappingKey(1, urandom(SECRET_BYTES), micros(at)),),
            index=IndexKey(1, index_suite.tag, urandom(SECRET_BYTES)),
            leaf=urandom(SECRET_BYTES),
            signing=urandom(SECRET_BYTES),
            token=urandom(SECRET_BYTES),
            buckets=_new_buckets(buckets),
        )

    @property
    def current(self) -> WrappingKey:
        """The wrapping key for new and moved person keys."""
        return self.wrapping[-1]

    def current_ref(self, bucket: int) -> KeyRef:
        """Where a person key wrapped into this bucket now belongs.

        Raises:
            Refusal: ``vault.key-unknown``, no such bucket.
        """
        return KeyRef(self.wrapping[-1].id, bucket, self._bucket(bucket)[-1].generation)

    def holds(self, ref: KeyRef) -> bool:
        """Whether this ring can still unwrap what these keys wrapped."""
        return (
            any(key.id == ref.key for key in self.wrapping)
            and ref.bucket < len(self.buckets)
            and any(key.generation == ref.generation for key in self.buckets[ref.bucket])
        )

    def bucket_secret(self, bucket: int, generation: int) -> bytes:
        """One generation of a bucket's key; it lives exactly as long as that.

        Raises:
            Refusal: ``vault.key-unknown``.
        """
        for key in self._bucket(bucket):
            if key.generation == generation:
                return key.secret
        raise Refusal(codes.KEY_UNKNOWN)

    def rotate(self, at: datetime) -> OperatorKeys:
        """A ring with a new current wrapping key; the older ones still unwrap."""
        key = WrappingKey(self.current.id + 1, urandom(SECRET_BYTES), micros(at))
        return self._with(wrapping=(*self.wrapping, key))

    def retire(self, key: int) -> OperatorKeys:
        """A ring without an older wrapping key, once nothing is wrapped under it any more.

        Raises:
            Misuse: ``vault.key-in-use``, it is the current one.
            Refusal: ``vault.key-unknown``.
        """
        if key == self.current.id:
            raise Misuse(codes.KEY_IN_USE)
        kept = tuple(held for held in self.wrapping if held.id != key)
        if len(kept) == len(self.wrapping):
            raise Refusal(codes.KEY_UNKNOWN)
        return self._with(wrapping=kept)

    def renew(self, buckets: Iterable[int]) -> OperatorKeys:
        """A ring in which these buckets have a new generation beside the old ones.

        Call it only after the erased person's wrapped key is gone from the live store: a copy
        made later would be wrapped under the new generation and survive.

        Raises:
            Refusal: ``vault.key-unknown``, no such bucket.
        """
        changed = list(self.buckets)
        for bucket in set(buckets):
            held = self._bucket(bucket)
            fresh = BucketKey(held[-1].generation + 1, urandom(SECRET_BYTES))
            changed[bucket] = (*held, fresh)
        return self._with(buckets=tuple(changed))

    def destroy(self, below: Mapping[int, int]) -> OperatorKeys:
        """A ring that has forgotten, for each bucket, all generations below the given one.

        This is the point of no return: whatever is still wrapped under them is lost, which is
        the purpose for the erased and a disaster for anybody not yet moved.

        Raises:
            Misuse: ``vault.key-in-use``, it would leave the bucket without its current key.
            Refusal: ``vault.key-unknown``, no such bucket.
        """
        changed = list(self.buckets)
        for bucket, generation in below.items():
            held = self._bucket(bucket)
            if generation > held[-1].generation:
                raise Misuse(codes.KEY_IN_USE)
            changed[bucket] = tuple(key for key in held if key.generation >= generation)
        return self._with(buckets=tuple(changed))

    def grow(self, buckets: int) -> OperatorKeys:
        """A ring with more buckets; people move there as their keys are wrapped again.

        Raises:
            Misuse: ``vault.keys-malformed``, fewer than now or too many.
        """
        if not len(self.buckets) <= buckets <= MAX_BUCKETS:
            raise Misuse(codes.KEYS_MALFORMED)
        return self._with(buckets=self.buckets + _new_buckets(buckets - len(self.buckets)))

    def wrapper(self, ref: KeyRef, suite: Suite) -> DataKey:
        """The key that wraps person keys for these keys and this suite.

        HKDF with the wrapping key as salt and the bucket key as input keying material: without
        either of them the result is out of reach.

        Raises:
            Refusal: ``vault.key-unknown``.
        """
        for wrapping in self.wrapping:
            if wrapping.id == ref.key:
                break
        else:
            raise Refusal(codes.KEY_UNKNOWN)
        secret = self.bucket_secret(ref.bucket, ref.generation)
        info = _WRAP_INFO + bytes((suite.tag,)) + ref.encode()
        raw = suite.derive(salt=wrapping.secret, secret=secret, info=info, length=suite.key_bytes)
        return suite.key(raw)

    def _bucket(self, bucket: int) -> tuple[BucketKey, ...]:
        if not 0 <= bucket < len(self.buckets):
            raise Refusal(codes.KEY_UNKNOWN)
        return self.buckets[bucket]

    def _with(
        self,
        *,
        wrapping: tuple[WrappingKey, ...] | None = None,
        buckets: tuple[tuple[BucketKey, ...], ...] | None = None,
    ) -> OperatorKeys:
        return OperatorKeys(
            revision=self.revision + 1,
            wrapping=self.wrapping if wrapping is None else wrapping,
            index=self.index,
            leaf=self.leaf,
            signing=self.signing,
            token=self.token,
            buckets=self.buckets if buckets is None else buckets,
        )


def _new_buckets(count: int) -> tuple[tuple[BucketKey, ...], ...]:
    return tuple((BucketKey(1, urandom(SECRET_BYTES)),) for _ in range(count))


def _rising(numbers: Iterable[int]) -> bool:
    """At least one, each in 1 … 2^32-1, each above the one before."""
    last = 0
    for number in numbers:
        if not last < number <= _UINT32:
            return False
        last = number
    return last > 0
