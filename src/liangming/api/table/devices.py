"""The part of the route table that concerns devices: enrolment, events, commands."""

from __future__ import annotations

from typing import Any, Final

from liangming.access import Scope
from liangming.api import device_events, devices, requests
from liangming.api.operation import Operation
from liangming.check import faults as check
from liangming.check.ports import MOVED_ON
from liangming.device import codes as device
from liangming.ledger.codes import KEY_MALFORMED
from liangming.ledger.device import EVENT_MALFORMED, EVENT_SIGNATURE, EVENT_VERSION
from liangming.rights.commands import NO_DEVICE, NOT_THE_DEVICE
from liangming.rights.commands import UNKNOWN as COMMAND_UNKNOWN

DEVICES: Final = "devices"

_DEVICE_EXAMPLE: Final[dict[str, Any]] = {
    "at": 1795000000000000,
    "device": "dev_01jd9q00000000000000000000",
    "facts": {"captures": 0, "frames": 0},
    "seq": 0,
    "sig": "A" * 86 + "==",
    "tag": "device:camera:counted",
    "v": 1,
}

_STATED: Final[dict[str, Any]] = {
    "statement": {
        "agent": "0.1.0",
        "key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
        "kind": "locker",
    },
    "signature": "00" * 64,
}

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="POST",
        path="/v1/device-events",
        id="sendDeviceEvents",
        group=DEVICES,
        zh="终端或离线站点自己签名的事件：NDJSON，每行一件，逐行给出结果；重发无害。",
        en="Events that devices or offline stations signed: NDJSON, a result for each line; sending again is harmless.",
        answer=device_events.batch,
        scope=Scope.DEVICE_EVENTS,
        body=device_events.LINE,
        gives=device_events.EventLine,
        media="application/x-ndjson",
        takes="application/x-ndjson",
        whole=True,
        codes=(
            device.UNKNOWN,
            device.DISABLED,
            device.FORKED,
            EVENT_MALFORMED,
            EVENT_VERSION,
            EVENT_SIGNATURE,
        ),
        example=_DEVICE_EXAMPLE,
    ),
    Operation(
        method="POST",
        path="/v1/devices",
        id="enrolDevice",
        group=DEVICES,
        zh="终端凭一次性登记码登记自己的公钥，得到编号和自己的接口密钥。",
        en="A device enrols the key it made with a one-time code, and gets its id and an API key.",
        answer=devices.enrol,
        body=devices.ENROLMENT,
        gives=devices.AdmittedAnswer,
        status=201,
        codes=(
            device.INVITE_UNFIT,
            device.INVITE_OVER,
            device.INVITE_USED,
            device.KIND_UNFIT,
            device.STATEMENT_UNSIGNED,
            KEY_MALFORMED,
            check.SCENE_UNKNOWN,
            MOVED_ON,
        ),
        example={"code": "lmi1.e30.AA", **_STATED},
    ),
    Operation(
        method="GET",
        path="/v1/devices",
        id="listDevices",
        group=DEVICES,
        zh="本企业的终端：自述的模型与设置、最近报告的状况。",
        en="The operator's devices: what they state of themselves, and how they last said they are.",
        answer=devices.listed,
        scope=Scope.DEVICES_MANAGE,
        gives=devices.DevicesAnswer,
    ),
    Operation(
        method="DELETE",
        path="/v1/devices/{id}",
        id="disableDevice",
        group=DEVICES,
        zh="立即停用终端：它签的结果、事件和确认从此不算数。",
        en="Disable a device at once: outcomes, events and acknowledgements of its key count no more.",
        answer=devices.revoked,
        scope=Scope.DEVICES_MANAGE,
        gives=devices.DeviceAnswer,
        codes=(device.UNKNOWN, MOVED_ON),
    ),
    Operation(
        method="POST",
        path="/v1/devices/{id}/attestation",
        id="attestDevice",
        group=DEVICES,
        zh="终端用自己的密钥重新说明模型和设置。",
        en="A device states its models and settings anew, under its own key.",
        answer=devices.attested,
        scope=Scope.DEVICES,
        body=devices.ATTESTATION,
        gives=devices.DeviceAnswer,
        codes=(
            device.UNKNOWN,
            device.DISABLED,
            device.STATEMENT_UNSIGNED,
            KEY_MALFORMED,
            MOVED_ON,
        ),
        example=_STATED,
    ),
    Operation(
        method="POST",
        path="/v1/devices/{id}/commands",
        id="commandDevice",
        group=DEVICES,
        zh="给终端下一条签名指令：删除模板、停用或恢复刷脸、停用终端。",
        en="Send a device a signed command: delete templates, stop or start the face, be disabled.",
        answer=devices.told,
        scope=Scope.DEVICES_MANAGE,
        body=devices.DEED,
        gives=requests.CommandAnswer,
        status=201,
        codes=(device.UNKNOWN, MOVED_ON),
        example={"deed": "stop-face"},
        law=("pipl.15",),
    ),
    Operation(
        method="GET",
        path="/v1/devices/{id}/commands",
        id="listCommands",
        group=DEVICES,
        zh="等待这台终端的签名指令。",
        en="Signed commands that wait for this device.",
        answer=requests.commands,
        scope=Scope.DEVICES,
        gives=requests.CommandsAnswer,
        codes=(NO_DEVICE,),
        law=("pipl.15",),
    ),
    Operation(
        method="POST",
        path="/v1/commands/{id}/acknowledgement",
        id="acknowledgeCommand",
        group=DEVICES,
        zh="终端确认已经停止并删除，所用时间留存。",
        en="A device acknowledges that it stopped and deleted; the time it took is kept.",
        answer=requests.acknowledged,
        scope=Scope.DEVICES,
        body=requests.ACKNOWLEDGEMENT,
        gives=requests.CommandAnswer,
        codes=(COMMAND_UNKNOWN, NOT_THE_DEVICE, MOVED_ON),
        example={"signature": "00" * 64},
        law=("pipl.47",),
    ),
)
