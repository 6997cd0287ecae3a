"""``Idempotency-Key``: the same POST twice is one check, whatever the network did in between.

Order, for a request that carries a key:

1. the key is taken in this process; a second request meanwhile gets 409 [api.idempotency-key-running]
2. the store is asked: a remembered answer with the same body digest is given again, another
   digest is refused [api.idempotency-key-reused]
3. the deed runs; its answer is remembered **in the same commit** as what it did, so a crash
   leaves both or neither
4. two processes that race both reach the store; it lets one land, the other finds the answer

Whole checks that are answered together leave out step 2 (:mod:`liangming.api.turns`): the store refuses a key
that is there, and only then it is asked.

Failures are not remembered: what was refused may be mended and sent again under the same key.
Kept 24 hours, per client and route. Neither key nor body is stored: both may be built from
something about a person, so the store sees keyed digests (HMAC-SHA-256 under the token key).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import msgspec

from liangming.api import faults
from liangming.api.call import Call
from liangming.api.language import Language
from liangming.api.reply import JSON, Reply
from liangming.check.ports import KEY_REUSED, Remembered, Store
from liangming.clock import Clock, micros
from liangming.errors import LiangmingError, Misuse

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = (b"idempotency-replayed", b"true")

_FORM: Final = re.compile(rb'"([!#-~]{8,128})"|([!#-~]{8,128})')
_BODY: Final = b"liangming/idempotency/body/1\0"
_KEY: Final = b"liangming/idempotency/key/1\0"

T = TypeVar("T")
Place = tuple[str, str, str]  # client, route, digest of the key
Remember = Callable[[T], Remembered]
Deed = Callable[[Remember[T] | None], Awaitable[T]]
Render = Callable[[T], Reply]


class _Told(msgspec.Struct):
    """What the headers of a remembered answer need."""

    id: str
    language: Language


_told = msgspec.json.Decoder(_Told).decode


class Held(msgspec.Struct, frozen=True, gc=False):
    """A key that a call took, as the store knows it, and the digest of its body."""

    place: Place
    body: bytes


class Idempotency:
    """Gives remembered answers again.

    Args:
        store: where they are.
        token: the installation's token key.
        clock: for the moment of remembering.
    """

    def __init__(self, store: Store, token: bytes, clock: Clock) -> None:
        self._store = store
        self._keyed = hmac.new(token, digestmod=hashlib.sha256)
        self._clock = clock
        self._running: set[Place] = set()

    async def once(self, call: Call, raw: bytes, deed: Deed[T], render: Render[T]) -> Reply:
        """Do a deed once per key; without a key, do it.

        Args:
            call: whose header may carry the key.
            raw: the body as it was sent.
            deed: takes the function that remembers the answer in its own commit, or None.
            render: the answer to the state that the deed reached.

        Raises:
            Misuse: ``api.idempotency-key-form``, ``…-running``, ``…-reused``.
        """
        held = self.take(call, raw)
        if held is None:
            return render(await deed(None))
        try:
            return await self._once(held, deed, render)
        finally:
            self.leave(held)

    def take(self, call: Call, raw: bytes) -> Held | None:
        """Take the key of a call, if it carries one; whoever takes one leaves it at the end.

        Raises:
            Misuse: ``api.idempotency-key-form``, ``…-running``.
        """
        header = call.headers.get(b"idempotency-key")
        if header is None:
            return None
        form = _FORM.fullmatch(header)
        if form is None:
            raise Misuse(faults.KEY_FORM, field=HEADER)
        key = self._digest(_KEY, form.group(1) or form.group(2)).hex()[:32]
        place = (call.who.id, call.template, key)
        if place in self._running:
            raise Misuse(faults.KEY_RUNNING, retry_after=1)
        self._running.add(place)
        return Held(place, self._digest(_BODY, raw))

    def leave(self, held: Held) -> None:
        """The call that took a key is over."""
        self._running.discard(held.place)

    def note(self, held: Held, reply: Reply) -> Remembered:
        """The record of an answer, for the commit of what it answers."""
        client, route, key = held.place
        return Remembered(
            client=client,
            route=route,
            key=key,
            digest=held.body,
            status=reply.status,
            answer=reply.body,
            at=micros(self._clock.now()),
        )

    async def again(self, taken: Sequence[Held]) -> dict[Place, Reply | LiangmingError]:
        """What was answered before under these keys, or why it is not answered again.

        Raises:
            Outage: STORE_DOWN.
        """
        earlier = await self._store.remembered_many([held.place for held in taken])
        told: dict[Place, Reply | LiangmingError] = {}
        for held in taken:
            if (found := earlier.get(held.place)) is not None:
                try:
                    told[held.place] = _again(found, held.body)
                except Misuse as reused:
                    told[held.place] = reused
        return told

    async def _once(self, held: Held, deed: Deed[T], render: Render[T]) -> Reply:
        earlier = await self._store.remembered(*held.place)
        if earlier is not None:
            return _again(earlier, held.body)
        rendered: list[Reply] = []

        def remember(state: T) -> Remembered:
            reply = render(state)
            rendered.append(reply)
            return self.note(held, reply)

        try:
            await deed(remember)
        except LiangmingError:
            # Another process may have been first: then its answer is there now.
            earlier = await self._store.remembered(*held.place)
            if earlier is None:
                raise
            return _again(earlier, held.body)
        return rendered[-1]

    def _digest(self, context: bytes, value: bytes) -> bytes:
        keyed = self._keyed.copy()  # hmac.digest() would let go of Python's lock each time
        keyed.update(context + value)
        return keyed.digest()


def _again(earlier: Remembered, body: bytes) -> Reply:
    if not hmac.compare_digest(earlier.digest, body):
        raise Misuse(KEY_REUSED, field=HEADER)
    told = _told(earlier.answer)
    headers = (REPLAYED, (b"location", f"/v1/checks/{told.id}".encode()))
    return Reply(earlier.status, earlier.answer, JSON, told.language, headers)
