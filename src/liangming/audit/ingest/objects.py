"""The objects of a text of JSON, read as they come: memory holds one of them, however long a line is.

They stand one behind another, in an array, or in a list inside an object (``{"data": [ … ]}``), which a mapping
names (``rows = "data"``). What else is in that object is passed over.

Weighed: ``ijson`` builds a Python object for each token of each row, and is one dependency more; DuckDB and
Arrow read one object a line, or an array, but hold an object whole that has the rows inside it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from liangming.audit.ingest.form import opened
from liangming.errors import Code, Kind, Misuse, declare

FILE_JSON = declare(
    "audit.file-json",
    Kind.INVALID,
    zh="这个 JSON 读不成一行行的事件：要么一行一个对象，要么整个文件是一个由对象组成的数组，或者映射里 rows 所指的列表，而且完整。"
    "请让厂商这样导出，或者重新拷贝。",
    en="This JSON does not read as rows of events: it takes one object a line, one whole array of objects, or a list"
    " that the mapping names by rows. Please have it exported so, or copy it again.",
)
FILE_JSON_LARGE = declare(
    "audit.file-json-large",
    Kind.INVALID,
    zh="这个 JSON 里有一个对象超过 16 MiB，不像是一次查验，没有读。请让厂商一次查验写一个对象。",
    en="One object of this JSON is larger than 16 MiB, more than a check would be, and was not read. Please have it"
    " exported with one object for each check.",
)
FILE_JSON_INSIDE = declare(
    "audit.file-json-inside",
    Kind.INVALID,
    zh='这个 JSON 的查验在一个对象里的列表中。请在映射文件里写这个列表在哪一项，例如 rows = "data"；liangming audit map 会写。',
    en="The checks of this JSON are in a list inside one object. Please say in the mapping where that list is, such as"
    ' rows = "data"; liangming audit map writes it.',
)
ROWS_ABSENT = declare(
    "audit.mapped-rows-absent",
    Kind.INVALID,
    zh="映射文件里 rows 所指的列表，这个 JSON 里没有。",
    en="The list that the mapping names by rows is not in this JSON.",
)

LARGEST: Final = 1 << 24
"""What one object may take: 16 MiB of text."""
_AT_ONCE: Final = 1 << 20
_DEEPEST: Final = 16
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
"""A whole text, or what opens and closes; a quote by itself is a text that goes on."""
_NOTHING: Final = "null"


class Reader:
    """A place in a text of JSON that moves forward.

    Args:
        text: the text; no end of a line is changed in it.
        name: what the file is called, for a failure.
    """

    def __init__(self, text: IO[str], name: str) -> None:
        self._text = text
        self._name = name
        self._rest = ""
        self._place = 0
        self._ended = False
        self._decode = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """The next letter that is no space; empty at the end."""
        while True:
            self._place = _SPACE.match(self._rest, self._place).end()  # type: ignore[union-attr]  # it always does
            if self._place < len(self._rest):
                return self._rest[self._place]
            if not self._more():
                return ""

    def take(self, mark: str) -> None:
        """Pass a letter that must stand here."""
        if self.peek() != mark:
            raise self.refusal()
        self._place += 1

    def value(self) -> str:
        """The text of a whole value; of one that nests deeper than anybody can look into, nothing.

        Raises:
            Misuse: ``audit.file-json``, ``audit.file-json-large``.
        """
        self.peek()
        while True:
            try:
                end = self._decode(self._rest, self._place)[1]
            except ValueError:
                end = -1
            except RecursionError:
                self.skip()
                return _NOTHING
            # A number at the end may go on.
            if 0 < end < len(self._rest) or (end > 0 and self._ended):
                found = self._rest[self._place : end]
                self._place = end
                return found
            if end > 0:
                self._more()
            else:
                self._need(self._place)

    def skip(self) -> None:
        """Pass a value, however large."""
        if self.peek() not in ("[", "{"):
            self.value()
            return
        deep = 0
        while True:
            met = _TOKEN.search(self._rest, self._place)
            if met is None:
                self._place = len(self._rest)
                self._need(self._place)
                continue
            self._place = met.start()
            if met[0] == '"':
                self._need(self._place)
                continue
            self._place = met.end()
            deep += met[0] in ("[", "{")
            deep -= met[0] in ("]", "}")
            if not deep:
                return

    def items(self) -> Iterator[None]:
        """Stand before each item of a list in turn; whoever is told passes it."""
        self.take("[")
        while (mark := self.peek()) != "]":
            if mark == ",":
                self.take(mark)
            else:
                yield
        self.take("]")

    def members(self) -> Iterator[str]:
        """Each key of an object in turn, standing before its value; whoever is told passes it."""
        self.take("{")
        while (mark := self.peek()) != "}":
            if mark == ",":
                self.take(mark)
            elif mark == '"':
                key: str = json.loads(self.value())
                self.take(":")
                yield key
            else:
                raise self.refusal()
        self.take("}")

    def refusal(self, code: Code = FILE_JSON) -> Misuse:
        """Why the file cannot be read."""
        return Misuse(code, field=self._name)

    def _need(self, begin: int) -> None:
        """Have more of what begins here.

        Raises:
            Misuse: it ends before, or is too large.
        """
        if len(self._rest) - begin >= LARGEST:
            raise self.refusal(FILE_JSON_LARGE)
        if not self._more():
            raise self.refusal()

    def _more(self) -> bool:
        part = "" if self._ended else self._text.read(_AT_ONCE)
        self._ended = not part
        self._rest, self._place = self._rest[self._place :] + part, 0
        return not self._ended


def objects(path: Path, name: str, rows: str = "", codec: str = "utf-8-sig") -> Iterator[str]:
    """The text of each object: of those one behind another, of an array, or of the list that is named.

    Args:
        name: what the file is called where it came from.
        rows: the list, by dots; what stands there alone is taken for a list of one, and null for none.
        codec: of the text.

    Raises:
        OSError, EOFError, zlib.error: it cannot be read.
        Misuse: ``audit.file-json``: it does not end, or is damaged; ``audit.file-json-large``;
            ``audit.mapped-rows-absent``.
    """
    with (
        opened(path) as file,
        io.TextIOWrapper(file, codec, errors="surrogateescape", newline="") as text,
    ):
        reader = Reader(text, name)
        met = any_at_all = False
        while mark := reader.peek():
            any_at_all = True
            if mark == ",":
                reader.take(mark)
            elif rows:
                for found in _inside(reader, rows.replace("[]", "")):
                    met = True
                    if found:
                        yield found
            else:
                yield from _listed(reader)
        if rows and any_at_all and not met:
            raise reader.refusal(ROWS_ABSENT)


def _inside(reader: Reader, rest: str) -> Iterator[str]:
    """The rows of a list that is somewhere in the value here; first an empty text where it is met."""
    mark = reader.peek()
    if not rest:
        yield ""
        yield from _listed(reader)
    elif mark == "[":
        for _ in reader.items():
            yield from _inside(reader, rest)
    elif mark == "{":
        for key in reader.members():
            if rest == key:
                yield from _inside(reader, "")
            elif rest.startswith(f"{key}."):
                yield from _inside(reader, rest[len(key) + 1 :])
            else:
                reader.skip()
    else:
        reader.skip()


def _listed(reader: Reader) -> Iterator[str]:
    """The items of a list; what is none is one by itself, and null is nothing."""
    if reader.peek() == "[":
        for _ in reader.items():
            yield reader.value()
    elif (found := reader.value()) != _NOTHING:
        yield found


@dataclass(slots=True)
class Beginning:
    """What the first object of a text has, as far as it was looked at.

    Attributes:
        lists: how many objects are in each list inside it, by its name.
        beside: the texts that are in none.
        alone: whether nothing follows it.
    """

    lists: dict[str, int] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    alone: bool = False

    @property
    def longest(self) -> str:
        """The list with most objects; empty for none."""
        return max(self.lists, key=lambda name: self.lists[name], default="")


def beginning(text: str) -> Beginning:
    """Look at the first object of a text that may be cut off anywhere."""
    found = Beginning(alone=True)
    reader = Reader(io.StringIO(text), "")
    try:
        if reader.peek() == "{":
            _survey(reader, "", found, 0)
            found.alone = not reader.peek()
    except Misuse:
        pass
    return found


def _survey(reader: Reader, name: str, found: Beginning, deep: int) -> None:
    mark = reader.peek()
    if deep > _DEEPEST:
        reader.skip()
    elif mark == "{":
        for key in reader.members():
            _survey(reader, f"{name}.{key}" if name else key, found, deep + 1)
    elif mark == "[":
        for _ in reader.items():
            if reader.peek() == "{":
                found.lists[name] = found.lists.get(name, 0) + 1
            reader.value()
    else:
        found.beside.append(reader.value().strip('"'))
