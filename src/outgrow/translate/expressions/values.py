"""What an expression is: its PostgreSQL text, and all that is known of its SQLite value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.postgres.identifiers import literal
from outgrow.translate.errors import UNFIT_VALUE, UntranslatableSQL
from outgrow.translate.schema import ColumnInfo

Constant = int | float | str | bytes | None

INT32 = 2**31
INT64 = 2**63
#: Integers up to here are exact as a double.
EXACT_INTEGER = 2**53
#: Decimals with up to this many digits come back from a double unchanged.
EXACT_DIGITS = 15


class Rep(StrEnum):
    """How a PostgreSQL expression holds a SQLite value.

    ``DECIMAL``: a number of storage class real in a numeric column. ``NUMBER``: a numeric or
    double of NUMERIC affinity: an integer where it is integral, else a real. ``DYNAMIC``: a
    numeric whose scale tells the storage class: 0 for an integer, more for a real.
    ``ANY``: a jsonb that tells the storage class of each value: a number as DYNAMIC has it, a
    string, ``{"blob": "hexadecimal"}`` or ``{"real": "Infinity"}``; if it is loose, also
    ``{"json": …}``.
    ``OPAQUE``: can be stored, passed on and tested for NULL, nothing else.
    """

    NULL = "null"
    INTEGER = "integer"
    REAL = "real"
    DECIMAL = "decimal"
    NUMBER = "number"
    DYNAMIC = "dynamic"
    TEXT = "text"
    BLOB = "blob"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"
    JSONB = "jsonb"
    UUID = "uuid"
    ANY = "any"
    OPAQUE = "opaque"


class Subtype(StrEnum):
    """Whether SQLite's JSON functions take a text for JSON, not for a string.

    https://www.sqlite.org/json1.html#json_arguments: the result of one of them is JSON to another
    one, as long as no query, sorting or grouping stands between. ``COLUMN``: the value of
    json_each(), of which that is known only where SQLite reads it itself; behind that it is
    ``PASSED``: an object or array may be JSON or a string. ``UNSURE``: any text may be.
    """

    JSON = "json"
    COLUMN = "column"
    PASSED = "passed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class JsonForm:
    """What an expression is to JSON functions.

    Args:
        of: the SQL of the expression that this is about.
        subtype: whether its text is JSON.
        element: what JSON functions read instead: of type jsonb if the value is loose, else json.
        part: the value as it is put into JSON, where that is known by the branch it comes from.

    """

    of: str
    subtype: Subtype
    element: str = ""
    part: str = ""


NUMBERS = frozenset({Rep.INTEGER, Rep.REAL, Rep.DECIMAL, Rep.NUMBER, Rep.DYNAMIC, Rep.BOOLEAN})
NUMERIC_AFFINITIES = frozenset({Affinity.NUMERIC, Affinity.INTEGER, Affinity.REAL})


@dataclass(frozen=True, slots=True)
class Value:
    """A translated expression.

    Attributes:
        sql: PostgreSQL text.
        rep: how it holds the SQLite value.
        affinity: SQLite's affinity of the expression, ``None`` where it has none.
        nullable: whether it may be NULL.
        atom: whether ``sql`` needs no parentheses as an operand.
        stored: the type it keeps when it is passed on untouched (a column), else ``None``.
        collation: SQLite's collation; ``explicit`` when COLLATE was written.
        shape: the spelling of a TIME.
        digits: the most significant digits of a DECIMAL or NUMBER, ``None`` if unknown.
        is_constant, constant: the value, where it is known.
        narrow: whether the PostgreSQL type is int4.
        c_collated: whether PostgreSQL already derives collation "C".
        finite: whether a REAL can't be infinite.
        numeral: INTEGER, REAL or DYNAMIC where a TEXT always spells such a number.
        column: whether SQLite takes it for a column when it looks for a collation: a column,
            also behind unary ``+`` and CAST.
        fixed: whether it is the same for every row: a parameter, the present moment.
        by_arm: whether the arms of a compound SELECT have different affinities, so that SQLite's
            planner decides which one is applied.
        double: whether a NUMBER is held in double precision, not in numeric.
        form: what it is to JSON functions, where its text is no mere string to them.
        loose: whether objects and arrays come from jsonb, so that the text of a TEXT, or that of
            ``{"json": …}`` in an ANY, is another spelling of SQLite's: it can be shown and read
            as JSON, nothing else.

    """

    sql: str
    rep: Rep
    affinity: Affinity | None = None
    nullable: bool = True
    atom: bool = False
    stored: TargetType | None = None
    collation: str = "BINARY"
    explicit: bool = False
    shape: Shape | None = None
    digits: int | None = None
    is_constant: bool = False
    constant: Constant = None
    narrow: bool = False
    c_collated: bool = False
    finite: bool = False
    numeral: Rep | None = None
    column: bool = False
    double: bool = False
    form: JsonForm | None = None
    loose: bool = False
    fixed: bool = False
    by_arm: bool = False

    @property
    def operand(self) -> str:
        """The text as it can stand beside an operator or before ``::``."""
        return self.sql if self.atom else f"({self.sql})"

    @property
    def is_text(self) -> bool:
        """Whether its storage class is text (or NULL)."""
        if self.rep is Rep.TIME:
            return not (self.shape and self.shape.is_epoch)
        return self.rep in (Rep.TEXT, Rep.JSON, Rep.UUID, Rep.JSONB)

    @property
    def is_number(self) -> bool:
        """Whether its storage class is integer or real (or NULL)."""
        return self.rep in NUMBERS or (self.rep is Rep.TIME and not self.is_text)

    @property
    def subtype(self) -> Subtype | None:
        """Whether JSON functions take its text for JSON; ``None`` for a string."""
        if self.form is None:
            return None
        return self.form.subtype if self.form.of == self.sql else Subtype.UNSURE

    @property
    def element(self) -> str:
        """What JSON functions read instead of ``sql``; '' where there is no such thing."""
        return self.form.element if self.form and self.form.of == self.sql else ""

    @property
    def part(self) -> str:
        """The value as it is put into JSON, where its branches know that; else ''."""
        return self.form.part if self.form and self.form.of == self.sql else ""

    def form_behind(self, sql: str) -> JsonForm | None:
        """What the value is to JSON functions where it is read from a query, as ``sql``."""
        match self.subtype:
            case None | Subtype.JSON:
                return None
            case Subtype.COLUMN | Subtype.PASSED:
                return JsonForm(sql, Subtype.PASSED)
            case _:
                return JsonForm(sql, Subtype.UNSURE)

    def computed(self) -> Value:
        """The same value without what belongs to a column: affinity, collation, stored type."""
        return replace(
            self,
            affinity=None,
            stored=None,
            collation="BINARY",
            explicit=False,
            column=False,
            by_arm=False,
        )


def integer(sql: str, *, nullable: bool, narrow: bool = False, atom: bool = True) -> Value:
    """Make an INTEGER."""
    return Value(sql, Rep.INTEGER, nullable=nullable, narrow=narrow, atom=atom)


def real(sql: str, *, nullable: bool, atom: bool = True, finite: bool = False) -> Value:
    """Make a REAL."""
    return Value(sql, Rep.REAL, nullable=nullable, atom=atom, finite=finite)


def dynamic(sql: str, *, nullable: bool) -> Value:
    """Make a DYNAMIC; ``sql`` is an operand."""
    return Value(sql, Rep.DYNAMIC, nullable=nullable, atom=True)


def text(sql: str, *, nullable: bool, atom: bool = True, c_collated: bool = False) -> Value:
    """Make a TEXT."""
    return Value(sql, Rep.TEXT, nullable=nullable, atom=atom, c_collated=c_collated)


def condition(sql: str, *, nullable: bool, atom: bool = False) -> Value:
    """Make a BOOLEAN that is the result of a test."""
    return Value(sql, Rep.BOOLEAN, nullable=nullable, atom=atom)


def blob(sql: str, *, nullable: bool) -> Value:
    """Make a BLOB; ``sql`` is an operand."""
    return Value(sql, Rep.BLOB, nullable=nullable, atom=True)


def any_class(sql: str, *, nullable: bool) -> Value:
    """Make an ANY; ``sql`` is an operand."""
    return Value(sql, Rep.ANY, nullable=nullable, atom=True)


def constant(value: Constant) -> Value:
    """Write a known value as a literal; raises UntranslatableSQL for a text with NUL."""
    match value:
        case None:
            return Value("NULL", Rep.NULL, atom=True, is_constant=True)
        case int():
            written = Value(str(value), Rep.INTEGER, narrow=-INT32 < value < INT32)
            if not -INT64 < value < INT64:
                written = Value(f"'{value}'::bigint", Rep.INTEGER, atom=True)
        case float():
            written = Value(_real(value), Rep.REAL, finite=abs(value) != float("inf"))
        case str():
            if "\0" in value:
                raise UntranslatableSQL(UNFIT_VALUE, "a text with a NUL character")
            written = Value(literal(value), Rep.TEXT)
        case bytes():
            written = Value(f"'\\x{value.hex()}'::bytea", Rep.BLOB)
    negative = isinstance(value, int | float) and value < 0 and written.sql.startswith("-")
    return replace(
        written, nullable=False, is_constant=True, constant=value, atom=not negative or written.atom
    )


def _real(value: float) -> str:
    if value in (float("inf"), float("-inf")):
        return f"'{'-' if value < 0 else ''}Infinity'::double precision"
    # A literal with a sign would bind weaker than the cast; the quoted form is one operand.
    return f"'{value!r}'::double precision" if value < 0 else f"{value!r}::double precision"


def of_column(column: ColumnInfo, sql: str, *, nullable: bool | None = None) -> Value:
    """What reading a column gives; ``nullable`` overrides the declaration (outer joins)."""
    kind = column.type.kind
    rep = Rep.OPAQUE if column.mixed else _column_rep(kind, column.affinity)
    if column.type.tagged:
        rep = Rep.ANY
    return Value(
        sql,
        rep,
        column.affinity,
        not column.not_null if nullable is None else nullable,
        atom=True,
        stored=column.type,
        collation=column.collation,
        shape=column.type.shape,
        digits=column.type.precision if kind is Kind.NUMERIC else None,
        c_collated=kind is Kind.TEXT and column.by_bytes,
        finite=kind is Kind.NUMERIC and column.type.precision is not None,
        column=True,
        double=kind is Kind.DOUBLE,
        form=_generated_form(column, sql),
    )


#: Functions of JSON whose results are no JSON to others.
_NO_JSON = frozenset({"json_array_length", "json_error_position", "json_type", "json_valid"})


def _generated_form(column: ColumnInfo, sql: str) -> JsonForm | None:
    """What a generated column is to JSON functions: JSON, if it is VIRTUAL and so computed."""
    if column.generated is None:
        return None
    expression = column.generated.sql.lower()
    names = set(re.findall(r"json\w*", expression)) - _NO_JSON
    if re.search("->(?!>)", expression) or names - {"json_extract"}:
        return JsonForm(sql, Subtype.UNSURE)
    return JsonForm(sql, Subtype.PASSED) if names else None


_PLAIN_REPS = {
    Kind.BIGINT: Rep.INTEGER,
    Kind.BOOLEAN: Rep.BOOLEAN,
    Kind.TEXT: Rep.TEXT,
    Kind.BYTEA: Rep.BLOB,
    Kind.TIMESTAMP: Rep.TIME,
    Kind.DATE: Rep.TIME,
    Kind.JSON: Rep.JSON,
    Kind.JSONB: Rep.JSONB,
    Kind.UUID: Rep.UUID,
}


def _column_rep(kind: Kind, affinity: Affinity) -> Rep:
    if kind is Kind.BIGINT and affinity is Affinity.REAL:
        return Rep.DECIMAL
    if kind in (Kind.BIGINT, Kind.BOOLEAN) and affinity in (Affinity.REAL, Affinity.TEXT):
        return Rep.OPAQUE
    if kind in _PLAIN_REPS:
        return _PLAIN_REPS[kind]
    if affinity is Affinity.REAL:
        return Rep.REAL if kind is Kind.DOUBLE else Rep.DECIMAL
    # Without affinity an integral value may have been stored as either class.
    return Rep.OPAQUE if affinity in (Affinity.BLOB, Affinity.TEXT) else Rep.NUMBER
