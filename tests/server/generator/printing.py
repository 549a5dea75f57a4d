"""A failing statement as a case that the corpus takes."""

from __future__ import annotations

import translate_sides

from generator.held import for_sides
from generator.schemas import Schema
from generator.statements import Statement
from outgrow.model.types import TargetType


def as_case(schema: Schema, statement: Statement, why: str = "") -> str:
    """Python for the tables, the views and the case."""
    case = statement.case()
    steps = ", ".join(f"({sql!r}, {given!r})" if given else repr(sql) for sql, given in case.steps)
    ordered = ", ordered=True" if case.ordered else ""
    lines = [_table(for_sides(table)) for table in schema.tables]
    lines += [repr(view.sql) for view in schema.views]
    if statement.untyped:
        why = f"without the classes of the parameters: {why}"
    return "\n".join([f"# {why}", *lines, f"case({steps}{ordered}),"])


def _table(table: translate_sides.Table) -> str:
    promoted = ", ".join(f"{name!r}: {_type(kind)}" for name, kind in table.promoted.items())
    alias = f", rowid_alias={table.rowid_alias!r}" if table.rowid_alias else ""
    rows = f"rows={list(table.rows)!r}"
    indexes = f", indexes={list(table.indexes)!r}" if table.indexes else ""
    options = f"promoted={{{promoted}}}{alias}, declared=True{indexes}"
    return f"Table({table.name!r}, {table.ddl!r}, {rows}, {options}),"


def _type(kind: TargetType) -> str:
    parts = [f"Kind.{kind.kind.name}"]
    if kind.precision is not None:
        parts += [str(kind.precision), str(kind.scale)]
    if kind.shape is not None:
        parts.append(f"shape=Shape({kind.shape.notation!r})")
    if kind.tagged:
        parts.append("tagged=True")
    return f"TargetType({', '.join(parts)})"
