"""What sealing costs, in microseconds, beside the bare library in the same run.

Run ``python bench/vault.py [seconds-per-line]``. The best of five rounds is shown: on a busy
machine the minimum is the least disturbed.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from os import urandom

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liangming.vault import AES, SM, Binding, OperatorKeys, Purpose, Suite, Vault

AT = datetime(2026, 11, 24, tzinfo=UTC)
FIELDS = {
    "name": "测试人员",
    "document_type": "cn-id",
    "document_number": "11010519491231002X",
    "phone": "13800000000",
}
ROUNDS = 5


def measure(label: str, call: Callable[[], object], seconds: float) -> float:
    timer = timeit.Timer(call)
    count, took = timer.autorange()
    count = max(1, int(count * seconds / ROUNDS / took))
    best = min(timer.repeat(ROUNDS, count)) / count * 1e6
    print(f"{label:<54}{best:8.2f} µs")
    return best


def parts(keys: OperatorKeys, suite: Suite, seconds: float) -> None:
    person = urandom(16)
    binding = Binding(person, "parcel.send", "sender-identity")
    vault, rotated = Vault(keys, suite), Vault(keys.rotate(AT), suite)
    key = vault.new_person_key(person)
    sealed = vault.seal_fields(key, binding, FIELDS)
    number = FIELDS["document_number"]

    def new() -> bytes:
        return vault.seal_fields(vault.new_person_key(person), binding, FIELDS)

    def returning() -> bytes:
        return vault.seal_fields(vault.unwrap(key.wrapped, person), binding, FIELDS)

    def opened() -> object:
        return vault.open_fields(
            key, binding, sealed, purpose=Purpose.DRILL, reason="恢复演练", actor="cli", at=AT
        )

    measure("seal a new person (key, wrap, seal)", new, seconds)
    measure("seal for a returning person (unwrap, seal)", returning, seconds)
    measure("blind index", lambda: vault.blind_index("cn-id", number), seconds)
    measure("unwrap", lambda: vault.unwrap(key.wrapped, person), seconds)
    measure("rewrap after rotation", lambda: rotated.rewrap(key.wrapped, person), seconds)
    measure("open for a purpose", opened, seconds)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    for buckets in (1024, 65_536):
        keys = OperatorKeys.fresh(AT, buckets=buckets)
        for suite in (AES, SM):
            print(f"\n{suite.name}, {buckets} buckets")
            parts(keys, suite, seconds)
    print("\nBaseline on a plaintext of 128 bytes")
    data, aad = urandom(128), urandom(64)
    raw = AESGCM(urandom(32))
    measure(
        "AESGCM.encrypt, prepared key, random nonce",
        lambda: raw.encrypt(urandom(12), data, aad),
        seconds,
    )
    measure(
        "AESGCM of a fresh key, encrypt",
        lambda: AESGCM(urandom(32)).encrypt(urandom(12), data, aad),
        seconds,
    )
    fernet = Fernet(Fernet.generate_key())
    measure("Fernet.encrypt, prepared key", lambda: fernet.encrypt(data), seconds)
    measure(
        "Fernet of a fresh key, encrypt",
        lambda: Fernet(Fernet.generate_key()).encrypt(data),
        seconds,
    )


if __name__ == "__main__":
    main()
