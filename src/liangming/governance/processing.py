"""The register of processing (个人信息处理情况记录): what the system knows, and what the officer adds.

Purposes, grounds, fields, ways, notices in force, terms and devices come from the scenes as they run
today; processors and recipients from the contracts that stand today, the same list that people see;
transfers abroad and the like are asked. A version is what two people signed; the page shows when
scenes or contracts have moved on since.

Law: pipl.55, pipl.56 (records of processing, three years), pipl.21, pipl.23, pipl.51, pipl.52
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from liangming.clock import china_date, from_micros, rfc3339
from liangming.docket.clocks import end_of, last_day
from liangming.errors import Kind as FaultKind
from liangming.errors import Misuse, declare
from liangming.governance import parties
from liangming.governance.duty import Duty, Kind
from liangming.governance.parties import Party, Role
from liangming.governance.parties.states import ROLES
from liangming.governance.press import (
    Paper,
    Part,
    Tongue,
    head,
    line,
    quiet,
    said,
    sign_here,
    table,
)
from liangming.governance.signed import Sheet, digest_of, last_signed, put_forward
from liangming.law.words import SceneKind
from liangming.notice import FACE
from liangming.rights import RightsDesk
from liangming.scene import FIELDS
from liangming.scene.model import Scene, Text

KIND: Final = "register"
FIRST_DAYS: Final = 30
MONTHS: Final = 12  # to look at it again; ours
LONGEST: Final = 600
ADDITIONS: Final = {
    "officer": Text("个人信息保护负责人（岗位）和公开的联系方式", "Officer (role) and published contact"),
    "abroad": Text("是否向境外提供", "Whether anything goes abroad"),
    "elsewhere": Text("其他系统里的处理（本系统不知道的）", "Processing in other systems (unknown here)"),
    "measures": Text("管理和技术措施的补充", "Further measures"),
}  # fmt: skip
"""What only people know, in the order in which it is asked."""
_FORMERLY: Final = {
    "recipients": Text("提供给谁、为什么、凭什么", "Provided to whom, why, on which ground"),
    "processors": Text("委托谁处理什么", "Who processes what on our behalf"),
}
"""Asked in words before contracts were read; still printed where an old version says it."""
TOO_LONG: Final = declare(
    "governance.addition-unfit",
    FaultKind.INVALID,
    zh="每项最多 600 字；没有的也请写“没有”。",
    en="Each takes at most 600 characters; where there is none, say so.",
)
_STORED: Final = Text(
    "登记封存在本系统的数据库，每人一把密钥；人脸只在终端内，中心没有接口、表和日志可以存放；存证只有承诺值。",
    "Registrations are sealed in this database under one key for each person; a face stays in the device, and the"
    " centre has no door, table or log for it; the log holds commitments only.",
)


async def known(desk: RightsDesk, operator: str) -> dict[str, Any]:
    """What the system knows now, as data."""
    premises = desk.premises
    now = premises.clock.now()
    scenes = sorted(
        (s for s in premises.scenes.values() if s.operator.id == operator), key=lambda s: s.id
    )
    return {
        "operator": operator,
        "entries": [_entry(desk, scene, now) for scene in scenes],
        "parties": [
            _party(each)
            for each in await parties.listed(desk, operator)
            if each.stands(china_date(now))
        ],
        "sources": sorted(
            type(source).__name__
            for source in (
                premises.sources.credential,
                premises.sources.entitlement,
                premises.sources.agreement,
            )
            if source is not None
        ),
    }


def _entry(desk: RightsDesk, scene: Scene, now: datetime) -> dict[str, Any]:
    face = any(method.is_face for method in scene.methods)
    names = ["", FACE] if face else [""]
    return {
        "scene": scene.id,
        "kind": scene.kind.value,
        "channel": scene.channel.value,
        "outlet": scene.outlet.id,
        "purpose": {"zh": scene.purpose.zh, "en": scene.purpose.en},
        "grounds": _grounds(scene, face=face),
        "fields": list(scene.fields),
        "sensitive": face,
        "ways": [method.value for method in scene.methods],
        "kept": [
            {"field": kept.field, "days": kept.days, "article": kept.article}
            for kept in scene.retention
        ],
        "notices": [desk.premises.notice(scene, name, at=now).notice.version for name in names],
        "devices": len(desk.premises.devices_at(scene.id)),
    }


def _party(party: Party) -> dict[str, Any]:
    terms = party.terms
    return {
        "id": party.id,
        "name": terms.name,
        "role": terms.role.value,
        "purpose": terms.purpose,
        "way": terms.way,
        "fields": list(terms.fields),
        "contract": terms.contract,
        "assessment": terms.assessment,
        "since": terms.since.isoformat(),
        "until": terms.until.isoformat(),
        "subcontracts": terms.subcontracts,
    }


def _grounds(scene: Scene, *, face: bool) -> list[str]:
    sends = scene.kind.sends and scene.kind is not SceneKind.SEND_LETTER
    return [
        *(["statutory-duty"] if sends else ["contract"]),
        *(["separate-consent"] if face else []),
    ]


async def draft(desk: RightsDesk, operator: str, additions: Mapping[str, str], *, by: str) -> Sheet:
    """Put a version forward, with what the officer adds.

    Raises:
        Misuse: ``governance.addition-unfit``, naming the field.
    """
    told = {}
    for name in ADDITIONS:
        text = " ".join(additions.get(name, "").split())
        if not 0 < len(text) <= LONGEST:
            raise Misuse(TOO_LONG, field=name)
        told[name] = text
    body = {"known": await known(desk, operator), "added": told}
    return await put_forward(desk, KIND, operator, body, by=by)


async def moved_on(desk: RightsDesk, sheet: Sheet) -> bool:
    """Whether scenes or contracts are no longer as a version says."""
    return digest_of(sheet.body["known"]) != digest_of(await known(desk, sheet.operator))


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """A register that was never signed, that moved on, or whose year is over."""
    born = china_date(from_micros(desk.premises.keys.wrapping[0].made))
    made = []
    for operator in sorted({s.operator.id for s in desk.premises.scenes.values()}):
        sheet = await last_signed(desk, KIND, operator)
        title = Text("处理情况记录：签第一份", "Register of processing: sign the first")
        due = end_of(born + timedelta(days=FIRST_DAYS))
        if sheet is not None and sheet.signed_at is not None:
            due = end_of(last_day(china_date(sheet.signed_at), MONTHS, "months"))
            title = Text("处理情况记录：每年看一次", "Register of processing: look at it yearly")
            if await moved_on(desk, sheet):
                title = Text(
                    "处理情况记录：场景或合同变了，重新签",
                    "Register of processing: scenes or contracts moved on; sign anew",
                )
        made.append(
            Duty(
                id=f"register/{operator}",
                kind=Kind.REGISTER,
                title=title,
                owner="privacy-officer",
                due=due,
                article="pipl.56",
                late=Text(
                    "处理情况没有可以交出的记录", "There is no record of processing to hand in"
                ),
                do=f"/desk/register?operator={operator}",
                operator=operator,
                standard=True,
            )
        )
    return made


def paper(sheet: Sheet, tongue: Tongue) -> Paper:
    """The version as a document."""
    zh = tongue == "zh"
    known_, added = sheet.body["known"], sheet.body["added"]
    parts = [head("处理活动" if zh else "Processing")]
    rows = [
        [
            e["scene"],
            e["purpose"][tongue],
            "、".join(_field(name, tongue) for name in e["fields"]) or "—",
            "、".join(_GROUNDS[g][0 if zh else 1] for g in e["grounds"]),
            "；".join(
                f"{_field(k['field'], tongue)} {k['days']}d {k['article']}" for k in e["kept"]
            )
            or "—",
            "、".join(e["notices"]),
            str(e["devices"]),
        ]
        for e in known_["entries"]
    ]
    names = (
        ("场景", "目的", "种类", "依据", "期限与条文", "告知", "终端")
        if zh
        else ("Scene", "Purpose", "Data", "Ground", "Kept, article", "Notice", "Devices")
    )
    parts.append(table((1.6, 1.6, 1.4, 1.2, 2, 1.2, 0.6), names, rows))
    parts += [
        head("受托方和接收方" if zh else "Processors and recipients"),
        *_parties(known_.get("parties", []), tongue),
        head("存放" if zh else "Storage"),
        line(said(_STORED, tongue)),
        line(("来源：" if zh else "Sources: ") + ("、".join(known_["sources"]) or "—")),
        head("负责人补充" if zh else "Added by the officer"),
        table(
            (1, 2.4),
            ("项目", "内容") if zh else ("Item", "Said"),
            [
                [said(words, tongue), added[name]]
                for name, words in (*ADDITIONS.items(), *_FORMERLY.items())
                if name in added
            ],
        ),
        quiet(_signatures(sheet, zh=zh)),
        sign_here(tongue),
    ]
    return Paper(
        title="个人信息处理情况记录" if zh else "Register of processing",
        opening=sheet.operator,
        facts=(sheet.id, f"SHA-256 {sheet.digest[:16]}…", rfc3339(sheet.at)[:16].replace("T", " ")),
        parts=tuple(parts),
        tongue=tongue,
        made_at=sheet.at,
    )


def _parties(rows: list[dict[str, Any]], tongue: Tongue) -> list[Part]:
    zh = tongue == "zh"
    if not rows:
        none = (
            "没有受托方，也没有接收方。" if zh else "Nobody processes for us, and nobody receives."
        )
        return [line(none)]
    names = (
        ("名称", "角色", "目的和方式", "种类", "合同、评估", "起止")
        if zh
        else ("Name", "Role", "Purpose, way", "Data", "Contract, assessment", "From, to")
    )
    cells = [
        [
            each["name"],
            said(ROLES[Role(each["role"])], tongue),
            f"{each['purpose']}；{each['way']}",
            "、".join(_field(name, tongue) for name in each["fields"]),
            f"{each['contract']}；{each['assessment']}",
            f"{each['since']} – {each['until']}",
        ]
        for each in rows
    ]
    return [table((1.4, 0.9, 2, 1.2, 1.4, 1.3), names, cells)]


def _signatures(sheet: Sheet, *, zh: bool) -> str:
    if sheet.signed_at is None:
        return "尚未签字，只是草稿。" if zh else "Not signed: a draft only."
    signed = rfc3339(sheet.signed_at)[:16].replace("T", " ")
    both = f"{sheet.by} + {sheet.signed_by} · {signed}"
    return ("两人签字：" if zh else "Signed by two: ") + both


def _field(name: str, tongue: Tongue) -> str:
    word = FIELDS.get(name)
    return name if word is None else said(word, tongue)


_GROUNDS: Final = {
    "statutory-duty": ("法定职责", "statutory duty"),
    "contract": ("合同所必需", "contract"),
    "separate-consent": ("单独同意", "separate consent"),
}
