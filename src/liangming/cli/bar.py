"""The bar that every long command shows: on standard error, and only where that is a terminal."""

from __future__ import annotations

import sys

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from liangming.cli.speech import err


def rising(*, parts: bool = False) -> Progress:
    """A bar that goes away when it is done.

    Args:
        parts: show hundredths, where what is counted means nothing to a reader.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%") if parts else MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not sys.stderr.isatty(),
    )
