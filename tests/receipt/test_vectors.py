"""Our own vectors of receipts: one corruption in each file, each refused with its code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liangming.check.proofs import open_proof
from liangming.check.receipt import Camera, Seen, read_receipt, verify_receipt
from liangming.errors import LiangmingError
from liangming.ledger import Trust, read_verifying_key

VECTORS = Path(__file__).parent / "vectors"
EXPECTED = json.loads((VECTORS / "expected.json").read_text("utf-8"))
KEY = read_verifying_key((VECTORS / "key.txt").read_text("ascii").strip())
TRUST = Trust(KEY.name, (KEY,))
SPEC = Path(__file__).resolve().parents[2] / "docs" / "spec" / "receipt.md"


@pytest.mark.parametrize("name", EXPECTED)
def test_each_corruption_is_refused_by_its_code(name: str) -> None:
    data = (VECTORS / f"{name}.liangming-receipt").read_bytes()
    try:
        verify_receipt(read_receipt(data), TRUST)
        code = ""
    except LiangmingError as failure:
        code = failure.code.name
    assert code == EXPECTED[name]


def test_the_counted_one_shows_that_no_frame_was_taken() -> None:
    data = (VECTORS / "counted.liangming-receipt").read_bytes()
    assert verify_receipt(read_receipt(data), TRUST).camera == Seen(Camera.NONE_TAKEN, 0, 0)


def test_the_proofs_beside_the_good_one_hold() -> None:
    proofs = sorted(VECTORS.glob("*.tlog-proof"))
    assert len(proofs) == 3
    for number, proof in enumerate(proofs):
        assert open_proof(proof.read_bytes(), TRUST).facts["seq"] == number


def test_the_page_s_example_is_the_vector_byte_for_byte() -> None:
    example = SPEC.read_text("utf-8").partition("```json vector\n")[2].partition("```")[0]
    assert example == (VECTORS / "holds.liangming-receipt").read_text("utf-8")
    assert SPEC.read_text("utf-8").count(KEY.encode()) == 1
