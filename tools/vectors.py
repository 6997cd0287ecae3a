"""Regenerate the vectors of receipts and packets: one that holds, and one corruption in each file.

``python tools/vectors.py`` writes; ``--check`` names what differs and exits 1. Everything is built
from fixed keys and times, without a house: a second hand beside the one that makes the real ones.
``expected.json`` says for each file which code refuses it (for a packet: at which point).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming import ids
from liangming.check import events as kinds
from liangming.check.receipt.file import (
    FORMAT,
    Count,
    Entry,
    Part,
    Receipt,
    SignedCount,
    encode_receipt,
    sealed,
)
from liangming.check.receipt.verify import tlog_proofs
from liangming.clock import micros
from liangming.device import events as device_events
from liangming.inspection import events as acts
from liangming.inspection.census import Entry as Line
from liangming.inspection.census import (
    Tally,
    decode_entry,
    encode_entry,
    names_to_show,
    notices_in,
)
from liangming.inspection.draw import commitment, draw, seed_of
from liangming.inspection.gather import Sampled
from liangming.inspection.mandate import Listed, Mandate, encode_mandate
from liangming.inspection.packet import (
    APPROVALS,
    MANDATE,
    MANIFEST,
    PLAN,
    SAMPLE,
    Writer,
    census_name,
    decode_sample,
    encode_sample,
    notice_name,
)
from liangming.inspection.people import Approver, Role
from liangming.inspection.plan import FORMAT as PLAN_FORMAT
from liangming.inspection.plan import Plan, decode_plan, encode_plan
from liangming.ledger import (
    Disclosure,
    Event,
    EventKind,
    Head,
    KeyKind,
    SigningKey,
    commit,
    disclose,
)
from liangming.ledger.checkpoint import sign_head
from liangming.ledger.device import DeviceEvent, key_text, sign_event
from liangming.ledger.events import OWN_FIELDS
from liangming.ledger.leaf import Closed, FactValue, Opened, verify_disclosure
from liangming.ledger.merkle import (
    Frontier,
    assemble,
    consistency_plan,
    inclusion_plan,
    leaf_hashes,
    root_of,
)
from liangming.notice import Item, ItemKind, Notice

ROOT = Path(__file__).resolve().parents[1]
RECEIPTS = ROOT / "tests" / "receipt" / "vectors"
PACKETS = ROOT / "tests" / "inspection" / "vectors"
ORIGIN = "log.example/vectors"
RULES = hashlib.sha256(b"rules").hexdigest()

Packet = dict[str, bytes]
Happened = tuple[EventKind, dict[str, FactValue]]


def _seed(of: str) -> bytes:
    return hashlib.sha256(f"vector {of}".encode()).digest()


LOG = SigningKey(KeyKind.LOG_ED25519, ORIGIN, _seed("log"))
OTHER_LOG = SigningKey(KeyKind.LOG_ED25519, "log.example/other", _seed("other log"))
SECRET = _seed("secret")
PEOPLE = tuple(
    Approver(name, role, SigningKey(KeyKind.LOG_ED25519, name, _seed(name)))
    for name, role in (
        ("inspector-017", Role.AUTHORITY),
        ("officer-001", Role.OPERATOR),
        ("stranger-999", Role.AUTHORITY),
    )
)
NOTICE = Notice(
    "parcel-send",
    1,
    "demo.counter",
    (
        Item(ItemKind.WHY, "依法查验寄件人身份", "To check the sender's identity, as the law asks"),
        Item(ItemKind.KEPT, "证件保存 365 天，到期删除", "Document: kept 365 days, then deleted"),
    ),
)
NOTICE_TEXT = msgspec.json.encode(NOTICE, order="deterministic")
MANDATE_ = Mandate(
    authority="110000-post",
    case="2026-0117",
    operator="demo",
    outlets=("demo-001",),
    since_day=date(2026, 11, 1),
    until_day=date(2026, 11, 30),
    purpose="实名收寄执行情况",
    basis=("courier.23",),
    sample=2,
    secret=commitment(SECRET),
    approvers=tuple(Listed(p.person, p.role, p.key.verifying.encode()) for p in PEOPLE[:2]),
)


@dataclass
class Kept:
    """One leaf with what opens it."""

    event: Event
    number: int
    key: bytes
    erased: bool = False

    @property
    def leaf(self) -> bytes:
        """The 33 bytes."""
        return commit(self.event, self.key, self.number)

    @property
    def facts(self) -> dict[str, object]:
        """Everything that it says."""
        e = self.event
        own = {"at": e.at_micros, "check": e.check_id, "seq": self.number, "tag": e.tag}
        return {**e.facts, **own}

    def whole(self) -> Disclosure:
        """All of it open."""
        return disclose(self.event, self.key, self.number, (*OWN_FIELDS, *self.event.facts))


@dataclass
class Log:
    """A small log in memory."""

    kept: list[Kept] = field(default_factory=list)

    def add(
        self, owner: str, day: int, *happened: Happened, month: int = 11, erased: bool = False
    ) -> None:
        """Append the events of a check or of anything else."""
        for number, (kind, facts) in enumerate(happened):
            at = micros(datetime(2026, month, day, 4, number, tzinfo=UTC))
            event = Event(kind.tag, at, owner, facts)
            self.kept.append(Kept(event, number, _seed(owner), erased))

    @property
    def leaves(self) -> list[bytes]:
        """Every leaf."""
        return [each.leaf for each in self.kept]

    def node(self, level: int, index: int) -> bytes:
        """A perfect subtree."""
        return root_of(self.leaves[index << level : (index + 1) << level])

    def head(self, size: int | None = None) -> Head:
        """The head at a size."""
        leaves = self.leaves[:size]
        return Head(len(leaves), root_of(leaves))

    def checkpoint(self, size: int | None = None, key: SigningKey = LOG) -> str:
        """It signed."""
        return sign_head(key.name, self.head(size), [key], 0).decode()

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of a leaf."""
        return tuple(assemble(inclusion_plan(index, len(self.kept)), self.node))


