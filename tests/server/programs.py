"""Where PostgreSQL 15 is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

from outgrow.errors import TargetError
from outgrow.postgres.binaries import binaries_in

_DEBIAN = Path("/usr/lib/postgresql/15/bin")


def programs_of_15() -> Path | None:
    """Give the folder of PostgreSQL 15's programs, if it is installed."""
    on_path = shutil.which("pg_ctl")
    for directory in (Path(on_path).parent if on_path else _DEBIAN, _DEBIAN):
        try:
            if binaries_in(directory).major == 15:
                return directory
        except TargetError:
            continue
    return None
