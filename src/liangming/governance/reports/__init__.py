"""Reports by anybody (举报): no account, no receipt, no identity; a code leads back to the answer.

Order: ``receive`` makes the report durable, with its clock → ``triage`` gives it a topic, an owner
and, where it is known, the check it is about → ``answer`` closes it with an outcome from a closed
list → the reporter may ask for one review, by somebody else, under a clock of its own.

What was written and what was answered is sealed under a key of the report's own. Who reported is
never asked, and nothing here could tell. A report is not a person's complaint about their own
check: that has the receipt behind it and stands in ``rights``.

Law: netdata.20, pipl.65, courier.29, app191.6
"""

from liangming.governance.reports.desk import (
    Receiving,
    answer,
    appeal,
    held,
    listed,
    read_words,
    receive,
    triage,
)
from liangming.governance.reports.states import State
from liangming.governance.reports.words import Outcome, Topic

__all__ = [
    "Outcome",
    "Receiving",
    "State",
    "Topic",
    "answer",
    "appeal",
    "held",
    "listed",
    "read_words",
    "receive",
    "triage",
]
