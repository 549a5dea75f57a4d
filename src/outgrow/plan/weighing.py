"""Decide what every table and column of a file becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from outgrow.errors import DecisionNeeded, define
from outgrow.model.census import Census, ColumnFacts
from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.plan import ColumnPlan, Plan, TablePlan
from outgrow.model.source import SourceDatabase, SourceTable
from outgrow.model.types import Kind, OnBad, Policy, Shape, TargetType
from outgrow.plan import notices, wording
from outgrow.plan.choices import check_unique, choose, digest
from outgrow.plan.column import Subject, Verdict, weigh
from outgrow.plan.fitting import DEFAULT_SHAPE
from outgrow.plan.links import differing_keys, linked
from outgrow.plan.naming import Names, names_of
from outgrow.plan.overrides import Overrides
from outgrow.plan.roles import Place, roles_of

TOO_WIDE = define("OG-206", "A table has more columns than PostgreSQL can hold")

#: https://www.postgresql.org/docs/current/limits.html
_MOST_COLUMNS = 1600


def make_plan(
    source: SourceDatabase,
    census: Census,
    *,
    policy: Policy,
    schema: str = "public",
    overrides: Overrides | None = None,
    on_bad: OnBad = OnBad.REPAIR,
) -> Plan:
    """Decide every table and column of a file.

    Args:
        source: what the file declares.
        census: the facts of every value in it.
        policy: how far columns are promoted that the plan file does not decide. The caller
            chooses between the command line's and ``overrides.policy``.
        schema: the target schema.
        overrides: the decisions of a plan file.
        on_bad: what to do with texts that PostgreSQL can't hold.

    Raises:
        PlanError: a decision of the plan file can't be carried out.
        DecisionNeeded: a decision of the plan file no longer fits the data, ``on_bad`` is
            ``STOP`` and there are texts that PostgreSQL can't hold, or a table is too wide.

    """
    overrides = overrides or Overrides()
    subjects = _subjects(source, census)
    shape = typical_shape(subjects)
    _check_widths(source, overrides)
    stale = bool(overrides.census) and overrides.census != digest(census)
    check_unique(source, census, overrides, stale=stale)
    inferred = {place: weigh(subject, policy, shape) for place, subject in subjects.items()}
    verdicts = {
        place: choose(subjects[place], verdict, overrides, stale=stale)
        for place, verdict in linked(subjects, inferred).items()
    }
    findings = differing_keys(subjects, verdicts)
    if stale:
        findings.append(notices.data_changed(source.file))
    names = names_of(source, overrides)
    tables = []
    for table in source.tables:
        planned, told = _table(table, subjects, verdicts, names, overrides, on_bad)
        tables.append(planned)
        findings.extend(told if planned.include else ())
    if on_bad is OnBad.STOP:
        _stop(tables, findings)
    return Plan(
        source.file,
        policy,
        schema,
        tuple(tables),
        tuple(sorted(names.others.items())),
        names.renamed,
        tuple(findings),
    )


def _stop(tables: list[TablePlan], findings: list[Finding]) -> None:
    """Tell every text that PostgreSQL can't hold; raises DecisionNeeded if there is one."""
    told = tuple(each for each in findings if each.code is notices.UNHOLDABLE)
    if told:
        count = sum(
            column.repaired for table in tables if table.include for column in table.columns
        )
        what = f"PostgreSQL can't hold {wording.values(count)} in {len(told):,} columns"
        raise DecisionNeeded(
            notices.UNHOLDABLE,
            told[0].says if len(told) == 1 else what,
            where=told[0].where if len(told) == 1 else "",
            fix="Repair them (--on-bad repair), refuse their rows (--on-bad refuse), "
            "or make the column bytea in the plan file",
            findings=told,
        )


def _check_widths(source: SourceDatabase, overrides: Overrides) -> None:
    for table in source.tables:
        if len(table.columns) > _MOST_COLUMNS and overrides.table(table.name).include:
            raise DecisionNeeded(
                TOO_WIDE,
                f"{len(table.columns):,} columns, and a table in PostgreSQL has at most "
                f"{_MOST_COLUMNS:,}",
                where=source.where(table.name),
                fix="Leave the table out, with --exclude or include = false in the plan file",
            )


def typical_shape(subjects: Mapping[Place, Subject]) -> Shape:
    """Find how most columns of a file spell a date with a time of day."""
    seen = Counter(
        max(times.shapes, key=lambda pair: pair[1])[0]
        if times.optional_fraction is None
        else times.optional_fraction
        for subject in subjects.values()
        if (times := subject.facts.times) is not None and times.shapes
    )
    with_time = [(count, shape) for shape, count in seen.items() if shape.separator]
    if not with_time:
        return DEFAULT_SHAPE
    return max(with_time, key=lambda pair: (pair[0], pair[1].notation))[1]


def _subjects(source: SourceDatabase, census: Census) -> dict[Place, Subject]:
    roles = roles_of(source)
    found = {}
    for table in source.tables:
        facts = {each.column: each for each in census.tables[table.name].columns}
        for column in table.columns:
            where = source.where(table.name, column.name)
            subject = Subject(where, table, column, facts[column.name], roles)
            found[subject.place] = subject
    return found


def _table(
    table: SourceTable,
    subjects: Mapping[Place, Subject],
    verdicts: Mapping[Place, Verdict],
    names: Names,
    overrides: Overrides,
    on_bad: OnBad,
) -> tuple[TablePlan, list[Finding]]:
    override = overrides.table(table.name)
    columns: list[ColumnPlan] = []
    findings: list[Finding] = []
    for column in table.columns:
        place = fold(table.name), fold(column.name)
        subject, verdict = subjects[place], verdicts[place]
        bad = unholdable_texts(subject.facts, verdict.type)
        findings.extend(verdict.findings)
        if bad:
            findings.append(notices.unholdable(subject.where, subject.facts, bad, on_bad))
        columns.append(
            ColumnPlan(
                column.name,
                names.columns[place[0]][place[1]],
                verdict.type,
                verdict.reason,
                verdict.evidence,
                verdict.counterexamples,
                verdict.overridden,
                verdict.quarantined,
                bad,
            )
        )
    planned = TablePlan(
        table.name,
        names.tables[fold(table.name)],
        tuple(columns),
        override.include,
        override.identity,
        override.unique,
        override.cascade,
    )
    return planned, findings


def unholdable_texts(facts: ColumnFacts, target: TargetType) -> int:
    """Count the texts that PostgreSQL can't hold: with NUL, or not UTF-8. Bytes hold anything."""
    return facts.texts_with_nul + facts.invalid_utf8 if target.kind is Kind.TEXT else 0
