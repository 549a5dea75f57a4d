"""Definitions, names and objects of several files as one, judged with plain SQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from outgrow.errors import SourceError
from outgrow.model.uniting import TableSettlement
from outgrow.sqlite.labels import shortest_tails

if TYPE_CHECKING:
    from tests.fast.unite.conftest import Seen, Unite


def columns(seen: Seen, table: str) -> list[tuple[object, ...]]:
    return seen.sql(
        f"SELECT name, type, \"notnull\", dflt_value FROM pragma_table_xinfo('{table}')"
    )


def objects(seen: Seen, kind: str) -> list[str]:
    found = seen.sql(f"SELECT name FROM sqlite_schema WHERE type = '{kind}' AND sql NOT NULL")
    return [str(name) for (name,) in found if not str(name).startswith("sqlite_")]


def test_columns_of_both_files_in_order_of_appearance(united: Unite) -> None:
    seen = united(
        "CREATE TABLE t (a INTEGER NOT NULL DEFAULT 1, b TEXT NOT NULL, -- words\n c DEFAULT 'x');"
        "INSERT INTO t VALUES (1, 'one', 'c');",
        "CREATE TABLE T (d INT DEFAULT 7, B TEXT, A INTEGER NOT NULL DEFAULT 2);"
        "INSERT INTO T VALUES (4, NULL, 3);",
    )
    assert columns(seen, "t") == [
        ("a", "INTEGER", 1, "1"),
        ("b", "TEXT", 0, None),
        ("c", "", 0, "'x'"),
        ("d", "INT", 0, "7"),
    ]
    assert seen.sql("SELECT * FROM t") == [(1, "one", "c", None), (3, None, None, 4)]
    assert "-- words" in seen.sql("SELECT sql FROM sqlite_schema")[0][0]
    for column in "ab":
        assert any(f.where.lower().endswith(f":t.{column}") for f in seen.told.findings), column
    assert "a.db:t: it has no d," in seen.says()
    assert "b.db:T: it has no c," in seen.says()


@pytest.mark.parametrize(
    ("first", "second", "declared"),
    [
        ("TEXT", "INTEGER", ""),
        ("NUMERIC", "BLOB", "BLOB"),
        ("VARCHAR(10)", "TEXT", "VARCHAR(10)"),
        ("REAL", "", ""),
    ],
)
def test_types_that_differ_lose_no_value(
    united: Unite, first: str, second: str, declared: str
) -> None:
    seen = united(
        f"CREATE TABLE t (v {first}); INSERT INTO t VALUES ('7'), (2.5), ('x');",
        f"CREATE TABLE t (v {second}); INSERT INTO t VALUES ('8'), (3), ('y'), (x'31'), ('1e3');",
    )
    expected = []
    for file in ("a.db", "b.db"):
        path = Path(seen.union.united.files[0]).name
        assert path == "a.db"
        with closing(sqlite3.connect(_folder(united) / file)) as connection:
            expected += connection.execute("SELECT v, typeof(v) FROM t").fetchall()
    assert sorted(map(repr, seen.sql("SELECT v, typeof(v) FROM t"))) == sorted(map(repr, expected))
    assert columns(seen, "t")[0][1] == declared
    if first != second:
        assert "types differ" in seen.says()


def _folder(united: Unite) -> Path:
    closure = united.__closure__ or ()  # type: ignore[attr-defined]
    return next(cell.cell_contents for cell in closure if isinstance(cell.cell_contents, Path))


def test_one_index_view_and_trigger_where_they_are_the_same(united: Unite) -> None:
    table = "CREATE TABLE t (a, b);"
    seen = united(
        table + "CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 'x y'; END;",
        table + 'create index I on T ( "a" ); create view v as\n select a from t;'
        "CREATE TRIGGER g AFTER INSERT ON t\nBEGIN DELETE FROM t WHERE a='x y'; END;",
    )
    assert [objects(seen, kind) for kind in ("index", "view", "trigger")] == [["i"], ["v"], ["g"]]
    assert seen.told.renamed == ()
    assert seen.told.left_out == ()


def test_different_objects_of_one_name(united: Unite) -> None:
    table = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2);"
    seen = united(
        table + "CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;"
        "CREATE VIEW w AS SELECT * FROM v;"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 'x y'; END;",
        table + "CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b FROM t;"
        "CREATE VIEW w AS SELECT * FROM v;"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 'x  y'; END;"
        "CREATE TRIGGER h INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (NEW.b, 0); END;",
    )
    assert sorted(objects(seen, "index")) == ["b_i", "i"]
    assert sorted(objects(seen, "view")) == ["b_v", "b_w", "v", "w"]
    assert sorted(objects(seen, "trigger")) == ["g", "h"]
    assert seen.sql("SELECT * FROM w") == [(1,)]
    assert seen.sql("SELECT * FROM b_w") == [(2,)]
    assert seen.sql("SELECT tbl_name FROM sqlite_schema WHERE name = 'h'") == [("b_v",)]
    assert {(r.kind, r.source, r.target) for r in seen.told.renamed} == {
        ("index", "b.db:i", "b_i"),
        ("view", "b.db:v", "b_v"),
        ("view", "b.db:w", "b_w"),
    }
    assert [(m.kind, m.name) for m in seen.told.left_out] == [("triggers", "g")]


def test_tables_with_different_primary_keys_stay_apart(united: Unite) -> None:
    seen = united(
        "CREATE TABLE u (id INTEGER PRIMARY KEY, name); INSERT INTO u VALUES (1, 'a');"
        "CREATE VIEW v AS SELECT name FROM u;",
        "CREATE TABLE u (name TEXT PRIMARY KEY, x); INSERT INTO u VALUES ('b', 1);"
        "CREATE TABLE c (n REFERENCES u (name)); CREATE VIEW v AS SELECT name FROM u;"
        "CREATE INDEX ux ON u (x);"
        "CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE u SET x = 0; END;",
    )
    assert objects(seen, "table") == ["a_u", "b_u", "c"]
    assert seen.sql("SELECT * FROM v") == [("a",)]
    assert seen.sql("SELECT * FROM b_v") == [("b",)]
    assert seen.sql("SELECT \"table\" FROM pragma_foreign_key_list('c')") == [("b_u",)]
    assert seen.sql("SELECT tbl_name FROM sqlite_schema WHERE name IN ('ux', 'g')") == [
        ("b_u",),
        ("b_u",),
    ]
    (conflict,) = seen.told.conflicts
    assert conflict.lines == ("apart = true",)
    assert seen.origin("b.db", "u").united == "b_u"
    assert seen.union.snapshot.homes.where("b_u") == "b.db:u"


def test_tables_stay_apart_on_demand(united: Unite) -> None:
    table = "CREATE TABLE u (id INTEGER PRIMARY KEY); INSERT INTO u VALUES (1);"
    seen = united(table, table, u=TableSettlement(apart=True))
    assert objects(seen, "table") == ["a_u", "b_u"]
    assert seen.told.conflicts == ()
    assert [renamed.target for renamed in seen.told.renamed] == ["a_u", "b_u"]


def test_what_refers_to_tables_apart_is_kept_apart_too(united: Unite) -> None:
    tables = (
        "CREATE TABLE u (id INTEGER PRIMARY KEY, name); INSERT INTO u VALUES (1, '{0}');"
        "CREATE TABLE c (n REFERENCES u (id)); INSERT INTO c VALUES (1);"
        "CREATE TABLE d (c REFERENCES c (n), e); CREATE TABLE other (a);"
    )
    seen = united(tables.format("a"), tables.format("b"), u=TableSettlement(apart=True))
    assert sorted(objects(seen, "table")) == ["a_c", "a_d", "a_u", "b_c", "b_d", "b_u", "other"]
    assert seen.sql("SELECT name FROM b_c JOIN b_u ON id = n") == [("b",)]
    told = {conflict.table: conflict.lines for conflict in seen.told.conflicts}
    assert told == {"c": ("apart = true",), "d": ("apart = true",)}


def test_a_name_for_a_table_here_and_a_view_there(united: Unite) -> None:
    seen = united(
        "CREATE TABLE x (a); INSERT INTO x VALUES (1); CREATE VIEW y AS SELECT 2;"
        "CREATE INDEX z ON x (a);",
        "CREATE TABLE y (a); INSERT INTO y VALUES (3); CREATE VIEW x AS SELECT a FROM y;"
        "CREATE TABLE z (a);",
    )
    assert objects(seen, "table") == ["x", "b_y", "b_z"]
    assert seen.sql("SELECT * FROM x, y, b_x, b_y") == [(1, 2, 3, 3)]


def test_checks_of_one_file(united: Unite) -> None:
    seen = united(
        "CREATE TABLE t (a CHECK (a > 0), b CONSTRAINT small CHECK (b < 9)); "
        "INSERT INTO t VALUES (1, 1);",
        "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 10);",
    )
    (sql,) = seen.sql("SELECT sql FROM sqlite_schema")[0]
    assert "a > 0" in sql
    assert "b < 9" not in sql
    assert [(m.kind, m.name) for m in seen.told.left_out] == [("checks", "small")]


def test_generated_columns(united: Unite) -> None:
    seen = united(
        "CREATE TABLE t (a, same AS (a + 1) STORED, differs AS (a * 2), own AS (a - 1));"
        "INSERT INTO t VALUES (1);",
        "CREATE TABLE t (a, same AS (a+1), differs); INSERT INTO t VALUES (5, 'kept');",
    )
    assert seen.sql("SELECT * FROM t") == [(1, 2, 2, 0), (5, 6, "kept", 4)]
    assert [(m.kind, m.name) for m in seen.told.left_out] == [("generated", "differs")]


_EDITED = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a, g AS (a + 1) STORED);"
    "INSERT INTO t(id, a) VALUES ({0}, {0});"
    "CREATE TABLE {1} (a, g TEXT AS (a) STORED, v AS (g)); INSERT INTO {1}(a) VALUES ('x');"
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(replace(sql,"
    " '(a + 1)', '(a * 10)'), 'AS (a) STORED', 'AS (upper(a)) STORED')"
)


@pytest.mark.parametrize("edited", [(True, False), (False, True), (True, True)])
def test_what_a_generated_column_has_stored_stays(united: Unite, edited: tuple[bool, bool]) -> None:
    """A definition that was edited computes nothing anew, neither in SQLite nor on the way."""
    honest = _EDITED.replace("(a + 1)", "(a * 10)").partition("PRAGMA")[0]
    files = list(zip(edited, (3, 5), ("x_own", "y_own"), strict=True))
    seen = united(*((_EDITED if old else honest).format(a, own) for old, a, own in files))
    wanted = [(a + 1 if old else a * 10,) for old, a, _ in files]
    assert seen.sql("SELECT g FROM t ORDER BY a") == wanted
    assert seen.sql("SELECT g, v FROM x_own UNION ALL SELECT g, v FROM y_own") == [("x", "x")] * 2
    left_out = {(m.kind, m.table, m.name) for m in seen.told.left_out}
    stale = {"t", *(own for old, _, own in files if old)}
    assert left_out == {("generated", name, "g") for name in stale}
    where = "a.db" if edited[0] else "b.db"
    assert f"OG-137 {where}:t.g: rows have stored another value" in seen.says()


def test_what_is_stored_cannot_be_computed_in_another_encoding(united: Unite) -> None:
    script = _EDITED.format(3, "own")
    with pytest.raises(SourceError, match=r"OG-138 b.db:t.g: .* other values than its expression"):
        united("CREATE TABLE u(a);", f"PRAGMA encoding = 'UTF-16le';{script}")


def test_functions_and_collations_of_the_application(united: Unite, tmp_path: Path) -> None:
    def build(path: Path, value: str) -> Path:
        with closing(apsw.Connection(str(path))) as connection:
            connection.create_scalar_function("mine", str.upper, 1, deterministic=True)
            connection.create_collation("ours", lambda a, b: (a > b) - (a < b))
            for _ in connection.execute(
                "CREATE TABLE t (a TEXT COLLATE ours, b AS (mine(a)), c AS (mine(a)) STORED,"
                "CHECK (mine(a) <> 'X')); CREATE INDEX i ON t (mine(a)); CREATE INDEX j ON t (a);"
                "CREATE TABLE own (a, c AS (mine(a)) STORED);"
                f"INSERT INTO t VALUES ('{value}'); INSERT INTO own VALUES ('{value}');"
            ):
                pass
        return path

    seen = united(build(tmp_path / "x.db", "a"), build(tmp_path / "y.db", "b"))
    assert seen.sql("SELECT a, c FROM t") == [("a", "A"), ("b", "B")]
    assert seen.sql("SELECT * FROM own") == [("a", "A"), ("b", "B")]
    assert sorted(objects(seen, "index")) == ["i", "j"]


def test_strict_and_without_rowid(united: Unite) -> None:
    seen = united(
        "CREATE TABLE s (a ANY, b INT) STRICT; INSERT INTO s VALUES ('1', 1);"
        "CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO w VALUES ('a', 1);",
        "CREATE TABLE s (a ANY, b INT); INSERT INTO s VALUES (5, 'x');"
        "CREATE TABLE w (k TEXT PRIMARY KEY, v); INSERT INTO w VALUES (NULL, 1), (NULL, 1);",
    )
    assert seen.sql("SELECT typeof(a), b FROM s") == [("text", 1), ("integer", "x")]
    assert seen.sql("SELECT k, v FROM w ORDER BY k") == [(None, 1), (None, 1), ("a", 1)]


def test_primary_keys_of_which_one_is_the_rowid(united: Unite) -> None:
    seen = united(
        "CREATE TABLE k (id INTEGER PRIMARY KEY, v); INSERT INTO k VALUES (1, 'a');"
        "CREATE TABLE o (id INTEGER PRIMARY KEY, v); INSERT INTO o VALUES (1, 'a');",
        "CREATE TABLE k (id BIGINT PRIMARY KEY, v); INSERT INTO k VALUES (2, 'b');"
        "CREATE TABLE o (id BIGINT PRIMARY KEY, v); INSERT INTO o VALUES ('x', 'b');",
    )
    assert seen.sql("SELECT id, v FROM k") == [(1, "a"), (2, "b")]
    assert seen.sql("SELECT id, v FROM o ORDER BY v") == [(1, "a"), ("x", "b")]


def test_virtual_tables_are_there_to_be_told_of(united: Unite) -> None:
    seen = united(
        "CREATE TABLE t (a);",
        "CREATE VIRTUAL TABLE f USING fts5 (x); INSERT INTO f VALUES ('word');"
        "CREATE VIEW v AS SELECT x FROM f;",
    )
    found = seen.sql("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
    assert ("f", "virtual") in found
    assert ("f_data", "shadow") in found
    assert seen.sql("SELECT * FROM v") == [("word",)]


@pytest.mark.parametrize("encodings", [("UTF-16le", "UTF-16le"), ("UTF-16be", "UTF-8")])
def test_encodings(united: Unite, tmp_path: Path, encodings: tuple[str, str]) -> None:
    paths = []
    for number, encoding in enumerate(encodings):
        path = tmp_path / f"{number}.db"
        with closing(apsw.Connection(str(path))) as connection:
            connection.execute(f"PRAGMA encoding = '{encoding}'")
            connection.execute(
                "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, w AS (v) STORED)"
            )
            values = ["ä€𝄞", "nul\0inside", b"\xff\x00", 1, 2.5, None, f"own {number}", -0.0]
            for value in values:
                connection.execute("INSERT INTO t (v) VALUES (?)", (value,))
        paths.append(path)
    seen = united(*paths)
    expected = []
    for path in paths:
        with closing(apsw.Connection(str(path))) as connection:
            expected.append([repr(v) for (v,) in connection.execute("SELECT v FROM t")])
    found = [repr(v) for (v,) in seen.sql("SELECT v FROM t ORDER BY id")]
    assert found == expected[0] + [v for v in expected[1] if v not in expected[0]]


def test_a_damaged_table_is_told_by_its_name(united: Unite, tmp_path: Path) -> None:
    from outgrow.errors import SourceError

    path = tmp_path / "broken.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA page_size = 512; CREATE TABLE fine (a); CREATE TABLE t (a);"
        )
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 100,)] * 100)
        connection.commit()
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 't'").fetchone()
    raw = bytearray(path.read_bytes())
    start = (page[0] - 1) * 512
    raw[start : start + 512] = b"\xff" * 512
    path.write_bytes(raw)
    with pytest.raises(SourceError, match=r"broken\.db:t"):
        united("CREATE TABLE fine (a);", path)


def test_a_definition_that_sqlite_cannot_load_is_left_out(united: Unite, tmp_path: Path) -> None:
    path = tmp_path / "odd.db"
    with closing(apsw.Connection(str(path))) as connection:
        for _ in connection.execute(
            "CREATE TABLE bad (a); CREATE TABLE good (a); INSERT INTO good VALUES (1);"
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE bad (' WHERE name = 'bad'"
        ):
            pass
    seen = united("CREATE TABLE good (a); INSERT INTO good VALUES (2);", path)
    assert seen.sql("SELECT a FROM good") == [(2,), (1,)]
    assert [(m.kind, m.name) for m in seen.told.left_out] == [("tables", "bad")]


def test_files_of_one_name_are_called_by_their_folders(united: Unite, tmp_path: Path) -> None:
    paths = []
    for folder in ("x/one", "x/two", "y/one"):
        (tmp_path / folder).mkdir(parents=True)
        path = tmp_path / folder / "app.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"CREATE TABLE {folder.replace('/', '_')} (a)")
        paths.append(path)
    seen = united(*paths)
    assert seen.told.files == ("x/one/app.db", "two/app.db", "y/one/app.db")
    assert shortest_tails(paths) == seen.told.files


def test_the_union_knows_when_a_file_was_written_to(united: Unite, tmp_path: Path) -> None:
    seen = united("CREATE TABLE a (x);", "CREATE TABLE b (x);")
    assert not seen.union.snapshot.is_outdated()
    with closing(sqlite3.connect(tmp_path / "b.db")) as connection:
        connection.executescript("INSERT INTO b VALUES (1), (2)")
    assert seen.union.snapshot.is_outdated()


def test_nothing_is_left_behind_or_written(united: Unite, tmp_path: Path) -> None:
    seen = united("CREATE TABLE a (x); INSERT INTO a VALUES (1);", "CREATE TABLE a (x);")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    folder = Path(str(seen.union.snapshot.connection.filename)).parent
    assert sorted(path.name for path in folder.iterdir()) == ["origins.db", "united.db"]
    seen.union.snapshot.close()
    assert not folder.exists()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert sorted(before) == ["a.db", "b.db"]


def test_a_file_that_is_being_written_to(united: Unite, tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);"
        )
        seen = united("CREATE TABLE t (a);", path)
        writer.execute("INSERT INTO t VALUES (2)")
        assert seen.sql("SELECT * FROM t") == [(1,)]


def test_many_columns_and_many_tables(united: Unite) -> None:
    wide = ", ".join(f"c{number} INT" for number in range(1100))
    values = ", ".join("1" for _ in range(1100))
    script = f"CREATE TABLE wide ({wide}); INSERT INTO wide VALUES ({values});"
    script += "".join(f"CREATE TABLE t{number} (a);" for number in range(150))
    seen = united(
        script, script.replace("VALUES (1", "VALUES (2") + f"INSERT INTO wide VALUES ({values});"
    )
    assert seen.origin("b.db", "wide").merged == 1
    assert len(objects(seen, "table")) == 151


def test_what_sqlite_cannot_read_follows_a_renamed_table(united: Unite) -> None:
    seen = united(
        "CREATE TABLE t (id INTEGER PRIMARY KEY);",
        "CREATE TABLE t (a, b PRIMARY KEY); CREATE TABLE gone (a); CREATE TABLE c (t REFERENCES t);"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO gone VALUES (NEW.a); END;"
        "CREATE VIEW v AS SELECT t.a AS t, 't' AS s FROM t, gone; DROP TABLE gone;",
    )
    found = dict(seen.sql("SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger')"))
    assert 'ON "b_t"' in found["g"]
    assert found["v"] == 'CREATE VIEW v AS SELECT "b_t".a AS t, \'t\' AS s FROM "b_t", gone'
    assert seen.sql("SELECT \"table\" FROM pragma_foreign_key_list('c')") == [("b_t",)]
