"""A house with figures: outlets whose people choose differently, devices with gaps, and staff.

Run as a program it serves until it is stopped and prints one line of JSON: where, and a session of
each role. Django is configured once in a process, so it has one of its own.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.governance.officers import SECOND
from tests.governance.officers import approved as assessed

from liangming import ids
from liangming.assembly import Settings, evidence, premises
from liangming.check import Opening, events, open_check
from liangming.check.desk import leaf_of
from liangming.check.integrate import Integrator
from liangming.check.journey import choose, show_notice
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises, Record
from liangming.check.present import present
from liangming.check.receipt import code_of
from liangming.clock import SetClock, micros
from liangming.device import enrol, take
from liangming.governance.assessment import withdraw
from liangming.governance.scene_history import note_scenes
from liangming.governance.training import grade, needed
from liangming.governance.training import take as pass_course
from liangming.inspection import (
    Inspected,
    Mandate,
    Role,
    approved,
    commitment,
    make_packet,
    new_approver,
    new_secret,
    plan_packet,
    register,
)
from liangming.inspection.mandate import Listed
from liangming.law import CORPUS
from liangming.law.words import Method
from liangming.ledger import Event
from liangming.ledger.device import sign_event
from liangming.method import DocumentShown
from liangming.rights import RightsDesk
from liangming.scene.model import Scene, Text
from liangming.storage import open_docket
from liangming.web import build_web
from liangming.web.plays.people import card_number
from liangming.web.staff.migrate import migrate
from liangming.web.staff.settings import StaffSettings

ROOT = Path(__file__).resolve().parents[3]
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
OPERATOR, ELSEWHERE = "yangli-station", "shili-express"
ROLES = ("clerk", "manager", "officer", "inspector", "integrator", "administrator")
M = Method
STANDING, WITHDRAWN = "locker-00004", "locker-00005"  # scenes whose assessments were signed here


def scenes_of(house: Premises, outlets: int) -> dict[str, Scene]:
    """The example scenes, and more outlets of one operator."""
    scenes = dict(house.scenes)
    model, counter = scenes["yangli-locker-send"], scenes["shili-counter"]
    for n in range(outlets):
        outlet = replace(model.outlet, id=f"o-{n}", name=Text(f"示例{n}号柜", f"Sample {n}"))
        scenes[f"locker-{n:05}"] = replace(model, id=f"locker-{n:05}", outlet=outlet)
    scenes["yangli-counter"] = replace(counter, id="yangli-counter", operator=model.operator)
    return scenes


def figures(scene: Scene, counts: dict[str, tuple[int, int, float]], at: int) -> Iterator[LeafRow]:
    """The leaves of checks: by way how many ended, how many passed, and how long it took."""
    for method, (ended, passed, seconds) in counts.items():
        way = Method(method).value
        for n in range(ended):
            check = ids.new(ids.CHECK, NOON)
            key, begun = bytes(32), at + n * 1_000_000
            told: list[Event] = [
                Event(
                    events.OPENED.tag, begun, check,
                    {"scene": scene.id, "operator": scene.operator.id,
                     "outlet": scene.outlet.id, "kind": scene.kind.value},
                ),
                Event(
                    events.CHOSEN.tag, begun, check,
                    {"method": way, "by": "person", "position": 0, "change": 0},
                ),
            ]  # fmt: skip
            took = int(seconds * 1e6 * (0.7 + 0.07 * (n * 7 % 10)))
            end = Event(events.PASSED.tag, begun + took, check, {"method": way})
            if n >= passed:
                end = Event(events.ABANDONED.tag, begun + took, check, {"by": "person"})
            told.append(end)
            yield from (leaf_of(event, key, number) for number, event in enumerate(told))


def plan(n: int) -> dict[str, tuple[int, int, float]]:
    """What people do at the n-th outlet."""
    usual: dict[str, tuple[int, int, float]] = {
        M.FACE: (30, 28, 9.0),
        M.DOCUMENT_READ: (40, 38, 10.0),
        M.NETWORK_CREDENTIAL: (35, 33, 11.0),
        M.ORDER_CODE: (5, 5, 8.0),
    }
    match n:
        case 0:  # nearly everybody uses a face, and the other ways take long
            return {
                M.FACE: (400, 396, 8.0),
                M.DOCUMENT_READ: (40, 20, 45.0),
                M.NETWORK_CREDENTIAL: (3, 3, 60.0),
            }
        case 1:  # all but a few
            return {M.FACE: (300, 299, 8.0), M.DOCUMENT_READ: (4, 4, 9.0)}
        case 2:  # too few to show
            return {M.FACE: (3, 3, 8.0), M.DOCUMENT_READ: (5, 5, 9.0)}
    return usual


async def passed(house: Premises, scene: str, number: str) -> str:
    """A check that passed at the counter."""
    check = (await open_check(house, Opening(scene=scene))).about.id
    await show_notice(house, check)
    await choose(house, check, Method.DOCUMENT_SEEN)
    shown = DocumentShown(
        document="resident_card", number=number, name="演示丙", waybill_name="演示丙"
    )
    await present(house, check, shown)
    return check


async def machines(house: Premises, desk: RightsDesk) -> None:
    """One device in order, and one with a gap and a fork."""
    for name, numbers in (("甲柜", (0, 1, 2)), ("乙柜", (0, 1, 4, 4))):
        key = Ed25519PrivateKey.generate()
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        device = await enrol(
            house, desk.docket, name=name, scene="locker-00000", key=public, actor="test"
        )
        lines = [
            sign_event(
                key, device=device.id, seq=seq, at=micros(NOON) + at, tag="device:goods:sold",
                facts={"by": "cash"},
            ).encode()
            for at, seq in enumerate(numbers)
        ]  # fmt: skip
        for line in lines:
            await take(house, desk.docket, OPERATOR, [line])


async def inspect(
    inspected: Inspected, case: str, folder: Path | None, carry: Callable[[], Any]
) -> str:
    """A mandate from its registration to its packet, if it comes to one; its id."""
    people = [new_approver("inspector", Role.AUTHORITY), new_approver("officer", Role.OPERATOR)]
    secret = new_secret()
    day = NOON.date()
    mandate = Mandate(
        authority="example-postal",
        case=case,
        operator=OPERATOR,
        outlets=("xuhui-1",),
        since_day=day - timedelta(days=4),
        until_day=day,
        purpose="example inspection",
        basis=("courier.40",) if "courier.40" in CORPUS.articles else ("courier.23",),
        sample=3,
        secret=commitment(secret),
        approvers=tuple(
            Listed(person=each.person, role=each.role, key=each.key.verifying.encode())
            for each in people
        ),
    )
    await register(inspected, mandate)
    await carry()
    if folder is None:
        return mandate.id
    plan = await plan_packet(inspected, mandate, secret)
    eyes = approved(mandate, plan, tuple(each.approve(plan.digest) for each in people))
    await make_packet(inspected, mandate, eyes, folder / f"{case}.packet")
    await carry()
    return mandate.id


def admit(mandates: list[str]) -> None:
    """To the second the inspector is admitted no longer."""
    from liangming.web.staff.console.models import Admission

    day = NOON.date()
    days = ((0, 10), (-9, -1), (0, 5))
    for mandate, (first, last) in zip(mandates, days, strict=False):
        Admission(
            mandate=mandate, inspector="inspector", operator=OPERATOR, by="officer", at=NOON,
            first_day=day + timedelta(days=first), last_day=day + timedelta(days=last),
        ).save()  # fmt: skip


def staff(settings: StaffSettings, mandates: list[str]) -> dict[str, str]:
    """A member of each role with a key, and a session of theirs."""
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from liangming.web.staff import accounts
    from liangming.web.staff.models import Member

    made = {}
    people = [(named(role, each), role, each) for each in (OPERATOR, ELSEWHERE) for role in ROLES]
    for name, role, operator in [*people, ("officer-new", "officer", OPERATOR)]:
        member: Any = accounts.invite("-", name, f"甲{role}", role, operator=operator, at=NOON)
        Authenticator(user=member, type="totp", data={"secret": "none"}).save()
        session = SessionStore()
        session[SESSION_KEY] = str(Member.objects.get(username=name).pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        session.save()
        made[name] = session.session_key
    admit(mandates)
    return made


_OURS = {"staff_home", "openid_connect_login", "openid_connect_callback"}


def addresses(*, closed: bool = True) -> list[str]:
    """Every address of the pages; those of allauth that lead nowhere only if ``closed`` are wanted."""
    from django.urls import get_resolver

    from liangming.web.staff.urls import OPEN

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for each in patterns:
            route = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, route)
            elif "^" not in route and (closed or each.name in {None, *OPEN, *_OURS}):
                yield route

    return list(walk(get_resolver().url_patterns, ""))


async def train(house: Premises, desk: RightsDesk) -> None:
    """Everybody has passed the courses of their role, but for one new officer."""
    for operator in (OPERATOR, ELSEWHERE):
        for role in ROLES:
            for course in needed(role):
                marked = grade(course, {n: q.right for n, q in enumerate(course.questions)})
                await pass_course(
                    house, desk.docket, operator=operator, username=named(role, operator),
                    course=course.id, marked=marked,
                )  # fmt: skip


def named(role: str, operator: str) -> str:
    """The sign-in name of the member of a role."""
    return role if operator == OPERATOR else f"{role}-elsewhere"


async def main(folder: Path, outlets: int) -> None:
    """Make everything, then serve."""
    clock = SetClock(NOON)
    settings = Settings(
        data=folder,
        database=f"sqlite:///{folder / 'house.sqlite3'}",
        keys=folder / "keys.json",
        scenes=(ROOT / "examples" / "scenes",),
        production=False,
    )
    tables = StaffSettings(database=f"sqlite:///{folder / 'staff.sqlite3'}", idle=3600)
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            premises(settings, clock=clock, allow_test_region=True)
        )
        record = stack.enter_context(evidence(settings, opened))
        opened = replace(opened, scenes=scenes_of(opened, outlets))
        house = replace(opened, record=Record(record.tiles, record.trust))
        desk = RightsDesk(
            premises=house,
            docket=open_docket(house.store),
            approvals=frozenset({"statutory-report:whole", "inspection"}),
        )
        await note_scenes(desk)
        standing = await assessed(desk, STANDING)
        await withdraw(desk, (await assessed(desk, WITHDRAWN)).about.id, SECOND)
        at = micros(NOON - timedelta(days=1))
        for n in range(min(outlets, 40)):
            leaves = list(figures(house.scenes[f"locker-{n:05}"], plan(n), at))
            for begin in range(0, len(leaves), 500):
                await desk.docket.commit([], leaves[begin : begin + 500])
        await machines(house, desk)
        number = card_number()
        checks = [await passed(house, "yangli-counter", number) for _ in range(2)]
        for _ in range(3):
            await passed(house, "yangli-counter", card_number())
        other = await passed(house, "shili-counter", card_number())
        carrier = Integrator(house.store, record.log, clock, tiles=record.tiles)

        async def carry() -> None:
            while await carrier.round():
                pass

        await carry()
        packets = folder / "packets"
        await asyncio.to_thread(packets.mkdir)
        inspected = Inspected(house, desk.docket)
        elsewhere = folder / "elsewhere"  # a packet that was never put where pages find it
        await asyncio.to_thread(elsewhere.mkdir)
        cases = {"A-1": packets, "B-2": elsewhere, "C-3": None}
        mandates = [await inspect(inspected, case, to, carry) for case, to in cases.items()]
        await train(house, desk)
        app = build_web(house, desk=desk, staff=tables, hosts=("localhost",), packets=packets)
        sessions = await asyncio.to_thread(staff, tables, mandates)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(64)
            told = {
                "base": f"http://localhost:{listener.getsockname()[1]}",
                "sessions": sessions,
                "number": number,
                "checks": checks,
                "other": other,
                "assessment": standing.about.id,
                "mandates": mandates,
                "addresses": await asyncio.to_thread(addresses),
                "offered": await asyncio.to_thread(lambda: addresses(closed=False)),
                "receipts": [code_of(house.keys.token, check) for check in [*checks, other]],
            }
            config = uvicorn.Config(app, lifespan="off", log_level="error", ws="none")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve([listener]))
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
            await serving


if __name__ == "__main__":
    os.umask(0o077)
    where = Path(sys.argv[1])
    migrate(f"sqlite:///{where / 'staff.sqlite3'}")
    asyncio.run(main(where, int(sys.argv[2])))
