"""The log from the command line: proved, verified offline, checked byte by byte, compared."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.test_commands import EXAMPLES, counter, line, run
from tests.device.test_device import KEY as DEVICE_KEY
from tests.device.test_device import line as device_line
from tests.patience import PATIENCE
from tests.world import CARD, NAME, numbers

from liangming.assembly import Settings, evidence, premises
from liangming.check.integrate import Integrator
from liangming.check.witnessed import Asking
from liangming.device import Taken, take
from liangming.errors import LiangmingError
from liangming.ledger import KeyKind, SigningKey, fsck
from liangming.ledger.device import key_text
from liangming.ledger.prove import read_bundle
from liangming.ledger.tiles import WIDTH
from liangming.storage import open_docket

_ADDRESS = re.compile(r"http://[0-9.:]+")


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "LIANGMING_DATA": str(folder / "data"),
        "LIANGMING_SCENES": str(EXAMPLES),
        "LIANGMING_MODE": "development",
        "PYTHONUTF8": "1",
        **more,
    }


def checked(folder: Path, which: list[str]) -> list[str]:
    """Ids of checks that passed in the folder's house."""
    stdin = "\n".join(line(number) for number in which)
    code, out, err = run("check", "-", "--scene", counter(), "--json", folder=folder, stdin=stdin)
    assert code == 0, err
    return [json.loads(row)["check"] for row in out.splitlines()]


def integrated(folder: Path, **more: str) -> str:
    """Carry everything into the log; the verifier key."""

    async def carry() -> str:
        settings = Settings.read(environment(folder, **more))
        async with premises(settings) as house:
            with evidence(settings, house) as record:
                assert record.turn()
                carrier = Integrator(
                    house.store, record.log, house.clock, tiles=record.tiles, known=record.known
                )
                while await carrier.round():
                    pass
                await carrier._finish()
                return record.trust.log_keys[0].encode()

    return asyncio.run(carry())


@dataclass
class Kept:
    folder: Path
    key: str
    check: str
    proofs: list[Path]
    old: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("house")
    first, *_ = checked(folder, [CARD, *numbers(2)])
    integrated(folder)
    old = folder / "old-checkpoint"
    shutil.copyfile(folder / "data/log/checkpoint", old)
    checked(folder, numbers(60)[2:])
    key = integrated(folder)
    code, out, err = run("ledger", "prove", first, "--to", "proofs", folder=folder)
    assert code == 0, err
    return Kept(folder, key, first, [folder / name for name in out.split()], old)


def test_the_key_is_printed_as_the_standard_writes_it(kept: Kept) -> None:
    code, out, _ = run("ledger", "key", folder=kept.folder)
    assert (code, out) == (0, kept.key + "\n")


def test_every_byte_of_the_log_is_verified_with_the_key_alone(kept: Kept, tmp_path: Path) -> None:
    words = ("ledger", "fsck", "--log", str(kept.folder / "data/log"), "--key", kept.key)
    code, out, err = run(*words, folder=tmp_path)
    assert (code, "305 条" in out) == (0, True), out + err
    assert not (tmp_path / "data").exists()


def test_a_changed_byte_of_the_log_is_found_and_told_with_its_code(
    kept: Kept, tmp_path: Path
) -> None:
    shutil.copytree(kept.folder / "data/log", tmp_path / "log")
    place = tmp_path / "log/tile/entries/000"
    data = bytearray(place.read_bytes())
    data[500] ^= 1
    place.write_bytes(data)
    words = ("ledger", "fsck", "--log", "log", "--key", kept.key)
    code, _, err = run(*words, folder=tmp_path)
    assert (code, "ledger.leaf-hash-wrong" in err) == (1, True)


def test_a_proof_of_every_event_verifies_offline(kept: Kept, tmp_path: Path) -> None:
    assert [proof.name for proof in kept.proofs] == [
        f"{kept.check}-{number}.tlog-proof" for number in range(5)
    ]
    tags = []
    for proof in kept.proofs:
        words = ("ledger", "verify", str(proof), "--key", kept.key, "--json")
        code, out, err = run(*words, folder=tmp_path)
        assert code == 0, err
        told = json.loads(out)
        assert told["facts"]["check"] == kept.check
        tags.append(told["facts"]["tag"])
    assert tags[0] == "check:check:opened"
    assert tags[-1] == "check:outcome:passed"


