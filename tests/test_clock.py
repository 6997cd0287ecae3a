"""The machine's clock leaps a day ahead and back; ours never goes back and never stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from liangming.clock import LEAP, WAIT, SystemClock

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Machine:
    """A machine's clock that anybody may set, and its seconds, which nobody can."""

    wall: datetime = NOON
    running: float = 5_000.0

    def run(self, by: timedelta) -> None:
        self.wall += by
        self.running += by.total_seconds()

    def leap(self, by: timedelta) -> None:
        self.wall += by

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.running)


def test_after_a_step_back_it_goes_on_at_half_its_pace_until_the_machine_has_caught_up() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.leap(DAY)
    assert clock.now() == NOON + DAY
    machine.leap(-DAY)
    assert clock.now() == NOON + DAY
    machine.run(HOUR)
    assert clock.now() == NOON + DAY + HOUR / 2
    machine.run(HOUR)
    assert clock.now() == NOON + DAY + HOUR
    machine.run(2 * DAY)
    assert clock.now() == NOON + 2 * DAY + 2 * HOUR == machine.wall


def test_a_second_step_back_while_it_waits_stops_it_no_more_than_the_first() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.now()
    machine.leap(-HOUR)
    clock.now()
    machine.run(SECOND * 10)
    machine.leap(-HOUR)
    assert clock.now() == NOON + SECOND * 5
    machine.run(SECOND * 10)
    assert clock.now() == NOON + SECOND * 10


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(-200_000, 200_000).map(lambda s: timedelta(seconds=s)))
    )
)
def test_whatever_is_done_to_the_machine_s_clock_no_moment_is_before_the_last(
    deeds: list[tuple[bool, timedelta]],
) -> None:
    machine = Machine()
    clock = machine.clock()
    last = clock.now()
    for runs, by in deeds:
        if runs:
            machine.run(abs(by))
        else:
            machine.leap(by)
        now = clock.now()
        assert now >= last
        assert now >= machine.wall
        if runs and by:
            assert now > last  # terms end, whatever the machine says
        last = now


def test_after_a_leap_forward_what_cannot_be_undone_waits_a_day_of_running_time(caplog) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.run(30 * DAY)  # asleep or busy: time went by for both
    assert clock.settled()
    machine.leap(365 * DAY)
    assert not clock.settled()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    machine.run(WAIT - SECOND)
    assert not clock.settled()
    machine.run(SECOND)
    assert clock.settled()
    assert len(caplog.records) == 1  # said once, not at each look


def test_a_clock_that_is_ahead_of_the_machine_s_is_not_settled_until_it_is_caught_up() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.leap(DAY)
    clock.now()
    machine.leap(-DAY)  # corrected, before anybody asked
    assert not clock.settled()
    machine.run(2 * DAY)
    clock.now()
    assert clock.settled()


def test_the_corrections_of_a_clock_that_is_kept_are_no_leaps() -> None:
    machine = Machine()
    clock = machine.clock()
    for step in (SECOND, -SECOND, LEAP - SECOND, -LEAP / 2):
        machine.leap(step)
        machine.run(SECOND)
        clock.now()
        assert clock.settled()


def test_the_real_one_tells_this_moment_and_is_settled() -> None:
    clock = SystemClock()
    before = clock.now()
    assert clock.settled()
    assert before <= clock.now()
