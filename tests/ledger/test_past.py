"""Heads that were published before stay where anybody finds them, with what was signed on them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger import world

from liangming.errors import LiangmingError
from liangming.ledger import FileTiles, SqliteHeads, fsck
from liangming.ledger.checkpoint import add_signatures
from liangming.ledger.keys import KeyKind, SigningKey
from liangming.ledger.note import read_note
from liangming.ledger.past import Past, kept_path, opened
from liangming.ledger.tiles import CHECKPOINT

HOUR = 3600
WITNESS = SigningKey(KeyKind.COSIGNER_ED25519, "witness.example", bytes(range(32)))


def grown(*seconds: int) -> tuple[world.MemoryTiles, world.MemoryHeads]:
    """A log that took ten leaves at each of these seconds."""
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads)
    log.recover(world.at())
    for n, second in enumerate(seconds):
        log.append(world.leaves(n * 10, n * 10 + 10), world.at(second))
    return store, heads


def sizes(store: world.MemoryTiles) -> list[int]:
    past = Past(store)
    return [opened(past.get(n), world.TRUST).head.size for n in range(past.count())]


def test_once_an_hour_the_head_that_is_replaced_is_kept() -> None:
    store, _ = grown(0, 60, HOUR + 59, HOUR + 60, HOUR + 61, 3 * HOUR)
    # 10 at the first change; 30 when its hour was over; 50 after a long silence.
    assert sizes(store) == [10, 30, 50]
    assert fsck(store, world.TRUST).head.size == 60
    assert sizes(world.MemoryTiles()) == []


def test_after_a_start_the_next_one_is_kept_but_the_same_never_twice() -> None:
    store, heads = grown(0, 60)
    for second in (90, 95):
        log = world.log(store, heads)
        log.recover(world.at(second))
        assert sizes(store) == [10, *([20] if second > 90 else [])]
        log.append(world.leaves(log.head.size, log.head.size + 5), world.at(second))
    assert sizes(store) == [10, 20, 25]


def test_what_witnesses_signed_by_then_is_kept_with_it() -> None:
    store, heads = grown(0)
    log = world.log(store, heads)
    log.recover(world.at(1))
    _, signed = log.signed
    line = WITNESS.sign(read_note(signed).text, 1_795_000_000)
    log.vouch(signed, [line])
    log.append(world.leaves(10, 20), world.at(2))
    assert Past(store).get(0) == add_signatures(signed, [line])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(there=st.integers(0, 70), known=st.integers(0, 70))
def test_they_are_counted_without_a_list(there: int, known: int) -> None:
    store = world.MemoryTiles()
    past = Past(store)
    for n in range(there):
        if n == known:
            assert past.count() == n
        store.put(kept_path(n), b"%d" % n)
    assert past.count() == there


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda note: note.replace(b"\n10\n", b"\n11\n"), "ledger.signature-wrong"),
        (
            lambda note: note.replace(world.ORIGIN.encode(), b"log.example/other"),
            "ledger.origin-other",
        ),
        (lambda note: b"", "ledger.note-malformed"),
        (None, "ledger.forked"),
    ],
)
def test_a_kept_head_that_does_not_hold_is_found_by_the_self_check(spoil, code: str) -> None:
    store, _ = grown(0, 60)
    if spoil is None:  # well signed, but of another past
        other = world.MemoryTiles()
        log = world.log(other, world.MemoryHeads())
        log.append(world.leaves(500, 510), world.at())
        store.files[kept_path(0)] = other.get(CHECKPOINT)
    else:
        store.files[kept_path(0)] = spoil(store.files[kept_path(0)])
    with pytest.raises(LiangmingError) as caught:
        fsck(store, world.TRUST)
    assert caught.value.code.name == code


def test_in_a_folder_they_are_durable_before_the_page_moves_on(tmp_path) -> None:
    heads = SqliteHeads(tmp_path / "head")
    log = world.log(FileTiles(tmp_path / "log"), heads)
    for n in range(3):
        log.append(world.leaves(n, n + 1), world.at(n * HOUR))
    assert sorted(p.name for p in (tmp_path / "log" / "heads").iterdir()) == ["000", "001"]
    heads.close()