def test_a_proof_with_a_flipped_byte_is_refused_with_its_code(kept: Kept, tmp_path: Path) -> None:
    proof = kept.proofs[-1].read_bytes()
    first = proof.index(b"\n", proof.index(b"index ")) + 1
    signature = proof.rindex(b" ") + 30
    for place, code in ((first, "ledger.inclusion-failed"), (signature, "ledger.signature-wrong")):
        changed = bytearray(proof)
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        (tmp_path / "changed").write_bytes(changed)
        status, _, err = run("ledger", "verify", "changed", "--key", kept.key, folder=tmp_path)
        assert (status, code in err) == (1, True), err


def test_a_closed_proof_tells_nothing_and_still_verifies(kept: Kept, tmp_path: Path) -> None:
    words = ("ledger", "prove", kept.check, "--to", str(tmp_path), "--closed")
    assert run(*words, folder=kept.folder)[0] == 0
    proof = tmp_path / f"{kept.check}-4.tlog-proof"
    assert kept.check.encode() not in proof.read_bytes()
    words = ("ledger", "verify", proof.name, "--key", kept.key, "--json")
    code, out, _ = run(*words, folder=tmp_path)
    assert (code, json.loads(out)["facts"]) == (0, {})


def test_an_older_head_is_kept_and_a_log_that_shrank_is_told(kept: Kept, tmp_path: Path) -> None:
    words = ("ledger", "watch", str(kept.old), "--key", kept.key)
    code, out, _ = run(*words, "--log", str(kept.folder / "data/log"), folder=tmp_path)
    assert (code, "15 → 305" in out) == (0, True)
    shutil.copytree(kept.folder / "data/log", tmp_path / "log")
    shutil.copyfile(kept.folder / "data/log/checkpoint", tmp_path / "newest")
    shutil.copyfile(kept.old, tmp_path / "log/checkpoint")
    words = ("ledger", "watch", "newest", "--key", kept.key, "--log", "log")
    code, _, err = run(*words, folder=tmp_path)
    assert (code, "ledger.rolled-back" in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("fsck",), 2, "cli.log-file-unreadable"),
        (("key",), 2, "cli.log-key-needed"),
        (("verify", "none"), 2, "cli.log-key-needed"),
        (("verify", "none", "--key", "KEY"), 2, "cli.log-file-unreadable"),
        (("verify", "text", "--key", "KEY"), 2, "ledger.proof-malformed"),
        (("verify", "text", "--key", "a+b+c"), 2, "ledger.key-malformed"),
        (("watch", "text", "--key", "KEY", "--log", "."), 2, "ledger.note-malformed"),
        (("fsck", "--key", "KEY", "--log", "."), 1, "ledger.absent"),
    ],
)
def test_wrong_input_is_a_clear_error(
    kept: Kept, tmp_path: Path, words: tuple[str, ...], status: int, code: str
) -> None:
    (tmp_path / "text").write_text("no proof\n")
    filled = [kept.key if word == "KEY" else word for word in words]
    got, _, err = run("ledger", *filled, folder=tmp_path)
    assert (got, code in err) == (status, True), err


def test_an_unknown_check_and_one_not_in_the_log_yet_are_told_apart(tmp_path: Path) -> None:
    (check,) = checked(tmp_path, numbers(1))
    code, _, err = run("ledger", "prove", check, folder=tmp_path)
    assert (code, "check.not-in-the-log-yet" in err) == (3, True)
    code, _, err = run("ledger", "prove", "chk_nothing", folder=tmp_path)
    assert (code, "check.unknown" in err) == (2, True)


def test_the_log_holds_nothing_about_a_person(kept: Kept) -> None:
    files = [p for p in (kept.folder / "data/log").rglob("*") if p.is_file()] + kept.proofs
    assert len(files) > 8
    for path in files:
        for value in (CARD, NAME, *numbers(60)):
            assert value.encode() not in path.read_bytes(), path.name


def test_a_log_lost_whole_fills_again_to_the_same_root(tmp_path: Path) -> None:
    checked(tmp_path, numbers(3))
    integrated(tmp_path)
    before = (tmp_path / "data/log/checkpoint").read_bytes()
    shutil.rmtree(tmp_path / "data/log")
    (tmp_path / "data/log-head.sqlite3").unlink()
    integrated(tmp_path)
    assert (tmp_path / "data/log/checkpoint").read_bytes() == before