def _opening(outlet: str = "demo-001") -> Happened:
    return kinds.OPENED, {
        "scene": "demo.counter",
        "operator": "demo",
        "outlet": outlet,
        "kind": "parcel.send.counter",
        "devices": (),
        "subject": "self",
        "item": "parcel",
        "sender": "person",
        "grounds": ("statutory-duty",),
        "demands": ("check=compare", "register=collect", "show=document"),
        "citations": ("courier.23",),
        "offered": ("document.seen", "order-code"),
        "withheld": (),
        "notice": NOTICE.digest,
    }


def _shown() -> Happened:
    return kinds.NOTICE_SHOWN, {
        "notice": NOTICE.digest, "version": NOTICE.version, "language": "zh"
    }  # fmt: skip


def _check(number: int) -> str:
    return ids.of_number(ids.CHECK, (0x019AB0000000 + number) << 80 | number)


def the_log(*, erased: int | None = None) -> Log:
    """Seven checks, an erasure, the mandate, and one check more.

    Args:
        erased: what the registration claims to have counted, if not the truth.
    """
    log = Log()
    gone = kinds.ABANDONED, {"by": "person"}
    log.add(_check(0), 20, _opening(), _shown(), gone, month=10)
    log.add(_check(1), 3, _opening(), _shown(), gone)
    log.add(_check(2), 4, _opening("demo-002"), _shown())
    log.add(_check(3), 5, _opening(), _shown(), (kinds.EXPIRED, {}))
    log.add(_check(4), 6, _opening(), _shown(), gone, erased=True)
    log.add("era_00000000000000000000000000", 7, (kinds.ERASED, {"why": "asked", "actor": "cli"}))
    log.add(_check(5), 8, _opening(), _shown(), gone)
    m, tally = MANDATE_, Tally(MANDATE_, 0)
    for each in log.kept:
        tally.add(_line(each))
    log.add(
        m.id,
        24,
        (
            acts.REGISTERED,
            {
                "digest": m.digest,
                "authority": m.authority,
                "case": m.case,
                "since": m.since_day.isoformat(),
                "until": m.until_day.isoformat(),
                "sample": m.sample,
                "basis": m.basis,
                "counted": tally.place,
                "in_scope": len(tally.population),
                "erased": tally.closed if erased is None else erased,
            },
        ),
    )
    log.add(_check(6), 25, _opening(), _shown(), gone)
    return log


