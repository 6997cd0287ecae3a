"""A template kept at its person's wish: useless without the number, and gone when they say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.edge.test_agent import NOON, code_of, journal, made

from liangming.edge.agent.machine import Machine
from liangming.edge.face.ports import Vector
from liangming.edge.face.threshold import Threshold
from liangming.edge.measure.linkage import linkability
from liangming.edge.template.kept import NUMBER_UNKNOWN, Keeper
from liangming.edge.template.protect import begins_at, likeness, protect
from liangming.method.limits import TOO_MANY_TRIES

COSINE = Threshold(metric="cosine", at=0.45)
LIFE = timedelta(days=30)
LENGTH = 256


def face(seed: int, take: int = 0, *, spread: float = 0.5, length: int = LENGTH) -> Vector:
    """A person's face as a net might see it: a direction of their own, and a take's noise."""
    own = np.random.default_rng([seed, 1]).normal(size=length)
    noise = np.random.default_rng([seed, 2, take]).normal(size=length)
    one = own / np.linalg.norm(own) + spread * noise / np.linalg.norm(noise)
    return np.asarray(one / np.linalg.norm(one), np.float32)


def kept(machine: Machine, vector: Vector, at: datetime = NOON) -> tuple[str, str]:
    number, keys = machine.templates.fresh()
    keeper = Keeper(keys)
    assert keeper.same(vector, COSINE)
    return number, machine.templates.keep(keeper, at, LIFE)


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_the_person_with_their_number_matches_and_nobody_else_does(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    number, _ = kept(machine, face(1))
    held = machine.templates.claim(f"{number[:4]} {number[4:8]}-{number[8:]}", NOON)
    assert [held.same(face(1, take), COSINE) for take in range(1, 6)] == [True] * 5
    assert [held.same(face(person), COSINE) for person in range(2, 40)] == [False] * 38
    odd = (np.zeros(LENGTH), np.full(LENGTH, np.nan), np.zeros(0))
    assert [held.same(one.astype(np.float32), COSINE) for one in odd] == [False] * 3
    held.wipe()
    assert held.same(face(1, 1), COSINE) is False
    machine.close()


def test_a_number_claims_its_own_template_and_no_other(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    numbers = [kept(machine, face(person))[0] for person in range(3)]
    for person, number in enumerate(numbers):
        held = machine.templates.claim(number, NOON)
        assert [held.same(face(other, 1), COSINE) for other in range(3)] == [
            other == person for other in range(3)
        ]
    assert machine.templates.count() == 3
    machine.close()


@pytest.mark.parametrize("wrong", ["", "1234", "x" * 16, "٣" * 16, "0" * 17, "0" * 15 + "\n"])
def test_what_is_no_number_claims_nothing(tmp_path: Path, wrong: str) -> None:
    machine, _ = made(tmp_path, kind="vending")
    kept(machine, face(1))
    assert code_of(lambda: machine.templates.claim(wrong, NOON)) == NUMBER_UNKNOWN.name
    machine.close()


def test_guessing_numbers_is_slowed(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    number, _ = kept(machine, face(1))
    other = f"{(int(number) + 1) % 10**16:016d}"
    for _ in range(5):
        assert code_of(lambda: machine.templates.claim(other, NOON)) == NUMBER_UNKNOWN.name
    assert code_of(lambda: machine.templates.claim(number, NOON)) == TOO_MANY_TRIES.name
    later = NOON + timedelta(minutes=2)
    assert machine.templates.claim(number, later).template.startswith("tpl_")
    machine.close()


def test_a_template_goes_on_its_day_and_counts_are_written_down(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    number, template = kept(machine, face(1))
    kept(machine, face(2), NOON + timedelta(days=1))
    assert machine.templates.sweep(NOON + LIFE - timedelta(seconds=1)) == 0
    over = NOON + LIFE
    assert code_of(lambda: machine.templates.claim(number, over)) == NUMBER_UNKNOWN.name
    assert machine.templates.sweep(over) == 1
    said = [(tag, facts["held"]) for tag, facts in journal(machine)]
    assert said == [("device:template:kept", 1), ("device:template:kept", 2),
                    ("device:template:gone", 1)]  # fmt: skip
    gone = journal(machine)[-1][1]
    assert (gone["template"], gone["why"]) == (template, "over")
    machine.close()


def test_deleting_leaves_no_byte_of_it_in_any_file(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    number, template = kept(machine, face(1))
    other, _ = kept(machine, face(2))
    ((sealed,),) = machine.memory.rows(
        "SELECT sealed FROM templates WHERE template = ?", (template,)
    )
    assert sealed[20:60] in everything(tmp_path)  # the search finds what is there
    machine.forget(number=number)
    assert sealed[20:60] not in everything(tmp_path)
    assert code_of(lambda: machine.forget(number=number)) == NUMBER_UNKNOWN.name
    assert machine.templates.claim(other, NOON).same(face(2, 1), COSINE)
    for text in (number, other):
        assert text.encode() not in everything(tmp_path)
    machine.close()


def test_the_disk_alone_tells_and_matches_nothing(tmp_path: Path) -> None:
    """Even with the face and its bits in hand: no bits, no vector and no number are on the disk."""
    machine, _ = made(tmp_path, kind="vending")
    number, keys = machine.templates.fresh()
    keeper = Keeper(keys)
    keeper.same(face(1), COSINE)
    assert keeper.body is not None
    bits = keeper.body.bits
    machine.templates.keep(keeper, NOON, LIFE)
    data = everything(tmp_path)
    for secret in (bits[:24], face(1).tobytes()[:24], number.encode(), keys.projection, keys.seal):
        assert secret not in data
    machine.close()


def test_a_row_moved_to_another_device_or_touched_opens_nowhere(tmp_path: Path) -> None:
    machine, _ = made(tmp_path / "one", kind="vending")
    number, template = kept(machine, face(1))
    ((slot, until, sealed),) = machine.memory.rows("SELECT slot, until, sealed FROM templates")
    about = machine.enrolment
    other, _ = made(tmp_path / "two", kind="vending", secret=about.secret)
    other.templates._device = "dev-2"
    other.memory.rows("INSERT INTO templates VALUES (?, ?, ?, ?)", (slot, template, until, sealed))
    assert code_of(lambda: other.templates.claim(number, NOON)) == NUMBER_UNKNOWN.name
    harmed = bytearray(sealed)
    harmed[30] ^= 1
    machine.memory.rows("UPDATE templates SET sealed = ?", (bytes(harmed),))
    assert code_of(lambda: machine.templates.claim(number, NOON)) == NUMBER_UNKNOWN.name
    other.close()
    machine.close()


def test_two_templates_of_one_face_agree_by_chance_alone() -> None:
    keys = [bytes([n]) * 32 for n in range(40)]
    same_key = [
        likeness(protect(face(n), keys[0]), protect(face(n, 1), keys[0])) for n in range(20)
    ]
    other_key = [
        likeness(protect(face(n), keys[2 * n]), protect(face(n, 1), keys[2 * n + 1]))
        for n in range(20)
    ]
    assert min(same_key) > 0.6
    assert max(map(abs, other_key)) < 0.25
    plain = [float(face(n) @ face(n, 1)) for n in range(20)]
    assert max(abs(a - b) for a, b in zip(same_key, plain, strict=True)) < 0.12


def test_templates_of_two_devices_cannot_be_linked_and_plain_vectors_can() -> None:
    def key(person: int, device: int) -> bytes:
        return np.random.default_rng([person, device, 9]).bytes(32)

    people = range(60)
    one = [protect(face(n), key(n, 1)) for n in people]
    two = [protect(face(n, 1), key(n, 2)) for n in people]
    mated = [likeness(one[n], two[n]) for n in people]
    others = [likeness(one[n], two[m]) for n in people for m in people if n != m]
    assert linkability(mated, others, bins=8) < 0.35  # 60 pairs leave noise; bench has thousands
    plain = [float(face(n) @ face(n, 1)) for n in people]
    apart = [float(face(n) @ face(m, 1)) for n in people for m in people if n != m]
    assert linkability(plain, apart, bins=8) > 0.9
    shared = [protect(face(n, 1), key(n, 1)) for n in people]  # the same number on both: linkable
    same = [likeness(one[n], shared[n]) for n in people]
    assert linkability(same, others, bins=8) > 0.9


def test_a_distance_becomes_the_cosine_of_vectors_of_these_lengths() -> None:
    threshold = Threshold(metric="distance", at=0.58)
    one, other = 1.4 * face(1), 1.3 * face(1, 1)
    length, kept_length = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    at = begins_at(threshold, length, kept_length)
    cosine = float(one @ other) / (length * kept_length)
    near = float(np.linalg.norm(one - other)) <= threshold.at
    assert (cosine >= at) is near
    assert begins_at(threshold, 0.0, 1.0) > 1
    assert begins_at(COSINE, length, kept_length) == COSINE.at
