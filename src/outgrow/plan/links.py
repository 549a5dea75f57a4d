"""Columns joined by a foreign key get one type, or PostgreSQL won't compare them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from outgrow.model.findings import Finding
from outgrow.model.types import Kind, TargetType
from outgrow.plan import notices
from outgrow.plan.column import Subject, Verdict
from outgrow.plan.faithful import base_of
from outgrow.plan.roles import Place

_NUMBERS = (Kind.BIGINT, Kind.DOUBLE, Kind.NUMERIC)


def groups(links: Iterable[tuple[Place, Place]]) -> tuple[frozenset[Place], ...]:
    """Find the sets of columns joined directly or through others; those of one column are left."""
    leader: dict[Place, Place] = {}

    def find(place: Place) -> Place:
        while (above := leader.setdefault(place, place)) != place:
            place = above
        return place

    for one, other in links:
        leader[find(one)] = find(other)
    members: dict[Place, set[Place]] = defaultdict(set)
    for place in leader:
        members[find(place)].add(place)
    return tuple(frozenset(group) for group in members.values() if len(group) > 1)


def linked(
    subjects: Mapping[Place, Subject], verdicts: Mapping[Place, Verdict]
) -> dict[Place, Verdict]:
    """Give the columns of each foreign key one type where there is one for all."""
    found = dict(verdicts)
    for group in _differing(subjects, found):
        common = _common_type([subjects[place] for place in group], found)
        for place in group if common else ():
            if found[place].type != common and not subjects[place].is_row_id:
                found[place] = _joined(found[place], common)
    return found


def differing_keys(
    subjects: Mapping[Place, Subject], verdicts: Mapping[Place, Verdict]
) -> list[Finding]:
    """Tell of the foreign keys whose columns have different types all the same."""
    return [
        notices.key_types_differ(
            subjects[group[0]].where,
            {
                subjects[p].table.name + "." + subjects[p].column.name: verdicts[p].type
                for p in group
            },
        )
        for group in _differing(subjects, verdicts)
    ]


def _differing(
    subjects: Mapping[Place, Subject], verdicts: Mapping[Place, Verdict]
) -> list[list[Place]]:
    roles = next((subject.roles for subject in subjects.values()), None)
    joined = [sorted(group) for group in groups(roles.links)] if roles else []
    return [group for group in joined if len({verdicts[place].type for place in group}) > 1]


def _common_type(group: Sequence[Subject], verdicts: Mapping[Place, Verdict]) -> TargetType | None:
    """Find the one type for a group; ``None`` when its columns can't be compared.

    Columns without values follow the others, and all follow one that numbers rows.
    """
    telling = [each for each in group if each.facts.values or each.is_row_id] or group
    types = {verdicts[each.place].type for each in telling}
    if len(types) == 1:
        return types.pop()
    kinds = {_kind_in_a_key(each) for each in telling}
    if len(kinds) == 1:
        return TargetType(kinds.pop())
    if any(each.is_row_id for each in group) or not kinds.issubset(_NUMBERS):
        return None
    # Of bigint and double precision neither holds the other's values; numeric holds both.
    return TargetType(Kind.NUMERIC)


def _kind_in_a_key(subject: Subject) -> Kind:
    """Whole numbers in a foreign key stay whole, whatever the column's affinity."""
    if subject.is_row_id or subject.facts.classes == ("integer",):
        return Kind.BIGINT
    return base_of(subject.column, subject.facts).type.kind


def _joined(verdict: Verdict, common: TargetType | None) -> Verdict:
    assert common is not None
    reason = f"A foreign key joins it with columns that are {common}; else: {verdict.reason}"
    return replace(
        verdict, type=common, reason=reason, counterexamples=(), quarantined=0, findings=()
    )
