"""Incidents with personal data (个人信息安全事件): suspected or real, from discovery to summary.

``words`` are the closed lists; ``states`` an incident as stored; ``scope`` counts from the evidence
of readings whose data and which fields; ``levels`` says which clock runs, and that none does where no
article gives a number; ``steps`` are the moves; ``telling`` puts the notice where people find it;
``texts`` writes notices and reports; ``duties`` is what the board shows; ``counting`` counts.

A drill is marked as one, runs the same path, and leaves nothing with people.
"""

from liangming.governance.incident.states import KIND, Incident
from liangming.governance.incident.steps import find

__all__ = ["KIND", "Incident", "find"]
