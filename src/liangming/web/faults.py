"""What can go wrong on a page, beside what the check itself says."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

NOT_FOUND: Final = declare(
    "web.not-found",
    Kind.ABSENT,
    zh="没有这个页面。请检查地址，或重新扫码。",
    en="There is no such page. Please check the address, or scan the code again.",
)
BROKEN: Final = declare(
    "web.broken",
    Kind.OUTAGE,
    zh="页面出了问题，没有收集任何信息。请稍后再试，或请工作人员协助。",
    en="Something broke on our side and nothing was collected. Please try again, or ask the staff.",
)
FORM_UNFIT: Final = declare(
    "web.form-unfit",
    Kind.MALFORMED,
    zh="提交的内容不完整，请返回重试。",
    en="The form was incomplete; please go back and try again.",
)
SLIP_UNFIT: Final = declare(
    "web.slip-unfit",
    Kind.OUT_OF_ORDER,
    zh="这张表填得太快，或者放得太久了。请返回，刷新页面，再提交一次。",
    en="This form was sent too fast, or stood too long. Please go back, load it again and send it.",
)
FOREIGN_FORM: Final = declare(
    "web.foreign-form",
    Kind.FORBIDDEN,
    zh="这个表单来自另一个网站，没有执行。请从本页面操作。",
    en="This form came from another site and was not carried out. Please use our own page.",
)
TOO_LARGE: Final = declare(
    "web.too-large",
    Kind.LIMITED,
    zh="提交的内容太长。",
    en="What was sent is too long.",
)
SIGN_IN: Final = declare(
    "web.sign-in-first",
    Kind.UNAUTHENTICATED,
    zh="请先登录柜台。",
    en="Please sign in to the desk first.",
)
LOCKED: Final = declare(
    "web.desk-locked",
    Kind.UNAUTHENTICATED,
    zh="一段时间没有操作，柜台已锁定。请到员工页面确认是您本人。",
    en="The desk was locked after standing unused. Please confirm yourself on the staff page.",
)
TRAINING_FIRST: Final = declare(
    "web.training-first",
    Kind.FORBIDDEN,
    zh="这个岗位的培训还没有通过，或者已经到期。课程几分钟一门，通过之后马上可以用。",
    en="The training for this role was not passed yet, or has ended. A course takes a few minutes; once it is"
    " passed the role is open at once.",
)
KEY_WRONG: Final = declare(
    "web.desk-key-wrong",
    Kind.UNAUTHENTICATED,
    zh="这个密钥不能用于柜台。请向管理员要一个带 desk 权限的密钥。",
    en="This key does not open the desk. Ask for a key with the scope desk.",
)
NOT_ALLOWED: Final = declare(
    "web.desk-not-allowed",
    Kind.FORBIDDEN,
    zh="这个密钥不能看义务看板。请向管理员要一个同时带 desk 和 rights 权限的密钥。",
    en="This key does not open the duties board. Ask for a key with the scopes desk and rights.",
)
NOT_YOURS: Final = declare(
    "web.desk-elsewhere",
    Kind.FORBIDDEN,
    zh="这个场景属于另一家企业。",
    en="This scene belongs to another company.",
)
SCAN_UNREADABLE: Final = declare(
    "web.scan-unreadable",
    Kind.INVALID,
    zh="没有认出扫到的内容。可以扫查验码、交接码，或输入证件号码。",
    en="This could not be read. Scan a check's code or a hand-over code, or enter a document number.",
)
HELD_TOO_LONG: Final = declare(
    "web.entry-forgotten",
    Kind.OUT_OF_ORDER,
    zh="为保护寄件人，刚才的输入已经忘记，请重新扫一次。",
    en="To protect the sender the entry was forgotten; please scan again.",
)
BY_ITS_CODE: Final = declare(
    "web.receipt-by-its-code",
    Kind.ABSENT,
    zh="这次查验早已结束。请用回执上的编码查看回执。",
    en="This check ended a while ago. Please open its receipt with the code on the receipt.",
)
LATER_UNREADABLE: Final = declare(
    "web.later-unreadable",
    Kind.INVALID,
    zh="这一笔打不开，可能已经损坏，或来自另一套系统。请按站点的规定联系寄件人重新办理。",
    en="This entry does not open: it is damaged or of another installation. Follow the station's "
    "rule: ask the sender to do it again.",
)
LATER_AFTER_SHIFT: Final = declare(
    "web.later-after-shift",
    Kind.FORBIDDEN,
    zh="这一笔是在登录期满之后记下的，不能自动补录。请由站长处理。",
    en="This entry was made after the sign-in had ended and is not written by itself. "
    "The station's manager decides.",
)
