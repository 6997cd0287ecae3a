"""Recommended national standards (推荐性国家标准): not law, always shown as such.

Only clause numbers that were seen are used; elsewhere a word stands in. No rule of a standard bars
anything: a standard is cited beside a law, or gives advice.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, demand
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

_NOTE_ZH: Final = "推荐性标准，不是法律。"
_NOTE_EN: Final = "A recommended standard, not law."


def _standard(name: str, number: str, zh: str, en: str, day: date) -> Instrument:
    return Instrument(
        id=name, zh=zh, en=en, number=number, rank=Rank.STANDARD, address="", force=Span(day),
        note_zh=_NOTE_ZH, note_en=_NOTE_EN,
    )  # fmt: skip


SECURITY: Final = _standard(
    "gbt35273",
    "GB/T 35273-2020",
    "信息安全技术 个人信息安全规范",
    "Personal information security specification",
    date(2020, 10, 1),
)
ASSESSING: Final = _standard(
    "gbt39335",
    "GB/T 39335-2020",
    "信息安全技术 个人信息安全影响评估指南",
    "Guide for personal information security impact assessment",
    date(2021, 6, 1),
)
FACES: Final = _standard(
    "gbt41819",
    "GB/T 41819-2022",
    "信息安全技术 人脸识别数据安全要求",
    "Security requirements of face recognition data",
    date(2023, 5, 1),
)
SENSITIVE: Final = _standard(
    "gbt45574",
    "GB/T 45574-2025",
    "数据安全技术 敏感个人信息处理安全要求",
    "Security requirements for processing sensitive personal information",
    date(2025, 11, 1),
)
CONSENTING: Final = _standard(
    "gbt42574",
    "GB/T 42574-2023",
    "信息安全技术 个人信息处理中告知和同意的实施指南",
    "Guide to notice and consent in personal information processing",
    date(2023, 12, 1),
)
REMOTE: Final = _standard(
    "gbt38671",
    "GB/T 38671-2020",
    "信息安全技术 远程人脸识别系统技术要求",
    "Technical requirements for remote face recognition systems",
    date(2020, 11, 1),
)
BIOMETRIC: Final = _standard(
    "gbt40660",
    "GB/T 40660-2021",
    "信息安全技术 生物特征识别信息保护基本要求",
    "General requirements for biometric information protection",
    date(2022, 5, 1),
)

_security = Sheet(SECURITY, Grade.A)
_assessing = Sheet(ASSESSING, Grade.B)
_faces = Sheet(FACES, Grade.B)
_sensitive = Sheet(SENSITIVE, Grade.B)
_consenting = Sheet(CONSENTING, Grade.B)
_remote = Sheet(REMOTE, Grade.B)
_biometric = Sheet(BIOMETRIC, Grade.C)
_UNREAD = ("条文未读，章条号未核实。", "Clauses not read; their numbers are not verified.")
_DEVICE = ("由终端程序保证；条号未核实。", "By the device program; clause number not verified.")

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        SECURITY,
        (
            _security("5.3", "不捆绑；以主动动作为开关；退出与加入一样容易；不频繁征求；不因拒绝而降低其他功能；不只以改善服务、安全为由。", "No bundling; an active act as switch; leaving as easy as joining; no frequent asking; no degrading for refusal; not only for better service or security.", Held.SCENE, Held.CONSTRUCTION, number="5.3", why=("由法律条文的规则守住，标准作旁证。", "Held by rules of law; the standard supports them.")),
            _security("5.4", "敏感信息明示同意；生物识别信息收集前单独告知目的、方式、范围和存储时间并取得明示同意。", "Explicit consent for sensitive data; biometric data: separate notice of purpose, method, scope, storage time, and explicit consent first.", Held.CHECK, number="5.4", why=("由个人信息保护法第二十九、三十条的规则守住。", "Held by the rules under PIPL 29 and 30.")),
            _security("6.1", "存储最短时间，到期删除或者匿名化。", "Shortest storage, then deletion or anonymising.", Held.DUTY, number="6.1", why=("由个人信息保护法第十九、四十七条的规则守住。", "Held by the rules under PIPL 19 and 47.")),
            _security(
                "6.3", "敏感信息加密；生物识别信息与身份信息分开存储；原则上不存原始图像，只存不可逆摘要，或者在采集终端使用，或者验证后删除。",
                "Encrypt; biometric apart from identity; in principle no raw image: irreversible digest, use on the terminal, or deletion after verifying.",
                Held.CONSTRUCTION, number="6.3",
                why=("中心没有人脸；终端比对后即忘。", "The centre has no face; the device compares and forgets."),
                rules=(
                    demand(
                        "gbt35273.6.3/apart", Question.CAPTURE, facts.method.one_of("face"),
                        "standard.storage", "apart-or-forgotten",
                        zh="推荐性标准：人脸与身份信息分开存放，或者验证后删除原始图像。",
                        en="Recommended standard: keep the face apart from identity, or delete the raw image after verifying.",
                    ),
                ),
            ),
            _security("8.4", "提供撤回方法，撤回后不再处理。", "A way to withdraw; no processing afterwards.", Held.CONSTRUCTION, number="8.4", why=("撤回即停止并删除。", "Withdrawal stops and deletes.")),
            _security("8.5", "注销在十五个工作日内办理，不为此多要信息。", "Closing an account within 15 working days, asking nothing more for it.", Held.CLOCK, number="8.5", why=("期限见191号第六组。", "The limit: the 2019 method, group VI.")),
            _security("8.7", "三十天内答复请求；拒绝的说明理由和投诉途径。", "Requests are answered within 30 days; refusals give reasons and a way to complain.", Held.CLOCK, number="8.7", why=("答复带着期限。", "An answer carries its date."), values=("answer_days",)),
            _security("9.2", "生物识别信息原则上不共享、转让；确需的单独告知并取得明示同意。", "Biometric data are in principle not shared; else separate notice and explicit consent.", Held.CONSTRUCTION, number="9.2", why=("没有共享人脸的接口。", "No interface shares a face.")),
            _security("9.4", "不公开披露生物识别信息。", "Biometric data are never published.", Held.CONSTRUCTION, number="9.4", why=("没有公开人脸的接口。", "No interface publishes a face.")),
            _security("10.1", "事件预案，每年至少一次演练和培训；记录发现的人、时间、地点、数据、系统。", "Incident plan, drill and training at least yearly; record who, when, where, data, system.", Held.CLOCK, number="10.1", why=("演练和培训带日期。", "Drills and training carry dates.")),
            _security("11.1", "二百人以上从业、一百万人以上信息或者十万人以上敏感信息的，设专职负责人和机构。", "Above 200 staff, a million persons or 100,000 persons' sensitive data: a dedicated officer and body.", Held.CLOCK, number="11.1", why=("标准的门槛，比法定的低，分开显示。", "The standard's threshold, below the legal one and shown apart.")),
        ),
    ),
    (
        ASSESSING,
        (
            _assessing("method", "影响分四个方面、四个等级；可能性四个等级；查表得风险。公开版说明必要性和好处、类型、例外、结果、措施、建议和联系方式。", "Impact in four dimensions and four levels; likelihood in four; a table gives risk. A public short version states necessity and benefit, types, exceptions, result, measures, advice, contact.", Held.CLOCK, number="", why=("评估表照此计算；所读为报批稿，附录字母可能有别，故不引条号。", "Assessments compute by it; the approval draft was read and annex letters may differ, so no clause is cited.")),
        ),
    ),
    (
        FACES,
        (
            _faces("prompts", "不因拒绝而拒绝无关功能；不频繁提示，举例为四十八小时内超过一次。", "No refusal of unrelated functions; no frequent prompts, for example more than one within 48 hours.", Held.CHECK, number="", why=_UNREAD, values=("consent_reask_hours",)),
            _faces("kinds", "区分人脸图像、人脸特征和人脸识别数据，分章规定收集、存储、使用、传输、提供、公开、删除。", "Separates image, feature and recognition data; chapters on collecting, storing, using, sending, providing, publishing, deleting.", Held.OUT, number="", why=_UNREAD),
        ),
    ),
    (
        SENSITIVE,
        (
            _sensitive("annex-a", "附录列举敏感信息，包括人脸；身份证照片属于敏感信息。", "An annex lists sensitive data, faces among them; a picture of an ID card is sensitive.", Held.CONSTRUCTION, number="附录A", why=("不收证件照片；所读为摘要。", "No picture of a document is taken; a summary was read.")),
            _sensitive("officer", "处理十万人以上敏感信息的指定负责人。", "At 100,000 persons' sensitive data an officer is named.", Held.CLOCK, number="", why=_UNREAD),
        ),
    ),
    (
        CONSENTING,
        (
            _consenting("levels", "一般告知、增强告知、即时提示；明示、单独、书面、一次性同意；留存同意的证据；不一揽子征求。", "General, enhanced and instant notice; explicit, separate, written, one-time consent; evidence is kept; no blanket asking.", Held.CONSTRUCTION, number="", why=_UNREAD),
        ),
    ),
    (
        REMOTE,
        (
            _remote("liveness", "先活体后比对，检查图像质量，抗重放，抵御照片、屏幕和面具，限制重试，清除残留。", "Liveness before matching, image quality, anti-replay, resistance to prints, screens and masks, a retry limit, clearing of residue.", Held.CONSTRUCTION, number="", why=_DEVICE),
            _remote("result", "只返回通过或者不通过，不返回分数。", "Only pass or fail is returned, no score.", Held.CONSTRUCTION, number="", why=_DEVICE),
        ),
    ),
    (
        BIOMETRIC,
        (
            _biometric("text", "生物特征识别信息保护的基本要求。", "General requirements for protecting biometric information.", Held.OPEN, number="", why=("全文未读。", "The text was not read.")),
        ),
    ),
)  # fmt: skip
