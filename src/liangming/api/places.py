"""Where checks happen and how: scenes, ways, notices. Read only, of the client's operator."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from liangming.api.answers import Keeping, MethodWord, open_words
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.problem import Texts
from liangming.api.reply import Reply, ok
from liangming.api.steps import scene_for
from liangming.check import Premises
from liangming.law.words import Channel, Method, SceneKind
from liangming.notice import FACE, ItemKind, Notice
from liangming.scene.model import Scene, Text

SceneKindWord = Annotated[str, open_words(SceneKind, "Kind of place and purpose.")]
ChannelWord = Annotated[str, open_words(Channel, "How person and operator meet.")]
ItemWord = Annotated[str, open_words(ItemKind, "What this item tells.")]


class WayAnswer(msgspec.Struct, frozen=True):
    """One way of a scene, in the order to show it."""

    method: MethodWord
    label: Texts


class SceneAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A live scene; only lawful ones are live."""

    id: str
    kind: SceneKindWord
    channel: ChannelWord
    operator: Texts
    outlet: Texts
    purpose: Texts
    contact: Texts
    ways: tuple[WayAnswer, ...]
    fields: tuple[str, ...]
    retention: tuple[Keeping, ...]
    accepted: tuple[str, ...]
    staff_help: bool
    minutes: int
    notice: str


class ScenesAnswer(msgspec.Struct, frozen=True):
    """The operator's live scenes, by id."""

    scenes: tuple[SceneAnswer, ...]


class MethodAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A way to show who one is, or that one may.

    ``evidence`` is the ``kind`` of evidence that fits it.
    """

    method: MethodWord
    name: Texts
    evidence: str
    shows_identity: bool
    needs_smartphone: bool
    needs_consent: bool


class MethodsAnswer(msgspec.Struct, frozen=True):
    """All ways, in the published order."""

    methods: tuple[MethodAnswer, ...]


class ItemAnswer(msgspec.Struct, frozen=True):
    """One item of a notice in both languages; show all items."""

    kind: ItemWord
    zh: str
    en: str


class NoticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in force. ``digest`` names exactly these sentences."""

    scene: str
    version: str
    digest: str
    items: tuple[ItemAnswer, ...]


class NoticesAnswer(msgspec.Struct, frozen=True):
    """The notice of a scene, and the face's own where the scene offers the face."""

    notice: NoticeAnswer
    face: NoticeAnswer | None


async def scenes(lobby: Lobby, call: Call) -> Reply:
    """All live scenes of the operator that the client sees."""
    who = call.who
    found = sorted(
        (
            s
            for s in lobby.premises.scenes.values()
            if s.operator.id == who.operator and who.reaches(s.id, s.outlet.id)
        ),
        key=lambda scene: scene.id,
    )
    return ok(ScenesAnswer(tuple(_scene(lobby.premises, s) for s in found)))


async def scene(lobby: Lobby, call: Call) -> Reply:
    """One live scene."""
    found = scene_for(lobby, call, call.params["id"], field=None)
    return ok(_scene(lobby.premises, found))


async def methods(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001  (one signature for all)
    """All ways."""
    return ok(_METHODS)


async def notices(lobby: Lobby, call: Call) -> Reply:
    """What to show before anything is asked."""
    found = scene_for(lobby, call, call.params["scene"], field=None)
    offers_face = any(method.is_face for method in found.methods)
    return ok(
        NoticesAnswer(
            _notice(lobby.premises.notice(found).notice),
            _notice(lobby.premises.notice(found, FACE).notice) if offers_face else None,
        )
    )


def _scene(premises: Premises, scene: Scene) -> SceneAnswer:
    return SceneAnswer(
        id=scene.id,
        kind=scene.kind.value,
        channel=scene.channel.value,
        operator=_texts(scene.operator.name),
        outlet=_texts(scene.outlet.name),
        purpose=_texts(scene.purpose),
        contact=_texts(scene.operator.contact),
        ways=tuple(
            WayAnswer(
                way.method.value,
                _texts(way.label) if way.label is not None else NAMES[way.method],
            )
            for way in scene.ways
        ),
        fields=scene.fields,
        retention=tuple(Keeping(k.field, k.days, k.article) for k in scene.retention),
        accepted=tuple(a.type for a in scene.accepted),
        staff_help=scene.staff_help,
        minutes=scene.check_minutes,
        notice=premises.notice(scene).digest,
    )


def _notice(notice: Notice) -> NoticeAnswer:
    return NoticeAnswer(
        scene=notice.scene,
        version=notice.version,
        digest=notice.digest,
        items=tuple(ItemAnswer(i.kind.value, i.zh, i.en) for i in notice.items),
    )


def _texts(text: Text) -> Texts:
    return Texts(text.zh, text.en)


# Plain names without praise: none may sound faster, safer or better than another (I1).
NAMES: Final = {
    Method.DOCUMENT_SEEN: Texts("出示证件", "Show a document"),
    Method.DOCUMENT_READ: Texts("证件放上读卡器", "Place the document on the reader"),
    Method.ORGANISATION: Texts("单位证照", "Organisation's licence"),
    Method.NETWORK_CREDENTIAL: Texts("国家网络身份认证", "National network credential"),
    Method.ORDER_CODE: Texts("下单时的交接码", "Hand-over code from the order"),
    Method.REGISTERED_SENDER: Texts("已登记，出示证件", "Registered before: show the document"),
    Method.AGREEMENT: Texts("安全协议", "Signed agreement"),
    Method.PICKUP_CODE: Texts("取件码", "Pick-up code"),
    Method.TICKET: Texts("票证或预约", "Ticket or booking"),
    Method.PAYMENT_CODE: Texts("付款码", "Payment code"),
    Method.CASH: Texts("现金", "Cash"),
    Method.BANK_CARD: Texts("银行卡", "Bank card"),
    Method.FACE: Texts("本机人脸比对", "Face comparison on this device"),
}
_EVIDENCE: Final = {
    Method.DOCUMENT_SEEN: "document",
    Method.DOCUMENT_READ: "document",
    Method.ORGANISATION: "organisation",
    Method.NETWORK_CREDENTIAL: "network-credential",
    Method.ORDER_CODE: "order-code",
    Method.REGISTERED_SENDER: "registered",
    Method.AGREEMENT: "agreement",
    Method.PICKUP_CODE: "pickup-code",
    Method.TICKET: "ticket",
    Method.PAYMENT_CODE: "payment",
    Method.CASH: "payment",
    Method.BANK_CARD: "payment",
    Method.FACE: "face",
}
_METHODS: Final = MethodsAnswer(
    tuple(
        MethodAnswer(
            method=method.value,
            name=NAMES[method],
            evidence=_EVIDENCE[method],
            shows_identity=method.shows_identity,
            needs_smartphone=method.needs_smartphone,
            needs_consent=method.is_face,
        )
        for method in Method
    )
)
