"""个人信息保护法, articles 44–50: what a person may ask."""

from __future__ import annotations

from typing import Final

from liangming.law import facts
from liangming.law.drafting import bar, demand, ground
from liangming.law.pipl_general import SHEET
from liangming.law.words import Ground as On
from liangming.law.words import Question
from liangming.rules import Held

_personal = facts.retention_kind.one_of("identity", "waybill")
_face = facts.retention_kind.one_of("face")
_ = SHEET

ARTICLES_RIGHTS: Final = (
    _(
        "44", "个人有权知情、决定，有权限制或者拒绝他人处理其信息，法律另有规定的除外。",
        "A person may know, decide, restrict and refuse, unless laws say otherwise.",
        Held.CONSTRUCTION, why=("每一步都能拒绝、改选和撤回。", "Every step can be declined, changed and withdrawn."),
    ),
    _(
        "45", "个人有权查阅、复制；请求转移且合乎条件的，应当提供途径。",
        "A person may consult and copy, and have data moved where the conditions are met.",
        Held.CLOCK, why=("及时提供；请求带着期限排队。", "Provided in time; a request carries its date."),
    ),
    _(
        "46", "信息不准确、不完整的，个人有权请求更正、补充。",
        "Inaccurate or incomplete information is verified, then corrected or completed.",
        Held.CLOCK, why=("更正另记一笔，不改旧证据。", "A correction is a new entry; old evidence stays."),
    ),
    _(
        "47",
        "目的已实现、停止服务、期限届满、撤回同意或者违法处理的，处理者主动删除；法定保存期未满或者技术上难以删除的，只存储、只保护。",
        "Purpose done, service stopped, term over, consent withdrawn or unlawful: the processor deletes unasked. While a statutory term runs or deletion is technically hard, only storing and protecting remain.",
        Held.DUTY, Held.CONSTRUCTION,
        why=("销毁个人的数据密钥，备份中的副本也不可读。", "Shredding the person's key makes copies in backups unreadable too."),
        rules=(
            bar(
                "pipl.47/purpose-done", Question.RETAIN,
                _personal & facts.purpose_done & ~facts.legal_hold, "retain.purpose-done",
                also=("pipl.19", "netdata.21"),
                zh="目的已经实现，法定保存期也已届满，应当主动删除。",
                en="The purpose is done and no statutory term runs: delete unasked.",
                mend_zh="销毁此人的数据密钥。", mend_en="Shred this person's data key.",
            ),
            bar(
                "pipl.47/face-done", Question.RETAIN, _face & facts.purpose_done,
                "retain.purpose-done", also=("pipl.15", "face.8"),
                zh="目的已经实现或者同意已撤回，人脸信息应当删除。",
                en="The purpose is done or consent withdrawn: the face is deleted.",
                mend_zh="由终端删除该人脸信息。", mend_en="Let the device delete the face.",
            ),
            ground(
                "pipl.47/hold", Question.RETAIN, _personal & facts.legal_hold, On.STATUTORY_DUTY,
                zh="法定保存期未满。", en="A statutory term still runs.",
            ),
            demand(
                "pipl.47/stored-only", Question.RETAIN,
                _personal & facts.legal_hold & facts.purpose_done, "storage", "stored-only",
                zh="只存储并采取保护措施，不作其他处理。",
                en="Stored and protected only; no other processing.",
            ),
        ),
    ),
    _(
        "48", "个人有权要求解释处理规则。", "A person may have the rules explained.",
        Held.CONSTRUCTION, why=("每项要求都附目的、依据和条文，可以当面念出。", "Every demand carries purpose, ground and article, to be read out."),
    ),
    _(
        "49", "自然人死亡的，近亲属可为自身合法、正当利益行使查阅、复制、更正、删除等权利，本人生前另有安排的除外。",
        "After death close relatives may, for their own lawful interest, exercise these rights, unless arranged otherwise.",
        Held.CLOCK, why=("由工作人员核对亲属关系后办理。", "Staff handle it after checking the kinship."),
    ),
    _(
        "50", "建立便捷的受理机制；拒绝请求的说明理由；个人可以起诉。",
        "An easy way to ask; refusals give reasons; the person may sue.",
        Held.CLOCK, why=("拒绝须选理由并写一句话，连同救济途径发给本人。", "A refusal needs a reason in words and names the remedy."),
    ),
)  # fmt: skip
