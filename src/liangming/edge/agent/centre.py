"""The centre, as a device sees it: a few calls of ``/v1``, short time-outs, one outage."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming.device.statement import Statement
from liangming.edge.agent.enrolment import Enrolment
from liangming.errors import Kind, Misuse, Outage, declare
from liangming.ledger import KeyKind, read_verifying_key
from liangming.ledger.device import DeviceEvent
from liangming.ledger.note import read_note
from liangming.method import PaymentShown, Shown

DOWN: Final = declare(
    "edge.centre-down",
    Kind.OUTAGE,
    zh="暂时连不上中心；取件码和工作人员照常可用。",
    en="The centre cannot be reached; pick-up codes and staff work as always.",
)
SAID_NO: Final = declare(
    "edge.centre-said-no",
    Kind.INVALID,
    zh="中心没有接受这一步，请用其他方式。",
    en="The centre did not take this step; please use another way.",
)
DEEDS: Final = frozenset(
    {"stop-and-delete", "delete-templates", "stop-face", "start-face", "disable"}
)
SECONDS: Final = 4.0
LARGEST: Final = 1 << 20


class Command(msgspec.Struct, frozen=True):
    """A command of the centre that this device obeys."""

    command: str
    deed: str
    consent: str = ""


class Centre:
    """Speaks HTTP; holds no connection between calls.

    Raises:
        Outage: ``edge.centre-down``: no answer, a broken one, or 5xx.
        Misuse: ``edge.centre-said-no``; the centre's own code stands in ``field``.
    """

    def __init__(self, enrolment: Enrolment) -> None:
        self._about = enrolment
        self._url = urlsplit(enrolment.centre)

    @property
    def known(self) -> bool:
        """Whether this device has a centre at all."""
        return bool(self._about.centre and self._about.api_key)

    def join(self, code: str, statement: Statement, signature: str) -> Any:
        """Come in with a one-time code."""
        body = {
            "code": code.strip(),
            "statement": msgspec.to_builtins(statement),
            "signature": signature,
        }
        return self._call("POST", "/v1/devices", body)

    def attest(self, statement: Statement, signature: str) -> None:
        """Say anew what this device is."""
        body = {"statement": msgspec.to_builtins(statement), "signature": signature}
        self._call("POST", f"/v1/devices/{quote(self._about.device)}/attestation", body)

    def open(self, method: str) -> str:
        """Open a check; returns its id, or empty where this way is not offered."""
        answer = self._call("POST", "/v1/checks", {"scene": self._about.scene})
        self._call("POST", f"/v1/checks/{answer['id']}/notice", {"language": "zh"})
        offered = [offer["method"] for offer in answer["offers"]]
        return str(answer["id"]) if method in offered else ""

    def ways(self) -> tuple[str, ...]:
        """The ways that the scene has, in its order."""
        answer = self._call("GET", f"/v1/scenes/{quote(self._about.scene)}")
        return tuple(str(way["method"]) for way in answer["ways"])

    def choose(self, check: str, method: str) -> None:
        """The person chose a way."""
        self._call("POST", f"/v1/checks/{check}/choice", {"method": method, "by": "person"})

    def notice(self) -> tuple[str, list[tuple[str, str]]]:
        """The face's own notice: digest, and its items in both languages."""
        answer = self._call("GET", f"/v1/notices/{quote(self._about.scene)}")
        face = answer["face"]
        return str(face["digest"]), [(item["zh"], item["en"]) for item in face["items"]]

    def told(self, check: str) -> None:
        """The notice stands on this device's screen."""
        body = {"device": self._about.device, "language": "zh"}
        self._call("POST", f"/v1/checks/{check}/face-notice", body)

    def consent(self, check: str, *, age: int, by_guardian: bool) -> str:
        """Separate consent; returns the nonce."""
        body = {"device": self._about.device, "age": age, "by_guardian": by_guardian}
        answer = self._call("POST", f"/v1/checks/{check}/consent", body)
        return str(answer["face"]["nonce"])

    def paid(self, check: str, shown: PaymentShown) -> str:
        """A check that was left ends with a payment that this machine took."""
        self.choose(check, shown.by)
        return self.present(check, shown)

    def present(self, check: str, shown: Shown) -> str:
        """The evidence; returns the check's outcome, empty while it stays open."""
        body = {"evidence": msgspec.to_builtins(shown)}
        answer = self._call("POST", f"/v1/checks/{check}/evidence", body)
        return str(answer["outcome"] or "")

    def decline(self, check: str) -> None:
        """The person said no to the face."""
        body = {"method": "face", "by": "person"}
        self._call("POST", f"/v1/checks/{check}/declines", body)

    def commands(self) -> list[Command]:
        """Commands that wait for this device, each signed by the centre."""
        answer = self._call("GET", f"/v1/devices/{quote(self._about.device)}/commands")
        read = [obeyed(one["text"], self._about) for one in answer["commands"]]
        return [one for one in read if one is not None]

    def send(self, events: Sequence[DeviceEvent]) -> int:
        """Send events; how many from the first on the centre has for good.

        Stops counting at the first that it did not take: order is kept, nothing is skipped.
        """
        lines = b"".join(event.encode() + b"\n" for event in events)
        status, read = self._ask("POST", "/v1/device-events", lines, "application/x-ndjson")
        if status >= 400:  # noqa: PLR2004
            raise Misuse(SAID_NO)
        held = 0
        try:
            for line in read.splitlines():
                told = msgspec.json.decode(line)
                if told.get("outcome") not in {"taken", "repeated"}:
                    break
                held += 1
        except (msgspec.DecodeError, AttributeError):
            raise Outage(DOWN) from None
        return held

    def acknowledge(self, command: str, key: Ed25519PrivateKey) -> None:
        """Say that a command is done."""
        text = (
            f"liangming/device-acknowledgement/1\ncommand {command}\ndevice {self._about.device}\n"
        )
        body = {"signature": key.sign(text.encode()).hex()}
        self._call("POST", f"/v1/commands/{quote(command)}/acknowledgement", body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else msgspec.json.encode(body)
        status, read = self._ask(method, path, data, "application/json")
        try:
            told = msgspec.json.decode(read) if read else {}
        except msgspec.DecodeError:
            raise Outage(DOWN, retry_after=30) from None
        if status >= 400:  # noqa: PLR2004
            code = told.get("code", "") if isinstance(told, dict) else ""
            raise Misuse(SAID_NO, field=str(code)[:64])
        return told

    def _ask(self, method: str, path: str, data: bytes | None, media: str) -> tuple[int, bytes]:
        headers = {"Accept": media}
        if self._about.api_key:
            headers["Authorization"] = f"Bearer {self._about.api_key}"
        if data is not None:
            headers["Content-Type"] = media
        try:
            connection = self._connection()
            try:
                connection.request(method, path, data, headers)
                answer = connection.getresponse()
                read = answer.read(LARGEST + 1)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError):
            raise Outage(DOWN, retry_after=30) from None
        if answer.status >= 500:  # noqa: PLR2004
            raise Outage(DOWN, retry_after=30)
        return answer.status, read

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
        return http.client.HTTPConnection(host, port, timeout=SECONDS)


def obeyed(text: str, enrolment: Enrolment) -> Command | None:
    """A command, if it is the centre's, for this device, of a known version and deed."""
    try:
        verifier = read_verifying_key(enrolment.commands_key)
        note = read_note(text.encode())
        if verifier.kind is not KeyKind.LOG_ED25519:
            return None
        if all(verifier.verifies(note.text, line) is None for line in note.signatures):
            return None
    except Exception:  # noqa: BLE001  (what cannot be read is not obeyed)
        return None
    lines = note.text.splitlines()
    said = dict(line.split(" ", 1) for line in lines[1:] if " " in line)
    if lines[0] != "liangming/device-command/1" or said.get("device") != enrolment.device:
        return None
    deed = said.get("do", "")
    return Command(said["command"], deed, said.get("consent", "")) if deed in DEEDS else None
