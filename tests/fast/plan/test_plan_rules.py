"""Every rule on the cases that stand beside it, on a table that SQLite itself made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outgrow.model.census import Census
from outgrow.model.source import SourceDatabase
from outgrow.plan.evidence import Case, Rule, rules

Made = Callable[..., tuple[SourceDatabase, Census]]

CASES = [
    pytest.param(rule, case, id=f"{rule.name}-{number}")
    for rule in rules()
    for number, case in enumerate(rule.cases)
]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case(rule: Rule, case: Case, made: Made) -> None:
    rows = {"t": [(value,) for value in case.values]} if case.values else {}
    source, census = made(f"CREATE TABLE t (\n{case.column}\n)", rows)
    [table] = source.tables
    evidence = rule.look(table, table.columns[0], census.tables["t"].columns[0])
    assert (evidence.kind if evidence else None) == case.says


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_cases_show_what_a_rule_sees_and_what_it_does_not(rule: Rule) -> None:
    said = {case.says for case in rule.cases}
    assert None in said
    assert len(said) > 1
