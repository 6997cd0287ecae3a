"""Pick-up codes (取件码): short-lived, single use, stored only as a keyed digest.

Eight decimal digits: speakable and typeable by anyone on any phone or on paper. The digest is
keyed per installation, so a stolen table does not give codes away, and comparison happens on
digests, in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from liangming.errors import Kind, Misuse, declare

CODE_DIGITS = 8
CODE_FORM = declare(
    "method.pickup-code-form",
    Kind.INVALID,
    zh="取件码是 8 位数字，请再看一眼。",
    en="A pick-up code has 8 digits; please look again.",
)
CODE_UNKNOWN = declare(
    "method.pickup-code-unknown",
    Kind.INVALID,
    zh="这个取件码在这里无效或已过期。请核对，或找工作人员协助。",
    en="This pick-up code is not valid here or has expired. Please check it, or ask the staff.",
)


def new_code() -> str:
    """A fresh random code of eight digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def digest(key: bytes, scene: str, code: str) -> bytes:
    """The keyed digest of a code at a scene: 32 bytes.

    Args:
        key: the installation's token key.
        scene: a code of one place opens nothing at another.
        code: digits in any width; spaces and hyphens are ignored.

    Raises:
        Misuse: not eight digits (``method.pickup-code-form``).
    """
    digits = "".join(str(int(c)) for c in code if c.isdecimal())
    rest = [c for c in code if not c.isdecimal() and c not in " -\u3000"]
    if len(digits) != CODE_DIGITS or rest:
        raise Misuse(CODE_FORM, field="evidence.code")
    message = b"liangming/pickup/1\0" + scene.encode() + b"\0" + digits.encode()
    return hmac.new(key, message, hashlib.sha256).digest()


def same(left: bytes, right: bytes) -> bool:
    """Whether two digests are equal, in constant time."""
    return hmac.compare_digest(left, right)
