"""Where a passphrase comes from: a file that the environment names, or the person at the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import typer

from liangming.cli.given import read_file
from liangming.errors import Misuse
from liangming.inspection.codes import PASSPHRASE_NEEDED

FILE: Final = "LIANGMING_PASSPHRASE_FILE"
_LARGEST: Final = 1_002


def at_hand() -> bool:
    """Whether one can be had without anybody being asked in vain."""
    return bool(os.environ.get(FILE)) or sys.stdin.isatty()


def passphrase(*, new: bool = False) -> str:
    """The passphrase; never echoed, never an argument.

    Args:
        new: ask twice, so that a slip does not lock somebody out.

    Raises:
        Misuse: ``inspection.passphrase-needed``; ``cli.evidence-file-unreadable``.
    """
    named = os.environ.get(FILE, "")
    if named:
        return read_file(Path(named), _LARGEST).decode("utf-8", "replace").rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Misuse(PASSPHRASE_NEEDED, field="passphrase")
    words = "口令 passphrase"
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=new, err=True))
