"""A receipt proves what it says with the log's key alone, and nothing in it can be changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.receipt.conftest import House
from tests.world import CARD, NAME

from liangming import ids
from liangming.check import events
from liangming.check.erase import Why, erase_person
from liangming.check.proofs import NOT_YET, open_proof
from liangming.check.receipt import (
    Camera,
    Part,
    Receipt,
    Seen,
    check_of,
    code_of,
    codes_of,
    encode_receipt,
    make_receipt,
    read_receipt,
    tlog_proofs,
    verify_receipt,
)
from liangming.check.receipt.codes import (
    ALTERED,
    ERASED,
    EVENTS_MISSING,
    MALFORMED,
    NO_CONSENT,
    NOTICE_DIFFERS,
    OTHER_CHECK,
    VERSION,
)
from liangming.check.receipt.file import sealed
from liangming.errors import LiangmingError
from liangming.ledger import KeyKind, SigningKey, Trust
from liangming.ledger.checkpoint import add_signatures, sign_head
from liangming.ledger.head import Head
from liangming.ledger.note import read_note
from liangming.ledger.tiles import CHECKPOINT
from liangming.notice import Notice


async def made(house: House, check: str, part: Part = Part.CHECK) -> Receipt:
    await house.carry()
    return await make_receipt(house.premises, check, part)


def refused(receipt: Receipt, trust: Trust) -> str:
    """The code with which a receipt is refused after its own digest was made to fit again."""
    with pytest.raises(LiangmingError) as caught:
        verify_receipt(read_receipt(encode_receipt(sealed(receipt))), trust)
    return caught.value.code.name


async def test_a_receipt_proves_the_way_of_a_check_with_its_terms(house: House) -> None:
    check = await house.passed()
    receipt = await made(house, check)
    proven = verify_receipt(read_receipt(encode_receipt(receipt)), house.trust)
    assert [event.tag for event in proven.events] == [
        "check:check:opened",
        "check:notice:shown",
        "check:method:chosen",
        "check:evidence:presented",
        "check:outcome:passed",
    ]
    opening, outcome = proven.events[0].facts, proven.events[-1].facts
    assert opening["outlet"] == "demo-001"
    assert opening["offered"][0] == "document.seen"
    assert outcome["kept"] == ("document:365:pipl.19", "name:365:pipl.19")
    year = timedelta(days=365) // timedelta(microseconds=1)
    assert outcome["keep_until"] == proven.events[-1].at + year
    assert proven.finished
    [(digest, notice)] = proven.notices.items()
    assert (digest, notice.digest) == (opening["notice"], opening["notice"])
    assert "365" in next(item.zh for item in notice.items if item.kind == "kept")
    assert proven.camera == Seen(Camera.NO_DEVICE)


async def test_a_receipt_holds_nothing_about_the_person(house: House) -> None:
    data = encode_receipt(await made(house, await house.passed()))
    for value in (CARD, NAME):
        assert value.encode() not in data
        assert msgspec.json.encode(value)[1:-1] not in data


async def test_a_receipt_waits_until_the_log_has_the_check(house: House) -> None:
    check = await house.passed()
    with pytest.raises(LiangmingError) as caught:
        await make_receipt(house.premises, check)
    assert caught.value.code is NOT_YET
    await house.carry()
    assert await make_receipt(house.premises, check)


async def test_a_consent_has_a_receipt_of_its_own_with_leaf_and_notice(house: House) -> None:
    check = await house.face_then_withdrawn()
    receipt = await made(house, check, Part.CONSENT)
    proven = verify_receipt(receipt, house.trust)
    assert [event.tag for event in proven.events] == [
        "check:check:opened",
        "check:face-notice:shown",
        "check:consent:given",
        "check:method:declined",
        "check:consent:withdrawn",
    ]
    given = next(e for e in proven.events if e.tag == events.CONSENT_GIVEN.tag)
    [(digest, notice)] = proven.notices.items()
    assert (digest, notice.family) == (given.facts["notice"], "face")
    assert proven.camera == Seen(Camera.NOT_COUNTED)


@pytest.mark.parametrize(("result", "kept"), [("match", 0), ("no-match", 0)])
async def test_where_a_face_was_used_the_device_s_signed_count_is_told(
    house: House, result: str, kept: int
) -> None:
    check = await house.face_shown(result, taken=37, kept=kept)
    proven = verify_receipt(await made(house, check), house.trust)
    assert proven.camera == Seen(Camera.COUNTED, 37, kept)


async def test_a_face_declined_where_a_camera_stands_claims_nothing(house: House) -> None:
    proven = verify_receipt(await made(house, await house.face_declined()), house.trust)
    assert proven.camera == Seen(Camera.NOT_COUNTED)


async def test_no_consent_has_no_receipt(house: House) -> None:
    check = await house.face_declined()
    with pytest.raises(LiangmingError) as caught:
        await made(house, check, Part.CONSENT)
    assert caught.value.code is NO_CONSENT


async def test_after_erasure_an_old_receipt_verifies_and_no_new_one_is_made(house: House) -> None:
    check = await house.passed()
    kept = encode_receipt(await made(house, check))
    row = await house.premises.store.check(check)
    assert row is not None
    assert row.person is not None
    assert await erase_person(house.premises, row.person, Why.ASKED, "test")
    await house.carry()
    with pytest.raises(LiangmingError) as caught:
        await make_receipt(house.premises, check)
    assert caught.value.code is ERASED
    assert verify_receipt(read_receipt(kept), house.trust).finished


async def test_an_old_receipt_verifies_after_the_log_s_key_was_changed(house: House) -> None:
    receipt = await made(house, await house.passed())
    new = SigningKey(KeyKind.LOG_ED25519, house.trust.origin, hashlib.sha256(b"new").digest())
    both = Trust(house.trust.origin, (new.verifying, *house.trust.log_keys))
    assert verify_receipt(receipt, both).finished
    only_new = Trust(house.trust.origin, (new.verifying,))
    assert refused(receipt, only_new) == "ledger.key-unknown"


async def test_a_receipt_carries_the_witnesses_that_its_head_had(house: House) -> None:
    check = await house.passed()
    await house.carry()
    tiles = house.premises.record.tiles
    witness = SigningKey(KeyKind.COSIGNER_ML_DSA_44, "witness.example/w", b"\7" * 32)
    note = tiles.get(CHECKPOINT)
    line = witness.sign(read_note(note).text, 1_795_000_000)
    tiles.replace(CHECKPOINT, add_signatures(note, [line]))
    receipt = read_receipt(encode_receipt(await make_receipt(house.premises, check)))
    asked = replace(house.trust, cosigners=(witness.verifying,), quorum=1)
    proven = verify_receipt(receipt, asked)
    assert proven.checkpoint.cosigned_at == {"witness.example/w": 1_795_000_000}
    without = msgspec.structs.replace(receipt, checkpoint=note.decode())
    assert refused(without, asked) == "ledger.quorum-missing"
    stranger = SigningKey(KeyKind.COSIGNER_ML_DSA_44, "witness.example/w", b"\6" * 32)
    assert verify_receipt(receipt, house.trust).finished  # a line by nobody we know is passed over
    other = replace(house.trust, cosigners=(stranger.verifying,), quorum=1)
    assert refused(receipt, other) == "ledger.quorum-missing"


async def test_what_is_changed_is_refused_by_its_own_code(house: House) -> None:
    first, second = await house.passed(), await house.face_declined()
    receipt, other = await made(house, first), await made(house, second)
    change = msgspec.structs.replace
    event = receipt.events[0]
    field = next(f for f in event.disclosure.fields if getattr(f, "name", "") == "outlet")
    lied = change(
        event,
        disclosure=change(
            event.disclosure,
            fields=tuple(
                change(f, value='"demo-002"') if f is field else f for f in event.disclosure.fields
            ),
        ),
    )
    text = msgspec.json.decode(receipt.notices[0], type=Notice)
    quiet = change(text, items=text.items[:-1])
    head = sign_head(
        house.trust.origin,
        Head(99, b"\0" * 32),
        [SigningKey(KeyKind.LOG_ED25519, house.trust.origin, b"\1" * 32)],
        0,
    ).decode()
    rest = receipt.events[1:]
    found = {
        "a fact": change(receipt, events=(lied, *rest)),
        "a place": change(receipt, events=(change(event, index=event.index + 1), *rest)),
        "a cut path": change(receipt, events=(change(event, path=event.path[1:]), *rest)),
        "an event less": change(receipt, events=receipt.events[:1] + receipt.events[2:]),
        "the first missing": change(receipt, events=rest),
        "none": change(receipt, events=()),
        "another order": change(receipt, events=(rest[0], event, *rest[1:])),
        "one twice": change(receipt, events=(event, event, *rest)),
        "an event of another check": change(receipt, events=(*receipt.events[:4], other.events[1])),
        "another check's name": change(receipt, check=second),
        "another part": change(receipt, part=Part.CONSENT),
        "a notice": change(receipt, notices=(msgspec.json.encode(quiet).decode(),)),
        "a foreign head": change(receipt, checkpoint=head),
        "no head": change(receipt, checkpoint="none"),
    }
    assert {what: refused(each, house.trust) for what, each in found.items()} == {
        "a fact": "ledger.inclusion-failed",
        "a place": "ledger.inclusion-failed",
        "a cut path": "ledger.proof-length",
        "an event less": EVENTS_MISSING.name,
        "the first missing": EVENTS_MISSING.name,
        "none": EVENTS_MISSING.name,
        "another order": EVENTS_MISSING.name,
        "one twice": EVENTS_MISSING.name,
        "an event of another check": OTHER_CHECK.name,
        "another check's name": OTHER_CHECK.name,
        "another part": EVENTS_MISSING.name,
        "a notice": NOTICE_DIFFERS.name,
        "a foreign head": "ledger.key-unknown",
        "no head": "ledger.note-malformed",
    }


async def test_any_flipped_bit_of_a_receipt_is_refused(house: House) -> None:
    data = encode_receipt(await made(house, await house.passed()))
    codes = {MALFORMED.name, ALTERED.name, VERSION.name}

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, len(data) - 1), st.integers(0, 7))
    def flipped(place: int, bit: int) -> None:
        changed = bytearray(data)
        changed[place] ^= 1 << bit
        with pytest.raises(LiangmingError) as caught:
            read_receipt(bytes(changed))
        assert caught.value.code.name in codes

    flipped()


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_a_reader_stumble(junk: bytes) -> None:
    with pytest.raises(LiangmingError):
        read_receipt(junk)


async def test_every_single_flipped_bit_of_a_proof_file_is_refused(house: House) -> None:
    proofs = tlog_proofs(await made(house, await house.passed()))
    for proof in proofs:
        assert open_proof(proof, house.trust).facts["check"]
    shortest = min(proofs, key=len)
    accepted = []
    for place in range(len(shortest) * 8):
        changed = bytearray(shortest)
        changed[place // 8] ^= 1 << place % 8
        try:
            open_proof(bytes(changed), house.trust)
        except LiangmingError:
            continue
        accepted.append(place)
    assert accepted == []


@given(st.integers(0, (1 << 128) - 1), st.binary(min_size=32, max_size=32))
def test_a_receipt_code_leads_to_one_check_and_back(number: int, token: bytes) -> None:
    check = ids.of_number(ids.CHECK, number)
    code = code_of(token, check)
    assert check_of(token, code) == check
    assert code.partition("_")[2] != check.partition("_")[2]


def test_many_codes_in_one_pass_are_those_of_one_by_one() -> None:
    checks = [ids.of_number(ids.CHECK, 7 << 100 | n) for n in range(33)]
    blocks = [ids.number_of(check).to_bytes(16) for check in checks]
    assert codes_of(b"a" * 32, blocks) == [code_of(b"a" * 32, check) for check in checks]
    assert codes_of(b"a" * 32, []) == []


def test_another_house_s_code_leads_nowhere_known() -> None:
    check = ids.of_number(ids.CHECK, 7 << 100)
    code = code_of(b"a" * 32, check)
    assert check_of(b"b" * 32, code) != check


@pytest.mark.parametrize("text", ["", "rct_", "chk_01jd9q00000000000000000000", "rct_" + "u" * 26])
def test_what_is_no_code_is_unknown(text: str) -> None:
    with pytest.raises(LiangmingError) as caught:
        check_of(b"a" * 32, text)
    assert caught.value.code.name == "check.unknown"
