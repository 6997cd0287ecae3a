"""The same audit every day, on the last days: what is new, what went away, what stays.

The result is one small file that a board of duties can read, and one event for the log that fixes
its digest. It holds codes and numbers of outlets, nothing about a person; clerks are not named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from liangming.audit.report.content import Content
from liangming.audit.report.write import REPORT_UNWRITABLE, put
from liangming.audit.schema import CHANNELS, SCENE_KINDS
from liangming.audit.statistics.words import ASKED
from liangming.errors import Kind, Misuse, Outage, declare
from liangming.ledger import declare_event

JUDGED: Final = declare_event(
    "audit:watch:judged",
    facts=("until", "chain", "outlets", "standing", "scenes", "digest"),
    zh="按日审计了查验事件，结果的摘要记在这里。",
    en="The events of checks were audited for the day; the digest of the result is fixed here.",
)
WATCH_UNREADABLE = declare(
    "audit.watch-unreadable",
    Kind.MALFORMED,
    zh="上次的结果文件读不出。请移走它再运行，新的结果会从头开始。",
    en="The last result cannot be read. Move it away and run again; the new one begins anew.",
)
WATCH_VERSION: Final = 1


class Standing(msgspec.Struct, frozen=True, order=True):
    """One place that stands out in one question.

    Attributes:
        question: which.
        operator: whose; empty for all.
        outlet: which; empty for a whole scene.
        scene_kind: what kind of scene.
        channel: which channel.
        articles: articles touched if it is so.
        since: the first day on which it stood out, as days since 1970.
        title: the question in a few words, in Chinese and English.
    """

    question: str
    operator: str
    outlet: str
    scene_kind: str
    channel: str
    articles: tuple[str, ...]
    since: int = 0
    title: tuple[str, str] = ("", "")

    @property
    def what(self) -> tuple[str, ...]:
        """What makes it the same from day to day."""
        return (self.question, self.operator, self.outlet, self.scene_kind, self.channel)


class Watched(msgspec.Struct, frozen=True):
    """The result of one day (``docs/spec/watch.md``).

    Attributes:
        version: of this form.
        first_day: first day that was read.
        until: last day that was read.
        chain: digest of the chain of partial files.
        outlets: asked about.
        leads: put aside.
        standing: what stands out, sorted.
        new: how many of them did not before.
        gone: what stood out before and does not now.
        not_testable: questions that could not be asked.
    """

    version: int
    first_day: int
    until: int
    chain: str
    outlets: int
    leads: int
    standing: tuple[Standing, ...]
    new: int
    gone: tuple[Standing, ...]
    not_testable: dict[str, str]


def nothing(first_day: int, until: int) -> Watched:
    """The result of days without one check."""
    return Watched(WATCH_VERSION, first_day, until, "", 0, 0, (), 0, (), {})


def watched(content: Content, before: Watched | None, *, until: int | None = None) -> Watched:
    """The result of today, beside the one before.

    A run that is repeated on the same day changes nothing.

    Args:
        content: what was found.
        before: the result before.
        until: the last day that was looked at; None for the last of which there is a check.
    """
    here, judged = content.here, content.judged
    known = {} if before is None else {one.what: one for one in before.standing}
    found: dict[tuple[str, ...], Standing] = {}
    for flag in judged.flags:
        one = Standing(
            flag.question,
            here.operator[flag.place],
            here.outlet[flag.place],
            SCENE_KINDS[int(here.scene_kind[flag.place])],
            CHANNELS[int(here.channel[flag.place])],
            ASKED[flag.question].articles,
            title=ASKED[flag.question].title,
        )
        found.setdefault(one.what, one)
    for scene in judged.scenes:
        one = Standing(
            scene.question,
            scene.operator,
            "",
            SCENE_KINDS[scene.scene_kind],
            CHANNELS[scene.channel],
            ASKED[scene.question].articles,
            title=ASKED[scene.question].title,
        )
        found.setdefault(one.what, one)
    today = here.last_day if until is None else until
    went = {one.what: one for one in before.gone} if before and before.until == today else {}
    went |= known
    standing = tuple(
        sorted(
            msgspec.structs.replace(one, since=known[what].since if what in known else today)
            for what, one in found.items()
        )
    )
    return Watched(
        version=WATCH_VERSION,
        first_day=here.first_day,
        until=today,
        chain=content.read.head,
        outlets=content.outlets,
        leads=len({flag.place for flag, _ in judged.leads}),
        standing=standing,
        new=sum(one.since == today for one in standing),
        gone=tuple(sorted(one for what, one in went.items() if what not in found)),
        not_testable=judged.silent,
    )


def facts(result: Watched) -> Mapping[str, str | int]:
    """The facts of the event that fixes a result."""
    scenes = sum(not one.outlet for one in result.standing)
    return {
        "until": result.until,
        "chain": result.chain,
        "outlets": result.outlets,
        "standing": len(result.standing) - scenes,
        "scenes": scenes,
        "digest": digest(result),
    }


def digest(result: Watched) -> str:
    """SHA-256 of the file, in hexadecimal."""
    return hashlib.sha256(encoded(result)).hexdigest()


def encoded(result: Watched) -> bytes:
    """The file: JSON, one line an entry, ending with a newline."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"


def read(place: Path) -> Watched | None:
    """The result before, None when there is none.

    Raises:
        Misuse: ``audit.watch-unreadable``.
    """
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise Misuse(WATCH_UNREADABLE, field="--to") from None
    return decoded(data)


def decoded(data: bytes) -> Watched:
    """A result, from its bytes.

    Raises:
        Misuse: ``audit.watch-unreadable``.
    """
    try:
        held = msgspec.json.decode(data, type=Watched)
    except msgspec.DecodeError:
        raise Misuse(WATCH_UNREADABLE, field="--to") from None
    if held.version != WATCH_VERSION:
        raise Misuse(WATCH_UNREADABLE, field="--to")
    return held


def keep(place: Path, result: Watched) -> None:
    """Put a result in its place.

    Raises:
        Outage: ``audit.report-unwritable``.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        put({place: encoded(result)})
    except OSError:
        raise Outage(REPORT_UNWRITABLE) from None
