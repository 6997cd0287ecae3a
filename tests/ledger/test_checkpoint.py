"""Heads under signatures: good ones open, everything else has its own code."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.ledger import checkpoint, keys, note
from liangming.ledger.checkpoint import Trust, open_checkpoint, sign_head
from liangming.ledger.head import EMPTY, Head
from liangming.ledger.keys import KeyKind, SigningKey

ORIGIN = "log.example/outlet-1"
AT = 1_795_000_000


def key(kind, name, seed):
    return SigningKey(kind, name, hashlib.sha256(seed).digest())


LOG = key(KeyKind.LOG_ED25519, ORIGIN, b"log")
NEXT = key(KeyKind.LOG_ED25519, ORIGIN, b"next")
POST_QUANTUM = key(KeyKind.COSIGNER_ML_DSA_44, ORIGIN, b"pq")
W1 = key(KeyKind.COSIGNER_ED25519, "witness.example/1", b"w1")
W2 = key(KeyKind.COSIGNER_ML_DSA_44, "witness.example/2", b"w2")
HEAD = Head(73, hashlib.sha256(b"root").digest())
TRUST = Trust(ORIGIN, (LOG.verifying,))
# The example printed in c2sp.org/tlog-cosignature.
PRINTED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def code_of(data, trust):
    with pytest.raises(LiangmingError) as caught:
        open_checkpoint(data, trust)
    return caught.value.code.name


def test_a_signed_head_opens_to_what_was_signed():
    opened = open_checkpoint(sign_head(ORIGIN, HEAD, [LOG], AT), TRUST)
    assert (opened.origin, opened.head, opened.signed_by) == (ORIGIN, HEAD, (ORIGIN,))


def test_the_empty_head_can_be_signed():
    assert open_checkpoint(sign_head(ORIGIN, EMPTY, [LOG], AT), TRUST).head == EMPTY


def test_the_example_of_the_standard_is_read_and_written_byte_for_byte():
    read = note.read_note(PRINTED.encode())
    assert read.encode() == PRINTED.encode()
    origin, head = checkpoint.read_head_text(read.text)
    assert (origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert int.from_bytes(read.signatures[1].signature[:8], "big") == 1679315147


def test_while_keys_rotate_either_key_opens_the_head():
    data = sign_head(ORIGIN, HEAD, [LOG, NEXT, POST_QUANTUM], AT)
    for one in (LOG, NEXT, POST_QUANTUM):
        assert open_checkpoint(data, Trust(ORIGIN, (one.verifying,))).head == HEAD


def test_cosignatures_of_both_kinds_carry_their_time():
    signed = sign_head(ORIGIN, HEAD, [LOG], AT)
    text = note.read_note(signed).text
    data = checkpoint.add_signatures(signed, [W1.sign(text, AT + 5), W2.sign(text, AT + 9)])
    trust = replace(TRUST, cosigners=(W1.verifying, W2.verifying), quorum=2)
    assert open_checkpoint(data, trust).cosigned_at == {W1.name: AT + 5, W2.name: AT + 9}


def test_the_ml_dsa_message_is_laid_out_as_the_standard_says():
    text = note.read_note(sign_head("o", HEAD, [LOG], AT)).text
    line = W2.sign(text, AT)
    message = (
        b"subtree/v1\n\x00" + bytes([len(W2.name)]) + W2.name.encode() + AT.to_bytes(8, "big")
        + b"\x01o" + bytes(8) + (73).to_bytes(8, "big") + HEAD.root
    )  # fmt: skip
    assert len(line.signature) == 8 + 2420
    W2._private.public_key().verify(line.signature[8:], message)


def test_each_failure_has_its_own_code():
    data = sign_head(ORIGIN, HEAD, [LOG], AT)
    changed = data.replace(b"\n73\n", b"\n74\n")
    assert code_of(data, replace(TRUST, origin="other")) == "ledger.origin-other"
    assert code_of(data, Trust(ORIGIN, (NEXT.verifying,))) == "ledger.key-unknown"
    assert code_of(changed, TRUST) == "ledger.signature-wrong"
    assert code_of(data, replace(TRUST, quorum=1)) == "ledger.quorum-missing"
    assert code_of(b"", TRUST) == "ledger.note-malformed"
    assert code_of(data[:-1], TRUST) == "ledger.note-malformed"
    assert code_of(b"x" * 1_000_001, TRUST) == "ledger.note-malformed"


@pytest.mark.parametrize(
    "text",
    ["o\n1\n", "o\n01\n{r}\n", "o\n-1\n{r}\n", "o\n1\nAAAA\n", "\n1\n{r}\n", "o\n1\n{r}x\n",
     "o\n9223372036854775808\n{r}\n", "o\n١\n{r}\n"],
)  # fmt: skip
def test_a_text_that_is_not_a_head_is_refused(text):
    text = text.format(r=base64.b64encode(HEAD.root).decode())
    with pytest.raises(Misuse) as caught:
        checkpoint.read_head_text(text)
    assert caught.value.code.name == "ledger.checkpoint-malformed"


def test_an_origin_of_two_lines_cannot_be_signed():
    for origin in ("a\nb", "", "a\x00"):
        with pytest.raises(Misuse):
            sign_head(origin, HEAD, [LOG], AT)


def test_extension_lines_are_allowed_and_covered():
    text = checkpoint.head_text(ORIGIN, HEAD) + "extra\n"
    data = note.Note(text, (LOG.sign(text, AT),)).encode()
    assert open_checkpoint(data, TRUST).head == HEAD
    assert code_of(data.replace(b"extra", b"extrb"), TRUST) == "ledger.signature-wrong"


@given(st.data())
def test_one_flipped_bit_in_a_signed_head_never_opens(data):
    signed = sign_head(ORIGIN, HEAD, [LOG], AT)
    line = W1.sign(note.read_note(signed).text, AT)
    blob = bytearray(checkpoint.add_signatures(signed, [line]))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    trust = replace(TRUST, cosigners=(W1.verifying,), quorum=1)
    assert code_of(bytes(blob), trust) in {
        "ledger.note-malformed", "ledger.checkpoint-malformed", "ledger.origin-other",
        "ledger.signature-wrong", "ledger.key-unknown", "ledger.quorum-missing",
    }  # fmt: skip


@pytest.mark.parametrize("signer", [LOG, W1, W2], ids=lambda k: k.kind.name)
def test_a_verifier_key_survives_its_text_and_not_a_change(signer):
    text = signer.verifying.encode()
    assert keys.read_verifying_key(text) == signer.verifying
    for bad in (text[:-4], "x" + text, text.replace("+", "-", 1), ""):
        with pytest.raises(Misuse):
            keys.read_verifying_key(bad)


def test_a_key_never_shows_its_seed():
    assert LOG.seed.hex() not in repr(LOG)
    assert repr(LOG.seed) not in repr(LOG)


def test_an_older_head_is_extended_only_with_a_good_proof():
    checkpoint.verify_extension(EMPTY, HEAD, [])
    with pytest.raises(Misuse):
        checkpoint.verify_extension(EMPTY, HEAD, [HEAD.root])
    with pytest.raises(Refusal):
        checkpoint.verify_extension(Head(73, EMPTY.root), HEAD, [])
