"""LIKE and GLOB over two values, for the operators and for the functions of that name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import compare, keeps_order
from outgrow.translate.expressions.convert import as_any, as_text, base, collated
from outgrow.translate.expressions.values import Rep, Value, condition, constant, text
from outgrow.translate.expressions.wildcards import (
    Bracket,
    Token,
    Wild,
    glob_regex,
    glob_tokens,
    like_pattern,
    like_tokens,
)


def like(ctx: Context, operand: Value, wanted: Value, escape: Value | None = None) -> Value:
    """Translate ``operand LIKE wanted ESCAPE escape``."""
    given, known = _text(ctx, operand), _text(ctx, wanted)
    letter = None if escape is None else _text(ctx, escape)
    parts = [given, known, *([letter] if letter else [])]
    if Rep.NULL in {part.rep for part in parts}:
        return constant(None)
    nullable = any(part.nullable for part in parts)
    if letter is not None and not (letter.is_constant and known.is_constant):
        call = ctx.call("like", known.sql, given.sql, letter.sql)
        return condition(call, nullable=nullable, atom=True)
    folded = f"lower({collated(given)})"
    if not isinstance(known.constant, str):
        written = f"{folded} LIKE lower({collated(known)}) ESCAPE ''"
        return condition(written, nullable=nullable)
    sign = str(letter.constant) if letter else ""
    if letter is not None and len(sign) != 1:
        raise unsupported("SQLite can't evaluate it either: ESCAPE of more than one character")
    tokens = like_tokens(known.constant, sign)
    if tokens is None:
        return _never(given)
    moments = _moments(ctx, operand, [t.upper() if _is_letter(t) else t for t in tokens])  # type: ignore[union-attr]
    if moments is not None:
        return moments
    return condition(_like(operand, given, folded, tokens), nullable=nullable)


def _like(operand: Value, given: Value, folded: str, tokens: Sequence[Token]) -> str:
    """Write the test so that an index of the column can serve it.

    That of a NOCASE column holds folded texts, that of another one texts as they are.
    """
    as_it_is = operand.collation != "NOCASE"
    if as_it_is and not any(map(_is_letter, tokens)):
        return f"{given.operand} LIKE {literal(like_pattern(tokens))}"
    small = [token.lower() if _is_letter(token) else token for token in tokens]  # type: ignore[union-attr]
    test = f"{folded} LIKE {literal(like_pattern(small))}"
    start = list(
        takewhile(lambda token: not isinstance(token, Wild) and not _is_letter(token), tokens)
    )
    if as_it_is and start:
        written = literal(like_pattern([*start, Wild.ANY]))
        return f"{given.operand} LIKE {written} AND {test}"
    return test


def glob(ctx: Context, operand: Value, wanted: Value) -> Value:
    """Translate ``operand GLOB wanted``."""
    given, known = _text(ctx, operand), _text(ctx, wanted)
    if Rep.NULL in (given.rep, known.rep):
        return constant(None)
    nullable = given.nullable or known.nullable
    if not isinstance(known.constant, str):
        regex = ctx.call("glob_regex", known.sql)
        return condition(f"{collated(given)} ~ {regex}", nullable=nullable)
    tokens = glob_tokens(known.constant)
    if tokens is None:
        return _never(given)
    moments = _moments(ctx, operand, tokens)
    if moments is not None:
        return moments
    if any(isinstance(token, Bracket) for token in tokens):
        written = f"{collated(given)} ~ {literal(glob_regex(tokens))}"
    elif any(isinstance(token, Wild) for token in tokens):
        written = f"{given.operand} LIKE {literal(like_pattern(tokens))}"
    else:
        written = f"{given.operand} = {known.operand}"
    return condition(written, nullable=nullable)


def _moments(ctx: Context, operand: Value, tokens: Sequence[Token]) -> Value | None:
    """``created LIKE '2024-05%'`` of a timestamp: between two texts, which its index serves."""
    *start, last = tokens or [""]
    known = operand.rep is Rep.TIME and operand.shape is not None and keeps_order(operand.shape)
    if not known or operand.is_number or last is not Wild.ANY or not start:
        return None
    if not all(isinstance(token, str) for token in start):
        return None
    prefix = "".join(map(str, start))
    plain = replace(operand, affinity=None, collation="BINARY", explicit=True)
    low = compare(ctx, ">=", plain, constant(prefix))
    high = compare(ctx, "<", plain, constant(prefix[:-1] + chr(ord(prefix[-1]) + 1)))
    return condition(f"{low.operand} AND {high.operand}", nullable=operand.nullable)


def _is_letter(token: Token) -> bool:
    return isinstance(token, str) and token.isascii() and token.isalpha()


def _never(given: Value) -> Value:
    """A pattern that matches no text, not even itself."""
    if not given.nullable:
        return condition("false", nullable=False, atom=True)
    return condition(f"CASE WHEN {given.operand} IS NOT NULL THEN false END", nullable=True)


def _text(ctx: Context, value: Value) -> Value:
    value = base(ctx, value)
    if value.rep is Rep.BLOB:
        raise unsupported(
            "LIKE or GLOB of a blob, which depends on how SQLite was compiled",
            "CAST it to TEXT",
        )
    if value.rep is Rep.ANY:
        return text(ctx.call("any_not_blob", as_any(ctx, value).sql), nullable=value.nullable)
    return as_text(ctx, value)
