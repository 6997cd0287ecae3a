"""Software that we did not write follows a packet's leaves to the signed head, and refuses what we do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.patience import PATIENCE

HERE = Path(__file__).parent
VECTORS = HERE / "vectors"
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
        ["go", "build", "-o", str(built / "packet"), str(HERE / "independent" / "packet.go")],
        env=env, check=True, timeout=300,
    )  # fmt: skip
    return built / "packet"


def run(verifier: Path, name: str) -> subprocess.CompletedProcess[str]:
    key = (VECTORS / "key.txt").read_text("utf-8").strip()
    return subprocess.run(
        [str(verifier), key, str(VECTORS / f"{name}.liangming-packet")],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_go_follows_census_and_sample_to_the_signed_head(verifier: Path) -> None:
    done = run(verifier, "holds")
    assert done.returncode == 0, done.stderr
    leaves, events = (int(word) for word in done.stdout.split() if word.isdigit())
    assert leaves > events > 0


@pytest.mark.parametrize(
    "name",
    [
        "leaf-changed", "leaf-added", "erased-leaf-left-out", "event-of-a-check-left-out",
        "consistency-changed", "head-changed", "head-by-another-key", "head-of-another-log",
        "cut-off", "byte-flipped",
    ],
)  # fmt: skip
def test_go_refuses_what_we_refuse(verifier: Path, name: str) -> None:
    done = run(verifier, name)
    assert (done.returncode != 0, done.stdout) == (True, ""), done.stdout
