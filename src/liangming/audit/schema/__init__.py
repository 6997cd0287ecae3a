"""The two shapes of an audit: events as they come in, and cells as they are added up.

``codes`` are the closed lists behind the small integers, ``facts`` the yes-or-no columns of an
event, ``events`` the columns of an event, ``cells`` the columns of a cell. All lists are
append-only: a number once given is never given again. ``docs/spec/events.md`` and
``docs/spec/cells.md`` say the same to the reader of a file.
"""

from __future__ import annotations

from liangming.audit.schema.cells import (
    BANDS,
    CELL_COLUMNS,
    CELL_KEYS,
    CELL_SUMS,
    FINDING_CODES,
    LN_SCALE,
    LONGEST_MS,
    SHORTEST_MS,
    Sum,
    way_column,
)
from liangming.audit.schema.codes import (
    CHANNELS,
    FACE,
    FACE_BIT,
    NONE_CHOSEN,
    OTHER_WAY,
    OUTCOMES,
    PLAIN_WAYS,
    REASONS,
    SCENE_KINDS,
    WAYS,
    ways_mask,
)
from liangming.audit.schema.events import EVENT_COLUMNS, EVENT_VERSION, Column, Shape
from liangming.audit.schema.facts import FACTS, RowFact

__all__ = [
    "BANDS",
    "CELL_COLUMNS",
    "CELL_KEYS",
    "CELL_SUMS",
    "CHANNELS",
    "EVENT_COLUMNS",
    "EVENT_VERSION",
    "FACE",
    "FACE_BIT",
    "FACTS",
    "FINDING_CODES",
    "LN_SCALE",
    "LONGEST_MS",
    "NONE_CHOSEN",
    "OTHER_WAY",
    "OUTCOMES",
    "PLAIN_WAYS",
    "REASONS",
    "SCENE_KINDS",
    "SHORTEST_MS",
    "WAYS",
    "Column",
    "RowFact",
    "Shape",
    "Sum",
    "way_column",
    "ways_mask",
]
