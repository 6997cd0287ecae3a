"""The log's public files: exactly the standard's paths, and nothing beside them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.api.log_files import LogFiles, headers_of
from liangming.errors import Outage
from liangming.ledger import FileTiles
from liangming.ledger.codes import STORE_FAILED
from liangming.ledger.tiles import WIDTH, bundle_path, tile_path


async def ask(app: LogFiles, path: str, method: str = "GET"):
    sent = []

    async def send(message):
        sent.append(message)

    await app({"type": "http", "method": method, "path": path}, None, send)
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


@pytest.fixture
def files(tmp_path: Path) -> LogFiles:
    tiles = FileTiles(tmp_path / "log")
    tiles.put("checkpoint", b"signed")
    tiles.put("tile/0/000", b"full")
    tiles.put("tile/entries/x001/000.p/7", b"partial")
    tiles.put("heads/007", b"earlier")
    tiles.put("stage/7-00", b"internal")
    (tmp_path / "keys.json").write_text("secret")
    return LogFiles(tiles)


@given(st.integers(0, 10**12), st.integers(0, 63), st.integers(1, WIDTH))
def test_every_path_that_the_log_writes_is_served(number: int, level: int, width: int) -> None:
    for path in (tile_path(level, number, width), bundle_path(number, width)):
        headers = dict(headers_of(path) or ())
        assert headers[b"content-type"] == b"application/octet-stream"
        assert (b"immutable" in headers[b"cache-control"]) == (width == WIDTH)


@pytest.mark.parametrize(
    "path",
    [
        "", "stage/7-00", "stage", "../keys.json", "tile/0/../../../keys.json", "/checkpoint",
        "checkpoint/", "checkpoint\n", "tile/64/000", "tile/00/000", "tile/0/00", "tile/0/0000",
        "tile/0/x000/001", "tile/0/001/002", "tile/0/000.p/0", "tile/0/000.p/256",
        "heads/7", "heads/0007", "heads/x000/007", "heads/008", "heads/007.p/1", "heads",
        "tile/0/000.p/07", "tile/0/000.p", "tile/0/٠٠٠", "tile/entries/000.new-1-2", "TILE/0/000",
        "tile/0/x001/x001/x001/x001/x001/x001/000",
    ],
)  # fmt: skip
async def test_a_path_written_otherwise_does_not_exist(files: LogFiles, path: str) -> None:
    status, _, body = await ask(files, f"/log/{path}")
    assert (status, body) == (404, b"")


async def test_the_checkpoint_is_asked_for_anew_and_a_full_tile_never(files: LogFiles) -> None:
    status, headers, body = await ask(files, "/log/checkpoint")
    assert (status, body) == (200, b"signed")
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"
    assert headers[b"cache-control"] == b"no-cache"
    status, headers, body = await ask(files, "/log/tile/0/000")
    assert (status, body) == (200, b"full")
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    status, headers, body = await ask(files, "/log/heads/007")
    assert (status, body) == (200, b"earlier")
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    status, headers, body = await ask(files, "/log/tile/entries/x001/000.p/7")
    assert (status, body) == (200, b"partial")
    assert headers[b"cache-control"] == b"public, max-age=86400"


async def test_what_is_not_there_yet_may_be_asked_again(files: LogFiles) -> None:
    status, headers, _ = await ask(files, "/log/tile/0/001")
    assert (status, headers[b"cache-control"]) == (404, b"no-cache")


async def test_the_files_are_read_only(files: LogFiles) -> None:
    status, headers, body = await ask(files, "/log/checkpoint", "HEAD")
    assert (status, headers[b"content-length"], body) == (200, b"6", b"")
    for method in ("PUT", "POST", "DELETE"):
        status, headers, _ = await ask(files, "/log/checkpoint", method)
        assert (status, headers[b"allow"]) == (405, b"GET, HEAD")


async def test_a_disk_that_does_not_answer_is_an_outage_and_not_an_absence() -> None:
    class Broken:
        def get(self, path: str) -> bytes:
            raise Outage(STORE_FAILED)

    status, headers, _ = await ask(LogFiles(Broken()), "/log/checkpoint")
    assert (status, headers[b"retry-after"]) == (503, b"5")
