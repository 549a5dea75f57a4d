"""The catalog says what SQLite itself understood, and oddities are findings."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.errors import SourceError
from outgrow.model.source import SourceDatabase
from outgrow.sqlite.affinity import affinity_of
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.grammar import parse
from outgrow.sqlite.rows import quote_identifier, select_blocks
from outgrow.sqlite.snapshot import open_snapshot

CatalogOf = Callable[[str], SourceDatabase]


def codes(database: SourceDatabase) -> list[tuple[str, str]]:
    return [(str(finding.code), finding.where) for finding in database.findings]


KEYS = [
    "(k INTEGER PRIMARY KEY, v)",
    "(k integer primary key, v)",
    "(k INTEGER PRIMARY KEY ASC, v)",
    "(k INTEGER PRIMARY KEY DESC, v)",
    "(k INTEGER, v, PRIMARY KEY (k))",
    "(k INTEGER, v, PRIMARY KEY (k DESC))",
    "(k INTEGER, v, PRIMARY KEY (k COLLATE NOCASE))",
    "(k INT PRIMARY KEY, v)",
    "(k BIGINT PRIMARY KEY, v)",
    "(k INTEGER(8) PRIMARY KEY, v)",
    "(k 'INTEGER' PRIMARY KEY, v)",
    "(k UNSIGNED INTEGER PRIMARY KEY, v)",
    "(k PRIMARY KEY, v)",
    "(k INTEGER PRIMARY KEY AUTOINCREMENT, v)",
    "(k INTEGER PRIMARY KEY UNIQUE, v)",
    "(k INTEGER, v, PRIMARY KEY (k, v))",
    "(k INTEGER UNIQUE, v)",
    "(k INTEGER PRIMARY KEY, v ANY) STRICT",
]


@pytest.mark.parametrize("body", KEYS)
def test_a_rowid_alias_is_what_behaves_as_one(make: Callable[..., Path], body: str) -> None:
    path = make(f"CREATE TABLE t{body}; INSERT INTO t(v) VALUES (1)")
    with closing(sqlite3.connect(path)) as connection:
        (is_alias,) = connection.execute("SELECT k IS rowid FROM t").fetchone()
    with open_snapshot(path) as snapshot:
        table = read_catalog(snapshot).table("T")
    assert table.rowid_alias == ("k" if is_alias else "")
    assert table.autoincrement == ("AUTOINCREMENT" in body)
    assert (table.primary_key is not None) == ("primary key" in body.lower())


@given(
    st.text(st.characters(codec="ascii", categories=["L", "Nd", "Zs"]), max_size=12)
    | st.sampled_from(
        ["POINT", "FLOATING", "CHARINT", "BLOBREAL", "DOUBLE", "İNT", "BLOB SUB_TYPE TEXT", "ANY"]
    )
)
def test_affinity_is_the_one_sqlite_applies(declared: str) -> None:
    # A table made by a query declares the affinity of each column by a name of its own.
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE t(c {quote_identifier(declared) if declared else ''})")
        connection.execute("CREATE TABLE u AS SELECT c FROM t")
        (name,) = connection.execute("SELECT type FROM pragma_table_info('u')").fetchone()
    spelled = {"": "BLOB", "INT": "INTEGER", "NUM": "NUMERIC"}
    assert affinity_of(declared) == spelled.get(name, name)


def test_any_has_no_affinity_in_a_strict_table_only(catalog_of: CatalogOf) -> None:
    database = catalog_of("CREATE TABLE s(a ANY) STRICT; CREATE TABLE l(a ANY)")
    assert [str(table.column("a").affinity) for table in database.tables] == ["BLOB", "NUMERIC"]
    assert [table.strict for table in database.tables] == [True, False]


def test_columns(catalog_of: CatalogOf) -> None:
    (table,) = catalog_of(
        """CREATE TABLE "a ""b"" [c]"(
            id INTEGER PRIMARY KEY, -- the key
            "x y" VARCHAR(10) NOT NULL DEFAULT 'it''s' COLLATE NOCASE,
            n DEFAULT -1.5, t DEFAULT CURRENT_TIMESTAMP, e DEFAULT (datetime('now') /* utc */),
            w DEFAULT word, none DEFAULT NULL, z,
            v INTEGER AS (n + 1), s TEXT GENERATED ALWAYS AS (lower(z)) STORED
        )"""
    ).tables
    assert table.name == 'a "b" [c]'
    columns = {column.name: column for column in table.columns}
    assert list(columns) == ["id", "x y", "n", "t", "e", "w", "none", "z", "v", "s"]
    assert {name: column.default.sql for name, column in columns.items() if column.default} == {
        "x y": "'it''s'",
        "n": "-1.5",
        "t": "CURRENT_TIMESTAMP",
        "e": "datetime('now')",
        "w": "word",
        "none": "NULL",
    }
    text = columns["x y"]
    assert (text.declared, text.not_null, text.collation) == ("VARCHAR(10)", True, "NOCASE")
    assert [c.name for c in table.columns if c.generated] == ["v", "s"]
    assert [c.name for c in table.columns if not c.stored] == ["v"]
    assert columns["id"].comment == "the key"


def test_a_column_added_later(catalog_of: CatalogOf) -> None:
    (table,) = catalog_of(
        "CREATE TABLE t(a TEXT -- first\n); ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 0;"
        "ALTER TABLE t RENAME COLUMN a TO aa"
    ).tables
    assert [(c.name, c.comment) for c in table.columns] == [("aa", "first"), ("b", "")]
    assert table.column("b").default is not None


def test_keys_and_indexes(catalog_of: CatalogOf) -> None:
    database = catalog_of(
        """CREATE TABLE t(a, b TEXT UNIQUE, c, d COLLATE NOCASE,
            CONSTRAINT pk PRIMARY KEY (c, a DESC), CONSTRAINT u UNIQUE (d, a) ON CONFLICT REPLACE);
        CREATE UNIQUE INDEX "I 1" ON t(b COLLATE RTRIM DESC, lower(a)) WHERE c IS NOT NULL;
        CREATE INDEX i2 ON t(d);
        CREATE TABLE w(k TEXT, j, PRIMARY KEY (j, k)) WITHOUT ROWID"""
    )
    table = database.table("t")
    assert table.primary_key is not None
    assert (table.primary_key.columns, table.primary_key.name) == (("c", "a"), "pk")
    assert [part.descending for part in table.primary_key.parts] == [False, True]
    assert [(key.columns, key.name, key.on_conflict) for key in table.unique] == [
        (("b",), "", ""),
        (("d", "a"), "u", "REPLACE"),
    ]
    assert [part.collation for part in table.unique[1].parts] == ["NOCASE", "BINARY"]
    first, second = table.indexes
    assert (first.name, first.unique, second.name, second.unique) == ("I 1", True, "i2", False)
    assert [(p.column, p.collation, p.descending) for p in first.parts] == [
        ("b", "RTRIM", True),
        ("", "BINARY", False),
    ]
    expressions = [part.expression.sql if part.expression else None for part in first.parts]
    assert expressions == [None, "lower(a)"]
    assert first.where is not None
    assert first.where.sql == "c IS NOT NULL"
    assert second.parts[0].collation == "NOCASE"
    other = database.table("w")
    assert other.primary_key is not None
    assert (other.without_rowid, other.primary_key.columns) == (True, ("j", "k"))
    assert codes(database) == [("OG-140", "made.db:t.d,a")]


def test_what_becomes_of_rows_that_break_a_constraint_is_told(catalog_of: CatalogOf) -> None:
    database = catalog_of(
        """CREATE TABLE t(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a UNIQUE ON CONFLICT ABORT,
            b INT CONSTRAINT n NOT NULL ON CONFLICT IGNORE, c NOT NULL,
            UNIQUE (b, c) ON CONFLICT ROLLBACK, UNIQUE (c, a) ON CONFLICT FAIL)"""
    )
    assert codes(database) == [
        ("OG-140", f"made.db:t.{part}") for part in ("b", "b,c", "c,a", "id")
    ]
    assert [database.table("t").column(name).on_null for name in "bc"] == ["IGNORE", ""]


def test_foreign_keys_in_their_order(catalog_of: CatalogOf) -> None:
    (table,) = catalog_of(
        """CREATE TABLE "My T"(a REFERENCES p ON DELETE CASCADE, b REFERENCES "My T"(a),
            CONSTRAINT f FOREIGN KEY (b, a) REFERENCES q(y, x)
                ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)"""
    ).tables
    assert [(k.columns, k.parent, k.parent_columns, k.name) for k in table.foreign_keys] == [
        (("a",), "p", (), ""),
        (("b",), "My T", ("a",), ""),
        (("b", "a"), "q", ("y", "x"), "f"),
    ]
    actions = [(key.on_delete, key.on_update) for key in table.foreign_keys]
    assert actions == [
        ("CASCADE", "NO ACTION"),
        ("NO ACTION", "NO ACTION"),
        ("NO ACTION", "SET NULL"),
    ]
    assert [key.initially_deferred for key in table.foreign_keys] == [False, False, True]


def test_hostile_names_agree_with_sqlite(catalog_of: CatalogOf) -> None:
    names = [
        'a"b',
        "a b",
        "a]b",
        "a`b",
        "select",
        "ä",
        "\n",
        "a.b",
        "'",
        "--",
        "/*",
        "",
        "🐢",
        "a;",
    ]
    columns = ", ".join(f"{quote_identifier(name)} UNIQUE" for name in names)
    keys = ", ".join(
        f"CONSTRAINT {quote_identifier(name)} FOREIGN KEY ({quote_identifier(name)}) "
        f"REFERENCES {quote_identifier(name)} ({quote_identifier(name)})"
        for name in names
    )
    database = catalog_of(f"CREATE TABLE t({columns}, {keys})")
    table = database.table("t")
    assert [column.name for column in table.columns] == names
    assert [key.columns for key in table.unique] == [(name,) for name in names]
    assert [(k.name, k.parent, *k.columns, *k.parent_columns) for k in table.foreign_keys] == [
        (name,) * 4 for name in names
    ]
    assert codes(database) == []


def test_real_databases_have_no_findings(shared_database: Callable[[str], Path]) -> None:
    expected = {"chinook": (11, 11, 11, 0), "northwind": (13, 0, 13, 17), "sakila": (16, 24, 22, 5)}
    for name, counts in expected.items():
        with open_snapshot(shared_database(name)) as snapshot:
            database = read_catalog(snapshot)
        indexes = sum(len(table.indexes) for table in database.tables)
        keys = sum(len(table.foreign_keys) for table in database.tables)
        assert (len(database.tables), indexes, keys, len(database.views)) == counts
        assert database.findings == ()


def test_sequences_survive_tampering(catalog_of: CatalogOf) -> None:
    database = catalog_of(
        "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (7);"
        "INSERT INTO sqlite_sequence VALUES ('t', 9), ('t', 'x'), (NULL, 1), ('gone', 3)"
    )
    assert database.sequences == {"t": 9, "gone": 3}
    assert [table.name for table in database.tables] == ["t"]


def test_virtual_tables_and_their_shadows(catalog_of: CatalogOf) -> None:
    database = catalog_of(
        "CREATE VIRTUAL TABLE words USING fts5(x); CREATE TABLE words_of_mine(x);"
        "CREATE VIRTUAL TABLE [a b] USING rtree(id, x0, x1); ANALYZE"
    )
    assert [table.name for table in database.tables] == ["words_of_mine"]
    assert [
        (table.name, table.module, len(table.shadows)) for table in database.virtual_tables
    ] == [
        ("words", "fts5", 5),
        ("a b", "rtree", 3),
    ]
    assert codes(database) == [("OG-120", "made.db:words"), ("OG-120", "made.db:a b")]
    assert "tsvector" in database.findings[0].fix
    assert "GiST" in database.findings[1].fix


def tampered(path: Path, statement: str) -> SourceDatabase:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
    with open_snapshot(path) as snapshot:
        return read_catalog(snapshot)


def test_a_module_that_is_not_there(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE v_data(x); CREATE TABLE other(x)")
    database = tampered(
        path,
        "INSERT INTO sqlite_schema VALUES"
        " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING \"not there\"(x)')",
    )
    # A module nobody knows may have no tables of its own: what looks so is moved, not lost.
    assert [table.name for table in database.tables] == ["v_data", "other"]
    (finding,) = database.findings
    assert (str(finding.code), finding.where) == ("OG-120", "made.db:v")


def test_the_tables_of_a_module_that_is_known_but_not_there(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE v_chunks(x); CREATE TABLE other(x)")
    database = tampered(
        path,
        "INSERT INTO sqlite_schema VALUES"
        " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING vec0(x)')",
    )
    assert [table.name for table in database.tables] == ["other"]
    (finding,) = database.findings
    assert "v_chunks" in finding.says


@pytest.mark.parametrize("damage", ["CREATE TABLE bad(x", "CREATE TABLE bad(x) NEWER", "nonsense"])
def test_one_damaged_definition_hides_no_other(make: Callable[..., Path], damage: str) -> None:
    path = make("CREATE TABLE first(x); CREATE TABLE bad(x); CREATE TABLE last(x)")
    database = tampered(path, f"UPDATE sqlite_schema SET sql = '{damage}' WHERE name = 'bad'")
    assert {"first", "last"} <= {table.name for table in database.tables}
    assert codes(database) == [("OG-125", "made.db:bad")]


def test_an_index_that_cannot_be_loaded_is_told(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE t(x); CREATE INDEX Good ON t(x); CREATE INDEX Bad ON t(x)")
    damage = "UPDATE sqlite_schema SET sql = 'CREATE INDEX Bad ON t(x' WHERE name = 'Bad'"
    database = tampered(path, damage)
    assert [index.name for index in database.table("t").indexes] == ["Good"]
    assert codes(database) == [("OG-125", "made.db:Bad")]
    assert database.damaged_indexes == (("t", "Bad"),)


def test_views_that_sqlite_cannot_run(catalog_of: CatalogOf) -> None:
    database = catalog_of(
        "CREATE TABLE t(a, b); CREATE VIEW good AS SELECT a, b AS 'c d' FROM t;"
        "CREATE VIEW gone AS SELECT * FROM nowhere; CREATE VIEW app AS SELECT of_the_app(a) FROM t;"
        "CREATE VIEW over_it AS SELECT * FROM app; CREATE VIEW named(x, y) AS SELECT * FROM t"
    )
    columns = {view.name: view.columns for view in database.views}
    assert columns == {
        "good": ("a", "c d"),
        "gone": (),
        "app": (),
        "over_it": (),
        "named": ("x", "y"),
    }
    broken = {view.name for view in database.views if view.broken}
    assert broken == {"gone", "app", "over_it"}
    assert codes(database) == [("OG-121", f"made.db:{n}") for n in ("gone", "app", "over_it")]


def test_what_only_the_application_knows(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_function("of_app", 1, lambda x: x, deterministic=True)
        connection.create_collation("app", lambda a, b: 0)
        connection.executescript(
            "CREATE TABLE t(a TEXT COLLATE app, b AS (of_app(a)), c AS (of_app(a)) STORED,"
            " CHECK (of_app(a) > 0)); CREATE INDEX i ON t(of_app(a)); CREATE INDEX j ON t(a);"
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT of_app(1); END"
        )
    with open_snapshot(path) as snapshot:
        database = read_catalog(snapshot)
    assert sorted(codes(database)) == [
        ("OG-122", "app.db:t.a"),
        ("OG-122", "app.db:t.j"),
        ("OG-123", "app.db:t"),
        ("OG-123", "app.db:t.b"),
        ("OG-123", "app.db:t.c"),
        ("OG-123", "app.db:t.i"),
        ("OG-123", "app.db:tr"),
        ("OG-126", "app.db:t.b"),
    ]
    assert database.table("t").column("a").collation == "app"


def test_facts_of_the_file(make: Callable[..., Path]) -> None:
    path = make(
        "PRAGMA encoding = 'UTF-16le'; PRAGMA user_version = 42; PRAGMA journal_mode = wal;"
        "CREATE TABLE t(x)"
    )
    with open_snapshot(path) as snapshot:
        database = read_catalog(snapshot)
    assert database.size == path.stat().st_size
    facts = (database.encoding, database.user_version, database.journal_mode, database.path)
    assert facts == ("UTF-16le", 42, "wal", str(path))


def test_an_empty_schema(catalog_of: CatalogOf) -> None:
    database = catalog_of("CREATE TABLE t(x); DROP TABLE t")
    assert (database.tables, database.views, database.findings) == ((), (), ())


def test_a_name_that_is_no_text_is_refused(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE t(x)")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = CAST(x'435245415445205441424c4520742822ff2229' AS TEXT)"
        )
    with pytest.raises(SourceError) as caught, open_snapshot(path) as snapshot:
        read_catalog(snapshot)
    assert str(caught.value.code) == "OG-113"


def test_every_thread_has_a_parser_of_its_own() -> None:
    trees: list[object] = []

    def work() -> None:
        trees.extend(parse(f"CREATE TABLE t{number}(a)") for number in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(trees) == 800
    assert None not in trees


def test_rows_in_blocks(make: Callable[..., Path]) -> None:
    path = make("CREATE TABLE t(x); INSERT INTO t VALUES (1), (2), (3), (4), (5)")
    with open_snapshot(path) as snapshot:
        blocks = list(select_blocks(snapshot, "SELECT x FROM t", block_rows=2))
        assert blocks == [[(1,), (2,)], [(3,), (4,)], [(5,)]]
        assert list(select_blocks(snapshot, "SELECT 1 WHERE 0", block_rows=2)) == []
        with pytest.raises(SourceError) as caught:
            list(select_blocks(snapshot, "SELECT nothing", block_rows=2))
    assert "made.db" in str(caught.value)


def test_a_file_with_several_names(make: Callable[..., Path]) -> None:
    """SQLite finds a WAL beside the name that it was made by, and beside no other."""
    path = make("CREATE TABLE t (a)")
    with open_snapshot(path) as snapshot:
        assert codes(read_catalog(snapshot)) == []
    other = path.with_name("other.db")
    other.hardlink_to(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        with open_snapshot(other) as snapshot:
            assert codes(read_catalog(snapshot)) == [("OG-117", "other.db")]
