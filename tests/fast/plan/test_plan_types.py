"""What columns become, from SQLite's own tables and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from outgrow.errors import DecisionNeeded
from outgrow.model.census import Census
from outgrow.model.plan import ColumnPlan, Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.types import OnBad, Policy
from outgrow.plan.overrides import Overrides, TableOverride
from outgrow.plan.weighing import make_plan

Made = Callable[..., tuple[SourceDatabase, Census]]

MOMENT = "2024-01-31 10:00:00"


def decided(
    made: Made, column: str, values: Sequence[object] = (), policy: Policy = Policy.NATIVE
) -> ColumnPlan:
    source, census = made(
        f"CREATE TABLE t (\n{column}\n)", {"t": [(v,) for v in values]} if values else {}
    )
    return make_plan(source, census, policy=policy).tables[0].columns[0]


def spelled(column: ColumnPlan) -> str:
    shape = column.type.shape
    return f"{column.type} {shape}" if shape else str(column.type)


@pytest.mark.parametrize(
    ("column", "values", "faithful", "native"),
    [
        ("a INTEGER", [1, 2, None], "bigint", "bigint"),
        ("a INTEGER", [2**63 - 1, -(2**63)], "bigint", "bigint"),
        ("a INTEGER", [1, 1.5], "double precision", "double precision"),
        ("a REAL", [1.5, 1e300], "double precision", "double precision"),
        ("a REAL", [float("inf")], "double precision", "double precision"),
        ("a", [1.5, 2**53], "double precision", "double precision"),
        ("a", [1.5, 2**53 + 1], "numeric", "numeric"),
        ("a TEXT", ["x", ""], "text", "text"),
        ("a", ["x", 1], "text", "text"),
        ("a INTEGER", ["x", 1], "text", "text"),
        ("a BLOB", [b"x"], "bytea", "bytea"),
        ("a BLOB", [b"x", "x"], "bytea", "bytea"),
        ("a BLOB", [b"x", 1], "bytea", "bytea"),
        ("a NUMERIC", [1, 2], "numeric", "numeric"),
        ("a NUMERIC", [1, 2.5], "double precision", "numeric"),
        ("a STRING", [1, 2], "numeric", "numeric"),
        ("a DATETIME", [1, 2], "bigint", "bigint"),
        # booleans
        ("a BOOLEAN", [0, 1, None], "bigint", "boolean"),
        ("a BOOLEAN", [0, 1, 2], "bigint", "bigint"),
        ("a BOOLEAN", ["true", "false"], "text", "text"),
        ("a INTEGER", [0, 1], "bigint", "bigint"),
        ("a INTEGER -- 0/1", [0, 1], "bigint", "boolean"),
        ("is_open INTEGER", [0, 1], "bigint", "boolean"),
        # times
        ("a TEXT", [MOMENT], "text", "timestamp without time zone YYYY-MM-DD HH:MM:SS"),
        ("a DATETIME", ["2024-01-31"], "text", "date YYYY-MM-DD"),
        ("a TEXT", ["2024-01-31"], "text", "text"),
        ("day TEXT", ["2024-01-31"], "text", "date YYYY-MM-DD"),
        ("created_at TEXT", [MOMENT, ""], "text", "text"),
        ("created_at TEXT", [MOMENT, MOMENT.replace(" ", "T")], "text", "text"),
        ("created_at TEXT", ["2023-02-29 10:00:00"], "text", "text"),
        ("created_at TEXT COLLATE NOCASE", [MOMENT], "text", "text"),
        ("created_at INTEGER", [1_700_000_000], "bigint", "bigint"),
        (
            "created_at TEXT",
            ["2024-01-31T10:00:00", "2024-01-31T10:00:00.250000"],
            "text",
            "timestamp without time zone YYYY-MM-DDTHH:MM:SS[.ffffff]",
        ),
        # JSON
        ("a TEXT", ['{"a": 1}', "[]"], "text", "jsonb"),
        ("a TEXT -- JSON", ["1", "null"], "text", "jsonb"),
        ("payload TEXT", ["1", "null"], "text", "text"),
        ("a JSON", ['{"a": 1}', ""], "text", "text"),
        ("a JSON", ['{"a": 1, "a": 2}', "{}"], "text", "json"),
        ("a JSON UNIQUE", ["{}"], "text", "text"),
        # decimals
        ("a NUMERIC(10,2)", [1, 2.25], "double precision", "numeric(10,2)"),
        ("a NUMERIC(10,2)", [2.125], "double precision", "numeric(11,3)"),
        ("a NUMERIC(10,2)", [12], "numeric", "numeric(10,2)"),
        ("a DECIMAL(3)", [1234], "numeric", "numeric(4,0)"),
        ("price REAL", [1.5, 0.00000125], "double precision", "numeric(14,8)"),
        ("price REAL", [1.5, 1e25], "double precision", "numeric(30,4)"),
        ("price REAL", [1e-25], "double precision", "double precision"),
        ("price REAL", [1.5, float("-inf")], "double precision", "double precision"),
        ("price INTEGER", [150], "bigint", "bigint"),
        # UUIDs are reported only
        ("a TEXT", ["0191d2f0-7b5c-7a31-8f00-0123456789ab"], "text", "text"),
    ],
)
def test_types_by_values(
    made: Made, column: str, values: list[object], faithful: str, native: str
) -> None:
    assert spelled(decided(made, column, values, Policy.FAITHFUL)) == faithful
    assert spelled(decided(made, column, values)) == native


@pytest.mark.parametrize(
    ("column", "faithful", "native"),
    [
        ("a INTEGER", "bigint", "bigint"),
        ("a", "text", "text"),
        ("a BLOB", "bytea", "bytea"),
        ("a DOUBLE", "double precision", "double precision"),
        ("a NUMBER", "numeric", "numeric"),
        ("a DECIMAL(8,3)", "numeric", "numeric(8,3)"),
        ("a BOOLEAN", "bigint", "boolean"),
        ("is_open INTEGER", "bigint", "bigint"),
        ("a INTEGER -- boolean", "bigint", "boolean"),
        ("a DATE", "text", "date YYYY-MM-DD"),
        ("a DATETIME", "text", "timestamp without time zone YYYY-MM-DD HH:MM:SS[.ffffff]"),
        ("created_at TEXT", "text", "text"),
        ("created_at INTEGER -- timestamp", "bigint", "bigint"),
        ("a JSON", "text", "jsonb"),
        ("a TEXT -- JSON array", "text", "jsonb"),
        ("a UUID", "text", "text"),
    ],
)
@pytest.mark.parametrize("values", [[], [None, None]], ids=["no rows", "all NULL"])
def test_types_without_values(
    made: Made, column: str, faithful: str, native: str, values: list[object]
) -> None:
    assert spelled(decided(made, column, values, Policy.FAITHFUL)) == faithful
    assert spelled(decided(made, column, values)) == native


def test_a_time_without_values_is_spelled_as_its_file_does(made: Made) -> None:
    source, census = made(
        "CREATE TABLE t (a DATETIME, b DATETIME)", {"t": [("2024-01-31T10:00Z", None)]}
    )
    columns = make_plan(source, census, policy=Policy.NATIVE).tables[0].columns
    assert str(columns[1].type.shape) == "YYYY-MM-DDTHH:MMZ"


class TestEager:
    GOOD = [MOMENT] * 19

    def test_few_misfits_become_null(self, made: Made) -> None:
        column = decided(made, "created_at TEXT", [*self.GOOD, "unknown"], Policy.EAGER)
        assert str(column.type) == "timestamp without time zone"
        assert column.quarantined == 1
        assert "'unknown'" in column.reason
        assert [example.count for example in column.counterexamples] == [1]

    @pytest.mark.parametrize(
        ("column", "values"),
        [
            ("created_at TEXT", [*GOOD[1:], "unknown", ""]),
            ("created_at TEXT NOT NULL", [*GOOD, "unknown"]),
            ("created_at TEXT", ["unknown"]),
        ],
        ids=["many", "not null", "none fits"],
    )
    def test_else_the_column_stays(self, made: Made, column: str, values: list[object]) -> None:
        kept = decided(made, column, values, Policy.EAGER)
        assert (str(kept.type), kept.quarantined) == ("text", 0)

    def test_keys_are_never_made_null(self, made: Made) -> None:
        source, census = made(
            "CREATE TABLE t (a BOOLEAN, b BOOLEAN, UNIQUE (a, b)); CREATE TABLE u (a BOOLEAN)",
            {"t": [(n, n % 2) for n in range(2, 40)], "u": [(n % 2,) for n in range(39)] + [(2,)]},
        )
        plan = make_plan(source, census, policy=Policy.EAGER)
        assert [str(each.type) for each in plan.table("t").columns] == ["bigint", "boolean"]
        assert plan.table("u").columns[0].quarantined == 1

    def test_every_kind(self, made: Made) -> None:
        for column, good, target in (
            ("a BOOLEAN", [0, 1] * 10, "boolean"),
            ("a JSON", ["{}"] * 20, "jsonb"),
            ("a DECIMAL(5,2)", [1.25] * 20, "numeric(5,2)"),
        ):
            found = decided(made, column, [*good, "oops"], Policy.EAGER)
            assert (str(found.type), found.quarantined) == (target, 1)


class TestForeignKeys:
    def types(self, made: Made, script: str, rows: object = None) -> tuple[list[str], Plan]:
        source, census = made(script, rows)
        plan = make_plan(source, census, policy=Policy.NATIVE)
        return [str(column.type) for table in plan.tables for column in table.columns], plan

    def test_an_empty_column_follows_its_parent(self, made: Made) -> None:
        types, plan = self.types(
            made,
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p)",
            {"p": [(1,)]},
        )
        assert types == ["bigint", "bigint"]
        assert "foreign key" in plan.table("c").columns[0].reason

    def test_whole_numbers_stay_whole(self, made: Made) -> None:
        types, _ = self.types(
            made,
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p NUMBER REFERENCES p (id))",
            {"p": [(1,)], "c": [(1,)]},
        )
        assert types == ["bigint", "bigint"]

    def test_a_boolean_is_no_key(self, made: Made) -> None:
        types, _ = self.types(
            made,
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (is_p INT REFERENCES p)",
            {"p": [(0,), (1,)], "c": [(1,)]},
        )
        assert types == ["bigint", "bigint"]

    def test_times_need_one_spelling_on_both_sides(self, made: Made) -> None:
        script = (
            "CREATE TABLE p (day DATETIME PRIMARY KEY); CREATE TABLE c (day DATETIME REFERENCES p)"
        )
        same, _ = self.types(made, script, {"p": [(MOMENT,)], "c": [(MOMENT,)]})
        assert same == ["timestamp without time zone"] * 2
        other, _ = self.types(made, script, {"p": [(MOMENT,)], "c": [("2024-01-31",)]})
        assert other == ["text", "text"]

    def test_text_and_numbers_are_left_and_told(self, made: Made) -> None:
        types, plan = self.types(
            made,
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p TEXT REFERENCES p)",
            {"p": [(1,)], "c": [("1",)]},
        )
        assert types == ["bigint", "text"]
        assert "OG-215" in [str(finding.code) for finding in plan.findings]


class TestBarred:
    def test_what_an_expression_reads_is_not_promoted(self, made: Made) -> None:
        source, census = made(
            "CREATE TABLE t (created_at TEXT, day TEXT AS (date(created_at)));"
            "CREATE TABLE u (data JSON); CREATE INDEX i ON u (json_extract(data, '$.a'));"
            "CREATE TABLE v (deleted_at TEXT, x); CREATE INDEX j ON v (x) WHERE deleted_at IS NULL;"
            f"INSERT INTO t VALUES ('{MOMENT}'); INSERT INTO u VALUES ('{{}}');"
            f"INSERT INTO v VALUES ('{MOMENT}', 1)",
        )
        plan = make_plan(source, census, policy=Policy.NATIVE)
        assert str(plan.table("t").columns[0].type) == "text"
        assert str(plan.table("u").columns[0].type) == "text"
        assert "index" in plan.table("u").columns[0].reason
        assert str(plan.table("v").columns[0].type) == "timestamp without time zone"

    def test_a_row_number_is_bigint(self, made: Made) -> None:
        column = decided(made, "is_open INTEGER PRIMARY KEY", [0, 1])
        assert str(column.type) == "bigint"


class TestBadTexts:
    SCRIPT = (
        "CREATE TABLE t (a TEXT, b BLOB);"
        "INSERT INTO t VALUES (CAST(x'610062' AS TEXT), CAST(x'610062' AS TEXT)), (NULL, x'00');"
        "INSERT INTO t VALUES (CAST(x'ff' AS TEXT), CAST(x'ff' AS TEXT))"
    )

    def test_they_are_counted_where_the_type_is_text(self, made: Made) -> None:
        plan = make_plan(*made(self.SCRIPT), policy=Policy.NATIVE)
        assert [column.repaired for column in plan.tables[0].columns] == [2, 0]
        assert [str(column.type) for column in plan.tables[0].columns] == ["text", "bytea"]
        assert "OG-214" in [str(finding.code) for finding in plan.findings]

    def test_stop_asks_first(self, made: Made) -> None:
        with pytest.raises(DecisionNeeded, match=r"a\.db:t\.a"):
            make_plan(*made(self.SCRIPT), policy=Policy.NATIVE, on_bad=OnBad.STOP)


def test_findings_say_what_could_be(made: Made) -> None:
    rows = [(1_700_000_000_000, "0191d2f0-7b5c-7a31-8f00-0123456789ab", 2_460_000.5)]
    source, census = made(
        "CREATE TABLE t (created_at INTEGER, guid TEXT, seen_at REAL)", {"t": rows}
    )
    plan = make_plan(source, census, policy=Policy.NATIVE)
    told = {finding.where: finding for finding in plan.findings}
    assert 'shape = "epoch ms"' in told["a.db:t.created_at"].fix
    assert 'type = "uuid"' in told["a.db:t.guid"].fix
    assert "Julian" in told["a.db:t.seen_at"].says


def test_a_failed_promotion_says_why_with_numbers(made: Made) -> None:
    column = decided(made, "created_at TEXT", [MOMENT] * 7 + ["", "", "unknown"])
    assert "3 of 10 values are not dates" in column.reason
    assert "''" in column.reason
    assert "'unknown'" in column.reason


def test_a_table_that_is_too_wide_needs_a_decision(made: Made) -> None:
    source, census = made(f"CREATE TABLE t ({', '.join(f'c{n}' for n in range(1601))})")
    with pytest.raises(DecisionNeeded, match=r"a\.db:t.*1,601 columns"):
        make_plan(source, census, policy=Policy.NATIVE)
    without = Overrides(tables={"t": TableOverride(include=False)})
    plan = make_plan(source, census, policy=Policy.NATIVE, overrides=without)
    assert not plan.tables[0].include
