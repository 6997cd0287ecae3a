"""Small drawings as SVG: a funnel of outlets, a course in time, a bar for one finding.

Each is a few kilobytes, has a title that says in words what it shows, and uses shape as well as
colour. Colours come from the page (``currentColor`` and classes), so that dark pages stay readable;
for print the same classes are given fixed colours.
"""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.tails import Floats, Ints

WIDE: Final = 640
HIGH: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 26, 34

PRINTED: Final = (
    ".dot{fill:#75858a}.flag{fill:#8f2d1c}.lead{fill:none;stroke:#6a4d00;stroke-width:1.4}"
    ".band{fill:#0a6464;fill-opacity:.12}.middle,.course{stroke:#0a6464;fill:none;stroke-width:1.6}.middle{stroke-dasharray:6 4}"
    ".axis{stroke:#75858a;stroke-width:1}.grid{stroke:#e7e2d8;stroke-width:1}"
    "text{font-family:'Noto Sans CJK SC','Noto Sans SC',sans-serif;font-size:11px;fill:#46575d}"
    ".track{stroke:#e7e2d8;stroke-width:6}.sure{stroke:#8f2d1c;stroke-width:6}.usual{stroke:#0a6464;stroke-width:2.5}"
)
"""Style of the drawings where no page gives one."""


def funnel(  # noqa: PLR0917  (counts first, then what is usual)
    k: Ints,
    n: Ints,
    usual: float,
    alike: float,
    flagged: Ints,
    leads: Ints,
    *,
    title: str,
    axis: tuple[str, str],
    style: str = "",
) -> str:
    """Outlets by number of checks (log) and share, with the band of ordinary peers.

    Args:
        k: how many, by outlet.
        n: out of how many.
        usual: the ordinary rate of the peers.
        alike: their concentration.
        flagged: rows that stand out.
        leads: rows that were put aside.
        title: what the drawing shows, for those who do not see it.
        axis: names of both axes.
        style: rules to carry along, for print.
    """
    low, high = np.log10(max(float(n.min()), 1.0)), np.log10(max(float(n.max()), 10.0))
    high = max(high, low + 0.3)
    x = LEFT + (np.log10(n) - low) / (high - low) * (WIDE - LEFT - RIGHT)
    y = _up(k / n)
    parts = [_grid(axis[1])]
    for power in range(int(np.ceil(low)), int(np.floor(high)) + 1):
        at = LEFT + (power - low) / (high - low) * (WIDE - LEFT - RIGHT)
        parts.append(f'<path class="grid" d="M{at:.0f} {TOP}V{HIGH - BOTTOM}"/>')
        parts.append(_text(at, HIGH - BOTTOM + 15, f"{10**power:,}", "middle"))
    parts.append(_text(WIDE - RIGHT, HIGH - 4, axis[0], "end"))
    parts.append(_band(usual, alike, low, high))
    parts.append(_crowd(x, y, np.concatenate([flagged, leads])))
    parts += [
        f'<circle class="lead" cx="{x[i]:.1f}" cy="{y[i]:.1f}" r="3"/>' for i in leads.tolist()
    ]
    parts += [
        f'<path class="flag" d="M{x[i]:.1f} {y[i] - 4:.1f}l4 7h-8z"/>' for i in flagged.tolist()
    ]
    return _svg(parts, title, style)


def course(
    chosen: Ints,
    known: Ints,
    usual: float,
    since: int | None,
    days: tuple[str, str],
    *,
    title: str,
    axis: str,
    style: str = "",
) -> str:
    """A control chart: a share over time with limits of three deviations around what is usual.

    Args:
        chosen: how many, by stretch.
        known: out of how many.
        usual: what is to be expected; after a change, from before it.
        since: number of the stretch in which it changed; None marks whatever is above the limit.
        days: first and last day, in words.
        title: what the drawing shows.
        axis: name of the upright axis.
        style: rules to carry along, for print.
    """
    stretches = len(known)
    at = LEFT + (np.arange(stretches) + 0.5) / stretches * (WIDE - LEFT - RIGHT)
    there = known > 0
    rate = chosen / np.maximum(known, 1)
    spread = 3.0 * np.sqrt(usual * (1.0 - usual) / np.maximum(known, 1))
    top, low = _up(np.minimum(usual + spread, 1.0)), _up(np.maximum(usual - spread, 0.0))
    parts = [_grid(axis)]
    points = np.flatnonzero(there)
    edge = [f"{at[i]:.1f} {top[i]:.1f}" for i in points]
    edge += [f"{at[i]:.1f} {low[i]:.1f}" for i in points[::-1]]
    parts.append(f'<path class="band" d="M{" L".join(edge)}z"/>')
    middle = _up(np.array([usual]))[0]
    parts.append(f'<path class="middle" d="M{LEFT} {middle:.1f}H{WIDE - RIGHT}"/>')
    y = _up(rate)
    line = " L".join(f"{at[i]:.1f} {y[i]:.1f}" for i in points)
    parts.append(f'<path class="course" d="M{line}"/>')
    for i in points.tolist():
        mark = (
            f'<path class="flag" d="M{at[i]:.1f} {y[i] - 5:.1f}l5 9h-10z"/>'
            if (i >= since if since is not None else y[i] < top[i])
            else f'<circle class="dot" cx="{at[i]:.1f}" cy="{y[i]:.1f}" r="3.5"/>'
        )
        parts.append(mark)
    parts.append(_text(LEFT, HIGH - BOTTOM + 15, days[0], "start"))
    parts.append(_text(WIDE - RIGHT, HIGH - BOTTOM + 15, days[1], "end"))
    return _svg(parts, title, style)


