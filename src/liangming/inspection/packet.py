"""The packet as a file: one zip, nothing compressed, the same content always the same bytes.

Entries in this order, each with the same fixed date: ``mandate.json``, ``plan.json``,
``approvals/1.note``, ``approvals/2.note``, ``census/00000000.jsonl`` and on, ``sample.jsonl``,
``notices/<digest>.json``, and last ``manifest.json`` with the digest of every other file.

It is written beside its place and moved there when it is whole, so that whoever stops it or runs
out of disk leaves no half packet. A reader writes the same content again and compares: a byte that
belongs to no entry cannot hide.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path
from typing import IO, Final, Self

import msgspec

from liangming.errors import Kind, Misuse, Outage, Refusal, declare
from liangming.inspection.census import disclosure_of, slots_of
from liangming.inspection.codes import MANIFEST_DIFFERS, PACKET_MALFORMED, PACKET_VERSION
from liangming.inspection.gather import Sampled

UNWRITABLE = declare(
    "inspection.packet-unwritable",
    Kind.OUTAGE,
    zh="检查包写不进去，请检查路径、权限和磁盘空间；没有留下半个文件。",
    en="The packet cannot be written; please check path, rights and disk space. "
    "No half file was left behind.",
)

FORMAT: Final = "liangming-packet/1"
MANDATE: Final = "mandate.json"
PLAN: Final = "plan.json"
APPROVALS: Final = ("approvals/1.note", "approvals/2.note")
SAMPLE: Final = "sample.jsonl"
MANIFEST: Final = "manifest.json"
_CENSUS: Final = "census/{:08d}.jsonl"
_NOTICE: Final = "notices/{}.json"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_LARGEST_FILE: Final = 256 << 20  # a census file of 4,096 entries has about 2 MB
_COPY: Final = 1 << 20


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every other file with its SHA-256."""

    format: str
    files: dict[str, str]


class _SampleLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    check: str
    events: tuple[tuple[int, tuple[bytes | tuple[str, str, bytes], ...]], ...]


_encode = msgspec.json.Encoder(order="sorted").encode


def census_name(number: int) -> str:
    """The n-th file of the census."""
    return _CENSUS.format(number)


def notice_name(digest: str) -> str:
    """The file of a notice."""
    return _NOTICE.format(digest)


def encode_sample(sample: Iterable[Sampled]) -> bytes:
    """One line for each check, in the order drawn."""
    return b"".join(
        _encode(_SampleLine(each.check, tuple((at, slots_of(shown)) for at, shown in each.events)))
        + b"\n"
        for each in sample
    )


def decode_sample(data: bytes) -> list[Sampled]:
    """The inverse of :func:`encode_sample`; any other spelling is refused.

    Raises:
        Misuse: ``inspection.packet-malformed``.
    """
    try:
        lines = [msgspec.json.decode(line, type=_SampleLine) for line in data.splitlines()]
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(PACKET_MALFORMED) from None
    sample = [
        Sampled(line.check, tuple((at, disclosure_of(slots)) for at, slots in line.events))
        for line in lines
    ]
    if encode_sample(sample) != data:
        raise Misuse(PACKET_MALFORMED)
    return sample


class Writer:
    """Writes the entries of a packet in order, and its manifest at the end; a context manager."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._files: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # a full disk was told before
            self._zip.close()

    def add(self, name: str, data: bytes) -> None:
        """One more file."""
        self._files[name] = hashlib.sha256(data).hexdigest()
        self._write(name, data)

    def finish(self) -> None:
        """The manifest, and the end."""
        self._write(MANIFEST, _encode(Manifest(FORMAT, self._files)))
        self._zip.close()

    def _write(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.create_system = 3  # the same on every machine
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, data, zipfile.ZIP_STORED)


@contextmanager
def written(path: Path) -> Iterator[BufferedRandom]:
    """A file that appears at its place whole, or not at all.

    Raises:
        Outage: ``inspection.packet-unwritable``.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        try:
            with aside.open("w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError:
        raise Outage(UNWRITABLE) from None


class Packet:
    """A packet as read. Nothing is believed yet but that it is whole: see :func:`opened_packet`."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = archive
        self.files = manifest.files

    def read(self, name: str) -> bytes:
        """One file, with the digest that the manifest gives it.

        Raises:
            Misuse: ``inspection.packet-malformed``.
            Refusal: ``inspection.manifest-differs``.
        """
        data = _read(self._zip, name)
        if hashlib.sha256(data).hexdigest() != self.files.get(name):
            raise Refusal(MANIFEST_DIFFERS)
        return data

    def census(self) -> Iterator[bytes]:
        """The lines of the census, in order; one file at a time in memory.

        Raises:
            Misuse, Refusal: as :meth:`read`.
        """
        for name in self._census():
            yield from self.read(name).splitlines(keepends=True)

    def last_line(self) -> bytes:
        """The last line of the census; empty when there is none.

        Raises:
            Misuse, Refusal: as :meth:`read`.
        """
        names = self._census()
        lines = self.read(names[-1]).splitlines(keepends=True) if names else []
        return lines[-1] if lines else b""

    def _census(self) -> list[str]:
        names = [name for name in self.files if name.startswith("census/")]
        if names != [census_name(number) for number in range(len(names))]:
            raise Refusal(MANIFEST_DIFFERS)
        return names


@contextmanager
def opened_packet(path: Path) -> Iterator[Packet]:
    """Open a packet and make sure that it is whole: every file as the manifest says, none else.

    Raises:
        Misuse: ``inspection.packet-malformed``.
        Refusal: ``inspection.packet-version``, ``inspection.manifest-differs``.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Misuse(PACKET_MALFORMED) from None
    with archive:
        try:
            manifest = msgspec.json.decode(_read(archive, MANIFEST), type=Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Misuse(PACKET_MALFORMED) from None
        if manifest.format != FORMAT:
            raise Refusal(PACKET_VERSION)
        names = [entry.filename for entry in archive.infolist()]
        if sorted(names) != sorted([*manifest.files, MANIFEST]) or names[-1:] != [MANIFEST]:
            raise Refusal(MANIFEST_DIFFERS)
        packet = Packet(
            archive, Manifest(FORMAT, {name: manifest.files[name] for name in names[:-1]})
        )
        _same_bytes(packet, names[:-1], path)
        yield packet


def digest_of(path: Path) -> str:
    """SHA-256 of a packet, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same_bytes(packet: Packet, names: list[str], path: Path) -> None:
    """Write the content again: what is in the file but in no entry, or out of form, shows."""
    with tempfile.TemporaryFile() as again:
        with Writer(again) as writer:
            for name in names:
                writer.add(name, packet.read(name))
            writer.finish()
        again.seek(0)
        with path.open("rb") as file:
            while True:
                one, other = file.read(_COPY), again.read(_COPY)
                if one != other:
                    raise Misuse(PACKET_MALFORMED)
                if not one:
                    return


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > _LARGEST_FILE:
            raise Misuse(PACKET_MALFORMED)
        return archive.read(entry)
    except (
        KeyError,
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Misuse(PACKET_MALFORMED) from None
