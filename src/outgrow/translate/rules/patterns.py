r"""LIKE and GLOB.

``a LIKE 'x_%'`` → ``a ILIKE 'x_%' ESCAPE ''``: on a "C" column ILIKE folds ASCII letters only,
as SQLite does (https://www.sqlite.org/lang_expr.html#like), and ``\`` escapes nothing.
``a GLOB 'x*'`` → ``starts_with(a, 'x')``; other patterns become a regular expression.
"""

from __future__ import annotations

import re

from outgrow.postgres.identifiers import literal
from outgrow.translate.convert import as_text, collated
from outgrow.translate.errors import unsupported
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, condition, constant


def pattern(translator: Translator, node: Node) -> Value:
    """LIKE, GLOB; MATCH and REGEXP call functions that SQLite itself does not have."""
    operand = as_text(translator.ctx, translator.expr(node["operand"]))
    wanted = as_text(translator.ctx, translator.expr(node["pattern"]))
    if Rep.NULL in (operand.rep, wanted.rep):
        return constant(None)
    if node["keyword"] == "LIKE":
        found = _like(translator, operand, wanted, node["escape"])
    elif node["keyword"] == "GLOB":
        found = _glob(operand, wanted)
    else:
        raise unsupported(f"{node['keyword']}", "PostgreSQL has text search and ~ instead")
    if node["negated"]:
        return condition(f"NOT {found.operand}", nullable=found.nullable)
    return found


def _like(translator: Translator, operand: Value, wanted: Value, escape: Node | None) -> Value:
    letter = translator.expr(escape).constant if escape else ""
    if escape:
        given = wanted.constant
        if not isinstance(letter, str) or len(letter) != 1 or letter in "%_":
            raise unsupported("LIKE with such an ESCAPE")
        if not isinstance(given, str) or (len(given) - len(given.rstrip(letter))) % 2:
            raise unsupported("LIKE with ESCAPE and a pattern that is not a constant")
    return condition(
        f"{collated(operand)} ILIKE {wanted.operand} ESCAPE {literal(str(letter))}",
        nullable=operand.nullable or wanted.nullable,
    )


def _glob(operand: Value, wanted: Value) -> Value:
    if not isinstance(wanted.constant, str):
        raise unsupported("GLOB with a pattern that is not a constant")
    glob, nullable = wanted.constant, operand.nullable
    if not re.search(r"[*?\[]", glob):
        return condition(f"{operand.operand} = {literal(glob)}", nullable=nullable)
    if glob.endswith("*") and not re.search(r"[*?\[]", glob[:-1]):
        return condition(
            f"starts_with({operand.sql}, {literal(glob[:-1])})", nullable=nullable, atom=True
        )
    expression = _regular(glob)
    if expression is None:
        # An open bracket matches nothing.
        test = f"CASE WHEN {operand.operand} IS NOT NULL THEN false END"
        return condition(test, nullable=nullable)
    return condition(f"{collated(operand)} ~ {literal(f'^{expression}$')}", nullable=nullable)


def _regular(glob: str) -> str | None:
    """Turn a GLOB pattern into a regular expression; ``None`` if it can't match anything."""
    parts, at = [], 0
    while at < len(glob):
        letter = glob[at]
        at += 1
        if letter == "*":
            parts.append(".*")
        elif letter == "?":
            parts.append(".")
        elif letter == "[":
            bracket = _bracket(glob, at)
            if bracket is None:
                return None
            written, at = bracket
            parts.append(written)
        else:
            parts.append(re.sub(r"([^A-Za-z0-9_ \u0080-\U0010ffff])", r"\\\1", letter))
    return "".join(parts)


def _bracket(glob: str, start: int) -> tuple[str, int] | None:
    at, sign = start, ""
    if glob[at : at + 1] == "^":
        sign, at = "^", at + 1
    end = glob.find("]", at + 1) if glob[at : at + 1] == "]" else glob.find("]", at)
    if end < 0:
        return None
    inside = glob[at:end]
    for low, high in re.findall(r"(.)-(.)", inside, re.DOTALL):
        if low > high:
            raise unsupported(f"GLOB with the empty range {low}-{high}")
    written = re.sub(r"([\\\[\]^:.=])", r"\\\1", inside)
    return f"[{sign}{written}]", end + 1


RULES: dict[str, Rule] = {"LikeExpr": pattern}