def test_a_restored_log_refuses_to_be_older_than_a_checkpoint_put_there(tmp_path: Path) -> None:
    checked(tmp_path, numbers(2))
    integrated(tmp_path)
    shutil.copytree(tmp_path / "data", tmp_path / "backup")
    checked(tmp_path, numbers(3)[2:])
    integrated(tmp_path)
    newest = (tmp_path / "data/log/checkpoint").read_bytes()
    shutil.rmtree(tmp_path / "data")
    shutil.copytree(tmp_path / "backup", tmp_path / "data")
    (tmp_path / "data/log-known.checkpoint").write_bytes(newest)
    with pytest.raises(LiangmingError) as caught:
        integrated(tmp_path)
    assert caught.value.code.name == "ledger.rolled-back"


def test_a_log_set_aside_is_followed_by_one_of_another_name(tmp_path: Path) -> None:
    checked(tmp_path, numbers(2))
    old_key = integrated(tmp_path)
    (tmp_path / "aside").mkdir()
    for name in ("log", "log-head.sqlite3"):
        shutil.move(tmp_path / "data" / name, tmp_path / "aside" / name)
    new_key = integrated(tmp_path, LIANGMING_LOG_ORIGIN="log.example/second")
    assert new_key.startswith("log.example/second+")
    for folder, key in (("aside/log", old_key), ("data/log", new_key)):
        words = ("ledger", "fsck", "--log", folder, "--key", key)
        assert run(*words, folder=tmp_path)[0] == 0


@pytest.mark.parametrize("name", ["has space", "has+plus", "x" * 300])
def test_an_origin_that_no_checkpoint_could_carry_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LiangmingError) as caught:
        Settings.read(environment(tmp_path, LIANGMING_LOG_ORIGIN=name))
    assert caught.value.field == "LIANGMING_LOG_ORIGIN"


