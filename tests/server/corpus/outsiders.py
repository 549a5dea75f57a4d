"""What an attacker found who knew the promise and not the program, each made small."""

from __future__ import annotations

from translate_sides import Table

from corpus import case

SLUGS = Table(
    "slugs",
    "CREATE TABLE slugs (id INTEGER PRIMARY KEY, slug TEXT, state TEXT, n INT)",
    rows=[(1, "a", "open", 1), (2, "b", "closed", 2), (3, "b", "closed", 3)],
    indexes=["CREATE UNIQUE INDEX slugs_open ON slugs (slug) WHERE state <> 'closed'"],
    rowid_alias="id",
    declared=True,
)
FLAGS = Table(
    "flags",
    "CREATE TABLE flags (id INTEGER PRIMARY KEY, active INT, v TEXT, r REAL)",
    rows=[(1, 1, "true", 1.5), (2, 0, "false", 9e999), (3, 1, "x", -9e999), (4, None, None, None)],
    rowid_alias="id",
    declared=True,
)
TABLES = [SLUGS, FLAGS]

_LOOSE = "CREATE TABLE loose (a UNIQUE, b)"
_FIRST = "INSERT INTO loose VALUES (1, 2), ('E', 'A'), (2.5, NULL)"

CASES = [
    # The columns of a partial index's condition are part of the new row.
    "INSERT OR REPLACE INTO slugs (slug, state, n) VALUES ('a', 'pending', 2)",
    case(("REPLACE INTO slugs VALUES (?, ?, ?, ?)", (9, "a", "held", None))),
    "REPLACE INTO slugs (slug, state) VALUES ('a', 'closed'), ('b', 'open')",
    # Equal keys of two classes.
    case(
        _LOOSE,
        _FIRST,
        "INSERT OR REPLACE INTO loose VALUES (1.0, 'z')",
        "SELECT a, typeof(a), b FROM loose",
    ),
    case(_LOOSE, _FIRST, "INSERT OR REPLACE INTO loose VALUES ('e', 'a')"),
    # A text in double quotes, and the keyword.
    "SELECT id FROM flags WHERE active = TRUE AND v = 'true'",
    'SELECT id FROM flags WHERE v = "x"',
    # Both infinities.
    "SELECT sum(r) AS s, avg(r) AS a, total(r) AS t FROM flags",
    "SELECT sum(r) AS s, avg(r) AS a, total(r) AS t FROM flags WHERE id < 3",
    "SELECT sum(coalesce(r, 1)) AS s, avg(coalesce(r, 1)) AS a FROM flags",
    "SELECT total(coalesce(r, 1)) AS t FROM flags",
    # A name of no letters.
    'SELECT 1 AS ""',
    "SELECT id AS '' FROM flags",
    'SELECT "" FROM (SELECT 1 AS "")',
    # Nothing at all.
    ";",
    "-- only a comment",
    " ; /* and another */ ;",
]
