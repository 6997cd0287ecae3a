"""Software that we did not write reads a person's proofs: Go's checksum database packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.receipt.conftest import House
from tests.world import numbers

from liangming.check.receipt import make_receipt, tlog_proofs

PROGRAM = Path(__file__).parent / "independent" / "proof.go"
DEBIAN = Path("/usr/share/gocode")
NEEDS = "the independent verifier needs the Debian packages golang-go and golang-golang-x-mod-dev"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    have = shutil.which("go") and (DEBIAN / "src/golang.org/x/mod/sumdb").is_dir()
    if not have and os.environ.get("CI") != "true":
        pytest.skip(NEEDS)
    assert have, NEEDS
    built = tmp_path_factory.mktemp("go")
    env = {
        **os.environ, "GOPATH": str(DEBIAN), "GO111MODULE": "off", "GOFLAGS": "",
        "GOCACHE": str(built / "cache"), "CGO_ENABLED": "0",
    }  # fmt: skip
    subprocess.run(
        ["go", "build", "-o", str(built / "proof"), str(PROGRAM)],
        env=env, check=True, timeout=300,
    )  # fmt: skip
    return built / "proof"


def said(verifier: Path, folder: Path, key: str, proofs: list[bytes]) -> tuple[int, str]:
    names = []
    for number, proof in enumerate(proofs):
        names.append(str(folder / f"{number}.tlog-proof"))
        Path(names[-1]).write_bytes(proof)
    done = subprocess.run(
        [str(verifier), key, *names], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout


async def test_go_verifies_every_proof_of_a_receipt_and_refuses_a_changed_one(
    house: House, verifier: Path, tmp_path: Path
) -> None:
    for number in numbers(3):
        check = await house.passed(number)
    await house.carry()
    proofs = tlog_proofs(await make_receipt(house.premises, check))
    key = house.trust.log_keys[0].encode()
    assert said(verifier, tmp_path, key, proofs) == (0, "5 proofs hold\n")
    first = proofs[0]
    for place in (first.index(b"extra ") + 300, first.index(b"\nindex ") + 12, len(first) - 40):
        changed = bytearray(first)
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        assert said(verifier, tmp_path, key, [bytes(changed)])[0] != 0
