"""From one holding of a value to another, as SQLite converts storage classes.

https://www.sqlite.org/datatype3.html and https://www.sqlite.org/lang_expr.html#castexpr
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.identifiers import literal
from outgrow.postgres.shapes import text_of
from outgrow.translate.context import Context
from outgrow.translate.errors import (
    LOST_TEXT,
    MIXED_CLASSES,
    UntranslatableSQL,
)
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import (
    EXACT_INTEGER,
    JsonForm,
    Rep,
    Subtype,
    Value,
    any_class,
    condition,
    constant,
    dynamic,
    integer,
    real,
    text,
)


def base(ctx: Context, value: Value) -> Value:
    """Reduce a promoted value to the one that SQLite stored: INTEGER, REAL, DYNAMIC, TEXT, BLOB.

    Affinity and collation stay; raises UntranslatableSQL where the stored value is not known.
    """
    if value.loose:
        return _exact(ctx, value)
    kept = {
        "affinity": value.affinity,
        "collation": value.collation,
        "explicit": value.explicit,
        "column": value.column,
        "nullable": value.nullable,
    }
    match value.rep:
        case Rep.BOOLEAN:
            return replace(integer(f"{value.operand}::int", nullable=True, narrow=True), **kept)  # type: ignore[arg-type]
        case Rep.DECIMAL:
            made = real(f"{value.operand}::double precision", nullable=True, finite=value.finite)
            return replace(made, **kept)  # type: ignore[arg-type]
        case Rep.NUMBER:
            return replace(dynamic(_number(ctx, value), nullable=True), **kept)  # type: ignore[arg-type]
        case Rep.TIME:
            return replace(_untimed(ctx, value), **kept)  # type: ignore[arg-type]
        case Rep.JSON | Rep.UUID:
            return replace(text(f"{value.operand}::text", nullable=True), **kept)  # type: ignore[arg-type]
        case Rep.JSONB:
            raise UntranslatableSQL(
                LOST_TEXT,
                f"the text of the jsonb column {value.sql} is used",
                "Keep the column json or text in the plan file",
            )
        case Rep.OPAQUE:
            raise UntranslatableSQL(
                MIXED_CLASSES, f"{value.sql} holds values of several storage classes"
            )
        case _:
            return value


def _exact(ctx: Context, value: Value) -> Value:
    """A value with parts from jsonb where its text matters: an object or array is an error."""
    if value.rep is not Rep.ANY:
        raise UntranslatableSQL(
            LOST_TEXT,
            "the text of JSON from a jsonb column is used",
            "Keep the column json or text in the plan file",
        )
    return replace(value, sql=ctx.call("any_exact", value.sql), loose=False)


def _number(ctx: Context, value: Value) -> str:
    if value.double:
        return ctx.call("number", ctx.call("dynamic", value.sql))
    return ctx.call("number", value.sql)


def _untimed(ctx: Context, value: Value) -> Value:
    shape = _shape(value)
    if shape.is_epoch:
        return integer(text_of(value.operand, shape), nullable=True)
    if ctx.immutable:
        return text(ctx.call("time_text", value.sql, literal(str(shape))), nullable=True)
    return text(text_of(value.operand, shape), nullable=True)


def _shape(value: Value) -> Shape:
    if value.shape is None:
        raise UntranslatableSQL(MIXED_CLASSES, f"{value.sql} has no known spelling")
    return value.shape


def widened(value: Value) -> str:
    """Write an INTEGER as a bigint operand."""
    return f"{value.operand}::bigint" if value.narrow else value.operand


def as_text(ctx: Context, value: Value) -> Value:
    """Convert to TEXT as SQLite prints a value."""
    if value.is_constant:
        return value if value.rep in (Rep.TEXT, Rep.NULL) else _constant_text(value)
    value = base(ctx, value)
    match value.rep:
        case Rep.INTEGER:
            return text(f"{value.operand}::text", nullable=value.nullable)
        case Rep.REAL:
            return text(ctx.call("real_text", value.sql), nullable=value.nullable)
        case Rep.DYNAMIC:
            return text(ctx.call("number_text", value.sql), nullable=value.nullable)
        case Rep.ANY:
            return text(ctx.call("any_text", value.sql), nullable=value.nullable)
        case Rep.BLOB:
            # Bytes that are no UTF-8 are an error; in SQLite they are a text that no one can read.
            # In an index or a generated column, a row with such bytes could not be stored at all.
            if ctx.immutable:
                raise UntranslatableSQL(MIXED_CLASSES, f"{value.sql} read as a text: it is bytes")
            return text(ctx.call("blob_text", value.sql), nullable=value.nullable)
        case _:
            return value


def _constant_text(value: Value) -> Value:
    return constant(evaluate("CAST(?1 AS TEXT)", value.constant))


def as_bytes(ctx: Context, value: Value) -> str:
    """Write the bytes of a TEXT."""
    if ctx.immutable:
        return ctx.call("text_bytes", value.sql)
    return f"convert_to({value.sql}, 'UTF8')"


def as_number(ctx: Context, value: Value) -> Value:
    """Convert to INTEGER, REAL or DYNAMIC, as operators of arithmetic do."""
    if value.is_constant and value.rep in (Rep.TEXT, Rep.BLOB):
        return constant(evaluate("?1 + 0", value.constant))
    value = base(ctx, value)
    match value.rep:
        case Rep.TEXT if value.numeral is Rep.INTEGER:
            return integer(f"{value.operand}::bigint", nullable=value.nullable)
        case Rep.TEXT if value.numeral is Rep.REAL:
            return real(f"{value.operand}::double precision", nullable=value.nullable, finite=True)
        case Rep.TEXT:
            return dynamic(ctx.call("text_number", value.sql), nullable=value.nullable)
        case Rep.ANY:
            return dynamic(ctx.call("any_number", value.sql), nullable=value.nullable)
        case Rep.BLOB:
            return dynamic(ctx.call("text_number", escaped(value)), nullable=value.nullable)
        case _:
            return value


def escaped(value: Value) -> str:
    """Write a BLOB as a text that begins with the same number: only ASCII stays as it is."""
    return f"encode({value.sql}, 'escape')"


def as_double(ctx: Context, value: Value) -> Value:
    """Convert a number to REAL."""
    if value.rep is Rep.TEXT and not value.is_constant and value.numeral is None:
        return real(ctx.call("text_real", value.sql), nullable=value.nullable)
    value = as_number(ctx, value)
    if value.is_constant and value.constant is not None:
        return constant(evaluate("CAST(?1 AS REAL)", value.constant))
    match value.rep:
        case Rep.REAL:
            return value
        case Rep.NULL:
            return real("NULL::double precision", nullable=True)
        case _:
            return real(
                f"{value.operand}::double precision",
                nullable=value.nullable,
                finite=value.rep is Rep.INTEGER,
            )


def as_numeric(ctx: Context, value: Value) -> str:
    """Write a number as an exact numeric that keeps the storage class (a DYNAMIC operand)."""
    if isinstance(value.constant, float) and 0 <= value.constant < EXACT_INTEGER:
        return repr(value.constant)
    value = as_number(ctx, value)
    match value.rep:
        case Rep.INTEGER:
            return f"{value.operand}::numeric"
        case Rep.REAL:
            return ctx.call("dynamic", value.sql)
        case Rep.NULL:
            return "NULL::numeric"
        case _:
            return value.operand


def as_integer(ctx: Context, value: Value) -> Value:
    """Convert to INTEGER as CAST does: towards zero, clamped, a text by its prefix."""
    if value.is_constant:
        return constant(evaluate("CAST(?1 AS INTEGER)", value.constant))
    value = base(ctx, value)
    if value.numeral is Rep.INTEGER:
        value = as_number(ctx, value)
    match value.rep:
        case Rep.INTEGER:
            return value.computed()
        case Rep.REAL:
            return integer(ctx.call("real_integer", value.sql), nullable=value.nullable)
        case Rep.DYNAMIC:
            return integer(ctx.call("number_integer", value.sql), nullable=value.nullable)
        case Rep.TEXT:
            return integer(ctx.call("text_integer", value.sql), nullable=value.nullable)
        case Rep.ANY:
            return integer(ctx.call("any_integer", value.sql), nullable=value.nullable)
        case _:
            return integer(ctx.call("text_integer", escaped(value)), nullable=value.nullable)


def as_any(ctx: Context, value: Value) -> Value:
    """Convert to ANY, which keeps the storage class beside the value."""
    value = base(ctx, value)
    match value.rep:
        case Rep.ANY:
            return value
        case Rep.NULL:
            return replace(any_class("NULL::jsonb", nullable=True), is_constant=True)
        case Rep.INTEGER:
            written = f"to_jsonb({value.sql})"
            if ctx.immutable:
                # to_jsonb() itself is only STABLE, because it takes values of any type.
                written = ctx.call("any_of_number", f"{value.operand}::numeric")
        case Rep.REAL:
            written = ctx.call("any_of_number", ctx.call("dynamic", value.sql))
        case Rep.DYNAMIC:
            written = ctx.call("any_of_number", value.sql)
        case Rep.TEXT:
            written = f"to_jsonb({value.operand}::text)"
            if ctx.immutable:
                written = ctx.call("any_of_text", value.sql)
        case _:
            written = ctx.call("any_of_blob", value.sql)
    kept = any_class(written, nullable=value.nullable)
    return replace(
        kept,
        affinity=value.affinity,
        collation=value.collation,
        explicit=value.explicit,
        column=value.column,
        form=JsonForm(written, Subtype.UNSURE) if value.subtype else None,
    )


def as_condition(ctx: Context, value: Value) -> Value:
    """Convert to a test: true where the number is not 0."""
    if value.is_constant:
        truth = evaluate("?1 IS TRUE", value.constant) if value.constant is not None else None
        written = "NULL::boolean" if truth is None else "true" if truth else "false"
        return condition(written, nullable=truth is None, atom=True)
    if value.rep is Rep.BOOLEAN:
        return value
    if value.rep not in (Rep.DECIMAL, Rep.NUMBER):
        value = as_number(ctx, value)
    return condition(f"{value.operand} <> 0", nullable=value.nullable)


def collated(value: Value) -> str:
    """Write a text operand whose order is by bytes."""
    return value.operand if value.c_collated else f'{value.operand} COLLATE "C"'


def output(ctx: Context, value: Value) -> tuple[str, TargetType]:
    """Write a value as a result column, with the type that the column then has."""
    if value.stored is not None:
        return value.sql, value.stored
    if value.rep is Rep.NULL:
        return "NULL::text", TargetType(Kind.TEXT)
    value = value if value.loose else base(ctx, value)
    match value.rep:
        case Rep.INTEGER:
            return widened(value) if value.narrow else value.sql, TargetType(Kind.BIGINT)
        case Rep.REAL:
            return value.sql, TargetType(Kind.DOUBLE)
        case Rep.DYNAMIC:
            return value.sql, TargetType(Kind.NUMERIC)
        case Rep.TEXT:
            return collated(value), TargetType(Kind.TEXT)
        case Rep.ANY:
            return value.sql, TargetType(Kind.JSONB)
        case _:
            return value.sql, TargetType(Kind.BYTEA)


def unify(ctx: Context, values: list[Value], *, loose: bool = False) -> list[Value]:
    """Bring the branches of a CASE, COALESCE or compound SELECT to one holding.

    Promoted values are reduced to what was stored; integers and reals meet as DYNAMIC, other
    classes as ANY. ``loose`` leaves what comes from jsonb as it is.
    """
    times = {v.shape for v in values if v.rep is Rep.TIME}
    if len(times) == 1 and all(v.rep in (Rep.TIME, Rep.NULL) for v in values):
        return [v if v.rep is Rep.TIME else replace(v, sql="NULL") for v in values]
    # A column that is always NULL is a text in PostgreSQL, which meets no other type.
    bases = [
        replace(v, sql="NULL") if v.rep is Rep.NULL else v if loose and v.loose else base(ctx, v)
        for v in values
    ]
    reps = {v.rep for v in bases} - {Rep.NULL}
    if len(reps) <= 1:
        return bases
    if reps <= {Rep.INTEGER, Rep.REAL, Rep.DYNAMIC}:
        return [
            v if v.rep is Rep.NULL else dynamic(as_numeric(ctx, v), nullable=v.nullable)
            for v in bases
        ]
    return [v if v.rep is Rep.ANY else as_any(ctx, v) for v in bases]


def like_branches(branches: list[Value], sql: str, *, nullable: bool) -> Value:
    """Make the value of an expression that gives one of several unified branches."""
    typed = [v for v in branches if v.rep is not Rep.NULL]
    if not typed:
        return Value("NULL", Rep.NULL, atom=True)
    first = typed[0]
    return Value(
        sql,
        first.rep,
        nullable=nullable,
        atom=True,
        shape=first.shape,
        narrow=all(v.narrow for v in typed),
        c_collated=any(v.c_collated for v in typed),
        finite=all(v.finite for v in typed),
        form=_form_of_branches(typed, sql),
        loose=any(v.loose for v in typed),
    )


def _form_of_branches(branches: list[Value], sql: str) -> JsonForm | None:
    subtypes = {value.subtype for value in branches}
    if subtypes == {None}:
        return None
    if branches[0].rep is Rep.ANY and Subtype.UNSURE not in subtypes:
        return JsonForm(sql, Subtype.PASSED)
    return JsonForm(sql, Subtype.JSON if subtypes == {Subtype.JSON} else Subtype.UNSURE)
