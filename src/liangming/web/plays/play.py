"""What a play tells, and how it keeps count of what must be."""

from __future__ import annotations

from dataclasses import dataclass

from liangming.check import Opening, Premises, open_check
from liangming.check.journey import choose, show_notice
from liangming.check.states import State
from liangming.law.words import Method
from liangming.scene.model import Text


@dataclass(frozen=True, slots=True)
class Play:
    """One incident, played.

    Attributes:
        incident: ``"N1"`` and so on.
        steps: what happened here, in order.
        held: every expectation was met by the real states.
    """

    incident: str
    title: Text
    steps: tuple[Text, ...]
    outcome: Text
    prevented: Text
    citations: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class Story:
    """An incident as it was reported, and where a visitor can try it by hand."""

    incident: str
    title: Text
    happened: Text
    scene: str


class Count:
    """Steps as they happen, each with whether it was as it must be."""

    def __init__(self) -> None:
        self._steps: list[Text] = []
        self._held = True
        self._citations: dict[str, None] = {}

    def step(self, zh: str, en: str, *, as_it_must: bool = True) -> None:
        """One step; ``as_it_must`` is an expectation on real states, never a wish."""
        self._steps.append(Text(zh, en))
        self._held = self._held and as_it_must

    def cite(self, *citations: str) -> None:
        """Articles that decided."""
        self._citations.update(dict.fromkeys(citations))

    def told(self, story: Story, outcome: Text, prevented: Text) -> Play:
        """The play, complete."""
        return Play(
            story.incident,
            story.title,
            tuple(self._steps),
            outcome,
            prevented,
            tuple(self._citations),
            self._held,
        )


async def chosen(premises: Premises, scene: str, method: Method, by: str = "person") -> State:
    """Open a check, show the notice, choose: what every visit begins with."""
    state = await open_check(premises, Opening(scene=scene))
    await show_notice(premises, state.about.id)
    return await choose(premises, state.about.id, method, by=by)
