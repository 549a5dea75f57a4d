"""OR IGNORE: a row that breaks a constraint is left out.

PostgreSQL's ON CONFLICT DO NOTHING does so for unique keys; NOT NULL and CHECK become tests.
https://www.sqlite.org/lang_conflict.html
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.context import Context
from outgrow.translate.parse import tree_of
from outgrow.translate.schema import named_columns
from outgrow.translate.writing.defaults import default_of
from outgrow.translate.writing.given import GIVEN, Given
from outgrow.translate.writing.keys import condition_in


def survives(ctx: Context, given: Given) -> list[str]:
    """Write the tests that a given row has to pass beside those of unique keys."""
    return [*_nulls(ctx, given), *_checks(ctx, given)]


def _nulls(ctx: Context, given: Given) -> list[str]:
    tests = []
    for column in given.target.settable:
        if not column.not_null or column == given.target.rowid:
            continue
        if column not in given.columns:
            if default_of(ctx, given.target, column) == "NULL":
                tests.append("false")
        elif any(value.nullable for value in given.values_of(column)):
            tests.append(f"{GIVEN}.{quote(column.name)} IS NOT NULL")
    return tests


def _checks(ctx: Context, given: Given) -> list[str]:
    table = given.target.table
    checks = table.checks if table else ()
    tests = []
    for check in checks:
        tree = tree_of(check)
        row = given.new_row(ctx, frozenset(fold(name) for name in named_columns(tree)))
        tests.append(f"{condition_in(ctx, check, row)} IS NOT FALSE")
    return tests
