"""What a schema file tells the database of SQLite, for the layer that applications use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.memory import ColumnRow, DefinitionRow, column_rows, definition_rows
from outgrow.postgres.identifiers import literal
from outgrow.translate.schema import schema_of

#: The evidence for a type names values of the source, and this file goes into a repository.
_REASON = "the schema file made it"

_COLUMN_KEY = ("schema_name", "table_name", "column_name")
_DEFINITION_KEY = ("schema_name", "kind", "name")


def remembered(assessment: Assessment) -> str:
    """Write what a migration remembers of each column and definition."""
    source, plan = assessment.source, assessment.plan
    schema = schema_of(source, plan, target_schema=plan.schema, census=assessment.census)
    columns = [row._replace(reason=_REASON) for row in column_rows(None, source, plan, schema)]
    version = (
        "INSERT INTO outgrow.pragmas (schema_name, name, value)\n"
        f"VALUES ({literal(plan.schema)}, 'user_version', {source.user_version})\n"
        "ON CONFLICT (schema_name, name) DO UPDATE SET value = EXCLUDED.value;"
    )
    return "\n\n".join(
        (
            _insert("columns", ColumnRow._fields, _COLUMN_KEY, columns),
            _insert("definitions", DefinitionRow._fields, _DEFINITION_KEY, definition_rows(schema)),
            version,
        )
    )


def _insert(
    table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence[object]]
) -> str:
    values = ",\n".join(f"({', '.join(map(_value, row))})" for row in rows)
    others = [name for name in columns if name not in key]
    # The order in which objects were made is one of them.
    others += ["place"] if table == "definitions" else []
    return (
        f"INSERT INTO outgrow.{table}\n    ({', '.join(columns)})\nVALUES\n{values}\n"
        # What is left of an object that somebody dropped means nothing any more.
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET\n"
        f"    ({', '.join(others)}) =\n"
        f"    ({', '.join(f'EXCLUDED.{name}' for name in others)});"
    )


def _value(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return _dollar_quoted(text) if "'" in text or "\n" in text else literal(text)


def _dollar_quoted(text: str) -> str:
    """Write a text as it is, without doubled quotes."""
    tag = "$sql$"
    while tag in f"{text}$":  # the text's own end may look like the tag's beginning
        tag = f"{tag[:-1]}x$"
    return f"{tag}{text}{tag}"
