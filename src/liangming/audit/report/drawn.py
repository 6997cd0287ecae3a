"""The drawings of a report with what they say in words: one for each kind of place, one for a course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liangming.audit.report.content import Content
from liangming.audit.report.figures import bar, course, funnel
from liangming.audit.report.naming import scene_name, since_of
from liangming.audit.report.texts import say
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.words import Tongue, day, percent


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing.

    Attributes:
        name: what it is of.
        svg: itself.
        words: what it shows, for those who do not see it.
    """

    name: str
    svg: str
    words: str


def kinds(content: Content) -> list[int]:
    """Kinds of place whose share is known, those with most outlets first."""
    answer = content.judged.answers.get("share")
    if answer is None or not len(answer):
        return []
    families, many = np.unique(content.here.family[answer.rows], return_counts=True)
    return [int(one) for one in families[np.argsort(-many, kind="stable")]]


def funnels(content: Content, tongue: Tongue, some: list[int], style: str = "") -> Iterator[Drawn]:
    """A funnel for each of some kinds of place."""
    answer, here = content.judged.answers["share"], content.here
    flagged = np.zeros(len(here.family), bool)
    flagged[[flag.place for flag in content.judged.flags]] = True
    leads = np.zeros(len(here.family), bool)
    leads[[flag.place for flag, _ in content.judged.leads]] = True
    leads &= ~flagged
    for family in some:
        rows = np.flatnonzero(here.family[answer.rows] == family)
        places, k, n = answer.rows[rows], answer.k[rows], answer.n[rows]
        usual, share = float(np.median(answer.usual[rows])), k / np.maximum(n, 1)
        name = scene_name(int(here.scene_kind[places[0]]), int(here.channel[places[0]]), tongue)
        red, open_ = np.flatnonzero(flagged[places]), np.flatnonzero(leads[places])
        words = say("funnel_alt", tongue).format(
            name=name, n=f"{len(rows):,}", usual=percent(usual), least=percent(float(share.min())),
            most=percent(float(share.max())), flagged=f"{len(red):,}", leads=f"{len(open_):,}",
        )  # fmt: skip
        svg = funnel(
            k, n, usual, float(np.median(answer.extra["alike"][rows])), red, open_,
            title=words, axis=(say("n_axis", tongue), say("share_axis", tongue)), style=style,
        )  # fmt: skip
        yield Drawn(name, svg, words)


def course_of(content: Content, flag: Flag, tongue: Tongue, style: str = "") -> Drawn:
    """The share of one outlet over time."""
    here = content.here
    outlet = here.outlet[flag.place]
    chosen, known = here.by_stretch[:2, flag.place]
    at = np.flatnonzero(known > 0)
    first, last = (percent(float(chosen[i] / known[i])) for i in (at[0], at[-1]))
    words = say("course_alt", tongue).format(
        outlet=outlet, first=first, last=last, usual=percent(flag.usual)
    )
    svg = course(
        chosen, known, flag.usual, since_of(flag), (day(here.first_day), day(here.last_day)),
        title=words, axis=say("share_axis", tongue), style=style,
    )  # fmt: skip
    return Drawn(outlet, svg, words)


def bar_of(flag: Flag, words: str, style: str = "") -> str:
    """One finding as a bar."""
    seen = flag.extra.get("ratio", flag.k / max(flag.n, 1))
    return bar(seen, flag.low, flag.usual, title=words, style=style)
