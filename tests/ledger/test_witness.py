"""A witness cosigns one past only; a log believes a witness only as far as its signatures go."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import world

from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger import merkle, proof
from liangming.ledger.checkpoint import open_checkpoint, sign_head
from liangming.ledger.circle import Circle
from liangming.ledger.codes import WITNESS_DOWN, WITNESS_LIED
from liangming.ledger.head import Head
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.note import read_note
from liangming.ledger.policy import Group
from liangming.ledger.prove import Prover
from liangming.ledger.tiles import CHECKPOINT
from liangming.ledger.verify import watch
from liangming.ledger.witness import RemoteWitness, Request, WitnessDesk, read_request

NAME = "witness.example/1"
KEYS = [
    SigningKey(KeyKind.COSIGNER_ED25519, NAME, hashlib.sha256(b"e").digest()),
    SigningKey(KeyKind.COSIGNER_ML_DSA_44, NAME, hashlib.sha256(b"m").digest()),
]
TRUST = replace(world.TRUST, cosigners=tuple(k.verifying for k in KEYS), quorum=1)


def desk():
    return WitnessDesk(keys=KEYS, logs={world.ORIGIN: world.TRUST}, heads=world.MemoryHeads())


def remote(there, second=500):
    def post(body):
        answer = there.add_checkpoint(body, world.at(second))
        return answer.status, answer.body

    return RemoteWitness([k.verifying for k in KEYS], post)


def signed(size, entries=None, key=world.KEY):
    root = merkle.root_of(entries or world.leaves(0, size))
    return sign_head(world.ORIGIN, Head(size, root), [key], 0)


def proof_between(old, new):
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads)
    log.append(world.leaves(0, new), world.at())
    return tuple(Prover(store, log.head).consistency_from(old)) if old else ()


def witnessed(**witnesses):
    """A log whose head needs one of these, and the circle that asks them."""
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads, trust=TRUST)
    log.recover(world.at())
    return store, log, Circle(log, store, witnesses)


def test_a_witnessed_log_publishes_cosignatures_of_both_kinds():
    store, log, circle = witnessed(one=remote(desk()))
    for size in (0, 10, 20):
        assert dict(log.append(world.leaves(size, size + 10), world.at(size)).cosigned_at) == {}
        assert circle.round(world.at(size)) == 1
        shown = open_checkpoint(store.get(CHECKPOINT), TRUST)
        assert shown.head == log.head
        assert shown.cosigned_at == {NAME: int(world.at(500).timestamp())}
    assert circle.round(world.at(30)) == 0  # it has signed this head
    (standing,) = circle.standing
    assert (standing.head, standing.failure) == (log.head, None)


def test_a_witness_that_is_down_delays_the_page_and_not_the_leaves():
    up = [False]
    there = remote(desk())

    class Flaky:
        def cosign(self, *args):
            if not up[0]:
                raise Outage(WITNESS_DOWN)
            return there.cosign(*args)

    store, log, circle = witnessed(one=Flaky())
    shown = log.append(world.leaves(0, 10), world.at())
    assert (shown.head.size, dict(shown.cosigned_at)) == (10, {})
    assert circle.round(world.at(1)) == 1
    assert CHECKPOINT not in store.files
    (standing,) = circle.standing
    assert (standing.failure, standing.failures) == (WITNESS_DOWN, 1)
    up[0] = True
    assert circle.round(world.at(1)) == 0  # left alone for a second
    assert circle.round(world.at(2)) == 1
    assert open_checkpoint(store.get(CHECKPOINT), TRUST).head.size == 10
    assert circle.standing[0].failure is None


def test_two_of_three_are_enough_and_one_who_lies_is_not_counted():
    names = ("a", "b", "c")
    keys = [SigningKey(KeyKind.COSIGNER_ED25519, f"{n}.example", bytes([7]) * 32) for n in names]
    keys = [replace(key, seed=hashlib.sha256(key.name.encode()).digest()) for key in keys]

    def ask(key, lies=False):
        there = WitnessDesk(keys=[key], logs={world.ORIGIN: world.TRUST}, heads=world.MemoryHeads())

        def post(body):
            answer = there.add_checkpoint(body, world.at(500))
            return answer.status, answer.body[:-9] + b"AAAAAAA=\n" if lies else answer.body

        return RemoteWitness([key.verifying], post)

    two = Group(2, tuple(key.verifying for key in keys))
    trust = replace(TRUST, cosigners=two.members, quorum=0, rule=two)
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads, trust=trust)
    log.append(world.leaves(0, 10), world.at())
    alone = Circle(log, store, {"a": ask(keys[0]), "c": ask(keys[2], lies=True)})
    alone.round(world.at())
    assert CHECKPOINT not in store.files
    assert [each.failure for each in alone.standing] == [None, WITNESS_LIED]
    Circle(log, store, {"b": ask(keys[1])}).round(world.at())
    shown = open_checkpoint(store.get(CHECKPOINT), trust)
    assert set(shown.cosigned_at) == {"a.example", "b.example"}


def test_cosignatures_on_an_older_head_never_take_the_page_back():
    free = replace(TRUST, quorum=0)
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads, trust=free)
    log.append(world.leaves(0, 10), world.at())
    _, old = log.signed
    log.append(world.leaves(10, 20), world.at(1))
    line = KEYS[0].sign(read_note(old).text, 9)
    assert log.vouch(old, [line]).head.size == 20
    assert open_checkpoint(store.get(CHECKPOINT), free).cosigned_at == {}
    _, new = log.signed
    log.vouch(new, [KEYS[0].sign(read_note(new).text, 9)])
    log.vouch(new, [KEYS[1].sign(read_note(new).text, 8)])
    shown = open_checkpoint(store.get(CHECKPOINT), free)
    assert (len(read_note(shown.note).signatures), shown.cosigned_at) == (3, {NAME: 9})
    again = world.log(store, heads, trust=free)
    again.recover(world.at(2))
    assert store.get(CHECKPOINT) == shown.note  # a restart keeps them


def test_a_quorum_comes_together_while_the_log_goes_on():
    both = replace(TRUST, quorum=0, rule=Group(2, TRUST.cosigners))
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads, trust=both)
    log.append(world.leaves(0, 10), world.at())
    _, ten = log.signed
    log.vouch(ten, [KEYS[0].sign(read_note(ten).text, 9)])
    log.append(world.leaves(10, 20), world.at(1))
    assert CHECKPOINT not in store.files
    log.vouch(ten, [KEYS[1].sign(read_note(ten).text, 9)])
    assert open_checkpoint(store.get(CHECKPOINT), both).head.size == 10
    assert log.head.size == 20


@pytest.mark.parametrize("how", ["not written", "but written"])
def test_a_page_that_could_not_be_written_is_mended_by_recovery(how):
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    plan = world.Plan(how=how)
    log = world.log(world.Faulty(store, plan), heads, trust=replace(TRUST, quorum=0))
    log.append(world.leaves(0, 10), world.at())
    _, signed = log.signed
    plan.turn = plan.count + 1
    with pytest.raises(Outage):
        log.vouch(signed, [KEYS[0].sign(read_note(signed).text, 9)])
    with pytest.raises(Misuse):
        _ = log.signed
    log.append(world.leaves(10, 20), world.at(2))
    assert open_checkpoint(store.get(CHECKPOINT), world.TRUST).head.size == 20


def test_each_request_gets_the_answer_of_the_standard():
    there = desk()
    stranger = SigningKey(KeyKind.LOG_ED25519, world.ORIGIN, bytes(32))

    def ask(old, note, hashes=()):
        return there.add_checkpoint(Request(old, tuple(hashes), note).encode(), world.at()).status

    other_log = sign_head("other", Head(1, bytes(32)), [stranger], 0)
    other_past = signed(10, world.leaves(90, 100))
    assert ask(0, other_log) == 404
    assert ask(0, signed(10, key=stranger)) == 403
    assert ask(11, signed(10)) == 400
    assert there.add_checkpoint(b"", world.at()).status == 400
    assert ask(5, signed(10)) == 409
    assert ask(0, signed(10), [bytes(32)]) == 422
    assert ask(0, signed(10)) == 200
    assert ask(10, signed(10)) == 200
    assert ask(10, other_past) == 409
    assert ask(10, signed(20), [bytes(32)]) == 422
    assert ask(10, signed(20), proof_between(10, 20)) == 200
    assert ask(10, signed(30), proof_between(10, 30)) == 409
    refused = there.add_checkpoint(Request(0, (), signed(10)).encode(), world.at())
    assert (refused.status, refused.body, refused.media_type) == (409, b"20\n", "text/x.tlog.size")


def test_a_witness_never_goes_back_when_two_requests_race():
    there = desk()
    real = there._heads.swap

    def overtaken(origin, old, new):
        there._heads.swap = real
        body = Request(0, (), signed(20)).encode()
        assert there.add_checkpoint(body, world.at()).status == 200
        return real(origin, old, new)

    there._heads.swap = overtaken
    answer = there.add_checkpoint(Request(0, (), signed(10)).encode(), world.at())
    assert (answer.status, answer.body) == (409, b"20\n")


@pytest.mark.parametrize("how", ["not written", "but written"])
def test_a_witness_whose_memory_fails_signs_nothing_it_may_forget(how):
    """It answers with an outage; asked again it cosigns the same head, or a newer one, and no other."""
    memory, plan = world.MemoryHeads(), world.Plan(2, how)
    there = WitnessDesk(
        keys=KEYS, logs={world.ORIGIN: world.TRUST}, heads=world.Faulty(memory, plan)
    )

    def ask(old, size, hashes=()):
        body = Request(old, tuple(hashes), signed(size)).encode()
        return there.add_checkpoint(body, world.at())

    assert ask(0, 10).status == 200
    with pytest.raises(Outage) as caught:
        ask(10, 20, proof_between(10, 20))
    assert caught.value.code.name == "ledger.store-failed"
    other_past = signed(20, world.leaves(90, 110))
    size = 20 if how == "but written" else 10
    again = there.add_checkpoint(Request(size, (), other_past).encode(), world.at())
    assert again.status in {409, 422}
    if how == "but written":
        assert (ask(10, 20, proof_between(10, 20)).status, ask(20, 20).status) == (409, 200)
    else:
        assert ask(10, 20, proof_between(10, 20)).status == 200
    assert ask(20, 30, proof_between(20, 30)).status == 200


@pytest.mark.parametrize(
    ("answer", "code"),
    [((200, b""), "lied"), ((200, b"\xff"), "lied"), ((409, b"99\n"), "ahead"),
     ((409, b"0\n"), "lied"), ((500, b""), "down"), ((409, b"x"), "down"),
     ((200, "— witness.example/other AAAAAAAA\n".encode()), "lied")],
)  # fmt: skip
def test_an_answer_that_does_not_hold_is_not_used(answer, code):
    asked = RemoteWitness([KEYS[0].verifying], lambda _: answer)
    with pytest.raises(LiangmingError) as caught:
        asked.cosign(signed(10), Head(10, bytes(32)), lambda _: [])
    assert caught.value.code.name == f"ledger.witness-{code}"


def test_a_cosignature_on_something_else_is_a_lie():
    line = KEYS[0].sign("other\n1\n", 1)
    asked = RemoteWitness([KEYS[0].verifying], lambda _: (200, str(line).encode()))
    with pytest.raises(Refusal) as caught:
        asked.cosign(signed(10), Head(10, bytes(32)), lambda _: [])
    assert caught.value.code.name == "ledger.witness-lied"


@pytest.mark.parametrize(
    "body", [b"old 1", b"old 01\n\nx", b"new 1\n\nx", b"old 1\nAAAA\n\nx", b"old \xff\n\nx",
             b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\nx"]
)  # fmt: skip
def test_a_request_out_of_form_is_refused(body):
    with pytest.raises(Misuse):
        read_request(body)


def kept(index=7):
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads)
    shown = log.append(world.leaves(0, 20), world.at())
    hashes = tuple(Prover(store, shown.head).inclusion(index))
    return store, log, proof.LogProof(index, hashes, shown.note, b"opens")


def test_a_proof_file_is_laid_out_as_the_standard_says_and_opens_offline():
    _, _, mine = kept()
    lines = mine.encode().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra b3BlbnM=", "index 7"]
    read = proof.read_proof(mine.encode())
    assert read == mine
    opened = proof.verify_proof(read, leaf=world.leaves(7, 8)[0], trust=world.TRUST)
    assert opened.head.size == 20


@given(st.data())
def test_one_flipped_bit_in_a_proof_file_is_refused(data):
    _, _, mine = kept()
    blob = bytearray(replace(mine, extra=None).encode())
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8

    def believe():
        read = proof.read_proof(bytes(blob))
        return proof.verify_proof(read, leaf=world.leaves(7, 8)[0], trust=world.TRUST)

    with pytest.raises(LiangmingError) as caught:
        believe()
    assert caught.value.code.name in {
        "ledger.proof-malformed", "ledger.proof-length", "ledger.inclusion-failed",
        "ledger.index-beyond", "ledger.note-malformed", "ledger.checkpoint-malformed",
        "ledger.origin-other", "ledger.signature-wrong", "ledger.key-unknown",
    }  # fmt: skip


def test_a_watcher_sees_growth_shrinking_and_another_past():
    store, log, _ = kept()
    old = store.get(CHECKPOINT)
    log.append(world.leaves(20, 300), world.at(9))
    seen = watch(store, world.TRUST, old)
    assert (seen.old.size, seen.new.size) == (20, 300)
    for note, code in (
        (signed(301), "ledger.rolled-back"),
        (signed(300, world.leaves(1, 301)), "ledger.forked"),
        (signed(20, world.leaves(1, 21)), "ledger.consistency-failed"),
    ):
        with pytest.raises(Refusal) as caught:
            watch(store, world.TRUST, note)
        assert caught.value.code.name == code
