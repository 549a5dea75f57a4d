"""The sample databases that stand beside a checkout, where there are any."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "databases"
MISSING = "the sample databases are not in ../shared/databases"
