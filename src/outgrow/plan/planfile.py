"""The plan file: every decision as TOML that people edit, and the decisions read back.

Comments that begin with ``#|`` are outgrow's and are renewed when the file is written again;
everything else is a person's and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from outgrow.model.census import Census
from outgrow.model.names import fold
from outgrow.model.plan import ColumnPlan, Plan, TablePlan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.types import Kind
from outgrow.model.uniting import TableSettlement, United
from outgrow.plan import toml
from outgrow.plan.choices import digest
from outgrow.plan.naming import Names, names_of
from outgrow.plan.overrides import Overrides, TableOverride
from outgrow.plan.reading import read_plan
from outgrow.plan.settling import comments_of, head_of, sections_besides, values_of
from outgrow.plan.wording import listed, values

__all__ = ["read_plan", "write_plan"]

#: Columns that a UNIQUE could hold, and the foreign keys that it lets stand.
Offers = dict[tuple[str, ...], list[str]]

_HEADER = """\
# The plan of a move to PostgreSQL, written by outgrow. Edit it, then name it with --plan.
# Lines that begin with #| are written anew each time; your own comments and values stay.
#
# policy   "native", "faithful" or "eager": for columns that are not listed here
# A table  include = false leaves it out; name = "…"; identity = "serial" or "identity";
#          unique = [["column", …]] adds a UNIQUE; cascade = [["column", …]] gives the foreign
#          key of these columns ON DELETE CASCADE
# A column type = bigint, boolean, double precision, numeric, numeric(p,s), text, bytea, date,
#          timestamp with its spelling (shape = "YYYY-MM-DD HH:MM:SS" or "epoch s", ms, us),
#          json, jsonb, uuid; name = "…"; on_misfit = "null" makes NULL of values that don't
#          fit (the originals go to quarantine)
"""

_SEVERAL = """\
#
# Between files: in a table, prefer = "FILE" keeps that file's row where one key stands in both,
#          keep = "both" keeps both, renumber = true gives a later file's rows other ids, and
#          apart = true makes a table for each file. In a column, follows = "TABLE" says that
#          it refers to that table without declaring it.
"""


def write_plan(
    plan: Plan,
    source: SourceDatabase,
    census: Census,
    *,
    existing: str | None = None,
    united: United | None = None,
) -> str:
    """Write a plan as TOML, with its evidence and counter-examples as comments.

    Args:
        plan: what was decided, with the choices of ``existing`` where there is one.
        source: the file it was decided for.
        census: the facts it was decided by.
        existing: the text of the plan file to write anew; its own values and comments stay.
        united: how several files became the source; what is settled between them is written,
            and what would settle the rest.

    """
    united = united or United((source.file,))
    default = _default_names(plan, source)
    offers = _offers_of_unique(source, census)
    tables = {table.name: table for table in source.tables}
    sections = [
        _section(
            table,
            tables[table.source],
            default,
            tuple(
                _table_comments(
                    table, census.tables[table.source].rows, offers.get(fold(table.source), {})
                )
            ),
            united,
        )
        for table in plan.tables
    ]
    sections += sections_besides(united, [table.source for table in plan.tables])
    several = len(united.files) > 1
    if existing is not None:
        head_of_all = head_of(united) if several else ""
        from outgrow.plan.renewing import renewed  # noqa: PLC0415 - brings tomlkit

        return renewed(existing, united.files, digest(census), sections, head_of_all)
    head = [_HEADER + _SEVERAL if several else _HEADER, f"policy = {toml.string(plan.policy)}", ""]
    files = toml.strings(united.files) if several else toml.string(source.file)
    head += ["[source]", f"{'files' if several else 'file'} = {files}"]
    head += [f"census = {toml.string(digest(census))}", ""]
    head += [head_of(united)] if several else []
    return "\n".join([*head, *(section.text() for section in sections)])


def _default_names(plan: Plan, source: SourceDatabase) -> Names:
    """Name everything as without a person's names: only what differs is written."""
    tables = {fold(t.source): TableOverride(t.include, unique=t.unique) for t in plan.tables}
    return names_of(source, Overrides(tables=tables))


