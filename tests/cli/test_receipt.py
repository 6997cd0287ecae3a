"""A receipt from the command line: made beside a house, verified with a key alone."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.test_commands import run
from tests.cli.test_ledger import checked, integrated
from tests.world import CARD, NAME, numbers


@dataclass
class Kept:
    folder: Path
    key: str
    check: str
    receipt: Path
    proofs: list[Path]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("house")
    first, *_ = checked(folder, [CARD, *numbers(2)])
    key = integrated(folder)
    code, out, err = run("receipt", "make", first, "--proofs", folder=folder)
    assert code == 0, err
    receipt, *proofs = (folder / name for name in out.split())
    return Kept(folder, key, first, receipt, proofs)


def test_a_receipt_verifies_offline_and_says_what_it_proves(kept: Kept, tmp_path: Path) -> None:
    code, out, err = run("receipt", "verify", str(kept.receipt), "--key", kept.key, folder=tmp_path)
    assert code == 0, err
    for words in ("属实 proven", "查验通过", "document:", "这里没有登记带摄像头的终端", "到期删除"):
        assert words in out, words
    assert not (tmp_path / "data").exists()


def test_the_same_for_machines(kept: Kept, tmp_path: Path) -> None:
    words = ("receipt", "verify", str(kept.receipt), "--key", kept.key, "--json")
    code, out, _ = run(*words, folder=tmp_path)
    told = json.loads(out)
    assert (code, told["holds"], told["finished"], told["camera"]["camera"]) == (
        0,
        True,
        True,
        "no-device",
    )
    assert [e["tag"] for e in told["events"]][-1] == "check:outcome:passed"


def test_its_name_is_the_receipt_code_which_makes_it_again(kept: Kept, tmp_path: Path) -> None:
    code_name = kept.receipt.name.removesuffix(".liangming-receipt")
    assert kept.check not in kept.receipt.name
    code, out, err = run("receipt", "make", code_name, "--to", str(tmp_path), folder=kept.folder)
    assert code == 0, err
    assert Path(out.strip()).read_bytes() == kept.receipt.read_bytes()


def test_a_proof_beside_it_verifies_alone(kept: Kept, tmp_path: Path) -> None:
    assert len(kept.proofs) == 5
    words = ("ledger", "verify", str(kept.proofs[-1]), "--key", kept.key)
    assert run(*words, folder=tmp_path)[0] == 0


def test_nothing_about_the_person_is_in_any_of_the_files(kept: Kept) -> None:
    for path in (kept.receipt, *kept.proofs):
        for value in (CARD, NAME, *numbers(2)):
            assert value.encode() not in path.read_bytes()


def test_old_receipts_hold_after_the_keys_rotated(kept: Kept, tmp_path: Path) -> None:
    assert run("keys", "rotate", folder=kept.folder)[0] == 0
    words = ("receipt", "verify", str(kept.receipt))
    assert run(*words, folder=kept.folder)[0] == 0
    name = kept.receipt.name.removesuffix(".liangming-receipt")
    assert run("receipt", "make", name, "--to", str(tmp_path), folder=kept.folder)[0] == 0


def test_what_does_not_hold_is_told_with_its_code(kept: Kept, tmp_path: Path) -> None:
    data = kept.receipt.read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    (tmp_path / "changed").write_bytes(data.replace(b'"outlet"', b'"outled"', 1))
    other = "log.example/x+1f4dc3b2+AQ" + "A" * 42
    for name, key, status, said in (
        ("cut", kept.key, 2, "check.receipt-malformed"),
        ("changed", kept.key, 1, "check.receipt-altered"),
        ("nowhere", kept.key, 2, "cli.evidence-file-unreadable"),
        (str(kept.receipt), other, 2, "ledger.key-malformed"),
    ):
        code, _, err = run("receipt", "verify", name, "--key", key, folder=tmp_path)
        assert (code, said in err) == (status, True), (name, err)


def test_a_receipt_without_the_witness_that_is_asked_for_is_refused(
    kept: Kept, tmp_path: Path
) -> None:
    words = ("receipt", "verify", str(kept.receipt), "--key", kept.key)
    code, _, err = run(*words, "--quorum", "1", folder=tmp_path)
    assert (code, "ledger.quorum-missing" in err) == (1, True)


def test_a_folder_that_cannot_be_written_is_a_clear_error(kept: Kept, tmp_path: Path) -> None:
    words = ("receipt", "make", kept.check, "--to", str(tmp_path / "none"))
    code, _, err = run(*words, folder=kept.folder)
    assert (code, "cli.evidence-file-unwritable" in err) == (2, True)


def test_unknown_and_too_early_are_told_apart(kept: Kept, tmp_path: Path) -> None:
    code, _, err = run("receipt", "make", "rct_" + "0" * 26, folder=kept.folder)
    assert (code, "check.unknown" in err) == (2, True)
    (check,) = checked(tmp_path, numbers(1))
    code, _, err = run("receipt", "make", check, folder=tmp_path)
    assert (code, "check.not-in-the-log-yet" in err) == (3, True)
