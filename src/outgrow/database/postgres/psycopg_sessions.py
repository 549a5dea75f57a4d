"""A session of psycopg 3.

Its connection is used below its cursors: the statements have values of five types only, and what
comes often is prepared on the server, with a savepoint before it in the same round trip. psycopg
makes the errors and waits for the server, so that Ctrl-C is heard.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import generators, pq
from psycopg.adapt import Loader, Transformer
from psycopg.errors import error_from_result
from psycopg.types.string import TextLoader

from outgrow.database.postgres.sessions import Arguments, Result

_IDLE = pq.TransactionStatus.IDLE
_FAILED = pq.TransactionStatus.INERROR
_SENT_ROWS = pq.ExecStatus.TUPLES_OK
_ERRORS = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE)
_SYNC = pq.ExecStatus.PIPELINE_SYNC

#: Read as the texts they are; what a column stands for tells what to make of them.
_AS_TEXT = (
    *("numeric", "date", "time", "timetz", "timestamp", "timestamptz", "interval"),
    *("json", "jsonb", "uuid"),
)

#: A statement that comes so often is prepared, and so many stay prepared on each connection.
_OFTEN, _PREPARED = 3, 200

_BIGINT, _DOUBLE, _BYTEA, _UNKNOWN = 20, 701, 17, 0
_TYPES = {int: _BIGINT, float: _DOUBLE, str: _UNKNOWN, bytes: _BYTEA, type(None): _UNKNOWN}

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


class _ZeroOrOne(Loader):
    """SQLite has no booleans."""

    def load(self, data: Any) -> int:
        return 1 if data == b"t" else 0


class PsycopgConnection(psycopg.Connection[Any]):
    """A connection that keeps its session while it is in the pool."""

    session: PsycopgSession


class _Known:
    """A statement as it is sent: its text, its parameters in order, how often it came."""

    __slots__ = ("count", "formats", "name", "names", "text", "types")

    def __init__(self, sql: str, types: Sequence[int], arguments: Arguments) -> None:
        numbers: dict[str, int] = {}

        def numbered(found: re.Match[str]) -> str:
            name = found[1]
            return "%" if name is None else f"${numbers.setdefault(name, len(numbers) + 1)}"

        self.text = (_PARAMETER.sub(numbered, sql) if arguments else sql).encode()
        self.names = tuple(numbers)
        by_name = dict(zip(arguments or (), types, strict=True))
        self.types = [by_name[name] for name in self.names]
        self.formats = [1 if kind == _BYTEA else 0 for kind in self.types]
        self.count = 1
        self.name = b""

    @property
    def is_due(self) -> bool:
        """Whether it came so often that the server should keep it."""
        return not self.name and self.count >= _OFTEN


class PsycopgSession:
    """A session of psycopg 3; see `Session`."""

    errors: type[Exception] = psycopg.Error

    def __init__(self, connection: PsycopgConnection, *, prepares: bool) -> None:
        self.connection = connection
        self._prepares = prepares
        self._known: OrderedDict[tuple[str, tuple[int, ...]], _Known] = OrderedDict()
        self._dropped: list[bytes] = []
        self._made = 0
        plain = connection.cursor()
        for name in _AS_TEXT:
            plain.adapters.register_loader(name, TextLoader)
        plain.adapters.register_loader("bool", _ZeroOrOne)
        self._plain = plain
        self._readers = {False: Transformer(plain), True: Transformer(connection)}

    def run(self, sql: str, arguments: Arguments = None, *, native: bool = False) -> Result:
        """Run one statement, prepared on the server when it comes often."""
        if self._dropped:
            self._deallocate()
        statement = self._statement(sql, arguments)
        if statement.is_due and self._prepares:
            self._prepare(statement)
            self._checked(self._results())
        self._send(statement, arguments)
        return self._read(self._checked(self._results()), native)

    def run_after(
        self,
        first: Sequence[str],
        sql: str,
        arguments: Arguments = None,
        *,
        native: bool = False,
    ) -> Result:
        """Run statements in a pipeline, which is one round trip; the last one gives the result."""
        pgconn = self.connection.pgconn
        pgconn.enter_pipeline_mode()
        try:
            for each in first:
                self._send(self._statement(each, None), None)
            statement = self._statement(sql, arguments)
            is_due = statement.is_due and self._prepares
            if is_due:
                self._prepare(statement)
            self._send(statement, arguments)
            pgconn.pipeline_sync()
            self.connection.wait(generators.send(pgconn))
            results = self._until_sync()
        finally:
            if not self.is_broken:
                pgconn.exit_pipeline_mode()
        if is_due and results[len(first)].status != pq.ExecStatus.COMMAND_OK:
            statement.name = b""
        return self._read(self._checked(results), native)

    def _results(self) -> list[pq.abc.PGresult]:
        return self.connection.wait(generators.execute(self.connection.pgconn))

    def _until_sync(self) -> list[pq.abc.PGresult]:
        found: list[pq.abc.PGresult] = []
        while True:
            for result in self.connection.wait(generators.fetch_many(self.connection.pgconn)):
                if result.status == _SYNC:
                    return found
                found.append(result)

    def run_script(self, script: str) -> None:
        """Run several statements that give nothing."""
        pgconn = self.connection.pgconn
        pgconn.send_query(script.encode())
        self._checked(self.connection.wait(generators.execute(pgconn)))

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one statement many times, in a pipeline."""
        self._plain.executemany(sql, rows)
        return int(self._plain.rowcount)

    def run_native(self, sql: str, arguments: Any) -> Result:
        """Run PostgreSQL's own SQL."""
        cursor = self.connection.execute(sql, arguments or None)
        described = cursor.description
        if described is None:
            return Result([], cursor.rowcount)
        names = tuple(column.name for column in described)
        return Result(cursor.fetchall(), cursor.rowcount, names)

    # --- sending and reading --------------------------------------------------------------------

    def _statement(self, sql: str, arguments: Arguments) -> _Known:
        types = tuple(map(_type_of, arguments.values())) if arguments else ()
        key = (sql, types)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(sql, types, arguments)
            if len(self._known) > _PREPARED:
                _, oldest = self._known.popitem(last=False)
                self._dropped += [oldest.name] if oldest.name else []
        else:
            known.count += 1
            self._known.move_to_end(key)
        return known

    def _prepare(self, statement: _Known) -> None:
        self._made += 1
        statement.name = f"outgrow_{self._made}".encode()
        self.connection.pgconn.send_prepare(statement.name, statement.text, statement.types)

    def _send(self, statement: _Known, arguments: Arguments) -> None:
        pgconn = self.connection.pgconn
        given = [_dumped(arguments[name]) for name in statement.names] if arguments else []
        if statement.name:
            pgconn.send_query_prepared(statement.name, given, statement.formats)
        else:
            pgconn.send_query_params(statement.text, given, statement.types, statement.formats)

    def _deallocate(self) -> None:
        names, self._dropped = self._dropped, []
        if self.is_idle:
            self.run_script("; ".join(f"DEALLOCATE {name.decode()}" for name in names))
        else:
            self._dropped = names

    def _checked(self, results: Sequence[pq.abc.PGresult]) -> pq.abc.PGresult:
        for result in results:
            if result.status in _ERRORS:
                raise error_from_result(result, encoding="utf-8")
        return results[-1]

    def _read(self, result: pq.abc.PGresult, native: bool) -> Result:
        if result.status == _SENT_ROWS:
            reader = self._readers[native]
            reader.set_pgresult(result)
            count = result.ntuples
            return Result(reader.load_rows(0, count, tuple), count)
        return Result([], result.command_tuples or 0)

    # --- its state ------------------------------------------------------------------------------

    def forget_statements(self) -> None:
        """Prepare everything anew: the tables behind it have changed."""
        self._dropped += [known.name for known in self._known.values() if known.name]
        self._known.clear()

    def cancel(self) -> None:
        """Ask the server to stop."""
        self.connection.cancel_safe(timeout=5)

    @property
    def is_broken(self) -> bool:
        """Whether the connection is lost."""
        return self.connection.pgconn.status != pq.ConnStatus.OK

    @property
    def is_failed(self) -> bool:
        """Whether a ROLLBACK has to come."""
        return self.connection.pgconn.transaction_status == _FAILED

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open."""
        return self.connection.pgconn.transaction_status == _IDLE


def _type_of(value: Any) -> int:
    """The number of the type that a value is sent as.

    That of a text is left to the server, which finds a CAST around it.
    """
    kind = type(value)
    return _TYPES[kind] if kind in _TYPES else _inherited(value)


def _inherited(value: Any) -> int:
    return next((number for kind, number in _TYPES.items() if isinstance(value, kind)), _BYTEA)


def _dumped(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return str.encode(value)
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, float):
        return float.__repr__(value).encode()
    return bytes(value)
