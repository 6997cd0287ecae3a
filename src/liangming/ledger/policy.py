"""Whose word on a head is enough: logs, witnesses and a quorum (c2sp.org/tlog-policy).

A policy is a text. Names in it are opaque and mean nothing outside it; a key may stand in it once,
and a witness may count towards the quorum in one way only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from liangming.errors import Kind, Misuse, declare
from liangming.ledger.checkpoint import Trust
from liangming.ledger.keys import KeyKind, VerifyingKey, read_verifying_key

POLICY_UNFIT: Final = declare(
    "ledger.policy-unfit",
    Kind.MALFORMED,
    zh="见证规则文件有一行读不懂，或规则不成立，请按标出的行修改。",
    en="A line of the witness policy cannot be read, or the policy makes no sense; please see the"
    " line that is named.",
)
NONE: Final = "none"
LARGEST: Final = 1 << 20
MOST: Final = 256
_ALLOWED: Final = bytes((0x09, 0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)))


@dataclass(frozen=True, slots=True)
class Group:
    """At least so many of these must have cosigned."""

    threshold: int
    members: tuple[Group | VerifyingKey, ...]

    def met(self, signed: Collection[VerifyingKey]) -> bool:
        """Whether these cosigners are enough."""
        return self.threshold <= sum(
            member.met(signed) if isinstance(member, Group) else member in signed
            for member in self.members
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A witness of a policy: its name there, its key, and where to ask it (may be empty)."""

    name: str
    key: VerifyingKey
    url: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read.

    Attributes:
        logs: keys of logs; a key's name is the log's origin.
        witnesses: in the order of the text.
        quorum: None when no cosignature is asked for.
    """

    logs: tuple[VerifyingKey, ...]
    witnesses: tuple[Listed, ...]
    quorum: Group | None

    def trust(self, origin: str, log_keys: tuple[VerifyingKey, ...] = ()) -> Trust:
        """Who is believed about one log.

        Args:
            origin: the log.
            log_keys: its keys, where they are known from elsewhere; otherwise those of the policy.
        """
        keys = log_keys or tuple(key for key in self.logs if key.name == origin)
        return Trust(origin, keys, tuple(each.key for each in self.witnesses), rule=self.quorum)


def read_policy(data: bytes) -> Policy:
    """Read a policy text.

    Raises:
        Misuse: ``ledger.policy-unfit`` naming the line.
    """
    if len(data) > LARGEST or data.translate(None, _ALLOWED):
        raise Misuse(POLICY_UNFIT)
    reader = _Reader()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#") and not reader.takes(words):
            raise Misuse(POLICY_UNFIT, field=f"line {number}")
    if not reader.decided:
        raise Misuse(POLICY_UNFIT, field="quorum")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), reader.quorum)


class _Reader:
    """Takes one line after the other."""

    def __init__(self) -> None:
        self.logs: list[VerifyingKey] = []
        self.witnesses: list[Listed] = []
        self.quorum: Group | None = None
        self.decided = False
        self._named: dict[str, Group | VerifyingKey] = {}
        self._used: set[str] = set()

    def takes(self, words: list[str]) -> bool:
        """Take a line; False when it makes no sense here."""
        match words:
            case ["log", key, *url] if len(url) <= 1:
                return self._log(key)
            case ["witness", name, key, *url] if len(url) <= 1:
                return self._witness(name, key, "".join(url))
            case ["group", name, threshold, *members]:
                return self._group(name, threshold, members)
            case ["quorum", name]:
                return self._quorum(name)
        return False

    def _log(self, text: str) -> bool:
        key = _key(text)
        known = {each.public for each in self.logs}
        if key is None or key.kind is not KeyKind.LOG_ED25519 or key.public in known:
            return False
        self.logs.append(key)
        return True

    def _witness(self, name: str, text: str, url: str) -> bool:
        key = _key(text)
        known = {each.key.public for each in self.witnesses}
        if key is None or key.kind is KeyKind.LOG_ED25519 or key.public in known:
            return False
        if not self._name(name, key):
            return False
        self.witnesses.append(Listed(name, key, url))
        return True

    def _group(self, name: str, threshold: str, members: list[str]) -> bool:
        unknown = any(each not in self._named or each in self._used for each in members)
        if unknown or not members or len(set(members)) != len(members):
            return False
        needed = {"all": len(members), "any": 1}.get(threshold)
        if needed is None:
            plain = threshold.isascii() and threshold.isdecimal() and not threshold.startswith("0")
            needed = int(threshold) if plain and len(threshold) <= 3 else 0  # noqa: PLR2004
        if not 1 <= needed <= len(members):
            return False
        if not self._name(name, Group(needed, tuple(self._named[each] for each in members))):
            return False
        self._used.update(members)
        return True

    def _quorum(self, name: str) -> bool:
        if self.decided or (name != NONE and name not in self._named):
            return False
        self.decided = True
        if name != NONE:
            chosen = self._named[name]
            self.quorum = chosen if isinstance(chosen, Group) else Group(1, (chosen,))
        return True

    def _name(self, name: str, meaning: Group | VerifyingKey) -> bool:
        if name == NONE or name in self._named or len(self._named) >= MOST:
            return False
        self._named[name] = meaning
        return True


def _key(text: str) -> VerifyingKey | None:
    try:
        return read_verifying_key(text)
    except Misuse:
        return None
