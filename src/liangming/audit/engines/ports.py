"""What the pass needs from an engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from liangming.audit.questions.profile import Profile


class Engine(Protocol):
    """Runs the one pass.

    Both calls read whole files, hold no more than their bound of memory beside the result, write
    nothing but temporary files of their own, and may be repeated. A file that cannot be read is an
    :class:`~liangming.errors.Outage` ``audit.engine-failed``.
    """

    @property
    def name(self) -> str:
        """Its name, as on the command line."""
        ...

    def words(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The words of some files that have the same columns."""
        ...

    def cells(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The cells of the same files, wholly inside the engine."""
        ...

    def close(self) -> None:
        """Stop; the engine is not used again."""
        ...
