"""What to do first: a handful of steps, so that the first page is enough for five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.audit.report.content import Content, Visit
from liangming.audit.report.naming import scene_name, scene_seen, share_of
from liangming.audit.report.texts import say
from liangming.audit.statistics.words import ASKED, Tongue
from liangming.audit.summary import Told

FIRST_VISITS: Final = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        title: in a few words.
        text: why, and where more of it stands.
        visits: outlets to go to.
    """

    title: str
    text: str
    visits: tuple[Visit, ...] = ()


def steps(content: Content, tongue: Tongue) -> list[Step]:
    """The steps in the order of what they mend: scenes, outlets, channels, rows, silence."""
    found = _unread(content, tongue)
    if not content.outlets:
        return [*found, Step(say("do_empty", tongue), say("do_emptied", tongue))]
    found += [*_scene(content, tongue), *_visit(content, tongue)]
    if content.channels:
        told = say("do_channels", tongue).format(n=f"{len(content.channels):,}")
        found.append(Step(say("do_channel", tongue), told))
    found += _rows(content, tongue)
    blind = [one for one in content.hard if not one.tested]
    if blind:
        found.append(Step(say("do_ask", tongue), say("do_asked", tongue).format(n=len(blind))))
    return found


def shown_most(content: Content) -> list[Told]:
    """Hard findings that rows show, the largest part of those that can tell first."""
    shown = [one for one in content.hard if one.shown]
    return sorted(shown, key=lambda one: (-one.shown / one.tested, one.finding.code))


def _unread(content: Content, tongue: Tongue) -> list[Step]:
    many = len(content.read.told.files)
    if not many:
        return []
    return [Step(say("do_unread", tongue), say("do_unreads", tongue).format(n=f"{many:,}"))]


def _scene(content: Content, tongue: Tongue) -> list[Step]:
    if not content.judged.scenes:
        return []
    worst = max(content.judged.scenes, key=lambda scene: scene.low / scene.limit)
    _, seen = scene_seen(worst, tongue)
    name = scene_name(worst.scene_kind, worst.channel, tongue)
    half = 0 if tongue == "zh" else 1
    look = f"{say('look', tongue)}{say('of', tongue)}{ASKED[worst.question].look[half]}"
    rest = len(content.judged.scenes) - 1
    more = [say("do_scenes", tongue).format(n=rest)] if rest else []
    space = "" if tongue == "zh" else " "
    return [Step(say("do_scene", tongue).format(name=name), space.join([seen, look, *more]))]


def _visit(content: Content, tongue: Tongue) -> list[Step]:
    if not content.flagged:
        return [_calm(content, tongue)]
    told = say("do_visits", tongue).format(
        flagged=f"{content.flagged:,}",
        asked=f"{content.outlets:,}",
        part=share_of(content.flagged, content.outlets),
    )
    return [Step(say("do_visit", tongue), told, content.visits[:FIRST_VISITS])]


def _calm(content: Content, tongue: Tongue) -> Step:
    """Nothing stands out: whether anything was asked at all is said first."""
    drawn = tuple(visit for visit in content.visits if visit.kind != "flag")[:FIRST_VISITS]
    if not content.asked:
        thin = any(content.judged.thin.values())
        return Step(say("do_blind", tongue), say("do_thin" if thin else "do_silent", tongue), drawn)
    if content.outlets == 1:
        return Step(say("do_alone", tongue), say("do_aloned", tongue), drawn)
    told = say("do_calmed", tongue).format(
        of=len(content.judged.tested),
        asked=content.asked,
        drawn=say("do_drawn", tongue) if drawn else "",
    )
    return Step(say("do_calm", tongue), told, drawn)


def _rows(content: Content, tongue: Tongue) -> list[Step]:
    shown = shown_most(content)
    if not shown:
        return []
    most = shown[0]
    text = (most.finding.zh if tongue == "zh" else most.finding.en).rstrip("。.")
    told = say("do_row", tongue).format(
        name=text, k=f"{most.shown:,}", part=share_of(most.shown, most.tested), n=len(shown)
    )
    return [Step(say("do_rows", tongue), told)]
