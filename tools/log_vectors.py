"""Make the log's own vectors: for each signed or stored format one good case, and one corruption a file.

usage: python tools/log_vectors.py [--check]

Everything follows from fixed seeds (an ML-DSA signature, which cannot, from the file that holds it), so the
files are the same wherever they are made; a test makes them again, compares, and holds each against the program (tests/ledger/test_vectors.py). A file says
which format it is of, what was done to it, its input, and the code that must refuse it; ``null``
stands for what must hold.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import liangming.device.events  # noqa: F401  (declares what devices may say)
from liangming.ledger import (
    Event,
    Head,
    Held,
    KeyKind,
    Log,
    LogProof,
    Prover,
    SigningKey,
    commit,
    declare_event,
    disclose,
    encode_disclosure,
    event_kinds,
)
from liangming.ledger.checkpoint import add_signatures, sign_head
from liangming.ledger.device import key_text, sign_event
from liangming.ledger.merkle import root_of
from liangming.ledger.note import SignatureLine, read_note
from liangming.ledger.ports import Absent

FOLDER: Final = Path(__file__).parent.parent / "tests" / "ledger" / "vectors"
ORIGIN: Final = "vectors.example/log"
AT: Final = datetime(2026, 11, 24, tzinfo=UTC)
SECONDS: Final = 1_795_478_400

Vector = dict[str, Any]


def _key(kind: KeyKind, name: str, seed: str) -> SigningKey:
    return SigningKey(kind, name, hashlib.sha256(seed.encode()).digest())


LOG = _key(KeyKind.LOG_ED25519, ORIGIN, "log")
STRANGER = _key(KeyKind.LOG_ED25519, ORIGIN, "stranger")
OTHER = _key(KeyKind.LOG_ED25519, "other.example/log", "log")
WITNESSES = (
    _key(KeyKind.COSIGNER_ED25519, "witness.example/w", "ed25519"),
    _key(KeyKind.COSIGNER_ML_DSA_44, "witness.example/w", "ml-dsa-44"),
)
DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DEVICE_ID = "dev_01jd9q00000000000000000000"
TAG = "example:vector:made"


def _flip(data: bytes, at: int, bit: int = 1) -> bytes:
    return data[:at] + bytes((data[at] ^ bit,)) + data[at + 1 :]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _leaves(count: int) -> list[bytes]:
    return [b"\x01" + hashlib.sha256(b"leaf %d" % n).digest() for n in range(count)]


class _Memory:
    """Files and lock row of a small log."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.row: Held | None = None

    def get(self, path: str) -> bytes:
        if path not in self.files:
            raise Absent
        return self.files[path]

    def put(self, path: str, data: bytes) -> None:
        self.files[path] = data

    keep = replace = put

    def put_all(self, writes: Any) -> None:
        self.files.update(writes)

    def sync(self, paths: Any) -> None:
        """Nothing to do."""

    def drop(self, path: str) -> None:
        for name in [n for n in self.files if n == path or n.startswith(path + "/")]:
            del self.files[name]

    def names(self, folder: str) -> list[str]:
        return sorted(n for n in self.files if n.rpartition("/")[0] == folder)

    def load(self, _: str) -> Held | None:
        return self.row

    def swap(self, _: str, __: Held | None, new: Held) -> bool:
        self.row = new
        return True


def _log(count: int) -> tuple[Log, _Memory]:
    memory = _Memory()
    log = Log(origin=ORIGIN, tiles=memory, heads=memory, keys=[LOG])
    log.append(_leaves(count), AT)
    log.sweep()
    return log, memory


