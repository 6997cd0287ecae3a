"""Everything a client could send that holds something about a person, rightly or wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.e2e.canary import (
    CARD,
    CARDS,
    MRZ,
    NAME,
    OLD_MRZ,
    ORGANISATION,
    PASSPORT,
    PHONE,
    REFERENCE,
    USCC,
    WAYBILL,
)

Evidence = dict[str, Any]
Errand = tuple[str, str, dict[str, Any]]  # method, path, the rest of the request
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}


def card(number: str = CARD, **more: Any) -> Evidence:
    """A resident card as seen."""
    about = {"document": "resident_card", "number": number, "name": NAME, "waybill_name": NAME}
    return {"kind": "document", **about, "expires": "长期", **more}


def travels(mrz: tuple[str, str], name: str = "ZWOELF KANARIA") -> Evidence:
    """A passport as read."""
    return {"kind": "document", "document": "passport", "mrz": list(mrz), "waybill_name": name}


def shown() -> Iterator[tuple[str, Evidence]]:
    """Evidence with the way it is for: what passes first, then what is refused or unfit."""
    yield "document.seen", card()
    yield "document.read", card(CARDS[0], read=True)
    yield "document.seen", travels(MRZ)
    yield "registered-sender", {"kind": "registered", "number": CARD, "waybill_name": NAME}
    organisation = {"kind": "organisation", "uscc": USCC, "name": ORGANISATION}
    yield (
        "organisation",
        {**organisation, "waybill_name": ORGANISATION, "representative": card(CARDS[1])},
    )
    yield "network-credential", {"kind": "network-credential", "presentation": REFERENCE}
    yield "document.seen", {"kind": "refused-to-show"}
    yield "document.seen", card(waybill_name=WAYBILL)
    yield "document.seen", card(expires="2012-04-15")
    yield "document.seen", travels(OLD_MRZ)
    yield "document.seen", travels((MRZ[0], MRZ[1][:-1] + "9"))
    yield "document.seen", card(CARDS[2][:-1] + "A")
    yield "document.seen", card(CARDS[2][:-1] + ("0" if CARDS[2][-1] != "0" else "1"))
    yield "document.seen", card(number=NAME)
    yield "document.seen", card(document=CARD)
    yield "document.seen", card(document="passport", number=PASSPORT)
    yield "document.seen", card(expires=PHONE)
    yield "document.seen", card(name=NAME * 60)
    yield "document.seen", card(**{PHONE: NAME})
    yield "registered-sender", {"kind": "registered", "number": CARDS[30], "waybill_name": NAME}
    yield "order-code", {"kind": "order-code", "code": f"lmh1.{REFERENCE}.{CARD}"}
    yield "organisation", {**organisation, "uscc": CARD, "representative": card(CARDS[1])}
    yield "agreement", {"kind": "agreement", "agreement": REFERENCE}
    yield NAME, card()
    yield "document.seen", {"kind": NAME, "number": CARD}


def misplaced(whole: dict[str, Any]) -> Iterator[Errand]:
    """A person where no person belongs: in addresses, headers, names of fields, broken bodies."""
    name = quote(NAME)
    for value in (CARD, name, PHONE, PASSPORT):
        yield "GET", f"/v1/checks/{value}", {}
        yield "GET", f"/v1/scenes/{value}?phone={PHONE}&name={name}", {}
        yield "GET", f"/v1/notices/{value}", {}
        yield "GET", f"/v1/law/articles/{value}", {}
        yield "GET", f"/v1/{value}/{value}", {}
        yield "POST", f"/v1/checks/{value}/evidence", {"json": {"evidence": card()}}
        for page in ("s", "c", "r", "desk/at", "desk/check", "demo", "static", "x"):
            yield "GET", f"/{page}/{value}?lang={value}&for={value}&as={value}", {}
        yield "POST", "/", {"data": {"code": value}}
        yield "POST", "/desk/signin", {"data": {"key": value}}
        yield "POST", "/s/shili-counter", {"data": {"once": value, "way": value, "notice": value}}
        yield "GET", "/v1/scenes", {"headers": {"authorization": f"Bearer {value}"}}
        yield "GET", "/v1/scenes", {"headers": {"accept-language": value, "x-name": value}}
        yield "GET", "/", {"headers": {"host": f"{value.replace('%', '')}.example"}}
        yield "GET", "/", {"headers": {"cookie": f"desk={value}; lang={value}", "origin": value}}
        yield (
            "POST",
            "/desk/signin",
            {"headers": {"origin": f"http://{value}"}, "data": {"k": value}},
        )
        yield value.replace("%", ""), "/v1/scenes", {}
        yield "POST", "/v1/checks", {"json": {"scene": value}}
        yield "POST", "/v1/checks", {"json": {"scene": "shili-counter", value: value}}
        yield "POST", "/v1/checks:whole", {"json": {**whole, "language": value}}
        yield "POST", "/v1/checks:whole", {"json": {**whole, "notice": value}}
        keyed = {"headers": {"idempotency-key": f"{value}-{PHONE}"}}
        yield "POST", "/v1/checks:whole", {"json": whole, **keyed}
        yield "POST", "/v1/checks:whole", {"json": whole, **keyed}
        yield "POST", "/v1/checks:whole", {"json": {**whole, "by": "person"}, **keyed}
        yield "POST", "/v1/checks:whole", {"json": whole, "headers": {"idempotency-key": name * 9}}
    text = json.dumps(whole, ensure_ascii=False)
    for broken in (text[:-9], text + CARD, f'"{NAME}"', f"[{text}]", text.replace('"', "'")):
        yield "POST", "/v1/checks:whole", {"content": broken.encode(), "headers": JSON}
        yield "POST", "/v1/checks:batch", {"content": broken.encode(), "headers": LINES}
    for encoding in ("gb18030", "utf-16"):
        yield "POST", "/v1/checks:whole", {"content": text.encode(encoding), "headers": JSON}
        yield "POST", "/v1/checks:batch", {"content": text.encode(encoding), "headers": LINES}
    odd = {"content-type": f"text/{PHONE}"}
    yield "POST", "/v1/checks:whole", {"content": text.encode(), "headers": odd}
    yield "POST", "/v1/checks:whole", {"content": text.encode() + b" " * (2 << 20), "headers": JSON}
    yield "POST", "/", {"data": {"code": NAME * 3000}}
    yield "POST", "/", {"files": {NAME: (f"{CARD}.png", b"\x89PNG" + CARD.encode())}}
