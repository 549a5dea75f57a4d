# outgrow init 036520288ec3: yours to change, and then left alone
"""Test SQLite and PostgreSQL, each through this project's own adapter.

Run it from any folder: python migration/test_adapters.py
Its status is 0 if both work, 1 if one does not, 2 if a setting is wrong. It writes
temporary tables only.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

#: The database package.
PACKAGE = ROOT / "server/database"

#: This is a script. pytest looks into it because of its name, and finds no tests.
__test__ = False


def main() -> int:
    """Test both and give the exit status."""
    try:
        from outgrow.errors import UsageError
    except ImportError as error:
        return failed(f"{sys.executable} does not have outgrow: {error}", 1)
    try:
        sqlite, postgres = adapters()
    except UsageError as error:
        return failed(str(error), 2)
    except ImportError as error:
        return failed(f"{sys.executable} can't import the adapters: {error}", 1)
    reasons = [*complaints("SQLite", sqlite), *complaints("PostgreSQL", postgres)]
    for reason in reasons:
        failed(reason, 1)
    if reasons:
        return 1
    print("Both adapters working!")
    return 0


def adapters() -> tuple[Any, Any]:
    """Make both adapters, whatever DB_TYPE says."""
    sys.path.insert(0, str(PACKAGE.parent))
    from database.factory import get_settings
    from database.postgres_adapter import PostgreSQLAdapter
    from database.sqlite_adapter import SQLiteAdapter

    settings = get_settings()
    timeout = settings.timeout
    # wal=False leaves the file's journal mode as it is.
    sqlite = SQLiteAdapter(settings.sqlite_path, timeout=timeout, wal=False)
    return sqlite, PostgreSQLAdapter.of(settings)


def complaints(title: str, adapter: Any) -> list[str]:
    """Print a line for each check; give what is wrong."""
    from outgrow.database.checks import check_adapter

    print(title)
    wrong = []
    with adapter:
        for check in check_adapter(adapter):
            says = f": {check.says}" if check.says else ""
            verdict = "ok    " if check.ok else "FAILED"
            print(f"  {verdict} {check.name}{says}", flush=True)
            if not check.ok:
                wrong.append(f"{title}: {check.name}{says}")
    return wrong


def failed(reason: str, status: int) -> int:
    """Tell why, in one line."""
    print("error:", " ".join(reason.split()), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