# ------------------------------------------------------------------------------------- receipts


def the_receipt(log: Log) -> Receipt:
    """The receipt of one check."""
    of = [(n, each) for n, each in enumerate(log.kept) if each.event.check_id == _check(1)]
    return sealed(
        Receipt(
            format=FORMAT,
            part=Part.CHECK,
            check=_check(1),
            events=tuple(Entry(n, each.whole(), log.path(n)) for n, each in of),
            notices=(NOTICE_TEXT.decode(),),
            checkpoint=log.checkpoint(),
            digest="",
        )
    )


DEVICE = "dev_01kar000000000000000000001"
DEVICE_KEY = Ed25519PrivateKey.from_private_bytes(_seed("device"))


def _count(number: int, minute: int, frames: int, key: Ed25519PrivateKey) -> DeviceEvent:
    """A device's running count, signed at a minute of the day on which its check was."""
    return sign_event(
        key,
        device=DEVICE,
        seq=number,
        at=micros(datetime(2026, 11, 9, 4, minute, tzinfo=UTC)),
        tag=device_events.COUNTED.tag,
        facts={"frames": frames, "captures": 0, "since": 1},
    )


def the_counted(key: Ed25519PrivateKey = DEVICE_KEY) -> Receipt:
    """The receipt of a check beside one device, which counted 500 frames before it and after it."""
    log, check = Log(), _check(7)
    public = DEVICE_KEY.public_key()
    told = {
        "device": DEVICE,
        "scene": "demo.counter",
        "key": hashlib.sha256(public.public_bytes_raw()).hexdigest(),
        "actor": "cli",
    }
    log.add("dvn_01kar000000000000000000001", 1, (device_events.ENROLLED, told))
    kind, facts = _opening()
    opened = kind, {**facts, "devices": (DEVICE,)}
    counts = [_count(0, 0, 500, key), _count(1, 9, 500, key)]
    log.kept.append(Kept(counts[0].event(), 0, _seed(DEVICE)))
    log.add(check, 9, opened, _shown(), (kinds.ABANDONED, {"by": "person"}))
    log.kept.append(Kept(counts[1].event(), 1, _seed(DEVICE)))

    def entry(n: int) -> Entry:
        return Entry(n, log.kept[n].whole(), log.path(n))

    of = [n for n, each in enumerate(log.kept) if each.event.check_id == check]
    lines = tuple(
        SignedCount(count.encode().decode(), entry(n))
        for count, n in zip(counts, (1, 5), strict=True)
    )
    return sealed(
        Receipt(
            format=FORMAT,
            part=Part.CHECK,
            check=check,
            events=tuple(map(entry, of)),
            notices=(NOTICE_TEXT.decode(),),
            checkpoint=log.checkpoint(),
            digest="",
            counts=(Count(device=DEVICE, key=key_text(public), enrolled=entry(0), lines=lines),),
        )
    )


def counted() -> Iterator[tuple[str, bytes, str]]:
    """As :func:`receipts`, of what devices counted."""
    good, change = the_counted(), msgspec.structs.replace
    (count,) = good.counts
    first, second = count.lines
    stranger = Ed25519PrivateKey.from_private_bytes(_seed("another device"))

    def fixed(**changes: object) -> bytes:
        return encode_receipt(sealed(change(good, counts=(change(count, **changes),))))

    other = change(second, line=_count(1, 9, 501, DEVICE_KEY).encode().decode())
    differs = "check.receipt-count-differs"
    yield "counted", encode_receipt(good), ""
    yield "count-by-another-key", fixed(key=key_text(stranger.public_key())), differs
    yield "count-of-another-device", fixed(device=DEVICE.replace("1", "2")), differs
    yield "count-without-enrolment", fixed(enrolled=first.leaf), differs
    yield "count-not-in-the-log", fixed(lines=(first, other)), differs
    yield (
        "count-signed-by-another",
        encode_receipt(the_counted(stranger)),
        "ledger.device-event-signature",
    )
    yield (
        "count-at-another-place",
        fixed(lines=(first, change(second, leaf=change(second.leaf, index=4)))),
        "ledger.inclusion-failed",
    )


