"""What stands out, on small fleets: found, calm where honest, the same in any order."""

import functools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from liangming.audit.generate.cells import cells
from liangming.audit.generate.plant import KIND_NAMES, PARK
from liangming.audit.generate.world import Plan, make
from liangming.audit.schema import BANDS, CELL_KEYS, FINDING_CODES
from liangming.audit.statistics.judging import LEVEL, judge
from liangming.audit.statistics.places import places

OUTLETS = 3_000
FEW = ("refused", "waits", "sudden")
"""Questions that a test of order or of one giant asks again; each has a code path of its own."""


@functools.cache
def fleet(contamination=0.15, seed=4, *, whole_scene=False, held_out=False):
    """A fleet asked every question, which costs seconds: ask ``made`` where few will do."""
    world, table, here = made(contamination, seed, whole_scene=whole_scene, held_out=held_out)
    return world, table, here, judge(here)


@functools.cache
def made(contamination=0.15, seed=4, *, whole_scene=False, held_out=False):
    world = make(
        Plan(
            seed=seed, outlets=OUTLETS, contamination=contamination,
            whole_scene=whole_scene, held_out=held_out,
        )
    )  # fmt: skip
    table = cells(world)
    return world, table, places(table)


@functools.cache
def few():
    """The usual fleet, asked few questions."""
    return judge(made()[2], questions=FEW)


def outlets(here, flags):
    return {int(here.outlet[flag.place][7:]) for flag in flags}


def seen(judged):
    return [(f.question, f.place, f.part, f.k, f.n, f.usual, f.low, f.p, f.q) for f in judged.flags]


def test_strong_pressure_is_found_and_few_honest_outlets_are_accused() -> None:
    world, _, here, judged = fleet()
    flagged = outlets(here, judged.flags)
    strong = np.flatnonzero((world.strength == 2) & (world.size >= 400))
    found = np.mean([outlet in flagged for outlet in strong])
    assert found >= 0.85
    false = sum(world.kind[outlet] == -1 for outlet in flagged)
    # nominal share, and three deviations of a Poisson count
    assert false <= LEVEL * len(flagged) + 3 * np.sqrt(LEVEL * len(flagged))


def test_an_honest_fleet_is_left_in_peace() -> None:
    _, _, _, judged = fleet(0.0, 9)
    # at level 0.05 an honest fleet has any flag at all in one of twenty; each further is rarer
    assert len({flag.place for flag in judged.flags}) <= 4
    assert judged.scenes == ()


def test_business_parks_are_leads_and_hardly_ever_flags() -> None:
    world, _, here, judged = fleet()
    park = set(np.flatnonzero(world.honest == PARK).tolist())
    put_aside = park & outlets(here, [flag for flag, _ in judged.leads])
    assert len(put_aside) >= 15  # by their share alone all of these would have been accused
    assert len(park & outlets(here, judged.flags)) <= len(put_aside) / 5


def test_the_scene_in_which_everybody_steers_is_found_by_absolute_limits() -> None:
    world, _, here = made(0.05, 5, whole_scene=True)
    judged = judge(here, questions=())  # limits, not peers: no question is needed
    steered = set(world.scene_kind[world.kind == -2].tolist())
    assert {scene.scene_kind for scene in judged.scenes} == steered
    assert {scene.question for scene in judged.scenes} == {"moved"}


def test_rows_in_any_order_give_the_same_to_the_last_bit() -> None:
    _, table, _ = made()
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    assert seen(few()) == seen(judge(places(shuffled), questions=FEW)) != []


def test_cells_split_and_merged_give_the_same() -> None:
    _, table, _ = made()
    sums = [name for name in table.column_names if name not in CELL_KEYS]
    half = {name: pc.divide(table.column(name), 2) for name in sums}
    rest = {name: pc.subtract(table.column(name), half[name]) for name in sums}
    keys = {name: table.column(name) for name in CELL_KEYS}
    split = pa.concat_tables([pa.table({**keys, **half}), pa.table({**keys, **rest})])
    assert seen(few()) == seen(judge(places(split), questions=FEW)) != []


def test_more_refusals_after_a_decline_never_make_a_place_less_conspicuous() -> None:
    world, table, here, judged = fleet()
    kind = KIND_NAMES.index("refuse")
    flag = next(
        f for f in judged.flags
        if f.question == "refused" and world.kind[int(here.outlet[f.place][7:])] == kind
    )  # fmt: skip
    name = here.outlet[flag.place]
    mine = pc.and_(
        pc.equal(pc.cast(table.column("outlet"), pa.string()), name),
        pc.greater(table.column("declined_passed"), 0),
    )
    more = {
        "declined_passed": pc.if_else(mine, 0, table.column("declined_passed")),
        "declined_refused": pc.if_else(
            mine,
            pc.add(table.column("declined_refused"), table.column("declined_passed")),
            table.column("declined_refused"),
        ),
    }
    worse = table
    for column, values in more.items():
        worse = worse.set_column(worse.column_names.index(column), column, values)
    again = next(
        f
        for f in judge(places(worse), questions=["refused"]).flags
        if f.question == "refused" and f.place == flag.place
    )
    assert again.k > flag.k
    assert again.p <= flag.p


def changed(table, **columns):
    for name, values in columns.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(values, pa.int64()))
    return table