def leaf_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:  # noqa: C901  (a list)
    """Disclosures of one leaf."""
    if TAG not in {kind.tag for kind in event_kinds()}:
        declare_event(TAG, facts=("method", "ways"), zh="（示例）", en="(example)")
    event = Event(TAG, SECONDS * 1_000_000, "chk_x", {"method": "card-read", "ways": ("a", "b")})
    key = bytes(range(32))
    leaf = commit(event, key, 2)
    shown = encode_disclosure(disclose(event, key, 2, ["method", "tag"]))
    good = {"leaf": leaf.hex(), "disclosure": shown.decode()}

    def bent(**change: Any) -> Vector:
        return {**good, **change}

    def edit(deed: Callable[[dict[str, Any]], None]) -> str:
        disclosure = json.loads(shown)
        deed(disclosure)
        return json.dumps(disclosure, sort_keys=True, separators=(",", ":"))

    place = next(n for n, f in enumerate(json.loads(shown)["fields"]) if f["type"] == "open")
    failed = "ledger.disclosure-failed"

    def value(d: dict[str, Any]) -> None:
        d["fields"][place]["value"] = '"card-seen"'

    def salt(d: dict[str, Any]) -> None:
        d["fields"][place]["salt"] = _b64(bytes(16))

    def short_salt(d: dict[str, Any]) -> None:
        d["fields"][place]["salt"] = _b64(bytes(15))

    def order(d: dict[str, Any]) -> None:
        d["fields"].reverse()

    def dropped(d: dict[str, Any]) -> None:
        del d["fields"][0]

    def closed(d: dict[str, Any]) -> None:
        d["fields"][0]["hash"] = _b64(bytes(31))

    def version(d: dict[str, Any]) -> None:
        d["version"] = 2

    yield "good", "nothing", good, None
    yield "leaf-flipped", "one bit of the leaf", bent(leaf=_flip(leaf, 20).hex()), failed
    yield (
        "leaf-version",
        "the leaf's version",
        bent(leaf=_flip(leaf, 0, 3).hex()),
        ("ledger.leaf-version"),
    )
    yield (
        "leaf-cut",
        "the leaf's last byte is gone",
        bent(leaf=leaf[:-1].hex()),
        ("ledger.leaf-malformed"),
    )
    yield "value", "an opened value", bent(disclosure=edit(value)), failed
    yield "salt", "an opened salt", bent(disclosure=edit(salt)), failed
    yield (
        "salt-short",
        "a salt of 15 bytes",
        bent(disclosure=edit(short_salt)),
        ("ledger.disclosure-malformed"),
    )
    yield "order", "the order of fields", bent(disclosure=edit(order)), failed
    yield "field-gone", "a closed field is left out", bent(disclosure=edit(dropped)), failed
    yield (
        "hash-short",
        "a closed hash of 31 bytes",
        bent(disclosure=edit(closed)),
        ("ledger.disclosure-malformed"),
    )
    yield (
        "version",
        "the disclosure's version",
        bent(disclosure=edit(version)),
        ("ledger.leaf-version"),
    )


def tile_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:
    """A whole small log."""
    _, five = _log(5)
    _, many = _log(258)

    def log(memory: _Memory, path: str = "", data: bytes | None = None) -> Vector:
        files = dict(memory.files)
        if path and data is None:
            del files[path]
        elif data is not None:
            files[path] = data
        packed = {name: _b64(held) for name, held in sorted(files.items())}
        return {"key": LOG.verifying.encode(), "files": packed}

    tile, bundle = "tile/0/000.p/5", "tile/entries/000.p/5"
    rows, entries = five.files[tile], five.files[bundle]
    yield "good", "nothing", log(five), None
    yield "good-full", "nothing; a log with a full tile", log(many), None
    yield "hash", "one bit of a hash", log(five, tile, _flip(rows, 70)), "ledger.leaf-hash-wrong"
    yield (
        "tile-cut",
        "a tile's last byte is gone",
        log(five, tile, rows[:-1]),
        ("ledger.tile-truncated"),
    )
    yield "tile-missing", "a tile is gone", log(five, tile), "ledger.absent"
    yield (
        "entry",
        "one bit of an entry",
        log(five, bundle, _flip(entries, 50)),
        ("ledger.leaf-hash-wrong"),
    )
    yield (
        "entry-version",
        "an entry's version",
        log(five, bundle, _flip(entries, 2, 3)),
        ("ledger.leaf-version"),
    )
    yield (
        "bundle-cut",
        "a bundle's last byte is gone",
        log(five, bundle, entries[:-1]),
        ("ledger.tile-truncated"),
    )
    yield (
        "bundle-long",
        "a byte behind a bundle",
        log(five, bundle, entries + b"\0"),
        ("ledger.tile-truncated"),
    )
    yield "bundle-missing", "a bundle is gone", log(five, bundle), "ledger.absent"
    upper = "tile/1/000.p/1"
    yield (
        "upper-hash",
        "one bit of a hash above",
        log(many, upper, _flip(many.files[upper], 5)),
        "ledger.tile-corrupt",
    )
    old = sign_head(ORIGIN, Head(5, root_of(_leaves(6)[1:])), [LOG], SECONDS)
    yield (
        "root",
        "the checkpoint has another root",
        log(five, "checkpoint", old),
        ("ledger.tile-corrupt"),
    )
    yield "no-checkpoint", "the checkpoint is gone", log(five, "checkpoint"), "ledger.absent"


