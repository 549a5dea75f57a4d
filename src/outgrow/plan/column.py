"""Weigh one column: from evidence and facts to a type and a reason."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.census import ColumnFacts, Example
from outgrow.model.findings import Finding
from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind, Policy, Shape, TargetType
from outgrow.plan import notices
from outgrow.plan.evidence import Evidence, Strength, gather
from outgrow.plan.faithful import Base, base_of
from outgrow.plan.fitting import Fit, empty_type, fit
from outgrow.plan.roles import Place, Roles
from outgrow.plan.wording import sentence
from outgrow.sqlite.defaults import default_fits

#: What ``eager`` calls few, as a share of the values.
FEW = 0.05

#: A hint that most values contradict was about something else.
_MOST = 0.5

#: Of two kinds with evidence of one strength that hold every value, the first.
_ORDER = (Kind.BOOLEAN, Kind.TIMESTAMP, Kind.JSONB, Kind.NUMERIC)


@dataclass(frozen=True, slots=True)
class Subject:
    """A column with all that is known of it. ``where`` is its place in findings."""

    where: str
    table: SourceTable
    column: SourceColumn
    facts: ColumnFacts
    roles: Roles

    @property
    def place(self) -> Place:
        """The column as foreign keys name it."""
        return fold(self.table.name), fold(self.column.name)

    @property
    def is_row_id(self) -> bool:
        """Whether it is another name of SQLite's row id."""
        return self.place in self.roles.rowid_alias


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column becomes, before it has a name."""

    type: TargetType
    reason: str
    evidence: tuple[str, ...] = ()
    counterexamples: tuple[Example, ...] = ()
    quarantined: int = 0
    overridden: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    evidence: tuple[Evidence, ...]
    fit: Fit
    barred: str

    @property
    def strongest(self) -> Evidence:
        return self.evidence[0]


def weigh(subject: Subject, policy: Policy, typical: Shape) -> Verdict:
    """Decide a column by its evidence; ``typical`` is the spelling of times without a value."""
    if subject.is_row_id:
        return Verdict(TargetType(Kind.BIGINT), "It is the key that numbers the rows")
    base = base_of(subject.column, subject.facts)
    evidence = gather(subject.table, subject.column, subject.facts)
    candidates = _candidates(subject, evidence, typical) if policy is not Policy.FAITHFUL else []
    for candidate in candidates:
        if candidate.fit.exact and not candidate.barred:
            return _promoted(candidate)
    if policy is Policy.EAGER:
        for candidate in candidates:
            if not candidate.barred and may_be_null(subject) and _few(candidate.fit, subject.facts):
                return _promoted_against_some(subject, candidate)
    return _kept(subject, base, candidates, evidence)


def barred(subject: Subject, kind: Kind) -> str:
    """Say why a column can't be promoted whatever its values are; '' if it can."""
    column, place, roles = subject.column, subject.place, subject.roles
    if subject.is_row_id:
        return "it numbers the rows"
    if column.generated is not None:
        return "it is computed"
    if kind is not Kind.BOOLEAN and column.collation.upper() != "BINARY" and subject.facts.texts:
        return f"it compares by {column.collation}"
    if kind is not Kind.NUMERIC and place in roles.computed_with:
        return "an expression of an index or a generated column reads it"
    if kind in (Kind.JSON, Kind.JSONB) and place in (
        roles.primary_key | roles.unique | roles.indexed | roles.linked
    ):
        return "it is part of a key or an index"
    if kind is Kind.BOOLEAN and place in roles.linked:
        return "it is part of a foreign key"
    return ""


def barred_by_default(subject: Subject, target: TargetType | None) -> str:
    """Say that the column's default is no value of its promoted type; '' if it is one."""
    default = subject.column.default
    if target is None or default is None or default_fits(subject.column, target):
        return ""
    spelled = f" spelled {target.shape}" if target.shape else ""
    return f"its default {default.sql} gives no {target}{spelled}"


def may_be_null(subject: Subject) -> bool:
    """Whether making some of the column's values NULL leaves its keys what they mean."""
    roles = subject.roles
    kept = roles.primary_key | roles.unique | roles.linked | roles.computed_with
    return not subject.column.not_null and subject.place not in kept


