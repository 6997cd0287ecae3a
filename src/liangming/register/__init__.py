"""Who was checked (登记): the sealed record of document type and number.

Order: an :class:`Identity` as the document shows it → its keyed index finds out whether this
operator registered the person before → if not, the fields the law asks for are sealed under a
fresh key of that person; if so, nothing is collected again (I9). This room never stores anything
itself, never opens what it sealed without a purpose, and never keeps a copy of a document.

Law: courier.23, realname.3
"""

from liangming.register.identity import Identity
from liangming.register.sealing import BINDING_PURPOSE, BINDING_RECORD, index, seal, seal_each

__all__ = ["BINDING_PURPOSE", "BINDING_RECORD", "Identity", "index", "seal", "seal_each"]
