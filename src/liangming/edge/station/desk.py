"""What the station's pages may ask: read pictures, send what the clerk confirmed.

What was read is held to the same rules as what is typed, before it is sent, so that a slip is told
here with the form still filled. Nothing of a person is kept between two calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from liangming.clock import Clock, china_date
from liangming.edge.agent.centre import SAID_NO, Centre
from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.journal import Journal, event_of
from liangming.edge.agent.memory import Memory
from liangming.edge.reading import codes
from liangming.edge.reading.fields import Reading, State, joined
from liangming.edge.reading.given import wipe
from liangming.edge.station.apart import Pictures
from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.ids import CHECK, is_id
from liangming.method import DocumentShown, OrderCodeShown
from liangming.method.documents import LONG_TERM, DocumentType, Expiry, parse

if TYPE_CHECKING:
    from liangming.edge.station.take import Lens

KIND_MISSING: Final = declare(
    "edge.document-kind",
    Kind.INVALID,
    zh="请选择证件种类。",
    en="Please choose the kind of document.",
)
DATE_UNFIT: Final = declare(
    "edge.document-date",
    Kind.INVALID,
    zh="有效期写成 2036-02-18 这样，或者写长期；没有就空着。",
    en="Write the end of validity as 2036-02-18, or 长期; leave it empty where there is none.",
)
NUMBER_MISSING: Final = declare(
    "edge.document-number",
    Kind.INVALID,
    zh="请填证件号码。",
    en="Please fill in the document's number.",
)
FIELDS: Final = ("document", "number", "name", "expires", "mrz", "code", "check")
HANDOVER: Final = "lmh1."
_LONGEST: Final = 128


class Sent(msgspec.Struct, frozen=True):
    """What the centre said of a check."""

    check: str
    outcome: str  # empty while it stays open
    text: str  # the centre's own words, nothing about the person


class Counter(Centre):
    """The centre as a counter sees it: a clerk enters what the person said."""

    def continued(self, check: str, method: str) -> None:
        """Go on with the check that the person began on a phone; what they chose there stands.

        Raises:
            Misuse: there is none such, or it is over (``edge.centre-said-no``).
        """
        if self._call("GET", f"/v1/checks/{check}")["chosen"] != method:
            self.spoken(check, method)

    def spoken(self, check: str, method: str) -> None:
        """The person said which way; the clerk entered it."""
        self._call("POST", f"/v1/checks/{check}/choice", {"method": method, "by": "spoken"})

    def shown(self, check: str, evidence: DocumentShown | OrderCodeShown) -> Sent:
        """The evidence, and what came of it."""
        body: dict[str, Any] = {"evidence": msgspec.to_builtins(evidence)}
        answer = self._call("POST", f"/v1/checks/{check}/evidence", body)
        return Sent(check, str(answer["outcome"] or ""), str(answer.get("text") or ""))


def check_in(code: str) -> str:
    """The check in a code from a sender's phone: its id, or its page's address; empty if none."""
    path = urlsplit(code).path if "/" in code else code
    found = path.rstrip("/").rpartition("/")[2].strip().lower()
    return found if is_id(CHECK, found) else ""


class Desk:
    """One station computer.

    Args:
        pictures: reads them; without models it reads squares and bars, and the clerk types.
        lens: the bound camera; None: pictures are uploaded.
        scanner: one on this computer's own bus.
        allow_test_region: take numbers of region 99, in development.
    """

    def __init__(
        self,
        *,
        counter: Counter,
        memory: Memory,
        journal: Journal,
        clock: Clock,
        pictures: Pictures,
        lens: Lens | None = None,
        scanner: Lens | None = None,
        allow_test_region: bool = False,
    ) -> None:
        self._counter, self._memory, self._journal = counter, memory, journal
        self._lens, self._scanner = lens, scanner
        self._clock, self._pictures, self._test = clock, pictures, allow_test_region

    @property
    def reads(self) -> bool:
        """Whether print is read here; squares and bars always are."""
        return self._pictures.prints

    @property
    def takes(self) -> bool:
        """Whether a picture can be taken here."""
        return self._lens is not None

    @property
    def scans(self) -> bool:
        """Whether a page can be scanned here."""
        return self._scanner is not None

    def take(self) -> Reading:
        """Take one picture with the bound camera and read it; nothing of it stays.

        Raises:
            Misuse: no camera is bound, the lens is covered, or as :meth:`read`.
            Outage: ``edge.camera-lost``, or as :meth:`read`.
        """
        if self._lens is None:
            raise Misuse(codes.NO_LENS)
        return self.read({"front": self._lens.take()})

    def scan(self) -> Reading:
        """Scan one page and read it; nothing of it stays.

        Raises:
            Misuse: no scanner is named, or as :meth:`read`.
            Outage: ``edge.scanner-lost``, or as :meth:`read`.
        """
        if self._scanner is None:
            raise Misuse(codes.NO_SCANNER)
        return self.read({"front": self._scanner.take()})

    def read(self, pictures: Mapping[str, bytearray]) -> Reading:
        """Read front and back; the pictures are overwritten whatever comes of it.

        Raises:
            Misuse: no picture, or one that cannot be read, with ``field`` naming which.
            Outage: ``edge.reading-ended``.
        """
        on = china_date(self._clock.now())
        given = {name: data for name, data in pictures.items() if data}
        if not given:
            raise Misuse(codes.EMPTY)
        try:
            readings = self._pictures.read(given, on=on)
        finally:
            for data in pictures.values():
                wipe(data)
        told = joined(readings)
        with self._memory.together():
            self._journal.append(
                "device:document:read",
                self._clock.now(),
                pictures=len(given),
                kept=0,
                fields=len(told.fields),
                marked=sum(field.state is not State.SURE for field in told.fields),
            )
        return told

    def send(self, typed: Mapping[str, str], *, agrees: bool) -> Sent:
        """Check what the clerk confirmed, as any other check.

        Raises:
            Misuse: a field is not right, with its name in ``field``; nothing was sent.
            Outage: the centre cannot be reached; nothing is lost, the form stands.
        """
        code = typed.get("code", "").strip()
        evidence: DocumentShown | OrderCodeShown
        if code.startswith(HANDOVER):
            method = "order-code"
            evidence = OrderCodeShown(code=code, document_seen=True, agrees=agrees)
        else:
            method = "document.seen"
            evidence = self._document(typed, agrees=agrees)
        check = check_in(typed.get("check", ""))
        if check:
            self._counter.continued(check, method)
        else:
            check = self._counter.open(method)
            if not check:
                raise Misuse(SAID_NO)
            self._counter.spoken(check, method)
        sent = self._counter.shown(check, evidence)
        with self._memory.together():
            self._journal.append(
                "device:document:sent",
                self._clock.now(),
                of=check,
                method=method,
                result=sent.outcome or "open",
            )
        return sent

    def _document(self, typed: Mapping[str, str], *, agrees: bool) -> DocumentShown:
        try:
            kind = DocumentType(typed.get("document", ""))
        except ValueError:
            raise Misuse(KIND_MISSING, field="document") from None
        lines = tuple(line.strip() for line in typed.get("mrz", "").splitlines() if line.strip())
        number = typed.get("number", "").strip()[:_LONGEST]
        name = typed.get("name", "").strip()[:_LONGEST]
        expires = typed.get("expires", "").strip()
        passport = kind in {DocumentType.PASSPORT, DocumentType.CHINESE_PASSPORT}
        lines = lines if passport else ()
        if not (number or lines):
            raise Misuse(NUMBER_MISSING, field="number")
        try:
            parse(
                kind,
                "\n".join(lines) or number,
                on=china_date(self._clock.now()),
                expires=_end(expires),
                field="mrz" if lines else "number",
                allow_test_region=self._test,
            )
        except Refusal:
            pass  # a document that may not be used is a matter for the law: the centre says so
        except Misuse as wrong:
            field = (wrong.field or "number").partition(".")[0]
            raise Misuse(wrong.code, citations=wrong.citations, field=field) from None
        return DocumentShown(
            document=kind.value,
            number="" if lines else number,
            name=name,
            expires=expires,
            mrz=lines,
            agrees=agrees,
        )

    def report(self, about: Enrolment) -> int:
        """Send what the journal holds; what the centre has is not sent again.

        Raises:
            Outage: the centre cannot be reached; it waits on.
        """
        waiting = self._journal.waiting() if about.reports else []
        if not waiting:
            return 0
        events = [event_of(one, about.key, about.device) for one in waiting]
        held = self._counter.send(events)
        if held:
            self._journal.confirmed(waiting[held - 1].entry.seq)
        return held

    def close(self) -> None:
        """Let the file go."""
        self._memory.close()


def _end(text: str) -> Expiry | None:
    if not text:
        return None
    if text == LONG_TERM:
        return LONG_TERM
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(DATE_UNFIT, field="expires") from None
