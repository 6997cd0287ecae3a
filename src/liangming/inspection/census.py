"""The census (清查): every leaf of a range of the log, each shown as far as the question needs.

The question is: is this the opening of a check in scope? So each entry is one of three:

* *closed*: the bare leaf. Its key was destroyed with a person's, or went with a record whose time was
  over. It is counted and shown as such, and nobody can tell any more whether it was in scope;
* an event that is no opening: ``check`` and ``seq`` are open, so that it stands with its check;
* the opening of a check (``seq`` 0): beside these its ``tag``, and either one field that puts it
  out of scope, or every field that puts it in scope.

What does not belong to a check (an erasure, a mandate, a device) shows ``check``, ``seq``, ``tag``.
Maker and verifier count with the same :class:`Tally`; a verifier trusts nothing but the leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from liangming.check import events as kinds
from liangming.errors import Misuse, Refusal
from liangming.ids import CHECK
from liangming.inspection.codes import CENSUS_GAP, CENSUS_HIDES, PACKET_MALFORMED
from liangming.inspection.mandate import Mandate
from liangming.ledger import Disclosure, leaf_of_disclosure, verify_disclosure
from liangming.ledger.leaf import LEAF_BYTES, VERSION, Closed, FactValue, Opened

CHUNK: Final = 4096  # entries in one file of a packet
_Slot = bytes | tuple[str, str, bytes]
Line = bytes | tuple[_Slot, ...]
"""One entry as JSON: a string for a closed leaf, otherwise its fields in order."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf of the census.

    Attributes:
        leaf: its 33 bytes.
        shown: what of it is open; None when it is closed.
    """

    leaf: bytes
    shown: Disclosure | None


def encode_entry(entry: Entry) -> bytes:
    """One line of the census file."""
    if entry.shown is None:
        return _encode(entry.leaf) + b"\n"
    return _encode(slots_of(entry.shown)) + b"\n"


def decode_entry(line: bytes) -> Entry:
    """The inverse of :func:`encode_entry`; any other spelling is refused.

    Raises:
        Misuse: ``inspection.packet-malformed``; codes of a disclosure.
    """
    try:
        read: Line = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(PACKET_MALFORMED) from None
    if _encode(read) + b"\n" != line:
        raise Misuse(PACKET_MALFORMED)
    if isinstance(read, bytes):
        if len(read) != LEAF_BYTES:
            raise Misuse(PACKET_MALFORMED)
        return Entry(read, None)
    shown = disclosure_of(read)
    return Entry(leaf_of_disclosure(shown), shown)


def slots_of(shown: Disclosure) -> tuple[_Slot, ...]:
    """A disclosure in short."""
    return tuple(
        slot.hash if isinstance(slot, Closed) else (slot.name, slot.value, slot.salt)
        for slot in shown.fields
    )


def disclosure_of(slots: tuple[_Slot, ...]) -> Disclosure:
    """The inverse of :func:`slots_of`."""
    return Disclosure(
        VERSION,
        tuple(Closed(slot) if isinstance(slot, bytes) else Opened(*slot) for slot in slots),
    )


@dataclass(frozen=True, slots=True)
class Marked:
    """Counts at one place of a census."""

    in_scope: int = 0
    erased: int = 0


@dataclass(slots=True)
class Tally:
    """Counts a census, entry by entry, and finds the checks in scope.

    Attributes:
        mandate: the scope.
        begin: place of the first entry.
        mark: a place at which the counts are put aside; none when absent.
        marked: the counts there.
        place: of the next entry in the log.
        population: place and id of each check in scope, in the order of the log.
        closed: leaves whose key is gone.
        erasures: erasures among what belongs to no check; they explain closed leaves.
        others: what belongs to no check, by tag.
        outside: checks out of scope.
        before: checks that were opened before the range.
    """

    mandate: Mandate
    begin: int
    mark: int | None = None
    marked: Marked = Marked()
    place: int = field(init=False)
    population: list[tuple[int, str]] = field(default_factory=list)
    closed: int = 0
    outside: int = 0
    before: int = 0
    others: Counter[str] = field(default_factory=Counter)
    _next: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Stand at the beginning."""
        self.place = self.begin

    @property
    def erasures(self) -> int:
        """Erasures of persons within the range."""
        return self.others[kinds.ERASED.tag]

    def add(self, entry: Entry) -> str:
        """Count one entry.

        Returns:
            The check that it belongs to; empty for a closed leaf and for what belongs to none.

        Raises:
            Refusal: ``inspection.census-hides``, ``inspection.census-gap``; codes of a disclosure.
        """
        if self.place == self.mark:
            self.marked = Marked(len(self.population), self.closed)
        place, self.place = self.place, self.place + 1
        if entry.shown is None:
            self.closed += 1
            return ""
        facts = verify_disclosure(entry.shown, entry.leaf)
        check, seq = facts.get("check"), facts.get("seq")
        if not isinstance(check, str) or type(seq) is not int:
            raise Refusal(CENSUS_HIDES)
        if not check.startswith(f"{CHECK}_"):
            self.others[_word(facts, "tag")] += 1
            return ""
        expected = self._next.get(check)
        unheard = expected is None and seq > 0  # opened before the range, if there is a before
        if (unheard and not self.begin) or (expected is not None and seq != expected):
            raise Refusal(CENSUS_GAP)
        self._next[check] = seq + 1
        self.before += unheard
        if seq == 0:
            self._opening(place, check, entry.shown, facts)
        return check

    def _opening(
        self, place: int, check: str, shown: Disclosure, facts: Mapping[str, FactValue]
    ) -> None:
        if _word(facts, "tag") != kinds.OPENED.tag:
            raise Refusal(CENSUS_HIDES)
        if outside(self.mandate, facts):
            self.outside += 1
            return
        whole = not any(isinstance(slot, Closed) for slot in shown.fields)
        if not whole and not set(deciding(self.mandate)) <= facts.keys():
            raise Refusal(CENSUS_HIDES)  # a field may be absent only where everything is open
        self.population.append((place, check))


