"""The encoding process: jobs come as lines on standard input, blocks go to standard output.

    python -m outgrow.load.fast.process

It ends when its input ends, and when nobody reads what it writes.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import adbc_driver_sqlite
import numpy as np
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement

from outgrow.load.fast.columns import Refused, arrow_type, field_of, probe
from outgrow.load.fast.framing import rows_of
from outgrow.load.fast.job import DONE, FRAME, REFUSED, ROWS, Job

#: Bytes of SQLite's header that change with the file.
_HEADER_BYTES = 100

#: Blocks that are ready before the server takes them.
_AHEAD = 1

_BATCH_ROWS = "adbc.sqlite.query.batch_rows"


def blocks_of(job: Job) -> Iterator[tuple[memoryview, int]]:
    """Give the blocks of a table with the rows in each.

    Raises:
        Refused: a value, or the file, is not what the census saw.
        adbc_driver_manager.Error: SQLite can't read it, or met another storage class.

    """
    _check_header(job)
    driver = adbc_driver_sqlite._driver_path()
    with (
        AdbcDatabase(driver=driver, uri=job.uri) as database,
        AdbcConnection(database) as connection,
        AdbcStatement(connection) as statement,
    ):
        statement.set_options(**{_BATCH_ROWS: str(job.block_rows)})
        statement.set_sql_query(_query(job))
        stream, _ = statement.execute_query()
        with pa.RecordBatchReader.from_stream(stream) as reader:
            _check_types(job, reader.schema)
            yield from _encoded(job, reader)
    _check_header(job)


def _encoded(job: Job, reader: pa.RecordBatchReader) -> Iterator[tuple[memoryview, int]]:
    is_first = True
    for batch in reader:
        rows = batch.take(np.arange(1, len(batch))) if is_first else batch
        is_first = False
        if rows.num_rows:
            fields = [
                field_of(column, values)
                for column, values in zip(job.columns, rows.columns, strict=True)
            ]
            yield rows_of(fields, rows.num_rows), rows.num_rows
        del batch, rows


def _query(job: Job) -> str:
    """Write the SELECT; its first row is of the types that the driver is to give, and dropped."""
    probes = ", ".join(probe(column.form) for column in job.columns)
    read = ", ".join(column.sql for column in job.columns)
    return f"SELECT {probes} UNION ALL SELECT {read} FROM {job.table} NOT INDEXED"


def _check_types(job: Job, schema: pa.Schema) -> None:
    for column, given in zip(job.columns, schema.types, strict=True):
        if given != arrow_type(column.form):
            raise Refused(f"{column.sql} is {given}, and {column.form} was expected")


def _check_header(job: Job) -> None:
    with Path(job.path).open("rb") as file:
        if file.read(_HEADER_BYTES).hex() != job.header:
            raise Refused("the file is not what the census saw")


class _Pipe:
    """Writes blocks in the background, so that the next is encoded while the server takes one."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def send(self, kind: bytes, content: memoryview, rows: int) -> None:
        """Write a frame, at the latest when `flush` is called."""
        self.flush(_AHEAD)
        self._waiting.append(self._thread.submit(self._write, kind, content, rows))

    def flush(self, but: int = 0) -> None:
        """Wait until no more than so many frames are left to write."""
        while len(self._waiting) > but:
            self._waiting.popleft().result()

    def _write(self, kind: bytes, content: memoryview, rows: int) -> None:
        for part in (memoryview(FRAME.pack(kind, len(content), rows)), content):
            rest = part
            while rest:
                try:
                    rest = rest[os.write(self._descriptor, rest) :]
                except BrokenPipeError:
                    os._exit(0)  # nobody is there any more


def _answer(job: Job, pipe: _Pipe) -> None:
    total = 0
    try:
        for block, rows in blocks_of(job):
            pipe.send(ROWS, block, rows)
            total += rows
    except Exception as error:  # noqa: BLE001  whatever it is, the rows go the other way
        pipe.send(REFUSED, memoryview(f"{type(error).__name__}: {error}".encode()), 0)
    else:
        pipe.send(DONE, memoryview(b""), total)
    pipe.flush()


class _WithoutPandas:
    """Arrow imports pandas where that is installed: a second more to start, for nothing here."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


def main() -> None:
    """Answer jobs until there are no more."""
    sys.meta_path.insert(0, _WithoutPandas)
    # Ctrl-C is for the loader, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    # Nothing that a library prints may get between the blocks.
    pipe = _Pipe(os.dup(1))
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        _answer(Job.load(line), pipe)


if __name__ == "__main__":
    main()
