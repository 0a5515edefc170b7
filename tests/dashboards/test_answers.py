"""What an ask comes to: figures, periods in the organization's zone, filters; and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.boards.models import Issue
from app.dashboards.answers import (
    Aggregate,
    Ask,
    Bucket,
    Dimension,
    Filter,
    Measure,
    Operator,
    Sort,
    Unanswerable,
    answer,
)
from app.dashboards.models import Source
from app.kernel import clock
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.tenancy import organization
from app.organizations.models import Organization
from app.projects.models import ProjectMember
from tests.dashboards.tables import load, source_of, upload
from tests.world import Person, World

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def rows(world: World, sales: Source) -> Callable[..., tuple[tuple[Any, ...], ...]]:
    """`rows(measures=…)`: the rows of an ask to the sales, for Alice."""

    def of(who: str = "alice", **parts: Any) -> tuple[tuple[Any, ...], ...]:
        ask = Ask(**({} if "dataset" in parts else {"source": sales.id}), **parts)
        with world.app.app_context(), organization(world.organization_id), clock.at(NOON):
            return answer(ask, member=world.cast[who].member).rows

    return of


def by(column: str, bucket: Bucket | None = None) -> tuple[Dimension, ...]:
    return (Dimension(column, bucket),)


def where(column: str, operator: Operator, *values: str) -> tuple[Filter, ...]:
    return (Filter(column, operator, values),)


Rows = Callable[..., tuple[tuple[Any, ...], ...]]


def test_every_figure(rows: Rows) -> None:
    measures = tuple(Measure(found, "Revenue") for found in Aggregate if found is not Aggregate.COUNT)
    named = dict(zip([found.aggregate.value for found in measures], rows(measures=measures)[0], strict=True))
    assert named == {"distinct": 5, "sum": 385.75, "average": 77.15, "median": 75, "min": 10, "max": 150}
    assert rows(measures=(Measure(Aggregate.COUNT, "Paid"), Measure(Aggregate.MIN, "Month"))) == (
        (4, date(2026, 1, 1)),
    )


def test_groups_and_their_order(rows: Rows) -> None:
    revenue = (Measure(Aggregate.SUM, "Revenue"),)
    assert rows(measures=revenue, dimensions=by("Region")) == (("North", 260.5), ("South", 125.25))
    assert rows(measures=revenue, dimensions=by("Month", Bucket.QUARTER)) == ((date(2026, 1, 1), 385.75),)
    assert rows(measures=revenue, dimensions=by("Month", Bucket.MONTH)) == (
        (date(2026, 1, 1), 150.75),
        (date(2026, 2, 1), 85.0),
        (date(2026, 3, 1), 150.0),
    )
    smallest_first = rows(measures=revenue, dimensions=by("Product"), sort=Sort(1))
    assert smallest_first == (("Storage", 10.0), ("Express", 375.75))
    assert rows(measures=(), dimensions=by("Region")) == (("North",), ("South",))
    assert rows(dimensions=by("Paid"), sort=Sort(0)) == ((False, 1), (True, 3), (None, 1))


FILTERED = (
    (where("Region", Operator.IS, "North"), 3),
    (where("Region", Operator.IS, "North", "South"), 5),
    (where("Region", Operator.IS_NOT, "North"), 2),
    (where("Product", Operator.CONTAINS, "PRES"), 4),
    (where("Product", Operator.STARTS, "sto"), 1),
    (where("Product", Operator.CONTAINS, "%"), 0),
    (where("Revenue", Operator.MORE, "75"), 2),
    (where("Revenue", Operator.AT_LEAST, "75"), 3),
    (where("Revenue", Operator.LESS, "50.25"), 1),
    (where("Revenue", Operator.AT_MOST, "50.25"), 2),
    (where("Revenue", Operator.BETWEEN, "50", "101"), 3),
    (where("Month", Operator.IS, "2026-02-01"), 2),
    (where("Month", Operator.MORE, "2026-02-01"), 1),
    (where("Month", Operator.LAST_DAYS, "10"), 1),
    (where("Month", Operator.LAST_DAYS, "9"), 0),
    (where("Paid", Operator.IS, "yes"), 3),
    (where("Paid", Operator.EMPTY), 1),
    (where("Paid", Operator.PRESENT), 4),
    (where("Region", Operator.IS), 5),
    (where("Region", Operator.IS, "x' OR '1'='1"), 0),
)


def test_filters(rows: Rows) -> None:
    for filters, count in FILTERED:
        assert rows(filters=filters) == ((count,),), filters


UNASKABLE: tuple[dict[str, Any], ...] = (
    {"measures": (Measure(Aggregate.SUM, "Region"),)},
    {"dimensions": by("Region", Bucket.MONTH)},
    {"dimensions": by("Nothing")},
    {"filters": where("Revenue", Operator.CONTAINS, "1")},
    {"filters": where("Revenue", Operator.IS, "much")},
    {"filters": where("Month", Operator.MORE, "then")},
    {"filters": where("Month", Operator.LAST_DAYS, "99999999999")},
    {"filters": where("Paid", Operator.IS, "perhaps")},
)


def test_what_cannot_be_asked_says_why(rows: Rows) -> None:
    for parts in UNASKABLE:
        with pytest.raises(Unanswerable, match=r"\.$"):
            rows(**parts)


def test_days_begin_where_the_organization_is(world: World, alice: Person, work: Callable[[], None]) -> None:
    load(alice, upload(alice, "At\n2026-01-31 23:30\n2026-02-01 12:00\n"), work, ["timestamp:day"])
    source = source_of(world)
    ask = Ask(source=source.id, dimensions=by("At", Bucket.MONTH))
    on_the_first = Ask(source=source.id, filters=where("At", Operator.IS, "2026-02-01"))
    for zone, months, first in (
        ("UTC", [(date(2026, 1, 1), 1), (date(2026, 2, 1), 1)], 1),
        ("Europe/Berlin", [(date(2026, 2, 1), 2)], 2),
    ):
        with world.app.app_context(), organization(world.organization_id):
            found = db.session.get(Organization, world.organization_id)
            assert found is not None
            found.timezone = zone
            db.session.flush()
            member = world.cast["alice"].member
            assert list(answer(ask, member=member).rows) == months
            assert answer(on_the_first, member=member).rows == ((first,),)
            at = answer(Ask(source=source.id, dimensions=by("At"), measures=()), member=member).rows
            assert at[0] == (datetime(2026, 1, 31, 23, 30, tzinfo=UTC),)


def test_the_limit_is_told(world: World, sales: Source) -> None:
    with world.app.app_context(), organization(world.organization_id):
        found = answer(Ask(source=sales.id, dimensions=by("Month"), limit=2), member=world.cast["alice"].member)
    assert (len(found.rows), found.truncated, found.partial) == (2, True, False)
    assert [column.label for column in found.columns] == ["Month", "Count"]


def test_issues_are_counted_for_whoever_asks(world: World, rows: Rows) -> None:
    world.issues(3, state="Done")
    world.issues(2, project_id=world.ids.ops)
    with world.app.app_context(), organization(world.organization_id):
        db.session.query(ProjectMember).filter_by(
            project_id=world.ids.ops, member_id=world.cast["bob"].member_id
        ).delete()
    projects = {"dataset": "issues", "dimensions": by("project")}
    assert [row[1] for row in rows(**projects)] == [3, 2]
    assert [row[1] for row in rows("bob", **projects)] == [3]
    assert rows("olaf", dataset="issues") == ((0,),)
    assert rows("bob", dataset="issues", filters=where("stage", Operator.IS, "completed")) == ((3,),)
    with pytest.raises(Unanswerable):
        rows("carol", dataset="issues")
    with pytest.raises(Unanswerable):
        rows("bob", dataset="tickets")
    with pytest.raises(Unanswerable):
        rows(dataset="members")


def test_who_is_taken_out_is_not_answered_from_memory(world: World, rows: Rows, alice: Person) -> None:
    world.issues(3)
    assert rows("bob", dataset="issues") == ((3,),)
    member = world.cast["bob"].member_id
    assert alice.post(f"/acme/projects/WEB/settings/members/{member}/removal").status_code == 303
    assert rows("bob", dataset="issues") == ((0,),)


def test_an_answer_is_kept_until_it_is_asked_freshly(world: World) -> None:
    world.issues(2)
    ask = Ask(dataset="issues")
    with world.app.app_context(), organization(world.organization_id):
        member = world.cast["alice"].member
        assert answer(ask, member=member).rows == ((2,),)
        db.session.query(Issue).update({"deleted_at": clock.now()})
        db.session.flush()
        assert answer(ask, member=member).rows == ((2,),)
        assert answer(ask, member=member, fresh=True).rows == ((0,),)
        world.app.extensions["redis"].flushdb()
        assert answer(ask, member=member).rows == ((0,),)


def test_nobody_asks_another_organizations_source(world: World, sales: Source) -> None:
    with (
        world.app.app_context(),
        organization(world.rival_id),
        pytest.raises(Unanswerable, match="gone"),
    ):
        answer(Ask(source=sales.id), member=world.cast["mallory"].member)


def _broken() -> Iterator[Any]:
    good = Ask(dataset="issues").as_json()
    yield from (None, [], "x", 7, {}, {"source": 1, "dataset": "issues"}, {**good, "sql": "SELECT 1"})
    yield from ({**good, "source": True, "dataset": None}, {**good, "source": 2**70, "dataset": None})
    yield from ({**good, "limit": limit} for limit in (0, -1, 10**9, "5", True, 1.5, None))
    yield from ({**good, "measures": value} for value in ([["sum", None]], [["drop", "x"]], [["count"]], "count", [[]]))
    yield {**good, "measures": [["count", None]] * 7}
    for dimensions in ([["a", "decade"]], [["a"]], [[["a"], None]], [["a" * 301, None]]):
        yield {**good, "dimensions": dimensions}
    for filters in ([["a", "is", "b"]], [["a", "like", []]], [["a", "is", ["\0"]]]):
        yield {**good, "filters": filters}
    yield from ({**good, "filters": [["a", "is", ["x"] * 51]]}, {**good, "filters": [["a", "is", ["\ud800"]]]})
    yield from ({**good, "sort": value} for value in ([5, True], [0, "down"], [-1, True], {}, []))


@pytest.mark.parametrize("given", list(_broken()))
def test_an_ask_that_is_none_is_refused(given: Any) -> None:
    with pytest.raises(Invalid):
        Ask.from_json(given)


def test_an_ask_survives_its_own_text() -> None:
    ask = Ask(
        source=7,
        measures=(Measure(Aggregate.SUM, 'a "b" ü'), Measure(Aggregate.COUNT)),
        dimensions=(Dimension("d", Bucket.WEEK), Dimension("e")),
        filters=(Filter("f", Operator.BETWEEN, ("1", "2")), Filter("g", Operator.EMPTY)),
        sort=Sort(2, descending=True),
        limit=7,
    )
    assert Ask.from_text(ask.as_text()) == ask
    for text in ("", "[", "[" * 30_000, "nul"):
        with pytest.raises(Invalid):
            Ask.from_text(text)
