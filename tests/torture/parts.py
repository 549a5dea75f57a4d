"""The parts, in the order in which they run."""

from __future__ import annotations

from torture import privileges, random_databases, size, statements
from torture.damage import part as damage
from torture.files import part as files
from torture.kills import part as kills
from torture.live import part as live
from torture.names import part as names
from torture.networks import part as networks
from torture.part import Part
from torture.plans import part as plans
from torture.secrecy import part as secrecy
from torture.sound import part as sound

PARTS: tuple[Part, ...] = (
    statements.PART,
    random_databases.PART,
    kills.PART,
    live.PART,
    networks.PART,
    privileges.PART,
    secrecy.PART,
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
