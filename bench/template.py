"""What a protected template costs in accuracy, and how far two of them can be linked (ISO/IEC 24745).

Drawn vectors, no faces: a person is a direction, a take of them that direction with noise whose size is
chosen so that takes of one person have the cosine that good frames have. A real embedder's spread is not
known here; bring its vectors to know it.
"""

import time

import numpy as np

from liangming.edge.face.threshold import Threshold
from liangming.edge.measure.linkage import linkability
from liangming.edge.template.kept import Keeper, Templates
from liangming.edge.template.protect import BITS, likeness, protect

PEOPLE, LENGTH = 120, 256
SPREADS = (0.8, 1.0, 1.2)  # of the noise, as a share of the person's own direction
KEYED = 600  # pairs of one person on two devices


def face(rng, own, spread):
    noise = rng.normal(size=own.size)
    one = own + spread * noise / np.linalg.norm(noise)
    return (one / np.linalg.norm(one)).astype(np.float32)


def people(rng, count):
    owns = rng.normal(size=(count, LENGTH))
    return owns / np.linalg.norm(owns, axis=1, keepdims=True)


def equal_error(mated, others):
    """Where as many of one are refused as of the other let in."""
    at = np.sort(np.concatenate([mated, others]))
    wrong = np.searchsorted(np.sort(mated), at) / len(mated)
    let = 1 - np.searchsorted(np.sort(others), at) / len(others)
    place = int(np.argmin(np.abs(wrong - let)))
    return (wrong[place] + let[place]) / 2


def accuracy() -> None:
    print(
        f"accuracy: {PEOPLE} people, two takes each, {LENGTH} numbers; EER, and FNMR at cosine 0.45"
    )
    for spread in SPREADS:
        rng = np.random.default_rng(11)
        owns = people(rng, PEOPLE)
        one = [face(rng, own, spread) for own in owns]
        two = [face(rng, own, spread) for own in owns]
        plain = np.array(one) @ np.array(two).T
        keys = [rng.bytes(32) for _ in range(PEOPLE)]
        kept = [protect(vector, key) for vector, key in zip(one, keys, strict=True)]
        # as at the machine: whoever stands there is projected under the key of the number claimed
        mated = [likeness(kept[n], protect(two[n], keys[n])) for n in range(PEOPLE)]
        wrong = [
            likeness(kept[n], protect(two[(n + step) % PEOPLE], keys[n]))
            for n in range(PEOPLE)
            for step in range(1, 6)
        ]
        diagonal = np.diag(plain)
        apart = [plain[n, (n + s) % PEOPLE] for n in range(PEOPLE) for s in range(1, 6)]
        print(
            f"  spread {spread}: mean cosine of one person {diagonal.mean():.2f}; "
            f"EER plain {equal_error(diagonal, np.array(apart)):.2%}, "
            f"protected {equal_error(np.array(mated), np.array(wrong)):.2%}; "
            f"FNMR plain {np.mean(diagonal < 0.45):.2%}, protected "
            f"{np.mean(np.array(mated) < 0.45):.2%}; FMR plain {np.mean(np.array(apart) >= 0.45):.2%}, "
            f"protected {np.mean(np.array(wrong) >= 0.45):.2%} of {len(wrong)}"
        )


def unlinkability() -> None:
    rng = np.random.default_rng(12)
    owns = people(rng, KEYED)
    one = [face(rng, own, 0.8) for own in owns]
    two = [face(rng, own, 0.8) for own in owns]
    mine, theirs = ([rng.bytes(32) for _ in owns] for _ in range(2))
    here = [protect(v, k) for v, k in zip(one, mine, strict=True)]
    there = [protect(v, k) for v, k in zip(two, theirs, strict=True)]
    shared = [protect(v, k) for v, k in zip(two, mine, strict=True)]
    steps = range(1, 11)
    mated = [likeness(here[n], there[n]) for n in range(KEYED)]
    others = [likeness(here[n], there[(n + s) % KEYED]) for n in range(KEYED) for s in steps]
    floor = linkability(others[:KEYED], others[KEYED:])
    plain = np.array(one) @ np.array(two).T
    diagonal = np.diag(plain).tolist()
    apart = [plain[n, (n + s) % KEYED] for n in range(KEYED) for s in steps]
    same = [likeness(here[n], shared[n]) for n in range(KEYED)]
    print(
        f"unlinkability, D_sys (0 unlinkable … 1 linked), {KEYED} mated, {len(others)} other pairs"
    )
    print(f"  plain vectors (baseline)                 {linkability(diagonal, apart):.3f}")
    print(f"  templates of two devices, two numbers    {linkability(mated, others):.3f}")
    print(f"  two halves of the other pairs (noise)    {floor:.3f}")
    print(f"  the same number on both (never given)    {linkability(same, others):.3f}")


def inversion() -> None:
    """Whoever holds bits and key: the signs drawn back along the projection."""
    from liangming.edge.template.protect import _projection

    rng = np.random.default_rng(13)
    found = []
    for own in people(rng, 50):
        vector, key = face(rng, own, 0.8), rng.bytes(32)
        signs = np.unpackbits(np.frombuffer(protect(vector, key), np.uint8)) * 2.0 - 1
        back = _projection(key, LENGTH).T @ signs
        found.append(float(back @ vector) / float(np.linalg.norm(back)))
    print(f"with device and number: cosine of the vector computed back {np.mean(found):.2f} (50)")


def cost() -> None:
    rng = np.random.default_rng(14)
    vector, key = face(rng, people(rng, 1)[0], 0.8), rng.bytes(32)

    def timed(name, call, times, base=0.0):
        call()
        began = time.process_time()
        for _ in range(times):
            call()
        spent = (time.process_time() - began) / times * 1000
        print(f"  {name:40} {spent:8.2f} ms CPU" + (f"  ×{spent / base:.0f}" if base else ""))
        return spent

    print("cost")
    base = timed("baseline: one plain comparison", lambda: float(vector @ vector), 20_000)
    timed(f"protect ({BITS} bits of {LENGTH} numbers)", lambda: protect(vector, key), 50, base)
    templates = Templates(None, None, secret=bytes(32), device="d")  # type: ignore[arg-type]
    timed("keys from a number (scrypt)", templates.fresh, 20, base)
    Keeper(templates.fresh()[1]).same(vector, Threshold(metric="cosine", at=0.45))


if __name__ == "__main__":
    accuracy()
    unlinkability()
    inversion()
    cost()
