"""A person's receipt for programs: what the page says, and the file that proves it.

Handed on to the person it belongs to. Holds nothing about who the person is.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from liangming.api.answers import (
    GroundWord,
    Kept,
    MethodWord,
    OutcomeWord,
    ReasonWord,
    Time,
    kept_of,
    open_words,
    verdict,
)
from liangming.api.call import Call
from liangming.api.language import Language
from liangming.api.law import Citation
from liangming.api.lobby import Lobby
from liangming.api.problem import Texts
from liangming.api.reply import JSON, Reply, ok
from liangming.api.steps import own
from liangming.check.receipt import (
    SUFFIX,
    Camera,
    Part,
    Seen,
    camera_told,
    code_of,
    encode_receipt,
    in_the_log,
    make_receipt,
)
from liangming.clock import rfc3339
from liangming.scene.model import Scene

CameraWord = Annotated[str, open_words(Camera, "What is proven about a camera; no more is said.")]


class CameraAnswer(msgspec.Struct, frozen=True):
    """What is proven about cameras.

    ``no-device`` where none with a camera was enrolled; ``none-taken`` where every device that stood there
    signed that it took no frame; ``counted`` with the frames that devices signed; ``not-counted`` where
    one stood there and gave no count that covers the check, so that nothing is claimed; ``unknown`` for checks from before this was recorded.
    """

    said: CameraWord
    frames_taken: int | None
    frames_kept: int | None


class ReceiptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the person takes away. Holds nothing about who they are.

    Attributes:
        code: the receipt code; whoever holds it reaches the receipt, so give it to the person only.
        page: the page of the receipt.
        offered: every way that was offered, in the order of the page.
        chosen: every choice in order; a change of mind adds one.
        camera: what is proven about cameras.
        in_log: the log has all of it: the file can be had.
        rights: where to ask, correct, erase, withdraw.
        complaints: where to complain.
    """

    id: str
    language: Language
    code: str
    page: str
    outcome: OutcomeWord | None
    reason: ReasonWord | None
    text: str
    citations: tuple[Citation, ...]
    grounds: tuple[GroundWord, ...]
    demands: dict[str, str]
    offered: tuple[MethodWord, ...]
    chosen: tuple[MethodWord, ...]
    declined: tuple[MethodWord, ...]
    notice: str
    kept: Kept | None
    camera: CameraAnswer
    in_log: bool
    rights: Texts
    complaints: Texts
    opened_at: Time
    ended_at: Time | None


async def read_receipt(lobby: Lobby, call: Call) -> Reply:
    """What the receipt says."""
    state = await own(lobby, call)
    about, journey = state.about, state.journey
    said = verdict(state, call.language)
    code = code_of(lobby.premises.keys.token, about.id)
    scene = lobby.premises.scenes.get(about.scene)
    rights, complaints = _turn_to(scene)
    leaves = await lobby.premises.store.leaves(about.id)
    seen = await camera_told(lobby.premises, about.id, leaves)
    return ok(
        ReceiptAnswer(
            id=about.id,
            language=call.language,
            code=code,
            page=lobby.settings.receipt.replace("{code}", code),
            outcome=said.outcome,
            reason=said.reason,
            text=said.text,
            citations=lobby.citer.cite(said.citations, call.language),
            grounds=said.grounds,
            demands=about.demands,
            offered=tuple(offer.method.value for offer in about.offers),
            chosen=tuple(method.value for method in journey.chosen),
            declined=tuple(method.value for method in journey.declined),
            notice=about.notice,
            kept=kept_of(lobby, state),
            camera=_camera(seen),
            in_log=await in_the_log(lobby.premises, about.id),
            rights=rights,
            complaints=complaints,
            opened_at=rfc3339(about.opened_at),
            ended_at=rfc3339(said.ended_at) if said.ended_at else None,
        ),
        call.language,
    )


async def receipt_file(lobby: Lobby, call: Call) -> Reply:
    """The file, byte for byte as it is verified."""
    return await _file(lobby, call, Part.CHECK)


async def consent_file(lobby: Lobby, call: Call) -> Reply:
    """The file of the consent to a face alone."""
    return await _file(lobby, call, Part.CONSENT)


async def _file(lobby: Lobby, call: Call, part: Part) -> Reply:
    state = await own(lobby, call)
    made = await make_receipt(lobby.premises, state.about.id, part)
    name = f'attachment; filename="{code_of(lobby.premises.keys.token, state.about.id)}{SUFFIX}"'
    headers = ((b"content-disposition", name.encode()),)
    return Reply(200, encode_receipt(made), JSON, headers=headers)


def _camera(seen: Seen) -> CameraAnswer:
    return CameraAnswer(seen.camera.value, seen.taken, seen.kept)


def _turn_to(scene: Scene | None) -> tuple[Texts, Texts]:
    if scene is None:
        return Texts("", ""), Texts("", "")
    rights = scene.withdrawal or scene.operator.contact
    complaints = scene.operator.complaints or scene.operator.contact
    return Texts(rights.zh, rights.en), Texts(complaints.zh, complaints.en)
