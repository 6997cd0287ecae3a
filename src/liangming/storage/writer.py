"""The one hand that writes a SQLite file: it takes whatever waits and commits it as one.

:class:`Pen` does that; :class:`Writer` is a pen with a thread of its own, in this process.
:mod:`liangming.storage.apart` has it in another.

The crash story, line by line, is at :meth:`Pen.write`. Nothing is answered before COMMIT
returned, and with ``synchronous=FULL`` COMMIT returns only after the write-ahead log is on disk; a
pen that does not wait for that belongs to :mod:`liangming.storage.ahead`, which does.

Nearly every group finds the file as it expects: nobody moved before it. So it is written unlooked;
where a row is missing, or stands there already, nothing of it stays, and it is written once more after
a look at all that it touches, as the next few are.

After any failure of the file the connection is closed and the next group opens it anew: what
SQLite then recovers from the log is the truth, also after a failed fsync, when memory and disk may
differ. So a store mends itself when the disk is back.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import apsw

from liangming.check.ports import MOVED_ON, STORE_DOWN, Change
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import admission, file, runs, statements
from liangming.storage.afresh import copy, end_at_once
from liangming.storage.codes import UNFIT
from liangming.storage.copying import Copier
from liangming.storage.job import Job
from liangming.storage.opened import OWN_FAULT, RETRY, connect, let_go, wrapped
from liangming.storage.records import Writing

GROUP: Final = 2_000  # changes in one transaction: about 60 ms of work, then the disk
WARY: Final = 16  # groups that look first, after one that did not find the file as it expected


class _OvertakenError(Exception):
    """A group did not find the file as it expected."""


class Pen:
    """Owns the writing connection; not for several threads at once.

    Args:
        path: the file.
        connection: to it, where there is one already; else the first group opens it.
        copier: copies the log into the file; without one, SQLite does it in a commit.
        waits: for the disk, in each commit. Who uses one that does not, waits before anybody is told.
        lone: nothing else in this process computes.
        lost: what to do where the disk refuses what was copied into the file; else this process ends.
    """

    def __init__(
        self,
        path: Path,
        connection: apsw.Connection | None = None,
        copier: Copier | None = None,
        *,
        waits: bool = True,
        lone: bool = False,
        lost: Callable[[], None] | None = None,
    ) -> None:
        self.path: Final = path
        self._lost = lost or (lambda: end_at_once(path))
        self._connection = connection
        self._copier = copier
        self._waits = waits
        self._lone = lone
        self._wary = 0
        self._doubt = file.Doubt(path)

    def lay_down(self) -> None:
        """Let the file go; the last to do so copies the log into it."""
        if self._copier is not None:
            self._copier.end()
        if self._connection is not None:
            let_go(self._connection, self.path)
            self._connection = None
        if self._copier is not None:
            self._copier.let_go()

    def write(self, group: list[Job]) -> None:
        """Commit jobs as one; each has its outcome after."""
        try:
            connection = self._connection
            if connection is None:
                connection = self._open()
            if self._waits:
                self.believe()
            self._commit(connection, group)
            # A crash here: the group is durable and will be found; its callers were not answered,
            # and repeat under their idempotency keys.
            for job in group:
                if job.after is not None and not isinstance(job.outcome, BaseException):
                    job.after(connection)
        except Exception as failure:  # noqa: BLE001  (a writer must outlive whatever happens)
            refused = wrapped(failure, self._connection)
            for job in group:
                job.outcome = refused
            self._drop()

    def mend(self) -> bool:
        """Have the disk take all of the log once more, then copy it into the file; whether that went well.

        In this order: a file that has what the log lost on the disk would after a crash be older and newer at once.
        """
        try:
            connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")  # nobody writes the log meanwhile
            try:
                file.write_again(file.log_of(self.path))
            finally:
                connection.execute("ROLLBACK")
            copy(connection, apsw.SQLITE_CHECKPOINT_FULL, self._lost)
        except (apsw.Error, OSError, LiangmingError):
            return False
        if self._copier is not None:
            self._copier.mended()
        return True

    def believe(self) -> None:
        """See that what is written now would survive a crash: behind a part of the log that the disk refused nothing does.

        Raises:
            Outage: STORE_DOWN; it would not.
        """
        if not self._doubt.stands():
            return
        if not self.mend():
            raise Outage(STORE_DOWN, retry_after=RETRY)
        self._doubt.take_away()

    def _open(self) -> apsw.Connection:
        connection = self._connection = connect(self.path, writes=True)
        if not self._waits:
            connection.execute("PRAGMA synchronous = NORMAL").fetchall()
        if self._copier is not None:
            self._copier.attend(connection)
        return connection

    def _commit(self, connection: apsw.Connection, group: Sequence[Job]) -> None:
        """The cheapest way first; where one cannot be gone, nothing of the group is there, and the next is tried."""
        cursor = connection.cursor()
        ways = [self._run, self._run_apart]
        if self._wary:
            self._wary -= 1
        elif all(job.deed is None for job in group):
            ways.insert(0, self._run_unlooked)
        for n, way in enumerate(ways, 1):
            try:
                # A crash here: nothing of the group exists, and nobody was answered.
                cursor.execute("BEGIN IMMEDIATE")
                way(cursor, group)
                # A crash here: the log may hold pages without a commit mark; recovery drops them.
                cursor.execute("COMMIT")
            except (_OvertakenError, *OWN_FAULT):
                if n == len(ways):
                    raise
                _roll_back(connection)
            else:
                return

    def _run_unlooked(self, cursor: apsw.Cursor, group: Sequence[Job]) -> None:
        """Changes that expect the file as it nearly always is."""
        self._wary = WARY  # until it is known to be so
        changes = [change for job in group for change in job.changes]
        _learn(cursor, changes)
        verdicts = admission.admit(changes, admission.expected(changes))
        if not statements.write_unlooked(cursor, _writing(changes, verdicts), lone=self._lone):
            raise _OvertakenError
        _tell(group, verdicts)
        self._wary = 0

    def _run(self, cursor: apsw.Cursor, group: Sequence[Job]) -> None:
        """Changes that follow one another go together; a deed stands at its place between them."""
        run: list[Job] = []
        for job in group:
            if job.deed is None:
                run.append(job)
                continue
            self._write(cursor, run)
            run = []
            _do(cursor, job)
        self._write(cursor, run)

    def _write(self, cursor: apsw.Cursor, jobs: Sequence[Job]) -> None:
        if jobs:
            changes = [change for job in jobs for change in job.changes]
            _tell(jobs, _admitted(cursor, changes, lone=self._lone))

    def _run_apart(self, cursor: apsw.Cursor, group: Sequence[Job]) -> None:
        """One change of the group cannot be written: find it, let the others land."""
        for job in group:
            if job.deed is not None:
                _do(cursor, job)
            else:
                job.outcome = [_write_alone(cursor, change) for change in job.changes]

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(apsw.Error):  # gone either way; the next group opens anew
                let_go(connection, self.path)


class Writer(Pen):
    """A pen with a thread.

    Args:
        path: the file.
        loop: where answers are given.
        settle: called in the loop with the jobs of a group once their outcomes are known.
        late: open the file at the first job, and not before.

    Raises:
        Misuse: ``storage.not-migrated``.
        Outage: STORE_FULL, STORE_DOWN.
        apsw.Error: there is no such file.
    """

    def __init__(
        self,
        path: Path,
        loop: AbstractEventLoop,
        settle: Callable[[list[Job]], None],
        *,
        late: bool = False,
    ) -> None:
        super().__init__(path, None if late else connect(path, writes=True))
        self._loop = loop
        self._settle = settle
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="liangming-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job; the store bounds how many wait."""
        self._jobs.put(job)

    async def finish(self) -> None:
        """Write what was queued before, then stop."""
        self._jobs.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _work(self) -> None:
        going = True
        while going:
            first = self._jobs.get()
            if first is None:
                break
            group, size = [first], len(first.changes)
            while size < GROUP and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    going = False
                    break
                group.append(job)
                size += len(job.changes) or 1
            self.write(group)
            self._loop.call_soon_threadsafe(self._settle, group)
        self.lay_down()


