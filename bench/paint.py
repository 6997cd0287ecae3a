"""What a sender's pages weigh, and when the first one is painted on a slow line, beside other pages.

    python bench/paint.py [--runs 5]

The line is WebPageTest's profile "3G Slow": 400 kbit/s each way, 400 ms round trip, no loss.
Two ways of making it, since neither is a radio:

relay     a relay on loopback between Chromium and the server, under TLS 1.3: half a round trip of
          delay each way, 400 kbit/s each way over all connections, one round trip more for each
          connection's handshake. TCP's slow start is not modelled: ten packets are more than a
          first load here. A name look-up is not in it.
devtools  Chromium's own emulation: 400 ms for each request, the same rate; no handshakes.

Beside the sender's page, in the same run: a bare page (one heading, no style) as the floor, and a
page as script-heavy ones are made: a shell, 24 KiB of style, 240 KiB of script that fetches what it
shows, all compressed (about what the smallest phone kits weigh). Each load has a cold cache.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import datetime as dt
import gzip
import hashlib
import json
import random  # noqa: TID251  (seeded)
import socket
import ssl
import statistics
import sys
import tempfile
import threading
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Page, sync_playwright

from liangming.assembly import Settings, premises
from liangming.clock import SystemClock
from liangming.method import Sources
from liangming.providers import (
    SimulatedAgreementSource,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
)
from liangming.web import build_web

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
RATE, ROUND_TRIP = 400_000 / 8, 0.4
GOAL_SECONDS, GOAL_BYTES, GOAL_REQUESTS = 2.0, 8 * 1024, 3
FIRST = "/s/shili-counter"


class Line:
    """A slow line between a listener and a server: its delay, its rate, its handshakes."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.free_at = {"up": 0.0, "down": 0.0}

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(ROUND_TRIP)  # the handshake that loopback did not need
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.server)
        await asyncio.gather(
            self.carry("up", reader, there_writer), self.carry("down", there_reader, writer)
        )

    async def carry(
        self, way: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def arrive() -> None:
            while True:
                at, data = await under_way.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not data:
                    break
                sink.write(data)
            sink.close()

        arriving = asyncio.create_task(arrive())
        while True:
            try:
                data = await source.read(1460)
            except ConnectionError:
                data = b""
            sent = max(loop.time(), self.free_at[way]) + len(data) / RATE
            self.free_at[way] = sent
            under_way.put_nowait((sent + ROUND_TRIP / 2, data))
            if not data:
                break
        await arriving


def certificate(folder: Path) -> tuple[str, str, str]:
    """Of this run only: its file, its key's file, and what Chromium is told to take for good.

    A certificate that is forgiven afterwards would cost a second handshake, which no phone pays.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = SystemClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, none))
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    return str(folder / "cert.pem"), str(folder / "key.pem"), pin


def heavy() -> dict[str, tuple[str, bytes]]:
    """A page as script-heavy ones are made, and a bare one; seeded words, so that they compress as code does."""
    seeded = random.Random(4)
    words = ["".join(seeded.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(1500)]

    def filler(size: int) -> str:
        text = []
        while size > 0:
            line = f"const {seeded.choice(words)} = ({seeded.choice(words)}, {seeded.choice(words)}) => {seeded.choice(words)}({seeded.randrange(10**6)});"
            text.append(line)
            size -= len(line)
        return "/*\n" + "\n".join(text) + "\n*/"

    app = (
        filler(240 * 1024)
        + "fetch('/heavy.json').then(r=>r.json()).then(d=>{document.querySelector('#app').innerHTML='<h1>'+d.title+'</h1>'+d.ways.map(w=>'<button>'+w+'</button>').join('')})"
    )
    html = (
        "<!doctype html><meta charset=utf-8><link rel=stylesheet href=/heavy.css>"
        "<div id=app></div><script src=/heavy.js></script>"
    )
    answer = json.dumps({"title": "寄快递", "ways": ["a", "b", "c", "d"]})
    files = {
        "/bare": ("text/html", "<!doctype html><meta charset=utf-8><h1>寄快递</h1>"),
        "/heavy": ("text/html", html),
        "/heavy.css": ("text/css", filler(24 * 1024) + "h1{font-size:2rem}"),
        "/heavy.js": ("text/javascript", app),
        "/heavy.json": ("application/json", answer),
    }
    return {path: (kind, gzip.compress(text.encode(), 6)) for path, (kind, text) in files.items()}


def with_others(pages: Any) -> Any:
    """Our pages, and the two others on the same server."""
    others = heavy()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] in others:
            kind, body = others[scope["path"]]
            headers = [(b"content-type", kind.encode()), (b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]  # fmt: skip
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await pages(scope, receive, send)

    return app


@contextmanager
def served() -> Any:
    """The pages under TLS, and the slow line to them: two addresses."""
    ports: list[int] = []
    pins: list[str] = []
    ready, stop = threading.Event(), threading.Event()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            settings = Settings(
                data=folder,
                database=f"sqlite:///{folder / 'paint.sqlite3'}",
                keys=folder / "keys.json",
                scenes=(ROOT / "examples" / "scenes",),
                production=False,
            )
            sources = Sources(
                credential=SimulatedCredentialSource(),
                entitlement=SimulatedEntitlementSource(),
                agreement=SimulatedAgreementSource(),
            )
            house = await stack.enter_async_context(
                premises(settings, sources=sources, allow_test_region=True)
            )
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            cert, key, pin = certificate(folder)
            pins.append(pin)
            config = uvicorn.Config(
                with_others(build_web(house, demo=True)),
                lifespan="off",
                log_level="error",
                ws="none",
                ssl_certfile=cert,
                ssl_keyfile=key,
                ssl_version=ssl.PROTOCOL_TLS_SERVER,
            )
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server._serve(sockets=[listener]))
            line = Line(listener.getsockname()[1])
            slow = await asyncio.start_server(line.take, "127.0.0.1", 0)
            ports.extend((listener.getsockname()[1], slow.sockets[0].getsockname()[1]))
            ready.set()
            while not stop.is_set():  # noqa: ASYNC110  (a flag of another thread)
                await asyncio.sleep(0.1)
            slow.close()
            server.should_exit = True
            await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    if not ready.wait(60):
        raise SystemExit("the server did not start")
    try:
        yield *(f"https://localhost:{port}" for port in ports), pins[0]
    finally:
        stop.set()
        thread.join()


class Visit:
    """One cold visit of a phone, and what went over the wire."""

    def __init__(
        self, browser: Browser, base: str, *, throttled: bool = False, script: bool = False
    ) -> None:
        self.context = browser.new_context(
            viewport=PHONE, base_url=base, locale="zh-CN", java_script_enabled=script
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.wire = self.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")
        self.bytes, self.requests = 0, 0
        self.wire.on("Network.loadingFinished", self._finished)
        if throttled:
            self.wire.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": ROUND_TRIP * 1000,
                    "downloadThroughput": RATE,
                    "uploadThroughput": RATE,
                },
            )

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.requests += 1

    def painted(self) -> float:
        """Seconds from the start of the navigation to the first paint of content."""
        self.page.wait_for_selector("h1")
        told = "() => { const p = performance.getEntriesByName('first-contentful-paint')[0]; return p ? p.startTime : null; }"
        for _ in range(100):
            at = self.page.evaluate(told)
            if at is not None:
                return float(at) / 1000
            self.page.wait_for_timeout(50)
        raise SystemExit("nothing was painted")


def paint(browser: Browser, fast: str, slow: str, path: str, runs: int, *, script: bool) -> None:
    """One row: the first paint in both simulations."""
    figures = []
    for base, throttled in ((slow, False), (fast, True)):
        took = []
        for _ in range(runs):
            visit = Visit(browser, base, throttled=throttled, script=script)
            visit.page.goto(path, wait_until="load", timeout=120_000)
            took.append(visit.painted())
            visit.context.close()
        figures.append((statistics.median(took), max(took)))
    (relay, worst), (tools, tools_worst) = figures
    print(f"{path:24} {relay:7.2f} {worst:7.2f} {tools:9.2f} {tools_worst:7.2f}")
    if path == FIRST:
        said = ["met" if one < GOAL_SECONDS else "NOT met" for one in (worst, tools_worst)]
        print(f"{'  all under 2 s':24} {said[0]:>15} {said[1]:>17}")


def weights(browser: Browser, base: str) -> None:
    """Every page of a sender, each as if it were the first: bytes on the wire with headers, requests."""
    from liangming.web.plays.people import card_number

    visit = Visit(browser, base, script=True)
    page = visit.page

    def chosen(scene: str, way: str) -> str:
        page.goto(f"/s/{scene}")
        with page.expect_navigation():
            page.click(f"button[value='{way}']")
        return page.url.removeprefix(base).partition("?")[0]

    check = chosen("shili-counter", "document.seen")
    page.goto(f"/desk{check.replace('/c/', '/check/')}")
    page.fill("#scan", card_number())
    for what in (".scan button", "button[value=yes]"):
        with page.expect_navigation():
            page.click(what)
    receipt = str(page.get_attribute("figcaption a", "href"))
    mine = receipt.replace("/r/", "/my/")
    pages = {
        "choices, counter": FIRST,
        "choices, locker with a face": "/s/yangli-locker-send",
        "choices, vending machine": "/s/yangpin-campus",
        "chosen, waits": chosen("shili-counter", "document.read"),
        "help": chosen("shili-counter", "help"),
        "consent to a face": chosen("yangli-locker-send", "face"),
        "receipt": receipt,
        "my data, code": "/my",
        "my data": mine,
        "my data, see": f"{mine}/see",
        "my data, complain": f"{mine}/complain",
        "kiosk, still there?": "/k/yangli-locker-send/still",
        "log": "/log/",
        "front": "/",
        "no such page": "/nowhere",
    }
    visit.context.close()
    print(f"\n{'page (cold)':30} {'KiB':>6} {'requests':>9}")
    over = []
    for name, path in pages.items():
        cold = Visit(browser, base)
        cold.page.goto(path, wait_until="load")
        cold.page.wait_for_timeout(100)
        print(f"{name:30} {cold.bytes / 1024:6.1f} {cold.requests:9}")
        if cold.bytes > GOAL_BYTES or cold.requests > GOAL_REQUESTS:
            over.append(name)
        cold.context.close()
    print(f"over {GOAL_BYTES // 1024} KiB or {GOAL_REQUESTS} requests: {', '.join(over) or 'none'}")


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: nothing was measured")
        return 0
    with served() as (fast, slow, pin), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                f"--ignore-certificate-errors-spki-list={pin}",
            ],
        )
        print("first contentful paint, s (median, slowest), 3G Slow: 400 kbit/s, 400 ms round trip")
        print(f"{'page (cold)':24} {'relay':>7} {'':7} {'devtools':>9}")
        for path, script in (("/bare", False), (FIRST, False), ("/heavy", True)):
            paint(browser, fast, slow, path, runs, script=script)
        weights(browser, fast)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
