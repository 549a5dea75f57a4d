"""Rows of several files as one, by the rules, judged with plain SQL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from outgrow.demo.reference import build_reference
from outgrow.errors import UsageError
from outgrow.model.uniting import TableSettlement

if TYPE_CHECKING:
    from tests.fast.unite.conftest import Unite

PEOPLE = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
NAMED = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, v);"
CHILD = "CREATE TABLE c (p_id INTEGER REFERENCES p (id), note TEXT);"


def test_ids_that_collide_move_past_everything(united: Unite) -> None:
    seen = united(
        PEOPLE + CHILD + "INSERT INTO p VALUES (1, 'a'), (2, 'b'); "
        "INSERT INTO c VALUES (1, 'a'), (9, 'gone');"
        "UPDATE sqlite_sequence SET seq = 7 WHERE name = 'p';",
        PEOPLE + CHILD + "INSERT INTO p VALUES (1, 'x'), (5, 'y'); "
        "INSERT INTO c VALUES (1, 'x'), (5, 'y'), (NULL, 'none'), (3, 'lost');",
    )
    assert seen.sql("SELECT * FROM p ORDER BY 1") == [(1, "a"), (2, "b"), (10, "x"), (14, "y")]
    assert seen.sql("SELECT c.note, p.name FROM c LEFT JOIN p ON p.id = p_id") == [
        ("a", "a"),
        ("gone", None),
        ("x", "x"),
        ("y", "y"),
        ("none", None),
        ("lost", None),
    ]
    assert seen.sql("SELECT p_id FROM c WHERE note = 'lost'") == [(12,)]
    assert seen.sql("SELECT seq FROM sqlite_sequence") == [(14,)]
    assert seen.origin("b.db", "p").moved == 9
    assert "OG-132" in seen.says()


def test_ids_that_do_not_collide_stay(united: Unite) -> None:
    seen = united(
        PEOPLE + "INSERT INTO p VALUES (1, 'a');", PEOPLE + "INSERT INTO p VALUES (2, 'b');"
    )
    assert seen.sql("SELECT * FROM p") == [(1, "a"), (2, "b")]
    assert seen.origin("b.db", "p").moved == 0


def test_a_reference_without_a_row_finds_no_row_of_another_file(united: Unite) -> None:
    seen = united(
        PEOPLE + CHILD + "INSERT INTO p VALUES (1, 'a'), (7, 'g');",
        PEOPLE + CHILD + "INSERT INTO p VALUES (2, 'b'); INSERT INTO c VALUES (7, 'lost');",
    )
    assert seen.sql("SELECT name FROM c JOIN p ON p.id = p_id") == []


def test_equal_rows_are_one_and_their_children_follow(united: Unite) -> None:
    seen = united(
        NAMED + CHILD + "INSERT INTO p VALUES (1, 'a', x'00'), (2, 'b', 1);",
        NAMED + CHILD + "INSERT INTO p VALUES (1, 'b', 1), (2, 'c', 1); "
        "INSERT INTO c VALUES (1, 'of b'), (2, 'of c');",
    )
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT id, name FROM p ORDER BY 1") == [(1, "a"), (2, "b"), (4, "c")]
    assert seen.sql("SELECT note, name FROM c JOIN p ON p.id = p_id ORDER BY 1") == [
        ("of b", "b"),
        ("of c", "c"),
    ]
    assert seen.origin("b.db", "p").merged == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "1.0"), ("'1'", "1"), ("'a'", "x'61'"), ("0.0", "-0.0"), ("NULL", "''"), ("'a'", "'A'")],
)
def test_rows_are_equal_only_in_value_and_class(united: Unite, one: str, other: str) -> None:
    for table in ("CREATE TABLE t (v);", "CREATE TABLE t (k TEXT PRIMARY KEY, v COLLATE NOCASE);"):
        key = "'k', " if "PRIMARY" in table else ""
        folder_of_both = united(
            f"DROP TABLE IF EXISTS t; {table} INSERT INTO t VALUES ({key}{one});",
            f"DROP TABLE IF EXISTS t; {table} INSERT INTO t VALUES ({key}{other});",
        )
        assert folder_of_both.origin("b.db", "t").merged == 0
        assert bool(folder_of_both.told.conflicts) == bool(key)


def test_duplicates_within_a_file_stay(united: Unite) -> None:
    rows = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, NULL), (1, NULL)"
    seen = united(f"{rows};", f"{rows}, (1, NULL), (2, 'x');", f"{rows};")
    assert seen.sql("SELECT a, count(*) FROM t GROUP BY a") == [(1, 3), (2, 1)]
    assert [o.merged for o in seen.told.origins] == [0, 2, 2]


CLASH_A = (
    NAMED + CHILD + "INSERT INTO p VALUES (1, 'a', 1), (2, 'b', 1); INSERT INTO c VALUES (2, 'A');"
)
CLASH_B = (
    NAMED + CHILD + "INSERT INTO p VALUES (1, 'b', 2), (2, 'c', 2); INSERT INTO c VALUES (1, 'B');"
)


def test_one_key_with_different_rows_is_a_conflict(united: Unite) -> None:
    seen = united(CLASH_A, CLASH_B)
    (conflict,) = seen.told.conflicts
    assert conflict.table == "p"
    assert conflict.files == ("a.db", "b.db")
    assert conflict.lines == ('prefer = "a.db"', 'prefer = "b.db"')
    assert "1 row" in conflict.what and "'b'" in conflict.what
    assert conflict.finding.where == "b.db:p"
    assert all(line in conflict.finding.fix for line in conflict.lines)
    assert seen.sql("SELECT v FROM p WHERE name = 'b'") == [(1,)]


@pytest.mark.parametrize(("prefer", "value"), [("a.db", 1), ("b.db", 2)])
def test_the_preferred_row_stays_under_the_first_id(united: Unite, prefer: str, value: int) -> None:
    seen = united(CLASH_A, CLASH_B, p=TableSettlement(prefer=prefer))
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT id, v FROM p WHERE name = 'b'") == [(2, value)]
    assert seen.sql("SELECT note, p_id, name FROM c JOIN p ON id = p_id ORDER BY 1") == [
        ("A", 2, "b"),
        ("B", 2, "b"),
    ]
    gone = "b.db" if prefer == "a.db" else "a.db"
    assert seen.origin(gone, "p").superseded == 1
    for origin in seen.told.origins:
        assert origin.rows - origin.merged - origin.superseded >= 0


def test_both_may_stay_where_only_one_file_declares_the_key(united: Unite) -> None:
    free = NAMED.replace(" UNIQUE", "")
    first, second = (
        NAMED + "INSERT INTO p VALUES (1, 'b', 1);",
        free + "INSERT INTO p VALUES (2, 'b', 2);",
    )
    seen = united(first, second)
    assert 'keep = "both"' in seen.told.conflicts[0].lines


def test_keep_both_gives_up_the_key(united: Unite) -> None:
    free = NAMED.replace(" UNIQUE", "")
    seen = united(
        NAMED + "INSERT INTO p VALUES (1, 'b', 1);",
        free + "INSERT INTO p VALUES (2, 'b', 2);",
        p=TableSettlement(keep_both=True),
    )
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT * FROM p ORDER BY 1") == [(1, "b", 1), (2, "b", 2)]
    (missing,) = seen.told.left_out
    assert (missing.kind, missing.table, missing.name) == ("unique", "p", "name")


def test_a_key_that_a_file_does_not_declare_and_breaks_is_given_up(united: Unite) -> None:
    free = NAMED.replace(" UNIQUE", "")
    seen = united(
        NAMED + "INSERT INTO p VALUES (1, 'b', 1);",
        free + "INSERT INTO p VALUES (2, 'x', 2), (3, 'x', 3), (4, 'b', 5);",
    )
    assert seen.told.conflicts == ()
    assert len(seen.sql("SELECT * FROM p")) == 4
    assert [missing.kind for missing in seen.told.left_out] == ["unique"]


def test_plain_ids_that_collide_are_a_conflict(united: Unite) -> None:
    plain = "CREATE TABLE p (id INTEGER PRIMARY KEY, name);"
    first, second = (
        "INSERT INTO p VALUES (1, 'a'), (3, 'c');",
        "INSERT INTO p VALUES (1, 'b'), (3, 'c');",
    )
    seen = united(plain + first, plain + second)
    (conflict,) = seen.told.conflicts
    assert conflict.lines[0] == "renumber = true"
    assert seen.sql("SELECT * FROM p") == [(1, "a"), (3, "c")]


def test_plain_ids_are_renumbered_on_demand(united: Unite) -> None:
    plain = "CREATE TABLE p (id INTEGER PRIMARY KEY, name);"
    seen = united(
        plain + "INSERT INTO p VALUES (1, 'a'), (3, 'c');",
        plain + "INSERT INTO p VALUES (1, 'b'), (3, 'c');",
        p=TableSettlement(renumber=True),
    )
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT * FROM p") == [(1, "a"), (3, "c"), (4, "b")]


@pytest.mark.parametrize(
    "key",
    [
        "CREATE UNIQUE INDEX k ON p (name) WHERE gone = 0;",
        "CREATE UNIQUE INDEX k ON p (lower(name)) WHERE gone IS NOT NULL;",
        "CREATE UNIQUE INDEX k ON p (name COLLATE NOCASE);",
    ],
)
def test_unusual_keys_hold(united: Unite, key: str) -> None:
    table = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, gone INT, v);" + key
    other = "a" if "gone = 0" in key else "A"
    seen = united(
        table + "INSERT INTO p VALUES (1, 'a', 0, 1), (2, 'b', 1, 1);",
        table + f"INSERT INTO p VALUES (1, '{other}', 0, 2), (2, 'b', NULL, 2);",
    )
    clashing = 2 if "NOCASE" in key else 1
    assert seen.origin("b.db", "p").superseded == clashing
    assert f"{clashing} row" in seen.told.conflicts[0].what


def test_a_row_may_take_the_place_of_two(united: Unite) -> None:
    table = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE, b UNIQUE, v);"
        "CREATE TABLE c (p_id REFERENCES p (id), a REFERENCES p (a));"
    )
    seen = united(
        table + "INSERT INTO p VALUES (1, 'a1', 'b1', 'A'), (2, 'a2', 'b2', 'A');"
        "INSERT INTO c VALUES (1, 'a1'), (2, 'a2');",
        table + "INSERT INTO p VALUES (9, 'a1', 'b2', 'B'); INSERT INTO c VALUES (9, 'a1');",
        p=TableSettlement(prefer="b.db"),
    )
    assert seen.sql("SELECT * FROM p") == [(1, "a1", "b2", "B")]
    assert seen.sql("SELECT * FROM c") == [(1, "a1"), (1, "a1")]
    assert seen.origin("a.db", "p").superseded == 2


def test_children_of_merged_parents_may_become_one(united: Unite) -> None:
    tables = NAMED + "CREATE TABLE m (p_id INTEGER PRIMARY KEY REFERENCES p (id), x);"
    seen = united(
        tables + "INSERT INTO p VALUES (1, 'a', 0); INSERT INTO m VALUES (1, 'same');",
        tables + "INSERT INTO p VALUES (5, 'a', 0), (6, 'b', 0);"
        "INSERT INTO m VALUES (5, 'same'), (6, 'x');",
    )
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT name, x FROM m JOIN p ON p.id = p_id") == [("a", "same"), ("b", "x")]


def test_a_tree_of_equal_rows_is_one_tree(united: Unite) -> None:
    table = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, up REFERENCES t (id), "
        "name TEXT, UNIQUE (up, name));"
    )
    seen = united(
        table + "INSERT INTO t VALUES (1, 0, '/'), (2, 1, 'usr'), (3, 2, 'bin'), (4, 1, 'etc');",
        table + "INSERT INTO t VALUES (1, 3, 'bin'), (3, 7, 'usr'), (7, 0, '/'), (8, 1, 'ls');",
    )
    paths = "WITH RECURSIVE w (id, path) AS (SELECT id, name FROM t WHERE up = 0 UNION ALL "
    paths += "SELECT t.id, path || name || '/' FROM t JOIN w ON up = w.id) SELECT path FROM w"
    assert {path for (path,) in seen.sql(paths)} == {
        "/",
        "/usr/",
        "/usr/bin/",
        "/etc/",
        "/usr/bin/ls/",
    }
    assert len(seen.sql("SELECT * FROM t")) == 5
    assert seen.told.conflicts == ()


def test_circles_of_two_tables(united: Unite) -> None:
    tables = (
        "CREATE TABLE d (id INTEGER PRIMARY KEY AUTOINCREMENT, name, head REFERENCES e (id));"
        "CREATE TABLE e (id INTEGER PRIMARY KEY AUTOINCREMENT, name, d REFERENCES d (id));"
    )
    rows = (
        "INSERT INTO d VALUES (1, 'x', 1), (2, 'y', 2);"
        "INSERT INTO e VALUES (1, 'p', 1), (2, 'q', 2);"
    )
    copy = united(tables + rows, tables + rows)
    assert [o.merged for o in copy.told.origins] == [0, 2, 0, 2]


def test_circles_of_different_rows_stay_whole(united: Unite) -> None:
    tables = (
        "CREATE TABLE d (id INTEGER PRIMARY KEY AUTOINCREMENT, name, head REFERENCES e (id));"
        "CREATE TABLE e (id INTEGER PRIMARY KEY AUTOINCREMENT, name, d REFERENCES d (id));"
    )
    seen = united(
        tables + "INSERT INTO d VALUES (1, 'x', 1); INSERT INTO e VALUES (1, 'p', 1);",
        tables + "INSERT INTO d VALUES (1, 'x', 1); INSERT INTO e VALUES (1, 'r', 1);",
    )
    assert sorted(seen.sql("SELECT d.name, e.name, e.d = d.id FROM d JOIN e ON e.id = d.head")) == [
        ("x", "p", 1),
        ("x", "r", 1),
    ]


def test_three_files(united: Unite) -> None:
    def rows(name: str) -> str:
        return (
            NAMED + CHILD + f"INSERT INTO p VALUES (1, '{name}', 0), (2, 'all', 0);"
            f"INSERT INTO c VALUES (1, '{name}'), (2, '{name} all');"
        )

    seen = united(rows("a"), rows("b"), rows("c"))
    assert sorted(seen.sql("SELECT note, name FROM c JOIN p ON id = p_id")) == [
        ("a", "a"),
        ("a all", "all"),
        ("b", "b"),
        ("b all", "all"),
        ("c", "c"),
        ("c all", "all"),
    ]
    assert seen.told.files == ("a.db", "b.db", "c.db")


def test_a_child_of_one_file_follows_parents_of_both(united: Unite) -> None:
    seen = united(
        PEOPLE + "INSERT INTO p VALUES (1, 'a');",
        PEOPLE + CHILD.replace("c (", '"odd ""na.me" (') + "INSERT INTO p VALUES (1, 'b');"
        'INSERT INTO "odd ""na.me" VALUES (1, \'b\');',
    )
    assert seen.sql('SELECT name FROM "odd ""na.me" JOIN p ON id = p_id') == [("b",)]


def test_references_in_other_classes_keep_them(united: Unite) -> None:
    loose = "CREATE TABLE c (p_id REFERENCES p (id));"
    seen = united(
        PEOPLE + loose + "INSERT INTO p VALUES (1, 'a');",
        PEOPLE + loose + "INSERT INTO p VALUES (1, 'b');"
        "INSERT INTO c VALUES ('1'), (1.0), (1), (0), (-1), ('no');",
    )
    assert seen.sql("SELECT p_id, typeof(p_id) FROM c") == [
        ("2", "text"),
        (2.0, "real"),
        (2, "integer"),
        (0, "integer"),
        (-1, "integer"),
        ("no", "text"),
    ]


def test_undeclared_references_are_told_and_follow_on_demand(united: Unite) -> None:
    tables = (
        "CREATE TABLE operation_patterns (id INTEGER PRIMARY KEY AUTOINCREMENT, n);"
        "CREATE TABLE calls (pattern_id INTEGER, other_id INTEGER);"
    )
    first = tables + "INSERT INTO operation_patterns VALUES (1, 'a');"
    second = (
        tables + "INSERT INTO operation_patterns VALUES (1, 'b'); INSERT INTO calls VALUES (1, 1);"
    )
    seen = united(first, second)
    assert seen.sql("SELECT pattern_id FROM calls") == [(1,)]
    assert "OG-134 b.db:calls.pattern_id" in seen.says()
    assert 'follows = "operation_patterns"' in seen.says()
    assert "other_id" not in seen.says()


def test_what_is_said_to_follow_follows(united: Unite) -> None:
    tables = (
        "CREATE TABLE operation_patterns (id INTEGER PRIMARY KEY AUTOINCREMENT, n);"
        "CREATE TABLE calls (pattern_id INTEGER);"
    )
    seen = united(
        tables + "INSERT INTO operation_patterns VALUES (1, 'a');",
        tables + "INSERT INTO operation_patterns VALUES (1, 'b'); INSERT INTO calls VALUES (1);",
        calls=TableSettlement(follows={"pattern_id": "operation_patterns"}),
    )
    assert seen.sql("SELECT pattern_id FROM calls") == [(2,)]
    assert "OG-134" not in seen.says()


def test_the_largest_ids_move_closer_together(united: Unite) -> None:
    largest = 2**63 - 1
    seen = united(
        PEOPLE + "INSERT INTO p VALUES (1, 'a');",
        PEOPLE + CHILD + f"INSERT INTO p VALUES (1, 'b'), ({largest}, 'c');"
        f"INSERT INTO c VALUES ({largest}, 'c');",
    )
    assert seen.sql("SELECT * FROM p") == [(1, "a"), (2, "b"), (3, "c")]
    assert seen.sql("SELECT p_id FROM c") == [(3,)]


def test_no_room_for_ids_is_a_conflict(united: Unite) -> None:
    seen = united(
        PEOPLE + f"INSERT INTO p VALUES (1, 'a'), ({2**63 - 1}, 'z');",
        PEOPLE + "INSERT INTO p VALUES (1, 'b'), (2, 'c');",
    )
    assert seen.told.conflicts[0].lines == ("apart = true",)
    assert seen.sql("SELECT name FROM p ORDER BY id") == [("a",), ("c",), ("z",)]


def test_the_file_of_each_row_is_known(united: Unite) -> None:
    tables = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, v);"
        "CREATE TABLE k (rowid TEXT, v);"
        "CREATE TABLE w (a, b, v, PRIMARY KEY (a, b)) WITHOUT ROWID;"
    )
    seen = united(
        tables
        + "INSERT INTO p VALUES (1, 'a.db'), (5, 'a.db'); INSERT INTO k VALUES ('x', 'a.db');"
        "INSERT INTO w VALUES (1, 'x', 'a.db');",
        tables + "INSERT INTO p VALUES (3, 'b.db'); INSERT INTO k VALUES ('x', 'b.db');"
        "INSERT INTO w VALUES (0, 'x', 'b.db');",
    )
    for table in ("p", "k", "w"):
        found = seen.sql(f"SELECT v, {seen.told.row_files[table]} FROM {table}")
        assert len(found) > 1
        assert all(value == file for value, file in found)


def test_a_column_for_the_file(united: Unite) -> None:
    seen = united(
        PEOPLE + "CREATE TABLE own (x); INSERT INTO p VALUES (1, 'a'), (2, 'both');",
        PEOPLE + "INSERT INTO p VALUES (2, 'both'), (3, 'b');",
        provenance="source_file",
    )
    assert seen.sql("SELECT name, source_file FROM p") == [
        ("a", "a.db"),
        ("both", "a.db"),
        ("b", "b.db"),
    ]
    assert seen.sql("SELECT count(*) FROM pragma_table_info('own')") == [(1,)]


def test_the_same_file_twice_is_a_wrong_call(united: Unite, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    link = tmp_path / "y.db"
    link.symlink_to(path)
    with pytest.raises(UsageError, match="same file"):
        united(path, link)


def test_the_reference_application(united: Unite, tmp_path: Path) -> None:
    paths = build_reference(tmp_path, megabytes=1)
    prefer = TableSettlement(prefer="workflow_history.db")
    seen = united(*paths, workflow_history=prefer, adw_tools=prefer, operation_patterns=prefer)
    assert seen.told.conflicts == ()
    counts = dict(
        seen.sql("SELECT type, count(*) FROM sqlite_schema WHERE sql NOT NULL GROUP BY type")
    )
    assert counts == {"table": 27 + 1, "index": 47, "view": 4, "trigger": 4}
    for table in ("tool_calls", "workflow_history", "hook_events", "adw_tools"):
        rows = 0
        for path in paths:
            with sqlite3.connect(path) as connection:
                rows += connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        origins = [origin for origin in seen.told.origins if origin.table == table]
        assert sum(origin.rows for origin in origins) == rows
        stayed = sum(o.rows - o.merged - o.superseded for o in origins)
        assert seen.sql(f"SELECT count(*) FROM {table}") == [(stayed,)]


def test_a_reference_without_a_row_stays_apart_where_all_rows_are_merged(united: Unite) -> None:
    seen = united(
        NAMED + CHILD + "INSERT INTO p VALUES (3, 'b', 0); INSERT INTO c VALUES (3, 'A');",
        NAMED
        + CHILD
        + "INSERT INTO p VALUES (1, 'b', 0); INSERT INTO c VALUES (1, 'B'), (3, 'x');",
    )
    assert seen.sql("SELECT note FROM c JOIN p ON id = p_id") == [("A",), ("B",)]
    assert "references to rows that are not there moved" in seen.says()


def test_rows_whose_keys_become_equal_are_settled(united: Unite) -> None:
    tables = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE, b UNIQUE);"
        "CREATE TABLE m (p_id REFERENCES p (id), k, v, UNIQUE (p_id, k));"
    )
    seen = united(
        tables + "INSERT INTO p VALUES (1, 'a', 'b');",
        tables + "INSERT INTO p VALUES (7, 'a', 'x'), (8, 'y', 'b');"
        "INSERT INTO m VALUES (7, 'same', 1), (8, 'same', 1), (7, 'other', 1), (8, 'other', 2);",
    )
    assert sorted(seen.sql("SELECT * FROM m")) == [(1, "other", 1), (1, "same", 1)]
    origin = seen.origin("b.db", "m")
    assert (origin.merged, origin.superseded) == (1, 1)
    assert {conflict.table for conflict in seen.told.conflicts} == {"p", "m"}


def test_composite_keys_follow_their_parts(united: Unite) -> None:
    tables = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name);"
        "CREATE TABLE u (t_id INTEGER REFERENCES t, n, PRIMARY KEY (t_id, n)) WITHOUT ROWID;"
        "CREATE TABLE v (t_id, n, w, FOREIGN KEY (t_id, n) REFERENCES u);"
    )

    def rows(name: str) -> str:
        return (
            f"INSERT INTO t VALUES (1, '{name}'); INSERT INTO u VALUES (1, 1), (1, 2);"
            f"INSERT INTO v VALUES (1, 2, '{name}'), (1, 5, 'lost'), (NULL, 1, 'half');"
        )

    seen = united(tables + rows("a"), tables + rows("b"))
    assert seen.told.conflicts == ()
    assert seen.sql("SELECT w, name FROM v JOIN u USING (t_id, n) JOIN t ON t.id = t_id") == [
        ("a", "a"),
        ("b", "b"),
    ]
    assert seen.sql("SELECT t_id FROM v WHERE w = 'lost'") == [(1,), (2,)]


def test_references_to_a_table_that_only_the_other_file_has(united: Unite) -> None:
    seen = united(
        PEOPLE + "INSERT INTO p VALUES (1, 'a');", CHILD + "INSERT INTO c VALUES (1, 'B');"
    )
    assert seen.sql("SELECT note, name FROM c JOIN p ON id = p_id") == [("B", "a")]
    assert "OG-128 b.db:c.p_id: 1 row referred to p" in seen.says()


def test_references_to_a_table_without_rows_are_told(united: Unite) -> None:
    seen = united(
        PEOPLE + CHILD + "INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (1, 'A');",
        PEOPLE + CHILD + "INSERT INTO c VALUES (1, 'B'), (2, 'lost');",
    )
    assert seen.sql("SELECT note, name FROM c JOIN p ON id = p_id") == [("A", "a"), ("B", "a")]
    assert "OG-128 b.db:c.p_id: 1 row referred to p" in seen.says()
    assert "OG-128 a.db" not in seen.says()


def test_inherited_ids_move_with_their_parents(united: Unite) -> None:
    tables = PEOPLE + "CREATE TABLE dog (id INTEGER PRIMARY KEY REFERENCES p (id), bark);"
    rows = "INSERT INTO p VALUES (1, '{0}'), (2, '{0}2'); INSERT INTO dog VALUES (2, '{0}');"
    seen = united(tables + rows.format("a"), tables + rows.format("b"), tables + rows.format("c"))
    assert seen.told.conflicts == ()
    assert sorted(seen.sql("SELECT name, bark FROM dog JOIN p USING (id)")) == [
        ("a2", "a"),
        ("b2", "b"),
        ("c2", "c"),
    ]


def test_nulls_in_keys_are_no_conflict(united: Unite) -> None:
    table = "CREATE TABLE t (k TEXT, n, v, PRIMARY KEY (k, n));"
    seen = united(
        table + "INSERT INTO t VALUES (NULL, 1, 'a'), (NULL, 1, 'a'), ('x', NULL, 1);",
        table + "INSERT INTO t VALUES (NULL, 1, 'a'), (NULL, 1, 'b'), ('x', NULL, 2);",
    )
    assert seen.told.conflicts == ()
    assert seen.origin("b.db", "t").merged == 1
    assert len(seen.sql("SELECT * FROM t")) == 5


def test_values_that_are_no_text_are_told_and_kept(united: Unite) -> None:
    table = "CREATE TABLE t (k TEXT PRIMARY KEY, v);"
    seen = united(
        table + "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 1), (CAST(x'610062' AS TEXT), 1);",
        table + "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 2), (CAST(x'610062' AS TEXT), 1);",
    )
    assert seen.sql("SELECT hex(k), v FROM t") == [("FF41", 1), ("610062", 1)]
    assert "1 row" in seen.told.conflicts[0].what
    assert seen.told.conflicts[0].what.isprintable()


def test_rows_without_a_key_that_refer_to_their_own_table(united: Unite) -> None:
    table = "CREATE TABLE t (a REFERENCES t (b), b); INSERT INTO t VALUES (1, 2), (2, 1), (3, 3);"
    seen = united(table, table + "INSERT INTO t VALUES (2, 2);")
    assert sorted(seen.sql("SELECT * FROM t")) == [(1, 2), (2, 1), (2, 2), (3, 3)]


def test_rows_of_nothing_but_references_in_a_circle(united: Unite) -> None:
    table = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, s REFERENCES s (t));"
        "CREATE TABLE s (t UNIQUE REFERENCES t (id));"
    )
    rows = "INSERT INTO t VALUES (1, 2), (2, 1); INSERT INTO s VALUES (1), (2), (NULL), (NULL);"
    seen = united(table + rows, table + rows)
    assert seen.sql("SELECT * FROM t") == [(1, 2), (2, 1)]
    assert len(seen.sql("SELECT * FROM s")) == 4
