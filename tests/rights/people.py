"""People who were checked, and what they ask."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest
from tests.world import CARD, World, card

from liangming.check import Opening, open_check, present
from liangming.check.confirmed import face_message
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.docket.leaf_keys import opened_key
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.ledger import Event, commit
from liangming.method import FaceShown
from liangming.rights import Asking, Done, RightsDesk, ask
from liangming.rights.words import Right


@dataclass
class Desk:
    """The desk with the world behind it."""

    house: World
    desk: RightsDesk

    async def passed(self, number: str = CARD, scene: str = "demo.counter") -> tuple[str, bytes]:
        """A check that passed, and the index of whoever is registered behind it."""
        premises = self.house.premises
        check = (await open_check(premises, Opening(scene=scene))).about.id
        await show_notice(premises, check)
        await choose(premises, check, Method.DOCUMENT_SEEN)
        await present(premises, check, card(number))
        row = await premises.store.check(check)
        assert row is not None
        assert row.person is not None
        return check, row.person

    async def by_face(self) -> str:
        """A check that passed by face on the enrolled device."""
        premises = self.house.premises
        check = (await open_check(premises, Opening(scene="demo.face"))).about.id
        await show_notice(premises, check)
        await choose(premises, check, Method.FACE)
        await show_face_notice(premises, check, device="dev-1")
        state = await consent(premises, check, device="dev-1", age=30)
        signed = self.house.device_key.sign(face_message(check, state.nonce, "dev-1", "match"))
        shown = FaceShown(
            device="dev-1",
            outcome="match",
            nonce=state.nonce,
            signature=signed.hex(),
            document=card(),
        )
        await present(premises, check, shown)
        return check

    async def ask(self, check: str, right: Right, number: str = CARD, **more: object) -> Done:
        """Ask with the registered document."""
        asking = Asking(check=check, right=right, document="resident_card", number=number)
        return await ask(self.desk, msgspec.structs.replace(asking, **more))

    async def tags(self, record: str, *, closed: int = 0) -> list[str]:
        """The events of a record, each proven against its stored leaf.

        Args:
            record: its id.
            closed: how many of the first ones no key opens any more.
        """
        row = await self.desk.docket.get(record)
        assert row is not None
        key = await opened_key(self.house.premises, row)
        assert key is not None
        leaves = await self.house.premises.store.leaves(record)
        assert [leaf.number for leaf in leaves] == list(range(len(leaves)))
        for leaf in leaves:
            facts = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in msgspec.json.decode(leaf.facts).items()
            }
            event = Event(leaf.tag, leaf.at, leaf.check, facts)
            assert (commit(event, key, leaf.number) == leaf.leaf) is (leaf.number >= closed)
        return [leaf.tag for leaf in leaves]


async def code_of(awaitable: object) -> str:
    """The code of a failure."""
    with pytest.raises(LiangmingError) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value.code.name
