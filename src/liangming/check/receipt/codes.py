"""What can be wrong with a receipt, each with its own code and plain words."""

from __future__ import annotations

from liangming.errors import Kind, declare

MALFORMED = declare(
    "check.receipt-malformed",
    Kind.MALFORMED,
    zh="回执文件读不出来，可能不完整或被改过，请重新取一份。",
    en="The receipt cannot be read; it may be cut off or changed. Please fetch it again.",
)
VERSION = declare(
    "check.receipt-version",
    Kind.REFUSED,
    zh="回执文件的版本不认识，请用新版软件核验。",
    en="The receipt has an unknown version; please verify it with a newer release.",
)
ALTERED = declare(
    "check.receipt-altered",
    Kind.REFUSED,
    zh="回执文件与它自己的校验值对不上，有内容被改过或损坏。",
    en="The receipt does not match its own digest: something in it was changed or damaged.",
)
OTHER_CHECK = declare(
    "check.receipt-mixed",
    Kind.REFUSED,
    zh="回执里混入了别的查验的事件。",
    en="The receipt holds an event of another check.",
)
EVENTS_MISSING = declare(
    "check.receipt-events-missing",
    Kind.REFUSED,
    zh="回执里的事件不齐，或者次序不对。",
    en="Events of the receipt are missing or out of order.",
)
NOTICE_DIFFERS = declare(
    "check.receipt-notice-differs",
    Kind.REFUSED,
    zh="回执里的告知文本不是当时展示的那一份。",
    en="A notice in the receipt is not the one that was shown.",
)
COUNT_DIFFERS = declare(
    "check.receipt-count-differs",
    Kind.REFUSED,
    zh="回执里终端的计数不成立：签名、钥匙或所属的终端对不上。",
    en="A device's count in the receipt does not hold: signature, key or device do not fit.",
)
ERASED = declare(
    "check.receipt-erased",
    Kind.ABSENT,
    zh="登记和钥匙已经删除，不能再出新的回执文件；以前保存的回执文件仍然有效。",
    en="The registration and its key were erased, so no new receipt file can be made; "
    "one that was saved before still verifies.",
)
NO_CONSENT = declare(
    "check.receipt-no-consent",
    Kind.ABSENT,
    zh="这次查验里没有就刷脸给过同意。",
    en="No consent to a face was given in this check.",
)
NO_LOG = declare(
    "check.receipt-no-log",
    Kind.OUTAGE,
    zh="存证暂时不可用，请稍后再取回执文件。",
    en="The log is not available just now; please fetch the receipt file later.",
)
