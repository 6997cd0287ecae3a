"""ML-DSA-44 cosignatures against an implementation that is not ours and not our library's.

``dilithium-py`` is FIPS 204 written in Python alone. The message is laid out here once more, after
c2sp.org/tlog-cosignature, so that neither key, signature nor layout rests on our own word.
"""

from __future__ import annotations

import base64
import hashlib
import struct

import pytest
from dilithium_py.ml_dsa import ML_DSA_44
from tests.ledger import world

from liangming.errors import Refusal
from liangming.ledger.checkpoint import Trust, add_signatures, open_checkpoint, sign_head
from liangming.ledger.head import Head
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.merkle import root_of
from liangming.ledger.note import SignatureLine, read_note

SEED = hashlib.sha256(b"a witness").digest()
WITNESS = SigningKey(KeyKind.COSIGNER_ML_DSA_44, "w.example/pq", SEED)
TIME = 1_795_000_000
HEAD = Head(300, root_of(world.leaves(0, 300)))


@pytest.fixture(scope="module")
def other() -> tuple[bytes, bytes]:
    """The same witness's keys, as the other implementation derives them."""
    return ML_DSA_44.key_derive(SEED)


def message(name: str, origin: str, head: Head, time: int) -> bytes:
    """The cosigned message: a label, who signs and when, which log, from 0 to a size, the root."""
    return b"".join(
        (
            b"subtree/v1\n\0",
            struct.pack(">B", len(name)) + name.encode(),
            struct.pack(">Q", time),
            struct.pack(">B", len(origin)) + origin.encode(),
            struct.pack(">QQ", 0, head.size),
            head.root,
        )
    )


def cosigned(line: SignatureLine) -> bytes:
    signed = sign_head(world.ORIGIN, HEAD, [world.KEY], TIME)
    return add_signatures(signed, [line])


def trust() -> Trust:
    return Trust(world.ORIGIN, (world.KEY.verifying,), (WITNESS.verifying,), quorum=1)


def test_one_seed_gives_one_public_key_in_both(other: tuple[bytes, bytes]) -> None:
    for seed in (SEED, bytes(32), bytes(range(32)), b"\xff" * 32):
        ours = SigningKey(KeyKind.COSIGNER_ML_DSA_44, "w", seed).verifying.public
        assert ML_DSA_44.key_derive(seed)[0] == ours
    kind, raw = b"\x06", WITNESS.verifying.public
    key_id = hashlib.sha256(b"w.example/pq\n" + kind + raw).digest()[:4].hex()
    text = f"w.example/pq+{key_id}+{base64.b64encode(kind + raw).decode()}"
    assert WITNESS.verifying.encode() == text


def test_it_verifies_what_our_witness_signs_and_nothing_that_was_changed(
    other: tuple[bytes, bytes],
) -> None:
    line = WITNESS.sign(read_note(sign_head(world.ORIGIN, HEAD, [world.KEY], TIME)).text, TIME)
    public, _ = other
    stamp, signature = line.signature[:8], line.signature[8:]
    assert int.from_bytes(stamp, "big") == TIME
    told = message("w.example/pq", world.ORIGIN, HEAD, TIME)
    assert ML_DSA_44.verify(public, told, signature) is True
    for wrong in (
        message("w.example/p", world.ORIGIN, HEAD, TIME),
        message("w.example/pq", world.ORIGIN, HEAD, TIME + 1),
        message("w.example/pq", world.ORIGIN, Head(301, HEAD.root), TIME),
        message("w.example/pq", "log.example/other", HEAD, TIME),
    ):
        assert ML_DSA_44.verify(public, wrong, signature) is False


def test_we_verify_what_it_signs(other: tuple[bytes, bytes]) -> None:
    _, secret = other
    told = message("w.example/pq", world.ORIGIN, HEAD, TIME)
    for deterministic in (True, False):
        signature = ML_DSA_44.sign(secret, told, deterministic=deterministic)
        blob = TIME.to_bytes(8, "big") + signature
        line = SignatureLine("w.example/pq", WITNESS.verifying.key_id, blob)
        assert open_checkpoint(cosigned(line), trust()).cosigned_at == {"w.example/pq": TIME}


def test_both_refuse_the_same_flipped_bits(other: tuple[bytes, bytes]) -> None:
    public, secret = other
    told = message("w.example/pq", world.ORIGIN, HEAD, TIME)
    good = ML_DSA_44.sign(secret, told, deterministic=True)
    for bit in range(3, len(good) * 8, len(good) * 8 // 23):
        spoilt = bytearray(good)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert ML_DSA_44.verify(public, told, bytes(spoilt)) is False
        blob = TIME.to_bytes(8, "big") + bytes(spoilt)
        line = SignatureLine("w.example/pq", WITNESS.verifying.key_id, blob)
        with pytest.raises(Refusal) as caught:
            open_checkpoint(cosigned(line), trust())
        assert caught.value.code.name == "ledger.signature-wrong"
