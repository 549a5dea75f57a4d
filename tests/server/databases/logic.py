"""Random indexes, views and triggers over tables, from templates."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from databases.names import names, quote
from databases.tables import Table

_PARTS = (
    "{c}",
    "{c}",
    "{c}",
    "{c} DESC",
    "{c} COLLATE NOCASE",
    "{c} COLLATE RTRIM DESC",
    "lower({c})",
    "{c} + 1",
    "length({c}) DESC",
    "coalesce({c}, '')",
    "json_extract({c}, '$.a')",
    "date({c})",
    "substr({c}, 1, 2)",
    "mine({c})",
    "abs({c})",
)
_WHERES = (
    "{c} IS NOT NULL",
    "{c} IS NULL",
    "{c} > 0",
    "{c} = 'a'",
    "{c} = 1",
    "{c} IN (0, 'a')",
    "{c} <> ''",
    "{c}",
    "NOT {c}",
    "{c} LIKE 'a%'",
    "{c} > {d}",
    "typeof({c}) = 'text'",
    '{c} = "a"',
)
_VIEWS = (
    "SELECT * FROM {t}",
    "SELECT {c}, {d} FROM {t} WHERE {c} IS NOT NULL",
    "SELECT count(*) AS n, {c} FROM {t} GROUP BY {c}",
    "SELECT count({c}), min({c}), max({d}) FROM {t}",
    "SELECT sum({c}) AS total, avg({c}) FROM {t}",
    "SELECT a.*, b.{e} AS other FROM {t} AS a LEFT JOIN {u} AS b ON a.{c} = b.{e}",
    "SELECT {c} FROM {t} UNION SELECT {e} FROM {u}",
    "SELECT {c} AS x FROM {t} UNION ALL SELECT {e} FROM {u}",
    "SELECT DISTINCT {c} FROM {t}",
    "SELECT {c}, {d} FROM {t} ORDER BY {c} LIMIT 2",
    "SELECT upper({c}) || '-' || coalesce({d}, 'none') AS label FROM {t}",
    "SELECT CASE WHEN {c} > 1 THEN 'many' ELSE 'few' END AS much FROM {t}",
    "SELECT typeof({c}) AS class, quote({c}) AS shown FROM {t}",
    "SELECT date({c}) AS day, strftime('%Y', {c}) AS year FROM {t}",
    "SELECT json_extract({c}, '$.a') FROM {t} WHERE json_valid({c})",
    "SELECT length({c}), substr({c}, 2, 3), instr({c}, 'a') FROM {t}",
    "SELECT {c} + {d} AS added, {c} / 2 AS half, {c} % 2 FROM {t}",
    "SELECT {c} = {d} AS same, {c} < {d} AS less, {c} IS {d} FROM {t}",
    "SELECT (SELECT count(*) FROM {u} WHERE {u}.{e} = {t}.{c}) AS n FROM {t}",
    "SELECT {c} FROM {t} WHERE {c} IN (SELECT {e} FROM {u})",
    "SELECT {c} FROM {t} WHERE EXISTS (SELECT 1 FROM {u} WHERE {e} = {c})",
    "WITH x AS (SELECT {c} AS v FROM {t}) SELECT v, count(*) FROM x GROUP BY 1",
    "SELECT row_number() OVER (ORDER BY {c}, {d}) AS n, {c} FROM {t}",
    "SELECT group_concat({c}) FROM {t}",
    "SELECT CAST({c} AS TEXT) AS t, CAST({d} AS INTEGER) AS i FROM {t}",
    "SELECT {c}, 1 AS one, 'x' AS x, NULL AS nothing FROM {t}",
    "SELECT rowid, {c} FROM {t}",
    "SELECT mine({c}) FROM {t}",
    "SELECT * FROM gone",
    "SELECT missing FROM {t}",
    "SELECT {c} COLLATE NOCASE AS c FROM {t} GROUP BY 1",
    "SELECT {c} AS {c}, {d} AS {c} FROM {t}",
    "SELECT hex({c}), round({d}, 1) FROM {t}",
    "VALUES (1, 'a'), (2, NULL)",
)
_TRIGGERS = (
    "AFTER INSERT ON {t} BEGIN UPDATE {t} SET {c} = NEW.{d} WHERE rowid = NEW.rowid; END",
    "AFTER UPDATE OF {c} ON {t} BEGIN UPDATE {u} SET {e} = NEW.{c}; END",
    "AFTER UPDATE ON {t} BEGIN UPDATE {t} SET {c} = datetime('now') WHERE {d} = NEW.{d}; END",
    "BEFORE DELETE ON {t} WHEN OLD.{c} = 'a' BEGIN SELECT RAISE(ABORT, 'no'); END",
    "AFTER DELETE ON {t} BEGIN DELETE FROM {u} WHERE {e} = OLD.{c}; END",
    "AFTER INSERT ON {t} BEGIN INSERT INTO {u} ({e}) VALUES (NEW.{c}); END",
    "BEFORE INSERT ON {t} WHEN NEW.{c} IS NULL BEGIN SELECT RAISE(IGNORE); END",
    "AFTER INSERT ON {t} BEGIN SELECT mine(NEW.{c}); END",
    "AFTER INSERT ON {t} BEGIN INSERT INTO gone VALUES (1); END",
    "AFTER UPDATE ON {t} FOR EACH ROW WHEN NEW.{c} <> OLD.{c} BEGIN"
    " INSERT OR IGNORE INTO {u} ({e}) VALUES (NEW.{c}); UPDATE {u} SET {e} = 1 WHERE {e} = 2; END",
)
_INSTEAD = (
    "INSTEAD OF INSERT ON {v} BEGIN INSERT INTO {u} ({e}) VALUES (1); END",
    "INSTEAD OF DELETE ON {v} BEGIN DELETE FROM {u}; END",
)
_VIRTUAL = (
    "CREATE VIRTUAL TABLE {n} USING fts5(a, b)",
    "CREATE VIRTUAL TABLE {n} USING fts4(a, b)",
    "CREATE VIRTUAL TABLE {n} USING rtree(id, x0, x1)",
)


@st.composite
def _filled(draw: st.DrawFn, templates: Sequence[str], tables: Sequence[Table]) -> str:
    """A template with tables and their columns."""
    one, other = draw(st.sampled_from(tables)), draw(st.sampled_from(tables))
    return draw(st.sampled_from(templates)).format(
        t=quote(one.name),
        u=quote(other.name),
        c=quote(draw(st.sampled_from(one.columns)).name),
        d=quote(draw(st.sampled_from(one.columns)).name),
        e=quote(draw(st.sampled_from(other.columns)).name),
        v='"v"',
    )


@st.composite
def indexes(draw: st.DrawFn, tables: Sequence[Table]) -> str:
    """A CREATE INDEX."""
    table = draw(st.sampled_from(tables))
    parts = draw(
        st.lists(_filled(_PARTS, [table]), min_size=1, max_size=3, unique_by=lambda part: part)
    )
    unique = "UNIQUE " if draw(st.integers(0, 3)) == 3 else ""
    where = f" WHERE {draw(_filled(_WHERES, [table]))}" if draw(st.integers(0, 3)) == 3 else ""
    name = draw(names("by_a", "idx", "a_b_idx"))
    return f"CREATE {unique}INDEX {quote(name)} ON {quote(table.name)} ({', '.join(parts)}){where}"


@st.composite
def views(draw: st.DrawFn, tables: Sequence[Table]) -> str:
    """A CREATE VIEW."""
    name = draw(names("v", "w", "overview"))
    query = draw(_filled(_VIEWS, tables))
    if draw(st.integers(0, 7)) == 7:
        query = "SELECT * FROM v"
    return f"CREATE VIEW {quote(name)} AS {query}"


@st.composite
def triggers(draw: st.DrawFn, tables: Sequence[Table]) -> str:
    """A CREATE TRIGGER on a table or a view."""
    name = draw(names("watch", "touch", "v"))
    body = draw(_filled((*_TRIGGERS, *_INSTEAD), tables))
    return f"CREATE TRIGGER {quote(name)} {body}"


@st.composite
def virtual_tables(draw: st.DrawFn) -> str:
    """A CREATE VIRTUAL TABLE."""
    return draw(st.sampled_from(_VIRTUAL)).format(n=quote(draw(st.sampled_from(("ft", "my ft")))))
