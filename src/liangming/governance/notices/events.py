"""What a version of a notice leaves in the log: its digest, never its sentences.

From the approval alone anybody can tell which version was in force when: it names the moment.
"""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

_WHAT: Final = ("operator", "family", "version", "digest", "change", "since", "actor")
DRAFTED: Final = declare_event(
    "governance:notice:drafted",
    facts=_WHAT,
    zh="起草了一个告知版本，等待第二个人批准。",
    en="A version of a notice was drafted; a second person is to approve it.",
)
APPROVED: Final = declare_event(
    "governance:notice:approved",
    facts=(*_WHAT, "drafted_by"),
    zh="第二个人批准了告知版本；它从写明的时刻起生效，此前的版本随之停用。",
    en="A second person approved a version of a notice: it is in force from the stated moment, and the"
    " one before is retired.",
)
DECLINED: Final = declare_event(
    "governance:notice:declined",
    facts=_WHAT,
    zh="一个告知版本没有批准。",
    en="A version of a notice was not approved.",
)
