"""Libraries that a command needs are loaded whole: Ctrl-C meanwhile waits until they are.

An import that is interrupted leaves half a module behind: DuckDB's ends the process with SIGABRT, and pandas', which
DuckDB imports when it is first asked, a traceback later on.
"""

from __future__ import annotations

import importlib
import importlib.util
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


def loaded(names: Iterable[str]) -> None:
    """Import some modules, those of them that are installed.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile.
    """
    with unbroken():
        for name in names:
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)


@contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C waits for the end.

    Raises:
        KeyboardInterrupt: at the end, where it was pressed.
    """
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield  # only the main thread hears it; where it is not heard at all, it stays so
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if pressed:
        raise KeyboardInterrupt
