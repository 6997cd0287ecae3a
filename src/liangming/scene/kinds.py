"""What each kind of scene may ask, on which ground, and which data it cannot do without.

One table, read by the file format (defaults), by the lawfulness of a scene (what fits, what is
too much), by screens (titles) and by the docs. Where the law decides, the corpus decides; this
table says what a kind *is*, and tests hold it against the corpus's answer to *ask*.

The necessary fields of a send scene follow 快递暂行条例 article 23 and 国信办秘字〔2021〕14号
5(8); sports places need none by 5(31); performances take booking and payment by 5(39); hotel
bookings take guest name, contact and times by 5(17). Where no verified list exists (training,
property, rental, retail) only the reference of a booking or ticket may be kept.

Law: courier.23, realname.3, necessary.5.8, necessary.5.17, necessary.5.31, necessary.5.39
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.law.words import Channel, Ground, Method, SceneKind
from liangming.scene.model import Text

M = Method

_DOCUMENTS: Final = (M.DOCUMENT_SEEN, M.DOCUMENT_READ)
_SENDER: Final = (
    *_DOCUMENTS,
    M.ORGANISATION,
    M.NETWORK_CREDENTIAL,
    M.ORDER_CODE,
    M.REGISTERED_SENDER,
    M.FACE,
)
_PAYING: Final = (M.PAYMENT_CODE, M.CASH, M.BANK_CARD)
_SEND_FIELDS: Final = ("document", "name", "organisation", "phone", "address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """What a kind of scene is (场景类型).

    Attributes:
        title: as a heading.
        channel: how people meet the operator there, unless the file says otherwise.
        duty: kinds with the same duty are compared across channels (I10).
        asks: whether a person may be asked who they are at all.
        ground: on which ground the ordinary ways rest; a face way rests on separate consent.
        registers: whether the document's type and number must be registered.
        necessary: the fields that may be collected here.
        methods: the ways that make sense here.
        open_to_all: those of them that anyone who comes can use; only these count as alternatives.
        notice: the notice family.
        sources: article ids.
    """

    kind: SceneKind
    title: Text
    channel: Channel
    duty: str
    asks: bool
    ground: Ground
    registers: bool = False
    necessary: frozenset[str]
    methods: tuple[Method, ...]
    open_to_all: frozenset[Method]
    notice: str
    sources: tuple[str, ...]


def _send(kind: SceneKind, channel: Channel, zh: str, en: str) -> Character:
    return Character(
        kind=kind,
        title=Text(zh, en),
        channel=channel,
        duty="send",
        asks=True,
        ground=Ground.STATUTORY_DUTY,
        registers=True,
        necessary=frozenset(_SEND_FIELDS),
        methods=_SENDER,
        open_to_all=frozenset({*_DOCUMENTS, M.NETWORK_CREDENTIAL}),
        notice="parcel-send",
        sources=("courier.23", "realname.3", "necessary.5.8"),
    )


def _collect(kind: SceneKind, channel: Channel, zh: str, en: str) -> Character:
    return Character(
        kind=kind,
        title=Text(zh, en),
        channel=channel,
        duty="collect",
        asks=False,
        ground=Ground.CONTRACT,
        necessary=frozenset({"pickup", "phone"}),
        methods=(*_DOCUMENTS, M.PICKUP_CODE, M.FACE),
        open_to_all=frozenset({*_DOCUMENTS, M.PICKUP_CODE}),
        notice="parcel-collect",
        sources=("pipl.6", "pipl.13"),
    )


def _entrance(
    kind: SceneKind,
    zh: str,
    en: str,
    *,
    necessary: tuple[str, ...] = ("booking",),
    also: tuple[Method, ...] = (),
    asks: bool = False,
    sources: tuple[str, ...] = ("pipl.6", "pipl.13"),
) -> Character:
    methods = (*also, M.TICKET, *_PAYING)
    return Character(
        kind=kind,
        title=Text(zh, en),
        channel=Channel.GATE,
        duty=kind.value,
        asks=asks,
        ground=Ground.CONTRACT,
        necessary=frozenset(necessary),
        methods=(*methods, M.FACE),
        open_to_all=frozenset(methods),
        notice="entrance",
        sources=sources,
    )


_ALL: Final = (
    _send(SceneKind.SEND_COUNTER, Channel.COUNTER, "网点柜台交寄", "Sending at a counter"),
    _send(SceneKind.SEND_DOORSTEP, Channel.DOORSTEP, "上门揽收", "Pick-up at the door"),
    _send(SceneKind.SEND_LOCKER, Channel.MACHINE, "智能柜交寄", "Sending at a locker"),
    Character(
        kind=SceneKind.SEND_AGREEMENT,
        title=Text("协议用户交寄", "Sending under a safety agreement"),
        channel=Channel.DOORSTEP,
        duty="send-agreement",
        asks=True,
        ground=Ground.CONTRACT,
        necessary=frozenset(_SEND_FIELDS),
        methods=(*_DOCUMENTS, M.ORGANISATION, M.NETWORK_CREDENTIAL, M.AGREEMENT),
        open_to_all=frozenset({*_DOCUMENTS, M.ORGANISATION, M.NETWORK_CREDENTIAL, M.AGREEMENT}),
        notice="parcel-send",
        sources=("courier.23", "courier.32"),
    ),
    Character(
        kind=SceneKind.SEND_LETTER,
        title=Text("信件交寄", "Sending a letter"),
        channel=Channel.COUNTER,
        duty="send-letter",
        asks=False,
        ground=Ground.CONTRACT,
        necessary=frozenset({"name", "phone", "address", "payment"}),
        methods=(M.TICKET, *_PAYING),
        open_to_all=frozenset({M.TICKET, *_PAYING}),
        notice="parcel-letter",
        sources=("courier.23",),
    ),
    _collect(SceneKind.COLLECT_COUNTER, Channel.COUNTER, "网点取件", "Collecting at a counter"),
    _collect(SceneKind.COLLECT_LOCKER, Channel.MACHINE, "智能柜取件", "Collecting at a locker"),
    Character(
        kind=SceneKind.VENDING,
        title=Text("自动售货机支付", "Paying at a vending machine"),
        channel=Channel.MACHINE,
        duty="vending",
        asks=False,
        ground=Ground.CONTRACT,
        necessary=frozenset({"payment"}),
        methods=(*_PAYING, M.FACE),
        open_to_all=frozenset(_PAYING),
        notice="vending",
        sources=("pipl.6", "necessary.5.6"),
    ),
    _entrance(
        SceneKind.ENTRANCE_SPORTS,
        "体育健身场所入场",
        "Entrance of a sports place",
        necessary=(),
        sources=("necessary.5.31",),
    ),
    _entrance(
        SceneKind.ENTRANCE_RETAIL, "商场超市入场", "Entrance of a shop", necessary=("payment",)
    ),
    _entrance(
        SceneKind.ENTRANCE_CULTURE,
        "文化旅游场所入场",
        "Entrance of a culture or tourism place",
        necessary=("booking", "phone", "payment"),
        also=_DOCUMENTS,
        sources=("necessary.5.39",),
    ),
    _entrance(SceneKind.ENTRANCE_TRAINING, "教育培训机构入场", "Entrance of a training place"),
    _entrance(SceneKind.ENTRANCE_PROPERTY, "住宅小区出入", "Entrance of a residential compound"),
    _entrance(SceneKind.ENTRANCE_RENTAL, "租赁住房出入", "Entrance of a rental home"),
    _entrance(
        SceneKind.ENTRANCE_HOTEL,
        "宾馆酒店入住",
        "Hotel reception",
        necessary=("name", "phone", "booking"),
        also=_DOCUMENTS,
        asks=True,
        sources=("necessary.5.17",),
    ),
)

KINDS: Final[dict[SceneKind, Character]] = {each.kind: each for each in _ALL}
"""Every kind of scene and its character."""

NOTICES: Final = tuple(dict.fromkeys(each.notice for each in _ALL))
"""The notice families that a scene may name."""

IMAGE_OF_REPRESENTATIVE: Final = "document_image"
"""An organisation's representative: 24号令 asks to keep a copy of that document, of no one else's."""


def may_collect(kind: SceneKind, methods: tuple[Method, ...]) -> frozenset[str]:
    """The fields that a scene of this kind with these ways may collect."""
    fields = KINDS[kind].necessary
    if Method.FACE in methods:
        fields |= {"face"}
    if Method.ORGANISATION in methods and kind.sends:
        fields |= {IMAGE_OF_REPRESENTATIVE}
    return fields
