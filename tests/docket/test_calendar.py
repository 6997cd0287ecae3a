"""Working days as they were published; deadlines that hold at every edge of a day and a year."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.clock import CHINA, china_date
from liangming.docket.calendar import is_working_day, unpublished, working_day_after
from liangming.docket.clocks import deadline, end_of, last_day
from liangming.docket.holidays import NOTICES
from liangming.law import CORPUS
from liangming.rules import Dated, Since

DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)
UNITS = st.sampled_from(["days", "working-days", "months", "years"])


def value(count: int, unit: str) -> Dated:
    since = Since(date(2000, 1, 1), count, "civil.1")
    return Dated(id="test", zh="测", en="test", unit=unit, values=(since,))


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 16), False),  # Monday, Spring Festival
        (date(2026, 2, 14), True),  # Saturday, worked instead
        (date(2026, 2, 28), True),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2025, 10, 8), False),
        (date(2024, 2, 9), True),  # New Year's Eve was not off in 2024
        (date(2024, 2, 18), True),
        (date(2027, 1, 1), True),  # no notice known: by the week alone
        (date(2027, 1, 2), False),
    ],
)
def test_a_day_is_worked_or_not_as_the_notice_says(day, worked):
    assert is_working_day(day) is worked


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_each_notice_is_of_its_year_works_on_weekends_only_and_never_on_a_day_off(year):
    notice = NOTICES[year]
    off = {
        first + timedelta(days=n)
        for first, last in notice.off
        for n in range((last - first).days + 1)
    }
    assert {day.year for day in off | set(notice.work)} == {year}
    assert {day.weekday() for day in notice.work} <= {5, 6}
    assert off.isdisjoint(notice.work)
    assert date(year, 10, 1) in off
    assert date(year, 5, 1) in off
    assert notice.issued.year == year - 1


def test_fifteen_working_days_over_the_national_day():
    # From Thursday: 28–30 September, 8–10 October (Saturday is worked), 12–16, 19–22 October.
    found = deadline(CORPUS.values["request_working_days"], china(2026, 9, 24, 10))
    assert found.day == date(2026, 10, 22)
    assert (found.count, found.article, found.unpublished) == (15, "app191.6", ())


def test_seven_days_for_a_courier_complaint_end_at_midnight_in_china():
    found = deadline(CORPUS.values["courier_complaint_days"], china(2026, 11, 24, 23, 59, 59))
    assert found.day == date(2026, 12, 1)
    assert found.at == china(2026, 12, 2)
    assert found.late(china(2026, 12, 1, 23, 59, 59)) is False
    assert found.late(china(2026, 12, 2)) is True
    assert found.article == "courier.29"


def test_the_article_is_that_of_the_day_on_which_the_clock_started():
    clock = CORPUS.values["courier_complaint_days"]
    assert deadline(clock, china(2025, 5, 31, 23)).article == "courier2019.28"
    assert deadline(clock, china(2025, 6, 1)).article == "courier.29"


def test_a_term_that_runs_into_a_year_without_a_notice_says_so():
    found = deadline(CORPUS.values["request_working_days"], china(2026, 12, 24))
    assert found.unpublished == (2027,)
    assert unpublished(date(2023, 12, 31), date(2024, 1, 1)) == (2023,)


@pytest.mark.parametrize(
    ("day", "count", "unit", "last"),
    [
        (date(2024, 2, 29), 1, "years", date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "years", date(2028, 2, 29)),
        (date(2024, 1, 31), 1, "months", date(2024, 2, 29)),
        (date(2025, 1, 31), 1, "months", date(2025, 2, 28)),
        (date(2025, 11, 30), 3, "months", date(2026, 2, 28)),
        (date(2024, 2, 28), 1, "days", date(2024, 2, 29)),
    ],
)
def test_leap_days_and_short_months_end_on_their_last_day(day, count, unit, last):
    assert last_day(day, count, unit) == last


def test_four_hours_are_four_hours_whatever_the_day():
    found = deadline(CORPUS.values["incident_report_hours"], china(2026, 2, 28, 22, 30))
    assert found.at == china(2026, 3, 1, 2, 30)


def test_a_unit_that_counts_no_time_is_an_error_of_ours():
    with pytest.raises(ValueError, match="no unit of time"):
        deadline(CORPUS.values["policy_taps"], china(2026, 1, 1))
    with pytest.raises(ValueError, match="at least one"):
        working_day_after(date(2026, 1, 1), 0)


@given(DAYS, st.integers(1, 60))
def test_a_term_of_working_days_ends_on_a_working_day_and_holds_exactly_so_many(day, count):
    last = working_day_after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert is_working_day(last)
    assert sum(map(is_working_day, between)) == count


@given(DAYS, st.integers(0, 400), st.integers(1, 40), st.integers(0, 5), UNITS)
def test_later_starts_and_longer_terms_never_end_earlier(day, later, count, more, unit):
    assert last_day(day + timedelta(days=later), count, unit) >= last_day(day, count, unit)
    assert last_day(day, count + more, unit) >= last_day(day, count, unit)


@given(MOMENTS, st.integers(1, 40), UNITS)
def test_a_term_is_whole_days_in_china_and_never_shorter_than_its_count(start, count, unit):
    found = deadline(value(count, unit), start)
    assert found.at.astimezone(CHINA).timetz() == china(2026, 1, 1).timetz()
    assert found.at - start >= timedelta(days=count)
    assert found.at == end_of(found.day)


@given(MOMENTS, st.integers(-14, 14), st.integers(1, 40), UNITS)
def test_the_zone_in_which_a_moment_is_written_changes_nothing(start, hours, count, unit):
    elsewhere = start.astimezone(timezone(timedelta(hours=hours)))
    assert deadline(value(count, unit), elsewhere) == deadline(value(count, unit), start)


@given(MOMENTS, st.integers(1, 40), UNITS)
def test_every_moment_of_a_day_in_china_has_the_same_deadline(start, count, unit):
    last = end_of(china_date(start)) - timedelta(microseconds=1)
    assert deadline(value(count, unit), last) == deadline(value(count, unit), start)
