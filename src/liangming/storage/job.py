"""What waits for its turn to be written."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from liangming.check.ports import Change

if TYPE_CHECKING:  # a service on PostgreSQL loads no SQLite
    import apsw

    Deed = Callable[[apsw.Cursor], Any]
Outcome = Any  # a list of LiangmingError | None for changes, a deed's result, or an exception


class Job:
    """Something to write: changes, or one deed; ``after`` runs once it is durable.

    Attributes:
        future: who waits for it; None where whoever wrote it is told in another way.
    """

    __slots__ = ("after", "changes", "deed", "future", "outcome")

    def __init__(
        self,
        future: Future[Any] | None,
        changes: Sequence[Change] = (),
        deed: Deed | None = None,
        after: Callable[[apsw.Connection], None] | None = None,
    ) -> None:
        self.future = future
        self.changes = changes
        self.deed = deed
        self.after = after
        self.outcome: Outcome = None