def bar(seen: float, low: float, usual: float, *, title: str, style: str = "") -> str:
    """One finding: what is usual (line), what was seen (triangle), how low it may be (bar)."""
    wide, high = 220, 26
    scale = max(1.0, seen, usual)

    def at(value: float) -> float:
        return 4 + value / scale * (wide - 8)

    parts = [
        f'<path class="track" d="M4 13H{wide - 4}"/>',
        f'<path class="sure" d="M{at(low):.1f} 13H{max(at(seen), at(low) + 1):.1f}"/>',
        f'<path class="usual" d="M{at(usual):.1f} 3V23"/>',
        f'<path class="flag" d="M{at(seen):.1f} 5l5 9h-10z"/>',
    ]
    return _svg(parts, title, style, size=(wide, high))


def _band(usual: float, alike: float, low: float, high: float) -> str:
    """Where 99 of 100 ordinary outlets lie, by number of checks."""
    sizes = np.logspace(low, high, 40)
    shrunk = (alike + sizes) / (alike + 1.0)  # variance of a share of n: μ(1-μ)·(M+n)/(n(M+1))
    variance = usual * (1.0 - usual) * shrunk / sizes
    total = np.maximum(usual * (1.0 - usual) / np.maximum(variance, 1e-9) - 1.0, 0.3)
    upper = special.betaincinv(usual * total, (1.0 - usual) * total, 0.995)
    lower = special.betaincinv(usual * total, (1.0 - usual) * total, 0.005)
    x = LEFT + np.linspace(0.0, 1.0, 40) * (WIDE - LEFT - RIGHT)
    edge = [f"{a:.1f} {b:.1f}" for a, b in zip(x, _up(upper), strict=True)]
    edge += [f"{a:.1f} {b:.1f}" for a, b in zip(x[::-1], _up(lower)[::-1], strict=True)]
    line = _up(np.array([usual]))[0]
    return (
        f'<path class="band" d="M{" L".join(edge)}z"/>'
        f'<path class="middle" d="M{LEFT} {line:.1f}H{WIDE - RIGHT}"/>'
    )


def _crowd(x: Floats, y: Floats, apart: Ints) -> str:
    """All other outlets as a grid of squares, darker where there are many."""
    rest = np.ones(len(x), bool)
    rest[apart] = False
    side = 5.0
    across, down = (x[rest] // side).astype(int), (y[rest] // side).astype(int)
    places, many = np.unique(np.stack([across, down], axis=1), axis=0, return_counts=True)
    if not len(many):
        return ""
    dark = 0.15 + 0.75 * np.log1p(many) / np.log1p(many.max())
    return "".join(
        f'<rect class="dot" x="{a * side:.0f}" y="{b * side:.0f}" width="4.4" height="4.4"'
        f' opacity="{d:.2f}"/>'
        for (a, b), d in zip(places.tolist(), dark.tolist(), strict=True)
    )


def _up(rate: Floats) -> Floats:
    return np.asarray(HIGH - BOTTOM - rate * (HIGH - BOTTOM - TOP))


def _grid(axis: str) -> str:
    parts = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _up(np.array([part]))[0]
        parts.append(f'<path class="grid" d="M{LEFT} {y:.0f}H{WIDE - RIGHT}"/>')
        parts.append(_text(LEFT - 6, y + 4, f"{part:.0%}", "end"))
    parts.append(_text(LEFT, 14, axis, "start"))
    return "".join(parts)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(parts: list[str], title: str, style: str, *, size: tuple[int, int] = (WIDE, HIGH)) -> str:
    inside = "".join(parts)
    rules = f"<style>{style}</style>" if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img"'
        f' width="{size[0]}" height="{size[1]}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{rules}{inside}</svg>"
    )
