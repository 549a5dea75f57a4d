"""What the text of a CREATE statement says, whatever its spelling."""

from __future__ import annotations

from outgrow.sqlite.ddl import ParsedTable, parse_index, parse_table
from outgrow.sqlite.grammar import parse, walk


def table(sql: str) -> ParsedTable:
    found = parse_table(sql)
    assert found is not None
    return found


def test_comments_belong_to_what_stands_on_their_line() -> None:
    found = table(
        """CREATE TABLE t -- of the table
        ( /* also of the table */
            -- before the first column
            a INTEGER, -- of a
            -- a heading, of nobody
            b TEXT /* of b */ NOT NULL, -- more of b
            "c" TEXT
                CHECK (c <> '') -- of c, on a later line
            , d JSON, e INTEGER -- of e
            , f /* äöü 🐢 */ TEXT,
            g -- DEFAULT 'not a default'
            , CONSTRAINT k CHECK (a > 0) -- of a constraint
        ) /* at the end */ STRICT"""
    )
    comments = {column.name: column.comment for column in found.columns}
    assert comments == {
        "a": "of a",
        "b": "of b more of b",
        "c": "of c, on a later line",
        "d": "",
        "e": "of e",
        "f": "äöü 🐢",
        "g": "DEFAULT 'not a default'",
    }
    assert found.comment == "of the table also of the table before the first column at the end"


def test_marks_of_comments_are_taken_off() -> None:
    found = table("CREATE TABLE t(a, ---- Boolean (0 or 1) \n b /** JSON\n * array **/, c /**/)")
    assert [column.comment for column in found.columns] == ["Boolean (0 or 1)", "JSON * array", ""]


def test_expressions_are_cut_as_written() -> None:
    found = table(
        """CREATE TABLE [t t](
            a INTEGER DEFAULT (1 + (2)) CONSTRAINT "is ""a"" x" CHECK ((a > (1)) AND a <> ')' ),
            b TEXT CHECK (b IN ('x', 'é,(', "y")) CHECK(length(b)>1 -- short, and ) too
            ),
            c AS (a || ',' || b) STORED,
            d TEXT GENERATED ALWAYS AS (upper ( b )) VIRTUAL CHECK (d<>'CHECK(1)'),
            "check" TEXT REFERENCES p(x) ON DELETE SET DEFAULT DEFAULT 'CHECK (0)',
            CHECK (a<b) CONSTRAINT last_one CHECK (c > d)
        )"""
    )
    assert [(check.expression.sql, check.name, check.column) for check in found.checks] == [
        ("(a > (1)) AND a <> ')'", 'is "a" x', "a"),
        ("""b IN ('x', 'é,(', "y")""", "", "b"),
        ("length(b)>1", "", "b"),
        ("d<>'CHECK(1)'", "", "d"),
        ("a<b", "", ""),
        ("c > d", "last_one", ""),
    ]
    generated = [column.generated.sql for column in found.columns if column.generated]
    assert generated == ["a || ',' || b", "upper ( b )"]
    assert all(check.expression.tree is not None for check in found.checks)


def test_every_cut_parses_to_the_tree_it_came_with() -> None:
    found = table(
        "CREATE TABLE t(a CHECK (a BETWEEN 1 /* x */ AND 2), b AS (CASE a WHEN 1 THEN 2 END))"
    )
    cuts = [check.expression for check in found.checks]
    cuts += [column.generated for column in found.columns if column.generated]
    for cut in cuts:
        tree = parse(f"SELECT {cut.sql}")
        assert tree is not None
        assert any(node == cut.tree for node in walk(tree))


def test_keys_and_their_names() -> None:
    found = table(
        """CREATE TABLE t(
            a INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT
                CONSTRAINT u1 UNIQUE ON CONFLICT IGNORE,
            "b b" TEXT, [c"c] TEXT UNIQUE,
            CONSTRAINT [u 2] UNIQUE ("b b" COLLATE NOCASE, 'a' DESC) ON CONFLICT REPLACE
            UNIQUE ([c"c])
        )"""
    )
    assert [(k.primary, k.columns, k.name, k.on_conflict, k.autoincrement) for k in found.keys] == [
        (True, ("a",), "pk", "", True),
        (False, ("a",), "u1", "IGNORE", False),
        (False, ('c"c',), "", "", False),
        (False, ("b b", "a"), "u 2", "REPLACE", False),
        (False, ('c"c',), "", "", False),
    ]


def test_foreign_keys_and_when_they_are_checked() -> None:
    found = table(
        """CREATE TABLE t(
            a CONSTRAINT f1 REFERENCES "p""p" DEFERRABLE INITIALLY DEFERRED,
            b REFERENCES p(x) NOT DEFERRABLE,
            c REFERENCES p(y) DEFERRABLE INITIALLY IMMEDIATE,
            FOREIGN KEY (a, [b]) REFERENCES q("c d", e) ON DELETE CASCADE DEFERRABLE,
            CONSTRAINT f2 FOREIGN KEY (c) REFERENCES t NOT DEFERRABLE INITIALLY DEFERRED
        )"""
    )
    assert [
        (k.columns, k.parent, k.parent_columns, k.name, k.deferrable, k.initially_deferred)
        for k in found.foreign_keys
    ] == [
        (("a",), 'p"p', (), "f1", True, True),
        (("b",), "p", ("x",), "", False, False),
        (("c",), "p", ("y",), "", True, False),
        (("a", "b"), "q", ("c d", "e"), "", True, False),
        (("c",), "t", (), "f2", False, False),
    ]


def test_indexes() -> None:
    found = parse_index(
        """CREATE UNIQUE INDEX "where" ON t ( a DESC, lower(b) COLLATE nocase ASC, -- comment
        (c || ')') , d COLLATE "my one" ) WHERE a IS NOT NULL AND b <> 'WHERE' -- end"""
    )
    assert found is not None
    assert [part.sql for part in found.parts] == ["a", "lower(b)", "(c || ')')", "d"]
    assert found.where is not None
    assert found.where.sql == "a IS NOT NULL AND b <> 'WHERE'"
    assert found.parts[1].tree is not None
    assert found.parts[1].tree["type"] == "FunctionCall"


def test_what_is_no_statement_is_nothing() -> None:
    for sql in ("", "CREATE TABLE t(a", "CREATE TABLE t(a); DROP TABLE t", "SELECT 1", "\0"):
        assert parse_table(sql) is None
        assert parse_index(sql) is None


def test_a_table_made_by_a_query_has_no_body() -> None:
    assert table("CREATE TABLE t AS SELECT 1 AS a -- one").columns == []
