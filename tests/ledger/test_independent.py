"""Software that we did not write reads our log: Go's checksum database packages."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ledger import world

from liangming.ledger import merkle
from liangming.ledger.files import FileTiles
from liangming.ledger.headstore import SqliteHeads
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.note import read_note

PROGRAM = Path(__file__).parent / "independent" / "verify.go"
DEBIAN = Path("/usr/share/gocode")
NEEDS = "the independent verifier needs the Debian packages golang-go and golang-golang-x-mod-dev"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory):
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
        ["go", "build", "-o", str(built / "verify"), str(PROGRAM)],
        env=env, check=True, timeout=300,
    )  # fmt: skip
    return built / "verify"


@pytest.fixture
def grown(tmp_path):
    heads = SqliteHeads(tmp_path / "head.sqlite")
    log = world.log(FileTiles(tmp_path / "log"), heads)
    log.recover(world.at())
    pasts, size = [], 0
    for count in (1, 254, 1, 300, 1000, 65_000, 77):
        log.append(world.leaves(size, size + count), world.at(size))
        size += count
        pasts.append((size, log.head.root))
    log.sweep()
    heads.close()
    return tmp_path / "log", pasts


def run(verifier, folder, pasts, cosigner=None):
    told = [f"{size}={base64.b64encode(root).decode()}" for size, root in pasts]
    keys = [key.verifying.encode() for key in (world.KEY, cosigner) if key is not None]
    return subprocess.run(
        [str(verifier), str(folder), *keys, *told],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_go_verifies_our_checkpoint_entries_and_proofs(verifier, grown):
    folder, pasts = grown
    result = run(verifier, folder, pasts)
    assert (result.returncode, result.stdout) == (0, "66633 leaves hold\n"), result.stderr


COSIGNERS = [
    SigningKey(kind, "w.example/1", bytes(range(32)))
    for kind in (KeyKind.COSIGNER_ED25519, KeyKind.COSIGNER_ML_DSA_44)
]


@pytest.fixture
def cosigned(tmp_path):
    """A small log with both cosignatures on its page."""
    folder = tmp_path / "log"
    heads = SqliteHeads(tmp_path / "head.sqlite")
    log = world.log(FileTiles(folder), heads)
    log.append(world.leaves(0, 300), world.at())
    _, signed = log.signed
    text = read_note(signed).text
    log.vouch(signed, [key.sign(text, 1_795_000_000) for key in COSIGNERS])
    heads.close()
    return folder


def test_go_verifies_a_cosigned_checkpoint_and_passes_over_the_kind_it_does_not_know(
    verifier, cosigned
):
    assert len(read_note((cosigned / "checkpoint").read_bytes()).signatures) == 3
    for cosigner in (None, COSIGNERS[0]):
        result = run(verifier, cosigned, [], cosigner)
        assert (result.returncode, result.stdout) == (0, "300 leaves hold\n"), result.stderr


def test_go_refuses_a_cosignature_with_another_time(verifier, cosigned):
    note = read_note((cosigned / "checkpoint").read_bytes())
    lines = [
        replace(line, signature=bytes(8) + line.signature[8:])
        if line.name != world.ORIGIN
        else line
        for line in note.signatures
    ]
    (cosigned / "checkpoint").write_bytes(replace(note, signatures=tuple(lines)).encode())
    assert run(verifier, cosigned, [], COSIGNERS[0]).returncode != 0
    assert run(verifier, cosigned, []).returncode == 0


@pytest.mark.parametrize(
    "path", ["checkpoint", "tile/0/003", "tile/1/001.p/4", "tile/2/000.p/1", "tile/entries/200"]
)
def test_go_refuses_what_we_refuse(verifier, grown, path):
    folder, pasts = grown
    data = bytearray((folder / path).read_bytes())
    data[len(data) // 2] ^= 4
    (folder / path).write_bytes(data)
    assert run(verifier, folder, pasts).returncode != 0


def test_go_refuses_another_past(verifier, grown):
    folder, _ = grown
    other = [(300, merkle.root_of(world.leaves(1, 301)))]
    assert run(verifier, folder, other).returncode != 0
