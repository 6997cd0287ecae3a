"""A connection that reads a SQLite file, beside whoever writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from liangming.errors import LiangmingError
from liangming.storage.opened import connect, let_go, wrapped


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
                self._connection = connect(self._path, writes=False, copies=False)
            return self._connection.execute(sql, values).fetchall()
        except (UnicodeEncodeError, OverflowError):
            return []  # what cannot be stored is not there
        except (apsw.Error, LiangmingError) as failure:
            refused = wrapped(failure, self._connection)
            self.close()
            raise refused from None

    def close(self, *, ends: bool = False) -> None:
        """Let the file go; the next read opens it again.

        Args:
            ends: the log, too, if nobody else has the file open; for its writer, who wrote all.
        """
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if ends:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
            let_go(connection, self._path)
        else:
            connection.close(True)
