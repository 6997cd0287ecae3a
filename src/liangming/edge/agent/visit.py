"""One person's way through the face at this machine: the states of ``face.order``, and the centre.

What the face is compared with: the card on the reader, or the template that the person's number
claims; at a locker or a kiosk the template's own card lies there, too, and is what the centre registers. A visit
that *keeps* takes the card's holder, or where there is no reader whoever asked, and tells the centre
nothing but its counts.

Each step is an act of its own on the screen. Whatever fails leads back to the other ways.
"""

from __future__ import annotations

import hmac
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import msgspec

from liangming.clock import Clock, china_date
from liangming.edge.agent.centre import Centre
from liangming.edge.agent.counter import Counted, Counter
from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.screen import PageScreen
from liangming.edge.face import match, order, outcome
from liangming.edge.face.look import Tools, look
from liangming.edge.face.order import Looked, Result, Why
from liangming.edge.face.ports import Vector
from liangming.edge.reader.frames import CardRead
from liangming.edge.reader.simulated import Reader
from liangming.edge.template.kept import Held, Keeper, Templates
from liangming.errors import LiangmingError
from liangming.law import values
from liangming.method import AttemptLimiter, DocumentShown


class Parts(Protocol):
    """What a machine with a face has: made anew for each visit, so that nothing stays behind."""

    simulated: bool
    backend: str
    models: tuple[str, ...]  # that a look may name
    camera: str  # driver, vendor and product, as the statement says it

    def there(self) -> tuple[bool, bool]:
        """Whether the enrolled camera and the card reader are there now."""
        ...

    def tools(self, screen: PageScreen, least: int) -> Tools:
        """Camera, screen and models."""
        ...

    def reader(self) -> Reader:
        """The card reader."""
        ...


