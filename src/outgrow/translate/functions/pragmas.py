"""``pragma_table_info('t')`` and its like in FROM."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.postgres.identifiers import quote
from outgrow.translate.definitions.system_tables import pragma_query
from outgrow.translate.expressions.values import Value
from outgrow.translate.registry import TableFunction
from outgrow.translate.scope import Source
from outgrow.translate.statements.pragmas import FACTS
from outgrow.translate.translator import Translator


def _called(name: str) -> TableFunction:
    def called(
        translator: Translator, alias: str, arguments: Sequence[Value]
    ) -> tuple[str, Source]:
        query = pragma_query(translator, name, arguments)
        return f"LATERAL ({query.sql}) AS {quote(alias)}", query.source(alias)

    return called


TABLE_FUNCTIONS = {f"pragma_{name}": _called(f"pragma_{name}") for name in FACTS}
