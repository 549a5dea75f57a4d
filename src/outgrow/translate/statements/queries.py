"""SELECT, VALUES and WITH: what gives rows and changes nothing."""

from __future__ import annotations

from outgrow.translate.outcome import Kind, Outcome
from outgrow.translate.parse import Node
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator


def query(translator: Translator, node: Node) -> Outcome:
    """A query in any form."""
    translated = translator.query(node)
    return Outcome(Kind.SELECT, (translated.sql,), translated.columns)


STATEMENTS: dict[str, Statement] = dict.fromkeys(
    ("SelectStmt", "CompoundSelect", "ValuesClause", "WithClause"), query
)
