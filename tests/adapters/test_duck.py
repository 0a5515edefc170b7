"""The sandbox: what SQL may not do in it, even if it were not ours."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.adapters import duck
from app.adapters.duck import DuckFailed, load, query

COLUMNS = [("c0", "VARCHAR"), ("c1", "DOUBLE")]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    place = tmp_path / "rows.csv"
    with place.open("w", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows([(1, "a", 1), (1, 'say "hi"\nthere', 2), (1, "", "")])
    return place


@pytest.fixture
def table(rows: Path, tmp_path: Path) -> Path:
    place = tmp_path / "table"
    assert load(rows, place, COLUMNS) == 3
    return place


def test_rows_come_back_as_they_went_in(rows: Path, table: Path) -> None:
    wanted = [["a", 1.0], ['say "hi"\nthere', 2.0], [None, None]]
    sql = "SELECT c0, c1 FROM t ORDER BY c1 NULLS LAST"
    assert query(sql, [], most=9, file=table).rows == wanted
    assert query(sql, [], most=9, rows=rows, columns=COLUMNS).rows == wanted
    assert query(sql, [], most=2, file=table)[:2] == (wanted[:2], True)
    assert query("SELECT count(*) FROM t", [], most=9, rows=_ones(rows)).rows == [[2]]


def _ones(rows: Path) -> Path:
    place = rows.with_name("ones")
    place.write_text("1\n1\n")
    return place


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'http://127.0.0.1:1/x.csv'",
        "ATTACH '/tmp/elsewhere.db'",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "EXPORT DATABASE '/tmp/out'",
        "SET enable_external_access = true",
        "SET memory_limit = '64GB'",
        "RESET lock_configuration",
        "PRAGMA threads = 8",
        "CREATE TABLE other AS SELECT 1",
        "DROP TABLE t",
        "SELECT 1; SELECT 2",
        "CREATE SECRET s (TYPE s3)",
        "CALL pragma_version()",
        "nonsense",
    ],
)
def test_hostile_sql_is_refused(rows: Path, table: Path, sql: str) -> None:
    for given in ({"file": table}, {"rows": rows, "columns": COLUMNS}):
        with pytest.raises(DuckFailed):
            query(sql, [], most=5, **given)  # type: ignore[arg-type]
    assert query("SELECT count(*) FROM t", [], most=1, file=table).rows == [[3]]
    assert not Path("/tmp/out.csv").exists()


def test_the_rows_that_were_handed_over_cannot_be_read_twice(rows: Path) -> None:
    with pytest.raises(DuckFailed):
        query(f"SELECT * FROM read_csv('{rows}')", [], most=5, rows=rows, columns=COLUMNS)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) % 7 = 9", "time"),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r", "time"),
        ("SELECT list(a.range || repeat('x', 1000)) FROM range(10000000) a", "memory"),
        ("SELECT string_agg(repeat('y', 1000000), '') FROM range(5000)", "memory"),
        ("SELECT repeat('x', 30000000)", "large"),
    ],
)
def test_what_takes_too_much_ends_alone(table: Path, sql: str, fault: str) -> None:
    with pytest.raises(DuckFailed) as refused:
        query(sql, [], most=5, file=table, seconds=2 if fault == "time" else 60)
    assert refused.value.fault == fault
    assert str(refused.value).endswith(".")


def test_values_are_bound(table: Path) -> None:
    hostile = "a' OR 1=1; DROP TABLE t; --"
    assert query("SELECT count(*) FROM t WHERE c0 = ?", [hostile], most=1, file=table).rows == [[0]]


def test_a_load_that_fails_leaves_no_file(tmp_path: Path) -> None:
    bad, place = tmp_path / "bad.csv", tmp_path / "table"
    bad.write_text("1,x,not a number\n")
    with pytest.raises(DuckFailed):
        load(bad, place, COLUMNS)
    assert not list(tmp_path.glob("table*"))


def test_too_many_at_once_are_told_to_wait(table: Path) -> None:
    for _ in range(2):
        assert duck._AT_ONCE.acquire(timeout=5)
    try:
        with pytest.raises(DuckFailed) as refused:
            query("SELECT 1", [], most=1, file=table, seconds=1)
    finally:
        for _ in range(2):
            duck._AT_ONCE.release()
    assert refused.value.fault == "busy"
