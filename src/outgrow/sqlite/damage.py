"""Damage that reading does not show: rows of a lost page are missing, and no SELECT says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import apsw

from outgrow.errors import SourceError
from outgrow.sqlite.failures import CORRUPT, RECOVER, reading
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot

#: What SQLite says of a whole file, and its heading of what it says.
_NONE = ("ok", "*** in database main ***")
#: What SQLite says of rows that break a constraint: they are so in the file, and in its copy.
_OF_ROWS = re.compile(r"(NULL|NUMERIC|TEXT|non-\w+) value in |CHECK constraint failed in ")
#: What SQLite says of pages. Virtual tables have words of their own for what is amiss in a search
#: index, which is made again from rows or left out: no table is less whole for it.
_OF_PAGES = re.compile(
    r"Tree \d|Freelist: |Page \d|Multiple uses for byte |Fragmentation of |max rootpage "
    r"|incremental_vacuum enabled |[Ff]ailed to |Bad ptr map entry |freelist leaf count "
    r"|\w+ reference to page |wrong # of entries in |database disk image "
)
#: Pages of a table that could not be loaded, of which the catalog tells.
_OF_UNLOADED = re.compile(r"Page \d+: never used")

#: What the catalog can't tell of: https://www.sqlite.org/schematab.html.
_NO_DEFINITIONS = """
SELECT 1 FROM sqlite_schema WHERE (type IN ('table', 'index', 'view', 'trigger')) IS NOT 1
OR typeof(name) <> 'text' OR (sql IS NULL AND type <> 'index')
"""

#: How many complaints SQLite may make: rows that break a constraint must not hide damage.
_ALL = 2**31 - 1


def complaints(connection: apsw.Connection, pragma: str, about: object = _ALL) -> Iterator[str]:
    """Give the signs of damage that integrity_check or quick_check finds, as SQLite says them.

    Raises:
        apsw.SQLError: a definition needs a function that only the application has.

    """
    for (told,) in connection.execute(f"PRAGMA {pragma}({about})"):
        for line in str(told).splitlines():
            if line not in _NONE and not _OF_ROWS.match(line):
                yield line


def require_whole(snapshot: Snapshot) -> None:
    """See that no page of a file is lost, doubled or malformed, in one pass over its pages.

    https://www.sqlite.org/pragma.html#pragma_quick_check leaves out what costs the most: that each
    index agrees with its table. No index is read when rows are.

    Raises:
        SourceError: SQLite finds the file damaged.

    """
    connection = snapshot.connection
    is_partial = bool(connection.pragma("writable_schema"))
    with reading(snapshot), _without_checks(connection):
        if is_partial and connection.execute(_NO_DEFINITIONS).fetchone():
            says = "its schema has rows that define nothing, where others may have been"
            raise SourceError(CORRUPT, says, where=snapshot.file, fix=RECOVER)
        for line in _found(connection):
            expected = is_partial and _OF_UNLOADED.match(line)
            if _OF_PAGES.match(line) and not expected:
                raise SourceError(CORRUPT, f"SQLite says: {line}", where=snapshot.file, fix=RECOVER)


def _found(connection: apsw.Connection) -> Iterator[str]:
    try:
        yield from complaints(connection, "quick_check")
    except apsw.SQLError:
        # One table has a computed column with a function of the application: the others have not.
        tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        for (name,) in connection.execute(tables).fetchall():
            with suppress(apsw.SQLError):
                yield from complaints(connection, "quick_check", quote_identifier(str(name)))


@contextmanager
def _without_checks(connection: apsw.Connection) -> Iterator[None]:
    """Leave CHECKs alone, whose functions SQLite may not have.

    https://www.sqlite.org/pragma.html#pragma_ignore_check_constraints
    """
    before = connection.pragma("ignore_check_constraints")
    connection.pragma("ignore_check_constraints", True)
    try:
        yield
    finally:
        connection.pragma("ignore_check_constraints", before)
