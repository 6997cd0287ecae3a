"""From an event to a receiver: signed, without anything about a person, at least once, and never stuck."""

import asyncio
import json
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.webhook.conftest import House, Receiver

from liangming.clock import SystemClock, micros
from liangming.errors import LiangmingError
from liangming.webhook import (
    Happened,
    Name,
    again,
    deliveries_of,
    end,
    pause,
    ping,
    pump,
    resume,
    rotate,
    sign,
)
from liangming.webhook.courier import WINDOW
from liangming.webhook.deliveries import LEASE, PAUSES, kept, kind_of
from liangming.webhook.deliveries import told as told_of
from liangming.webhook.hooks import MOST, find


async def states(house: House, hook: str) -> list[str]:
    return [each.state for each in await deliveries_of(house.docket, hook, "", 99)]


def seconds(house: House) -> int:
    return micros(house.door.world.clock.now()) // 1_000_000


async def test_an_outcome_is_posted_signed_with_ids_and_the_outcome_alone(
    house: House, receiver: Receiver
) -> None:
    held, secret = await house.hook(receiver.url, Name.CONCLUDED)
    check = await house.passed()
    await house.posted()
    ((headers, body),) = receiver.came
    told = json.loads(body)
    assert told["type"] == "check.concluded"
    assert told["data"] == {"check": check, "scene": "demo.counter", "outcome": "passed"}
    assert set(told) == {"type", "timestamp", "data"}
    key = sign.read_text(secret)
    assert sign.verify(key, headers, body, now=seconds(house)) == headers["webhook-id"]
    assert headers["content-type"] == "application/json"
    assert await states(house, held.id) == ["taken"]
    text = f"{headers} {body.decode()}"
    assert not any(word in text for word in house.door.world.planted)
    assert not any(word in text for word in ("990101", "演示甲"))


async def test_what_is_not_subscribed_to_and_other_scenes_are_not_told(
    house: House, receiver: Receiver
) -> None:
    await house.hook(receiver.url, Name.EXPIRED)
    await house.hook(receiver.url, Name.CONCLUDED, scenes=("demo.face",))
    await house.passed()
    await house.posted()
    assert receiver.came == []


async def test_what_happened_before_a_subscription_is_not_told(
    house: House, receiver: Receiver
) -> None:
    await house.passed()
    await house.hook(receiver.url)
    later = await house.passed()
    await house.hook(receiver.url)
    await house.posted()
    assert [json.loads(body)["data"]["check"] for _, body in receiver.came] == [later]


async def test_each_event_has_its_name_and_ids(house: House, receiver: Receiver) -> None:
    from liangming.check.conclude import expire_due

    await house.hook(receiver.url, Name.EXPIRED, Name.ASKED, Name.WITHDRAWN)
    check = await house.door.opened()
    answer = await house.door.http.post(
        f"/v1/checks/{check}/requests", json={"right": "complain", "words": "x"}
    )
    assert answer.status_code == 201, answer.text
    request = answer.json()["id"]
    house.door.world.clock.move(timedelta(days=1))
    await expire_due(house.door.world.premises, house.door.world.clock.now())
    await house.posted()
    told = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in receiver.came}
    assert told == {
        "request.opened": {"request": request, "check": check},
        "check.expired": {"check": check, "scene": "demo.counter", "outcome": "expired"},
    }


async def test_a_failure_is_tried_again_under_the_same_id_after_a_growing_pause(
    house: House, receiver: Receiver
) -> None:
    receiver.say(500, 302, 503)
    held, _ = await house.hook(receiver.url)
    await house.passed()
    pauses = []
    for _ in range(3):
        await house.posted()
        (row,) = await house.docket.open(kind_of(held.id), 9)
        now = house.door.world.clock.now()
        pauses.append((row.due_at - micros(now)) / 1e6)
        house.door.world.clock.set(now + timedelta(seconds=pauses[-1] + 1))
    await house.posted()
    assert await states(house, held.id) == ["taken"]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len({body for _, body in receiver.came}) == 1
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in receiver.came]
    assert stamps == sorted(set(stamps))  # each attempt is signed for its own moment
    for pause_, planned in zip(pauses, PAUSES, strict=False):
        assert planned * 0.8 <= pause_ <= planned * 1.2
    (each,) = await deliveries_of(house.docket, held.id, "", 9)
    assert [attempt.status for attempt in each.delivery.attempts] == [500, 302, 503, 204]


