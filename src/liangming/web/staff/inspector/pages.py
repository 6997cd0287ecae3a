"""What an inspector sees: mandates, one mandate, its sample, each check of it, the packet, the heads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse

from liangming.clock import china_date, from_micros
from liangming.errors import LiangmingError, Misuse
from liangming.inspection import Point
from liangming.inspection.counting import Counted
from liangming.ledger import Checkpoint, event_kinds, open_checkpoint
from liangming.ledger.tiles import CHECKPOINT
from liangming.scene.kinds import KINDS
from liangming.scene.model import Text
from liangming.web.cited import Cited, cited
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.staff.console.models import Admission
from liangming.web.staff.console.paging import paged
from liangming.web.staff.inspector.faults import NO_PACKET
from liangming.web.staff.inspector.gate import (
    Standing,
    Visit,
    leave,
    standing,
    visit_of,
    within,
)
from liangming.web.staff.inspector.packets import Packet, packet_of
from liangming.web.staff.menu import only
from liangming.web.staff.models import Member
from liangming.web.staff.roles import INSPECTS

POINTS: Final = {
    Point.FILE: Text("文件完整", "The file is whole"),
    Point.MANDATE: Text("检查任务", "The mandate"),
    Point.APPROVALS: Text("两人批准", "Two people approved"),
    Point.HEAD: Text("存证签名", "The log's signed head"),
    Point.CENSUS: Text("清查完整：范围内每一条都在", "The census is whole: every leaf is there"),
    Point.REGISTRATION: Text("任务先于抽样登记", "The mandate was registered before the draw"),
    Point.SEED: Text("抽样种子", "The seed of the draw"),
    Point.PLAN: Text("与批准的方案一致", "It is what was approved"),
    Point.SAMPLE: Text("样本：抽中的都在，没有别的", "The sample: all that were drawn, no other"),
    Point.EVENTS: Text("样本的事件齐全", "Every event of the sample is there"),
    Point.NOTICES: Text("当时的告知文本", "The notices as shown then"),
}
_ORDER: Final = {Standing.OPEN: 0, Standing.EARLY: 1, Standing.OVER: 2}
_PIECE: Final = 256 * 1024
_OWN: Final = frozenset({"at", "check", "seq", "tag"})


@dataclass(frozen=True, slots=True)
class Line:
    """One mandate in the list; of one that is over, only that it is."""

    mandate: str
    case: str
    authority: str
    last_day: date
    over: bool
    early: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a check, with its place in the log."""

    place: int
    at: datetime | None
    words: Text
    facts: list[tuple[str, str]]
    articles: tuple[Cited, ...]


@login_required
def mandates(request: HttpRequest) -> HttpResponse:
    """The mandates that one is admitted to."""
    member = only(request, INSPECTS)
    house = house_of(request)
    today = china_date(house.premises.clock.now())
    best: dict[str, Admission] = {}
    mine = Admission.objects.filter(inspector=member.username, operator=member.operator)
    for each in mine.order_by("last_day", "pk"):
        held = best.get(str(each.mandate))
        if held is None or _ORDER[standing(each, today)] <= _ORDER[standing(held, today)]:
            best[str(each.mandate)] = each
    lines = [_line(house, member, each, today) for each in best.values()]
    lines.sort(key=lambda line: (line.over, line.last_day))
    return TemplateResponse(request, "staff/inspector/mandates.html", {"lines": lines})


def _line(house: House, member: Member, admission: Admission, today: date) -> Line:
    """What the list tells of a mandate: its name only while it is open, and then with a leaf."""
    state, mandate = standing(admission, today), str(admission.mandate)
    case = authority = ""
    if state is Standing.OPEN:
        visit = visit_of(house, member, mandate)
        leave(visit, "list")
        case, authority = visit.mandate.case, visit.mandate.authority
    over, early = state is Standing.OVER, state is Standing.EARLY
    return Line(mandate, case, authority, admission.last_day, over, early)


