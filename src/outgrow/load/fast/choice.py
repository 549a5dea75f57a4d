"""Which tables go the fast way: those of which the census proved that no value can come to harm.

Everything else (values to repair, to refuse or to keep aside, values that SQLite computes, numbers
in a text column) goes row by row.
"""

from __future__ import annotations

from outgrow.load.fast.job import Column, Form, Job
from outgrow.model.census import ColumnFacts, TableFacts
from outgrow.model.plan import ColumnPlan, TablePlan
from outgrow.model.source import SourceTable
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot

#: Blocks are as large as is quick, and bounded when all long values stand together.
_BLOCK_BYTES = 2 << 20
_MOST_BYTES = 16 << 20
_BLOCK_ROWS = 20_000

#: Blocks of fewer rows and bytes cost more than rows.
_FEW_ROWS = 50
_FEW_BYTES = 256 << 10

#: Whole numbers up to here are exact as double precision.
_EXACT = 2**53
_EXACT_DECIMAL = 10**15

_UNITS = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799

#: An expression that fails when SQLite gets to it.
_FAIL = "abs(-9223372036854775807 - 1)"


def job_for(
    snapshot: Snapshot, table: SourceTable, plan: TablePlan, facts: TableFacts, encoding: str
) -> Job | None:
    """Give the job of a table, or nothing if its rows go one by one."""
    address = snapshot.address()
    block_rows = _block_rows(facts)
    if address is None or not block_rows:
        return None
    if any(column.generated is not None for column in table.columns):
        return None
    columns = []
    for each in plan.columns:
        column = _column(each, facts.column(each.source), encoding)
        if column is None:
            return None
        columns.append(column)
    name = "main." + quote_identifier(table.name)
    header = address.header.hex()
    return Job(address.uri, address.path, header, name, tuple(columns), block_rows)


def _block_rows(facts: TableFacts) -> int:
    """Give the rows of a block, 0 if blocks would be too large or too small.

    At worst the longest values stand together, as far as there are so many.
    """
    if not facts.rows:
        return 0
    average = facts.bytes / facts.rows + 1
    rows = max(1, min(_BLOCK_ROWS, int(_BLOCK_BYTES / average)))
    while rows and _worst(facts, rows) > _MOST_BYTES:
        rows //= 2
    few = rows < min(_FEW_ROWS, facts.rows) and rows * average < _FEW_BYTES
    return 0 if few else rows


def _worst(facts: TableFacts, rows: int) -> int:
    return sum(min(rows * column.max_bytes, column.total_bytes) for column in facts.columns)


def _column(plan: ColumnPlan, facts: ColumnFacts, encoding: str) -> Column | None:
    """Say how a column is encoded, or nothing if its table goes the other way."""
    name = quote_identifier(plan.source)
    if plan.quarantined or facts.texts_with_nul or facts.invalid_utf8 or plan.type.tagged:
        return None
    if not facts.values:
        return Column(Form.NOTHING, name)
    match plan.type.kind:
        case Kind.BIGINT if facts.classes == ("integer",):
            return Column(Form.BIGINT, name, facts.min_integer, facts.max_integer)
        case Kind.BOOLEAN if facts.zero_or_one == facts.values:
            return Column(Form.BOOLEAN, name)
        case Kind.DOUBLE:
            return _number(Form.DOUBLE, name, facts, _EXACT if facts.integers else None)
        case Kind.NUMERIC:
            return _numeric(name, facts, plan.type)
        case Kind.TEXT if set(facts.classes) <= {"text", "integer"}:
            return Column(Form.TEXT, _of_class(name, facts.classes, "TEXT"))
        case Kind.JSON if facts.classes == ("text",):
            return Column(Form.TEXT, _of_class(name, facts.classes, "TEXT"))
        case Kind.JSONB if facts.classes == ("text",):
            return Column(Form.JSONB, _of_class(name, facts.classes, "TEXT"))
        case Kind.UUID if facts.classes == ("text",):
            return Column(Form.UUID, _of_class(name, facts.classes, "TEXT"))
        case Kind.BYTEA if facts.classes == ("blob",) or _is_plain(facts, encoding):
            return Column(Form.BYTEA, _of_class(name, facts.classes, "BLOB"))
        case Kind.TIMESTAMP | Kind.DATE if plan.type.shape is not None:
            return _time(name, facts, plan.type, plan.type.shape)
    return None


def _is_plain(facts: ColumnFacts, encoding: str) -> bool:
    """Whether every value's text is its bytes."""
    return encoding.upper() == "UTF-8" and set(facts.classes) <= {"blob", "text", "integer"}


def _of_class(name: str, classes: tuple[str, ...], target: str) -> str:
    """Write an expression that gives values of these storage classes and fails at others.

    The driver would turn them into text or bytes, each in a way of its own.
    """
    own = target.lower()
    cases = "".join(
        f" WHEN '{each}' THEN {name if each == own else f'CAST({name} AS {target})'}"
        for each in classes
    )
    return f"CASE typeof({name}) WHEN 'null' THEN NULL{cases} ELSE {_FAIL} END"


def _number(form: Form, name: str, facts: ColumnFacts, bound: int | None) -> Column | None:
    """Encode numbers; with a ``bound`` all of them are smaller."""
    if not set(facts.classes) <= {"integer", "real"}:
        return None
    seen = (facts.min_integer, facts.min_real, facts.max_integer, facts.max_real)
    known = [each for each in seen if each is not None]
    low, high = min(known), max(known)
    if bound is not None and not -bound <= low <= high <= bound:
        return None
    return Column(form, name, low, high)


def _numeric(name: str, facts: ColumnFacts, target: TargetType) -> Column | None:
    scale = target.scale or 0
    if target.precision is None or not 0 <= scale < len(str(_EXACT_DECIMAL)) - 1:
        return None
    column = _number(Form.NUMERIC, name, facts, _EXACT_DECIMAL // 10**scale - 1)
    return column and Column(Form.NUMERIC, name, column.low, column.high, scale)


def _time(name: str, facts: ColumnFacts, target: TargetType, shape: Shape) -> Column | None:
    if shape.is_epoch:
        unit = _UNITS[shape.notation]
        low, high = facts.min_integer, facts.max_integer
        if target.kind is not Kind.TIMESTAMP or facts.classes != ("integer",):
            return None
        if low is None or high is None or low < _FIRST_SECOND * unit or high > _LAST_SECOND * unit:
            return None
        return Column(Form.EPOCH, name, low, high, unit)
    is_date = shape.notation == "YYYY-MM-DD"
    if facts.classes != ("text",) or is_date != (target.kind is Kind.DATE):
        return None
    whole = len(shape.notation.replace("[", "").replace("]", ""))
    lengths = (whole, whole - shape.fraction - 1) if shape.fraction_is_optional else (whole,)
    return Column(
        Form.DATE if is_date else Form.TIMESTAMP,
        _of_class(name, facts.classes, "TEXT"),
        lengths=lengths,
        separator=shape.separator,
        is_zoned=bool(shape.suffix),
    )
