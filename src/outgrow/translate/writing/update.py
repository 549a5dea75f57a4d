"""UPDATE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import Rep, of_column
from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node, expression, tree_of, without
from outgrow.translate.queries.sources import From, table_source, translate_from
from outgrow.translate.schema import KeyInfo, TableInfo, computed_from, named_columns
from outgrow.translate.scope import Scope, Source
from outgrow.translate.translator import Translator
from outgrow.translate.writing.common import conflict_action, prefixed
from outgrow.translate.writing.defaults import default_of
from outgrow.translate.writing.fired import conjunction, triggers_of
from outgrow.translate.writing.keys import alike, columns_of, computed, condition_in
from outgrow.translate.writing.overriding import check_conflicts
from outgrow.translate.writing.own_row import is_rowid_test, own_row
from outgrow.translate.writing.returning import returned
from outgrow.translate.writing.rowwise import note_rows
from outgrow.translate.writing.setting import Setting, check_moment, settings
from outgrow.translate.writing.target import Target, target_of

_BLOCKING = "blocking"
_ORDER = "the result would depend on the order in which SQLite updates the rows"


def update(translator: Translator, node: Node) -> Outcome:
    """Translate UPDATE; raises UntranslatableSQL."""
    begun = prefixed(translator, node)
    target = target_of(begun.translator, node)
    action = conflict_action(node, target)
    ctx = translator.ctx
    check_conflicts(ctx.schema, node, action)
    clause = _from(begun.translator, node, target)
    scope = Scope((target.row, *clause.sources), begun.translator.scope, clause.merged)
    inner = begun.translator.inside(scope)
    alone = touches_one_row(target, node["where_clause"])
    if not clause.sql:
        # SQLite computes all values of UPDATE FROM before it changes the first row.
        check_moment(begun.translator, node, target, of_one_row=alone)
    sets = settings(inner, node, target)
    tests = where_tests(inner, node, target)
    prefix = begun.sql
    if action in ("IGNORE", "REPLACE") and target.table is not None:
        if clause.sql and not alone:
            raise unsupported(f"UPDATE OR {action} with FROM")
        guard = _Guard(inner, node, target, target.table, alone)
        if action == "IGNORE":
            tests += guard.ignoring(sets)
        else:
            sets = guard.refilled(sets)
            before, test = guard.replacing(sets, tests, clause.sql)
            if before:
                prefix = f"{prefix.rstrip()}, {before} " if prefix else f"WITH {before} "
                tests.append(test)
    back = returned(begun.translator, node, target)
    if not alone:
        note_rows(ctx, node)
    parts = [
        f"{prefix}UPDATE {target.written} SET {', '.join(setting.sql for setting in sets)}",
        f" FROM {clause.sql}" if clause.sql else "",
        where_clause(tests),
        back.sql,
    ]
    return Outcome(Kind.UPDATE, ("".join(parts),), back.columns, fold(target.source))


def _from(translator: Translator, node: Node, target: Target) -> From:
    if not node["from_clause"]:
        return From()
    clause = translate_from(translator.inside(Scope((), translator.scope)), node["from_clause"])
    if any(source.alias == target.alias for source in clause.sources):
        raise unsupported(f"target object/alias may not appear in the FROM clause: {target.alias}")
    return clause


def where_tests(inner: Translator, node: Node, target: Target) -> list[str]:
    """Write what WHERE says: tests that all have to hold."""
    where = node["where_clause"]
    if where is None:
        return []
    table = target.table
    if table is not None and is_rowid_test(where, table) and own_row(where, table):
        prefix = own_row(where, table)
        columns = [table.column(name) for name in table.primary_key]
        alias = quote(target.alias)
        return [f"{alias}.{quote(c.name)} = {prefix}.{quote(c.name)}" for c in columns if c]
    return [inner.condition(where).sql]


def joined(tests: Sequence[str]) -> str:
    """Write tests that all have to hold."""
    return tests[0] if len(tests) == 1 else " AND ".join(f"({test})" for test in tests)


def where_clause(tests: Sequence[str]) -> str:
    """Write WHERE, or nothing."""
    return f" WHERE {joined(tests)}" if tests else ""


def touches_one_row(target: Target, where: Node | None) -> bool:
    """Whether a WHERE names one value for each column of a unique key."""
    table = target.table
    if table is None:
        return False
    fixed = {name for test in conjunction(where) if (name := _fixed(target, test))}
    return any(
        key.where is None and all(part.column and fold(part.column) in fixed for part in key.parts)
        for key in table.keys
    )


def _fixed(target: Target, test: Node) -> str:
    """The folded column that a test gives one value, '' where it does not."""
    is_equal = test["type"] == "BinaryExpr" and test["op"] in ("EQ", "EQ_DOUBLE")
    is_same = test["type"] == "IsExpr" and test["op"] == "IS"
    if not is_equal and not is_same:
        return ""
    left, right = (without(test[side], "ParenExpr") for side in ("left", "right"))
    for own, value in ((left, right), (right, left)):
        is_own = own["type"] == "ColumnRef" and fold(own["table"] or target.alias) == target.alias
        column = target.find(str(own["column"])) if is_own else None
        # NULL may stand in many rows of a unique key.
        if column and (is_equal or column.not_null) and _is_one_value(value):
            return fold(column.source)
    return ""


def _is_one_value(node: Node) -> bool:
    if node["type"] == "ColumnRef":
        return fold(node["table"] or "") in ("new", "old")
    return node["type"] in ("Literal", "Variable")


class _Guard:
    """What OR IGNORE and OR REPLACE ask of a row before it is updated."""

    def __init__(
        self, inner: Translator, node: Node, target: Target, table: TableInfo, alone: bool
    ) -> None:
        self._inner, self._node, self._target = inner, node, target
        self._table, self._alone = table, alone
        self._blocking = table_source(table, target.alias, _BLOCKING)

    @property
    def _ctx(self) -> Context:
        return self._inner.ctx

    def ignoring(self, sets: list[Setting]) -> list[str]:
        """Write the tests that a row passes which is updated."""
        self._check_single(sets)
        tests = [
            f"({setting.written}) IS NOT NULL"
            for setting in sets
            if setting.columns[0].not_null and setting.value and setting.value.nullable
        ]
        row = self._new_row(sets)
        for check in self._table.checks:
            tree = check.tree if check.tree is not None else expression(check.sql)
            if self._depends(named_columns(tree), sets):
                tests.append(f"{condition_in(self._ctx, check, row)} IS NOT FALSE")
        for key in self._touched(sets):
            tests.append(f"NOT EXISTS ({self._blockers(key, row)})")
        return tests

    def refilled(self, sets: list[Setting]) -> list[Setting]:
        """NULL for a NOT NULL column becomes its default."""
        self._check_single(sets)
        return [self._refill(setting) for setting in sets]

    def _refill(self, setting: Setting) -> Setting:
        (column,) = setting.columns
        value = setting.value
        if not column.not_null or column.default is None or value is None or not value.nullable:
            return setting
        default = default_of(self._ctx, self._target, column)
        if value.rep is Rep.NULL:
            return replace(setting, written=default)
        return replace(setting, written=f"COALESCE({setting.written}, {default})")

    def replacing(self, sets: list[Setting], tests: list[str], from_sql: str) -> tuple[str, str]:
        """Write the common table that deletes rows in the way, and the test that runs it first."""
        keys = self._touched(sets)
        if not keys:
            return "", ""
        if triggers_of(self._ctx.schema, self._table.source, "DELETE"):
            raise unsupported("UPDATE OR REPLACE on a table with DELETE triggers")
        row = self._new_row(sets)
        target = self._target
        sources = f"{target.written}, {from_sql}" if from_sql else target.written
        same = [f"({alike(self._ctx, self._table, key, self._blocking, row)})" for key in keys]
        conditions = [*tests, " OR ".join(same), *self._other_row()]
        deleted = (
            f"DELETE FROM {target.relation} AS {_BLOCKING} USING {sources}"
            f"{where_clause(conditions)} RETURNING 1"
        )
        return f"replaced AS ({deleted})", "(SELECT count(*) FROM replaced) >= 0"

    def _check_single(self, sets: list[Setting]) -> None:
        if any(len(setting.columns) > 1 for setting in sets):
            raise unsupported("UPDATE OR … that sets several columns from a query")
        if any("random" in setting.written for setting in sets):
            raise unsupported("UPDATE OR … with random values")

    def _touched(self, sets: list[Setting]) -> list[KeyInfo]:
        return [key for key in self._table.keys if self._depends(set(columns_of(key)), sets)]

    def _depends(self, names: set[str], sets: list[Setting]) -> bool:
        """Whether columns, or those that generated ones are computed from, are set."""

        def tree(name: str) -> Node | None:
            column = self._table.column(name)
            return tree_of(column.generated) if column and column.generated else None

        read = computed_from(map(fold, names), tree)
        return any(setting.over(read) for setting in sets)

    def _new_row(self, sets: list[Setting]) -> Source:
        """The row as it will be."""
        written = {setting.columns[0].name: setting.written for setting in sets}
        columns = dict(self._target.row.columns)
        for column in self._table.columns:
            if column.name in written:
                value = f"CAST({written[column.name]} AS {column.type})"
                columns[fold(column.source)] = of_column(column, value, nullable=True)
        row = replace(self._target.row, columns=columns)
        generated = {
            column.source
            for column in self._table.columns
            if column.generated and self._depends({column.source}, sets)
        }
        return computed(self._ctx, self._table, row, generated)

    def _blockers(self, key: KeyInfo, row: Source) -> str:
        """Write the query for the rows that have the key that a row is about to get."""
        tests = [alike(self._ctx, self._table, key, self._blocking, row), *self._other_row()]
        relation = self._target.relation
        return f"SELECT 1 FROM {relation} AS {_BLOCKING}{where_clause(tests)}"

    def _other_row(self) -> list[str]:
        """It is another row, and one that the statement does not change itself."""
        tests = [f"{_BLOCKING}.ctid <> {quote(self._target.alias)}.ctid"]
        if not self._alone:
            raised = self._ctx.call("raise_abort", literal(_ORDER))
            scope = Scope((self._blocking,), self._inner.scope.parent)
            moved = where_tests(self._inner.inside(scope), self._node, self._target)
            condition = joined(moved) if moved else "true"
            tests.append(f"CASE WHEN {condition} THEN {raised} IS NULL ELSE true END")
        return tests
