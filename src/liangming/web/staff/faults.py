"""What can go wrong around accounts."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

NOT_FOR_YOU: Final = declare(
    "staff.not-for-you",
    Kind.FORBIDDEN,
    zh="您的角色不能打开这个页面。",
    en="This page is not for your role.",
)
READ_ONLY: Final = declare(
    "staff.read-only",
    Kind.FORBIDDEN,
    zh="检查人员只看，不改：除了自己的登录，什么也不能提交。",
    en="An inspector looks and changes nothing: no form can be sent but about your own sign-in.",
)
MEMBER_FORM: Final = declare(
    "staff.member-form",
    Kind.INVALID,
    zh="登录名需要 2 到 32 位小写字母、数字、点或横线，姓名 1 到 40 字，角色从列表里选。",
    en="A sign-in name needs 2 to 32 small letters, digits, dots or dashes, a name 1 to 40 characters, a role from the list.",
)
MEMBER_TAKEN: Final = declare(
    "staff.member-taken",
    Kind.OUT_OF_ORDER,
    zh="这个登录名已经有人用了。",
    en="This sign-in name is taken.",
)
MEMBER_UNKNOWN: Final = declare(
    "staff.member-unknown",
    Kind.ABSENT,
    zh="没有这个账户。",
    en="There is no such account.",
)
NOT_YOURSELF: Final = declare(
    "staff.not-yourself",
    Kind.OUT_OF_ORDER,
    zh="这件事要由另一位管理员来做。",
    en="This has to be done by another administrator.",
)
PROPOSAL_GONE: Final = declare(
    "staff.proposal-gone",
    Kind.ABSENT,
    zh="这项申请不在了：已经决定，或已经过期。",
    en="This proposal is gone: decided, or past its day.",
)
LINK_SPENT: Final = declare(
    "staff.link-spent",
    Kind.ABSENT,
    zh="这个链接用过了，或者已经过期。请向管理员要一个新的。",
    en="This link was used, or its time is over. Please ask an administrator for another.",
)
STAFF_MISSING: Final = declare(
    "staff.not-installed",
    Kind.OUTAGE,
    zh="缺少员工账户组件。请安装：pip install 'liangming[staff]'",
    en="Staff accounts are not installed: pip install 'liangming[staff]'",
)
MIGRATION_FAILED: Final = declare(
    "staff.migration-failed",
    Kind.OUTAGE,
    zh="员工账户的数据库没有准备好，请检查地址、权限和磁盘空间。",
    en="The database of staff accounts could not be made ready; please check address, rights and disk.",
)
