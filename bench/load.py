"""How fast rows arrive: outgrow's two ways beside what PostgreSQL itself takes for the same rows.

    python bench/load.py [--url URL] [--megabytes 100] [--rounds 5] [--tables wide,narrow,blobs]

The peers load the very tables that outgrow made, from files that the server wrote itself: COPY's
binary and text form, read by the server, without any client. All sides take turns; a figure is
the median of the rounds, a ratio the median of the rounds' ratios. The loader's process is
running before the first round, as it is after the census.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
import workload

from outgrow.load.copying import TableLoader
from outgrow.load.fast.encoder import Encoder
from outgrow.model.source import SourceTable
from outgrow.model.steps import Phase
from outgrow.model.types import OnBad
from outgrow.pipeline.assess import Assessment, Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.identifiers import qualified

SCHEMA = "outgrow_bench"
OURS, BINARY, TEXT, ROWS = "outgrow, blocks", "COPY binary file", "COPY text file", "outgrow, rows"

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


def measure(url: str, path: Path, rounds: int) -> list[Times]:
    """Load every table by all sides in turn; the last of the times is the sum of the others."""
    with ExitStack() as stack:
        assessment = stack.enter_context(assessed([path], Wishes(), progress=Silent()))
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        encoder = stack.enter_context(Encoder())
        files = stack.enter_context(_folder_of_server())
        _make_tables(connection, assessment)
        tables = [each for each in assessment.source.tables if assessment.census.tables[each.name]]
        warm = _loader(assessment, tables[0], encoder)
        encoder.start()
        _in_transaction(connection, lambda: warm.load(connection))
        found = [Times(table.name) for table in tables]
        for table in tables:
            _write_files(connection, assessment, table, files, encoder)
        for _ in range(rounds):
            for table, times in zip(tables, found, strict=True):
                for side, work in _sides(connection, assessment, table, files, encoder).items():
                    times.add(side, _in_transaction(connection, work))
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    return [*found, _sum(found)]


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


def _write_files(
    connection: Connection,
    assessment: Assessment,
    table: SourceTable,
    folder: Path,
    encoder: Encoder,
) -> None:
    """Let the server write what its own COPY reads."""
    target = qualified(SCHEMA, assessment.plan.table(table.name).name)
    loaded = _loader(assessment, table, encoder)
    _in_transaction(connection, lambda: _loaded_in_blocks(loaded, connection))
    for form in ("binary", "text"):
        path = folder / f"{table.name}.{form}"
        connection.execute(f"COPY {target} TO '{path}' (FORMAT {form})")


def _loaded_in_blocks(loader: TableLoader, connection: Connection) -> None:
    if not loader.load(connection).in_blocks:
        raise SystemExit(f"{loader.where} does not go in blocks: is the extra 'fast' installed?")


def _sides(
    connection: Connection,
    assessment: Assessment,
    table: SourceTable,
    folder: Path,
    encoder: Encoder,
) -> dict[str, Callable[[], object]]:
    target = qualified(SCHEMA, assessment.plan.table(table.name).name)

    def server(form: str) -> Callable[[], object]:
        def copy() -> None:
            connection.execute(f"TRUNCATE {target}")
            path = folder / f"{table.name}.{form}"
            connection.execute(f"COPY {target} FROM '{path}' (FORMAT {form}, FREEZE)")

        return copy

    blocks, rows = (_loader(assessment, table, each) for each in (encoder, None))
    return {
        OURS: lambda: _loaded_in_blocks(blocks, connection),
        BINARY: server("binary"),
        TEXT: server("text"),
        ROWS: lambda: rows.load(connection),
    }


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
            for side in sides
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
        show(measure(url, source, asked.rounds))


if __name__ == "__main__":
    main()
