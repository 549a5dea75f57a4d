"""Columns joined by a foreign key get one type, or PostgreSQL won't compare them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from outgrow.model.types import Kind, TargetType
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


def common_type(
    group: frozenset[Place],
    decided: Mapping[Place, TargetType],
    faithful: Mapping[Place, TargetType],
    *,
    empty: frozenset[Place],
    fixed: frozenset[Place],
) -> TargetType | None:
    """Find the one type for a group; ``None`` when its columns can't be compared.

    Columns without values follow the others. ``fixed`` columns (row ids) keep theirs.
    """
    telling = [place for place in group if place not in empty or place in fixed] or list(group)
    types = {decided[place] for place in telling}
    if len(types) == 1:
        return types.pop()
    kinds = {faithful[place].kind for place in telling}
    if len(kinds) == 1:
        return TargetType(kinds.pop())
    if fixed & group or not kinds.issubset(_NUMBERS):
        return None
    # Of bigint and double precision neither holds the other's values; numeric holds both.
    return TargetType(Kind.NUMERIC)
