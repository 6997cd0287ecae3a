"""What one decision costs, with its whole trace: the plain engine beside the compiled one.

    python bench/rules.py

Medians of seven rounds, in microseconds, over the real law on one day.
"""

from __future__ import annotations

import statistics
import timeit
from datetime import date

from liangming.law import CORPUS
from liangming.rules import FactValue, decide
from liangming.rules.compiling import compiled

ON = date(2026, 11, 24)
ROUNDS = 7
CALLS = 2000
YES = dict.fromkeys(
    (
        "offers_face", "purpose_stated", "notice_named", "contact_stated", "complaint_channel",
        "withdrawal_channel", "retention_stated", "assessment_approved", "sign_displayed",
        "staff_help", "device_enrolled", "on_device", "notice_shown", "notice_current",
        "separate_consent",
    ),
    True,
)  # fmt: skip
FACTS: dict[str, FactValue] = {
    **{fact.name: False for fact in CORPUS.vocabulary if fact.type is bool},
    **YES,
    "kind": "parcel.send.counter", "channel": "counter", "method": "face", "province": "310000",
    "alternatives": 3, "plain_alternatives": 2, "identity_retention_days": 365,
    "face_retention_days": 0, "hours_since_decline": 100_000, "other_ways": 2, "age": 30,
    "face_attempts": 0, "days_kept": 10, "retention_kind": "identity", "reason": "mismatch",
}  # fmt: skip


def micros(call: object) -> float:
    rounds = (timeit.timeit(call, number=CALLS) for _ in range(ROUNDS))  # type: ignore[arg-type]
    return statistics.median(rounds) / CALLS * 1e6


def main() -> None:
    print(f"{'question':<12}{'rules':>6}{'plain':>10}{'compiled':>10}{'folded':>10}{'times':>7}")
    for question in CORPUS.questions:
        place = {name: FACTS[name] for name in ("kind", "channel", "method", "province")}
        rest = {name: value for name, value in FACTS.items() if name not in place}
        fast = compiled(CORPUS, question, on=ON)
        folded = compiled(CORPUS, question, on=ON, fixed=place)
        assert fast(FACTS) == folded(rest) == decide(CORPUS, question, FACTS, on=ON)
        slow_us = micros(lambda q=question: decide(CORPUS, q, FACTS, on=ON))
        fast_us = micros(lambda f=fast: f(FACTS))
        folded_us = micros(lambda f=folded, known=rest: f(known))
        print(
            f"{question:<12}{len(CORPUS.in_force(question, ON)):>6}"
            f"{slow_us:>10.1f}{fast_us:>10.1f}{folded_us:>10.1f}{slow_us / folded_us:>7.1f}"
        )


if __name__ == "__main__":
    main()
