# outgrow init 9043451f38d2: yours to change, and then left alone
"""PostgreSQL: how this project connects. Server, user and password are settings."""

from __future__ import annotations

from typing import Any

import outgrow.database

#: What every connection has; `statement_timeout` in seconds or `schema` would go here, too.
OPTIONS: dict[str, Any] = {
    "application_name": "hostile-s-hne",
}


class PostgreSQLAdapter(outgrow.database.PostgreSQLAdapter):
    """PostgreSQL as this project uses it.

    Args:
        url: the database; what it leaves out comes from the environment.
        options: what else outgrow's adapter takes; goes over `OPTIONS`.

    """

    def __init__(self, url: str | None = None, **options: Any) -> None:
        super().__init__(url, **{**OPTIONS, **options})
