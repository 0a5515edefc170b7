"""A table is brought in, loaded by a job, refreshed, and says what it left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.adapters import files
from app.dashboards import jobs
from app.dashboards.answers import Aggregate, Ask, Dimension, Filter, Measure, Operator, Unanswerable, answer
from app.dashboards.commands.sources import lock_file
from app.dashboards.models import Source, SourceFile
from app.dashboards.models.sources import Stage, Status
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from tests.dashboards.tables import SALES, choices, load, source_of, upload, upload_again
from tests.world import Person, World

Work = Callable[[], None]


def counted(world: World, source: Source, person: str = "alice") -> tuple[Any, ...]:
    """How many rows, and their revenue."""
    with world.app.app_context(), organization(world.organization_id):
        ask = Ask(source=source.id, measures=(Measure(Aggregate.COUNT), Measure(Aggregate.SUM, "Revenue")))
        return answer(ask, member=world.cast[person].member).rows[0]


def test_a_file_is_uploaded_confirmed_and_loaded(world: World, alice: Person, work: Work) -> None:
    address = upload(alice, SALES, description="From the ledger")
    assert choices(alice, address) == ["date:day", "text", "text", "number:point", "number:point", "boolean"]
    assert "5 rows loaded" in load(alice, address, work)
    source = source_of(world)
    assert (source.name, source.status, source.row_count, source.version) == ("sales", Status.READY, 5, 1)
    assert counted(world, source) == (5, 385.75)
    page = alice.get("/acme/sources/1").text
    assert "From the ledger" in page
    assert 'Trestleboard</b> <span dir="auto">loaded sales.csv' in page


def test_rows_that_do_not_fit_are_left_out_and_listed(world: World, alice: Person, work: Work) -> None:
    text = (
        "Day;Score;Said\n1.2.2026;1,5;fine\n1.2.2026;=cmd|x;fine\n31.2.2026;2;no day\n2.2.2026;3;a;b\n2.2.2026;4,25;\n"
    )
    page = load(alice, upload(alice, text), work, ["date:day", "number:comma", "text"])
    assert "2 rows loaded" in page
    assert "3 rows were left out" in page
    answer = alice.get("/acme/sources/1/files/1/problems.csv")
    assert answer.text.splitlines() == [
        "\ufeffLine,Column,Value,Why",
        "3,Score,'=cmd|x,This is no number.",
        '4,Day,31.2.2026,"This is no date, or one that does not exist."',
        '5,,,"The row has 4 cells, but only 3 columns have a name. A cell that holds the delimiter needs quotes around'
        ' it."',
    ]


def test_a_new_file_replaces_the_rows_and_a_broken_one_does_not(
    world: World, alice: Person, work: Work, sales: Source
) -> None:
    former = sales.data_file
    again = upload_again(alice, 1, "Revenue,Region,New\n7,North,x\n")
    assert choices(alice, again) == ["number:point", "text", "text"]
    assert counted(world, sales) == (5, 385.75)
    load(alice, again, work)
    present = source_of(world)
    assert counted(world, present) == (1, 7.0)
    assert (present.version, [column["name"] for column in present.columns]) == (2, ["Revenue", "Region", "New"])
    broken = upload_again(alice, 1, "Revenue,Region\nnone of it,North\nnothing,South\n")
    page = load(alice, broken, work, ["number:point", "text"])
    assert "Not loaded" in page
    assert "No row could be read" in page
    assert counted(world, source_of(world)) == (1, 7.0)
    with world.app.app_context(), organization(world.organization_id):
        jobs.forget_rows(None, former or "")
        assert not files.place_of(former or "").exists()


def test_a_column_may_be_left_out_and_is_gone(world: World, alice: Person, work: Work) -> None:
    address = upload(alice, "Name,Secret\nA,1\nB,2\n")
    load(alice, address, work, ["text", ""])
    source = source_of(world)
    assert b"Secret" not in b"".join(files_of(world, source))
    with (
        world.app.app_context(),
        organization(world.organization_id),
        pytest.raises(Unanswerable, match="no column “Secret”"),
    ):
        answer(Ask(source=source.id, dimensions=(Dimension("Secret"),)), member=world.cast["alice"].member)


def files_of(world: World, source: Source) -> Iterator[bytes]:
    with world.app.app_context(), files.open_file(source.data_file or "") as file:
        yield file.read()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"Name\n", "no rows"),
        (b'a,b\n1,"never closed\n', "never closed"),
        (b"\x00\x01\x02\x00\x00\x00\x00", "not a text file"),
        (",".join(f"c{n}" for n in range(401)).encode() + b"\n1\n", "columns"),
    ],
)
def test_what_is_no_table_is_refused_and_leaves_nothing(world: World, alice: Person, text: bytes, says: str) -> None:
    import io

    answer = alice.post("/acme/sources", {"file": (io.BytesIO(text), "x.csv")})
    assert answer.status_code == 422
    assert says in answer.text
    with world.app.app_context(), organization(world.organization_id):
        assert db.session.query(Source).count() == 0


def test_loading_goes_on_after_a_worker_died(
    world: World, alice: Person, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PART", 2)
    monkeypatch.setattr(jobs, "SLICE", 0.0)  # one part a job
    address = upload(alice, SALES)
    alice.post(f"{address}/columns", {"kind": choices(alice, address), "timezone": "UTC"})
    with world.app.app_context(), organization(world.organization_id):
        found = db.session.query(SourceFile).one()
        jobs.load_source(found.id)
        kept = lock_file(found.id)
        assert kept is not None
        assert (kept.rows_done, kept.stage) == (2, Stage.LOADING)
        with files.place_of(kept.clean_file or "").open("ab") as target:
            target.write(b"1,half a row that was never comm")  # the worker was killed in the middle of the next part
        file_id = kept.id
    with world.app.app_context(), organization(world.organization_id):
        jobs.resume_source(file_id)
    work()
    assert source_of(world).row_count == 5
    assert counted(world, source_of(world)) == (5, 385.75)


def test_a_file_that_kills_its_workers_is_given_up(world: World, alice: Person, work: Work) -> None:
    address = upload(alice, SALES)
    alice.post(f"{address}/columns", {"kind": choices(alice, address), "timezone": "UTC"})
    with world.app.app_context(), organization(world.organization_id):
        db.session.query(SourceFile).update({"attempts": jobs.ATTEMPTS})
    work()
    assert "Something breaks on our side" in alice.get(address).text


def test_loading_can_be_stopped_and_begun_again(world: World, alice: Person, work: Work) -> None:
    address = upload(alice, SALES)
    kinds = choices(alice, address)
    alice.post(f"{address}/columns", {"kind": kinds, "timezone": "UTC"})
    assert alice.post(f"{address}/columns", {"kind": kinds, "timezone": "UTC"}).status_code == 409
    alice.post(f"{address}/cancellation")
    work()
    assert source_of(world).data_file is None
    assert alice.post(f"{address}/cancellation").status_code == 409
    assert "5 rows loaded" in load(alice, address, work, kinds)


def test_who_lost_the_right_meanwhile_loads_nothing(world: World, alice: Person, work: Work) -> None:
    address = upload(alice, SALES)
    alice.post(f"{address}/columns", {"kind": choices(alice, address), "timezone": "UTC"})
    with world.app.app_context(), organization(world.organization_id):
        member = db.session.get(Member, (world.organization_id, alice.member_id))
        assert member is not None
        member.role = Role.VIEWER
    work()
    assert source_of(world).status is Status.FAILED


def test_a_deleted_source_answers_nothing_until_it_is_restored(world: World, alice: Person, sales: Source) -> None:
    assert alice.post("/acme/sources/1/deletion").status_code == 303
    assert alice.get("/acme/sources/1").status_code == 404
    with pytest.raises(Unanswerable, match="gone"):
        counted(world, sales)
    assert alice.post("/acme/sources/1/restoration").status_code == 303
    assert counted(world, sales)[0] == 5


@pytest.mark.parametrize(("who", "seen", "made"), [("vic", 200, 403), ("bob", 200, 403), ("carol", 403, 403)])
def test_who_may_look_and_who_may_bring(cast: dict[str, Person], sales: Source, who: str, seen: int, made: int) -> None:
    assert cast[who].get("/acme/sources").status_code == seen
    assert cast[who].get("/acme/sources/new").status_code == made
    assert cast[who].post("/acme/sources/1/deletion").status_code in (made, 404)
    assert cast["mallory"].get("/acme/sources/1").status_code == 404


def test_the_list_takes_the_same_statements_for_many(world: World, alice: Person, statements: Any) -> None:
    alice.get("/acme/sources")
    taken = []
    for count in (5, 45):
        with world.app.app_context(), organization(world.organization_id):
            taken_by_now = db.session.query(Source).count()
            db.session.add_all(
                Source(number=taken_by_now + place + 1, name=f"Table {place}", created_by_id=alice.member_id)
                for place in range(count)
            )
        with statements() as seen:
            assert alice.get("/acme/sources").status_code == 200
        taken.append(len(seen))
    assert taken[0] == taken[1]


def test_hostile_columns_are_names_only(world: World, alice: Person, work: Work) -> None:
    names = ['a"; DROP TABLE t; --', "' OR 1=1", "<script>alert(1)</script>", "", "SELECT", "a", "a"]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    load(alice, upload(alice, f"{quoted}\n1,2,3,4,5,6,7\n8,9,10,11,12,13,14\n"), work)
    source = source_of(world)
    found = [column["name"] for column in source.columns]
    assert found == [*names[:3], "Column 4", "SELECT", "a", "a (2)"]
    with world.app.app_context(), organization(world.organization_id):
        ask = Ask(
            source=source.id,
            measures=tuple(Measure(Aggregate.SUM, name) for name in found[:6]),
            filters=(Filter(found[0], Operator.AT_LEAST, ("0",)),),
        )
        assert answer(ask, member=world.cast["alice"].member).rows == ((9.0, 11.0, 13.0, 15.0, 17.0, 19.0),)
    page = alice.get(f"/acme/questions/new?table=source-{source.id}&measure=sum:<script>alert(1)</script>").text
    assert "<script>alert" not in page
