"""The compliance officer's console: what needs attention, and the pages that show why.

``home`` says in one look what needs attention → ``scenes``, ``parity``, ``notices``, ``consents``,
``devices`` show it, each bounded: what is counted is counted as the log grows (``counting``), kept in
tables of the console's own, and never from a check's way. ``search`` opens one person's record for a
purpose, with a leaf for each look.

Nothing here writes to a check. Figures about few people are not shown.
"""
