"""A press, opened once; where no Chinese font is installed the reason is said, and CI fails."""

from __future__ import annotations

import os

import pytest

from liangming.errors import Outage
from liangming.label import Party, Press, Shipment


@pytest.fixture(scope="package")
def press() -> Press:
    try:
        return Press()
    except Outage as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(f"{missing.code.name}: sudo apt install fonts-noto-cjk")


@pytest.fixture
def shipment() -> Shipment:
    return Shipment(
        brand="示例快递",
        waybill="SL1234567890123",
        sort="021-310 08",
        station="示例转运中心",
        grams=1250,
        sender=Party(
            name="欧阳示例", phone="13800138000", address="示例市示例路88号2号楼3单元1201室"
        ),
        recipient=Party(
            name="买买提·示例", phone="+852 2888 8888", address="示例县示例镇示例村3组15号"
        ),
    )
