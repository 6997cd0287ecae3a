"""``liangming label``: one, many, and everything that can go wrong with files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

SHIPMENT = {
    "brand": "示例快递",
    "waybill": "SL1234567890123",
    "sender": {"name": "示例甲", "phone": "010-88888888", "address": "示例市示例路88号1201室"},
    "recipient": {"name": "示例乙", "phone": "13800138000", "address": "示例村3组15号"},
}


def run(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "liangming", "label", *words],
        input=given,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )


def test_a_label_from_a_file_and_from_a_pipe_is_the_same(tmp_path: Path) -> None:
    source, made = tmp_path / "one.json", tmp_path / "one.zpl"
    source.write_text(json.dumps(SHIPMENT), "utf-8")
    assert run(str(source), "-o", str(made), "--format", "zpl").returncode == 0
    piped = run("-", "--format", "zpl", given=source.read_bytes())
    assert piped.stdout == made.read_bytes()
    assert piped.stdout.startswith(b"^XA^PW608^LL1040")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_of_a_list_every_good_line_is_printed_and_every_bad_one_named(tmp_path: Path) -> None:
    bad = {**SHIPMENT, "sender": {**SHIPMENT["sender"], "address": "990101199003071237"}}
    rare = {**SHIPMENT, "sender": {**SHIPMENT["sender"], "name": "\U0003fffd示"}}
    source, folder = tmp_path / "many.jsonl", tmp_path / "labels"
    lines = [json.dumps(SHIPMENT), json.dumps(bad), "", "{", json.dumps(rare)]
    source.write_text("\n".join(lines), "utf-8")
    done = run(str(source), "-o", str(folder), "--size", "100x180")
    said = done.stderr.decode()
    assert done.returncode == 1
    assert sorted(path.name for path in folder.iterdir()) == ["000001.pdf", "000004.pdf"]
    assert "line 2" in said
    assert "label.long-number" in said
    assert "sender.address" in said
    assert "label.file-unfit" in said
    assert "1 张含 〓" in said
    assert "990101" not in said


def test_what_cannot_be_read_or_written_is_said_plainly(tmp_path: Path) -> None:
    source = tmp_path / "one.json"
    source.write_text(json.dumps(SHIPMENT), "utf-8")
    for words, status, code in (
        ((str(tmp_path / "none.json"),), 2, b"label.file-absent"),
        (("-",), 2, b"label.file-unfit"),
        ((str(source), "-o", str(tmp_path / "no" / "such" / "x.pdf")), 3, b"label.not-written"),
        ((str(source), "--dpi", "150"), 2, b"203"),
    ):
        done = run(*words)
        assert (done.returncode, code in done.stderr) == (status, True), done.stderr
        assert b"Traceback" not in done.stderr
