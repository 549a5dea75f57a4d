"""The objects of a schema file: each table with all that is its own, then what needs several.

The statements are those of a migration, so that the result is the same. A key or CHECK that a
migration adds once the rows are there stands inside of CREATE TABLE, as a person writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from outgrow.model.names import fold
from outgrow.model.plan import Renamed
from outgrow.model.steps import Construction, Missing, ObjectKind, Step
from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.sql_lines import one_line, with_line_breaks
from outgrow.postgres.identifiers import qualified

_INSIDE = (ObjectKind.PRIMARY_KEYS, ObjectKind.UNIQUE, ObjectKind.CHECKS)
_LATER = (ObjectKind.FOREIGN_KEYS, ObjectKind.VIEWS)
_KEYS = (ObjectKind.PRIMARY_KEYS, ObjectKind.UNIQUE)


def tables(assessment: Assessment, construction: Construction) -> str:
    """Write each table with its keys, checks, comments, indexes and triggers."""
    own: dict[str, list[Step]] = {}
    for table in assessment.source.tables:
        if assessment.plan.table(table.name).include:
            own[fold(table.name)] = []
    for step in construction.steps:
        if step.kind not in _LATER and fold(step.table) in own:
            own[fold(step.table)].append(step)
    return "\n\n\n".join(
        f"{_head(assessment, steps[0].table)}\n{_table(assessment, steps)}"
        for steps in own.values()
    )


def foreign_keys(construction: Construction) -> str:
    """Write the foreign keys, by table."""
    blocks: dict[str, list[str]] = {}
    for step in construction.steps:
        if step.kind is ObjectKind.FOREIGN_KEYS:
            lines = blocks.setdefault(step.table, [f"-- {one_line(step.table)}"])
            if step.sql.endswith(" NOT VALID"):
                lines.append("-- Rows in SQLite break it, so that only new rows are checked:")
            lines.append(_statement(step.sql))
    return "\n\n".join("\n".join(lines) for lines in blocks.values())


def views(assessment: Assessment, construction: Construction) -> str:
    """Write the views, those that others read before these, and the triggers on them."""
    source = assessment.source
    names = {fold(view.name) for view in source.views}
    blocks = []
    for step in construction.steps:
        if step.kind is ObjectKind.VIEWS:
            where = one_line(source.where(step.table))
            head, _, query = step.sql.partition(" AS\n")
            text = _statement(f"{head} AS\n{with_line_breaks(query)}")
            blocks.append(f"-- {where}\n{text}")
        elif step.kind is ObjectKind.TRIGGERS and fold(step.table) in names:
            blocks.append(_trigger(assessment, step))
    return "\n\n".join(blocks)


def missing(construction: Construction) -> str:
    """List as comments what PostgreSQL can't hold, and what could be had instead."""
    return "\n".join(line for each in construction.missing for line in _missing(each))


def _missing(each: Missing) -> Iterator[str]:
    table, name = one_line(each.table), one_line(each.name)
    of = "" if table == name else f" of {table}"
    yield f"-- {_KIND_NAMES[each.kind]} {name}{of}: {one_line(each.reason)}"
    yield from (f"--     {line}" for line in each.instead.splitlines())


_KIND_NAMES = {
    ObjectKind.TABLES: "table",
    ObjectKind.INDEXES: "index",
    ObjectKind.PRIMARY_KEYS: "primary key",
    ObjectKind.UNIQUE: "unique",
    ObjectKind.FOREIGN_KEYS: "foreign key",
    ObjectKind.CHECKS: "check",
    ObjectKind.NOT_NULL: "NOT NULL",
    ObjectKind.DEFAULTS: "default",
    ObjectKind.GENERATED: "generated column",
    ObjectKind.VIEWS: "view",
    ObjectKind.TRIGGERS: "trigger",
    ObjectKind.SEQUENCES: "sequence",
}


def _head(assessment: Assessment, table: str) -> str:
    """Say where a table is from, and which of its names are others than in SQLite."""
    target = assessment.plan.table(table).name
    homes = []
    for origin in assessment.united.origins:
        if fold(origin.united) == fold(table):
            own = "" if fold(origin.table) == target else f"{origin.table} in "
            homes.append(f"{own}{origin.file}")
    homes = homes or [assessment.source.file_of(table)]
    lines = [f"-- {one_line(target)}: from {one_line(listed(homes))}"]
    lines += [
        f"--   {one_line(each.source.removeprefix(f'{table}.'))} is {one_line(each.target)}: "
        f"{one_line(each.reason)}"
        for each in _renamed(assessment, table)
    ]
    return "\n".join(lines)


def _renamed(assessment: Assessment, name: str) -> Iterable[Renamed]:
    table = assessment.source.table(name)
    named = (*table.columns, *table.unique, *table.checks, *table.foreign_keys)
    keys = (*named, *((table.primary_key,) if table.primary_key else ()))
    places = {f"{name}.{each.name}" for each in keys if each.name}
    kinds = ("column", "constraint")
    return (e for e in assessment.plan.renamed if e.kind in kinds and e.source in places)


def _table(assessment: Assessment, steps: Sequence[Step]) -> str:
    create = next(step for step in steps if step.kind is ObjectKind.TABLES)
    name = qualified(assessment.plan.schema, assessment.plan.table(create.table).name)
    inside, after, comments, logic = [], [], [], []
    seen: set[str] = set()
    for step in steps:
        addition = step.sql.removeprefix(f"ALTER TABLE {name} ADD ")
        if step is create:
            continue
        if step.kind is None:
            comments.append(_statement(step.sql))
        elif step.kind is ObjectKind.TRIGGERS:
            logic.append(_trigger(assessment, step))
        elif step.kind in _INSIDE and addition != step.sql and step.name not in seen:
            # PostgreSQL makes one index of two keys on the same columns within CREATE TABLE.
            seen |= {step.name} if step.kind in _KEYS else set()
            inside.append(f",\n    {addition}")
        else:
            after.append(_statement(step.sql))
    body = create.sql.removesuffix("\n)") + "".join(inside)
    parts = [f"{body}\n);", "\n".join(comments), "\n".join(after), *logic]
    return "\n\n".join(part for part in parts if part)


def _trigger(assessment: Assessment, step: Step) -> str:
    where = one_line(assessment.source.where_trigger(step.name))
    return f"-- {where}\n{_statement(step.sql)}"


def _statement(sql: str) -> str:
    return f"{sql.rstrip().rstrip(';')};"


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence does: ``a, b and c``."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