def _few(found: Fit, facts: ColumnFacts) -> bool:
    return found.type is not None and found.fitting > 0 and found.misfits <= FEW * facts.values


def _candidates(
    subject: Subject, evidence: tuple[Evidence, ...], typical: Shape
) -> list[_Candidate]:
    by_kind: dict[Kind, list[Evidence]] = {}
    for each in evidence:
        if each.strength is not Strength.NOTE:
            by_kind.setdefault(each.kind, []).append(each)
    found = []
    for kind, speaking in by_kind.items():
        fitted = _fit(subject, kind, speaking, typical)
        if fitted is not None:
            reason = barred(subject, kind) or barred_by_default(subject, fitted.type)
            found.append(_Candidate(tuple(speaking), fitted, reason))
    return sorted(
        found,
        key=lambda each: (
            -each.strongest.strength,
            -len(each.evidence),
            _ORDER.index(each.strongest.kind),
        ),
    )


def _fit(subject: Subject, kind: Kind, speaking: list[Evidence], typical: Shape) -> Fit | None:
    column, facts = subject.column, subject.facts
    if facts.values:
        found = fit(kind, column, facts)
        # Texts such as 12 or null are JSON too; a mere hint asks for something more telling.
        only_scalars = kind is Kind.JSONB and facts.json is not None and not facts.json.containers
        return None if only_scalars and speaking[0].strength is Strength.HINT else found
    if speaking[0].strength is not Strength.STATED or not _could_hold(column, kind):
        return None
    shape = next((each.shape for each in speaking if each.shape), typical)
    return Fit(empty_type(kind, column, shape), 0, 0, "there are no values")


def _could_hold(column: SourceColumn, kind: Kind) -> bool:
    """Whether values of that kind would be stored as such in a column of that affinity."""
    if kind is Kind.BOOLEAN:
        return column.affinity in (Affinity.INTEGER, Affinity.NUMERIC)
    if kind is Kind.NUMERIC:
        return column.affinity in (Affinity.REAL, Affinity.NUMERIC)
    return column.affinity in (Affinity.TEXT, Affinity.NUMERIC, Affinity.BLOB)


def _promoted(candidate: _Candidate) -> Verdict:
    found = candidate.fit
    assert found.type is not None
    reason = sentence(f"{found.says}, and {candidate.strongest.says}")
    return Verdict(found.type, reason, _said(candidate.evidence))


def _promoted_against_some(subject: Subject, candidate: _Candidate) -> Verdict:
    found = candidate.fit
    assert found.type is not None
    reason = sentence(f"{candidate.strongest.says}, although {found.says}")
    return Verdict(
        found.type,
        reason,
        _said(candidate.evidence),
        found.examples,
        quarantined=found.misfits,
        findings=(notices.quarantined(subject.where, found),),
    )


def _kept(
    subject: Subject, base: Base, candidates: list[_Candidate], evidence: tuple[Evidence, ...]
) -> Verdict:
    findings = [
        notices.recognised(subject.where, each)
        for each in evidence
        if each.strength is Strength.NOTE
    ]
    if base.mixed:
        findings.append(notices.mixed(subject.where, base.reason))
    reason = base.reason
    examples: tuple[Example, ...] = ()
    for candidate in filter(lambda each: _is_worth_telling(each, subject.facts), candidates):
        if candidate.fit.exact:
            reason = (
                f"it could be {candidate.fit.type} ({candidate.strongest.says}), "
                f"but {candidate.barred}"
            )
        else:
            reason = f"{candidate.strongest.says}, but {candidate.fit.says}"
            examples = candidate.fit.examples
            findings.append(
                notices.not_promoted(
                    subject.where,
                    candidate.strongest,
                    candidate.fit,
                    base.type,
                    may_be_null=may_be_null(subject),
                )
            )
        break
    return Verdict(base.type, sentence(reason), _said(evidence), examples, findings=tuple(findings))


def _is_worth_telling(candidate: _Candidate, facts: ColumnFacts) -> bool:
    """Whether a promotion that failed is news: the author said so, or most values fit."""
    if candidate.fit.exact:
        return True
    enough = 1 if candidate.strongest.strength is Strength.STATED else _MOST * facts.values
    return candidate.fit.fitting >= enough


def _said(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    return tuple(each.says for each in evidence)
