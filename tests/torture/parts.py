"""The parts, in the order in which they run."""

from __future__ import annotations

from torture import (
    damage,
    files,
    kills,
    live,
    names,
    networks,
    plans,
    privileges,
    random_databases,
    secrets,
    size,
    sound,
    statements,
)
from torture.part import Part

PARTS: tuple[Part, ...] = (
    statements.PART,
    random_databases.PART,
    kills.PART,
    live.PART,
    networks.PART,
    privileges.PART,
    secrets.PART,
    size.PART,
    damage.PART,
    sound.PART,
    files.PART,
    plans.PART,
    names.PART,
)


def part_named(name: str) -> Part:
    """Find a part."""
    return next(part for part in PARTS if part.name == name)
