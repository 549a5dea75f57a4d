"""What a plan file settles between files: read with every mistake told, written and renewed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from outgrow.errors import Code, PlanError
from outgrow.model.census import Census
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.source import Affinity, SourceColumn, SourceDatabase, SourceTable
from outgrow.model.types import Kind, Policy, TargetType
from outgrow.model.uniting import Conflict, Origin, Settlements, TableSettlement, United
from outgrow.plan.overrides import ColumnOverride, TableOverride
from outgrow.plan.planfile import read_plan, write_plan
from outgrow.plan.settling import block_of, read_settlements
from outgrow.plan.weighing import make_plan

Made = Callable[..., tuple[SourceDatabase, Census]]

SETTLED = """
[unite]
provenance = "source_file"
[tables.tool]
prefer = "b.db"
renumber = true
[tables."ODD name"]
apart = true
[tables.Both]
keep = "both"
[tables.call.columns]
tool_id = { type = "bigint", follows = "TOOL" }
"""


def file(name: str, **tables: tuple[str, ...]) -> SourceDatabase:
    """A file of tables with integer columns; ``odd`` stands for a name with a space."""
    found = [
        SourceTable(
            "odd name" if table == "odd" else table,
            tuple(SourceColumn(column, "INTEGER", Affinity.INTEGER) for column in columns),
            "",
        )
        for table, columns in tables.items()
    ]
    return SourceDatabase(f"/x/{name}", name, tuple(found))


FILES = [
    file("a.db", tool=("id", "name"), both=("k",), odd=("a",), call=("id",), mine=("id",)),
    file("b.db", tool=("id", "name"), both=("k",), odd=("a",), call=("id", "Tool_Id")),
]


def test_what_is_settled() -> None:
    assert read_settlements(SETTLED, FILES) == Settlements(
        {
            "tool": TableSettlement(prefer="b.db", renumber=True),
            "odd name": TableSettlement(apart=True),
            "both": TableSettlement(keep_both=True),
            "call": TableSettlement(follows={"tool_id": "tool"}),
        },
        "source_file",
    )
    assert read_settlements('policy = "native"\n[tables.mine]\nname = "x"', FILES) == Settlements()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[unite]\nprovenence = 'x'", 2, "Did you mean 'provenance'?"),
        ("[unite]\nprovenance = true", 2, "must be a text"),
        ("[unite]\nprovenance = ''", 2, "name of a column"),
        ("[unite]\nprovenance = 'NAME'", 2, "a.db:tool has a column 'NAME' of its own"),
        ("unite = 1", 1, "must be a table"),
        ("[tables.tool]\nprefer = 'bd'", 2, "Did you mean 'b.db'?"),
        ("[tables.tool]\nprefer = 1", 2, "must be a text"),
        ("[tables.mine]\nprefer = 'a.db'", 2, "mine stands in a.db alone"),
        ("[tables.tool]\nkeep = 'all'", 2, "'all' is no keep. There is both"),
        ("[tables.tool]\nprefer = 'a.db'\nkeep = 'both'", 3, "exclude each other"),
        ("[tables.tool]\nrenumber = 'yes'", 2, "true or false"),
        ("[tables.tool]\napart = 1", 2, "true or false"),
        ("[tables.call.columns.tool_id]\nfollows = 'tools'", 2, "Did you mean 'tool'?"),
        ("[tables.call.columns]\ntool = { follows = 'tool' }", 2, "Did you mean 'Tool_Id'?"),
        ("[tables.call\nx = 1", 1, "not valid TOML"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, line: int, says: str) -> None:
    with pytest.raises(PlanError) as told:
        read_settlements(text, FILES)
    assert says in str(told.value)
    assert f"line {line}" in str(told.value)


def test_a_misspelt_key_is_told_when_the_plan_is_read() -> None:
    with pytest.raises(PlanError, match="Did you mean 'prefer'"):
        read_plan("[tables.tool]\npreffer = 'a.db'", FILES[0])
    with pytest.raises(PlanError, match="Did you mean 'follows'"):
        read_plan("[tables.tool.columns]\nid = { folows = 'tool' }", FILES[0])
    with pytest.raises(PlanError, match="no table 'gone'"):
        read_plan("[tables.gone]\nprefer = 'a.db'", FILES[0])
    with pytest.raises(PlanError, match="no key 'name'"):
        read_plan("[tables.gone]\nname = 'a'", FILES[0], became={"gone": ["tool"]})


APART = file("a.db+b.db", a_t=("id", "x"), b_t=("id", "X", "y"))


def test_types_of_tables_that_stand_apart_are_those_of_each() -> None:
    head = '[unite]\nprovenance = "from_file"\n[tables.t]\napart = true\n[tables.t.columns]\n'
    text = (
        f'{head}x = {{ type = "text" }}\ny = {{ type = "boolean" }}\n'
        'from_file = { type = "text" }\nid = { follows = "t" }\n'
        '[tables.b_t]\nname = "second"\n[tables.b_t.columns]\n'
        'x = { type = "bytea", name = "z" }\nid = { type = "text" }\ny = { name = "why" }\n'
    )
    overrides = read_plan(text, APART, became={"T": ["a_t", "b_t"]})
    assert overrides.table("a_t") == TableOverride(
        columns={
            "x": ColumnOverride(TargetType(Kind.TEXT)),
            "y": ColumnOverride(TargetType(Kind.BOOLEAN)),
            "from_file": ColumnOverride(TargetType(Kind.TEXT)),
            "id": ColumnOverride(),
        }
    )
    assert overrides.table("b_t") == TableOverride(
        name="second",
        columns={
            "x": ColumnOverride(TargetType(Kind.BYTEA), "z"),
            "y": ColumnOverride(TargetType(Kind.BOOLEAN), "why"),
            "from_file": ColumnOverride(TargetType(Kind.TEXT)),
            "id": ColumnOverride(TargetType(Kind.TEXT)),
        },
    )
    for wrong, says in (
        ('x = { type = "txt" }', r"line 6: 'txt' is no type. Did you mean 'text'"),
        ('yy = { type = "text" }', r"line 6: no column 'yy' in table t. Did you mean 'y'"),
        ('x = { name = "z" }', "line 6: t is apart: name stands at the tables"),
        ('x = { typ = "text" }', "line 6: no key 'typ'"),
    ):
        with pytest.raises(PlanError, match=says):
            read_plan(head + wrong, APART, became={"t": ["a_t", "b_t"]})


CODE = Code("OG-999", "A code of this test")


def conflict(table: str, *lines: str) -> Conflict:
    what = f"3 rows of {table} differ"
    found = Finding(CODE, Severity.ERROR, f"a.db:{table}", what)
    return Conflict(table, ("a.db", "b.db"), what, lines, found)


def test_all_conflicts_of_a_table_are_settled_under_one_header() -> None:
    conflicts = [
        conflict("odd name", 'prefer = "a.db"', 'prefer = "b.db"'),
        conflict("odd name", "renumber = true", 'prefer = "a.db"'),
        conflict("odd name", 'prefer = "b.db"'),
    ]
    block = block_of(conflicts)
    assert block == [
        '[tables."odd name"]',
        'prefer = "a.db"',
        "renumber = true",
        '# or prefer = "b.db"',
    ]
    read = tomllib.loads("\n".join(block))
    assert read == {"tables": {"odd name": {"prefer": "a.db", "renumber": True}}}


class TestWriting:
    """A plan of two files, as the united source has them."""

    @pytest.fixture(autouse=True)
    def _make(self, made: Made) -> None:
        self.source, self.census = made(
            "CREATE TABLE tool (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE call (id INTEGER PRIMARY KEY, tool_id INTEGER)"
        )

    def united(self, *conflicts: Conflict, **tables: TableSettlement) -> United:
        spelled = [Origin(f, t, t, (), 0) for f in ("a.db", "b.db") for t in ("tool", "Odd One")]
        settled = Settlements({name.replace("_", " "): each for name, each in tables.items()})
        return United(("a.db", "b.db"), tuple(spelled), settled, conflicts)

    def plan(self, text: str | None = None) -> Plan:
        overrides = read_plan(text, self.source, became={"odd one": ["tool"]}) if text else None
        return make_plan(self.source, self.census, policy=Policy.NATIVE, overrides=overrides)

    def write(self, united: United, existing: str | None = None) -> str:
        plan = self.plan(existing)
        return write_plan(plan, self.source, self.census, existing=existing, united=united)

    def test_what_is_settled_reads_back(self) -> None:
        united = self.united(
            tool=TableSettlement(prefer="b.db"),
            odd_one=TableSettlement(apart=True),
            call=TableSettlement(follows={"tool_id": "tool"}),
        )
        text = self.write(united)
        read: dict[str, Any] = tomllib.loads(text)
        assert read["source"]["files"] == ["a.db", "b.db"]
        assert read["tables"]["Odd One"] == {"apart": True}
        files = [self.source, file("b.db", tool=("id",), call=("tool_id",))]
        files[0] = file("a.db", tool=("id",), call=("tool_id",))
        files = [SourceDatabase(f.path, f.file, (*f.tables, odd_one())) for f in files]
        assert read_settlements(text, files) == united.settlements
        assert self.plan(text) is not None
        assert self.write(united, existing=text) == text

    def test_what_is_not_settled_is_suggested_until_it_is(self) -> None:
        open_ = self.united(
            conflict("tool", 'prefer = "a.db"', 'prefer = "b.db"'),
            conflict("Odd One", "apart = true"),
        )
        text = self.write(open_)
        assert (
            "[tables.tool]\n#| 3 rows of tool differ; one of these lines settles it:\n"
            '#| prefer = "a.db"\n#| prefer = "b.db"\n'
        ) in text
        assert "#| apart = true\n" in text
        assert "prefer" not in tomllib.loads(text)["tables"]["tool"]
        assert self.write(open_, existing=text) == text
        chosen = text.replace('#| prefer = "b.db"', '# mine\nprefer = "b.db" # and mine')
        chosen = chosen.replace("#| apart = true", "apart = true")
        settled = self.united(
            tool=TableSettlement(prefer="b.db"), odd_one=TableSettlement(apart=True)
        )
        again = self.write(settled, existing=chosen)
        assert "differ" not in again
        assert '[tables.tool]\n# mine\nprefer = "b.db" # and mine\n[tables.tool.columns]' in again
        assert tomllib.loads(again)["tables"]["Odd One"] == {"apart": True}
        assert self.write(settled, existing=again) == again

    def test_a_plan_of_one_file_becomes_one_of_two(self) -> None:
        one = write_plan(self.plan(), self.source, self.census)
        assert "unite" not in tomllib.loads(one)
        two = self.write(self.united(conflict("tool", 'prefer = "a.db"')), existing=one)
        assert tomllib.loads(two)["source"]["files"] == ["a.db", "b.db"]
        assert "file" not in tomllib.loads(two)["source"]
        assert '#| prefer = "a.db"' in two
        assert "#| provenance = " in two
        assert self.write(self.united(conflict("tool", 'prefer = "a.db"')), existing=two) == two


def odd_one() -> SourceTable:
    return SourceTable("Odd One", (), "")
