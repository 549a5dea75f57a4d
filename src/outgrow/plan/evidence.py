"""Evidence: what a rule saw in a column, and how rules are found.

A rule is a module of :mod:`outgrow.plan.rules` with a function ``look(table, column, facts)``
that gives an :class:`Evidence` or nothing, and ``CASES`` that show what it sees and what it does
not. A rule never decides, so the order of the rules can't matter.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind, Shape


class Strength(IntEnum):
    """How far evidence carries.

    ``NOTE``: worth a finding, only the plan file promotes. ``HINT``: promotes a column whose
    values fit. ``STATED``: the author said so; promotes a column without values too.
    """

    NOTE = 0
    HINT = 1
    STATED = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a kind of type, as the end of a sentence ("the name ends in _at")."""

    kind: Kind
    says: str
    strength: Strength
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a rule: a column's DDL, values stored in it, and the kind it speaks for."""

    column: str
    says: Kind | None
    values: tuple[str | int | float | bytes | None, ...] = ()


Look = Callable[[SourceTable, SourceColumn, ColumnFacts], Evidence | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One module of the rules' package."""

    name: str
    look: Look
    cases: tuple[Case, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Find every rule by walking the package."""
    package = importlib.import_module("outgrow.plan.rules")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [(name, importlib.import_module(f"{package.__name__}.{name}")) for name in names]
    return tuple(Rule(name, module.look, module.CASES) for name, module in modules)


def gather(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> tuple[Evidence, ...]:
    """Ask every rule; the strongest evidence first, else in the order of the rules' names."""
    found = [rule.look(table, column, facts) for rule in rules()]
    seen = [evidence for evidence in found if evidence is not None]
    return tuple(sorted(seen, key=lambda evidence: -evidence.strength))