async def test_a_receiver_may_ask_for_a_longer_pause(house: House, receiver: Receiver) -> None:
    receiver.say(429, head="Retry-After: 3600\r\n")
    held, _ = await house.hook(receiver.url)
    await house.passed()
    await house.posted()
    (row,) = await house.docket.open(kind_of(held.id), 9)
    assert row.due_at - micros(house.door.world.clock.now()) == 3600 * 1_000_000


async def test_after_the_last_attempt_it_is_dead_is_shown_and_can_be_sent_again(
    house: House, receiver: Receiver
) -> None:
    held, _ = await house.hook(receiver.url)
    await house.passed()
    for _ in range(len(PAUSES) + 1):
        receiver.say(500)
        await house.posted()
        house.door.world.clock.move(timedelta(days=2))
    assert await states(house, held.id) == ["dead"]
    (dead,) = await deliveries_of(house.docket, held.id, "", 9)
    premises = house.door.world.premises
    await again(premises, house.docket, dead.id, operator="demo", actor="wang-01")
    with pytest.raises(LiangmingError) as waits:
        await again(premises, house.docket, dead.id, operator="demo", actor="wang-01")
    assert waits.value.code.name == "webhook.not-now"
    await house.posted()
    assert await states(house, held.id) == ["taken"]
    ids = {headers["webhook-id"] for headers, _ in receiver.came}
    assert (len(ids), len(receiver.came)) == (1, len(PAUSES) + 2)


async def test_gone_pauses_the_subscription_and_what_waits_goes_on_after_it_resumes(
    house: House, receiver: Receiver
) -> None:
    receiver.say(410)
    held, _ = await house.hook(receiver.url)
    await house.passed()
    await house.posted()
    now = await find(house.docket, held.id, "demo")
    assert (now.state, now.hook.why) == ("paused", "gone")
    missed = await house.passed()
    await house.posted()
    premises = house.door.world.premises
    await resume(premises, house.docket, house.outbox, held.id, operator="demo", actor="wang-01")
    house.door.world.clock.move(timedelta(hours=1))
    await house.posted()
    told = [json.loads(body)["data"]["check"] for _, body in receiver.came]
    assert len(told) == 2  # the one that got 410, again
    assert missed not in told  # it happened while nothing was to be told


async def test_a_process_that_dies_after_posting_posts_the_same_once_more(
    house: House, receiver: Receiver
) -> None:
    held, _ = await house.hook(receiver.url)
    await house.passed()
    receiver.hold = asyncio.Event()
    dying = house.courier()
    await dying.look()
    (task,) = dying._tasks.values()
    await receiver.here.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    receiver.hold.set()
    await house.posted()
    assert len(receiver.came) == 1  # the lease still stands
    house.door.world.clock.move(LEASE)
    await house.posted()
    assert await states(house, held.id) == ["taken"]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len(receiver.came) == 2


async def test_two_processes_make_each_delivery_once(house: House, receiver: Receiver) -> None:
    held, _ = await house.hook(receiver.url)
    checks = [await house.passed() for _ in range(12)]
    premises = house.door.world.premises
    counts = await asyncio.gather(*(pump(premises, house.docket, house.outbox) for _ in range(4)))
    assert sum(counts) == 12
    couriers = [house.courier() for _ in range(3)]
    for _ in range(4):
        await asyncio.gather(*(house.posted(courier) for courier in couriers))
    told = [json.loads(body)["data"]["check"] for _, body in receiver.came]
    assert sorted(told) == sorted(checks)
    assert await states(house, held.id) == ["taken"] * 12


