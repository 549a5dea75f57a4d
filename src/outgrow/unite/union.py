"""What uniting several files came to."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.uniting import United
from outgrow.sqlite.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Union:
    """The files as one, and how they became it. ``snapshot`` is open; the caller closes it."""

    snapshot: Snapshot
    united: United
