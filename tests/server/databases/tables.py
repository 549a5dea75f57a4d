"""Random tables: columns, keys, constraints and rows that break some of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from databases.names import names, quote, spelled
from databases.types import ANY, DEFAULTS, STRICT, THEMES
from databases.values import HABITS, SMALL, WORDS, Value

_MOST_COLUMNS = 5
_MOST_ROWS = 7
_ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
_CHECKS = (
    "{c} IN (0, 1)",
    "{c} > 0",
    "length({c}) < 5",
    "{c} IS NOT NULL",
    "{c} <> ''",
    "typeof({c}) = 'integer'",
    "{c} LIKE 'a%'",
    "{c} GLOB '[a-z]*'",
    "json_valid({c})",
    "{c} BETWEEN 1 AND 'x'",
    "mine({c})",
    "{c} IN ('a', 'b') OR {c} IS NULL",
    "{c} = lower({c})",
    "date({c}) IS NOT NULL",
    "{c} >= {d}",
    '{c} != "text"',
    "{c} REGEXP 'a'",
    "1",
    "NULL",
    "{c}",
)
_COMPUTED = (
    "{c} + 1",
    "{c} || 'x'",
    "lower({c})",
    "coalesce({c}, {d})",
    "length({c})",
    "json_extract({c}, '$.a')",
    "CASE WHEN {c} > 1 THEN 'many' END",
    "substr({c}, -2)",
    "{c} * 1.5",
    "CAST({c} AS INTEGER)",
    "typeof({c})",
    "date({c})",
    "round({c}, 2)",
    "7",
    "mine({c})",
)
_CLAUSES = ("", "", "", "", "", " ON CONFLICT REPLACE", " ON CONFLICT IGNORE")


@dataclass(frozen=True)
class Column:
    """A column that was drawn; ``sql`` is its whole definition."""

    name: str
    sql: str
    comment: str
    values: st.SearchStrategy[Value]
    generated: bool = False


@dataclass(frozen=True)
class Table:
    """A table that was drawn, with the INSERTs of its rows."""

    name: str
    sql: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = field(default=(), repr=False)

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that an INSERT names."""
        return tuple(column for column in self.columns if not column.generated)


@st.composite
def tables(draw: st.DrawFn, before: tuple[Table, ...], name: str) -> Table:
    """A table; its foreign keys lead to those before, to itself and to nowhere."""
    strict = draw(_one_in(8))
    columns = [draw(_themed(strict)) if draw(_half()) else draw(_wild(strict))]
    columns += [
        draw(_themed(strict)) if draw(_half()) else draw(_wild(strict))
        for _ in range(draw(st.integers(0, _MOST_COLUMNS - 1)))
    ]
    seen: set[str] = set()
    columns = [c for c in columns if not (c.name.upper() in seen or seen.add(c.name.upper()))]
    key, columns, without_rowid = draw(_keys(columns, strict))
    if columns and draw(_one_in(6)):
        columns.append(draw(_generated(columns)))
    constraints = [key] if key else []
    if draw(_one_in(4)):
        constraints.append(draw(_unique(columns)))
    constraints += [
        draw(_foreign_key(columns, before, name))
        for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2))))
    ]
    if draw(_one_in(5)):
        constraints.append(f"CHECK ({draw(_about(_CHECKS, columns))})")
    lines = [f"{column.sql}{{comma}}{column.comment}" for column in columns] + [
        f"{draw(_named())}{constraint}{{comma}}" for constraint in constraints
    ]
    body = "\n  ".join(
        line.replace("{comma}", "," if number < len(lines) else "")
        for number, line in enumerate(lines, start=1)
    )
    options = [
        *(["STRICT"] if strict else []),
        *(["WITHOUT ROWID"] if without_rowid else []),
    ]
    sql = f"CREATE TABLE {draw(spelled(name))} (\n  {body}\n) {', '.join(options)}"
    stored = [column for column in columns if not column.generated]
    rows = draw(
        st.lists(
            st.tuples(*(column.values for column in stored)),
            min_size=draw(st.sampled_from((0, 3))) if stored else 0,
            max_size=_MOST_ROWS if stored else 0,
        )
    )
    return Table(name, sql, tuple(columns), tuple(rows))


def _half() -> st.SearchStrategy[bool]:
    return st.booleans()


def _one_in(number: int) -> st.SearchStrategy[bool]:
    """True once in so many times; it shrinks to False."""
    return st.integers(0, number - 1).map(lambda drawn: drawn == number - 1)


@st.composite
def _themed(draw: st.DrawFn, strict: bool) -> Column:
    theme = draw(st.sampled_from(THEMES))
    name = draw(st.sampled_from(theme.names))
    type_ = draw(st.sampled_from(STRICT if strict else theme.types))
    comment = draw(st.sampled_from(theme.comments))
    default = draw(st.sampled_from(("", "", *theme.defaults)))
    common = theme.values
    if draw(_one_in(4)):  # one spelling alone, so that it is promoted
        value = draw(theme.values)
        common = st.just(value)
    return draw(_column(name, type_, default, comment, common))


@st.composite
def _wild(draw: st.DrawFn, strict: bool) -> Column:
    name = draw(names("a", "b", "c", "id", "name", "value"))
    type_ = draw(st.sampled_from(STRICT if strict else ANY))
    default = draw(st.sampled_from(DEFAULTS)) if draw(_one_in(4)) else ""
    return draw(_column(name, type_, default, "", draw(st.sampled_from(HABITS))))


