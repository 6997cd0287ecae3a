"""The program, and the one place where failures become words and an exit status."""

from __future__ import annotations

import sys

import typer

from liangming.cli.commands import PLAIN, Commands
from liangming.errors import LiangmingError, Outage

app = typer.Typer(
    name="liangming",
    cls=Commands,
    help="亮明：不强制刷脸地核验身份，并能证明。 / Checks who a person is without demanding their face.",
    no_args_is_help=True,
    **PLAIN,
)


@app.callback()
def _all() -> None: ...


def main() -> None:
    """Run, and turn declared failures into plain words: never a stack trace for a user's slip."""
    try:
        app()  # ends by itself: 0, the status of an Exit, 2 for a wrong call, 130 for Ctrl-C
    except LiangmingError as error:
        from liangming.cli.speech import say_error

        say_error(error)
        sys.exit(3 if isinstance(error, Outage) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