def receipts() -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes, and the code that refuses it (empty: it holds)."""
    log = the_log()
    good, change = the_receipt(log), msgspec.structs.replace
    first, second, last = good.events
    data = encode_receipt(good)

    def fixed(**changes: object) -> bytes:
        return encode_receipt(sealed(change(good, **changes)))

    lied = tuple(
        change(slot, value='"demo-002"') if getattr(slot, "name", "") == "outlet" else slot
        for slot in first.disclosure.fields
    )
    fact = change(first, disclosure=change(first.disclosure, fields=lied))
    other = next(n for n, each in enumerate(log.kept) if each.event.check_id == _check(3))
    foreign = Entry(other + 1, log.kept[other + 1].whole(), log.path(other + 1))
    quiet = msgspec.json.encode(change(NOTICE, items=NOTICE.items[:1]), order="deterministic")
    yield "holds", data, ""
    yield "byte-flipped", data.replace(b"demo-001", b"demo-011", 1), "check.receipt-altered"
    yield "cut-off", data[:-40], "check.receipt-malformed"
    yield "spelled-otherwise", data.replace(b"\n ", b"\n  ", 1), "check.receipt-malformed"
    yield "newer-version", data.replace(b"receipt/1", b"receipt/2", 1), "check.receipt-version"
    yield "fact-changed", fixed(events=(fact, second, last)), "ledger.inclusion-failed"
    yield (
        "path-cut",
        fixed(events=(change(first, path=first.path[1:]), second, last)),
        "ledger.proof-length",
    )
    yield "event-missing", fixed(events=(first, last)), "check.receipt-events-missing"
    yield "events-reordered", fixed(events=(second, first, last)), "check.receipt-events-missing"
    yield "event-of-another-check", fixed(events=(first, foreign, last)), "check.receipt-mixed"
    yield "notice-changed", fixed(notices=(quiet.decode(),)), "check.receipt-notice-differs"
    yield (
        "head-of-another-log",
        fixed(checkpoint=log.checkpoint(key=OTHER_LOG)),
        "ledger.origin-other",
    )
    yield (
        "head-by-another-key",
        fixed(checkpoint=log.checkpoint(key=replace(LOG, seed=_seed("x")))),
        "ledger.key-unknown",
    )
    yield "head-before-the-check", fixed(checkpoint=log.checkpoint(3)), "ledger.index-beyond"


# -------------------------------------------------------------------------------------- packets


def the_packet(log: Log) -> Packet:
    """The files of a packet, without its manifest."""
    end = next(n for n, each in enumerate(log.kept) if each.event.check_id == MANDATE_.id) + 1
    lines = [_line(each) for each in log.kept[:end]]
    tally = Tally(MANDATE_, 0, mark=end - 1)
    for line in lines:
        tally.add(line)
    root = Frontier().extend(leaf_hashes(log.leaves[:end]))[0].root()
    seed = seed_of(MANDATE_, SECRET, root)
    drawn = draw(seed, tally.population, MANDATE_.sample)
    sample = [_sampled(log, check, end) for _, check in drawn]
    named = set()
    for each in sample:
        for place, shown in each.events:
            named |= notices_in(verify_disclosure(shown, log.leaves[place]))
    plan = Plan(
        format=PLAN_FORMAT,
        mandate=MANDATE_.digest,
        begin=0,
        end=end,
        peaks=(),
        root=root.hex(),
        consistency=tuple(assemble(consistency_plan(end, len(log.kept)), log.node)),
        checkpoint=log.checkpoint(),
        secret=SECRET.hex(),
        seed=seed.hex(),
        in_scope=len(tally.population),
        outside=tally.outside,
        before=tally.before,
        erased=tally.closed,
        erased_since=tally.marked.erased - int(log.kept[end - 1].event.facts["erased"]),
        erasures=tally.erasures,
        others=dict(tally.others),
        sample=tuple(drawn),
        notices=tuple(sorted(named)),
        notices_gone=(),
        rules=RULES,
    )
    files = {
        MANDATE: encode_mandate(MANDATE_),
        PLAN: encode_plan(plan),
        **_approved(plan),
        census_name(0): b"".join(map(encode_entry, lines)),
        SAMPLE: encode_sample(sample),
    }
    return files | {notice_name(digest): NOTICE_TEXT for digest in plan.notices}


def _line(each: Kept) -> Line:
    if each.erased:
        return Line(each.leaf, None)
    names = names_to_show(MANDATE_, each.facts)
    chosen = each.facts if names is None else names
    return Line(each.leaf, disclose(each.event, each.key, each.number, chosen))


def _sampled(log: Log, check: str, end: int) -> Sampled:
    found = [(n, k.whole()) for n, k in enumerate(log.kept[:end]) if k.event.check_id == check]
    return Sampled(check, tuple(found))


def _approved(plan: Plan, *who: Approver) -> Packet:
    by = who or PEOPLE[:2]
    return {name: p.approve(plan.digest) for name, p in zip(APPROVALS, by, strict=True)}


def zipped(files: Packet, manifest: bytes | None = None) -> bytes:
    """The packet's bytes; with a manifest of its own if one is given."""
    whole = io.BytesIO()
    with Writer(whole) as writer:
        for name, data in files.items():
            writer.add(name, data)
        if manifest is None:
            writer.finish()
        else:
            writer._write(MANIFEST, manifest)  # noqa: SLF001  (a corruption)
    return whole.getvalue()


