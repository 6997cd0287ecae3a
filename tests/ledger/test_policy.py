"""A policy says whose word is enough, or it is refused at a line."""

import hashlib

import pytest

from liangming.errors import Misuse
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.policy import read_policy


def key(name: str, kind: KeyKind = KeyKind.COSIGNER_ED25519) -> SigningKey:
    return SigningKey(kind, name, hashlib.sha256(f"{name}{kind}".encode()).digest())


LOG = key("log.example", KeyKind.LOG_ED25519)
X = [key(f"x{n}.example") for n in (1, 2, 3)]
Y = [key(f"y{n}.example", KeyKind.COSIGNER_ML_DSA_44) for n in (1, 2)]
TEXT = "\n".join(
    [
        "# who watches",
        f"log {LOG.verifying.encode()} https://log.example/",
        "",
        *(f"\twitness X{n} {k.verifying.encode()} https://x{n}.example/w" for n, k in enumerate(X)),
        *(f"witness Y{n}  {k.verifying.encode()} " for n, k in enumerate(Y)),
        "group X 2 X0 X1 X2",
        "group Y any Y0 Y1",
        "group both all X Y",
        "quorum both",
        "",
    ]
)


def test_a_policy_of_groups_is_met_as_the_standard_says():
    policy = read_policy(TEXT.encode())
    assert policy.logs == (LOG.verifying,)
    assert [each.name for each in policy.witnesses] == ["X0", "X1", "X2", "Y0", "Y1"]
    assert [each.url for each in policy.witnesses][:4:3] == ["https://x0.example/w", ""]
    trust = policy.trust("log.example")
    assert trust.log_keys == (LOG.verifying,)
    signed = [k.verifying for k in (X[0], X[2], Y[1])]
    assert trust.enough(signed)
    for missing in signed:
        assert not trust.enough([each for each in signed if each != missing])
    assert trust.enough([k.verifying for k in (*X, *Y)])


def test_no_quorum_asks_for_nobody_and_one_witness_can_be_the_quorum():
    assert read_policy(b"quorum none\n").trust("o", (LOG.verifying,)).enough([])
    one = f"witness w {X[0].verifying.encode()}\nquorum w".encode()
    trust = read_policy(one).trust("o", (LOG.verifying,))
    assert (trust.enough([]), trust.enough([X[0].verifying])) == (False, True)


W = X[0].verifying.encode()


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "quorum none\nquorum none",
        "quorum absent",
        f"quorum w\nwitness w {W}",
        f"witness none {W}\nquorum none",
        f"witness w {W}\nwitness v {W}\nquorum none",
        f"witness w {W}\nwitness w {X[1].verifying.encode()}\nquorum none",
        f"witness w {LOG.verifying.encode()}\nquorum none",
        f"log {W}\nquorum none",
        f"log {LOG.verifying.encode()}\nlog {LOG.verifying.encode()}\nquorum none",
        f"witness w {W}\ngroup g 2 w\nquorum g",
        f"witness w {W}\ngroup g 0 w\nquorum g",
        f"witness w {W}\ngroup g 01 w\nquorum g",
        f"witness w {W}\ngroup g any w w\nquorum g",
        f"witness w {W}\ngroup g any\nquorum none",
        f"witness w {W}\ngroup g any w\ngroup h any w\nquorum h",
        f"witness w {W}\ngroup g any none\nquorum g",
        f"witness w {W[:-3]}\nquorum none",
        "quorum none extra",
        "nonsense\nquorum none",
        "quorum none\r",
        "quorum none\x00",
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(lines):
    with pytest.raises(Misuse) as caught:
        read_policy(lines.encode())
    assert caught.value.code.name == "ledger.policy-unfit"
