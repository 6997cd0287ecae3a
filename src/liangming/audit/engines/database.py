"""One DuckDB database for one piece of work: bounded memory, a folder to spill to, and Ctrl-C.

Left alone, DuckDB takes four fifths of the memory, spills into the folder it was started from, and
does not hear Ctrl-C while it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final, TypeVar

import duckdb

Answer = TypeVar("Answer")

MEMORY: Final = "2GB"
_AGAIN: Final = 0.05
"""Seconds until it is asked to stop once more: it may have been between two questions."""


@contextmanager
def database(folder: Path, *, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory.

    Args:
        folder: for what does not fit; taken away by whoever gave it.
        memory: bound of its buffers.
    """
    with duckdb.connect(config={"memory_limit": memory, "temp_directory": str(folder)}) as opened:
        yield opened


def heeding(connection: duckdb.DuckDBPyConnection, deed: Callable[[], Answer]) -> Answer:
    """Do something with a database; Ctrl-C stops it there and then.

    Args:
        connection: which is asked, by nobody else meanwhile.
        deed: asks it.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    answer: Future[Answer] = Future()

    def ask() -> None:
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(deed())
            except BaseException as failure:  # noqa: BLE001 -- whatever it was, the asker gets it
                answer.set_exception(failure)

    try:
        # Ctrl-C may come before the thread is known to run; a pool would then forget it running.
        Thread(target=ask, name="engine").start()
        return answer.result()
    except KeyboardInterrupt:
        while not answer.cancel() and not answer.done():
            connection.interrupt()
            wait([answer], _AGAIN)
        raise
