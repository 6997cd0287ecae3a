"""What can be wrong with a scene file as a file, before any law is asked.

Texts never repeat what was written: the line and the path show where it stands, and a hint names
the nearest word that would be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from liangming.errors import Code, Kind, Misuse, declare

TOO_LARGE = declare(
    "scene.too-large",
    Kind.LIMITED,
    zh="场景文件太大。一个文件请不要超过 256 KiB、500 个场景；可以拆成几个文件。",
    en="The scene file is too large: at most 256 KiB and 500 scenes each; split it up.",
)
BYTE_ORDER_MARK = declare(
    "scene.byte-order-mark",
    Kind.MALFORMED,
    zh="文件开头有字节顺序标记（BOM）。请另存为“UTF-8（无 BOM）”。",
    en="The file begins with a byte order mark. Save it as UTF-8 without BOM.",
)
NOT_UTF8 = declare(
    "scene.not-utf8",
    Kind.MALFORMED,
    zh="文件不是 UTF-8 编码（可能是 GBK）。请另存为 UTF-8。",
    en="The file is not UTF-8 (perhaps GBK). Save it as UTF-8.",
)
NOT_TOML = declare(
    "scene.not-toml",
    Kind.MALFORMED,
    zh="这一行不是有效的 TOML：请检查引号、括号、等号和重复的键。",
    en="This line is not valid TOML: look for quotes, brackets, equals signs and repeated keys.",
)
TOO_DEEP = declare(
    "scene.too-deep",
    Kind.MALFORMED,
    zh="括号嵌套太深。场景文件不需要这么多层。",
    en="Brackets are nested too deeply; a scene file never needs that.",
)
UNREADABLE = declare(
    "scene.unreadable-file",
    Kind.ABSENT,
    zh="打不开这个文件或目录。请检查路径和权限。",
    en="This file or folder cannot be opened. Check its path and permissions.",
)
NO_SCENE = declare(
    "scene.no-scene",
    Kind.INVALID,
    zh="文件中没有场景。请写一个 [scene]，或若干个 [[scene]]。",
    en="There is no scene in this file. Write one [scene], or several [[scene]].",
)
UNKNOWN_KEY = declare(
    "scene.unknown-key",
    Kind.INVALID,
    zh="没有这个键。写错的键不会被忽略，以免看似生效。",
    en="There is no such key. A mistyped key is not ignored, lest it seem to work.",
)
MISSING_KEY = declare(
    "scene.missing-key",
    Kind.INVALID,
    zh="缺少一个必需的键。",
    en="A required key is missing.",
)
WRONG_TYPE = declare(
    "scene.wrong-type",
    Kind.INVALID,
    zh="值的类型不对。",
    en="The value has the wrong type.",
)
UNKNOWN_VALUE = declare(
    "scene.unknown-value",
    Kind.INVALID,
    zh="这个值不在可用的词表中。",
    en="This value is not one of the known words.",
)
OUT_OF_RANGE = declare(
    "scene.out-of-range",
    Kind.INVALID,
    zh="数值超出范围。",
    en="The number is out of range.",
)
BAD_TEXT = declare(
    "scene.bad-text",
    Kind.INVALID,
    zh="文字太长（最多 500 字），或含有看不见的控制字符。",
    en="The text is too long (at most 500 characters) or has invisible control characters.",
)
BAD_ID = declare(
    "scene.bad-id",
    Kind.INVALID,
    zh="编号只用小写字母、数字和连字符，以字母或数字开头，最多 63 个字符。",
    en="An id has lower-case letters, digits and hyphens, at most 63, not starting with a hyphen.",
)
BAD_PROVINCE = declare(
    "scene.bad-province",
    Kind.INVALID,
    zh="省级行政区划代码是两位数字加四个零，例如上海为 310000。",
    en='A province code is two digits and four zeros, such as "310000" for Shanghai.',
)
DUPLICATE_ID = declare(
    "scene.duplicate-id",
    Kind.INVALID,
    zh="编号重复：每个场景、每个网点的编号只能用一次。",
    en="An id is used twice; every scene and every outlet has its own.",
)
DUPLICATE_WAY = declare(
    "scene.duplicate-way",
    Kind.INVALID,
    zh="同一种方式列了两次。",
    en="The same way is listed twice.",
)
OPERATOR_DIFFERS = declare(
    "scene.operator-differs",
    Kind.INVALID,
    zh="同一个企业编号在不同文件里写得不一样。请统一名称和联系方式。",
    en="One operator id is described differently in two files. Make them agree.",
)
FACE_TERMS_MISSING = declare(
    "scene.face-terms-missing",
    Kind.INVALID,
    zh="列出了人脸方式，就要写 [scene.face]：评估、提示标识、是否外传。",
    en="With a face way comes [scene.face]: assessment, sign, whether it leaves the device.",
)
SEVERAL_OUTLETS = declare(
    "scene.which-outlet",
    Kind.INVALID,
    zh="文件中有多个网点，请在场景里用 outlet 写明是哪一个。",
    en="The file has several outlets: say in the scene, with outlet, which one it is.",
)
UNKNOWN_SCENE = declare(
    "scene.unknown",
    Kind.ABSENT,
    zh="没有这个场景。",
    en="There is no such scene.",
)
UNLAWFUL = declare(
    "scene.unlawful",
    Kind.REFUSED,
    zh="这个场景的配置不合法，不能启用。请用 liangming scene check 查看原因和改法。",
    en="This scene is not lawful as configured and cannot go live. "
    "`liangming scene check` shows why, and how to mend it.",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: what, where, and the nearest right word.

    Attributes:
        code: what is wrong.
        file: the file's name as given.
        line: counted from 1; 0 where the whole file is meant.
        field: path of the key (``scene[0].ways[1].method``); for an unknown key, where it stands.
        hint: a name that would be right: the nearest known key, the missing key, the wanted type.
    """

    code: Code
    file: str
    line: int
    field: str = ""
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For machines: everything a person would be told."""
        return {
            "code": self.code.name,
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "zh": self.code.zh,
            "en": self.code.en,
            "hint": self.hint,
        }


class BadSceneFile(Misuse):
    """A file that cannot be read as scenes, with every fault found; ``code`` is the first one's."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0].code, field=faults[0].field or None)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(
            f"{f.file}:{f.line} {f.field} [{f.code.name}] {f.code.zh} / {f.code.en}"
            + (f" → {f.hint}" if f.hint else "")
            for f in self.faults
        )