async def test_one_receiver_that_hangs_holds_up_no_other(house: House, receiver: Receiver) -> None:
    hanging = Receiver(hold=asyncio.Event())
    server = await asyncio.start_server(hanging.serve, "127.0.0.1", 0)
    hanging.port = server.sockets[0].getsockname()[1]
    slow, _ = await house.hook(hanging.url)
    quick, _ = await house.hook(receiver.url)
    await house.passed()
    await house.posted(house.courier(deadline=0.2))
    assert await states(house, quick.id) == ["taken"]
    assert await states(house, slow.id) == ["waiting"]
    (row,) = await house.docket.open(kind_of(slow.id), 9)
    assert [attempt.why for attempt in kept(row).delivery.attempts] == ["slow"]
    hanging.hold.set()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "garbled"),
        (b"", "garbled"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000, "garbled"),
    ],
)
async def test_an_answer_that_is_none_is_an_attempt_that_failed(
    house: House, receiver: Receiver, answer: bytes, why: str
) -> None:
    receiver.answers.append(answer)
    held, _ = await house.hook(receiver.url)
    await house.passed()
    await house.posted()
    (row,) = await house.docket.open(kind_of(held.id), 9)
    assert [attempt.why for attempt in kept(row).delivery.attempts] == [why]


async def test_a_certificate_that_is_not_trusted_is_no_receiver(
    house: House, tmp_path: Path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made(key, certificate)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    secure = Receiver()
    server = await asyncio.start_server(secure.serve, "127.0.0.1", 0, ssl=theirs)
    secure.port = server.sockets[0].getsockname()[1]
    held, _ = await house.hook(f"https://localhost:{secure.port}/hook")
    await house.passed()
    await house.posted()
    (row,) = await house.docket.open(kind_of(held.id), 9)
    assert [attempt.why for attempt in kept(row).delivery.attempts] == ["tls"]
    house.door.world.clock.move(timedelta(minutes=1))
    trusting = ssl.create_default_context(cafile=str(certificate))
    await house.posted(house.courier(context=trusting))
    assert await states(house, held.id) == ["taken"]
    server.close()
    await server.wait_closed()


def made(key: Path, certificate: Path) -> None:
    """A certificate for localhost that signs itself; its term is that of the machine's clock."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = SystemClock().now()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


async def test_nobody_listens_is_told_as_such(house: House) -> None:
    held, _ = await house.hook("http://127.0.0.1:9/hook")
    await house.passed()
    await house.posted()
    (row,) = await house.docket.open(kind_of(held.id), 9)
    assert [attempt.why for attempt in kept(row).delivery.attempts] == ["connect"]


async def test_after_a_rotation_both_secrets_verify_until_the_overlap_is_over(
    house: House, receiver: Receiver
) -> None:
    held, old = await house.hook(receiver.url)
    new = await rotate(
        house.door.world.premises,
        house.docket,
        held.id,
        operator="demo",
        actor="wang-01",
        overlap=timedelta(hours=1),
    )
    await house.passed()
    await house.posted()
    for secret in (old, new):
        headers, body = receiver.came[0]
        assert sign.verify(sign.read_text(secret), headers, body, now=seconds(house))
    house.door.world.clock.move(timedelta(hours=1))
    await house.passed()
    await house.posted()
    headers, body = receiver.came[1]
    assert sign.verify(sign.read_text(new), headers, body, now=seconds(house))
    with pytest.raises(LiangmingError):
        sign.verify(sign.read_text(old), headers, body, now=seconds(house))


async def test_a_ping_goes_the_same_way(house: House, receiver: Receiver) -> None:
    held, secret = await house.hook(receiver.url)
    await ping(house.door.world.premises, house.docket, held.id, operator="demo", actor="wang-01")
    await house.posted()
    headers, body = receiver.came[0]
    assert json.loads(body)["type"] == "ping"
    assert sign.verify(sign.read_text(secret), headers, body, now=seconds(house))


async def test_every_deed_of_a_subscription_is_a_leaf_in_order(
    house: House, receiver: Receiver
) -> None:
    premises, docket = house.door.world.premises, house.docket
    held, _ = await house.hook(receiver.url)
    who = {"operator": "demo", "actor": "wang-01"}
    await ping(premises, docket, held.id, **who)
    await rotate(premises, docket, held.id, overlap=timedelta(0), **who)
    await pause(premises, docket, held.id, **who)
    await resume(premises, docket, house.outbox, held.id, **who)
    await end(premises, docket, held.id, **who)
    leaves = await house.store.leaves(held.id)
    assert [(leaf.number, leaf.tag.rpartition(":")[2]) for leaf in leaves] == list(
        enumerate(["made", "pinged", "rotated", "paused", "resumed", "ended"])
    )
    assert not any(b"127.0.0.1" in leaf.facts for leaf in leaves)
    for deed in (ping, end, pause):
        with pytest.raises(LiangmingError) as gone:
            await deed(premises, docket, held.id, **who)
        assert gone.value.code.name == "webhook.unknown"


async def test_a_long_log_is_walked_in_steps(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liangming.webhook.courier.WINDOW", 3)
    assert WINDOW > 3
    await house.hook(receiver.url)
    for _ in range(5):
        await house.passed()
    await house.posted()
    assert len(receiver.came) == 5


async def test_an_operator_has_a_bounded_number_of_subscriptions(house: House) -> None:
    for _ in range(MOST):
        await house.hook("https://example.cn/hook")
    with pytest.raises(LiangmingError) as refused:
        await house.hook("https://example.cn/hook")
    assert refused.value.code.name == "webhook.too-many"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"scenes": ("others.counter",)}, "webhook.form"),
        ({"outlets": ("nowhere",)}, "webhook.form"),
        ({"url": "nowhere"}, "webhook.address-unfit"),
        ({"url": "https://10.0.0.1/"}, "webhook.address-private"),
    ],
)
async def test_a_subscription_that_does_not_fit_is_refused(
    house: House, more: dict[str, object], code: str
) -> None:
    with pytest.raises(LiangmingError) as refused:
        await house.hook(**{"url": "https://example.cn/", **more})
    assert refused.value.code.name == code
    with pytest.raises(LiangmingError) as alone:
        await house.hook("https://example.cn/", Name.PING)
    assert alone.value.code.name == "webhook.form"


async def test_what_waits_for_a_subscription_that_ended_is_dropped(
    house: House, receiver: Receiver
) -> None:
    receiver.say(500)
    held, _ = await house.hook(receiver.url)
    await house.passed()
    await house.posted()
    await end(house.door.world.premises, house.docket, held.id, operator="demo", actor="wang-01")
    house.door.world.clock.move(timedelta(hours=1))
    await house.posted()
    assert await house.docket.open(kind_of(held.id), 9) == []
    assert len(receiver.came) == 1


def happened(owner: str, tag: str, **more: object) -> Happened:
    plain = {"seq": 9, "number": 3, "at": 0, "facts": b"{}", "operator": "demo", "follows": True}
    place = {"scene": "demo.counter", "outlet": "", "about": ""}
    return Happened(owner=owner, tag=tag, **{**plain, **place, **more})


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (
            happened("chk_1", "check:consent:withdrawn", facts=b'{"consent":"cns_1"}'),
            (
                Name.WITHDRAWN,
                {"check": "chk_1", "scene": "demo.counter", "consent": "cns_1"},
            ),
        ),
        (
            happened("req_1", "rights:request:refused", about="chk_1"),
            (Name.REFUSED, {"request": "req_1", "check": "chk_1"}),
        ),
        (
            happened("dev_1", "device:cell:opened", follows=False),
            (Name.GAP, {"device": "dev_1", "before": "3"}),
        ),
        (happened("dev_1", "device:cell:opened"), None),
        (happened("dev_1", "device:cell:opened", follows=False, number=0), None),
        (happened("dev_1", "device:link:lost"), (Name.OFFLINE, {"device": "dev_1"})),
        (
            happened("dvf_1", "device:sequence:forked", about="dev_1"),
            (Name.FORKED, {"device": "dev_1"}),
        ),
        (happened("era_1", "check:register:erased"), None),
    ],
)
def test_of_a_leaf_only_ids_and_the_outcome_are_told(
    leaf: Happened, expected: tuple[Name, dict[str, str]] | None
) -> None:
    assert told_of(leaf) == expected
