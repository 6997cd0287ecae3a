"""The few pieces of markup that every part of the page uses."""

from __future__ import annotations

from html import escape

from liangming.audit.report.texts import say
from liangming.audit.statistics.words import Tongue


def head(name: str, tongue: Tongue) -> str:
    """A heading that the contents lead to."""
    return f'<h2 id="{name}">{say(name, tongue)}</h2>'


def scroll(name: str, tongue: Tongue) -> str:
    """The beginning of a table that may be wider than the window; a row of its head comes next."""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{say(name, tongue)}">'
        "<table><thead>"
    )


def row(name: str, tongue: Tongue, columns: tuple[str, ...], numbers: tuple[int, ...] = ()) -> str:
    """The beginning of a table, with its head."""
    cells = "".join(
        f'<th scope="col"{" class=n" if at in numbers else ""}>{escape(say(one, tongue))}</th>'
        for at, one in enumerate(columns)
    )
    return f"{scroll(name, tongue)}<tr>{cells}</tr></thead><tbody>"


END = "</tbody></table></div>"
