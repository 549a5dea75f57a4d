"""Random views over random tables."""

from __future__ import annotations

from random import Random

import apsw

from generator.schemas import Schema, View, ddl_of
from generator.selects import Selects
from generator.trees import rendered

_NAMES = ("recent", "totals", "Report")


def random_views(random: Random, schema: Schema) -> tuple[View, ...]:
    """No view, one or two."""
    sqlite = apsw.Connection(":memory:")
    for table in schema.tables:
        sqlite.execute(ddl_of(table))
    names = random.sample(_NAMES, random.choice((0, 1, 2)))
    views = [_view(random, schema, name) for name in names]
    return tuple(view for view in views if _is_possible(sqlite, view))


def _view(random: Random, schema: Schema, name: str) -> View:
    query = Selects(random, schema, binds=False).inner_query()
    sql = f"CREATE VIEW {name} AS {rendered(query.tree)[0]}"
    return View(name, sql, query.sorts, query.loose, query.tolerant)


def _is_possible(sqlite: apsw.Connection, view: View) -> bool:
    """Whether SQLite can run the view: a number in ORDER BY may be beyond its columns."""
    try:
        sqlite.execute(view.sql)
        sqlite.execute(f"SELECT * FROM {view.name}")
    except apsw.Error:
        return False
    return True
