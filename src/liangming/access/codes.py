"""What can go wrong around clients and keys."""

from __future__ import annotations

from typing import Final

from liangming.errors import Code, Kind, declare

KEY_MISSING: Final[Code] = declare(
    "api.key-missing",
    Kind.UNAUTHENTICATED,
    zh="请在 Authorization 头里带上接口密钥（Bearer lmk_…）。",
    en="Please send an API key in the Authorization header (Bearer lmk_…).",
)
KEY_INVALID: Final[Code] = declare(
    "api.key-invalid",
    Kind.UNAUTHENTICATED,
    zh="接口密钥无效或已停用，请向贵企业的管理员领取。",
    en="The API key is not valid or was revoked; please ask your administrator for one.",
)
KEY_EXPIRED: Final[Code] = declare(
    "api.key-expired",
    Kind.UNAUTHENTICATED,
    zh="这把接口密钥已到期，请换用新的密钥。",
    en="The term of this API key is over; please change to a new one.",
)
CLIENT_UNKNOWN: Final[Code] = declare(
    "api.client-unknown",
    Kind.ABSENT,
    zh="没有这个接口客户，或它已停用。",
    en="There is no such API client, or it was revoked before.",
)
CLIENT_FORM: Final[Code] = declare(
    "api.client-form",
    Kind.INVALID,
    zh="接口客户需要企业、名称（1 到 60 字）和至少一项权限；限定场景的客户不能有 rights、devices、device-events、admin；期限为 0 到 400 天。",
    en="An API client needs an operator, a name of 1 to 60 characters and at least one scope; one that is"
    " limited to some scenes has none of rights, devices, device-events and admin; a term has 0 to 400 days.",
)
WAITS: Final[Code] = declare(
    "access.client-waits",
    Kind.OUT_OF_ORDER,
    zh="这个接口客户还在等另一个人同意，现在不能发放密钥。",
    en="This API client waits for a second person to agree; no key can be made yet.",
)
NOT_YOURSELF: Final[Code] = declare(
    "access.not-yourself",
    Kind.OUT_OF_ORDER,
    zh="提出的人不能自己同意，请另一个人来做。",
    en="Who asked cannot agree; another person has to.",
)
