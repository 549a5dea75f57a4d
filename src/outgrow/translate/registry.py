"""Rules and functions are found by walking their packages: adding one touches no list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from outgrow.translate.expressions.values import Value
from outgrow.translate.outcome import Outcome
from outgrow.translate.scope import Source

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator

Node = Mapping[str, Any]
Rule = Callable[["Translator", Node], Value]
Statement = Callable[["Translator", Node], Outcome]


@dataclass(frozen=True, slots=True)
class Function:
    """A SQLite function.

    Args:
        translate: from translated arguments to the call's value.
        least, most: how many arguments it takes; ``most`` is ``None`` for any number.

    """

    translate: Callable[[Translator, Sequence[Value]], Value]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class AggregateCall:
    """What is written around the arguments of an aggregate.

    Args:
        distinct: whether DISTINCT stands before them.
        order: the terms of ORDER BY.
        by_argument: whether these are the argument itself.
        test: the condition of FILTER.
        over: OVER as it is written, with a space before it.
        is_moving: whether rows leave the frame again.
        visited: the terms that sort the rows as SQLite visits them, '' where they aren't known.

    """

    distinct: bool = False
    order: str = ""
    by_argument: bool = False
    test: str = ""
    over: str = ""
    is_moving: bool = False
    visited: str = ""

    def write(self, name: str, arguments: str) -> str:
        """Write the call."""
        distinct = "DISTINCT " if self.distinct else ""
        order = f" ORDER BY {self.order}" if self.order else ""
        test = f" FILTER (WHERE {self.test})" if self.test else ""
        return f"{name}({distinct}{arguments}{order}){test}{self.over}"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A SQLite aggregate function; ``translate`` writes it with its decoration.

    ``by_position``: whether the order of the rows changes the result.
    """

    translate: Callable[[Translator, AggregateCall, Sequence[Value]], Value]
    least: int
    most: int | None
    by_position: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A SQLite window function; ``translate`` takes OVER as it is written.

    ``by_position``: whether the order of the rows changes the result.
    """

    translate: Callable[[Translator, str, Sequence[Value]], Value]
    least: int
    most: int | None
    by_position: bool = False


#: From the alias and the translated arguments to what stands in FROM, and its columns.
TableFunction = Callable[["Translator", str, Sequence[Value]], tuple[str, Source]]


def modules(package: str) -> Iterator[ModuleType]:
    """Walk the modules of a package by name."""
    root = importlib.import_module(package)
    for found in sorted(pkgutil.iter_modules(root.__path__), key=lambda m: m.name):
        yield importlib.import_module(f"{package}.{found.name}")


def _collect(package: str, attribute: str) -> dict[str, Any]:
    collected: dict[str, Any] = {}
    for module in modules(package):
        for name, entry in getattr(module, attribute, {}).items():
            if name in collected:
                raise ValueError(f"{name} is translated twice, the second time in {module}")
            collected[name] = entry
    return collected


@cache
def rules() -> Mapping[str, Rule]:
    """The handler of each node type, or ``type:operator``."""
    return _collect("outgrow.translate.rules", "RULES")


@cache
def functions() -> Mapping[str, Function]:
    """Scalar functions by lower-case name."""
    return _collect("outgrow.translate.functions", "FUNCTIONS")


@cache
def aggregates() -> Mapping[str, Aggregate]:
    """Aggregate functions by lower-case name."""
    return _collect("outgrow.translate.functions", "AGGREGATES")


@cache
def statements() -> dict[str, Statement]:
    """The handler of each kind of statement."""
    return _collect("outgrow.translate.statements", "STATEMENTS")


@cache
def table_functions() -> Mapping[str, TableFunction]:
    """Functions that stand in FROM, by lower-case name."""
    return _collect("outgrow.translate.functions", "TABLE_FUNCTIONS")


@cache
def windows() -> Mapping[str, Window]:
    """Window functions that are no aggregates, by lower-case name."""
    return _collect("outgrow.translate.functions", "WINDOWS")
