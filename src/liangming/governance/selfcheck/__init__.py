"""The self-check of compliance (合规自查): nineteen headings, answered by live evidence where there is any.

Order: ``items`` are the headings and our own questions → ``look`` answers what the system can see
from the board of duties and the scenes → people answer the rest, and cannot call compliant what the
system sees to be otherwise → a second person signs → the periodic duty counts from that day.

The headings are those of the table for small processors as secondary sources list them (grade B);
the questions are ours, for the table's text was not obtained. A larger processor answers more.

Law: pipl.54, auditing.3, auditing.4, small.audit-table
"""

from liangming.governance.selfcheck.items import ITEMS, Answer, Item, items_for
from liangming.governance.selfcheck.look import Finding, look
from liangming.governance.selfcheck.steps import KIND, put_forward, sign

__all__ = [
    "ITEMS",
    "KIND",
    "Answer",
    "Finding",
    "Item",
    "items_for",
    "look",
    "put_forward",
    "sign",
]
