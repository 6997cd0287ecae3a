"""Published vectors, so that a suite tag means the same here as everywhere."""

from __future__ import annotations

import pytest

from liangming.errors import Refusal
from liangming.vault import AES, SM, by_tag


def mac(suite, key, *parts):
    context = suite.mac(key)
    for part in parts:
        context.update(part)
    return context.finalize()


def test_sm4_gcm_gives_the_vector_of_rfc_8998_appendix_a1():
    key = SM.key(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plaintext = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    expected = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )

    assert key.aead.encrypt(nonce, plaintext, aad) == expected
    assert key.aead.decrypt(nonce, expected, aad) == plaintext


def test_aes_256_gcm_gives_test_case_16_of_the_gcm_specification():
    key = AES.key(bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2))
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plaintext = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    expected = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )

    assert key.aead.encrypt(nonce, plaintext, aad) == expected
    assert key.aead.decrypt(nonce, expected, aad) == plaintext


def test_hmac_sha_256_gives_rfc_4231_test_case_2():
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert mac(AES, b"Jefe", b"what do ya want ", b"for nothing?").hex() == expected


def test_hmac_sm3_gives_the_first_vector_of_gm_t_0042_appendix_d3():
    key = bytes(range(1, 33))
    message = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
    expected = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"

    assert mac(SM, key, message).hex() == expected


def test_hkdf_sha_256_gives_rfc_5869_test_case_1():
    derived = AES.derive(
        salt=bytes(range(13)), secret=b"\x0b" * 22, info=bytes(range(0xF0, 0xFA)), length=42
    )

    assert derived.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_hkdf_sm3_is_extract_then_expand_over_hmac_sm3():
    """No vector is published for it; RFC 5869 section 2 defines it from HMAC, which has one."""
    salt, secret, info = bytes(range(13)), b"\x0b" * 22, bytes(range(0xF0, 0xFA))
    extracted = mac(SM, salt, secret)
    first = mac(SM, extracted, info, b"\x01")
    second = mac(SM, extracted, first, info, b"\x02")

    assert SM.derive(salt=salt, secret=secret, info=info, length=42) == (first + second)[:42]


@pytest.mark.parametrize("suite", [AES, SM])
def test_a_suite_is_found_by_its_tag(suite):
    assert by_tag(suite.tag) is suite


@pytest.mark.parametrize("tag", [0, 3, 255])
def test_an_unknown_suite_tag_is_refused(tag):
    with pytest.raises(Refusal) as caught:
        by_tag(tag)

    assert caught.value.code.name == "vault.unknown-suite"


@pytest.mark.parametrize(("suite", "wrong"), [(AES, 16), (AES, 31), (SM, 32), (SM, 0)])
def test_a_key_of_another_length_is_not_taken(suite, wrong):
    with pytest.raises(ValueError, match="another length"):
        suite.key(bytes(wrong))
