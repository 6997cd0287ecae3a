"""The law's own words, as closed lists: kinds of scene, ways to show who one is, grounds, outcomes.

These lists are what rules speak about; rooms above give them behaviour. Wire values are stable.
"""

from __future__ import annotations

import enum


class SceneKind(enum.StrEnum):
    """What kind of place and purpose a check serves (场景类型)."""

    SEND_COUNTER = "parcel.send.counter"  # 网点柜台交寄
    SEND_DOORSTEP = "parcel.send.doorstep"  # 上门揽收
    SEND_LOCKER = "parcel.send.locker"  # 智能柜交寄
    SEND_AGREEMENT = "parcel.send.agreement"  # 协议用户交寄
    SEND_LETTER = "parcel.send.letter"  # 信件交寄
    COLLECT_COUNTER = "parcel.collect.counter"  # 网点取件
    COLLECT_LOCKER = "parcel.collect.locker"  # 智能柜取件
    VENDING = "vending.payment"  # 自动售货机支付
    ENTRANCE_SPORTS = "entrance.sports"  # 体育健身场所
    ENTRANCE_RETAIL = "entrance.retail"  # 商场超市
    ENTRANCE_CULTURE = "entrance.culture"  # 文化旅游场所、景区、演出
    ENTRANCE_TRAINING = "entrance.training"  # 教育培训机构
    ENTRANCE_PROPERTY = "entrance.property"  # 住宅小区、售楼处、物业
    ENTRANCE_RENTAL = "entrance.rental"  # 租赁住房
    ENTRANCE_HOTEL = "entrance.hotel"  # 宾馆酒店入住

    @property
    def sends(self) -> bool:
        """Whether a parcel or letter is handed in here (交寄)."""
        return self.value.startswith("parcel.send.")

    @property
    def collects(self) -> bool:
        """Whether a parcel is fetched here (取件)."""
        return self.value.startswith("parcel.collect.")

    @property
    def enters(self) -> bool:
        """Whether this is an entrance (出入口)."""
        return self.value.startswith("entrance.")


class Channel(enum.StrEnum):
    """How the person and the operator meet; one duty gives one demand on all of them (I10)."""

    COUNTER = "counter"  # 柜台
    DOORSTEP = "doorstep"  # 上门
    MACHINE = "machine"  # 自助设备
    GATE = "gate"  # 出入口
    ONLINE = "online"  # 线上


class Method(enum.StrEnum):
    """One way to show who you are, or that you may (方式). The order is the published order."""

    DOCUMENT_SEEN = "document.seen"  # 出示证件，人工核对
    DOCUMENT_READ = "document.read"  # 证件阅读器读取芯片
    ORGANISATION = "organisation"  # 单位证照（统一社会信用代码）
    NETWORK_CREDENTIAL = "network-credential"  # 国家网络身份认证（网号、网证）
    ORDER_CODE = "order-code"  # 下单时已核验，出示交接码
    REGISTERED_SENDER = "registered-sender"  # 已登记寄件人：出示证件，不再采集
    AGREEMENT = "agreement"  # 协议用户
    PICKUP_CODE = "pickup-code"  # 取件码
    TICKET = "ticket"  # 票证、预约或会员凭证
    PAYMENT_CODE = "payment-code"  # 付款码
    CASH = "cash"  # 现金
    BANK_CARD = "bank-card"  # 银行卡
    FACE = "face"  # 本机人脸比对（1:1）

    @property
    def needs_smartphone(self) -> bool:
        """Whether a person without a smartphone cannot use it."""
        return self in _ON_A_SMARTPHONE

    @property
    def shows_identity(self) -> bool:
        """Whether it says *who* the person is, not merely that they may."""
        return self in _IDENTITY

    @property
    def is_face(self) -> bool:
        """Whether it processes face information (人脸信息)."""
        return self is Method.FACE


_ON_A_SMARTPHONE = frozenset({Method.NETWORK_CREDENTIAL, Method.ORDER_CODE, Method.PAYMENT_CODE})
_IDENTITY = frozenset(
    {
        Method.DOCUMENT_SEEN,
        Method.DOCUMENT_READ,
        Method.ORGANISATION,
        Method.NETWORK_CREDENTIAL,
        Method.ORDER_CODE,
        Method.REGISTERED_SENDER,
        Method.AGREEMENT,
        Method.FACE,
    }
)


class Ground(enum.StrEnum):
    """Why a processing is lawful (合法性基础)."""

    STATUTORY_DUTY = "statutory-duty"  # 履行法定义务 (PIPL 13(3))
    SEPARATE_CONSENT = "separate-consent"  # 单独同意 (PIPL 29)
    CONTRACT = "contract"  # 订立、履行合同所必需 (PIPL 13(2))
    NO_PERSONAL_DATA = "no-personal-data"  # 不处理个人信息


class RefusalReason(enum.StrEnum):
    """The closed list of lawful reasons not to accept (I4). Declining a face is not among them."""

    NO_DOCUMENT = "no-document"  # 拒不出示有效身份证件
    MISMATCH = "mismatch"  # 证件与运单不符
    UNTRUE = "untrue"  # 发现身份信息不实
    INVALID_DOCUMENT = "invalid-document"  # 证件无效、过期或不在可用范围
    NO_ENTITLEMENT = "no-entitlement"  # 无有效取件码、票证或付款（非寄件场景）
    NO_GUARDIAN = "no-guardian"  # 未成年人须由监护人在场或同意


class Question(enum.StrEnum):
    """What may be asked of the corpus in this house."""

    CONFIGURE = "configure"  # may this scene go live?
    ASK = "ask"  # may identity be asked here, and what must be done?
    OFFER = "offer"  # may this way be offered to this person now?
    CAPTURE = "capture"  # may the camera open?
    ACCEPT = "accept"  # may the parcel be accepted, the door opened, the goods sold?
    REFUSE = "refuse"  # may the operator refuse for this reason?
    RETAIN = "retain"  # may this record still be kept on this day?
    OBSERVE = "observe"  # does this logged event break a rule? (audit)