def checkpoint_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:
    """Signed heads."""
    head = Head(5, root_of(_leaves(5)))
    note = sign_head(ORIGIN, head, [LOG], SECONDS)
    text = note.decode()

    def case(data: bytes) -> Vector:
        return {"key": LOG.verifying.encode(), "note": _b64(data)}

    malformed, form = "ledger.note-malformed", "ledger.checkpoint-malformed"
    yield "good", "nothing", case(note), None
    yield (
        "size",
        "the size",
        case(text.replace("\n5\n", "\n6\n").encode()),
        ("ledger.signature-wrong"),
    )
    yield (
        "root",
        "one place of the root",
        case(_flip(note, text.index("\n5\n") + 5)),
        ("ledger.signature-wrong"),
    )
    yield (
        "size-zeros",
        "the size has a zero in front",
        case(text.replace("\n5\n", "\n05\n").encode()),
        form,
    )
    yield (
        "root-short",
        "the root lacks a byte",
        case(text.replace(_b64(head.root), _b64(head.root[:31])).encode()),
        form,
    )
    yield (
        "origin",
        "another log's name",
        case(sign_head(OTHER.name, head, [OTHER], SECONDS)),
        "ledger.origin-other",
    )
    yield (
        "stranger",
        "another key of that name",
        case(sign_head(ORIGIN, head, [STRANGER], SECONDS)),
        "ledger.key-unknown",
    )
    yield (
        "signature",
        "one place of the signature",
        case(_flip(note, len(note) - 12)),
        "ledger.signature-wrong",
    )
    yield "unsigned", "no signature", case(text.rpartition("— ")[0].encode()), malformed
    yield (
        "control",
        "a control character",
        case(text.replace("/log\n", "/log\t\n", 1).encode()),
        (malformed),
    )
    yield "cut", "the last byte is gone", case(note[:-1]), malformed


def _signed_once(name: str, key: SigningKey, signed: str) -> SignatureLine:
    """A cosignature as it stands in a file already, or a new one.

    ML-DSA signs with fresh chance each time, so the signature itself is kept, and proven again.
    """
    path = FOLDER / "cosignature" / f"{name}.json"
    if path.is_file():
        note = read_note(base64.b64decode(json.loads(path.read_text("utf-8"))["input"]["note"]))
        for line in note.signatures:
            if key.verifying.made(line) and key.verifying.verifies(signed, line) == SECONDS:
                return line
    return key.sign(signed, SECONDS)


def cosignature_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:
    """Heads under witnesses, of whom one must have signed."""
    head = Head(5, root_of(_leaves(5)))
    note = sign_head(ORIGIN, head, [LOG], SECONDS)
    text = read_note(note).text
    for key in WITNESSES:
        kind = "ed25519" if key.kind is KeyKind.COSIGNER_ED25519 else "ml-dsa-44"
        line = _signed_once(f"{kind}-good", key, text)

        def case(data: bytes, key: SigningKey = key) -> Vector:
            return {
                "key": LOG.verifying.encode(),
                "cosigner": key.verifying.encode(),
                "note": _b64(data),
            }

        def signed(signature: bytes, line: Any = line) -> bytes:
            return add_signatures(note, [type(line)(line.name, line.key_id, signature)])

        wrong = "ledger.signature-wrong"
        yield f"{kind}-good", "nothing", case(add_signatures(note, [line])), None
        yield f"{kind}-time", "the time", case(signed(_flip(line.signature, 7))), wrong
        yield f"{kind}-signature", "one bit", case(signed(_flip(line.signature, 30))), wrong
        yield f"{kind}-cut", "its last byte is gone", case(signed(line.signature[:-1])), wrong
        yield f"{kind}-missing", "nobody cosigned", case(note), "ledger.quorum-missing"
        six = text.replace("\n5\n", "\n6\n")
        other = _signed_once(f"{kind}-another-head", key, six)
        yield (
            f"{kind}-another-head",
            "it is over another head",
            case(add_signatures(note, [other])),
            wrong,
        )


