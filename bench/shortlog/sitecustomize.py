"""For bench/chaos.py: SQLite's writer copies its log every mebibyte, not every 64, and says when it does.

Python reads this file at its start where the folder is in PYTHONPATH; only the writer's process takes
notice. A file ``copying-`` with its number stands beside the database while the thread copies, so that a writer can be
killed then, and its killer knows that it was.
"""

import os
import sys

if "liangming.storage.apart_process" in sys.orig_argv:
    from liangming.storage import copying

    copying.LONG, copying.LITTLE, copying.LONGEST = 256, 8, 2_048
    copy = copying.Copier._copy

    def copied(self: copying.Copier) -> int:
        mark = self._path.with_name(f"copying-{os.getpid()}")
        mark.touch()
        done = copy(self)
        mark.unlink(missing_ok=True)
        return done

    copying.Copier._copy = copied  # type: ignore[method-assign]
