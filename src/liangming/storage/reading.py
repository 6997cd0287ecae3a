"""A connection that reads a SQLite file, beside whoever writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from liangming.errors import LiangmingError
from liangming.storage.file import REFUSED, Doubt
from liangming.storage.writer import connect, wrapped


class Reader:
    """One reading connection, opened when first needed and again after a failure."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: apsw.Connection | None = None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row.

        Raises:
            Outage: STORE_DOWN.
        """
        try:
            if self._connection is None:
                self._connection = connect(self._path, writes=False)
            return self._connection.execute(sql, values).fetchall()
        except (UnicodeEncodeError, OverflowError):
            return []  # what cannot be stored is not there
        except (apsw.Error, LiangmingError) as failure:
            refused = wrapped(failure, self._connection)
            self.close()
            raise refused from None

    def close(self) -> None:
        """Let the file go; the next read opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if Doubt(self._path, REFUSED).stands():
                # The log is all there is, and the last to close a file ends its log.
                connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.close(True)
