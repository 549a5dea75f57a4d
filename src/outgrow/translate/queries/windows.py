"""OVER and the WINDOW clause: partitions, order and frames.

https://www.sqlite.org/windowfunctions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import numeric_constant
from outgrow.translate.expressions.convert import base
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.parse import Node, children, fingerprint, names_a_column
from outgrow.translate.queries.ordering import collated_like, direction, is_fixed, sort_key
from outgrow.translate.queries.results import equality

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

_BOUNDS = {
    "UNBOUNDED_PRECEDING": "UNBOUNDED PRECEDING",
    "UNBOUNDED_FOLLOWING": "UNBOUNDED FOLLOWING",
    "CURRENT_ROW": "CURRENT ROW",
    "EXPR_PRECEDING": "PRECEDING",
    "EXPR_FOLLOWING": "FOLLOWING",
}
_EXCLUDED = {
    "NO_OTHERS": "NO OTHERS",
    "CURRENT_ROW": "CURRENT ROW",
    "GROUP": "GROUP",
    "TIES": "TIES",
}
_WHOLE = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
#: In which order the bounds of a frame may stand.
_RANKS = ("UNBOUNDED_PRECEDING", "EXPR_PRECEDING", "CURRENT_ROW", "EXPR_FOLLOWING")


def has_window(node: Any) -> bool:
    """Whether a call with OVER stands anywhere in a tree."""
    if isinstance(node, list):
        return any(map(has_window, node))
    if not isinstance(node, dict):
        return False
    return bool(node.get("over_clause")) or any(map(has_window, node.values()))


def count_windows(node: Any) -> int:
    """How many different windows the calls in a tree have, without its subqueries."""
    return len(set(_definitions(node)))


def _definitions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _definitions(child)
    elif isinstance(node, dict) and node.get("type") not in ("SubqueryExpr", "ExistsExpr"):
        if node.get("over_clause"):
            yield fingerprint(node["over_clause"])
        for child in node.values():
            yield from _definitions(child)


def over(translator: Translator, node: Node, *, by_position: bool) -> str:
    """Write OVER for a call.

    Args:
        translator: what translates at the place of the call.
        node: the definition after OVER.
        by_position: whether the result depends on the order of the rows in their partition.

    """
    scope = translator.scope
    named = str(node["ref_window_name"] or "")
    definition = _named(translator, named) if named else node
    partition, order, frame = _resolved(translator, definition)
    by_rows = frame is not None and frame["frame_type"] == "ROWS"
    if not order and (by_position or by_rows):
        return f" OVER ({_as_read(translator, partition, frame)})"
    if named:
        scope.used_windows.setdefault(fold(named), _written(translator, partition, order, frame))
        return f" OVER {quote(fold(named))}"
    return f" OVER ({_written(translator, partition, order, frame)})"


def is_moving(translator: Translator, node: Node) -> bool:
    """Whether rows leave the frame of a window again, and SQLite subtracts them."""
    name = str(node["ref_window_name"] or "")
    _, _, frame = _resolved(translator, _named(translator, name) if name else node)
    if frame is None or frame["exclude"] not in ("NONE", "NO_OTHERS"):
        return False
    return bool(frame["start_bound"]["bound_type"] != "UNBOUNDED_PRECEDING")


def _as_read(translator: Translator, partition: Sequence[Node], frame: Node | None) -> str:
    """Write a definition without ORDER BY, its rows in the order in which SQLite reads tables."""
    scope = translator.scope
    kind = "ROWS" if frame is None else frame["frame_type"]
    if not scope.reading or scope.grouped is not None or scope.windows_in_use > 1:
        raise unsupported(
            "a window without ORDER BY: SQLite takes the rows in the order in which it reads them",
            "Give the window an ORDER BY",
        )
    if kind != "ROWS":
        return _written(translator, partition, (), frame)
    translator.ctx.note(
        "a window without ORDER BY: SQLite takes the rows in the order in which it reads them"
    )
    parts = (
        _written(translator, partition, (), None),
        f"ORDER BY {', '.join(scope.reading)}",
        _frame(translator, frame) if frame is not None else _WHOLE,
    )
    return " ".join(part for part in parts if part)


def window_clause(translator: Translator) -> str:
    """Write the WINDOW clause with the definitions that are used; '' without them."""
    written = [f"{quote(name)} AS ({d})" for name, d in translator.scope.used_windows.items()]
    return f"WINDOW {', '.join(written)}" if written else ""


def _named(translator: Translator, name: str) -> Node:
    found = translator.scope.windows.get(fold(name))
    if found is None:
        raise unsupported(f"no such window: {name}")
    return found


def _resolved(
    translator: Translator, node: Node
) -> tuple[Sequence[Node], Sequence[Node], Node | None]:
    """The partition, order and frame of a definition, with those of the window it builds on."""
    partition, order = children(node["partition_by"]), children(node["orderby"])
    name = str(node["base_window_name"] or "")
    if not name:
        return partition, order, node["frame"]
    windows = list(translator.scope.windows.values())
    below = _named(translator, name)
    if any(node is defined for defined in windows) and _position(windows, below) >= _position(
        windows, node
    ):
        raise unsupported(f"a window that builds on {name}, which is defined after it")
    if partition:
        raise unsupported(f"cannot override PARTITION clause of window: {name}")
    inherited, below_order, frame = _resolved(translator, below)
    if order and below_order:
        raise unsupported(f"cannot override ORDER BY clause of window: {name}")
    if frame is not None:
        raise unsupported(f"cannot override frame specification of window: {name}")
    return inherited, order or below_order, node["frame"]


def _position(windows: Sequence[Node], node: Node) -> int:
    return next(at for at, defined in enumerate(windows) if defined is node)


def _written(
    translator: Translator,
    partition: Sequence[Node],
    order: Sequence[Node],
    frame: Node | None,
) -> str:
    ctx = translator.ctx
    parts = []
    partitioned = [equality(ctx, value).operand for value in translator.all(partition)]
    if partitioned:
        parts.append(f"PARTITION BY {', '.join(partitioned)}")
    values = [collated_like(term["expr"], translator.expr(term["expr"])) for term in order]
    offset = frame is not None and _has_offset(frame)
    if frame is not None and offset and frame["frame_type"] == "RANGE":
        if len(values) != 1:
            raise unsupported("RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY term")
        values = [_number(translator, values[0])]
    keys = [
        sort_key(translator, value) + direction(term, nullable=value.nullable)
        for term, value in zip(order, values, strict=True)
        if not is_fixed(term["expr"], value)
    ]
    if not keys and frame is not None and frame["frame_type"] == "GROUPS":
        # PostgreSQL wants an order here; without one all rows are peers.
        keys = ["NULL::text"]
    if keys:
        parts.append(f"ORDER BY {', '.join(keys)}")
    if frame is not None:
        parts.append(_frame(translator, frame))
    return " ".join(parts)


def _has_offset(frame: Node) -> bool:
    bounds = (frame["start_bound"], frame["end_bound"])
    return any(bound and bound["expr"] for bound in bounds)


def _number(translator: Translator, value: Value) -> Value:
    """What RANGE with an offset may be ordered by: sums of integers are exact on both sides."""
    number = base(translator.ctx, value)
    if number.rep is not Rep.INTEGER:
        raise unsupported(
            f"RANGE with an offset over {value.sql}, which is no integer", "CAST it to INTEGER"
        )
    return replace(number, nullable=value.nullable)


def _frame(translator: Translator, frame: Node) -> str:
    kind = str(frame["frame_type"])
    start, end = frame["start_bound"], frame["end_bound"]
    _check_bounds(start, end)
    written = _bound(translator, start, kind)
    if end is not None:
        written = f"BETWEEN {written} AND {_bound(translator, end, kind)}"
    excluded = _EXCLUDED.get(str(frame["exclude"]))
    return f"{kind} {written}{f' EXCLUDE {excluded}' if excluded else ''}"


def _check_bounds(start: Node, end: Node | None) -> None:
    first = str(start["bound_type"])
    last = str(end["bound_type"]) if end is not None else "CURRENT_ROW"
    backwards = last in _RANKS and first in _RANKS and _RANKS.index(first) > _RANKS.index(last)
    if first == "UNBOUNDED_FOLLOWING" or last == "UNBOUNDED_PRECEDING" or backwards:
        raise unsupported("unsupported frame specification")


def _bound(translator: Translator, bound: Node, kind: str) -> str:
    word = _BOUNDS[str(bound["bound_type"])]
    if bound["expr"] is None:
        return word
    value = translator.expr(bound["expr"])
    if not value.is_constant:
        if value.rep is not Rep.INTEGER or value.nullable or names_a_column(bound["expr"]):
            raise unsupported(f"{kind} with an offset that is no constant integer")
        return f"{value.operand} {word}"
    return f"{_offset(value, kind)} {word}"


def _offset(value: Value, kind: str) -> int:
    """How many rows, groups or units; SQLite fails for a negative number and for any other."""
    number = value.constant
    if isinstance(number, str) and kind != "RANGE":
        converted = numeric_constant(number)
        number = converted.constant if converted else None
    if (
        isinstance(number, float)
        and abs(number) < 2**53
        and (number.is_integer() or kind == "RANGE")
    ):
        # Integers differ by an integer: by 1.5 at most is by 1 at most.
        number = int(number // 1)
    if not isinstance(number, int) or number < 0:
        raise unsupported("frame offset must be a non-negative integer")
    return number
