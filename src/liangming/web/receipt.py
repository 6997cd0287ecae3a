"""The receipt (回执): what was asked and why, what is kept until when, what comes next.

Reached by its own code, which the check's id does not give away. The page stands at once; its proof
follows when the log has the check, usually within a second, as files that anyone verifies offline.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.check.opening import leaf_key_of
from liangming.check.receipt import (
    SUFFIX,
    Camera,
    Part,
    camera_told,
    check_of,
    encode_receipt,
    in_the_log,
    make_receipt,
    tlog_proofs,
)
from liangming.check.receipt.make import told
from liangming.check.states import (
    Abandoned,
    Expired,
    Passed,
    Refused,
    State,
)
from liangming.clock import from_micros
from liangming.errors import Misuse
from liangming.law.article_number import in_english
from liangming.law.words import Method
from liangming.ledger import event_kinds
from liangming.notice import Notice
from liangming.scene import FIELDS
from liangming.scene.model import Scene, Text
from liangming.web.cited import cited
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.outcomes import GROUNDS, demanded, kept_words, outcome
from liangming.web.page import page
from liangming.web.qr import drawn
from liangming.web.visit import state_of
from liangming.web.ways import NAMES

FINISHED: Final = (Passed, Refused, Expired, Abandoned)
CAMERA: Final = {
    Camera.NO_DEVICE: Text(
        "这里没有登记带摄像头的终端；没有登记的摄像头，存证无从得知",
        "No device with a camera is enrolled here; of a camera that nobody enrolled the log knows nothing",
    ),
    Camera.NONE_TAKEN: Text(
        "这里每台带摄像头的终端都签名说明：这次查验期间没有取过一帧画面",
        "Every device with a camera here signed that it took no frame during this check",
    ),
    Camera.COUNTED: Text(
        "终端签名：这次查验期间取了 {taken} 帧，保留 {kept} 帧",
        "The device signed: {taken} frames taken during this check, {kept} kept",
    ),
    Camera.NOT_COUNTED: Text(
        "这里登记有带摄像头的终端；本回执没有它签名的计数，是否拍摄不作断言",
        "A device with a camera is enrolled here; this receipt holds no count it signed, so nothing is claimed",
    ),
    Camera.UNKNOWN: Text("这次查验没有记录", "Not recorded for this check"),
}
_GIVEN: Final = "check:consent:given"


async def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One receipt; an unfinished check leads back to where it stands."""
    house = house_of(request)
    check = check_of(house.premises.keys.token, code)
    state = await state_of(house, check)
    over = house.premises.clock.now() >= state.about.expires_at
    if not isinstance(state, FINISHED) and not over:
        return HttpResponseRedirect(f"/c/{check}")
    scene = house.premises.scenes.get(state.about.scene)
    about = state.about
    corpus = house.premises.corpus
    own: tuple[str, ...] = getattr(state, "citations", ())
    context = {
        "scene": scene,
        "about": about,
        "code": code,
        "result": outcome(state),
        "asked": demanded(state),
        "grounds": [GROUNDS[g] for g in about.grounds if g in GROUNDS],
        "articles": cited(corpus, (*about.citations, *own), 6),
        "offered": [NAMES[o.method] for o in about.offers],
        "chosen": _names(state.journey.chosen),
        "declined": _names(state.journey.declined),
        "kept": kept_words(state),
        "terms": _terms(house, scene, state),
        "keep_until": getattr(state, "keep_until", None),
        "notice": (notice := _notice(house, scene, state)),
        "approved": _approved(house, scene, notice),
        "qr": drawn(where(house, check)),
        **await _evidence(house, check),
    }
    return page(request, "receipt.html", context)


def _notice(house: House, scene: Scene | None, state: State) -> Notice | None:
    """The notice that was shown; where its scene changed since, none can be composed."""
    shown = state.journey.notice
    if scene is None:
        return None
    digest = state.about.notice if shown is None else shown.digest
    every = house.premises.every_notice(scene)
    return next((told.notice for told in every if told.digest == digest), None)


def _approved(house: House, scene: Scene | None, notice: Notice | None) -> datetime | None:
    """When two people approved these sentences; None for a wording of the release."""
    if scene is None or notice is None:
        return None
    editions = house.premises.shelf.of(scene.operator.id, notice.family)
    return next((e.approved_at for e in editions if e.wording.version == notice.wording), None)


async def file(request: HttpRequest, code: str, part: str = Part.CHECK) -> HttpResponse:
    """The receipt as a file, or its consent alone."""
    made = await make_receipt(*_asked(request, code), Part(part))
    name = f"{code}-consent" if made.part is Part.CONSENT else code
    return _download(encode_receipt(made), f"{name}{SUFFIX}", "application/json")


async def proof(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The proof of one event, for software of others."""
    proofs = tlog_proofs(await make_receipt(*_asked(request, code)))
    if number >= len(proofs):
        raise Misuse(NOT_FOUND)
    return _download(proofs[number], f"{code}-{number}.tlog-proof", "text/plain; charset=utf-8")


def where(house: House, check: str) -> str:
    """What a receipt's QR holds: its address, or the code alone where that is not known."""
    path = house.receipt(check)
    return house.address + path if house.address else path.removeprefix("/r/")


def unfinished(state: State) -> bool:
    """Whether something can still happen."""
    return not isinstance(state, FINISHED)


def _asked(request: HttpRequest, code: str) -> tuple[Any, str]:
    premises = house_of(request).premises
    return premises, check_of(premises.keys.token, code)


def _download(data: bytes, name: str, media: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


async def _evidence(house: House, check: str) -> dict[str, Any]:
    """Whether files can be had now, and the events that they prove."""
    premises = house.premises
    row = await premises.store.check(check)
    leaves = told(await premises.store.leaves(check), Part.CHECK)
    if premises.record is None or row is None:
        file = "none"
    elif await leaf_key_of(premises, row) is None:
        file = "erased"
    else:
        file = "ready" if await in_the_log(premises, check) else "soon"
    words = {kind.tag: Text(kind.zh, kind.en) for kind in event_kinds()}
    seen = await camera_told(premises, check, leaves)
    said = CAMERA[seen.camera]
    return {
        "camera": Text(
            said.zh.format(taken=seen.taken, kept=seen.kept),
            said.en.format(taken=seen.taken, kept=seen.kept),
        ),
        "file": file,
        "events": [(words[leaf.tag], from_micros(leaf.at)) for leaf in leaves],
        "consented": any(leaf.tag == _GIVEN for leaf in leaves),
    }


def _terms(house: House, scene: Scene | None, state: State) -> list[Text]:
    """Each field that is kept, with its days and article."""
    if scene is None or not isinstance(state, Passed):
        return []
    words = []
    for kept in scene.retention:
        if kept.field not in state.fields:
            continue
        field = FIELDS[kept.field]
        [article] = cited(house.premises.corpus, (kept.article,)) or [None]
        source = Text(kept.article, kept.article)
        if article is not None:
            source = Text(
                f"《{article.instrument_zh}》{article.number}",
                f"{article.instrument_en} {in_english(article.number)}",
            )
        words.append(
            Text(
                f"{field.zh}：最多 {kept.days} 天，{source.zh}",
                f"{field.en.capitalize()}: {kept.days} days at most, {source.en}",
            )
        )
    return words


def _names(methods: tuple[Method, ...]) -> list[Text]:
    return [NAMES[m] for m in dict.fromkeys(methods)]
