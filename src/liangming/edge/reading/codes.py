"""What can be wrong with a picture; typing stays beside each."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

EMPTY: Final = declare(
    "edge.picture-empty",
    Kind.MALFORMED,
    zh="没有收到图片。请重新拍摄或扫描，也可以直接输入。",
    en="No picture came. Please take or scan it again, or type.",
)
NOT_ONE: Final = declare(
    "edge.picture-unknown",
    Kind.MALFORMED,
    zh="这不是 JPEG 或 PNG 图片，没有打开它。",
    en="This is not a JPEG or PNG picture; it was not opened.",
)
CUT: Final = declare(
    "edge.picture-cut",
    Kind.MALFORMED,
    zh="图片不完整，请重新拍摄或扫描。",
    en="The picture is cut off; please take or scan it again.",
)
BROKEN: Final = declare(
    "edge.picture-broken",
    Kind.MALFORMED,
    zh="图片损坏，无法打开，请重新拍摄或扫描。",
    en="The picture is damaged and cannot be opened; please take or scan it again.",
)
HEAVY: Final = declare(
    "edge.picture-heavy",
    Kind.LIMITED,
    zh="图片文件超过 16 MB，请用较小的图片。",
    en="The picture's file is larger than 16 MB; please use a smaller one.",
)
MANY: Final = declare(
    "edge.picture-pixels",
    Kind.LIMITED,
    zh="图片像素太多，没有打开它。相机拍的 JPEG 最多 5200 万，渐进式 JPEG 1600 万，PNG 2500 万。",
    en="The picture has too many pixels; it was not opened. At most 52 million for a camera's JPEG, 16"
    " million for a progressive one, 25 million for a PNG.",
)
BOMB: Final = declare(
    "edge.picture-bomb",
    Kind.INVALID,
    zh="这个文件打开后会大得反常，没有打开它。",
    en="This file would grow out of all proportion when opened; it was not opened.",
)
DARK: Final = declare(
    "edge.picture-dark",
    Kind.INVALID,
    zh="镜头被遮住了，或太暗。没有留下画面；请移开遮挡再拍，或直接输入。",
    en="The lens is covered, or it is too dark. No picture was kept; clear it and take again, or type.",
)
NO_LENS: Final = declare(
    "edge.no-lens",
    Kind.ABSENT,
    zh="这台电脑没有登记摄像头，请上传图片，或直接输入；登记：liangming edge camera bind。",
    en="No camera is bound to this computer: send a picture, or type. To bind one: liangming edge camera"
    " bind.",
)
NO_SCANNER: Final = declare(
    "edge.no-scanner",
    Kind.ABSENT,
    zh="没有扫描仪可用：安装 scanimage（Debian 的 sane-utils），再用 edge run --station --scanner 名称。请上传图片，或直接输入。",
    en="There is no scanner here: install scanimage (Debian's sane-utils) and run edge run --station --scanner"
    " NAME. Send a picture, or type.",
)
SCANNER_NAME: Final = declare(
    "edge.scanner-name",
    Kind.INVALID,
    zh="这不是扫描仪的名称，请照 scanimage -L 列出的写。",
    en="This is no scanner's name; write it as scanimage -L lists it.",
)
SCANNER_AFAR: Final = declare(
    "edge.scanner-afar",
    Kind.INVALID,
    zh="证件图片不经过网络：请用接在这台电脑上的扫描仪。",
    en="Pictures of documents do not cross a network: please use a scanner on this computer's own bus.",
)
SCANNER_LOST: Final = declare(
    "edge.scanner-lost",
    Kind.OUTAGE,
    zh="扫描仪没有给出一页：看看有没有开机、盖好、被别的程序占用。也可以上传图片，或直接输入。",
    en="The scanner gave no page: see that it is on, shut, and not used by another program. You can send a"
    " picture, or type.",
)
SMALL: Final = declare(
    "edge.picture-small",
    Kind.INVALID,
    zh="图片太小，看不清字，请靠近一些重拍。",
    en="The picture is too small to read; please come closer.",
)
FORM: Final = declare(
    "edge.upload-unreadable",
    Kind.MALFORMED,
    zh="上传的内容无法读取，请从这一页重新上传。",
    en="What was sent cannot be read; please send it from this page again.",
)
ENDED: Final = declare(
    "edge.reading-ended",
    Kind.OUTAGE,
    zh="识读没有完成，图片没有留下。请重拍，或直接输入。",
    en="Reading did not come to an end; the picture is gone. Please take it again, or type.",
)
NOTHING: Final = declare(
    "edge.nothing-read",
    Kind.INVALID,
    zh="没有读出证件上的字段，请重拍或直接输入。",
    en="No field of a document could be read; please take it again, or type.",
)
