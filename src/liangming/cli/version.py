"""``liangming version``."""

from __future__ import annotations

import typer

import liangming


def version() -> None:
    """版本。 / Print the version."""
    typer.echo(f"liangming {liangming.__version__}")
