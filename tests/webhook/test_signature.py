"""Signatures: the published example, openssl as a second opinion, and every way to be wrong."""

import base64
import shutil
import subprocess

import pytest

from liangming.errors import LiangmingError
from liangming.webhook import sign

# The example that Standard Webhooks publishes for its libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, SECONDS, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published() -> None:
    headers = sign.signed([sign.read_text(SECRET)], MESSAGE, SECONDS, BODY)
    assert headers == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(SECONDS),
        "webhook-signature": SIGNATURE,
    }


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
def test_openssl_makes_the_same_signature() -> None:
    key = sign.key_of(b"t" * 32, "whk_x", 3)
    headers = sign.signed([key], MESSAGE, SECONDS, BODY)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary"],
        input=f"{MESSAGE}.{SECONDS}.".encode() + BODY,
        capture_output=True,
        check=True,
    )
    assert headers["webhook-signature"] == "v1," + base64.b64encode(done.stdout).decode()


def test_each_generation_and_each_subscription_has_a_secret_of_its_own() -> None:
    token = b"t" * 32
    made = {sign.key_of(token, hook, n) for hook in ("whk_a", "whk_b") for n in (1, 2)}
    assert len(made) == 4
    assert {len(key) for key in made} == {32}
    assert sign.read_text(sign.text_of(min(made))) == min(made)


def test_during_a_rotation_either_secret_verifies() -> None:
    old, new = b"o" * 32, b"n" * 32
    headers = sign.signed([new, old], MESSAGE, SECONDS, BODY)
    for key in (old, new):
        assert sign.verify(key, headers, BODY, now=SECONDS) == MESSAGE


@pytest.mark.parametrize(
    ("changed", "body", "now"),
    [
        ({}, BODY + b" ", SECONDS),
        ({"webhook-id": MESSAGE + "x"}, BODY, SECONDS),
        ({"webhook-id": ""}, BODY, SECONDS),
        ({"webhook-timestamp": str(SECONDS + 1)}, BODY, SECONDS),
        ({"webhook-timestamp": "soon"}, BODY, SECONDS),
        ({"webhook-timestamp": ""}, BODY, SECONDS),
        ({"webhook-signature": ""}, BODY, SECONDS),
        ({"webhook-signature": SIGNATURE.replace("v1,", "v2,")}, BODY, SECONDS),
        ({"webhook-signature": "v1,é"}, BODY, SECONDS),
        ({}, BODY, SECONDS + sign.TOLERANCE + 1),
        ({}, BODY, SECONDS - sign.TOLERANCE - 1),
    ],
)
def test_anything_changed_or_too_far_off_is_refused(
    changed: dict[str, str], body: bytes, now: int
) -> None:
    key = sign.read_text(SECRET)
    headers = {**sign.signed([key], MESSAGE, SECONDS, BODY), **changed}
    with pytest.raises(LiangmingError) as refused:
        sign.verify(key, headers, body, now=now)
    assert refused.value.code.name == "webhook.forged"


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_???", "abcd", "whsec_" + "QUJD"])
def test_a_text_that_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(LiangmingError) as refused:
        sign.read_text(text)
    assert refused.value.code.name == "webhook.secret-unfit"
