"""``liangming webhook``: what a receiver needs to be written: the events, a listener, a verifier."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Annotated, Final

import typer

from liangming.cli.speech import err, out, say_error
from liangming.clock import SystemClock, micros
from liangming.errors import Kind, LiangmingError, Misuse, Refusal, declare
from liangming.webhook import EVENTS
from liangming.webhook.sign import ID, SIGNATURE, TIME, read_text, verify

NO_SECRET = declare(
    "cli.secret-unreadable",
    Kind.INVALID,
    zh="读不到签名密钥的文件。",
    en="The file with the signing secret cannot be read.",
)
LARGEST: Final = 64 * 1024

app = typer.Typer(
    help="结果订阅：事件清单、试收、验签。 / Webhooks: events, a listener, a verifier.",
    no_args_is_help=True,
)
SecretFile = Annotated[
    Path, typer.Option("--secret-file", help="签名密钥（whsec_…）的文件 / file with the secret")
]


@app.command("events")
def events() -> None:
    """列出可以订阅的事件。 / List the events that can be subscribed to."""
    for name, words in EVENTS.items():
        out.print(f"{name.value:<18} {words.zh} / {words.en}", markup=False)


@app.command("verify")
def verify_(
    secret_file: SecretFile,
    *,
    message: Annotated[str, typer.Option("--id", help="Webhook-Id")],
    timestamp: Annotated[str, typer.Option(help="Webhook-Timestamp")],
    signature: Annotated[str, typer.Option(help="Webhook-Signature")],
) -> None:
    """验证从标准输入读到的一份内容。 / Verify one body, read from standard input."""
    key = _key(secret_file)
    headers = {ID: message, TIME: timestamp, SIGNATURE: signature}
    body = sys.stdin.buffer.read(LARGEST)
    try:
        verify(key, headers, body, now=micros(SystemClock().now()) // 1_000_000)
    except Refusal as no:
        say_error(no)
        raise typer.Exit(1) from None
    out.print("签名相符 / The signature fits.", markup=False)


@app.command("listen")
def listen(
    secret_file: SecretFile,
    port: Annotated[int, typer.Option(help="端口，0 为自动 / port, 0 for any", max=65_535)] = 8610,
    count: Annotated[
        int, typer.Option(help="收到几份后结束，0 为不限 / stop after; 0: never", min=0)
    ] = 0,
) -> None:
    """在本机试收：验签，逐行打印，重复的标出。 / Receive on this machine: verify, print, mark repeats."""
    key = _key(secret_file)
    seen: set[str] = set()

    class Listener(_Listener):
        secret = key
        known = seen

    with HTTPServer(("127.0.0.1", port), Listener) as server:
        err.print(f"http://127.0.0.1:{server.server_port}/hook", style="bold", markup=False)
        try:
            while not count or len(seen) < count:
                server.handle_request()
        except KeyboardInterrupt:
            raise typer.Exit(130) from None


class _Listener(BaseHTTPRequestHandler):
    """Takes posts on loopback, one at a time."""

    secret: bytes
    known: set[str]
    timeout = 10

    def do_POST(self) -> None:
        """One message."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._answer(413)
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            message = verify(
                self.secret, headers, body, now=micros(SystemClock().now()) // 1_000_000
            )
        except LiangmingError as refused:
            err.print(refused.code.zh, markup=False)
            self._answer(401)
            return
        again = "重复 again  " if message in self.known else ""
        self.known.add(message)
        told = json.loads(body)
        out.print(f"{again}{message}  {told['type']}  {json.dumps(told['data'])}", markup=False)
        self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of our own: the lines above are the log."""


def _key(path: Path) -> bytes:
    try:
        return read_text(path.read_text("ascii"))
    except (OSError, UnicodeDecodeError):
        raise Misuse(NO_SECRET, field="--secret-file") from None
