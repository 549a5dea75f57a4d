"""How fast rows arrive: outgrow's two ways beside what PostgreSQL itself takes for the same rows.

    python bench/load.py [--url URL] [--megabytes 100] [--rounds 5] [--tables wide,narrow,blobs]

The peers load the very tables that outgrow made, from files that the server wrote itself: COPY's
binary and text form, read by the server, without any client; the binary form, sent by a client
that has it in memory already; and, where the extra ``bench`` is installed, ADBC's own way from
SQLite to PostgreSQL, which leaves dates as texts. All sides take turns; a figure is the median of
the rounds, a ratio the median of the rounds' ratios. The loader's process is running before the
first round, as it is after the census.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
import workload

from outgrow.load.copying import TableLoader
from outgrow.load.fast.choice import job_for
from outgrow.load.fast.encoder import Encoder
from outgrow.model.source import SourceTable
from outgrow.model.steps import Phase
from outgrow.model.types import OnBad
from outgrow.pipeline.assess import Assessment, Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.identifiers import qualified

SCHEMA = "outgrow_bench"
OURS, ROWS = "outgrow, blocks", "outgrow, rows"
BINARY, TEXT = "COPY binary file", "COPY text file"
#: The most that any client can reach, and what the blocks take when nobody waits for them.
READY, ENCODING = "client, bytes ready", "encoding alone"
ADBC = "ADBC to ADBC"

_PART_BYTES = 128 << 10
_BATCH_ROWS = 10_000

Connection = psycopg.Connection[Any]


@dataclass(slots=True)
class Times:
    """The seconds of each side in each round, of one table or of all together."""

    title: str
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, side: str, seconds: float) -> None:
        """Keep a round."""
        self.seconds.setdefault(side, []).append(seconds)

    def ratio(self, side: str) -> float:
        """How much faster than a side the blocks are."""
        pairs = zip(self.seconds[side], self.seconds[OURS], strict=True)
        return median(theirs / ours for theirs, ours in pairs)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all sides share."""

    url: str
    source: Path
    connection: Connection
    assessment: Assessment
    files: Path
    encoder: Encoder

    def target(self, table: SourceTable) -> str:
        """The table that outgrow made."""
        return qualified(SCHEMA, self.assessment.plan.table(table.name).name)

    def file(self, table: SourceTable, form: str) -> Path:
        """Where the server wrote a table."""
        return self.files / f"{table.name}.{form}"


def measure(url: str, path: Path, rounds: int) -> tuple[list[Times], float]:
    """Load every table by all sides in turn; the last of the times is the sum of the others.

    The number is what the server takes for keys, indexes, foreign keys and statistics afterwards.
    """
    with ExitStack() as stack:
        assessment = stack.enter_context(assessed([path], Wishes(), progress=Silent()))
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        encoder = stack.enter_context(Encoder())
        files = stack.enter_context(_folder_of_server())
        _make_tables(connection, assessment)
        bench = Bench(url, path, connection, assessment, files, encoder)
        tables = [each for each in assessment.source.tables if assessment.census.tables[each.name]]
        warm = _loader(assessment, tables[0], encoder)
        encoder.start()
        _in_transaction(connection, lambda: warm.load(connection))
        found = [Times(table.name) for table in tables]
        for table in tables:
            _write_files(bench, table)
        for _ in range(rounds):
            for table, times in zip(tables, found, strict=True):
                for side, work in _sides(bench, table).items():
                    times.add(side, _in_transaction(connection, work))
        finishing = _in_transaction(connection, lambda: _finish(bench, tables))
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    return [*found, _sum(found)], finishing


def _sum(found: list[Times]) -> Times:
    total = Times("all")
    for side in found[0].seconds:
        for seconds in zip(*(times.seconds[side] for times in found), strict=True):
            total.add(side, sum(seconds))
    return total


@contextmanager
def _folder_of_server() -> Iterator[Path]:
    """Give a folder that the server's account can write to."""
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def _make_tables(connection: Connection, assessment: Assessment) -> None:
    connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    for step in assessment.construction(schema=SCHEMA).steps:
        if step.phase is Phase.BEFORE_DATA:
            connection.execute(step.sql)


def _loader(assessment: Assessment, table: SourceTable, encoder: Encoder | None) -> TableLoader:
    return TableLoader(
        snapshot=assessment.snapshot,
        table=table,
        plan=assessment.plan.table(table.name),
        facts=assessment.census.tables[table.name],
        schema=SCHEMA,
        encoding=assessment.source.encoding,
        on_bad=OnBad.REPAIR,
        generated=frozenset(),
        keep=lambda originals: sum(1 for _ in originals),
        progress=lambda done: None,
        where=table.name,
        encoder=encoder,
    )


