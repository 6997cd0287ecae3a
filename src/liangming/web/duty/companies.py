"""The companies behind operators' ids."""

from __future__ import annotations

from liangming.scene.model import NOTHING, Operator, Text
from liangming.web.house import House


def company_of(house: House, operator: str) -> Operator:
    """The company behind an operator's id, as its scenes state it."""
    for scene in house.premises.scenes.values():
        if scene.operator.id == operator:
            return scene.operator
    return Operator(id=operator, name=Text(operator, operator), contact=NOTHING)
