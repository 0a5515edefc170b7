"""Schedules: each slot once, whatever the clocks of the world do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.kernel.schedules import Schedule, due, next_slot, slots

DAILY = frozenset(range(7))
#: Zones whose clocks change at midnight, by half an hour, by a whole day, twice a year, or not at all.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Asuncion",
    "Asia/Beirut",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
)
moments = st.datetimes(datetime(2009, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))
clocks = st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0, fold=0))
weekly = st.frozensets(st.integers(0, 6), min_size=1)
schedules = st.one_of(
    st.builds(Schedule, st.sampled_from(ZONES), clocks, weekly),
    st.builds(Schedule, st.sampled_from(ZONES), clocks, st.just(frozenset()), st.integers(1, 31)),
)


@settings(max_examples=150, deadline=None)
@given(schedules, moments)
def test_slots_come_in_order_each_date_once(schedule: Schedule, after: datetime) -> None:
    found = list(islice(slots(schedule, after), 8))
    assert all(slot.at > after for slot in found)
    assert [slot.at for slot in found] == sorted({slot.at for slot in found})
    assert len({slot.key for slot in found}) == len(found)
    assert all(schedule.is_on(slot.day) for slot in found)


@settings(max_examples=150, deadline=None)
@given(schedules, moments)
def test_a_slot_is_at_its_local_time_or_just_after_a_gap(schedule: Schedule, after: datetime) -> None:
    slot = next_slot(schedule, after)
    local = slot.at.astimezone(schedule.tz)
    wanted = datetime.combine(slot.day, schedule.time)
    if local.replace(tzinfo=None) != wanted:
        assert local.replace(tzinfo=None) > wanted
        second_before = (slot.at - timedelta(seconds=1)).astimezone(schedule.tz)
        assert second_before.replace(tzinfo=None) < wanted, "it is the first moment after the gap"
    else:
        assert local.fold == 0, "of a time that comes twice, the first"


@settings(max_examples=100, deadline=None)
@given(schedules, moments, st.lists(st.integers(-3 * 86400, 6 * 86400), min_size=1, max_size=12))
def test_nothing_is_run_twice_however_the_clock_jumps(schedule: Schedule, start: datetime, jumps: list[int]) -> None:
    """As reports do it: what is settled only ever grows."""
    at, settled, run = start, start, list[str]()
    for jump in jumps:
        at += timedelta(seconds=jump)
        if found := due(schedule, settled, at):
            run.append(found.slot.key)
            settled = max(settled, found.slot.at)
            assert found.slot.at <= at
    assert len(run) == len(set(run))


def test_the_night_the_clock_goes_back_has_one_slot() -> None:
    schedule = Schedule("Europe/Berlin", time(2, 30), DAILY)
    found = list(islice(slots(schedule, datetime(2026, 10, 24, 12, tzinfo=UTC)), 2))
    assert [slot.at for slot in found] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_the_night_the_clock_goes_forward_has_one_slot_after_the_gap() -> None:
    schedule = Schedule("Europe/Berlin", time(2, 30), DAILY)
    found = list(islice(slots(schedule, datetime(2026, 3, 28, 12, tzinfo=UTC)), 2))
    assert found[0].at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert found[0].at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3)
    assert found[0].day == date(2026, 3, 29)
    assert found[1].at == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_what_was_missed_is_one_run_that_is_late() -> None:
    schedule = Schedule("UTC", time(8), DAILY)
    since = datetime(2026, 5, 1, 8, tzinfo=UTC)
    found = due(schedule, since, datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert found is not None
    assert (found.slot.key, found.missed, found.is_late) == ("2026-05-04 08:00", 2, True)
    on_time = due(schedule, datetime(2026, 5, 3, 8, tzinfo=UTC), datetime(2026, 5, 4, 8, 0, 2, tzinfo=UTC))
    assert on_time is not None
    assert not on_time.is_late
    assert due(schedule, found.slot.at, datetime(2026, 5, 5, 7, 59, tzinfo=UTC)) is None


def test_years_of_missed_slots_end_at_the_latest() -> None:
    schedule = Schedule("UTC", time(8), DAILY)
    found = due(schedule, datetime(2015, 1, 1, tzinfo=UTC), datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert found is not None
    assert found.slot.key == "2026-05-04 08:00"


def test_the_31st_is_the_last_day_of_every_month() -> None:
    schedule = Schedule("UTC", time(8), month_day=31)
    days = [slot.day for slot in islice(slots(schedule, datetime(2026, 1, 31, 9, tzinfo=UTC)), 3)]
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@pytest.mark.parametrize(
    "value",
    [
        {"zone": "Mars/Olympus", "time": "08:00", "days": [0], "month_day": None},
        {"zone": "../../etc/passwd", "time": "08:00", "days": [0], "month_day": None},
        {"zone": "UTC", "time": "25:00", "days": [0], "month_day": None},
        {"zone": "UTC", "time": "08:00:30", "days": [0], "month_day": None},
        {"zone": "UTC", "time": "08:00", "days": [7], "month_day": None},
        {"zone": "UTC", "time": "08:00", "days": [True], "month_day": None},
        {"zone": "UTC", "time": "08:00", "days": [], "month_day": None},
        {"zone": "UTC", "time": "08:00", "days": [1], "month_day": 3},
        {"zone": "UTC", "time": "08:00", "days": [], "month_day": 32},
        {"zone": "UTC", "time": "08:00", "days": [1], "month_day": None, "more": 1},
        [],
    ],
)
def test_what_is_no_schedule_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        Schedule.read(value)  # type: ignore[arg-type]


@given(schedules)
def test_a_schedule_is_read_as_it_was_written(schedule: Schedule) -> None:
    assert Schedule.read(schedule.to_json()) == schedule