def _finish(bench: Bench, tables: list[SourceTable]) -> None:
    """Do what follows the rows on one connection."""
    for step in bench.assessment.construction(schema=SCHEMA).steps:
        if step.phase is Phase.AFTER_DATA:
            bench.connection.execute(step.sql)
    for table in tables:
        bench.connection.execute(f"ANALYZE {bench.target(table)}")


def _write_files(bench: Bench, table: SourceTable) -> None:
    """Let the server write what its own COPY reads."""
    loaded = _loader(bench.assessment, table, bench.encoder)
    _in_transaction(bench.connection, lambda: _loaded_in_blocks(loaded, bench.connection))
    for form in ("binary", "text"):
        path = bench.file(table, form)
        bench.connection.execute(f"COPY {bench.target(table)} TO '{path}' (FORMAT {form})")


def _loaded_in_blocks(loader: TableLoader, connection: Connection) -> None:
    if not loader.load(connection).in_blocks:
        raise SystemExit(f"{loader.where} does not go in blocks: is the extra 'fast' installed?")


def _sides(bench: Bench, table: SourceTable) -> dict[str, Callable[[], object]]:
    connection, target = bench.connection, bench.target(table)
    blocks, rows = (_loader(bench.assessment, table, each) for each in (bench.encoder, None))
    ready = memoryview(bench.file(table, "binary").read_bytes())

    def server(form: str) -> Callable[[], object]:
        def copy() -> None:
            connection.execute(f"TRUNCATE {target}")
            path = bench.file(table, form)
            connection.execute(f"COPY {target} FROM '{path}' (FORMAT {form}, FREEZE)")

        return copy

    def client() -> None:
        connection.execute(f"TRUNCATE {target}")
        statement = f"COPY {target} FROM STDIN (FORMAT binary, FREEZE)"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for start in range(0, len(ready), _PART_BYTES):
                copy.write(ready[start : start + _PART_BYTES])

    def encoding() -> None:
        plan = bench.assessment.plan.table(table.name)
        facts = bench.assessment.census.tables[table.name]
        job = job_for(
            bench.assessment.snapshot, table, plan, facts, bench.assessment.source.encoding
        )
        assert job is not None
        for _ in bench.encoder.encode(job):
            pass

    sides: dict[str, Callable[[], object]] = {
        OURS: lambda: _loaded_in_blocks(blocks, connection),
        BINARY: server("binary"),
        READY: client,
        TEXT: server("text"),
        ROWS: lambda: rows.load(connection),
        ENCODING: encoding,
    }
    if find_spec("adbc_driver_postgresql") is not None:
        sides[ADBC] = lambda: _by_adbc(bench, table)
    return sides


def _by_adbc(bench: Bench, table: SourceTable) -> None:
    """Copy a table as ADBC's drivers do it between themselves, with the types that they choose."""
    import adbc_driver_postgresql.dbapi as postgresql  # noqa: PLC0415  not always installed
    import adbc_driver_sqlite.dbapi as sqlite  # noqa: PLC0415

    with (
        sqlite.connect(f"file:{bench.source}?mode=ro") as ours,
        ours.cursor() as reading,
        postgresql.connect(bench.url) as theirs,
        theirs.cursor() as writing,
    ):
        reading.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_BATCH_ROWS)})
        reading.execute(f"SELECT * FROM {table.name}")
        rows = reading.fetch_record_batch()
        writing.execute(f"SET search_path TO {SCHEMA}")
        writing.adbc_ingest(f"adbc_{table.name}", rows, mode="replace")
        theirs.commit()


def _in_transaction(connection: Connection, work: Callable[[], object]) -> float:
    """Give the seconds from BEGIN to COMMIT."""
    began = perf_counter()
    with connection.transaction():
        work()
    return perf_counter() - began


def show(found: list[Times]) -> None:
    """Print medians in seconds, and how much faster the blocks are."""
    sides = list(found[0].seconds)
    print(f"{'':10}" + "".join(f"{side:>24}" for side in sides))
    for times in found:
        cells = [
            f"{median(times.seconds[side]):8.2f} s"
            + (f" {times.ratio(side):10.2f}×" if side != OURS else "")
            for side in times.seconds
        ]
        print(f"{times.title:10}" + "".join(f"{cell:>24}" for cell in cells))


def main() -> None:
    """Measure on a server that is named, or on an embedded one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a database of a superuser; else a server is started")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tables", default="wide,narrow,blobs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as folder, ExitStack() as stack:
        source = Path(folder) / "source.db"
        workload.make(source, asked.megabytes, tuple(asked.tables.split(",")))
        url = asked.url or stack.enter_context(EmbeddedServer(Path(folder) / "server")).url
        print(f"{source.stat().st_size / 1e6:,.0f} MB, {asked.rounds} rounds")
        found, finishing = measure(url, source, asked.rounds)
        show(found)
        print(f"keys, indexes, foreign keys, ANALYZE: {finishing:.2f} s")


if __name__ == "__main__":
    main()
