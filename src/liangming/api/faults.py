"""What can go wrong at the HTTP door itself; everything else comes from the rooms below."""

from __future__ import annotations

from typing import Final

from liangming.errors import Code, Kind, declare

QUERY_UNFIT: Final[Code] = declare(
    "api.query-unfit",
    Kind.INVALID,
    zh="网址问号后面的内容不合适；能用的参数见接口文档。",
    en="What stands behind the question mark does not fit; the documentation lists what is taken.",
)
NO_ROUTE: Final[Code] = declare(
    "api.no-such-address",
    Kind.ABSENT,
    zh="没有这个地址。全部地址见 /docs。",
    en="There is no such address. All addresses are listed at /docs.",
)
NO_METHOD: Final[Code] = declare(
    "api.method-not-allowed",
    Kind.INVALID,
    zh="这个地址不接受这种请求方法；可用的方法在 Allow 头里。",
    en="This address does not take this request method; the Allow header lists those it takes.",
)
MEDIA_TYPE: Final[Code] = declare(
    "api.media-type",
    Kind.INVALID,
    zh="请用 application/json 发送请求内容（批量用 application/x-ndjson），UTF-8 编码，不压缩。",
    en="Please send application/json (batches: application/x-ndjson) in UTF-8, uncompressed.",
)
JSON_MALFORMED: Final[Code] = declare(
    "api.json-malformed",
    Kind.MALFORMED,
    zh="请求内容不是完整的 UTF-8 JSON。",
    en="The body is not complete JSON in UTF-8.",
)
FIELD_MISSING: Final[Code] = declare(
    "api.field-missing",
    Kind.INVALID,
    zh="缺少必填的内容，位置见 field。",
    en="Something required is missing; see field for where.",
)
FIELD_UNKNOWN: Final[Code] = declare(
    "api.field-unknown",
    Kind.INVALID,
    zh="有多余的内容，位置见 field；为避免多收信息，未列出的内容一律不接受。",
    en="There is something extra; see field for where. What is not listed is not taken, so that "
    "nothing unneeded is collected.",
)
FIELD_TYPE: Final[Code] = declare(
    "api.field-type",
    Kind.INVALID,
    zh="内容的类型不对，位置见 field。",
    en="The type is not the expected one; see field for where.",
)
FIELD_VALUE: Final[Code] = declare(
    "api.field-value",
    Kind.INVALID,
    zh="内容不在可用范围内，位置见 field。",
    en="The value is outside what is taken; see field for where.",
)
BODY_TOO_LARGE: Final[Code] = declare(
    "api.body-too-large",
    Kind.LIMITED,
    zh="请求内容太大，请分成几次发送。",
    en="The body is too large; please send it in parts.",
)
HEAD_TOO_LARGE: Final[Code] = declare(
    "api.head-too-large",
    Kind.LIMITED,
    zh="请求的网址和头太长，没有处理。",
    en="The address and headers of this call are too long; nothing was done.",
)
HTTP_MALFORMED: Final[Code] = declare(
    "api.http-malformed",
    Kind.MALFORMED,
    zh="收到的不是完整正确的 HTTP 请求，没有处理。",
    en="What came is no HTTP request as it should be; nothing was done.",
)
LINE_TOO_LONG: Final[Code] = declare(
    "api.line-too-long",
    Kind.INVALID,
    zh="这一行太长；批量的每一行是一次完整的查验。",
    en="This line is too long; each line of a batch is one whole check.",
)
BODY_TOO_SLOW: Final[Code] = declare(
    "api.body-too-slow",
    Kind.LIMITED,
    zh="请求内容迟迟没有传完，本次未处理，请重试。",
    en="The body did not arrive in time; nothing was done. Please try again.",
)
SCOPE_MISSING: Final[Code] = declare(
    "api.scope-missing",
    Kind.FORBIDDEN,
    zh="这把接口密钥没有这项权限，请向贵企业的管理员申请。",
    en="This API key may not do this; please ask your administrator for the scope.",
)
TOO_FAST: Final[Code] = declare(
    "api.too-fast",
    Kind.LIMITED,
    zh="请求太快了，请按 Retry-After 稍候；大量查验请用批量接口。",
    en="Too fast: please wait as Retry-After says; for many checks use the batch address.",
)
BATCHES_BUSY: Final[Code] = declare(
    "api.batches-busy",
    Kind.LIMITED,
    zh="同时进行的批量太多，本次未处理，请稍后重试。",
    en="Too many batches at once; nothing was done. Please try again shortly.",
)
KEY_FORM: Final[Code] = declare(
    "api.idempotency-key-form",
    Kind.INVALID,
    zh="Idempotency-Key 应为 8 至 128 个可见 ASCII 字符，建议用 UUID。",
    en="An Idempotency-Key has 8 to 128 visible ASCII characters; a UUID is a good one.",
)
KEY_NOT_HERE: Final[Code] = declare(
    "api.idempotency-key-not-here",
    Kind.INVALID,
    zh="这个地址不使用 Idempotency-Key；不能重复的查验请逐个提交到 :whole。",
    en="This address takes no Idempotency-Key; send checks that must not repeat one by one to :whole.",
)
KEY_RUNNING: Final[Code] = declare(
    "api.idempotency-key-running",
    Kind.OUT_OF_ORDER,
    zh="同一个 Idempotency-Key 的请求正在处理，请稍候再取结果。",
    en="A request with this Idempotency-Key is being worked on; please ask again in a moment.",
)
ARTICLE_UNKNOWN: Final[Code] = declare(
    "api.article-unknown",
    Kind.ABSENT,
    zh="没有收录这一条。",
    en="This article is not on file.",
)
INTERNAL: Final[Code] = declare(
    "api.internal",
    Kind.OUTAGE,
    zh="系统内部出错，本次操作可能没有生效；请凭 incident 编号联系管理员。",
    en="Something failed inside and nothing may have taken effect; please tell your administrator "
    "the incident number.",
)