def test_a_service_killed_while_integrating_loses_and_repeats_nothing(tmp_path: Path) -> None:
    log = tmp_path / "data/log"

    def serving(until) -> subprocess.Popen[bytes]:
        service = subprocess.Popen(
            [sys.executable, "-m", "liangming", "serve", "--port", "0"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while not until() and time.monotonic() < deadline:
            time.sleep(0.002)
        return service

    def stages() -> set[str]:
        return {path.name for path in (log / "stage").glob("*[0-9a-f]")}

    people = numbers(900)
    for turn in range(3):
        checked(tmp_path, people[turn * 250 : (turn + 1) * 250])  # 1,250 leaves: two rounds
        before = stages()
        service = serving(lambda before=before: bool(stages() - before))  # in mid-append
        service.kill()
        assert service.wait(PATIENCE) == -signal.SIGKILL
    checked(tmp_path, people[750:])
    service = serving((log / "tile/entries/017.p").exists)  # the last of 4,500
    service.send_signal(signal.SIGTERM)
    assert service.wait(PATIENCE) == 0

    async def compare() -> None:
        settings = Settings.read(environment(tmp_path))
        async with premises(settings) as house:
            with evidence(settings, house) as record:
                stored = [row for _, row in await house.store.leaves_after(-1, 10_000)]
                assert sum(row.check.startswith("chk_") for row in stored) == 4_500
                size = fsck(record.tiles, record.trust).head.size
                entries = []
                for number in range(-(-size // WIDTH)):
                    width = min(WIDTH, size - number * WIDTH)
                    entries += read_bundle(record.tiles, number, width)[0]
                assert entries == [row.leaf for row in stored]

    asyncio.run(compare())


def test_a_verification_is_stopped_with_ctrl_c_and_no_trace(kept: Kept, tmp_path: Path) -> None:
    shutil.copytree(kept.folder / "data/log", tmp_path / "log")
    blocked = tmp_path / "log/tile/entries/000"
    blocked.unlink()
    os.mkfifo(blocked)  # a disk that does not answer
    words = ("ledger", "fsck", "--log", "log", "--key", kept.key)
    with (
        subprocess.Popen(
            [sys.executable, "-m", "liangming", *words],
            cwd=tmp_path,
            env=environment(tmp_path),
            stderr=subprocess.PIPE,
        ) as working,
        blocked.open("wb"),  # opens once the other side reads
    ):
        working.send_signal(signal.SIGINT)
        _, err = working.communicate(timeout=PATIENCE)
    assert working.returncode == 130
    assert b"Traceback" not in err


def test_a_service_publishes_its_log_and_nothing_else_of_its_folder(tmp_path: Path) -> None:
    checked(tmp_path, numbers(1))
    service = subprocess.Popen(
        [sys.executable, "-m", "liangming", "serve", "--port", "0"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert service.stderr is not None
        address = next(found[0] for row in service.stderr if (found := _ADDRESS.findall(row)))
        deadline = time.monotonic() + PATIENCE
        # the check's leaves, and one for each scene: as many as the head says
        head, size = tmp_path / "data/log/checkpoint", 0
        while not size and time.monotonic() < deadline:
            time.sleep(0.01)
            size = int(head.read_text("utf-8").splitlines()[1]) if head.exists() else 0
        statuses = {}
        tile = f"log/tile/0/000.p/{size}"
        for path in ("log/checkpoint", tile, "log/..%2Fkeys.json", "log/stage"):
            try:
                with urllib.request.urlopen(f"{address}/{path}", timeout=PATIENCE) as answer:  # noqa: S310  (our own server)
                    statuses[path] = answer.status
            except urllib.error.HTTPError as refused:
                statuses[path] = refused.code
                refused.close()
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=PATIENCE)
    assert list(statuses.values()) == [200, 200, 404, 404]


def test_a_house_asks_its_witnesses_and_the_quorum_is_verified_offline(tmp_path: Path) -> None:
    """The policy in one file: the house needs it to publish, an inspector to believe."""
    (check,) = checked(tmp_path, [CARD])
    code, key, err = run("ledger", "key", folder=tmp_path)
    assert code == 0, err
    rules = tmp_path / "policy"

    async def publish() -> list[object]:
        settings = Settings.read(environment(tmp_path, LIANGMING_LOG_POLICY=str(rules)))
        async with premises(settings) as house:
            with evidence(settings, house) as record:
                assert record.turn()
                carrier = Integrator(
                    house.store, record.log, house.clock, tiles=record.tiles, known=record.known
                )
                while await carrier.round():
                    pass
                asking = Asking(record.circle, house.clock)
                asking.stop()  # one round, and no more
                await asyncio.wait_for(asking.run(), PATIENCE)
                return [each.failure for each in record.circle.standing]

    witness = [sys.executable, "-m", "liangming", "ledger", "witness", "--name", "w.example/1"]
    witness += ["--log", key.strip(), "--data", str(tmp_path / "w"), "--port", "0"]
    with subprocess.Popen(
        witness,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            lines = [process.stdout.readline() for _ in range(2)]
            for said in process.stderr:
                if "http://" in said:
                    break
            names = [line.split()[1] for line in lines]
            rules.write_text(f"{''.join(lines)}group both all {' '.join(names)}\nquorum both\n")
            assert asyncio.run(publish()) == [None]
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
    code, _, err = run("ledger", "prove", check, "--to", str(tmp_path), folder=tmp_path)
    assert code == 0, err
    proof = str(tmp_path / f"{check}-0.tlog-proof")
    command = ["ledger", "verify", proof, "--key", key.strip(), "--policy", str(rules)]
    assert run(*command, folder=tmp_path)[0] == 0
    assert run("ledger", "fsck", "--policy", str(rules), folder=tmp_path)[0] == 0
    stranger = (
        f"witness x {SigningKey(KeyKind.COSIGNER_ED25519, 'x', bytes(32)).verifying.encode()}"
    )
    rules.write_text(f"{stranger}\nquorum x\n")
    code, _, err = run(*command, folder=tmp_path)
    assert (code, "ledger.quorum-missing" in err) == (1, True)
    rules.write_text("quorum x\n")
    code, _, err = run(*command, folder=tmp_path)
    assert (code, "ledger.policy-unfit" in err) == (2, True)


def test_devices_are_enrolled_and_what_is_wrong_with_their_record_is_told(tmp_path: Path) -> None:
    command = ["device", "add", "一号柜台", "--scene", counter(), "--key"]
    code, device, err = run(*command, key_text(DEVICE_KEY.public_key()), folder=tmp_path)
    assert code == 0, err
    device = device.strip()

    async def heard(*numbers: int) -> None:
        async with premises(Settings.read(environment(tmp_path))) as house:
            lines = [device_line(device, number) for number in numbers]
            operator = house.scenes[counter()].operator.id
            for told in await take(house, open_docket(house.store), operator, lines):
                assert isinstance(told, Taken)

    asyncio.run(heard(0, 3))
    code, out, err = run("ledger", "devices", folder=tmp_path)
    assert (code, "缺号 never came: 1–2" in out) == (1, True), out + err
    asyncio.run(heard(1, 2))
    code, out, err = run("ledger", "devices", "--json", folder=tmp_path)
    assert code == 0, err
    (row,) = json.loads(out)
    assert (row["device"], row["events"], row["next"], row["faults"]) == (device, 4, 4, [])
