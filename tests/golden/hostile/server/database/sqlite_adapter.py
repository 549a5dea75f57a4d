# outgrow init 3cfa553aa251: yours to change, and then left alone
"""SQLite: which files are this project's, and how they are opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outgrow.database

#: The project's folder. Relative paths start from here, wherever the program is run.
ROOT = Path(__file__).resolve().parents[2]

#: The files by the names that `get_connection(database=…)` takes; the first is the default.
FILES = {
    "b_it_s_HOME_x": ROOT / "data/b/it's $HOME `x`.db",
    "data_it_s_HOME_x": ROOT / "data/it's $HOME `x`.db",
}


class SQLiteAdapter(outgrow.database.SQLiteAdapter):
    """SQLite as this project uses it.

    Args:
        path: another file instead of the first one (SQLITE_PATH). The others are then
            looked for beside it.
        options: what else outgrow's adapter takes, such as `foreign_keys=True`.

    """

    def __init__(self, path: str | Path | None = None, **options: Any) -> None:
        place = path or next(iter(FILES.values()))
        if place != ":memory:":
            place = ROOT / place
        super().__init__(place, files=FILES, **options)
