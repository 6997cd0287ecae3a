"""A small log with all its parts in memory or in a folder, for the tests of this room."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from liangming.errors import Outage, Refusal
from liangming.ledger.checkpoint import Trust
from liangming.ledger.codes import STORE_FAILED, TILE_CORRUPT
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.ports import Absent
from liangming.ledger.sequence import Log

ORIGIN = "log.example/outlet-1"
KEY = SigningKey(KeyKind.LOG_ED25519, ORIGIN, hashlib.sha256(b"log").digest())
TRUST = Trust(ORIGIN, (KEY.verifying,))
START = datetime(2026, 11, 24, tzinfo=UTC)


def leaves(begin, end):
    """Distinct leaves of the right form; their meaning does not matter here."""
    return [b"\x01" + hashlib.sha256(b"%d" % i).digest() for i in range(begin, end)]


def at(second=0):
    return START + timedelta(seconds=second)


def log(tiles, heads, **more):
    return Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[KEY], **more)


class MemoryTiles:
    """Keeps files in a dictionary; ``durable`` holds what a power cut would leave."""

    def __init__(self):
        self.files = {}
        self.durable = {}

    def get(self, path):
        if path not in self.files:
            raise Absent
        return self.files[path]

    def put(self, path, data):
        if self.files.setdefault(path, data) != data:
            raise Refusal(TILE_CORRUPT)

    def put_all(self, writes):
        for path, data in writes:
            self.put(path, data)

    def keep(self, path, data):
        self.put(path, data)
        self.durable[path] = data

    def replace(self, path, data):
        self.files[path] = data

    def sync(self, paths):
        self.durable.update({path: self.files[path] for path in paths if path in self.files})

    def drop(self, path):
        for where in (self.files, self.durable):
            for name in [name for name in where if name == path or name.startswith(path + "/")]:
                del where[name]

    def names(self, folder):
        return sorted(n for n in self.files if n.rpartition("/")[0] == folder)

    def power_cut(self):
        """Forget everything that was not synced."""
        self.files = dict(self.durable)


class MemoryHeads:
    def __init__(self):
        self.rows = {}

    def load(self, origin):
        return self.rows.get(origin)

    def swap(self, origin, old, new):
        if self.rows.get(origin) != old:
            return False
        self.rows[origin] = new
        return True


class Faulty:
    """Stands before a store and fails on the n-th write, before or after it happens."""

    WRITES = ("put", "keep", "replace", "sync", "drop", "swap")

    def __init__(self, inner, plan):
        self._inner, self._plan = inner, plan

    def put_all(self, writes):
        for path, data in writes:
            self.put(path, data)

    def __getattr__(self, name):
        real = getattr(self._inner, name)
        if name not in self.WRITES:
            return real

        def write(*args):
            fails = self._plan.next()
            if fails == "not written":
                raise Outage(STORE_FAILED)
            result = real(*args)
            if fails == "but written":
                raise Outage(STORE_FAILED)
            return result

        return write


class Plan:
    """Which write fails, and how; shared by both stores so that every write has its turn."""

    def __init__(self, turn=None, how=None):
        self.turn, self.how, self.count = turn, how, 0

    def next(self):
        self.count += 1
        return self.how if self.count == self.turn else None
