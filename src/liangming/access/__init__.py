"""Who may come through a door: API clients, their keys, and what they called.

Order of a client: asked for → agreed by a second person, where a right is risky → its key made,
shown this once → used, recognised by ``lmk_<client id>_<secret>`` → rotated, the former key opening
for a while → revoked, or its term over. Each step is an act: a record with who did it and a leaf of
the log, in the same commit as the change.

Only a keyed digest of a secret is ever stored. The digest is HMAC-SHA-256 under the installation's
token key, so a stolen table opens nothing and cannot be guessed from; secrets carry 256 bits, so
guessing over the network is hopeless too. When a key was last used is kept as a day, no finer.
"""

from liangming.access.clients import (
    HOST,
    Wish,
    acts,
    agree,
    ask,
    create,
    issue,
    listed,
    one,
    revoke,
    stop_former,
)
from liangming.access.codes import (
    CLIENT_FORM,
    CLIENT_UNKNOWN,
    KEY_EXPIRED,
    KEY_INVALID,
    KEY_MISSING,
    NOT_YOURSELF,
    WAITS,
)
from liangming.access.recognise import Clients, Presented
from liangming.access.scopes import DEFAULT_SCOPES, RISKY, WHOLE_ONLY, Scope
from liangming.access.secret import digest

__all__ = [
    "CLIENT_FORM",
    "CLIENT_UNKNOWN",
    "DEFAULT_SCOPES",
    "HOST",
    "KEY_EXPIRED",
    "KEY_INVALID",
    "KEY_MISSING",
    "NOT_YOURSELF",
    "RISKY",
    "WAITS",
    "WHOLE_ONLY",
    "Clients",
    "Presented",
    "Scope",
    "Wish",
    "acts",
    "agree",
    "ask",
    "create",
    "digest",
    "issue",
    "listed",
    "one",
    "revoke",
    "stop_former",
]
