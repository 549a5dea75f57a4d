"""Stand-ins for functions that only the application has."""

from __future__ import annotations

import apsw

_NO_FUNCTION = "no such function: "


def run_anyway(connection: apsw.Connection, sql: str) -> None:
    """Run a statement, with a stand-in for each function that SQLite doesn't have.

    So a definition that calls one can be made; what it would compute is NULL meanwhile.
    """
    while True:
        try:
            connection.execute(sql)
        except apsw.SQLError as error:
            name = str(error).partition(_NO_FUNCTION)[2]
            if not name:
                raise
            connection.create_scalar_function(name, _unknown, -1, deterministic=True)
        else:
            return


def _unknown(*_: object) -> None:
    return None
