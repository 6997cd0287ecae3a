"""Versions of notices (告知版本): drafted by one, approved by another, in force from a day on.

Order: somebody drafts a wording, with what it changes and the day from which it is to hold → a
second person approves before that day begins → at midnight in China it is in force, and the one
before is retired. Nothing takes effect in the past; what was approved is never changed.
``notice.force`` tells which is in force at a moment; this room only approves.

Law: pipl.14, pipl.17; approval by two is Liangming's own rule, not law
"""

from liangming.governance.notices.approve import (
    approve,
    decline,
    draft,
    draft_release,
    listed,
    shelve,
)
from liangming.governance.notices.states import Approved, Declined, Draft, State

__all__ = [
    "Approved",
    "Declined",
    "Draft",
    "State",
    "approve",
    "decline",
    "draft",
    "draft_release",
    "listed",
    "shelve",
]
