"""Which way rests on which ground: the rules under 个人信息保护法 13 and 6 for the question *offer*.

Declining a face changes nothing here: no rule for a way without a face reads that fact (I3).
"""

from __future__ import annotations

from typing import Final

from liangming.law import facts
from liangming.law.drafting import bar, ground
from liangming.law.places import (
    COLLECTS,
    IDENTITY_WAYS,
    NO_FACE,
    NO_IDENTITY,
    PAYING,
    REAL_NAME_DUTY,
    at,
    by,
    face_way,
    sends_by_duty,
)
from liangming.law.words import Ground as On
from liangming.law.words import Method, Question, SceneKind

_PASSES = (Method.TICKET, Method.PICKUP_CODE, *PAYING)
_WITH_IDENTITY = (
    SceneKind.ENTRANCE_CULTURE,
    SceneKind.ENTRANCE_TRAINING,
    SceneKind.ENTRANCE_PROPERTY,
    SceneKind.ENTRANCE_RENTAL,
    SceneKind.ENTRANCE_HOTEL,
)

OFFER_GROUNDS: Final = (
    ground(
        "pipl.13/offer-duty", Question.OFFER, sends_by_duty & by(*IDENTITY_WAYS), On.STATUTORY_DUTY,
        also=REAL_NAME_DUTY,
        zh="寄件须查验身份，这种方式可以查验。",
        en="Sending calls for an identity check, and this way serves it.",
    ),
    ground(
        "pipl.13/offer-exempt", Question.OFFER, at(*NO_FACE) & by(*IDENTITY_WAYS, *_PASSES),
        On.CONTRACT,
        zh="信件和已签安全协议的用户不逐件查验；这种方式为办理交寄所用。",
        en="Letters and senders under a safety agreement are not checked each time; this way serves the sending.",
    ),
    ground(
        "pipl.13/offer-collect", Question.OFFER,
        at(*COLLECTS)
        & by(Method.PICKUP_CODE, Method.DOCUMENT_SEEN, Method.DOCUMENT_READ, Method.NETWORK_CREDENTIAL),
        On.CONTRACT,
        zh="取件只需证明可以取这一件。", en="Collecting only needs proof that one may collect this parcel.",
    ),
    ground(
        "pipl.13/offer-pass", Question.OFFER,
        at(*NO_IDENTITY, *_WITH_IDENTITY) & by(*_PASSES), On.CONTRACT,
        zh="付款或者票证足以提供服务，不必知道来人是谁。",
        en="Payment or a ticket is enough for the service; nobody need know who comes.",
    ),
    ground(
        "pipl.13/offer-entrance", Question.OFFER, at(*_WITH_IDENTITY) & by(*IDENTITY_WAYS),
        On.CONTRACT,
        zh="来人可以选择用证件证明预约、租住或者会员关系。",
        en="A person may choose to show a booking, tenancy or membership by a document.",
    ),
)  # fmt: skip

REPEAT_BARS: Final = (
    bar(
        "pipl.6/offer-identity", Question.OFFER, at(*NO_IDENTITY) & by(*IDENTITY_WAYS),
        "offer.identity-not-necessary", also=("necessary.3", "necessary.5.31"),
        zh="售货、进店、健身不需要知道来人是谁。",
        en="Buying, entering a shop or exercising needs no identity.",
        mend_zh="改用付款、票证或者会员凭证。", mend_en="Use payment, a ticket or a pass.",
    ),
    bar(
        "pipl.6/repeat-face", Question.OFFER, face_way & facts.asks_repeat_face,
        "offer.face-repeated", also=("pipl.28", "face.4"),
        zh="身份已经核验过，再要求刷脸没有必要。",
        en="The identity was verified before; asking for a face again is not necessary.",
        mend_zh="查看证件或者交接码即可，不再采集。",
        mend_en="See the document or the hand-over code; collect nothing again.",
    ),
)  # fmt: skip
