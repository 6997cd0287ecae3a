"""What is recorded about clients and keys: codes and ids, never a secret or a name."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

ASKED: Final = declare_event(
    "access:client:asked",
    facts=("client", "operator", "actor", "scopes", "scenes", "outlets", "waits"),
    zh="登记了一个接口客户。",
    en="An API client was put on file.",
)
AGREED: Final = declare_event(
    "access:client:agreed",
    facts=("client", "operator", "actor"),
    zh="另一个人同意了一个有风险权限的接口客户。",
    en="A second person agreed to an API client with risky rights.",
)
REVOKED: Final = declare_event(
    "access:client:revoked",
    facts=("client", "operator", "actor"),
    zh="停用了一个接口客户。",
    en="An API client was revoked.",
)
ISSUED: Final = declare_event(
    "access:key:issued",
    facts=("client", "operator", "actor", "until", "overlap"),
    zh="为接口客户发放了密钥；原来的密钥在重叠期内还能用。",
    en="A key was made for an API client; the one before opens during the overlap.",
)
STOPPED: Final = declare_event(
    "access:key:stopped",
    facts=("client", "operator", "actor"),
    zh="提前停用了接口客户原来的密钥。",
    en="The former key of an API client was stopped before its time.",
)