def packets() -> Iterator[tuple[str, bytes, str, str]]:  # noqa: PLR0915  (one line a corruption)
    """Name, bytes, the point that fails, and its code (both empty: it holds)."""
    log = the_log()
    good = the_packet(log)
    plan = decode_plan(good[PLAN])
    data = zipped(good)
    census = good[census_name(0)].splitlines(keepends=True)
    sample = decode_sample(good[SAMPLE])
    change = msgspec.structs.replace
    in_scope = [_check(n) for n in (1, 3, 5)]
    undrawn = next(c for c in in_scope if c not in {check for _, check in plan.sample})
    manifest = _manifest(data)

    def other(**files: bytes) -> bytes:
        return zipped(good | {name.replace("_", "."): each for name, each in files.items()})

    def replanned(**changes: object) -> bytes:
        again = change(plan, **changes)
        return zipped(good | {PLAN: encode_plan(again)} | _approved(again))

    def resampled(made: list[Sampled]) -> bytes:
        return zipped(good | {SAMPLE: encode_sample(made)})

    def counted(lines: list[bytes]) -> bytes:
        return zipped(good | {census_name(0): b"".join(lines)})

    yield "holds", data, "", ""
    at = data.index(b'"case":"2026-0117"') + 10
    yield "byte-flipped", data[:at] + b"3" + data[at + 1 :], "file", "packet-malformed"
    yield "cut-off", data[:-30], "file", "packet-malformed"
    yield "bytes-appended", data + b"\0", "file", "packet-malformed"
    yield "bytes-before", b"\0" + data, "file", "packet-malformed"
    changed = good[MANDATE].replace(b"2026-0117", b"2026-0118")
    yield "file-changed", zipped(good | {MANDATE: changed}, manifest), "file", "manifest-differs"
    fewer = {name: each for name, each in good.items() if name != SAMPLE}
    yield "file-removed", zipped(fewer, manifest), "file", "manifest-differs"
    more = good | {"extra.txt": b"extra"}
    yield "file-added", zipped(more, manifest), "file", "manifest-differs"
    newer = manifest.replace(b"packet/1", b"packet/2")
    yield "newer-version", zipped(good, newer), "file", "packet-version"
    wider = encode_mandate(change(MANDATE_, sample=3))
    yield "mandate-widened", zipped(good | {MANDATE: wider}), "mandate", "plan-other-mandate"
    one = {name: each for name, each in good.items() if name != APPROVALS[1]}
    yield "one-approval", zipped(one), "approvals", "approval-missing"
    twice = _approved(plan, PEOPLE[0], PEOPLE[0])
    yield "one-person-twice", zipped(good | twice), "approvals", "approval-same-person"
    strange = _approved(plan, PEOPLE[0], PEOPLE[2])
    yield "approval-by-a-stranger", zipped(good | strange), "approvals", "approval-stranger"
    elsewhere = {APPROVALS[1]: PEOPLE[1].approve("0" * 64)}
    yield "approval-of-another-plan", zipped(good | elsewhere), "approvals", "approval-wrong"
    foreign = log.checkpoint(key=OTHER_LOG)
    yield "head-of-another-log", replanned(checkpoint=foreign), "head", "ledger.origin-other"
    forged = log.checkpoint(key=replace(LOG, seed=_seed("x")))
    yield "head-by-another-key", replanned(checkpoint=forged), "head", "ledger.key-unknown"
    stale = log.checkpoint(plan.end - 1)
    yield "stale-head", replanned(checkpoint=stale), "head", "checkpoint-stale"
    bent = log.checkpoint().replace(plan.checkpoint.split("\n")[2][:8], "AAAAAAAA")
    yield "head-changed", replanned(checkpoint=bent), "head", "ledger.signature-wrong"
    erased = next(n for n, line in enumerate(census) if line.startswith(b'"'))
    yield (
        "erased-leaf-left-out",
        counted(census[:erased] + census[erased + 1 :]),
        "census",
        "census-broken",
    )
    flipped = bytearray(decode_entry(census[erased]).leaf)
    flipped[-1] ^= 1
    swapped = encode_entry(Line(bytes(flipped), None))
    yield (
        "leaf-changed",
        counted([*census[:erased], swapped, *census[erased + 1 :]]),
        "census",
        "census-broken",
    )
    yield (
        "leaf-added",
        counted([*census[:erased], census[erased], *census[erased:]]),
        "census",
        "census-broken",
    )
    yield "event-of-a-check-left-out", counted([census[0], *census[2:]]), "census", "census-gap"
    opening = next(n for n, k in enumerate(log.kept) if k.event.check_id == _check(3))
    kept = log.kept[opening]
    hidden = encode_entry(
        Line(
            kept.leaf, disclose(kept.event, kept.key, 0, ("at", "check", "operator", "seq", "tag"))
        )
    )
    yield (
        "outlet-hidden",
        counted([*census[:opening], hidden, *census[opening + 1 :]]),
        "census",
        "census-hides",
    )
    closed = encode_entry(Line(kept.leaf, None))
    yield (
        "check-claimed-erased",
        counted([*census[:opening], closed, *census[opening + 1 :]]),
        "census",
        "census-gap",
    )
    cut = Frontier(8, (log.node(3, 0),))
    yield "begun-later", _later(good, plan, cut), "census", "since-differs"
    wrong = tuple(reversed(plan.consistency))
    yield "consistency-changed", replanned(consistency=wrong), "census", "ledger.consistency-failed"
    earlier = plan.end - 1
    yield (
        "registration-left-out",
        zipped(_shorter(good, plan, log, earlier)),
        "registration",
        "registration-missing",
    )
    yield (
        "registration-lied",
        zipped(the_packet(the_log(erased=4))),
        "registration",
        "registration-count-differs",
    )
    since = the_log()
    for each in since.kept:
        each.erased |= each.event.check_id == _check(3)
    yield "erased-after-registration", zipped(the_packet(since)), "", ""
    yield "another-secret", replanned(secret=_seed("another").hex()), "seed", "seed-wrong"
    yield "another-seed", replanned(seed=_seed("chosen").hex()), "seed", "seed-wrong"
    yield "counts-changed", replanned(in_scope=plan.in_scope - 1), "plan", "plan-differs"
    yield "sample-missing", resampled(sample[:1]), "sample", "sample-missing"
    extra = _sampled(log, undrawn, plan.end)
    yield "sample-added", resampled([*sample, extra]), "sample", "sample-added"
    yield "sample-twice", resampled([*sample, sample[0]]), "sample", "sample-added"
    yield "sample-replaced", resampled([sample[0], extra]), "sample", "sample-replaced"
    yield "sample-reordered", resampled(sample[::-1]), "sample", "sample-reordered"
    first = sample[0]
    lacking = replace(first, events=first.events[:-1])
    yield "sampled-event-missing", resampled([lacking, sample[1]]), "events", "sample-events"
    place, whole = first.events[0]
    slots = tuple(Closed(_hash(s)) if s.name == "offered" else s for s in whole.fields)
    secretive = replace(first, events=((place, change(whole, fields=slots)), *first.events[1:]))
    yield "sampled-event-hides", resampled([secretive, sample[1]]), "events", "sample-events"
    digest = plan.notices[0]
    softer = NOTICE_TEXT.replace("依法".encode(), "尽量".encode())
    yield (
        "notice-changed",
        zipped(good | {notice_name(digest): softer}),
        "notices",
        "notice-differs",
    )
    without = {name: each for name, each in good.items() if name != notice_name(digest)}
    yield "notice-removed", zipped(without), "notices", "notice-missing"
    yield "notice-not-told", replanned(notices=(), notices_gone=()), "notices", "notice-missing"


