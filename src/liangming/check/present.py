"""Show the evidence for the chosen way."""

from __future__ import annotations

from datetime import datetime

from liangming import consent as consents
from liangming import method as shown
from liangming.check import faults, moves
from liangming.check.desk import Remember, held, move, scene_of
from liangming.check.examine import examine
from liangming.check.examined import Examined, Sitting
from liangming.check.ports import MOVED_ON, PersonRow
from liangming.check.premises import Premises
from liangming.check.settle import settle
from liangming.check.states import Chosen, Consented, Opened, State
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.law.words import Method
from liangming.notice import FACE
from liangming.scene.model import Scene


async def present(
    premises: Premises,
    check_id: str,
    evidence: shown.Evidence,
    *,
    remember: Remember | None = None,
) -> State:
    """Look at the evidence, decide, register, and make it all durable at once.

    Returns:
        Passed, Refused, or Undetermined (another way stays open).

    Raises:
        Misuse: nothing was chosen, the evidence does not fit or is malformed; nothing changed.
        Refusal: a code that was used or has expired; nothing changed.

    Law: courier.23, express.26
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    moves.must_be_unfinished(before.state, at)
    scene = scene_of(premises, before.state.about.scene)
    method = chosen(before.state)
    _must_stand(premises, scene, before.state, at)
    sitting = Sitting(premises, scene, before.state, method, at, china_date(at))
    examined = await examine(sitting, evidence)
    known = await registration(premises, examined)
    settled = settle(sitting, examined, known)
    try:
        return await move(premises, before, settled.moved, at, kept=settled.kept, remember=remember)
    except Misuse as late:
        now = await registration(premises, examined) if late.code is MOVED_ON else known
        if now == known:
            raise
        # Another counter registered the person, or an erasure came, between the read and the
        # commit. Nothing was written; what was examined still holds.
        settled = settle(sitting, examined, now)
    return await move(premises, before, settled.moved, at, kept=settled.kept, remember=remember)


def _must_stand(premises: Premises, scene: Scene, state: State, at: datetime) -> None:
    """A consent given under another purpose, method or type does not count: ask anew.

    Raises:
        Misuse: ``consent.notice-superseded``.

    Law: pipl.14
    """
    if isinstance(state, Consented) and not consents.covers(
        state.journey.consent,
        purpose=moves.FACE_PURPOSE,
        notice=premises.notice_of(scene, state.about.opened_at, FACE, at=at).digest,
        device=state.device,
        at=at,
    ):
        raise Misuse(consents.NOTICE_SUPERSEDED, citations=("pipl.14",))


def chosen(state: State) -> Method:
    """The way whose evidence may be shown now.

    Raises:
        Misuse: none was chosen yet, or the face was chosen without consent.
    """
    match state:
        case Consented():
            return Method.FACE
        case Chosen(method=method):
            if method.is_face:
                raise Misuse(faults.CONSENT_FIRST, citations=("pipl.29",))
            return method
        case Opened():
            raise Misuse(faults.NOTICE_FIRST, citations=("pipl.17",))
        case _:
            raise Misuse(faults.CHOOSE_FIRST)


async def registration(premises: Premises, examined: Examined) -> PersonRow | None:
    """The registration under the index that the evidence leads to."""
    if examined.person is None:
        return None
    return (await premises.store.persons([examined.person])).get(examined.person)