@within("mandate")
def mandate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One mandate: its scope, the counts at its registration, what was done under it."""
    house, given = visit.house, visit.mandate
    leaves = async_to_sync(house.premises.store.leaves)(given.id)
    counted = msgspec.json.decode(leaves[0].facts, type=Counted)
    words = {kind.tag: Text(kind.zh, kind.en) for kind in event_kinds()}
    done = [
        (from_micros(leaf.at), words.get(leaf.tag, Text(leaf.tag, leaf.tag))) for leaf in leaves
    ]
    outlets = {s.outlet.id: s.outlet.name for s in house.premises.scenes.values()}
    context = {
        "visit": visit,
        "mandate": given,
        "outlets": [outlets.get(each, Text(each, each)) for each in given.outlets],
        "kinds": [KINDS[kind].title for kind in given.kinds],
        "articles": cited(house.premises.corpus, given.basis),
        "counted": counted,
        "registered_at": from_micros(leaves[0].at),
        "packet": packet_of(visit, verified=False),
        "findings": visit.acts.findings,
        "acts": paged(request, done[::-1], {}),
    }
    return TemplateResponse(request, "staff/inspector/mandate.html", context)


@within("sample")
def sample(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The sample as drawn, with the packet's verdict point by point."""
    packet = _packet(visit)
    verdict = packet.verdict
    if verdict is None:
        context = {
            "visit": visit,
            "packet": packet,
            "verdict": None,
            "key": _key(visit.house),
        }
        return TemplateResponse(request, "staff/inspector/sample.html", context)
    told = [
        (number, check, len(events), _end(events))
        for number, (check, events) in enumerate(verdict.facts.items(), 1)
    ]
    context = {
        "visit": visit,
        "packet": packet,
        "key": _key(visit.house),
        "verdict": verdict,
        "points": [(POINTS[said.point], said) for said in verdict.points],
        "plan": verdict.plan,
        "paged": paged(request, told if verdict.holds else [], {}),
    }
    return TemplateResponse(request, "staff/inspector/sample.html", context)


@within("check")
def sampled(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One check of the sample: every event of it, its place in the log, and that it is proven."""
    verdict = _packet(visit).verdict
    if verdict is None or not verdict.holds or not 1 <= number <= len(verdict.facts):
        raise Misuse(NOT_FOUND)
    check, events = list(verdict.facts.items())[number - 1]
    context = {
        "visit": visit,
        "number": number,
        "of": len(verdict.facts),
        "check": check,
        "events": [_told(visit.house, place, facts) for place, facts in events],
        "head": verdict.checkpoint.head if verdict.checkpoint is not None else None,
    }
    return TemplateResponse(request, "staff/inspector/check.html", context)


@within("packet")
def packet_file(_request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The packet, to be taken away."""
    packet = _packet(visit, verified=False)
    if packet.path is None:
        raise Misuse(NO_PACKET)
    answer = StreamingHttpResponse(_pieces(packet.path), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{packet.name}"'
    answer.headers["Content-Length"] = str(packet.size)
    return answer


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """The file bit by bit, read in a thread."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while some := await asyncio.to_thread(file.read, _PIECE):
            yield some


@within("heads")
def heads(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The log's head now, who has cosigned it, and how to verify all of it offline."""
    record = visit.house.premises.record
    shown: Checkpoint | None = None
    if record is not None:
        try:
            shown = open_checkpoint(record.tiles.get(CHECKPOINT), record.trust)
        except LiangmingError:
            shown = None
    cosigned = sorted(shown.cosigned_at.items()) if shown is not None else []
    context = {
        "visit": visit,
        "record": record,
        "key": _key(visit.house),
        "shown": shown,
        "root": shown.head.root.hex() if shown is not None else "",
        "cosigned": [(name, from_micros(at * 1_000_000)) for name, at in cosigned],
    }
    return TemplateResponse(request, "staff/inspector/heads.html", context)


def _packet(visit: Visit, *, verified: bool = True) -> Packet:
    packet = packet_of(visit, verified=verified)
    if packet is None:
        raise Misuse(NO_PACKET)
    return packet


def _key(house: House) -> str:
    record = house.premises.record
    return record.trust.log_keys[0].encode() if record is not None else "KEY"


def _end(events: list[tuple[int, dict[str, Any]]]) -> Text:
    words = {kind.tag: Text(kind.zh, kind.en) for kind in event_kinds()}
    tag = str(events[-1][1].get("tag", "")) if events else ""
    return words.get(tag, Text(tag, tag))


def _told(house: House, place: int, facts: dict[str, Any]) -> Told:
    words = {kind.tag: Text(kind.zh, kind.en) for kind in event_kinds()}
    tag, at = str(facts.get("tag", "")), facts.get("at")
    citations = facts.get("citations", ())
    return Told(
        place=place,
        at=from_micros(at) if isinstance(at, int) else None,
        words=words.get(tag, Text(tag, tag)),
        facts=[
            (name, " ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value))
            for name, value in sorted(facts.items())
            if name not in _OWN and name != "citations"
        ],
        articles=cited(house.premises.corpus, tuple(map(str, citations)), 6)
        if isinstance(citations, (tuple, list))
        else (),
    )
