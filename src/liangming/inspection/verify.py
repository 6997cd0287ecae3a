"""Believe a packet point by point, with the file and the log's public key, and nothing else.

Each point stands for itself: what does not hold is told with its code, and points that do not
depend on it are looked at all the same. What a packet cannot prove is in docs/adr/0014-inspection.md.
"""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from liangming.errors import Code, LiangmingError, Refusal
from liangming.inspection import codes, events
from liangming.inspection.census import Entry, Tally, decode_entry, notices_in
from liangming.inspection.draw import draw, seed_of
from liangming.inspection.gather import Sampled
from liangming.inspection.mandate import Mandate, decode_mandate
from liangming.inspection.packet import (
    APPROVALS,
    MANDATE,
    PLAN,
    SAMPLE,
    Packet,
    decode_sample,
    notice_name,
    opened_packet,
)
from liangming.inspection.plan import FourEyes, Plan, approved, decode_plan
from liangming.inspection.rulebook import rulebook_digest
from liangming.ledger import (
    Checkpoint,
    Trust,
    leaf_of_disclosure,
    open_checkpoint,
    verify_disclosure,
)
from liangming.ledger.leaf import FactValue
from liangming.ledger.merkle import Frontier, leaf_hash, verify_consistency

_BATCH = 1024


class Point(enum.StrEnum):
    """What is looked at, in this order."""

    FILE = "file"
    MANDATE = "mandate"
    APPROVALS = "approvals"
    HEAD = "head"
    CENSUS = "census"
    REGISTRATION = "registration"
    SEED = "seed"
    PLAN = "plan"
    SAMPLE = "sample"
    EVENTS = "events"
    NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Said:
    """One point: whether it holds, why not, and the figures that belong to it.

    Attributes:
        holds: None when something before it failed, so that it could not be looked at.
    """

    point: Point
    holds: bool | None
    code: Code | None = None
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """What a packet proved.

    Attributes:
        points: each, in order.
        mandate, plan, sample: as read; None where they could not be.
        facts: of each sampled event that opened its leaf, by check.
    """

    points: list[Said] = field(default_factory=list)
    mandate: Mandate | None = None
    plan: Plan | None = None
    eyes: FourEyes | None = None
    checkpoint: Checkpoint | None = None
    sample: list[Sampled] = field(default_factory=list)
    facts: dict[str, list[tuple[int, dict[str, FactValue]]]] = field(default_factory=dict)
    tally: Tally | None = None
    root: bytes = b""
    last: Entry | None = None
    leaves: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Every point holds."""
        return all(said.holds for said in self.points)


def verify_packet(
    path: Path, trust: Trust, progress: Callable[[int, int], None] | None = None
) -> Verdict:
    """Look at every point of a packet. Raises nothing that is about the packet."""
    verdict = Verdict()
    try:
        with opened_packet(path) as packet:
            verdict.points.append(
                Said(Point.FILE, holds=True, figures={"files": len(packet.files)})
            )
            _points(verdict, packet, trust, progress)
    except LiangmingError as failure:
        if verdict.points:
            raise
        verdict.points.append(Said(Point.FILE, holds=False, code=failure.code))
    done = {said.point for said in verdict.points}
    verdict.points += [Said(point, None) for point in Point if point not in done]
    return verdict


def _points(
    verdict: Verdict,
    packet: Packet,
    trust: Trust,
    progress: Callable[[int, int], None] | None,
) -> None:
    def look(point: Point, deed: Callable[[], dict[str, Any]], *needs: Point) -> None:
        held = {said.point for said in verdict.points if said.holds}
        if not set(needs) <= held:
            verdict.points.append(Said(point, None))
            return
        try:
            verdict.points.append(Said(point, holds=True, figures=deed()))
        except LiangmingError as failure:
            verdict.points.append(Said(point, holds=False, code=failure.code))

    look(Point.MANDATE, lambda: _mandate(verdict, packet))
    look(Point.APPROVALS, lambda: _approvals(verdict, packet), Point.MANDATE)
    look(Point.HEAD, lambda: _head(verdict, trust), Point.MANDATE)
    look(Point.CENSUS, lambda: _census(verdict, packet, trust, progress), Point.MANDATE, Point.HEAD)
    look(Point.REGISTRATION, lambda: _registration(verdict), Point.CENSUS)
    look(Point.SEED, lambda: _seed(verdict), Point.CENSUS)
    look(Point.PLAN, lambda: _plan(verdict), Point.CENSUS, Point.SEED)
    look(Point.SAMPLE, lambda: _sample(verdict), Point.CENSUS, Point.SEED)
    look(Point.EVENTS, lambda: _events(verdict), Point.CENSUS)
    look(Point.NOTICES, lambda: _notices(verdict, packet), Point.EVENTS)


def _mandate(verdict: Verdict, packet: Packet) -> dict[str, Any]:
    mandate = verdict.mandate = decode_mandate(packet.read(MANDATE))
    plan = verdict.plan = decode_plan(packet.read(PLAN))
    if plan.mandate != mandate.digest:
        raise Refusal(codes.PLAN_OTHER)
    return {
        "id": mandate.id,
        "authority": mandate.authority,
        "case": mandate.case,
        "operator": mandate.operator,
        "outlets": list(mandate.outlets),
        "kinds": [kind.value for kind in mandate.kinds],
        "since": mandate.since_day.isoformat(),
        "until": mandate.until_day.isoformat(),
        "basis": list(mandate.basis),
    }


def _approvals(verdict: Verdict, packet: Packet) -> dict[str, Any]:
    mandate, plan = _read(verdict)
    notes = tuple(packet.read(name) for name in APPROVALS if name in packet.files)
    eyes = verdict.eyes = approved(mandate, plan, notes)
    return {"by": [f"{each.person} ({each.role})" for each in (eyes.first, eyes.second)]}


def _head(verdict: Verdict, trust: Trust) -> dict[str, Any]:
    _, plan = _read(verdict)
    checkpoint = verdict.checkpoint = open_checkpoint(plan.checkpoint.encode(), trust)
    if checkpoint.head.size < plan.end:
        raise Refusal(codes.CHECKPOINT_STALE)
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.head.size,
        "witnesses": sorted(checkpoint.cosigned_at),
    }


def _census(
    verdict: Verdict,
    packet: Packet,
    trust: Trust,
    progress: Callable[[int, int], None] | None,
) -> dict[str, Any]:
    """Read every leaf once: where it stands, what it shows, and that all are the signed log."""
    mandate, plan = _read(verdict)
    checkpoint = verdict.checkpoint
    assert checkpoint is not None  # noqa: S101  (this point needs the one before)
    verdict.sample = decode_sample(packet.read(SAMPLE))
    wanted = {each.check for each in verdict.sample}
    frontier = _before(mandate, plan, trust)
    tally = verdict.tally = Tally(mandate, plan.begin, mark=_counted(packet))
    hashes: list[bytes] = []
    for line in packet.census():
        entry = verdict.last = decode_entry(line)
        place = tally.place
        check = tally.add(entry)
        if check in wanted:
            verdict.leaves.setdefault(check, []).append((place, entry.leaf))
        hashes.append(leaf_hash(entry.leaf))
        if len(hashes) == _BATCH:
            frontier, _ = frontier.extend(hashes)
            hashes.clear()
            if progress is not None:
                progress(tally.place - plan.begin, plan.end - plan.begin)
    frontier, _ = frontier.extend(hashes)
    verdict.root = frontier.root()
    if tally.place != plan.end or verdict.root.hex() != plan.root:
        raise Refusal(codes.CENSUS_BROKEN)
    verify_consistency(
        old=plan.end,
        old_root=verdict.root,
        new=checkpoint.head.size,
        new_root=checkpoint.head.root,
        proof=plan.consistency,
    )
    return {
        "begin": plan.begin,
        "end": plan.end,
        "leaves": plan.end - plan.begin,
        "in_scope": len(tally.population),
        "outside": tally.outside,
        "before": tally.before,
        "erased": tally.closed,
        "erasures": tally.erasures,
        "others": sum(tally.others.values()),
    }


def _counted(packet: Packet) -> int | None:
    """The place up to which the last entry, the registration, says that it counted."""
    last = decode_entry(packet.last_line())
    counted = _facts(last).get("counted")
    return counted if type(counted) is int else None


def _facts(entry: Entry | None) -> dict[str, FactValue]:
    if entry is None or entry.shown is None:
        return {}
    return verify_disclosure(entry.shown, entry.leaf)


def _before(mandate: Mandate, plan: Plan, trust: Trust) -> Frontier:
    """The log before the census: empty, or the very head that the mandate names."""
    frontier = Frontier(plan.begin, plan.peaks)
    if not mandate.since_head:
        if plan.begin or plan.peaks:
            raise Refusal(codes.SINCE_OTHER)
        return frontier
    since = open_checkpoint(mandate.since_head.encode(), trust).head
    sound = len(plan.peaks) == plan.begin.bit_count() and plan.begin == since.size
    if not sound or frontier.root() != since.root:
        raise Refusal(codes.SINCE_OTHER)
    return frontier


def _registration(verdict: Verdict) -> dict[str, Any]:
    mandate, plan = _read(verdict)
    facts, tally = _facts(verdict.last), verdict.tally
    assert tally is not None  # noqa: S101  (this point needs the census)
    if (
        facts.get("tag") != events.REGISTERED.tag
        or facts.get("check") != mandate.id
        or facts.get("digest") != mandate.digest
    ):
        raise Refusal(codes.UNREGISTERED)
    counted, in_scope, erased = (facts.get(name) for name in ("counted", "in_scope", "erased"))
    if type(counted) is not int or type(in_scope) is not int or type(erased) is not int:
        raise Refusal(codes.COUNT_DIFFERS)
    now = tally.marked
    if not plan.begin <= counted < plan.end or now.erased < erased or now.in_scope > in_scope:
        raise Refusal(codes.COUNT_DIFFERS)
    return {
        "place": plan.end - 1,
        "in_scope_then": in_scope,
        "erased_then": erased,
        "erased_since": now.erased - erased,
    }


def _seed(verdict: Verdict) -> dict[str, Any]:
    mandate, plan = _read(verdict)
    try:
        seed = seed_of(mandate, bytes.fromhex(plan.secret), verdict.root)
    except (LiangmingError, ValueError):
        raise Refusal(codes.SEED_WRONG) from None
    if seed.hex() != plan.seed:
        raise Refusal(codes.SEED_WRONG)
    return {"seed": plan.seed}


def _plan(verdict: Verdict) -> dict[str, Any]:
    mandate, plan = _read(verdict)
    tally = verdict.tally
    assert tally is not None  # noqa: S101  (this point needs the census)
    computed = msgspec.structs.replace(
        plan,
        in_scope=len(tally.population),
        outside=tally.outside,
        before=tally.before,
        erased=tally.closed,
        erased_since=_erased_since(verdict),
        erasures=tally.erasures,
        others=dict(tally.others),
        sample=tuple(draw(bytes.fromhex(plan.seed), tally.population, mandate.sample)),
    )
    if computed != plan:
        raise Refusal(codes.PLAN_DIFFERS)
    return {"rules": plan.rules, "same_rules": plan.rules == rulebook_digest()}


def _erased_since(verdict: Verdict) -> int:
    tally, then = verdict.tally, _facts(verdict.last).get("erased")
    return tally.marked.erased - then if tally and type(then) is int else 0


def _sample(verdict: Verdict) -> dict[str, Any]:
    mandate, plan = _read(verdict)
    tally = verdict.tally
    assert tally is not None  # noqa: S101  (this point needs the census)
    drawn = [check for _, check in draw(bytes.fromhex(plan.seed), tally.population, mandate.sample)]
    given = [each.check for each in verdict.sample]
    if given != drawn:
        lacks, extra = Counter(drawn) - Counter(given), Counter(given) - Counter(drawn)
        if lacks and extra:
            raise Refusal(codes.SAMPLE_REPLACED)
        if lacks:
            raise Refusal(codes.SAMPLE_MISSING)
        raise Refusal(codes.SAMPLE_ADDED if extra else codes.SAMPLE_REORDERED)
    return {"drawn": len(drawn), "of": len(tally.population)}


def _events(verdict: Verdict) -> dict[str, Any]:
    count = 0
    for each in verdict.sample:
        given = [(place, leaf_of_disclosure(shown)) for place, shown in each.events]
        if given != verdict.leaves.get(each.check, []):
            raise Refusal(codes.SAMPLE_EVENTS)
        told = []
        for (place, leaf), (_, shown) in zip(given, each.events, strict=True):
            facts = verify_disclosure(shown, leaf)
            if len(facts) != len(shown.fields):
                raise Refusal(codes.SAMPLE_EVENTS)  # a sampled event hides nothing
            told.append((place, facts))
        verdict.facts[each.check] = told
        count += len(told)
    return {"events": count}


def _notices(verdict: Verdict, packet: Packet) -> dict[str, Any]:
    _, plan = _read(verdict)
    named: set[str] = set()
    for told in verdict.facts.values():
        for _, facts in told:
            named |= notices_in(facts)
    held = {name for name in packet.files if name.startswith("notices/")}
    if {*plan.notices, *plan.notices_gone} != named:
        raise Refusal(codes.NOTICE_MISSING)
    if held != {notice_name(digest) for digest in plan.notices}:
        raise Refusal(codes.NOTICE_MISSING)
    for digest in plan.notices:
        if hashlib.sha256(packet.read(notice_name(digest))).hexdigest() != digest:
            raise Refusal(codes.NOTICE_DIFFERS)
    return {"texts": len(plan.notices), "no_longer_held": len(plan.notices_gone)}


def _read(verdict: Verdict) -> tuple[Mandate, Plan]:
    mandate, plan = verdict.mandate, verdict.plan
    assert mandate is not None  # noqa: S101  (every point needs the mandate)
    assert plan is not None  # noqa: S101
    return mandate, plan
