"""Whether every object is there and is what it should be, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.plan import Plan
from outgrow.model.source import SourceDatabase
from outgrow.model.steps import Counts, ObjectKind
from outgrow.verify import checks
from outgrow.verify.inspection import Check, Inspection, Problem

ABSENT = define("OG-610", "An object that was built is not in the target.")
DIFFERS = define("OG-611", "An object of the target is not what the source declares.")
CHANGED = define("OG-612", "An object is no longer defined as the migration defined it")
NOT_LOOKED_AT = define("OG-613", "The definitions of objects could not be compared")


@cache
def all_checks() -> tuple[Check, ...]:
    """Find the modules of `checks`; the order means nothing."""
    names = sorted(module.name for module in iter_modules(checks.__path__))
    return tuple(cast(Check, import_module(f"{checks.__name__}.{name}")) for name in names)


def inspect_objects(
    inspection: Inspection,
) -> tuple[Mapping[ObjectKind, Counts], tuple[Finding, ...]]:
    """Look at every object that should be there.

    Gives the counts of each kind (declared in the source, found in the target) and what is wrong.
    """
    counts: dict[ObjectKind, Counts] = {}
    declared = source_counts(inspection.source, inspection.plan)
    findings: list[Finding] = []
    for check in all_checks():
        present = 0
        for built in inspection.of_kind(check.KIND):
            problems = check.look(built, inspection)
            where = inspection.where(built)
            if problems is None:
                says = f"it is not in schema {inspection.catalog.schema}"
                findings.append(Finding(ABSENT, Severity.ERROR, where, f"{_noun(check)}: {says}"))
            else:
                present += 1
                findings += _told(check, where, problems)
        counts[check.KIND] = Counts(declared[check.KIND], present)
    return counts, tuple(findings)


def source_counts(source: SourceDatabase, plan: Plan) -> Mapping[ObjectKind, int]:
    """Count what the source declares of each kind; a table that the plan leaves out has nothing."""
    tables = tuple(each for each in source.tables if plan.table(each.name).include)
    moved = replace(source, tables=tables)
    return {check.KIND: check.in_source(moved) for check in all_checks()}


def _told(check: Check, where: str, problems: list[Problem]) -> Iterator[Finding]:
    for problem in problems:
        severity = Severity.WARNING if problem.tolerable else Severity.ERROR
        yield Finding(DIFFERS, severity, where, f"{_noun(check)}: {problem.says}")


def _noun(check: Check) -> str:
    return _NOUNS.get(check.KIND, check.KIND.value.replace("_", " ").removesuffix("s"))


_NOUNS = {
    ObjectKind.INDEXES: "index",
    ObjectKind.NOT_NULL: "NOT NULL",
    ObjectKind.UNIQUE: "UNIQUE",
    ObjectKind.GENERATED: "generated column",
    ObjectKind.CHECKS: "CHECK",
}
