"""RETURNING, and the rowid that a connection asks for after every INSERT."""

from __future__ import annotations

from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.query import Column
from outgrow.translate.queries.results import Item, item_of, named, written_list
from outgrow.translate.schema import named_columns
from outgrow.translate.scope import Scope
from outgrow.translate.translator import Translator
from outgrow.translate.writing.facts import refuse_facts
from outgrow.translate.writing.fired import fired_by, tables_named, written_by
from outgrow.translate.writing.own_row import set_before
from outgrow.translate.writing.target import Target


@dataclass(frozen=True, slots=True)
class Returned:
    """What a statement gives back.

    Args:
        shown: the list after RETURNING, '' for nothing.
        rowid: what gives the rowid of a row inserted as one more column, the last; '' for nothing.
        columns: what is shown.

    """

    shown: str = ""
    rowid: str = ""
    columns: tuple[Column, ...] = ()

    @property
    def gives_rowid(self) -> bool:
        """Whether the rowid is given back."""
        return bool(self.rowid)

    @property
    def sql(self) -> str:
        """RETURNING and its list, '' for nothing."""
        return self._written(self.rowid)

    @property
    def without_rowid(self) -> str:
        """The same for a row that is updated: it has no rowid to tell of."""
        return self._written("NULL::bigint" if self.rowid else "")

    def _written(self, rowid: str) -> str:
        listed = [self.shown] if self.shown else []
        listed += [f"{rowid} AS rowid_given"] if rowid else []
        return f" RETURNING {', '.join(listed)}" if listed else ""


def returned(
    translator: Translator,
    node: Node,
    target: Target,
    *,
    upserts: bool = False,
    rowid: bool = False,
) -> Returned:
    """Translate the RETURNING of a statement.

    Args:
        translator: of the statement; it sees nothing but the row.
        node: the statement.
        target: what it writes.
        upserts: whether rows may be updated instead of inserted.
        rowid: whether the rowid of each row inserted is wanted too.

    Raises:
        UntranslatableSQL: where SQLite would show the row at another moment.

    """
    columns: list[tuple[Column, str]] = []
    if node["returning"]:
        _check(translator, node, target)
        # The row goes by the name of its table, whatever alias it has.
        row = replace(target.row, alias=fold(target.source))
        inner = translator.inside(Scope((row,), translator.scope))
        columns = named(inner, _items(inner, node, target), None)
    column = target.rowid if rowid else None
    given = ""
    if column is not None:
        given = f"{quote(target.alias)}.{quote(column.name)}"
        # A row that was updated keeps the mark of the lock that was taken before.
        if upserts:
            given = f"CASE WHEN {quote(target.alias)}.xmax = 0 THEN {given} END"
    return Returned(written_list(columns), given, tuple(column for column, _ in columns))


def _items(translator: Translator, node: Node, target: Target) -> list[Item]:
    items: list[Item] = []
    for column in children(node["returning"]):
        if "STAR" in column["flags"]:
            if column["expr"]:
                raise unsupported("RETURNING may not use table.*")
            items += [Item(name, target.row.columns[fold(name)]) for name in target.row.names]
        else:
            items.append(item_of(translator, column, translator.expr(column["expr"])))
    return items


def _check(translator: Translator, node: Node, target: Target) -> None:
    schema = translator.ctx.schema
    if target.table is None:
        raise unsupported("RETURNING of a view's INSTEAD OF trigger")
    refuse_facts(node["returning"], "RETURNING")
    changed = written_by(schema, node) | {fold(target.source)}
    if tables_named(node["returning"]) & changed:
        raise unsupported(
            f"RETURNING with a query over {target.source}, which SQLite runs between the rows"
        )
    shown = named_columns(node["returning"])
    if any("STAR" in column["flags"] for column in children(node["returning"])):
        shown |= set(target.row.columns)
    for fired in fired_by(schema, node):
        if fired.event == "UPDATE" and set_before(schema, fired) & shown:
            raise unsupported(
                f"RETURNING what the trigger {fired.trigger.source} sets, which SQLite shows as "
                "it was before",
                "Read the row with SELECT afterwards",
            )
