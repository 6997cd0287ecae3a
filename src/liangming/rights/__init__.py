"""What people may ask (权利): see, copy, correct, erase, restrict, withdraw, explain, complain.

Order: ``ask`` takes a request in from a receipt's code, with the registered document where data are
concerned (``possession``) → the request is durable and its clock runs (``states``, ``moves``) →
``carry`` does at once what nobody has to look into; ``handle`` is what staff do with the rest.

``erasing`` writes a tombstone into a file beside the database before anything is erased;
``replay`` erases again after a restore, before anything is served. ``holds`` keeps what the law
keeps, stored only. ``certificate`` and ``commands`` are signed texts for the person and the device.

A request holds nothing about the person but words that are sealed under a key of its own. Every
refusal has a reason from a closed list, an article, and a place to go next.
"""

from liangming.rights.ask import Asking, ask, take_back
from liangming.rights.carry import Done, carry_out
from liangming.rights.desk import RightsDesk
from liangming.rights.replay import Replayed, replay

__all__ = [
    "Asking",
    "Done",
    "Replayed",
    "RightsDesk",
    "ask",
    "carry_out",
    "replay",
    "take_back",
]