@st.composite
def _column(
    draw: st.DrawFn,
    name: str,
    type_: str,
    default: str,
    comment: str,
    common: st.SearchStrategy[Value],
) -> Column:
    parts = [draw(spelled(name)), type_]
    if default:
        parts.append(f"DEFAULT {default}")
    if draw(_one_in(6)):
        parts.append(f"NOT NULL{draw(st.sampled_from(_CLAUSES))}")
    if draw(_one_in(10)):
        parts.append("UNIQUE")
    if draw(_one_in(8)):
        check = draw(st.sampled_from(_CHECKS)).format(c=quote(name), d=quote(name))
        parts.append(f"CHECK ({check})")
    if draw(_one_in(8)):
        parts.append(f"COLLATE {draw(st.sampled_from(('NOCASE', 'RTRIM', 'BINARY')))}")
    told = f" -- {comment}" if comment else ""
    may_be_null = draw(st.sampled_from((common, common | st.none(), st.none())))
    return Column(name, " ".join(filter(None, parts)), told, may_be_null)


@st.composite
def _generated(draw: st.DrawFn, columns: list[Column]) -> Column:
    name = draw(names("computed", "total"))
    expression = draw(_about(_COMPUTED, columns))
    type_ = draw(st.sampled_from(("", "TEXT", "INTEGER", "REAL")))
    kind = draw(st.sampled_from(("STORED", "VIRTUAL", "")))
    sql = f"{draw(spelled(name))} {type_} GENERATED ALWAYS AS ({expression}) {kind}"
    return Column(name, sql, "", st.none(), generated=True)


@st.composite
def _about(draw: st.DrawFn, templates: tuple[str, ...], columns: list[Column]) -> str:
    one, other = (quote(draw(st.sampled_from(columns)).name) for _ in range(2))
    return draw(st.sampled_from(templates)).format(c=one, d=other)


@st.composite
def _keys(draw: st.DrawFn, columns: list[Column], strict: bool) -> tuple[str, list[Column], bool]:
    """A primary key as a constraint (or ''), the columns with it, and WITHOUT ROWID."""
    kind = draw(st.sampled_from(("none", "rowid", "rowid", "column", "composite", "composite")))
    if kind == "none":
        return "", columns, False
    if kind == "rowid":
        name = draw(names("id", "ID", "no")) or "id"
        form = draw(
            st.sampled_from(
                (
                    "INTEGER PRIMARY KEY",
                    "INTEGER PRIMARY KEY AUTOINCREMENT",
                    "INTEGER PRIMARY KEY DESC",
                    "INTEGER NOT NULL PRIMARY KEY",
                    "INT PRIMARY KEY",
                    "BIGINT PRIMARY KEY" if not strict else "INT PRIMARY KEY",
                    "INTEGER DEFAULT 5 PRIMARY KEY",
                )
            )
        )
        numbers = st.sampled_from((1, 2, 3, 5, 8, 2**40, -1, 0, 2**63 - 1, -(2**63))) | st.none()
        numbers = draw(st.sampled_from((SMALL, SMALL | st.none(), numbers, st.none())))
        others = [column for column in columns if column.name.upper() != name.upper()]
        return "", [Column(name, f"{draw(spelled(name))} {form}", "", numbers), *others], False
    without_rowid = draw(_one_in(4))
    if kind == "column":
        place = draw(st.integers(0, len(columns) - 1))
        old = columns[place]
        clause = draw(st.sampled_from(_CLAUSES))
        many = draw(st.sampled_from((old.values, old.values, SMALL | WORDS)))
        new = Column(old.name, f"{old.sql} PRIMARY KEY{clause}", old.comment, many)
        return "", [*columns[:place], new, *columns[place + 1 :]], without_rowid
    return f"PRIMARY KEY ({draw(_listed(columns))})", columns, without_rowid


@st.composite
def _unique(draw: st.DrawFn, columns: list[Column]) -> str:
    return f"UNIQUE ({draw(_listed(columns))}){draw(st.sampled_from(_CLAUSES))}"


@st.composite
def _listed(draw: st.DrawFn, columns: list[Column]) -> str:
    """Some columns of a key, with the words that may follow them."""
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique_by=id))
    extra = st.sampled_from(("", "", "", " DESC", " COLLATE NOCASE", " COLLATE RTRIM DESC"))
    return ", ".join(quote(column.name) + draw(extra) for column in chosen)


@st.composite
def _foreign_key(
    draw: st.DrawFn, columns: list[Column], before: tuple[Table, ...], own: str
) -> str:
    parents = [(table.name, [c.name for c in table.columns]) for table in before]
    parents += [(own, [c.name for c in columns]), ("nowhere", ["id", "a"]), ("t3", ["id", "a"])]
    parent, there = draw(st.sampled_from(parents))
    width = draw(st.sampled_from((1, 1, 1, 2)))
    mine = draw(st.lists(st.sampled_from(columns), min_size=width, max_size=width))
    other = [draw(st.sampled_from([*there, "id", "missing"])) for _ in range(width)]
    listed = ", ".join(quote(column.name) for column in mine)
    named = f" ({', '.join(map(quote, other))})" if draw(st.integers(0, 2)) else ""
    tail = ""
    if draw(_one_in(3)):
        tail += f" ON DELETE {draw(st.sampled_from(_ACTIONS))}"
    if draw(_one_in(3)):
        tail += f" ON UPDATE {draw(st.sampled_from(_ACTIONS))}"
    if draw(_one_in(4)):
        deferred = (" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE", " NOT DEFERRABLE")
        tail += draw(st.sampled_from(deferred))
    if draw(_one_in(6)):
        tail = f" MATCH FULL{tail}"
    return f"FOREIGN KEY ({listed}) REFERENCES {quote(parent)}{named}{tail}"


@st.composite
def _named(draw: st.DrawFn) -> str:
    if not draw(_one_in(4)):
        return ""
    return f"CONSTRAINT {quote(draw(names('rule', 'a_pkey', 'key')))} "
