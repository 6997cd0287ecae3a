"""An inspection from the command line: mandate to packet, and the packet read elsewhere."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.test_commands import run
from tests.cli.test_ledger import checked, environment, integrated
from tests.patience import PATIENCE
from tests.world import CARD, NAME, numbers

from liangming.storage.file import WriterLock

VECTORS = Path(__file__).resolve().parents[1] / "inspection" / "vectors"
MANDATE = """
authority = "110000-post"
case = "2026-0117"
operator = "shili-express"
since_day = 2026-01-01
until_day = 2027-12-31
purpose = "实名收寄执行情况"
basis = ["courier.23"]
sample = 3
secret = "{secret}"

[[approvers]]
person = "inspector-017"
role = "authority"
key = "{first}"

[[approvers]]
person = "officer-001"
role = "operator"
key = "{second}"
"""


@dataclass
class Visit:
    folder: Path
    key: str
    packet: Path
    digest: str

    def path(self, name: str) -> str:
        return str(self.folder / name)


def done(folder: Path, *words: str) -> str:
    code, out, err = run(*words, folder=folder)
    assert code == 0, err
    return out


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    folder = tmp_path_factory.mktemp("house")
    checked(folder, [CARD, *numbers(8)])
    key = integrated(folder)
    lines = {}
    for name, person, role in (
        ("first", "inspector-017", "authority"),
        ("second", "officer-001", "operator"),
    ):
        words = ("packet", "approver", "new", "--person", person, "--role", role)
        lines[name] = done(folder, *words, "--out", f"{name}.key").strip()
    lines["secret"] = done(folder, "packet", "secret", "--out", "secret").strip()
    (folder / "mandate.toml").write_text(MANDATE.format(**lines), "utf-8")
    done(folder, "packet", "register", "mandate.toml")
    plan = done(folder, "packet", "plan", "mandate.toml", "--secret", "secret", "--out", "plan")
    assert "范围内 in scope 9" in plan
    for name in ("first", "second"):
        done(folder, "packet", "approve", "plan", "--as", f"{name}.key", "--out", f"{name}.note")
    words = ("packet", "make", "mandate.toml", "--plan", "plan")
    approvals = ("--approval", "first.note", "--approval", "second.note")
    told = done(folder, *words, *approvals, "--out", "case.packet")
    return Visit(folder, key, folder / "case.packet", told.split("SHA-256 ")[1].strip())


def test_the_packet_is_verified_point_by_point_with_nothing_but_file_and_key(
    visit: Visit, tmp_path: Path
) -> None:
    words = ("packet", "verify", str(visit.packet), "--key", visit.key)
    code, out, err = run(*words, folder=tmp_path)
    assert code == 0, out + err
    assert out.count("✓") == 11
    assert "全部成立 everything holds" in out
    assert "in_scope = 9" in out
    assert not (tmp_path / "data").exists()


def test_the_same_for_machines(visit: Visit, tmp_path: Path) -> None:
    words = ("packet", "verify", str(visit.packet), "--key", visit.key, "--json")
    code, out, _ = run(*words, folder=tmp_path)
    told = json.loads(out)
    assert (code, told["holds"], len(told["points"])) == (0, True, 11)
    figures = {point["point"]: point["figures"] for point in told["points"]}
    assert (figures["sample"]["drawn"], figures["sample"]["of"]) == (3, 9)
    assert figures["plan"]["same_rules"] is True


def test_show_tells_the_sampled_checks(visit: Visit, tmp_path: Path) -> None:
    words = ("packet", "show", str(visit.packet), "--key", visit.key)
    code, out, _ = run(*words, folder=tmp_path)
    assert (code, out.count("查验通过")) == (0, 3)
    assert "《快递暂行条例》" in out


def test_nothing_about_a_person_is_in_packet_plan_or_output(visit: Visit) -> None:
    out = done(visit.folder, "packet", "show", "case.packet")
    for value in (CARD, NAME, *numbers(8)):
        assert value not in out
        for name in ("case.packet", "plan"):
            assert value.encode() not in (visit.folder / name).read_bytes()


def test_made_again_it_is_the_same_file_and_every_act_is_one_leaf(visit: Visit) -> None:
    words = ("packet", "make", "mandate.toml", "--plan", "plan", "--approval", "first.note")
    told = done(visit.folder, *words, "--approval", "second.note", "--out", "again.packet")
    assert visit.digest in told
    assert (visit.folder / "again.packet").read_bytes() == visit.packet.read_bytes()
    assert "早已登记" in done(visit.folder, "packet", "register", "mandate.toml")
    done(visit.folder, "packet", "show", "case.packet", "--record")
    done(visit.folder, "packet", "register", "mandate.toml")  # carries what waits
    code, out, _ = run("ledger", "fsck", folder=visit.folder)
    # 9 checks of 5, the mandate, two approvals, the making, one look
    assert (code, f"{9 * 5 + 1 + 2 + 1 + 1} 条" in out) == (0, True), out


def test_one_approval_or_one_person_twice_makes_nothing(visit: Visit, tmp_path: Path) -> None:
    first = visit.path("first.note")
    for how, approvals, said, status in (
        (visit.path("plan"), (first,), "inspection.approval-missing", 2),
        (visit.path("plan"), (first, first), "inspection.approval-same-person", 2),
    ):
        words = ["packet", "make", visit.path("mandate.toml"), "--plan", how]
        for each in approvals:
            words += ["--approval", each]
        code, _, err = run(*words, "--out", str(tmp_path / "none"), folder=visit.folder)
        assert (code, said in err) == (status, True), err
    assert not (tmp_path / "none").exists()


def test_a_packet_that_does_not_hold_says_where_and_ends_with_1(
    visit: Visit, tmp_path: Path
) -> None:
    data = bytearray(visit.packet.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "changed").write_bytes(data)
    code, out, _ = run("packet", "verify", "changed", "--key", visit.key, folder=tmp_path)
    assert (code, "inspection.packet-malformed" in out, out.count("✓")) == (1, True, 0)
    other = str(VECTORS / "key.txt")
    code, out, err = run("packet", "verify", str(visit.packet), "--key", other, folder=tmp_path)
    assert (code, "ledger.origin-other" in out) == (1, True), err
    code, _, err = run("packet", "verify", "none", "--key", visit.key, folder=tmp_path)
    assert (code, "cli.evidence-file-unreadable" in err) == (2, True)


def test_an_unfit_mandate_is_refused_with_its_item(visit: Visit, tmp_path: Path) -> None:
    text = (visit.folder / "mandate.toml").read_text("utf-8")
    (tmp_path / "mandate.toml").write_text(text.replace("sample = 3", "sample = 0"), "utf-8")
    code, _, err = run("packet", "register", "mandate.toml", folder=tmp_path)
    assert (code, "[sample]" in err) == (2, True), err
    assert not (tmp_path / "data").exists()


def test_a_widened_mandate_is_not_the_registered_one(visit: Visit, tmp_path: Path) -> None:
    text = (visit.folder / "mandate.toml").read_text("utf-8").replace("sample = 3", "sample = 9")
    (tmp_path / "wide.toml").write_text(text, "utf-8")
    words = ("packet", "plan", str(tmp_path / "wide.toml"), "--secret", "secret", "--out", "no")
    code, _, err = run(*words, folder=visit.folder)
    assert (code, "inspection.mandate-unregistered" in err) == (2, True), err
    words = ("packet", "plan", "mandate.toml", "--secret", "first.note", "--out", "no")
    code, _, err = run(*words, folder=visit.folder)
    assert (code, "inspection.secret-wrong" in err) == (2, True), err


def test_a_key_file_under_a_passphrase_approves_only_with_it(visit: Visit, tmp_path: Path) -> None:
    """The passphrase comes from a file; there is no terminal here to ask at."""
    (tmp_path / "phrase").write_text("一句足够长的口令就可以了\n", "utf-8")
    words = ("packet", "approver", "new", "--person", "inspector-099", "--role", "authority")
    code, _, err = run(*words, "--passphrase", "--out", "none.key", folder=tmp_path)
    assert (code, "inspection.passphrase-needed" in err) == (2, True)
    named = {"LIANGMING_PASSPHRASE_FILE": str(tmp_path / "phrase")}
    code, _, err = run(*words, "--out", "locked.key", folder=tmp_path, more=named)
    assert (code, "It has no passphrase" in err) == (0, False)
    assert b"seed" not in (tmp_path / "locked.key").read_bytes()
    approve = ("packet", "approve", visit.path("plan"), "--as", "locked.key", "--out", "note")
    code, _, err = run(*approve, folder=tmp_path)
    assert (code, "inspection.passphrase-needed" in err) == (2, True)
    assert run(*approve, folder=tmp_path, more=named)[0] == 0
    (tmp_path / "phrase").write_text("另一句也足够长的口令呢呢\n", "utf-8")
    code, _, err = run(*approve, folder=tmp_path, more=named)
    assert ("vault.passphrase-wrong" in err, code) == (True, 2)


def test_key_files_are_for_their_person_alone(visit: Visit) -> None:
    for name in ("first.key", "second.key", "secret"):
        assert (visit.folder / name).stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_recorded(
    visit: Visit, tmp_path: Path
) -> None:
    words = ("packet", "make", "mandate.toml", "--plan", "plan", "--approval", "first.note")
    out = str(tmp_path / "no" / "where")
    code, _, err = run(*words, "--approval", "second.note", "--out", out, folder=visit.folder)
    assert (code, "inspection.packet-unwritable" in err) == (3, True), err


def test_stopped_with_ctrl_c_it_leaves_no_half_packet_and_no_trace(
    visit: Visit, tmp_path: Path
) -> None:
    fifo = tmp_path / "plan"
    os.mkfifo(fifo)  # a disk that does not answer
    words = ["packet", "make", visit.path("mandate.toml"), "--plan", str(fifo)]
    words += ["--approval", visit.path("first.note"), "--approval", visit.path("second.note")]
    with (
        subprocess.Popen(
            [sys.executable, "-m", "liangming", *words, "--out", str(tmp_path / "packet")],
            cwd=visit.folder,
            env=environment(visit.folder),
            stderr=subprocess.PIPE,
        ) as working,
        fifo.open("wb"),  # opens once the other side reads
    ):
        working.send_signal(signal.SIGINT)
        _, err = working.communicate(timeout=PATIENCE)
    assert working.returncode == 130
    assert b"Traceback" not in err
    assert list(tmp_path.glob("*packet*")) == []


def test_a_finding_goes_its_way_from_the_command_line(visit: Visit) -> None:
    words = ("finding", "record", "mandate.toml", "--violation", "V02", "--due", "2099-12-31")
    assert "待整改" in done(visit.folder, *words)
    words = ("finding", "rectify", "mandate.toml", "1", "--evidence", "5" * 64)
    assert "待确认" in done(visit.folder, *words)
    assert "已确认" in done(visit.folder, "finding", "close", "mandate.toml", "1")
    assert "V02" in done(visit.folder, "finding", "list", "mandate.toml")


def test_beside_a_running_service_evidence_is_left_as_without_it(visit: Visit) -> None:
    """The service holds the file's writer lock; here somebody else does."""
    lock = WriterLock(visit.folder / "data" / "liangming.sqlite3")
    lock.take()
    try:
        again = visit.path("again.packet")
        words = ("packet", "make", "mandate.toml", "--plan", "plan", "--approval", "first.note")
        done(visit.folder, *words, "--approval", "second.note", "--out", again)
        assert Path(again).read_bytes() == visit.packet.read_bytes()
        done(visit.folder, "packet", "show", again, "--record")
        told = (visit.folder / "mandate.toml").read_text("utf-8").replace("0117", "0119")
        (visit.folder / "beside.toml").write_text(told, "utf-8")
        assert "已登记 registered: mdt_" in done(visit.folder, "packet", "register", "beside.toml")
        # What is not a record of the docket still says who has the file.
        code, _, err = run("erase", "chk_none", folder=visit.folder)
        assert (code, "storage.another-writer" in err) == (2, True), err
    finally:
        lock.release()
