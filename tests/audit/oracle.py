"""The cells of some events by a plain loop: written from the pages, not from the expressions."""

import math
from collections import Counter, defaultdict
from typing import Any

from liangming.audit.schema import FACTS, OUTCOMES, REASONS, WAYS, way_column

FACT = {fact.name: number for number, fact in enumerate(FACTS)}
LIMITS = {
    "province": 999_999, "scene_kind": 15, "channel": 5, "ways_offered": 2**14 - 1,
    "ways_down": 2**14 - 1, "ways_failed": 2**14 - 1, "way_first": 14, "way_chosen": 14,
    "way_completed": 14, "outcome": 5, "reason": 7, "duration_ms": 2**31 - 1,
    "facts": 2**29 - 1, "known": 2**29 - 1,
}  # fmt: skip


def counted(rows: list[dict[str, Any]]) -> tuple[dict[tuple[Any, ...], Counter[str]], Counter[str]]:
    """Each cell's sums by its key, and how many rows were left out for which reason."""
    cells: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    left_out: Counter[str] = Counter()
    for row in rows:
        why = _unfit(row)
        if why:
            left_out[why] += 1
            continue
        fit = {
            name: value if value is not None and 0 <= value <= LIMITS[name] else None
            for name, value in row.items()
            if name in LIMITS
        }
        day = (row["at"] + row["zone"] * 60_000_000) // 86_400_000_000
        key = (day, row["operator"], row["outlet"], row["clerk"] or "")
        key += tuple(fit[name] or 0 for name in ("scene_kind", "province", "channel"))
        cells[key].update(_sums(row, fit))
    return cells, left_out


def _unfit(row: dict[str, Any]) -> str:
    if any(row[name] in (None, "") for name in ("at", "zone", "operator", "outlet")):
        return "required-missing"
    if not 946_684_800_000_000 <= row["at"] < 4_102_444_800_000_000:
        return "moment-unfit"
    return "" if -720 <= row["zone"] <= 840 else "zone-unfit"


def _sums(row: dict[str, Any], fit: dict[str, Any]) -> Counter[str]:
    sums: Counter[str] = Counter(checks=1)
    facts, known = fit["facts"] or 0, fit["known"] or 0

    def fact(name: str) -> bool | None:
        bit = 1 << FACT[name]
        return bool(facts & bit) if known & bit else None

    outcome = OUTCOMES[fit["outcome"] or 0]
    reason = REASONS[fit["reason"] or 0]
    ended = {"expired": "abandoned"}.get(outcome, outcome)
    if ended != "unknown":
        sums[ended] += 1
    if (outcome, reason) == ("refused", "other"):
        sums["refused_otherwise"] += 1
    mask = fit["ways_offered"]
    offered = {way for number, way in enumerate(WAYS) if mask is not None and mask >> number & 1}
    down = {way for n, way in enumerate(WAYS) if (fit["ways_down"] or 0) >> n & 1} & offered
    failed = {way for n, way in enumerate(WAYS) if (fit["ways_failed"] or 0) >> n & 1} & offered
    first, chosen, completed = (
        "?" if fit[name] is None else ((*WAYS, "none")[fit[name]])
        for name in ("way_first", "way_chosen", "way_completed")
    )
    face = "face" in offered
    others = offered - {"face"}
    used = completed == "face" or "face" in failed
    sums["ways_known"] += mask is not None
    for way in WAYS:
        sums[way_column(way, "offered")] += way in offered
        sums[way_column(way, "down")] += way in down
        sums[way_column(way, "failed")] += way in failed
        sums[way_column(way, "chosen")] += mask is not None and chosen == way
        sums[way_column(way, "passed")] += outcome == "passed" and completed == way
    quarter = (row["at"] + row["zone"] * 60_000_000) // 21_600_000_000 % 4
    band = ("night", "morning", "afternoon", "evening")[quarter]
    if face:
        sums[f"face_offered_{band}"] += 1
        sums[f"face_chosen_{band}"] += chosen == "face"
        sums["chosen_known"] += chosen != "?"
        if others and first != "?":
            sums["first_known"] += 1
            sums["face_first"] += first == "face"
            sums["face_chosen_first"] += first == chosen == "face"
            sums["face_chosen_other"] += first != "face" and chosen == "face"
    elsewhere = fact("face_elsewhere")
    if face and others and chosen != "?" and elsewhere is not None:
        sums["pair_to_face"] += not elsewhere and chosen == "face"
        sums["pair_from_face"] += elsewhere and chosen != "face"
        sums["pair_known"] += 1
        sums["pair_face_there"] += elsewhere
    declined = fact("declined_face") if face else None
    if declined is not None:
        name = "declined" if declined else "kept"
        sums["decline_known"] += 1
        sums["declined"] += declined
        sums[f"declined_{band}"] += declined
        if ended != "unknown":
            sums[f"{name}_{ended}"] += 1
        sums[f"{name}_way_down"] += bool(down - {"face"})
        sums[f"{name}_way_failed"] += bool(failed - {"face"})
        sums["declined_face_used"] += declined and used
        if outcome == "passed" and fit["duration_ms"] is not None:
            log = math.floor(1024 * math.log(min(max(fit["duration_ms"], 100), 3_600_000)) + 0.5)
            sums[f"{name}_timed"] += 1
            sums[f"{name}_ln"] += log
            sums[f"{name}_ln2"] += log * log
    for code, found in _found(fact, face, others, down, first, outcome, reason, used, declined):
        if found is not None:
            sums[f"{code}_tested"] += 1
            sums[code] += found
    return sums


def _found(  # noqa: PLR0917
    fact, face, others, down, first, outcome, reason, used, declined
):
    """Each finding: shown, not shown, or None where it cannot be tested."""
    yield "v01", (not others - down) if face else None
    bigger = fact("face_emphasised")
    if face and others and (first != "?" or bigger is not None):
        yield "v02", first == "face" or bigger is True
    if declined and outcome != "unknown" and (outcome, reason) != ("refused", "none"):
        yield "v03", (outcome, reason) == ("refused", "other")
    before, consent = fact("capture_before_consent"), fact("separate_consent")
    if before is not None or (used and consent is not None):
        yield "v06_consent", before is True or (used and consent is False)
    current = fact("consent_current")
    yield "v06_expired", not current if used and current is not None else None
    left, named = fact("face_left_device"), fact("transfer_consent")
    if left is False or (left and named is not None):
        yield "v15", left and not named
    child, guardian = fact("under_14"), fact("guardian_consent")
    if used and (child is False or (child and guardian is not None)):
        yield "v23", child and not guardian
    for code, name in (
        ("v06_notice", "capture_before_notice"), ("v09", "consent_bundled"), ("v11", "asked_again"),
        ("v16", "kept_too_long"), ("v17", "score_recorded"), ("v24", "shared_without_consent"),
        ("v28", "phone_forced"), ("again", "collected_again"), ("repeat", "face_repeated"),
    ):  # fmt: skip
        yield code, fact(name)
    for code, name in (("v07", "notice_shown"), ("v07_expired", "notice_current")):
        yield code, None if fact(name) is None else not fact(name)
    if face:
        for code, name in (("v04", "face_rewarded"), ("v05", "service_pretext"),
                           ("v10", "face_preselected"), ("v22", "private_space")):  # fmt: skip
            yield code, fact(name)
        for code, name in (("v12", "withdrawal_channel"), ("v18", "assessment_approved"),
                           ("v20", "sign_displayed"), ("v27", "complaint_channel")):  # fmt: skip
            yield code, None if fact(name) is None else not fact(name)
