"""A session of psycopg 3.

Its connection is used below its cursors: the statements have values of five types only, and what
comes often is prepared on the server, with a savepoint before it in the same round trip. psycopg
makes the errors and waits for the server, so that Ctrl-C is heard.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import generators, pq, waiting
from psycopg.adapt import Loader, Transformer
from psycopg.errors import error_from_result
from psycopg.types.string import TextLoader

from outgrow.database.postgres.psycopg_statements import Sendable, dumped, sendable
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


class _ZeroOrOne(Loader):
    """SQLite has no booleans."""

    def load(self, data: Any) -> int:
        return 1 if data == b"t" else 0


class PsycopgConnection(psycopg.Connection[Any]):
    """A connection that keeps its session while it is in the pool."""

    session: PsycopgSession


class _Kept:
    """What a connection knows of a statement: how often it came, and its name once prepared."""

    __slots__ = ("count", "name")

    def __init__(self) -> None:
        self.count = 0
        self.name = b""

    @property
    def is_due(self) -> bool:
        """Whether it came so often that the server should keep it."""
        return not self.name and self.count >= _OFTEN


class PsycopgSession:
    """A session of psycopg 3; see `Session`."""

    errors: type[Exception] = psycopg.Error
    is_quick = True

    def __init__(self, connection: PsycopgConnection, *, prepares: bool) -> None:
        self.connection = connection
        self._prepares = prepares
        self._known: OrderedDict[Sendable, _Kept] = OrderedDict()
        self._dropped: list[bytes] = []
        # A pooler that mixes sessions up must not find a statement of another client by this name.
        self._names = f"outgrow_{uuid4().hex}"
        self._made = 0
        plain = connection.cursor()
        for name in _AS_TEXT:
            plain.adapters.register_loader(name, TextLoader)
        plain.adapters.register_loader("bool", _ZeroOrOne)
        self._plain = plain
        self._readers = {False: Transformer(plain), True: Transformer(connection)}

    @property
    def process(self) -> int:
        """The number of the server's process, as it was told at first."""
        return self.connection.info.backend_pid

    def run(self, sql: str, arguments: Arguments = None, *, native: bool = False) -> Result:
        """Run one statement, prepared on the server when it comes often."""
        return self.run_sendable(*_made_ready(sql, arguments), (), native)

    def run_after(
        self,
        first: Sequence[str],
        sql: str,
        arguments: Arguments = None,
        *,
        native: bool = False,
    ) -> Result:
        """Run statements in a pipeline, which is one round trip; the last one gives the result."""
        return self.run_sendable(*_made_ready(sql, arguments), first, native)

    def run_sendable(
        self,
        statement: Sendable,
        given: Sequence[bytes | None],
        first: Sequence[str],
        native: bool,
    ) -> Result:
        """Run a statement that is ready, after others in the same round trip."""
        if first:
            return self._pipelined(statement, given, first, native)
        if self._dropped:
            self._deallocate()
        kept = self._kept(statement)
        if self._prepares and kept.is_due:
            self._prepare(statement, kept)
            try:
                self._checked(self._results())
            except psycopg.Error:
                kept.name = b""
                raise
        self._send(statement, kept, given)
        return self._read(self._checked(self._results()), native)

    def _pipelined(
        self,
        statement: Sendable,
        given: Sequence[bytes | None],
        first: Sequence[str],
        native: bool,
    ) -> Result:
        pgconn = self.connection.pgconn
        pgconn.enter_pipeline_mode()
        prepared: dict[int, _Kept] = {}
        try:
            sent = 0
            for each, values in (*((sendable(sql), ()) for sql in first), (statement, given)):
                kept = self._kept(each)
                if self._prepares and kept.is_due:
                    self._prepare(each, kept)
                    prepared[sent] = kept
                    sent += 1
                self._send(each, kept, values)
                sent += 1
            pgconn.pipeline_sync()
            self.connection.wait(generators.send(pgconn))
            results = self._until_sync()
        except Exception:
            if not self.is_broken:
                pgconn.exit_pipeline_mode()
            raise
        pgconn.exit_pipeline_mode()
        for place, kept in prepared.items():
            if results[place].status != pq.ExecStatus.COMMAND_OK:
                kept.name = b""
        return self._read(self._checked(results), native)

    def _results(self) -> list[pq.abc.PGresult]:
        return self.connection.wait(generators.execute(self.connection.pgconn))

    def _until_sync(self) -> list[pq.abc.PGresult]:
        """Read the results of a pipeline; most are there when the first one is."""
        pgconn = self.connection.pgconn
        found: list[pq.abc.PGresult] = []
        while True:
            if pgconn.is_busy():
                self.connection.wait(_until_there(pgconn))
            result = pgconn.get_result()
            if result is None:
                continue
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

    def _kept(self, statement: Sendable) -> _Kept:
        kept = self._known.get(statement)
        if kept is None:
            kept = self._known[statement] = _Kept()
            if len(self._known) > _PREPARED:
                _, oldest = self._known.popitem(last=False)
                self._dropped += [oldest.name] if oldest.name else []
        else:
            self._known.move_to_end(statement)
        kept.count += 1
        return kept

    def _prepare(self, statement: Sendable, kept: _Kept) -> None:
        self._made += 1
        kept.name = f"{self._names}_{self._made}".encode()
        self.connection.pgconn.send_prepare(kept.name, statement.text, statement.types)

    def _send(self, statement: Sendable, kept: _Kept, given: Sequence[bytes | None]) -> None:
        pgconn = self.connection.pgconn
        if kept.name:
            pgconn.send_query_prepared(kept.name, given, statement.formats)
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

    def close(self) -> None:
        """Break the connection off."""
        self.connection.close()

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


def _made_ready(sql: str, arguments: Arguments) -> tuple[Sendable, list[bytes | None]]:
    if not arguments:
        return sendable(sql), []
    statement = sendable(sql, tuple(arguments), tuple(map(type, arguments.values())))
    return statement, [dumped(arguments[name]) for name in statement.names]


def _until_there(pgconn: pq.abc.PGconn) -> Generator[waiting.Wait, waiting.Ready | int, None]:
    """Wait until a result can be read at once."""
    while pgconn.is_busy():
        yield waiting.Wait.R
        pgconn.consume_input()
