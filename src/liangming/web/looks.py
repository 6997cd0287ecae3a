"""Who looked at a person's record, told to that person: when, why, and which fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liangming.rights.search import Look
from liangming.scene.model import Text
from liangming.vault import Purpose

PURPOSE_NAMES: Final = {
    Purpose.INSPECTION: Text("监督检查", "An authority's inspection"),
    Purpose.RIGHTS_REQUEST: Text("办理本人的请求", "A request of the person"),
    Purpose.CORRECTION: Text("更正", "A correction"),
    Purpose.STATUTORY_REPORT: Text("依法报送", "A report the law asks for"),
    Purpose.DISPUTE: Text("处理投诉和争议", "A complaint or dispute"),
    Purpose.DRILL: Text("恢复演练", "A restore drill"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One look, in words."""

    at: datetime
    purpose: Text
    fields: Text


def told(looks: list[Look], names: dict[str, Text]) -> list[Told]:
    """Looks as the person reads them."""
    made = []
    for look in looks:
        known = {purpose.value: name for purpose, name in PURPOSE_NAMES.items()}
        words = [names.get(field, Text(field, field)) for field in look.fields]
        made.append(
            Told(
                look.at,
                known.get(look.purpose, Text(look.purpose, look.purpose)),
                Text("、".join(w.zh for w in words), ", ".join(w.en for w in words)),
            )
        )
    return made
