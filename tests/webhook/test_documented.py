"""What the documents say about messages is what is sent, and their examples verify."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.patience import PATIENCE

from liangming.clock import SystemClock, micros
from liangming.webhook import EVENTS, sign
from liangming.webhook.deliveries import PAUSES

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "docs" / "spec" / "webhook.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "integrator.md").read_text("utf-8")
SECTION = GUIDE.partition("## 结果订阅 Webhooks")[2].partition("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def example() -> tuple[dict[str, str], bytes, bytes]:
    """Headers, body and key of the example in the specification."""
    head, _, body = blocks(SPEC, "")[0].partition("\n\n")
    lines = [line.split(": ", 1) for line in head.splitlines()[1:]]
    (secret,) = re.findall(r"`(whsec_[^`]{20,})`", SPEC)
    return (
        dict(lines),
        body.rstrip("\n").encode(),
        sign.read_text(secret),
    )


def test_the_example_of_the_specification_verifies() -> None:
    headers, body, key = example()
    stamp = int(headers["webhook-timestamp"])
    assert sign.verify(key, headers, body, now=stamp) == headers["webhook-id"]
    assert json.loads(body)["type"] in SPEC


def test_the_specification_names_every_event_and_every_pause() -> None:
    for name in EVENTS:
        assert f"`{name.value}`" in SPEC
    told = re.search(r"growing pauses\s+\(([^)]*), each", SPEC)
    assert told is not None
    units = {"s": 1, "min": 60, "h": 3600}
    pauses = [int(n) * units[unit] for n, unit in re.findall(r"(\d+) (s|min|h)\b", told.group(1))]
    assert tuple(pauses) == PAUSES


def test_the_python_of_the_guide_verifies_and_refuses() -> None:
    headers, body, key = example()
    place: dict[str, object] = {}
    exec(blocks(SECTION, "python")[0], place)  # noqa: S102  (our own document)
    verified = place["verified"]
    assert callable(verified)
    stamp = int(headers["webhook-timestamp"])
    secret = sign.text_of(key)
    assert verified(secret, headers, body, stamp) == headers["webhook-id"]
    for wrong in ((secret, headers, body + b" ", stamp), (secret, headers, body, stamp + 301)):
        with pytest.raises(ValueError, match="not from Liangming"):
            verified(*wrong)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
def test_the_shell_lines_of_the_guide_make_the_same_signature(tmp_path: Path) -> None:
    headers, body, key = example()
    (tmp_path / "body.json").write_bytes(body)
    lines = blocks(SECTION, "sh")[1].partition("liangming webhook verify")[0]
    done = subprocess.run(
        ["sh", "-c", lines],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "SECRET": sign.text_of(key),
            "ID": headers["webhook-id"],
            "TIMESTAMP": headers["webhook-timestamp"],
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "v1," + done.stdout.strip() == headers["webhook-signature"]


def test_the_verifier_of_the_command_line_tells_right_from_wrong(tmp_path: Path) -> None:
    key, body = b"k" * 32, b'{"type":"ping"}'
    seconds = micros(SystemClock().now()) // 1_000_000
    headers = sign.signed([key], "evt_1", seconds, body)
    (tmp_path / "secret.txt").write_text(sign.text_of(key) + "\n", "ascii")
    words = ["--secret-file", str(tmp_path / "secret.txt"), "--id", "evt_1"]
    words += ["--timestamp", str(seconds), "--signature", headers["webhook-signature"]]
    found = []
    for given in (body, body + b" "):
        done = subprocess.run(
            [sys.executable, "-m", "liangming", "webhook", "verify", *words],
            input=given,
            capture_output=True,
            check=False,
        )
        found.append((done.returncode, "webhook.forged" in done.stderr.decode()))
    assert found == [(0, False), (1, True)]
    assert base64.b64encode(key).decode() not in done.stderr.decode()


def test_the_listener_takes_what_verifies_once_and_marks_what_comes_again(tmp_path: Path) -> None:
    key, body = b"k" * 32, b'{"type":"ping","data":{}}'
    (tmp_path / "secret.txt").write_text(sign.text_of(key), "ascii")
    words = ["--secret-file", str(tmp_path / "secret.txt"), "--port", "0", "--count", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "liangming", "webhook", "listen", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as listening:
        assert listening.stderr is not None
        url = listening.stderr.readline().strip()
        seconds = micros(SystemClock().now()) // 1_000_000
        found = []
        for message, changed in (("evt_1", b""), ("evt_1", b""), ("evt_1", b" "), ("evt_2", b"")):
            headers = sign.signed([key], message, seconds, body)
            found.append(httpx.post(url, headers=headers, content=body + changed).status_code)
        out, _ = listening.communicate(timeout=PATIENCE)
    assert found == [204, 204, 401, 204]
    assert [line.split("evt_")[0].strip() for line in out.splitlines()] == ["", "重复 again", ""]
    assert listening.returncode == 0
