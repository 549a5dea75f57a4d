"""Target types, and how a promoted column spelled its values in SQLite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The PostgreSQL types a column can get, by their standard names."""

    BIGINT = "bigint"
    BOOLEAN = "boolean"
    DOUBLE = "double precision"
    NUMERIC = "numeric"
    TEXT = "text"
    BYTEA = "bytea"
    TIMESTAMP = "timestamp without time zone"
    DATE = "date"
    JSON = "json"
    JSONB = "jsonb"
    UUID = "uuid"


_SHAPE = re.compile(
    r"YYYY-MM-DD(?:(?P<sep>[ T])HH:MM(?P<seconds>:SS(?P<fraction>\[?\.f{1,6}\]?)?)?"
    r"(?P<suffix>Z|\+00:00)?)?"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The one spelling that every value of a promoted date or time column has.

    A shape is invertible: the instant and the shape give back the very text that was stored.
    Its notation is kept in the target (``outgrow.columns.shape``):

    - ``YYYY-MM-DD``, ``YYYY-MM-DD HH:MM``, ``YYYY-MM-DDTHH:MM:SS``, ``…SS.fff`` (1 to 6 digits),
    - ``…SS[.ffffff]``: the fraction is left out when it is zero, as ``datetime.isoformat`` does,
    - any of the forms with a time followed by ``Z`` or ``+00:00``,
    - ``epoch s``, ``epoch ms``, ``epoch us``: an integer counted from 1970-01-01 UTC.
    """

    notation: str

    def __post_init__(self) -> None:
        if not self.is_epoch and not _SHAPE.fullmatch(self.notation):
            raise ValueError(f"not a shape: {self.notation!r}")

    @property
    def is_epoch(self) -> bool:
        """Whether the column holds integers counted from 1970."""
        return self.notation in ("epoch s", "epoch ms", "epoch us")

    def _part(self, name: str) -> str:
        match = _SHAPE.fullmatch(self.notation)
        return (match[name] or "") if match else ""

    @property
    def separator(self) -> str:
        """``T``, a space, or nothing for a date alone."""
        return self._part("sep")

    @property
    def has_seconds(self) -> bool:
        """Whether ``:SS`` is part of the text."""
        return bool(self._part("seconds"))

    @property
    def fraction(self) -> int:
        """Digits of the fraction of a second; 0 for none."""
        return self._part("fraction").count("f")

    @property
    def fraction_is_optional(self) -> bool:
        """Whether a fraction of zero is left out."""
        return self._part("fraction").startswith("[")

    @property
    def suffix(self) -> str:
        """``Z``, ``+00:00`` or nothing."""
        return self._part("suffix")

    def __str__(self) -> str:
        return self.notation


@dataclass(frozen=True, slots=True)
class TargetType:
    """A PostgreSQL type.

    ``shape`` says how a date or time column spelled its text. ``tagged``: a jsonb that holds
    values of any storage class, each with its class, and no JSON of the application.
    """

    kind: Kind
    precision: int | None = None
    scale: int | None = None
    shape: Shape | None = None
    tagged: bool = False

    def __str__(self) -> str:
        """As PostgreSQL's ``format_type`` spells it."""
        if self.kind is Kind.NUMERIC and self.precision is not None:
            return f"numeric({self.precision},{self.scale or 0})"
        return self.kind.value


class Policy(StrEnum):
    """How far columns are promoted (``--types``)."""

    NATIVE = "native"
    FAITHFUL = "faithful"
    EAGER = "eager"


class OnBad(StrEnum):
    """What to do with a value that PostgreSQL can't hold (``--on-bad``)."""

    REPAIR = "repair"
    REFUSE = "refuse"
    STOP = "stop"
