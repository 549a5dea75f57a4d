"""Statements as applications write them, one module a family.

A module has ``CASES``, and ``TABLES`` (default: those of ``translate_corpus``), ``TRIGGERS`` and
``VIEWS`` where it needs others. A case that is a plain string is one statement; ``= `` before it
says that the order of its rows is defined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """Statements that are run one after another, each with its parameters.

    Args:
        statements: SQL, or (SQL, parameters).
        ordered: whether the order of the rows is defined.
        loud: why PostgreSQL raises an error where SQLite gives a value; '' where it may not.

    """

    statements: tuple[str | tuple[str, Parameters], ...]
    ordered: bool = False
    loud: str = ""

    @property
    def name(self) -> str:
        """The case in one line."""
        return "; ".join(
            " ".join(sql.split()) + (f" ← {given!r}" if given else "") for sql, given in self.steps
        )

    @property
    def steps(self) -> list[tuple[str, Parameters]]:
        """Each statement with its parameters."""
        return [(s, ()) if isinstance(s, str) else s for s in self.statements]


def case(*statements: str | tuple[str, Parameters], ordered: bool = False, loud: str = "") -> Case:
    """Make a case of several statements, or of one with parameters."""
    return Case(statements, ordered, loud)


def as_case(given: str | Case) -> Case:
    """Make a case of a plain string."""
    if isinstance(given, Case):
        return given
    return Case((given.removeprefix("= "),), given.startswith("= "))