def deciding(mandate: Mandate) -> tuple[str, ...]:
    """Fields of an opening that decide whether it is in scope."""
    limits = {"at": True, "operator": True, "outlet": mandate.outlets, "kind": mandate.kinds}
    return tuple(name for name, limited in limits.items() if limited)


def outside(mandate: Mandate, facts: Mapping[str, FactValue]) -> str:
    """The first open field that puts an opening out of scope; empty when none does."""
    at = facts.get("at")
    if isinstance(at, int) and not mandate.first_micros <= at < mandate.end_micros:
        return "at"
    if facts.get("operator", mandate.operator) != mandate.operator:
        return "operator"
    if mandate.outlets and "outlet" in facts and facts["outlet"] not in mandate.outlets:
        return "outlet"
    if mandate.kinds and "kind" in facts and facts["kind"] not in mandate.kinds:
        return "kind"
    return ""


def names_to_show(mandate: Mandate, facts: Mapping[str, FactValue]) -> tuple[str, ...] | None:
    """Which fields of an event a census opens; None: all of them.

    Args:
        mandate: the scope.
        facts: the whole event, with its own fields.
    """
    base = ("check", "seq")
    if facts["check"] == mandate.id:
        return None  # what is done under this very mandate
    if not str(facts["check"]).startswith(f"{CHECK}_"):
        return (*base, "tag")
    if facts["seq"] != 0:
        return base
    why = outside(mandate, facts)
    if why:
        return (*base, "tag", why)
    wanted = deciding(mandate)
    return (*base, "tag", *wanted) if set(wanted) <= facts.keys() else None


def notices_in(facts: Mapping[str, FactValue]) -> set[str]:
    """Digests of the notices that an event shows."""
    shown = {kinds.NOTICE_SHOWN.tag, kinds.FACE_NOTICE_SHOWN.tag}
    return {str(facts["notice"])} if facts.get("tag") in shown and "notice" in facts else set()


def _word(facts: Mapping[str, FactValue], name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str):
        raise Refusal(CENSUS_HIDES)
    return value
