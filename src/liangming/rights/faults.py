"""What this room says when it says no. No text says anything about a person."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

UNKNOWN: Final = declare(
    "rights.request-unknown",
    Kind.ABSENT,
    zh="没有这个请求。请核对编号，或用回执编码重新查看。",
    en="There is no such request. Check its number, or look again with the receipt code.",
)
PROOF_NEEDED: Final = declare(
    "rights.proof-needed",
    Kind.INVALID,
    zh="这一项涉及登记的身份信息，请同时输入登记时所用的证件种类和号码。",
    en="This concerns registered identity data: please also enter the kind and number of the"
    " document that was used.",
)
NOT_THE_SAME: Final = declare(
    "rights.not-the-registered-document",
    Kind.REFUSED,
    zh="与登记的证件不一致，没有提供任何信息。请核对种类和号码，或带证件到网点办理。",
    en="This is not the document that was registered; nothing was handed out. Check kind and"
    " number, or come to the outlet with the document.",
)
WORDS_NEEDED: Final = declare(
    "rights.words-needed",
    Kind.INVALID,
    zh="请写明要更正或投诉什么（1 至 500 字）。",
    en="Please say what is to be corrected or what you complain about (1 to 500 characters).",
)
NO_CONSENT: Final = declare(
    "rights.no-consent",
    Kind.OUT_OF_ORDER,
    zh="这次查验没有给过刷脸的同意，或者已经撤回。",
    en="No consent to a face was given in this check, or it was withdrawn before.",
)
CLOSED: Final = declare(
    "rights.closed",
    Kind.OUT_OF_ORDER,
    zh="这个请求已经办结，不能再改动。",
    en="This request is closed and cannot be changed.",
)
AUTHORITY_FIRST: Final = declare(
    "rights.authority-first",
    Kind.OUT_OF_ORDER,
    zh="请先核对监护、亲属或委托关系的证明。",
    en="The proof of guardianship, kinship or authority has to be seen first.",
)
NOT_BY_HAND: Final = declare(
    "rights.result-unfit",
    Kind.INVALID,
    zh="这个结果与请求的种类不符。",
    en="This result does not fit the kind of request.",
)
APPEALED: Final = declare(
    "rights.appealed-before",
    Kind.OUT_OF_ORDER,
    zh="已经复核过一次。对结果仍不满意，可以向主管部门投诉或者起诉。",
    en="It was reviewed once. If you still disagree, you may complain to the authority or sue.",
)
OWNER_UNFIT: Final = declare(
    "rights.owner-unfit",
    Kind.INVALID,
    zh="经办人用岗位或账号代号表示：小写字母开头，字母、数字、连字符和下划线，不写姓名。",
    en="An owner is a role or account id of lower-case letters, digits, hyphens and underscores, never a"
    " name.",
)
HOLD_UNFIT: Final = declare(
    "rights.hold-unfit",
    Kind.INVALID,
    zh="保全须写明理由、有效的条文和将来的截止日，且此人须有登记。",
    en="A hold needs a reason, an article that stands, an end in the future, and a registration.",
)
HOLD_UNKNOWN: Final = declare(
    "rights.hold-unknown",
    Kind.ABSENT,
    zh="没有这个保全，或它已经结束。",
    en="There is no such hold, or it has ended.",
)
RESTRICTED: Final = declare(
    "rights.restricted",
    Kind.REFUSED,
    zh="此人的信息只存储、只保护：除法定检查、报送和本人的请求外，不得打开。",
    en="This person's data are stored only: they open for statutory ends and the person's own"
    " requests, for nothing else.",
)
LEDGER_DAMAGED: Final = declare(
    "rights.erasure-file-damaged",
    Kind.MALFORMED,
    zh="删除记录文件有一行读不出或打不开：可能被改动，或密钥文件不对。服务没有启动，请恢复最新的副本。",
    en="A line of the erasure file cannot be read or opened: it was altered, or the key file is"
    " another one. Nothing was started; restore the newest copy.",
)
LEDGER_OUTAGE: Final = declare(
    "rights.erasure-file-unavailable",
    Kind.OUTAGE,
    zh="删除记录文件无法读写（目录不存在、磁盘已满或无权限），没有删除任何信息。",
    en="The erasure file cannot be read or written (no such folder, disk full, no permission);"
    " nothing was erased.",
)
CERTIFICATE_UNREADABLE: Final = declare(
    "rights.certificate-unreadable",
    Kind.MALFORMED,
    zh="这不是删除证明，或者已经损坏。",
    en="This is not an erasure certificate, or it is damaged.",
)
CERTIFICATE_FORGED: Final = declare(
    "rights.certificate-not-ours",
    Kind.REFUSED,
    zh="签名与所给的钥匙不符：内容被改动，或由别的企业签发。",
    en="The signature does not fit the given key: the text was altered, or somebody else signed it.",
)
