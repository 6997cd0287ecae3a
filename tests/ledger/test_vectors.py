"""Our own vectors: one corruption a file, each refused with its own code."""

from __future__ import annotations

import base64
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from liangming.errors import LiangmingError
from liangming.ledger import Absent, Trust, decode_disclosure, verify_disclosure, verify_proof
from liangming.ledger.checkpoint import open_checkpoint
from liangming.ledger.device import read_event, read_key_text, verify_event
from liangming.ledger.keys import read_verifying_key
from liangming.ledger.proof import read_proof
from liangming.ledger.verify import fsck

FOLDER = Path(__file__).parent / "vectors"
FILES = sorted(FOLDER.rglob("*.json"))


def _tool() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "log_vectors.py"
    spec = importlib.util.spec_from_file_location("tools_log_vectors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Files:
    """A log's files from a vector."""

    def __init__(self, packed: dict[str, str]) -> None:
        self.files = {name: base64.b64decode(data) for name, data in packed.items()}

    def get(self, path: str) -> bytes:
        if path not in self.files:
            raise Absent
        return self.files[path]

    def names(self, folder: str) -> list[str]:
        return sorted(n for n in self.files if n.rpartition("/")[0] == folder)


def trust(given: dict[str, str]) -> Trust:
    key = read_verifying_key(given["key"])
    if "cosigner" in given:
        return Trust(key.name, (key,), (read_verifying_key(given["cosigner"]),), quorum=1)
    return Trust(key.name, (key,))


def believe(kind: str, given: dict) -> None:
    match kind:
        case "leaf":
            verify_disclosure(
                decode_disclosure(given["disclosure"].encode()), bytes.fromhex(given["leaf"])
            )
        case "tile":
            fsck(Files(given["files"]), trust(given))
        case "proof":
            proof = read_proof(given["proof"].encode())
            verify_proof(proof, leaf=bytes.fromhex(given["leaf"]), trust=trust(given))
        case "checkpoint" | "cosignature":
            open_checkpoint(base64.b64decode(given["note"]), trust(given))
        case "device-event":
            verify_event(read_event(given["line"].encode()), read_key_text(given["key"]))
        case _:
            pytest.fail(f"a vector of no format: {kind}")


def test_the_vectors_are_what_the_script_makes() -> None:
    made = _tool().build()
    assert {str(path.relative_to(FOLDER)): path.read_text("utf-8") for path in FILES} == made


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_each_vector_is_judged_as_it_says(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    try:
        believe(vector["format"], vector["input"])
    except LiangmingError as failure:
        code = failure.code.name
    else:
        code = None
    assert vector["refused_with"] == code
    assert (code is None) == (vector["changed"].partition(";")[0] == "nothing")