def _section(
    table: TablePlan,
    source: SourceTable,
    default: Names,
    comments: tuple[str, ...],
    united: United,
) -> toml.Section:
    declared = {column.name: column.declared for column in source.columns}
    names = default.columns[fold(table.source)]
    settled = united.settlements.table(table.source)
    columns = tuple(
        toml.Entry(
            column.source,
            tuple(_column_comments(column, declared[column.source])),
            (
                *_column_values(column, names[fold(column.source)]),
                *_follows(column, settled),
            ),
        )
        for column in table.columns
    )
    own = (*_table_values(table, default.tables[fold(table.source)]), *values_of(settled))
    return toml.Section(table.source, own, comments, columns, comments_of(united, table.source))


def _follows(column: ColumnPlan, settled: TableSettlement) -> Iterator[tuple[str, str]]:
    if fold(column.source) in settled.follows:
        yield "follows", toml.string(settled.follows[fold(column.source)])


def _table_values(table: TablePlan, default: str) -> Iterator[tuple[str, str]]:
    if not table.include:
        yield "include", "false"
    if table.name != default:
        yield "name", toml.string(table.name)
    if table.identity != "serial":
        yield "identity", toml.string(table.identity)
    if table.unique:
        yield "unique", toml.lists(table.unique)
    if table.cascade:
        yield "cascade", toml.lists(table.cascade)


def _table_comments(table: TablePlan, rows: int, offers: Offers) -> Iterator[str]:
    yield f"{'1 row' if rows == 1 else f'{rows:,} rows'}; the table becomes {table.name}"
    for columns, keys in offers.items():
        added = f"unique = {toml.lists((columns,))}"
        where = f"[tables.{toml.key(table.source)}]"
        yield f"{added} in {where} lets foreign keys stand: {', '.join(keys)}"


def _offers_of_unique(source: SourceDatabase, census: Census) -> Mapping[str, Offers]:
    """Find where a UNIQUE would let foreign keys stand that PostgreSQL can't hold as they are.

    By folded parent table; each offer is the columns and the keys that it lets stand.
    """
    found: dict[str, Offers] = {}
    for child in source.tables:
        facts = {each.columns: each for each in census.tables[child.name].foreign_keys}
        for key in child.foreign_keys:
            told = facts.get(key.columns)
            if told and told.problem and told.parent_values_unique and key.parent_columns:
                offers = found.setdefault(fold(key.parent), {})
                says = f"{child.name} ({', '.join(key.columns)})"
                offers.setdefault(key.parent_columns, []).append(says)
    return found


def _column_comments(column: ColumnPlan, declared: str) -> Iterator[str]:
    yield f"{declared or 'no type'}: {column.reason}"
    more = [says for says in column.evidence if says.lower() not in column.reason.lower()]
    if more:
        yield f"  also: {'; '.join(more)}"
    against = listed(column.counterexamples)
    if against not in column.reason:
        yield f"  against: {against}"
    if column.quarantined:
        yield f"  {values(column.quarantined)} will be NULL, the originals in quarantine"
    if column.repaired:
        yield f"  PostgreSQL can't hold {values(column.repaired)} as stored (NUL, or not UTF-8)"


def _column_values(column: ColumnPlan, default: str) -> Iterator[tuple[str, str]]:
    kind = column.type.kind
    spelled = "timestamp" if kind is Kind.TIMESTAMP else str(column.type)
    yield "type", toml.string(spelled)
    if kind is Kind.TIMESTAMP and column.type.shape is not None:
        yield "shape", toml.string(column.type.shape.notation)
    if column.overridden and column.quarantined:
        yield "on_misfit", '"null"'
    if column.name != default:
        yield "name", toml.string(column.name)
