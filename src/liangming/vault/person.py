"""The vault: seals a person's fields under that person's key, and opens them for a purpose.

Pure and synchronous: it reads no clock, no file, no database. The order of one registration is
``blind_index`` → (unknown) ``new_person_key`` → ``seal_fields``; of a return, ``blind_index`` only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag

from liangming.errors import Misuse
from liangming.vault import codes
from liangming.vault.binding import BYTE, Binding, utf8, wrapping_aad
from liangming.vault.envelope import (
    WRAPPED_KEY,
    KeyRef,
    head_of,
    key_ref,
    open_sealed,
    parse,
    ref_of,
    seal,
)
from liangming.vault.fields import fields_of, plaintext
from liangming.vault.first import CHANCE_BYTES, Newcomer, Place, Sealed, seal_each
from liangming.vault.handed import PersonKey, Punctured
from liangming.vault.keys import OperatorKeys
from liangming.vault.pads import LASTING, PASSING, PERSON, pad, passing_secret
from liangming.vault.purpose import Opened, Purpose, Shredded, state_reason
from liangming.vault.redaction import Redacted
from liangming.vault.suites import AES, NONCE_BYTES, DataKey, Suite, by_tag

__all__ = ["CHANCE_BYTES", "INDEX_BYTES", "PersonKey", "Punctured", "Vault"]

INDEX_BYTES: Final = 16

_INDEX_LABEL: Final = b"liangming/vault/blind-index/1\x00"
_MAX_KIND: Final = 255
_MAX_NORMAL: Final = 65_535
_MAX_HELD: Final = 4096
_PEOPLE_A_DRAW: Final = 32
_HEAD_BYTES: Final = 19
_BODY_AT: Final = _HEAD_BYTES + NONCE_BYTES


@lru_cache(maxsize=256)  # a house has a dozen
def _kinds(kind: str) -> bytes:
    """A kind of document behind its length; nothing where it cannot be one."""
    what = utf8(kind)
    return BYTE[len(what)] + what if 0 < len(what) <= _MAX_KIND else b""


class Vault(Redacted):
    """Seals, opens, finds and shreds, with one ring of keys and one suite for what is new.

    Safe to share between threads. Made anew when the ring changes.

    Args:
        keys: the operator's ring.
        suite: for new person keys; what is stored opens in its own suite.
    """

    __slots__ = (
        "_generation",
        "_heads",
        "_held",
        "_index",
        "_keys",
        "_left",
        "_passing",
        "_place",
        "_suite",
    )

    def __init__(self, keys: OperatorKeys, suite: Suite = AES) -> None:
        self._keys = keys
        self._suite = suite
        self._index = by_tag(keys.index.suite).mac(keys.index.secret)
        self._index.update(_INDEX_LABEL)
        self._place: Place | None = None
        self._left = 0
        self._held: dict[tuple[KeyRef, int], DataKey] = {}
        self._heads: dict[bytes, DataKey] = {}  # the same, by the head of a wrapped key
        self._passing: dict[int, bytes] = {}
        self._generation = keys.current_ref(0).generation

    @property
    def suite(self) -> Suite:
        """The suite of new person keys."""
        return self._suite

    @property
    def index_version(self) -> int:
        """Version of the blind index key, kept beside each index."""
        return self._keys.index.version

    def blind_index(self, kind: str, normal: str) -> bytes:
        """A keyed index that finds a returning sender without keeping the number.

        HMAC over a label and length-prefixed parts, cut to 16 bytes. Among 10^10 persons the
        chance that any two share an index is about n²/2^129 = 1.5·10^-19; and cutting costs no
        secrecy, for guessing a number needs the key in any case. Document numbers are few enough
        to be tried one by one, so whoever holds the index key can test for a number: the key
        never leaves the ring.

        Args:
            kind: the kind of document, e.g. ``"cn-id"``.
            normal: its number in normal form.

        Raises:
            Misuse: ``vault.index-input``.
        """
        what, number = _kinds(kind), utf8(normal)
        size = len(number)
        if not what or not 0 < size <= _MAX_NORMAL:
            raise Misuse(codes.INDEX_INPUT)
        mac = self._index.copy()
        mac.update(what + size.to_bytes(2, "big") + number)
        return mac.finalize()[:INDEX_BYTES]

    def new_person_key(self, person: bytes, what: bytes = b"") -> PersonKey:
        """A fresh data key for a person, wrapped into a bucket drawn by lot.

        A bucket is drawn for 32 people at a time: its wrapping is derived once for them, and
        people who registered together tend to expire together.

        Args:
            person: whose it is.
            what: make the :meth:`person_pad` of it as well, without unwrapping for it.

        Raises:
            Misuse: ``vault.binding-malformed``.
        """
        suite = self._suite
        raw = urandom(suite.key_bytes)
        (place,) = self._next_places(1)
        wrapper = self._wrapper(place.ref, suite)
        wrapped = seal(wrapper, raw, wrapping_aad(person), ref=place.ref)
        made = pad(PERSON, raw, what) if what else b""
        return PersonKey(person, wrapped, suite.key(raw), made)

    def first_record(
        self, person: bytes, purpose: str, record: str, fields: Mapping[str, str], what: bytes = b""
    ) -> Sealed:
        """A fresh key for a person, and a record sealed under it, in one.

        The same as :meth:`new_person_key` and :meth:`seal_fields` (:mod:`liangming.vault.first`).

        Args:
            person: whose they are.
            purpose: as in a :class:`Binding`.
            record: as in a :class:`Binding`.
            fields: what is sealed.
            what: make the :meth:`person_pad` of it as well.

        Returns:
            The wrapped key and the sealed record to store, and the pad.

        Raises:
            Misuse: ``vault.binding-malformed``, ``vault.fields-malformed``.
        """
        newcomer = Newcomer(person, fields, what, urandom(CHANCE_BYTES))
        return self.first_records([newcomer], purpose, record)[0]

    def first_records(self, people: Sequence[Newcomer], purpose: str, record: str) -> list[Sealed]:
        """As :meth:`first_record`, for many people, each with random bytes of their own.

        Raises:
            Misuse: of the first for whom it cannot be; then it is done for nobody.
        """
        places = self._next_places(len(people))
        return seal_each(self._suite, places, people, purpose, record)

    def unwrap(self, wrapped: bytes, person: bytes) -> PersonKey:
        """A person's key from its stored form.

        Raises:
            Refusal: ``vault.key-unknown`` (destroyed, or another ring), ``vault.cannot-open``
                (altered, or another person's), or a code of the envelope.
        """
        suite, raw, _ = self._unwrap(wrapped, person)
        return PersonKey(person, wrapped, suite.key(raw))

    def person_pad(self, wrapped: bytes, person: bytes, what: bytes) -> bytes:
        """A pad (:mod:`liangming.vault.pads`) that is gone when this person's key is.

        Args:
            wrapped: the person's key as stored.
            person: whose it is.
            what: names the one secret that is kept under it.

        Raises:
            Refusal: as :meth:`unwrap`.
        """
        return pad(PERSON, self._raw(wrapped, person), what)

    def person_pads(
        self, keys: Sequence[tuple[bytes, bytes]], whats: Sequence[bytes]
    ) -> list[bytes]:
        """As :meth:`person_pad`, of many people: (wrapped key, person), and what each pad is for.

        Raises:
            Refusal: of the first that cannot be unwrapped.
        """
        secrets = [self._raw(wrapped, person) for wrapped, person in keys]
        return list(map(partial(pad, PERSON), secrets, whats))

    def passing_pad(self, generation: int, what: bytes) -> bytes:
        """A pad that is gone when the first bucket's key of this generation is.

        Raises:
            Refusal: ``vault.key-unknown``, it is gone.
        """
        secret = self._passing.get(generation)
        if secret is None:
            bucket = self._keys.bucket_secret(0, generation)
            secret = self._passing[generation] = passing_secret(bucket, generation)
        return pad(PASSING, secret, what)

    @property
    def passing_generation(self) -> int:
        """The generation for new passing pads."""
        return self._generation

    def lasting_pad(self, what: bytes) -> bytes:
        """A pad that stays as long as the ring."""
        return pad(LASTING, self._keys.leaf, what)

    def rewrap(self, wrapped: bytes, person: bytes) -> bytes:
        """The same person key under the current wrapping key and its bucket's current generation.

        Sealed records are not touched. What is current already comes back unchanged.

        Raises:
            Refusal: as :meth:`unwrap`.
        """
        suite, raw, ref = self._unwrap(wrapped, person)
        if ref == self._keys.current_ref(ref.bucket):
            return wrapped
        return self._wrap(suite, raw, person, ref.bucket)

    def seal_fields(
        self, person_key: PersonKey, binding: Binding, fields: Mapping[str, str]
    ) -> bytes:
        """Seal a record's fields.

        The text is filled up to whole steps of 64 bytes, so that the length of a name or an
        address does not show.

        Raises:
            Misuse: ``vault.wrong-binding``, ``vault.binding-malformed``, ``vault.fields-malformed``.
        """
        if person_key.person != binding.person:
            raise Misuse(codes.WRONG_BINDING)
        return seal(person_key.data_key, plaintext(fields), binding.encode())

    def open_fields(
        self,
        person_key: PersonKey,
        binding: Binding,
        sealed: bytes,
        *,
        purpose: Purpose,
        reason: str,
        actor: str,
        at: datetime,
        only: Collection[str] | None = None,
    ) -> tuple[dict[str, str], Opened]:
        """Open a record for a stated purpose.

        Args:
            person_key: of the person it belongs to.
            binding: as it was sealed.
            sealed: the stored bytes.
            purpose: from the closed list.
            reason: why now, without personal data.
            actor: id of the account that asks.
            at: now.
            only: hand out these fields and no others; all when absent.

        Returns:
            The fields, and the event that the caller must store. There is no way to the first
            without the second.

        Raises:
            Misuse: ``vault.purpose-required``, ``vault.reason-required``,
                ``vault.reason-personal``, ``vault.wrong-binding``, ``vault.binding-malformed``.
            Refusal: ``vault.cannot-open``, or a code of the envelope.
        """
        state_reason(purpose, reason, actor)
        if person_key.person != binding.person:
            raise Misuse(codes.WRONG_BINDING)
        fields = fields_of(open_sealed(person_key.data_key, sealed, binding.encode()))
        if only is not None:
            fields = {name: value for name, value in fields.items() if name in only}
        event = Opened(
            actor, binding.person, binding.record, tuple(sorted(fields)), purpose, reason, at
        )
        return fields, event

    def shred(self, wrapped: bytes, person: bytes, *, actor: str, at: datetime) -> Shredded:
        """What is left of a person whose wrapped key the store now deletes.

        Deleting makes the live store unreadable at once. Copies in backups stay readable until
        the bucket was renewed, punctured and its older generations destroyed: until
        :meth:`Shredded.is_final`. The order that the store keeps is in ``docs/adr/0004-vault.md``.

        A key that can no longer be unwrapped can still be shredded.

        Raises:
            Refusal: a code of the envelope.
        """
        return Shredded(person, key_ref(wrapped), actor, at)

    def puncture(
        self, bucket: int, keep: Mapping[bytes, bytes], drop: Collection[Shredded]
    ) -> Punctured:
        """Wrap everybody who stays in a renewed bucket under its new generation.

        All or nothing: one key that does not open stops it before anything is lost.

        Args:
            bucket: after :meth:`OperatorKeys.renew`.
            keep: every person of the bucket in the live store, with the wrapped key.
            drop: the erased of this bucket. They must have been deleted before the bucket was
                renewed, or a copy under the new generation could survive.

        Raises:
            Misuse: ``vault.bucket-not-renewed``, ``vault.bucket-mismatch``.
            Refusal: as :meth:`unwrap`.
        """
        generation = self._keys.current_ref(bucket).generation
        if any(gone.ref.bucket != bucket or gone.person in keep for gone in drop):
            raise Misuse(codes.BUCKET_MISMATCH)
        if any(key_ref(wrapped).bucket != bucket for wrapped in keep.values()):
            raise Misuse(codes.BUCKET_MISMATCH)
        if any(gone.ref.generation >= generation for gone in drop):
            raise Misuse(codes.BUCKET_NOT_RENEWED)
        moved = {person: self.rewrap(wrapped, person) for person, wrapped in keep.items()}
        return Punctured(bucket, generation, moved)

    def _next_places(self, many: int) -> list[Place]:
        # Threads may race here; then a bucket takes a few people more or fewer, no harm done.
        places: list[Place] = []
        while len(places) < many:
            place = self._place
            if place is None or self._left <= 0:
                bucket = int.from_bytes(urandom(4), "big") % len(self._keys.buckets)
                ref = self._keys.current_ref(bucket)
                head = head_of(WRAPPED_KEY, self._suite.tag, self._suite.key_bytes) + ref.encode()
                place = self._place = Place(ref, head, self._wrapper(ref, self._suite).aead.encrypt)
                self._left = _PEOPLE_A_DRAW
            some = max(1, min(self._left, many - len(places)))
            self._left -= some
            places += [place] * some
        return places

    def _wrap(self, suite: Suite, raw: bytes, person: bytes, bucket: int) -> bytes:
        ref = self._keys.current_ref(bucket)
        return seal(self._wrapper(ref, suite), raw, wrapping_aad(person), ref=ref)

    def _unwrap(self, wrapped: bytes, person: bytes) -> tuple[Suite, bytes, KeyRef]:
        envelope = parse(wrapped, WRAPPED_KEY)
        ref = ref_of(envelope)
        raw = envelope.open(self._wrapper(ref, envelope.suite), wrapping_aad(person))
        return envelope.suite, raw, ref

    def _raw(self, wrapped: bytes, person: bytes) -> bytes:
        """As :meth:`_unwrap`, in a third of the time where the same keys wrapped before."""
        head = wrapped[:_HEAD_BYTES]
        wrapper = self._heads.get(head)
        if wrapper is not None:
            nonce, body = wrapped[_HEAD_BYTES:_BODY_AT], wrapped[_BODY_AT:]
            try:
                return wrapper.aead.decrypt(nonce, body, head + wrapping_aad(person))
            except (InvalidTag, ValueError):
                wrapper = None  # said below, with what is wrong
        suite, raw, ref = self._unwrap(wrapped, person)
        if len(self._heads) >= _MAX_HELD:
            self._heads.clear()
        self._heads[head] = self._wrapper(ref, suite)
        return raw

    def _wrapper(self, ref: KeyRef, suite: Suite) -> DataKey:
        # Deriving takes 3-5 µs; a station's buckets all fit, a company's come and go.
        held = self._held.get((ref, suite.tag))
        if held is None:
            held = self._keys.wrapper(ref, suite)
            if len(self._held) >= _MAX_HELD:
                self._held.clear()
            self._held[ref, suite.tag] = held
        return held