def test_no_cells_at_all() -> None:
    _, table, _ = made()
    judged = judge(places(table.slice(0, 0)))
    assert (judged.flags, judged.leads, judged.scenes) == ((), (), ())
    assert set(judged.silent.values()) == {"column"}


def test_columns_that_no_file_had_make_questions_silent_not_clean() -> None:
    _, table, _ = made()
    bare = table.select([*CELL_KEYS, "checks", "chosen_known", "face_chosen"])
    judged = judge(places(bare))
    assert judged.silent.keys() >= {
        "refused",
        "waits",
        "first",
        "moved",
        "habit",
        "pushed",
        "broken",
    }
    assert "share" not in judged.silent
    assert not judged.paired


def test_sums_of_nothing_but_zero_are_silent() -> None:
    _, table, _ = made()
    sums = [name for name in table.column_names if name not in CELL_KEYS]
    zero = changed(table, **{name: np.zeros(table.num_rows) for name in sums})
    judged = judge(places(zero))  # nothing is fitted, so this is quick
    assert judged.flags == ()
    assert len(judged.silent) == len(judged.tested)


def test_many_outlets_with_one_event_each_are_counted_as_thin() -> None:
    many = 20_000
    one = np.ones(many, np.int64)
    table = pa.table(
        {
            "day": pa.array(np.full(many, 20_000), pa.int32()),
            "operator": pa.array(["op"] * many),
            "outlet": pa.array([f"o{i}" for i in range(many)]),
            "clerk": pa.array([""] * many),
            "scene_kind": pa.array(one, pa.int32()),
            "province": pa.array(one * 310_000, pa.int32()),
            "channel": pa.array(one, pa.int32()),
            "checks": one, "chosen_known": one, "face_chosen": one,
        }
    )  # fmt: skip
    judged = judge(places(table))
    assert judged.flags == ()
    assert judged.thin["share"] == many


def test_one_outlet_with_a_billion_checks_neither_falls_nor_hides_the_others() -> None:
    _, table, here = made()
    giant = table.slice(0, 1)
    giant = giant.set_column(
        giant.column_names.index("outlet"), "outlet", pa.array(["zz-giant"]).dictionary_encode()
    )
    giant = changed(giant, checks=[10**9], chosen_known=[10**9], face_chosen=[25 * 10**7])
    whole = pa.concat_tables(
        [t.set_column(i, "outlet", pc.cast(t.column("outlet"), pa.string()))
         for t in (table, giant) for i in [t.column_names.index("outlet")]]
    )  # fmt: skip
    there = places(whole)
    again = judge(there, questions=("share", "sudden"))
    names = {there.outlet[flag.place] for flag in again.flags} - {"zz-giant"}
    after = {int(name[7:]) for name in names}
    before = outlets(here, judge(here, questions=("share", "sudden")).flags)
    assert len(before ^ after) <= 0.1 * len(before)


def test_fake_declines_do_not_hide_refusals() -> None:
    world, _, here = made(0.2, 6, held_out=True)
    judged = judge(here, questions=("refused", "padded"))
    kind = KIND_NAMES.index("pad")
    padding = np.flatnonzero((world.kind == kind) & (world.size >= 1_000))
    flagged = outlets(here, judged.flags)
    assert len(padding) >= 3
    assert np.mean([outlet in flagged for outlet in padding]) >= 0.5


@pytest.mark.parametrize("level", [0.01, 0.2])
def test_a_stricter_level_flags_no_more(level) -> None:
    other, usual = judge(made()[2], level=level, questions=FEW), few()
    if level < LEVEL:
        assert len(other.flags) <= len(usual.flags)
    else:
        assert len(other.flags) >= len(usual.flags)


def test_a_hard_finding_far_above_its_background_is_told_by_outlet() -> None:
    world, table, _ = made()
    rng = np.random.default_rng(8)
    checks = table.column("checks").to_numpy()
    name = np.array(table.column("outlet").to_pylist())
    worst = f"outlet-{int(np.argmax(world.size)):07d}"
    shown = np.where(name == worst, rng.binomial(checks, 0.2), rng.binomial(checks, 0.01))
    table = table.append_column("v11", pa.array(shown)).append_column(
        "v11_tested", pa.array(checks)
    )
    here = places(table)
    flags = judge(here, questions=["repeated"]).flags
    assert {here.outlet[flag.place] for flag in flags} == {worst}
    assert {FINDING_CODES[flag.part] for flag in flags} == {"v11"}


def test_a_part_of_the_day_that_steers_is_found_and_honest_evenings_are_not() -> None:
    world = make(Plan(seed=6, outlets=OUTLETS, contamination=0.3, held_out=True))
    here = places(cells(world))
    judged = judge(here, questions=("moved", "hours"))
    flags = [flag for flag in judged.flags if flag.question == "hours"]
    assert len(flags) >= 10
    steered = [world.kind[int(here.outlet[flag.place][7:])] for flag in flags]
    assert np.mean(np.array(steered) == KIND_NAMES.index("hours")) >= 0.9
    assert {BANDS[flag.part] for flag in flags} == {"morning"}
    _, _, _, calm = fleet(0.0, 9)
    assert calm.tested["hours"] > 1_000
    assert [flag for flag in calm.flags if flag.question == "hours"] == []
