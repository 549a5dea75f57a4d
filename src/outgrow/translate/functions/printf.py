"""PRINTF and FORMAT: https://www.sqlite.org/printf.html.

``printf('%d items', n)`` → ``COALESCE(n::text, '0') || ' items'``; a conversion with flags, width
or precision calls the helper of its kind. A format that is only known when it runs is read by
one helper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.expressions.convert import as_any, as_double, as_integer, as_text
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import Value, constant, text
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator

#: Flags, width, precision, conversion; what does not fit ends the text.
_CONVERSION = re.compile(
    r"([-+ #!0,]*)([1-9][0-9]*|\*)?(?:\.(\*|[0-9]*))?l{0,2}([diuxXoprfeEgGszqQwcn%])"
)
_NUMBERS_MODULO = 2**31


def printf(translator: Translator, values: Sequence[Value]) -> Value:
    """``printf(format, …)``; NULL without a format."""
    ctx, arguments = translator.ctx, values[1:]
    if not values[0].is_constant:
        given = ", ".join(as_any(ctx, value).sql for value in arguments)
        wanted = as_text(ctx, values[0])
        call = ctx.call("printf", wanted.sql, f"ARRAY[{given}]::jsonb[]")
        return text(call, nullable=wanted.nullable)
    known = evaluate("CAST(?1 AS TEXT)", values[0].constant)
    if not isinstance(known, str):
        return constant(None)
    pieces = _merged(_pieces(ctx, known, arguments))
    if len(pieces) == 1:
        return text(f"{pieces[0].operand}::text", nullable=False)
    return text(" || ".join(piece.operand for piece in pieces), nullable=False, atom=False)


def _merged(pieces: Iterator[Value]) -> list[Value]:
    """Texts that are known and stand together are one."""
    merged = [constant("")]
    for piece in pieces:
        if piece.is_constant and merged[-1].is_constant:
            merged[-1] = constant(str(merged[-1].constant) + str(piece.constant))
        else:
            merged.append(piece)
    return [piece for piece in merged if piece.constant != ""] or [constant("")]


def _pieces(ctx: Context, given: str, arguments: Sequence[Value]) -> Iterator[Value]:
    values = iter(arguments)
    before, *rest = given.split("%", 1)
    while rest:
        yield constant(before)
        found = _CONVERSION.match(rest[0])
        if found is None:
            yield constant("%" if rest[0] == "" else "")
            return
        flags, width, places, kind = found.groups()
        spread = [next(values, constant(None)) for each in (width, places) if each == "*"]
        value = constant(None) if kind in "%n" else next(values, constant(None))
        if all(each.is_constant for each in (*spread, value)):
            known = [each.constant for each in (*spread, value)]
            marks = ", ".join(f"?{n + 2}" for n in range(len(known)))
            yield constant(evaluate(f"printf(?1, {marks})", f"%{found[0]}", *known))
        else:
            yield _converted(ctx, value, kind, flags, width, places, iter(spread))
        before, *rest = rest[0][found.end() :].split("%", 1)
    yield constant(before)


def _converted(
    ctx: Context,
    value: Value,
    kind: str,
    flags: str,
    width: str | None,
    places: str | None,
    spread: Iterator[Value],
) -> Value:
    size = _size(ctx, width, spread, "0")
    digits = _size(ctx, places, spread, "NULL")
    if kind in "sz" and (flags, size, digits) == ("", "0", "NULL"):
        value = as_text(ctx, value)
        written = f"COALESCE({value.sql}, '')" if value.nullable else value.sql
        return text(written, nullable=False, atom=value.atom or value.nullable)
    if kind in "di" and (flags, size, digits) == ("", "0", "NULL"):
        value = as_integer(ctx, value)
        written = f"{value.operand}::text"
        return text(f"COALESCE({written}, '0')" if value.nullable else written, nullable=False)
    if kind in "diuxXopr":
        helper, value = "format_integer", as_integer(ctx, value)
    elif kind in "feEgG":
        helper, value = "format_real", as_double(ctx, value)
    else:
        helper, value = "format_text", constant("%") if kind == "%" else as_text(ctx, value)
        kind = "s" if kind == "%" else kind
    listed = [value.sql, literal(kind), literal(flags)]
    if (size, digits) != ("0", "NULL"):
        listed += [size] if digits == "NULL" else [size, digits]
    return text(ctx.call(helper, *listed), nullable=False)


def _size(ctx: Context, written: str | None, spread: Iterator[Value], missing: str) -> str:
    """A width or precision; ``*`` takes it from the arguments."""
    if written is None:
        return missing
    if written != "*":
        return str(int(written or "0") % _NUMBERS_MODULO)
    value = as_integer(ctx, next(spread))
    return ctx.call("format_int32", f"COALESCE({value.sql}, 0)::bigint")


FUNCTIONS = {"printf": Function(printf, 0, None), "format": Function(printf, 0, None)}