def _roll_back(connection: apsw.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _tell(jobs: Sequence[Job], verdicts: Sequence[LiangmingError | None]) -> None:
    begin = 0
    for job in jobs:
        job.outcome = verdicts[begin : begin + len(job.changes)]
        begin += len(job.changes)


def _learn(cursor: apsw.Cursor, changes: Sequence[Change]) -> None:
    for key in runs.uncut(changes):
        # Not seen since this process started: then the store has had it for a while.
        for (data,) in cursor.execute("SELECT data FROM patterns WHERE key = ?", (key,)):
            runs.learn_to_cut(data)


def _writing(changes: Sequence[Change], verdicts: Sequence[LiangmingError | None]) -> Writing:
    return Writing([change for change, no in zip(changes, verdicts, strict=True) if no is None])


def _admitted(
    cursor: apsw.Cursor, changes: Sequence[Change], *, lone: bool = False
) -> list[LiangmingError | None]:
    _learn(cursor, changes)
    known = statements.know(cursor, admission.Touched.by(changes))
    verdicts = admission.admit(changes, known)
    statements.write(cursor, _writing(changes, verdicts), known, lone=lone)
    return verdicts


def _write_alone(cursor: apsw.Cursor, change: Change) -> LiangmingError | None:
    cursor.execute("SAVEPOINT alone")
    try:
        (verdict,) = _admitted(cursor, [change])
    except OWN_FAULT as failure:
        cursor.execute("ROLLBACK TO alone")
        # A row that exists already was written by another step; anything else never fits.
        exists = isinstance(failure, apsw.ConstraintError)
        verdict = Misuse(MOVED_ON if exists else UNFIT)
    cursor.execute("RELEASE alone")
    return verdict


def _do(cursor: apsw.Cursor, job: Job) -> None:
    if job.deed is None:
        return
    cursor.execute("SAVEPOINT deed")
    try:
        job.outcome = job.deed(cursor)
    except (LiangmingError, *OWN_FAULT) as failure:
        cursor.execute("ROLLBACK TO deed")
        job.outcome = wrapped(failure)
    cursor.execute("RELEASE deed")
