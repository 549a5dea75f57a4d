"""Random views over random tables."""

from __future__ import annotations

from random import Random

from generator.schemas import Schema, View
from generator.selects import Selects
from generator.trees import rendered

_NAMES = ("recent", "totals", "Report")


def random_views(random: Random, schema: Schema) -> tuple[View, ...]:
    """No view, one or two."""
    names = random.sample(_NAMES, random.choice((0, 1, 2)))
    return tuple(_view(random, schema, name) for name in names)


def _view(random: Random, schema: Schema, name: str) -> View:
    query = Selects(random, schema, binds=False).inner_query()
    sql = f"CREATE VIEW {name} AS {rendered(query.tree)[0]}"
    return View(name, sql, query.sorts, query.loose, query.tolerant)