@dataclass
class Visit:
    """One look from choice to outcome; dropped when it is over."""

    enrolment: Enrolment
    centre: Centre
    journal: Journal
    memory: Memory
    clock: Clock
    parts: Parts
    check: str
    templates: Templates
    counter: Counter
    limit: AttemptLimiter  # of tries at this machine, by card or template, whatever the visit
    lags: deque[float] = field(
        default_factory=deque
    )  # of the screen's light, as the last looks saw it
    claim: Held | None = None
    keep: bool = False
    number: str = ""  # of a template that was just kept: shown once
    template: str = ""
    look: order.Look = field(init=False)
    screen: PageScreen = field(default_factory=PageScreen)
    last: Looked | None = None
    passed: bool = False
    over: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.look = order.Waiting(check=self.check, device=self.enrolment.device)

    def notice(self) -> list[tuple[str, str]]:
        """Show the face's notice; from here on consent may be asked. The check is told first."""
        digest, items = self.centre.notice()
        self.centre.choose(self.check, "face")
        self.centre.told(self.check)
        self.look = order.tell(self.look, digest)
        return items

    def agree(self, *, by_guardian: bool) -> None:
        """Separate consent on this device, then the camera, in a thread of its own."""
        of_age = values.child_age.at(china_date(self.clock.now()))
        age = of_age - 1 if by_guardian else of_age
        nonce = self.centre.consent(self.check, age=age, by_guardian=by_guardian)
        self.look = order.agree(self.look, consent=self.check, nonce=nonce)
        self.watch()

    def watch(self) -> None:
        """One try."""
        watching = order.open_camera(self.look)
        self.look = watching
        self.over.clear()
        self._thread = threading.Thread(target=self._run, args=(watching,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """The stop button, or the way back: no frame is taken after this returns.

        Whoever tried to the end did not decline: what came of it is written down already.
        """
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if not isinstance(self.look, order.Declined | order.Ended):
            self.look = order.decline(self.look)
            try:
                self._leave("device:face:declined")
            finally:
                self._tell_centre()

    def _run(self, watching: order.Watching) -> None:
        card: CardRead | None = None
        looked = Looked(result=Result.ABSTAIN, why=Why.MODEL)
        try:
            tools = self.parts.tools(self.screen, self.enrolment.least)
            tools = replace(tools, camera=Counted(tools.camera, self.counter))
            if self.enrolment.reads_cards:
                looked, card = self._with_card(watching, tools)
            elif self.keep:
                looked = self._kept(watching, tools)
            elif self.claim is not None:
                looked = self._limited(self.claim.template, watching, tools, self.claim)
        except LiangmingError:
            looked = Looked(result=Result.ABSTAIN, why=Why.MODEL)
        finally:
            self._conclude(watching, looked, card)

    def _with_card(self, watching: order.Watching, tools: Tools) -> tuple[Looked, CardRead | None]:
        reference: Vector | None = None
        reader = self.parts.reader()
        try:
            card = reader.read()
            picture = reader.picture(card.photo)
        except LiangmingError:
            return Looked(result=Result.ABSTAIN, why=Why.NO_REFERENCE), None
        try:
            if self.claim is not None:  # its card, and no other
                if not self.claim.belongs_to(card.number):
                    return Looked(result=Result.ABSTAIN, why=Why.NO_REFERENCE), None
                return self._limited(card.number, watching, tools, self.claim), card
            faces = tools.finder.find(picture)
            reference = tools.embedder.embed(picture, faces[0]) if faces else None
            if self.keep:
                if reference is None:
                    return Looked(result=Result.ABSTAIN, why=Why.NO_REFERENCE), None
                return self._kept(watching, tools, card.number, reference), None
            return self._limited(card.number, watching, tools, reference), card
        finally:
            picture.fill(0)
            if reference is not None:
                match.wiped(reference)

    def _limited(
        self,
        who: str,
        watching: order.Watching,
        tools: Tools,
        reference: Vector | match.Reference | None,
    ) -> Looked:
        """A look, if this card or template had none that failed three times within the hour.

        Beginning anew at the start is no new right to three tries: it would multiply every error rate.
        """
        place = hmac.digest(bytes.fromhex(self.enrolment.secret), who.encode(), "sha256").hex()
        try:
            self.limit.admit(place, self.clock.now())
        except LiangmingError:
            return Looked(result=Result.ABSTAIN, why=Why.TRIED)
        looked = look(watching, tools, reference, stop=self._stop.is_set)
        if looked.taken and looked.result is not Result.MATCH and looked.why is not Why.STOPPED:
            self.limit.failed(place, self.clock.now())
        return looked

    def _kept(
        self,
        watching: order.Watching,
        tools: Tools,
        card: str = "",
        photo: Vector | None = None,
    ) -> Looked:
        """A look that keeps: it says nothing about who stands here, so it is never a match."""
        number, keys = self.templates.fresh()
        keeper = Keeper(keys, tools.models, card, photo)
        try:
            looked = look(watching, tools, keeper, stop=self._stop.is_set)
            if looked.result is not Result.MATCH:
                return looked
            life = timedelta(days=self.enrolment.remember_days)
            try:
                self.template = self.templates.keep(keeper, self.clock.now(), life)
            except LiangmingError:
                return msgspec.structs.replace(looked, result=Result.ABSTAIN, why=Why.NOT_KEPT)
            self.number = number
            return msgspec.structs.replace(looked, result=Result.ABSTAIN, why=Why.KEPT)
        finally:
            keeper.wipe()

    def _conclude(self, watching: order.Watching, looked: Looked, card: CardRead | None) -> None:
        try:
            self.last = looked
            if looked.lag is not None:
                self.lags.append(looked.lag)
            self.counter.keep(looked.kept)
            self.look = order.close_camera(watching, looked)
            if isinstance(self.look, order.Declined):
                self._leave("device:face:declined")
                self._tell_centre()
            elif isinstance(self.look, order.Ended):
                self._present(self.look, card)
        except LiangmingError:
            self.passed = False  # the disk took no more: what is not written down opens nothing
        finally:
            if self.claim is not None and not isinstance(self.look, order.Agreed):
                self.claim.wipe()  # no further try: nothing stays open
            self.over.set()

    def _present(self, ended: order.Ended, card: CardRead | None) -> None:
        shown = outcome.sign(
            ended,
            self.enrolment.key,
            self.clock,
            key_kept_in=self.enrolment.key_kept_in,
            backend=self.parts.backend,
            document=None if card is None else shown_of(card),
        )
        self._leave("device:face:ended", result=ended.looked.result.value)
        try:
            self.passed = self.centre.present(self.check, shown) == "passed"
        except LiangmingError:
            self.passed = False  # never an open door by a face the centre did not take

    def _tell_centre(self) -> None:
        try:
            self.centre.decline(self.check)
        except LiangmingError:
            return  # the check expires by itself; here the face is over in any case

    def _leave(self, tag: str, **facts: str) -> None:
        self.counter.stir()
        taken, kept = order.counts_of(self.look)
        level = self.last.pad_level if self.last is not None else 0
        with self.memory.together():
            self.journal.append(
                tag,
                self.clock.now(),
                of=self.check,
                frames_taken=taken,
                frames_kept=kept,
                pad_level=level,
                **facts,
            )


def shown_of(card: CardRead) -> DocumentShown:
    """What a card says, as evidence."""
    return DocumentShown(
        document="resident_card",
        number=card.number,
        name=card.name,
        waybill_name=card.name,
        expires=card.until,
        read=True,
    )
