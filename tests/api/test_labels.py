"""Labels over HTTP: a file in the answer, nothing in the store."""

import base64
import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from tests.api.conftest import Door
from tests.api.shape import problem

from liangming.api import pressroom
from liangming.api.table import OPERATIONS

EXAMPLE: dict[str, Any] = next(o.example for o in OPERATIONS if o.id == "setLabel")


async def test_a_label_comes_back_as_a_file_with_what_its_masking_follows(door: Door) -> None:
    before = await door.world.premises.store.counts()
    answer = await door.http.post("/v1/labels", json={**EXAMPLE, "format": "png"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    picture = Image.open(io.BytesIO(base64.b64decode(told["content"]))).convert("L")
    assert told["media"] == "image/png"
    assert list(picture.size) == told["dots"] == [608, 1040]
    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert read == {EXAMPLE["shipment"]["waybill"]}
    assert told["replaced"] == {}
    assert [c["id"] for c in told["citations"]] == ["courier.23", "express.36", "gbt41833.privacy"]
    assert await door.world.premises.store.counts() == before


async def test_a_document_number_is_refused_with_field_and_article(door: Door) -> None:
    for side in ("sender", "recipient"):
        shipment = EXAMPLE["shipment"]
        party = {**shipment[side], "address": "示例路1号 990101199003071237"}
        body = {**EXAMPLE, "shipment": {**shipment, side: party}}
        told = problem(await door.http.post("/v1/labels", json=body), 422, "label.long-number")
        assert told["field"] == f"{side}.address"
        assert [c["id"] for c in told["citations"]] == ["courier.23"]


async def test_what_does_not_belong_on_a_label_has_no_field(door: Door) -> None:
    for name in ("document", "number", "method", "check", "contents"):
        shipment = {**EXAMPLE["shipment"], name: "x"}
        answer = await door.http.post("/v1/labels", json={**EXAMPLE, "shipment": shipment})
        problem(answer, 422, "api.field-unknown")


async def test_a_long_queue_is_refused_and_says_when_to_come_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressroom, "WAITING", 0)
    answer = await door.http.post("/v1/labels", json=EXAMPLE)
    problem(answer, 429, "label.press-busy")
    assert answer.headers["retry-after"] == "2"