def proof_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:
    """Proof files of one leaf."""
    log, memory = _log(5)
    leaf = _leaves(5)[2]
    path = tuple(Prover(memory, log.head).inclusion(2))
    note = memory.files["checkpoint"]

    def case(proof: LogProof | bytes, shown: bytes = leaf) -> Vector:
        data = proof if isinstance(proof, bytes) else proof.encode()
        return {"key": LOG.verifying.encode(), "leaf": shown.hex(), "proof": data.decode()}

    good = LogProof(2, path, note, None)
    failed, length = "ledger.inclusion-failed", "ledger.proof-length"
    yield "good", "nothing", case(good), None
    yield "index", "the number", case(LogProof(3, path, note, None)), failed
    yield (
        "index-beyond",
        "a number beyond the size",
        case(LogProof(5, path, note, None)),
        ("ledger.index-beyond"),
    )
    yield (
        "hash",
        "one bit of a hash",
        case(LogProof(2, (_flip(path[0], 3), *path[1:]), note, None)),
        failed,
    )
    yield "hash-gone", "a hash is gone", case(LogProof(2, path[:-1], note, None)), length
    yield "hash-more", "a hash too many", case(LogProof(2, (*path, bytes(32)), note, None)), length
    yield "leaf", "one bit of the leaf", case(good, _flip(leaf, 9)), failed
    yield (
        "title",
        "the first line",
        case(good.encode().replace(b"@v1", b"@v2")),
        ("ledger.proof-malformed"),
    )
    yield "cut", "the checkpoint's end is gone", case(good.encode()[:-1]), "ledger.note-malformed"
    yield (
        "head",
        "the head's size",
        case(good.encode().replace(b"\n5\n", b"\n6\n")),
        "ledger.signature-wrong",
    )


def device_vectors() -> Iterator[tuple[str, str, Vector, str | None]]:
    """Events that a device signed."""
    line = sign_event(
        DEVICE,
        device=DEVICE_ID,
        seq=3,
        at=1_795_000_000_000_000,
        tag="device:camera:counted",
        facts={"captures": 0, "frames": 0, "since": 1_794_999_000_000_000},
    ).encode()

    def case(data: bytes) -> Vector:
        return {"key": key_text(DEVICE.public_key()), "line": data.decode()}

    def put(old: str, new: str) -> Vector:
        return case(line.replace(old.encode(), new.encode(), 1))

    wrong, form = "ledger.device-event-signature", "ledger.device-event-malformed"
    yield "good", "nothing", case(line), None
    yield "number", "the number", put('"seq":3', '"seq":4'), wrong
    yield "time", "the time", put("1795000000000000", "1795000000000001"), wrong
    yield "device", "the device", put("dev_01jd", "dev_01je"), wrong
    yield "fact", "a fact", put('"frames":0', '"frames":1'), wrong
    yield "tag", "the kind", put("camera:counted", "agent:stopped"), "ledger.fact-undeclared"
    yield (
        "tag-unknown",
        "a kind that nobody declared",
        put("counted", "guessed"),
        ("ledger.event-undeclared"),
    )
    yield (
        "fact-unfit",
        "a fact that is a sentence",
        put('"frames":0', '"frames":"a b"'),
        ("ledger.fact-unfit"),
    )
    yield "spaces", "a second spelling", put('"seq":3', '"seq": 3'), form
    yield "field-more", "a field too many", put(',"v":1', ',"v":1,"w":1'), form
    yield "field-gone", "a field is gone", put('"seq":3,', ""), form
    yield "number-negative", "a negative number", put('"seq":3', '"seq":-1'), form
    yield "version", "the version", put('"v":1', '"v":2'), "ledger.device-event-version"
    yield "cut", "the last byte is gone", case(line[:-1]), form
    signature = json.loads(line)["sig"]
    other = _b64(_flip(base64.b64decode(signature), 10))
    yield "signature", "one bit of the signature", put(signature, other), wrong


MAKERS: Final = {
    "leaf": leaf_vectors,
    "tile": tile_vectors,
    "proof": proof_vectors,
    "checkpoint": checkpoint_vectors,
    "cosignature": cosignature_vectors,
    "device-event": device_vectors,
}


def build() -> dict[str, str]:
    """All files: name and text."""
    files = {}
    for kind, make in MAKERS.items():
        for name, changed, given, code in make():
            vector = {"format": kind, "changed": changed, "input": given, "refused_with": code}
            text = json.dumps(vector, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            files[f"{kind}/{name}.json"] = text
    return files


def main() -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    check = parser.parse_args().check
    files, wrong = build(), []
    for name, text in files.items():
        path = FOLDER / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        wrong.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    left = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*.json")} - files.keys()
    for name in sorted(left):
        wrong.append(name)
        if not check:
            (FOLDER / name).unlink()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
