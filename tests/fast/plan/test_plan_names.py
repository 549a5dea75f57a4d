"""Names in the target: short enough, each its own, the same every time."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.errors import PlanError
from outgrow.model.names import fold
from outgrow.model.source import (
    Affinity,
    Expression,
    IndexPart,
    SourceCheck,
    SourceColumn,
    SourceDatabase,
    SourceIndex,
    SourceKey,
    SourceTable,
    SourceTrigger,
    SourceView,
)
from outgrow.plan.naming import Names, names_of
from outgrow.plan.overrides import ColumnOverride, Overrides, TableOverride

#: Names as databases have them: any character, and often long and alike at the beginning.
NAMES = st.one_of(
    st.text(max_size=80),
    st.text(string.ascii_lowercase + "_é😀", min_size=60, max_size=70),
    st.text("ab", min_size=1, max_size=3).map(lambda end: "x" * 62 + end),
    st.sampled_from(["xmin", "ctid", "a_pkey", "a_b_seq", "a_b_key", "a", "b", "", "order", "\0"]),
)


def table(name: str, *columns: str, **more: object) -> SourceTable:
    made = tuple(SourceColumn(column, "", Affinity.BLOB) for column in columns)
    return replace(SourceTable(name, made, ""), **more)


def key(*columns: str, name: str = "") -> SourceKey:
    return SourceKey(tuple(IndexPart(column) for column in columns), name)


def index(name: str, of: str) -> SourceIndex:
    return SourceIndex(name, of, (IndexPart("b"),), False, None, "")


def database(*tables: SourceTable, **more: object) -> SourceDatabase:
    return replace(SourceDatabase("a.db", "a.db", tables), **more)


def names(source: SourceDatabase, **tables: TableOverride) -> Names:
    return names_of(source, Overrides(tables=tables))


def folded(text: list[str]) -> list[str]:
    """Leave out names that SQLite itself would call the same."""
    return list({fold(each): each for each in text}.values())


@settings(deadline=None)
@given(st.lists(NAMES, max_size=12).map(folded), st.lists(NAMES, max_size=8).map(folded))
def test_relations_and_columns_are_short_and_apart(given_: list[str], columns: list[str]) -> None:
    half = len(given_) // 2
    tables = [
        table(name, *columns, rowid_alias=columns[0] if columns else "", primary_key=key(*columns))
        for name in given_[:half]
    ]
    if tables:
        tables[0] = replace(
            tables[0], indexes=tuple(index(name, tables[0].name) for name in given_[half:])
        )
    source = database(*tables)
    found = names(source)
    assert found == names(source)
    relations = [*found.tables.values(), *found.others.values()]
    for group in (relations, *(each.values() for each in found.columns.values())):
        assert len(set(group)) == len([*group])
        assert all(0 < len(name.encode()) <= 63 and "\0" not in name for name in group)
    if tables:
        assert not {"xmin", "ctid"} & set(found.columns[fold(tables[0].name)].values())


@settings(deadline=None)
@given(st.lists(NAMES, max_size=12).map(folded))
def test_what_is_renamed_is_told_and_nothing_else(given_: list[str]) -> None:
    found = names(database(*(table(name, "b") for name in given_)))
    told = {each.source: each.target for each in found.renamed}
    for name in given_:
        target = found.tables[fold(name)]
        assert told.get(name, fold(name)) == target
        assert (name in told) == (target != fold(name))


def test_a_plain_name_is_only_lower_cased() -> None:
    found = names(database(table("Order Details", "UnitPrice")))
    assert found.tables == {"order details": "order details"}
    assert found.columns == {"order details": {"unitprice": "unitprice"}}
    assert found.renamed == ()


def test_a_long_name_keeps_its_beginning_and_stays_apart_from_its_like() -> None:
    one, other = "é" * 40 + "1", "é" * 40 + "2"
    found = names(database(table(one, "b"), table(other, "b")))
    first, second = found.tables.values()
    assert first != second
    assert first.startswith("é" * 26)
    assert {each.reason for each in found.renamed} == {"longer than 63 bytes"}


def test_a_name_does_not_depend_on_what_else_there_is() -> None:
    alone = names(database(table("x" * 70, "b"))).tables["x" * 70]
    among = names(database(table("x" * 71, "b"), table("x" * 70, "b"))).tables["x" * 70]
    assert alone == among


def test_names_that_postgres_makes_are_kept_free() -> None:
    source = database(
        table("t", "id", "b", rowid_alias="id", primary_key=key("id"), unique=(key("b"),)),
        table("u", "b", indexes=tuple(index(n, "u") for n in ("t_pkey", "t_b_key", "free"))),
        table("t_id_seq", "b"),
        views=(SourceView("V", ""),),
    )
    found = names(source)
    assert found.tables["t_id_seq"] == "t_id_seq_2"
    assert found.others == {
        ("index", "t_pkey"): "t_pkey_2",
        ("index", "t_b_key"): "t_b_key_2",
        ("index", "free"): "free",
        ("view", "V"): "v",
    }


def test_constraints_are_named_by_table() -> None:
    check = SourceCheck(Expression("1"), "Same")
    source = database(
        table("t", "b", primary_key=key("b", name="PK"), checks=(check,)),
        table("u", "b", primary_key=key("b", name="PK"), checks=(check,)),
        triggers=(SourceTrigger("T", "t", ""),),
    )
    found = names(source).others
    assert (found["constraint", "t.PK"], found["constraint", "u.PK"]) == ("pk", "pk_2")
    assert (found["constraint", "t.Same"], found["constraint", "u.Same"]) == ("same", "same")
    assert found["trigger", "T"] == "t"


def test_a_chosen_name_comes_first() -> None:
    source = database(table("a", "b"), table("c", "b", "d"))
    override = TableOverride(name="a", columns={"d": ColumnOverride(name="b")})
    found = names(source, c=override)
    assert found.tables == {"c": "a", "a": "a_2"}
    assert found.columns["c"] == {"d": "b", "b": "b_2"}


@pytest.mark.parametrize("name", ["", "x" * 64, "a\0b", "taken"])
def test_a_chosen_name_that_can_not_be_had_is_refused(name: str) -> None:
    source = database(table("a", "b"), table("c", "b"))
    with pytest.raises(PlanError, match=r"a\.db:"):
        names(source, a=TableOverride(name="taken"), c=TableOverride(name=name))


def test_a_table_left_out_takes_no_name() -> None:
    source = database(table("a", "b", indexes=(index("c", "a"),)), table("c", "b"))
    found = names(source, a=TableOverride(include=False))
    assert found.others == {}
    assert found.tables["c"] == "c"
