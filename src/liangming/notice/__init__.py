"""What a person is told before anything is asked (告知).

Order: a scene names a notice family → the wording in force at the moment (``force``) is filled with the scene's own facts
(``compose``) → the notice is shown → its digest travels with every choice and consent. Wordings
are immutable versioned files under ``wording/``: a changed sentence is a new file. A notice
contains every item the law asks for or it is not composed at all. This room never asks for
consent and stores nothing.

Law: pipl.17, pipl.30, netdata.21, face.5
"""

from liangming.notice.compose import compose
from liangming.notice.force import MATERIAL, Change, Edition, Shelf, in_force
from liangming.notice.model import Item, ItemKind, Notice, Shown
from liangming.notice.wording import FACE, Wording, families

__all__ = [
    "FACE",
    "MATERIAL",
    "Change",
    "Edition",
    "Item",
    "ItemKind",
    "Notice",
    "Shelf",
    "Shown",
    "Wording",
    "compose",
    "families",
    "in_force",
]
