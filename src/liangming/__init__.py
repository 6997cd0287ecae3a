"""亮明 Liangming: checks who a person is without demanding their face, and can prove it.

The rooms, from the ground up (an import may only point down; ``pyproject.toml`` holds the ladder):

``errors`` · ``clock`` ``ids`` · ``rules`` ``vault`` ``ledger`` · ``law`` · ``scene`` ``method`` ·
``notice`` · ``register`` ``consent`` · ``check`` · ``storage`` ``providers`` · ``assembly`` ·
``web`` ``api`` · ``cli``.
"""

__version__ = "0.1.0"
