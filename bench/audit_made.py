"""What ``bench/audit.py`` asks its questions of: fleets of files, one large outlet, a year of partials."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DENSE = 1430
DAY = 86_400_000_000
FIRST_DAY = 20_700


def fleet(_, asked):
    """Files of a made-up fleet, a day each."""
    folder, events, outlets = Path(asked[0]), asked[1], asked[2]
    dice = np.random.default_rng(7)
    names = pa.array([f"310-{n:06}" for n in range(outlets)])
    clerks = pa.array([f"k{n:07}" for n in range(outlets * 4)])
    provinces = (110_000 + 10_000 * (np.arange(outlets) % 31)).astype(np.int32)
    files, left, day = [], events, 0
    while left:
        count = min(left, outlets * DENSE)
        outlet = np.sort(dice.integers(0, outlets, count)).astype(np.int32)
        face = outlet % 10 < 7
        channel = np.where(dice.random(count) < 0.7, 1, 2).astype(np.int8)
        offered = np.where(face, 4096 | 11, 11) | np.where(dice.random(count) < 0.3, 32, 0)
        chosen = dice.choice(np.array([0, 1, 3]), count, p=[0.5, 0.4, 0.1])
        chosen = np.where(face & (dice.random(count) < 0.2), 12, chosen)
        declined = face & (chosen != 12) & (dice.random(count) < 0.15)
        outcome = dice.choice(np.arange(1, 6), count, p=[0.96, 0.01, 0.005, 0.02, 0.005])
        by_face = chosen == 12
        early = by_face & (dice.random(count) < 0.001)
        known = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 1 << 15 | 1 << 16
        moment = (dice.normal(13.5, 3.5, count).clip(7, 22) * 3.6e9).astype(np.int64)
        table = {
            "event": dice.permutation(count) + (events - left) + (day << 40),
            "at": (FIRST_DAY + day) * DAY - 8 * 3_600_000_000 + moment,
            "zone": np.full(count, 480, np.int16),
            "operator": pa.DictionaryArray.from_arrays(outlet * 0, ["op-1"]),
            "outlet": pa.DictionaryArray.from_arrays(outlet, names),
            "clerk": pa.DictionaryArray.from_arrays(
                outlet * 4 + dice.integers(0, 4, count).astype(np.int32), clerks
            ),
            "province": provinces[outlet],
            "scene_kind": channel,
            "channel": channel,
            "ways_offered": offered.astype(np.int32),
            "ways_down": np.where(dice.random(count) < 0.01, 2, 0).astype(np.int32),
            "ways_failed": np.where(dice.random(count) < 0.03, 1 << chosen, 0).astype(np.int32),
            "way_first": np.where(outlet % 17 == 0, 12, 0).astype(np.int8),
            "way_chosen": chosen.astype(np.int8),
            "way_completed": np.where(outcome == 1, chosen, 14).astype(np.int8),
            "outcome": outcome.astype(np.int8),
            "reason": np.where(outcome == 2, dice.integers(1, 5, count), 0).astype(np.int8),
            "duration_ms": np.exp(dice.normal(9.9, 0.5, count)).clip(500, 2e6).astype(np.int32),
            "facts": (declined | 6 | np.where(by_face, 24, 0) | np.where(early, 64, 0)).astype(
                np.int32
            ),
            "known": np.full(count, known, np.int32),
        }
        whole = pa.table(table)
        for name in ("operator", "outlet", "clerk"):
            at = whole.column_names.index(name)
            whole = whole.set_column(at, name, whole[name].cast(pa.string()))
        files.append(folder / f"events-{day:03}.parquet")
        pq.write_table(whole, files[-1], compression="zstd", row_group_size=500_000)
        left, day = left - count, day + 1
    return {"files": [str(file) for file in files]}


# Parts: each runs alone and prints what it found.


def one_outlet(_, asked):
    """One file, one outlet, as many events as asked, of few kinds."""
    import duckdb

    path, events = Path(asked[0]) / "one.parquet", asked[1]
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as connection:
        connection.execute(
            'COPY (SELECT i AS event, $1 + i * 40_000_000_000 // $2 AS "at", 480::SMALLINT AS zone,'
            " 'op-1' AS operator, '310-1' AS outlet, 'k' || i % 4 AS clerk, 310000 AS province,"
            " 1::TINYINT AS scene_kind, 1::TINYINT AS channel, 4107 AS ways_offered, 0 AS ways_down,"
            " (i % 97 = 0)::INTEGER AS ways_failed, 0::TINYINT AS way_first,"
            " (i % 3 * 6)::TINYINT AS way_chosen, (i % 3 * 6)::TINYINT AS way_completed,"
            " (1 + (i % 50 = 0)::TINYINT)::TINYINT AS outcome, 0::TINYINT AS reason,"
            " (500 + i % 90000)::INTEGER AS duration_ms, (i % 7 = 0)::INTEGER AS facts, 7 AS known"
            f" FROM range($2) AS r(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
            [FIRST_DAY * DAY, events],
        )
    return {"files": [str(path)]}


def make_year(_, folder):
    """A year of 10⁹ events at 350,000 outlets as twelve months of partial files."""
    from liangming.audit.partials import Partials, Source
    from liangming.audit.partials.folder import WORD_KEYS
    from liangming.audit.questions.words import COUNTS
    from liangming.audit.schema import CELL_KEYS, CELL_SUMS

    outlets, clerks, total = 350_000, 2, 1_000_000_000
    dice = np.random.default_rng(11)
    rows = outlets * clerks
    each = total / 12 / rows
    names = pa.array([f"{n % 31 + 11}0-{n:06}" for n in range(outlets)])
    outlet = np.repeat(np.arange(outlets, dtype=np.int32), clerks)
    keys = {
        "operator": pa.DictionaryArray.from_arrays(outlet % 8, [f"op-{n}" for n in range(8)]),
        "outlet": pa.DictionaryArray.from_arrays(outlet, names),
        "clerk": pa.DictionaryArray.from_arrays(
            np.arange(rows, dtype=np.int32), pa.array([f"k{n:07}" for n in range(rows)])
        ),
        "scene_kind": np.ones(rows, np.int32),
        "province": (110_000 + 10_000 * (outlet % 31)).astype(np.int32),
        "channel": np.ones(rows, np.int32),
    }
    none = pa.table({**{k: pa.array([], pa.string()) for k in ("operator", "outlet", "clerk")},
                     **{k: pa.array([], pa.int64()) for k in (*WORD_KEYS[2:], *COUNTS)}})  # fmt: skip
    checks = 0
    with Partials(Path(folder)) as partials:
        for month in range(12):
            n = dice.poisson(each, rows)
            share = dice.beta(8, 32, outlets)[outlet]
            face = dice.binomial(n, share)
            declined = dice.binomial(n - face, 0.1)
            gone = dice.binomial(declined, 0.02)
            left = dice.binomial(n - declined, 0.02)
            log = 9_900 + dice.integers(0, 400, rows)
            kept = n - declined
            sums = {
                "checks": n, "passed": n - gone - left, "abandoned": gone + left, "ways_known": n,
                "chosen_known": n, "first_known": n, "decline_known": n, "declined": declined,
                "face_offered": n, "face_chosen": face, "face_passed": face,
                "face_chosen_other": face, "declined_passed": declined - gone,
                "declined_abandoned": gone, "kept_passed": kept - left, "kept_abandoned": left,
                "declined_timed": declined - gone, "declined_ln": (declined - gone) * log,
                "declined_ln2": (declined - gone) * (log * log + 250_000),
                "kept_timed": kept - left, "kept_ln": (kept - left) * log,
                "kept_ln2": (kept - left) * (log * log + 250_000),
                "document_seen_offered": n, "document_seen_chosen": n - face,
                "document_seen_passed": n - face - gone, "pickup_code_offered": n,
                "v01_tested": n, "v02_tested": n, "v03_tested": declined, "v07_tested": n,
                "v06_consent_tested": face, "v06_consent": dice.binomial(face, 0.001),
            }  # fmt: skip
            day = np.full(rows, FIRST_DAY + 31 * month, np.int32)
            zero = np.zeros(rows, np.int64)
            table = pa.table(
                {"day": day, **keys, **{c.name: sums.get(c.name, zero) for c in CELL_SUMS}}
            )
            for name in ("operator", "outlet", "clerk"):
                at = table.column_names.index(name)
                table = table.set_column(at, name, table[name].cast(pa.string()))
            source = Source(f"month-{month}", f"{month:064}", int(n.sum()))
            partials.add([source], table.select([*CELL_KEYS, *(c.name for c in CELL_SUMS)]), none,
                         left_out={}, missing=())  # fmt: skip
            checks += int(n.sum())
    return {"checks": checks}


MADE = {part.__name__: part for part in (fleet, one_outlet, make_year)}
"""Each by the name that it is asked for."""
