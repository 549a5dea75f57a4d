"""What JSON functions read and give: documents, paths, and values put into JSON.

SQLite takes any text for JSON (https://www.sqlite.org/json1.html#interface_overview) and keeps its
spelling, so a text is read as ``json``; a promoted column is read as the ``jsonb`` that it is. Of
that the spelling is lost, so what comes from it is *loose* (see ``Value``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outgrow.postgres.identifiers import literal
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.convert import as_any, as_numeric, as_text, base
from outgrow.translate.expressions.fold import evaluate, settled
from outgrow.translate.expressions.values import (
    JsonForm,
    Rep,
    Subtype,
    Value,
    any_class,
    constant,
    text,
)

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

#: A step of a path: "key", key, [3], [#-1] (https://www.sqlite.org/json1.html#path_arguments).
_STEP = re.compile(
    r'\."(?P<quoted>(?:[^"\\]|\\.)*)"|\.(?P<bare>[^".\[][^.\[]*)'
    r"|\[(?P<index>[0-9]+)\]|\[#(?:-(?P<back>[0-9]+))?\]",
    re.DOTALL,
)
#: The greatest index that PostgreSQL reads; no array is that long.
_FARTHEST = 2**31 - 1
_WRAP = "Wrap the value in json()"


@dataclass(frozen=True, slots=True)
class Document:
    """JSON that a function reads: an operand of type json, or of jsonb if it is ``loose``."""

    sql: str
    nullable: bool
    loose: bool = False

    @property
    def as_json(self) -> str:
        """The document as an operand of type json."""
        return f"{self.sql}::text::json" if self.loose else self.sql


def document(ctx: Context, value: Value) -> Document:
    """Read a value as JSON; text that is none is an error when the row is read.

    Raises UntranslatableSQL for a blob and for a constant that is no JSON.
    """
    if value.rep is Rep.NULL:
        return Document("NULL::json", nullable=True)
    if value.is_constant:
        written = evaluate("json(?1)", value.constant)
        return Document(f"{literal(str(written))}::json", nullable=False)
    if value.element and value.rep is Rep.TEXT:
        return Document(value.element, value.nullable, value.loose)
    if value.rep is Rep.JSONB:
        return Document(value.operand, value.nullable, loose=True)
    if value.rep is Rep.JSON:
        return Document(value.operand, value.nullable)
    if value.loose and value.rep is Rep.ANY:
        return Document(ctx.call("any_document", value.sql), value.nullable, loose=True)
    if value.loose:
        return Document(ctx.call("jsonb_of", value.sql), value.nullable, loose=True)
    if base(ctx, value).rep is Rep.BLOB:
        raise unsupported(
            "a blob read as JSON",
            "SQLite's binary JSON means nothing to PostgreSQL: store the text that json() gives",
        )
    written_text = as_text(ctx, value)
    return Document(f"{written_text.operand}::json", value.nullable)


def steps_of(path: str) -> tuple[str, ...]:
    """Cut a path into steps, as the helper ``json_steps`` does.

    Raises UntranslatableSQL for a path that SQLite does not accept.
    """
    at, steps = 1, []
    while at < len(path) and path.startswith("$"):
        found = _STEP.match(path, at)
        if found is None:
            break
        at = found.end()
        if found["quoted"] is not None:
            steps.append(('"' if "\\" in found["quoted"] else ".") + found["quoted"])
        elif found["bare"] is not None:
            steps.append("." + found["bare"])
        else:
            steps.append("[" + (found["index"] or f"-{found['back'] or 0}"))
    if not path.startswith("$") or at < len(path):
        raise unsupported(f"SQLite can't evaluate it either: bad JSON path: {path!r}")
    return tuple(steps)


def label_path(label: str | int) -> str:
    """The path that the right side of ``->`` means (https://www.sqlite.org/json1.html#jptr)."""
    if isinstance(label, int):
        return f"$[#{label}]" if label < 0 else f"$[{label}]"
    if label.startswith("$"):
        return label
    if label.startswith("[") and label.endswith("]"):
        return f"${label}"
    return f'$."{label}"' if label else ""


def path_steps(ctx: Context, path: Value) -> tuple[str, ...] | str:
    """The steps of a path: known, or as SQL."""
    if path.is_constant:
        return steps_of(str(as_text(ctx, path).constant))
    return ctx.call("json_steps", as_text(ctx, path).sql)


def written_steps(steps: tuple[str, ...] | str) -> str:
    """Write steps as an array."""
    if isinstance(steps, str):
        return steps
    listed = ", ".join(literal(step) for step in steps)
    return f"ARRAY[{listed}]" if steps else "'{}'::text[]"


def lookup(ctx: Context, source: Document, steps: tuple[str, ...] | str) -> Document:
    """What a path finds in a document; NULL for nothing."""
    if not steps:
        return source
    if source.loose and not isinstance(steps, str):
        return replace(source, sql=_native(source.sql, steps), nullable=True)
    helper = "jsonb_lookup" if source.loose else "json_lookup"
    found = ctx.call(helper, source.sql, written_steps(steps))
    return replace(source, sql=found, nullable=True)


def _native(source: str, steps: Sequence[str]) -> str:
    """``data -> 'a' -> 'b'``; indexes in a path of PostgreSQL's, which keeps keys and them apart.

    jsonb's ``->`` takes a scalar for an array of one element, and ``#>`` an index for a key
    (https://www.postgresql.org/docs/current/functions-json.html).
    """
    keys = [step for step in steps if not step.startswith("[")]
    if len(keys) == len(steps):
        return "(" + " -> ".join([source, *(literal(_key(step)) for step in steps)]) + ")"
    path = "".join(_native_step(step) for step in steps)
    return f"jsonb_path_query_first({source}, {literal(f'strict ${path}')}, '{{}}', true)"


def _key(step: str) -> str:
    if step.startswith("."):
        return step[1:]
    try:
        return str(json.loads(f'{step}"'))
    except ValueError as error:
        raise unsupported(f"a JSON path with the key {step}") from error


def _native_step(step: str) -> str:
    if not step.startswith("["):
        return "." + json.dumps(_key(step), ensure_ascii=False)
    index = int(step.removeprefix("[-").removeprefix("["))
    if not step.startswith("[-"):
        return f"[{min(index, _FARTHEST)}]"
    if index == 0:
        # [#] is the place behind the last one: nothing is there.
        return "[last + 1]"
    return f"[last - {min(index - 1, _FARTHEST)}]"


def extracted(ctx: Context, found: Document, subtype: Subtype | None = None) -> Value:
    """A part of JSON as a SQL value: text, integer, real or NULL; ``subtype`` is that of a text."""
    sql = ctx.call("jsonb_any" if found.loose else "json_any", found.sql)
    form = JsonForm(sql, subtype, found.sql) if subtype else None
    return replace(any_class(sql, nullable=True), form=form, loose=found.loose)


def json_text(ctx: Context, found: Document) -> Value:
    """A part of JSON as its minified text, which is JSON to other functions."""
    sql = ctx.call("json_minified", found.as_json)
    made = text(sql, nullable=found.nullable)
    return replace(made, form=JsonForm(sql, Subtype.JSON, found.sql), loose=found.loose)


def made_json(sql: str, *, nullable: bool, loose: bool) -> Value:
    """A TEXT that a JSON function wrote."""
    made = text(sql, nullable=nullable)
    return replace(made, form=JsonForm(sql, Subtype.JSON), loose=loose)


def settled_form(expression: str, values: Sequence[Value]) -> Value | None:
    """Evaluate a SQLite expression over constants, one ``{}`` for each; ``None`` if it may change.

    Raises UntranslatableSQL where SQLite fails.
    """
    names = [f"argument_{number}" for number in range(len(values))]
    given = {name: value.constant for name, value in zip(names, values, strict=True)}
    read = [
        f"json({name})" if value.subtype is Subtype.JSON else name
        for name, value in zip(names, values, strict=True)
    ]
    written = expression.format(*read)
    known = settled(written, given)
    if known is None:
        return None
    made = constant(known.value)
    is_text = isinstance(known.value, str) and re.search(r"json|->", written)
    if not is_text or settled(f"json_quote({written})", given) != known:
        return made
    return replace(made, form=JsonForm(made.sql, Subtype.JSON))


def part(translator: Translator, value: Value) -> str:
    """Write a value as JSON, as it is put into other JSON; never NULL.

    Raises UntranslatableSQL for a blob, and where it depends on SQLite's plan what a text is.
    """
    ctx = translator.ctx
    if value.part:
        return value.part
    if value.subtype is Subtype.UNSURE:
        raise unsupported("a text that may be JSON or a string, as SQLite's plan has it", _WRAP)
    if value.is_constant or value.rep is Rep.NULL:
        read = "json(?1)" if value.subtype else "?1"
        return literal(str(evaluate(f"json_quote({read})", value.constant)))
    if value.rep is Rep.ANY:
        return _any_part(translator, value)
    if value.subtype is Subtype.PASSED:
        return ctx.call("any_unsure_part", as_any(ctx, value).sql)
    if value.rep is Rep.TEXT and value.subtype is Subtype.JSON:
        written = value.sql
    else:
        value = base(ctx, value)
        written = _scalar_part(ctx, value)
    return f"COALESCE({written}, 'null')" if value.nullable else written


def chosen(
    translator: Translator,
    made: Value,
    branches: Sequence[Value],
    choose: Callable[[Sequence[str]], str],
) -> Value:
    """Keep what a chosen value is to JSON functions: each branch as it is put into JSON.

    ``choose`` writes the choice among them.
    """
    if made.subtype in (None, Subtype.JSON):
        return made
    if any(branch.subtype is Subtype.COLUMN for branch in branches):
        # Whether rows are set aside is known where the choice is put into JSON.
        return made
    try:
        parts = [part(translator, branch) for branch in branches]
    except UntranslatableSQL:
        return made
    form = JsonForm(made.sql, Subtype.PASSED, part=choose(parts))
    return replace(made, form=form)


def is_loose_part(value: Value) -> bool:
    """Whether JSON that a value is put into is loose; a plain text from jsonb is put in exactly."""
    return value.loose and (value.rep is not Rep.ANY or value.subtype is not None)


def _any_part(translator: Translator, value: Value) -> str:
    ctx = translator.ctx
    if value.subtype is None:
        return ctx.call("any_part", base(ctx, value).sql)
    # SQLite sets rows aside to group them and for windows, and forgets what was JSON.
    set_aside = any(scope.grouped or scope.windows_in_use for scope in translator.scope.chain())
    if not value.element or (value.subtype is Subtype.COLUMN and set_aside):
        return ctx.call("any_unsure_part", value.sql)
    return ctx.call("json_part", f"{value.element}::text::json" if value.loose else value.element)


def _scalar_part(ctx: Context, value: Value) -> str:
    match value.rep:
        case Rep.INTEGER:
            return f"{value.operand}::text"
        case Rep.REAL:
            return ctx.call("real_json", value.sql)
        case Rep.DYNAMIC:
            return ctx.call("number_json", as_numeric(ctx, value))
        case Rep.TEXT:
            return quoted(ctx, value)
        case _:
            raise _blob_in_json()


def quoted(ctx: Context, value: Value) -> str:
    """Write a TEXT as a string of JSON."""
    # to_json() is only STABLE, because it takes values of any type.
    if ctx.immutable:
        return ctx.call("text_json", value.sql)
    return f"to_json({value.operand}::text)::text"


def _blob_in_json() -> UntranslatableSQL:
    return unsupported("a blob put into JSON", "SQLite accepts only its own binary JSON there")
