"""WITH: common table expressions; the recursive ones are in ``recursion``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.recursion import recursive, references

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_HINTS = {"MATERIALIZED": "MATERIALIZED ", "NOT_MATERIALIZED": "NOT MATERIALIZED "}


def with_(translator: Translator, node: Node, names: Sequence[str] | None) -> Query:
    """Translate WITH; its tables may name one another, but not in a circle."""
    sorted_outside = bool(node["select"].get("orderby"))
    translator, written, is_recursive = definitions(
        translator, children(node["ctes"]), sorted_outside=sorted_outside
    )
    inner = translator.query(node["select"], names)
    clause = with_clause(written, is_recursive)
    shown = inner.shown and replace(inner.shown, start=f"{clause} {inner.shown.start}")
    return replace(inner, sql=f"{clause} {inner.sql}", shown=shown)


def with_clause(written: Sequence[str], is_recursive: bool) -> str:
    """Write WITH and its definitions."""
    return f"WITH {'RECURSIVE ' if is_recursive else ''}{', '.join(written)}"


def definitions(
    translator: Translator, ctes: Sequence[Node], *, sorted_outside: bool = False
) -> tuple[Translator, list[str], bool]:
    """Translate common table expressions.

    Args:
        translator: what stands around them.
        ctes: their definitions.
        sorted_outside: whether what reads them has an ORDER BY of its own.

    Returns:
        the translator that knows them, their texts in an order in which each names earlier ones
        only, and whether one is recursive.

    """
    written: list[str] = []
    is_recursive = False
    for definition in _in_order(ctes):
        name = fold(str(definition["cte_name"]))
        select = definition["select"]
        given = [str(column["column"]) for column in children(definition["columns"])] or None
        if references(select, name):
            is_recursive = True
            query, texts = recursive(translator, select, name, given, sorted_outside=sorted_outside)
            written += texts
        else:
            query = translator.query(select, given)
            hint = _HINTS.get(str(definition["materialized"]), "")
            columns = ", ".join(query.sql_names)
            written.append(f"{quote(name)}({columns}) AS {hint}({query.sql})")
        translator = translator.knowing(name, replace(query, sql=quote(name)))
    return translator, written, is_recursive


def _in_order(ctes: Sequence[Node]) -> list[Node]:
    """The definitions, each after those that it names; raises for a circle."""
    named = {fold(str(cte["cte_name"])): cte for cte in ctes}
    if len(named) < len(ctes):
        raise unsupported("duplicate WITH table name")
    ordered: dict[str, Node] = {}

    def visit(name: str, around: tuple[str, ...]) -> None:
        if name in around:
            raise unsupported(f"circular reference: {name}")
        if name in ordered:
            return
        for other in named:
            if other != name and references(named[name]["select"], other):
                visit(other, (*around, name))
        ordered[name] = named[name]

    for name in named:
        visit(name, ())
    return list(ordered.values())
