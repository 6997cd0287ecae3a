"""Our own vectors: one corruption in each file, each refused at its point with its code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.inspection import Point, verify_packet
from liangming.inspection.packet import MANIFEST, Writer
from liangming.ledger import Trust, read_verifying_key

ROOT = Path(__file__).resolve().parents[2]
VECTORS = Path(__file__).parent / "vectors"
EXPECTED = json.loads((VECTORS / "expected.json").read_text("utf-8"))
KEY = read_verifying_key((VECTORS / "key.txt").read_text("ascii").strip())
TRUST = Trust(KEY.name, (KEY,))


def test_the_vectors_are_what_the_script_makes() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "vectors.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", EXPECTED)
def test_each_corruption_is_refused_at_its_point_by_its_code(name: str) -> None:
    verdict = verify_packet(VECTORS / f"{name}.liangming-packet", TRUST)
    failed = [(said.point.value, said.code.name) for said in verdict.points if said.code]
    wanted = EXPECTED[name]
    assert failed == ([(wanted["point"], wanted["code"])] if wanted["code"] else [])
    assert [said.point for said in verdict.points] == sorted(
        (said.point for said in verdict.points), key=list(Point).index
    )
    assert {said.point for said in verdict.points} == set(Point)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(0, 7))
def test_any_flipped_bit_of_a_packet_is_refused(place: int, bit: int) -> None:
    data = bytearray((VECTORS / "holds.liangming-packet").read_bytes())
    data[place % len(data)] ^= 1 << bit
    changed = _aside(bytes(data))
    verdict = verify_packet(changed, TRUST)
    assert not verdict.holds
    assert verdict.points[0].holds is False
    assert verdict.points[0].code is not None


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_flipped_bit_in_any_file_is_refused_even_when_the_manifest_was_fitted_to_it(
    data: st.DataObject,
) -> None:
    with zipfile.ZipFile(VECTORS / "holds.liangming-packet") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    whole = io.BytesIO()
    with Writer(whole) as writer:
        for each, was in files.items():
            writer.add(each, bytes(content) if each == name else was)
        writer.finish()
    verdict = verify_packet(_aside(whole.getvalue()), TRUST)
    assert verdict.points[0].holds
    assert not verdict.holds
    assert any(said.code for said in verdict.points)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_a_verifier_stumble(junk: bytes) -> None:
    assert not verify_packet(_aside(junk), TRUST).holds
    whole = io.BytesIO()
    with Writer(whole) as writer:
        for name in ("mandate.json", "plan.json", "census/00000000.jsonl", "sample.jsonl"):
            writer.add(name, junk)
        writer.finish()
    assert not verify_packet(_aside(whole.getvalue()), TRUST).holds


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1 << 30))
def test_a_packet_cut_off_anywhere_is_refused(end: int) -> None:
    data = (VECTORS / "holds.liangming-packet").read_bytes()
    assert not verify_packet(_aside(data[: end % len(data)]), TRUST).holds


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    _FOLDER.append(tmp_path_factory.mktemp("packets"))


_FOLDER: list[Path] = []


def _aside(data: bytes) -> Path:
    path = _FOLDER[-1] / "packet"
    path.write_bytes(data)
    return path
