"""The vault seals personal fields under one data key per person, and can make them unreadable.

What happens, in order:

1. :class:`KeyFile` (or another :class:`KeyCustody`) loads the operator's ring, or makes it.
2. ``Vault.blind_index`` finds a returning sender; for a new one ``Vault.new_person_key`` makes a
   key, wrapped under the operator's wrapping key and a bucket key, and bound to the person.
3. ``Vault.seal_fields`` seals fields, bound to person, purpose and kind of record.
4. ``Vault.open_fields`` opens them for a :class:`Purpose` and a reason, and hands out an
   :class:`Opened` event with the plaintext; the caller stores it.
5. ``Vault.shred`` says what is left when the store deletes a person's wrapped key;
   ``OperatorKeys.renew``, ``Vault.puncture`` and ``OperatorKeys.destroy`` make the copies in
   backups unreadable too. The order and the crash story: ``docs/adr/0004-vault.md``.

What it never does: touch a database, read the clock, log, print a key or a value, open without a
purpose, implement a cipher. It cannot wipe memory: Python copies bytes as it likes.
"""

from __future__ import annotations

from liangming.vault.binding import Binding
from liangming.vault.custody import BACKUP_NOTICE, KeyFile
from liangming.vault.envelope import KeyRef, key_ref, open_sealed, seal
from liangming.vault.first import Newcomer, Sealed
from liangming.vault.keys import (
    DEFAULT_BUCKETS,
    MAX_BUCKETS,
    BucketKey,
    IndexKey,
    OperatorKeys,
    WrappingKey,
)
from liangming.vault.pads import PAD_BYTES, add, add_each, pad
from liangming.vault.person import CHANCE_BYTES, INDEX_BYTES, PersonKey, Punctured, Vault
from liangming.vault.ports import KeyCustody, Loaded
from liangming.vault.purpose import Opened, Purpose, Shredded
from liangming.vault.suites import AES, SM, DataKey, Suite, by_tag

__all__ = [
    "AES",
    "BACKUP_NOTICE",
    "CHANCE_BYTES",
    "DEFAULT_BUCKETS",
    "INDEX_BYTES",
    "MAX_BUCKETS",
    "PAD_BYTES",
    "SM",
    "Binding",
    "BucketKey",
    "DataKey",
    "IndexKey",
    "KeyCustody",
    "KeyFile",
    "KeyRef",
    "Loaded",
    "Newcomer",
    "Opened",
    "OperatorKeys",
    "PersonKey",
    "Punctured",
    "Purpose",
    "Sealed",
    "Shredded",
    "Suite",
    "Vault",
    "WrappingKey",
    "add",
    "add_each",
    "by_tag",
    "key_ref",
    "open_sealed",
    "pad",
    "seal",
]
