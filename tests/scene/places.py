"""Where the lawful scenes and their unlawful twins lie, and the day on which they are judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

LAWFUL = Path(__file__).parents[2] / "examples" / "scenes"
UNLAWFUL = Path(__file__).parent / "unlawful"
TODAY = date(2026, 11, 24)
