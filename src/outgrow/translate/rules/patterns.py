r"""LIKE and GLOB.

``a LIKE 'x_%'`` → ``lower(a COLLATE "C") LIKE 'x_%'``, because SQLite folds ASCII letters
(https://www.sqlite.org/lang_expr.html#like); the index of a NOCASE column serves it. Without a
letter in the pattern nothing is folded, and the index of any other text serves it. ``\`` escapes
nothing in SQLite. ``a GLOB 'x*'`` → ``a LIKE 'x%'``; with brackets it is a regular expression. A
pattern that is not known becomes one when the statement runs.
"""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.matching import glob, like
from outgrow.translate.expressions.values import Rep, Value, condition
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator

_HINTS = {
    "REGEXP": "SQLite itself has no REGEXP; write it with LIKE or GLOB, or send PostgreSQL its own"
    " SQL with ~",
    "MATCH": "Full-text search is PostgreSQL's own: to_tsvector(…) @@ to_tsquery(…)",
}


def pattern(translator: Translator, node: Node) -> Value:
    """LIKE, GLOB; MATCH and REGEXP call functions that SQLite itself does not have."""
    ctx, word = translator.ctx, str(node["keyword"])
    if word in _HINTS:
        raise unsupported(word, _HINTS[word])
    operand, wanted = translator.expr(node["operand"]), translator.expr(node["pattern"])
    if word == "GLOB":
        found = glob(ctx, operand, wanted)
    else:
        escape = translator.expr(node["escape"]) if node["escape"] else None
        found = like(ctx, operand, wanted, escape)
    if node["negated"] and found.rep is not Rep.NULL:
        return condition(f"NOT {found.operand}", nullable=found.nullable)
    return found


RULES: dict[str, Rule] = {"LikeExpr": pattern}
