"""A real server with staff accounts, in a process of its own: Django is configured once in each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.chromium import launched
from tests.patience import PATIENCE, free_port, until
from tests.staff.provider import Provider

from liangming.governance.training import needed

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = "shili-express"
MOVED = Path(__file__).with_name("moved.py")
IDLE = 1800  # longer than any test takes on a busy machine; the clock is moved


@dataclass
class Server:
    """The server and its command line."""

    base: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    provider: Provider
    pool: list[tuple[str, str, str, str]]  # role, operator, sign-in name, link
    moved: Path  # how many seconds the server's clock is ahead

    def staff(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``liangming staff …`` on this server's host."""
        return subprocess.run(
            [sys.executable, "-m", "liangming", "staff", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )

    def invited(self, role: str = "administrator", operator: str = OPERATOR) -> tuple[str, str]:
        """A new account: its sign-in name and its link."""
        found = next(each for each in self.pool if each[:2] == (role, operator))
        self.pool.remove(found)
        return found[2], found[3]


@contextmanager
def started(folder: Path, *, database: str = "") -> Iterator[Server]:
    """A server in a folder; its clock can be moved (``moved.py``)."""
    secret = folder / "oidc-secret"
    secret.write_text("a secret of ours", "utf-8")
    with Provider("a secret of ours") as provider:
        port = free_port()
        environment = {
            **os.environ,
            "LIANGMING_DATA": str(folder),
            "LIANGMING_DATABASE": database,
            "LIANGMING_SCENES": str(ROOT / "examples" / "scenes"),
            "LIANGMING_MODE": "development",
            "LIANGMING_PORT": str(port),
            "LIANGMING_HOSTS": "localhost",
            "LIANGMING_STAFF_IDLE": str(IDLE),
            "LIANGMING_OIDC_ISSUER": provider.issuer,
            "LIANGMING_OIDC_CLIENT": "liangming",
            "LIANGMING_OIDC_SECRET_FILE": str(secret),
        }
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, str(MOVED), str(folder / "moved"), "serve"],
                env=environment,
                stdout=said,
                stderr=said,
            )
            try:
                base = f"http://localhost:{port}"
                _up(base, process, folder / "said")
                provider.client = f"{base}/staff/signon/signon/login/callback/"
                yield Server(base, environment, process, provider, [], folder / "moved")
            finally:
                process.terminate()
                process.wait(PATIENCE)
        text = (folder / "said").read_text("utf-8")
        assert "Traceback" not in text, text


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("staff")) as it:
        it.pool += pool(it.environment, WANTED)
        yield it


WANTED = (
    [f"clerk:{OPERATOR}"] * 14
    + [f"manager:{OPERATOR}", "clerk:yangli"]
    + [f"officer:{OPERATOR}"] * 4
    + [f"administrator:{OPERATOR}"] * 8
    + [f"integrator:{OPERATOR}"] * 2
    + ["clerk:yangli"]
)
POOL = """
import sys
from liangming.assembly import Settings
from liangming.clock import SystemClock
from liangming.web.staff.migrate import configure
from liangming.web.staff.settings import staff_settings
configure(staff_settings(Settings.read()).database)
from liangming.web.staff import accounts
at = SystemClock().now()
for number, (role, operator) in enumerate(part.split(":") for part in sys.argv[1:]):
    member = accounts.invite("-", f"person-{number}", f"甲{number}", role, operator=operator, at=at)
    print(role, operator, member.username, "/staff/enrol/" + accounts.link("-", member, at))
"""


def pool(environment: dict[str, str], wanted: list[str]) -> list[tuple[str, str, str, str]]:
    """Accounts for the tests, made in one go: the command line itself has a test of its own."""
    done = subprocess.run(
        [sys.executable, "-c", POOL, *wanted],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    made = []
    for line in done.stdout.splitlines():
        role, operator, name, link = line.split()
        made.append((role, operator, name, link))
    return made


def _up(base: str, process: subprocess.Popen[bytes], said: Path) -> None:
    def answers() -> bool:
        assert process.poll() is None, said.read_text("utf-8")
        try:
            return httpx.get(f"{base}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    until(answers)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One Chromium for this folder."""
    with launched() as chromium:
        yield chromium


class Person:
    """Somebody at a browser of their own, with an authenticator in it."""

    def __init__(self, browser: Any, base: str, language: str = "zh-CN") -> None:
        self.context = browser.new_context(
            base_url=base, locale=language, viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        self.key = self.devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def tap(self, what: str) -> None:
        """Press what leads to another page, and be there."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.click(what)

    def keyed(self, what: str, then: str) -> None:
        """Press what asks the authenticator, and be where it leads."""
        with self.page.expect_navigation(url=then, wait_until="load"):
            self.page.click(what)

    def enrol(self, link: str) -> None:
        """From a link to a passkey."""
        self.page.goto(link)
        self.tap("main form button")
        self.page.click("a[href='/staff/keys/webauthn/add/']")
        self.page.wait_for_selector("form[data-key=make]")
        self.page.fill("#name", "这台电脑")
        self.keyed("form[data-key=make] button", "**/staff/keys/recovery-codes/**")

    def sign_in(self) -> None:
        """By passkey."""
        self.page.goto("/staff/login/")
        self.keyed("form[data-key=show] button", "**/staff/")

    def train(self, role: str) -> None:
        """Pass every course of a role."""
        for course in needed(role):
            answers = {f"q{n}": question.right for n, question in enumerate(course.questions)}
            done = self.page.request.post(f"/desk/training/{course.id}", form=answers)
            assert done.ok, done.status

    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("body"))


@pytest.fixture
def person(browser: Any, server: Server) -> Iterator[Any]:
    """Makes people; their browsers are closed afterwards."""
    made: list[Person] = []

    def new(language: str = "zh-CN", base: str = "") -> Person:
        made.append(Person(browser, base or server.base, language))
        return made[-1]

    yield new
    for each in made:
        each.context.close()