def _hash(slot: Opened) -> bytes:
    name, value = slot.name.encode(), slot.value.encode()
    return hashlib.sha256(b"liangming/leaf/1/field\0" + slot.salt + name + b"\0" + value).digest()


def _manifest(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(MANIFEST)


def _later(good: Packet, plan: Plan, cut: Frontier) -> bytes:
    """The census begins later than the mandate says."""
    again = msgspec.structs.replace(plan, begin=cut.size, peaks=cut.peaks)
    lines = good[census_name(0)].splitlines(keepends=True)[cut.size :]
    changed = {PLAN: encode_plan(again), census_name(0): b"".join(lines)}
    return zipped(good | changed | _approved(again))


def _shorter(good: Packet, plan: Plan, log: Log, end: int) -> Packet:
    """A census that ends before the registration, with everything else fitted to it."""
    root = log.head(end).root
    seed = seed_of(MANDATE_, SECRET, root)
    lines = good[census_name(0)].splitlines(keepends=True)[:end]
    tally = Tally(MANDATE_, 0)
    for line in lines:
        tally.add(decode_entry(line))
    drawn = draw(seed, tally.population, MANDATE_.sample)
    again = msgspec.structs.replace(
        plan,
        end=end,
        root=root.hex(),
        seed=seed.hex(),
        consistency=tuple(assemble(consistency_plan(end, len(log.kept)), log.node)),
        others=dict(tally.others),
        sample=tuple(drawn),
    )
    sample = encode_sample([_sampled(log, check, end) for _, check in drawn])
    changed = {PLAN: encode_plan(again), census_name(0): b"".join(lines), SAMPLE: sample}
    return good | changed | _approved(again)


# ---------------------------------------------------------------------------------------- files


def files() -> Iterator[tuple[Path, bytes]]:
    """Every vector with its place."""
    expected: dict[str, object] = {}
    for name, data, code in (*receipts(), *counted()):
        expected[name] = code
        yield RECEIPTS / f"{name}.liangming-receipt", data
    for number, proof in enumerate(tlog_proofs(the_receipt(the_log()))):
        yield RECEIPTS / f"holds-{number}.tlog-proof", proof
    yield RECEIPTS / "expected.json", _json(expected)
    expected = {}
    for name, data, point, code in packets():
        whole = code if "." in code or not code else f"inspection.{code}"
        expected[name] = {"point": point, "code": whole}
        yield PACKETS / f"{name}.liangming-packet", data
    yield PACKETS / "expected.json", _json(expected)
    key = LOG.verifying.encode().encode() + b"\n"
    yield RECEIPTS / "key.txt", key
    yield PACKETS / "key.txt", key


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = 0
    made = dict(files())
    there = {p for folder in (RECEIPTS, PACKETS) for p in folder.glob("*") if p.is_file()}
    for path in sorted(made.keys() | there):
        if path in made and path in there and path.read_bytes() == made[path]:
            continue
        stale += 1
        print(path.relative_to(ROOT))
        if check:
            continue
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made[path])
        else:
            path.unlink()
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
