"""What translating costs: each statement of the tests' corpus, once and again.

Run it with ``make bench``; figures are of this machine, in this run.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "server"), str(ROOT / "tests")]

import corpus  # noqa: E402
import translate_corpus  # noqa: E402
from corpus import Parameters, as_case  # noqa: E402
from translate_sides import Table  # noqa: E402

from outgrow.pipeline.assess import Wishes, assessed  # noqa: E402
from outgrow.pipeline.progress import Silent  # noqa: E402
from outgrow.translate import (  # noqa: E402
    Schema,
    Translations,
    UntranslatableSQL,
    classes_of,
    scan,
    schema_of,
    translate,
)

#: How often the look-up of a translation is repeated.
_TIMES = 200_000


def main() -> None:
    """Print the percentiles over the corpus, and the cost of a look-up."""
    spent: list[tuple[float, str]] = []
    statements = 0
    for found in pkgutil.iter_modules(corpus.__path__):
        module = importlib.import_module(f"corpus.{found.name}")
        tables = getattr(module, "TABLES", [translate_corpus.THINGS, translate_corpus.EVENTS])
        schema = _schema(tables)
        for given in module.CASES:
            for sql, parameters in as_case(given).steps:
                statements += 1
                _once(sql, parameters, schema)  # what is loaded on first use
                seconds = _once(sql, parameters, schema)
                if seconds is not None:
                    spent.append((seconds * 1e3, sql))
    spent.sort()
    times = [each for each, _ in spent]
    quantiles = statistics.quantiles(times, n=100)
    print(f"{len(times)} of {statements} statements translated once, in milliseconds:")
    print(f"  half under {quantiles[49]:.2f}, 95% under {quantiles[94]:.2f}, most {times[-1]:.2f}")
    print(f"  {sum(each < 5 for each in times) / len(times):.1%} under 5 ms")
    print(f"a translation that is kept: {_look_up(schema):.2f} µs")


def _schema(tables: list[Table]) -> Schema:
    """The schema of a migrated database with these tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.db"
        with closing(sqlite3.connect(path)) as connection:
            for table in tables:
                connection.execute(table.ddl)
                for row in table.rows:
                    places = ", ".join("?" for _ in row)
                    connection.execute(f'INSERT INTO "{table.name}" VALUES ({places})', row)
            connection.commit()
        with assessed([path], Wishes(), progress=Silent()) as read:
            return schema_of(read.source, read.plan, target_schema="public", census=read.census)


def _once(sql: str, parameters: Parameters, schema: Schema) -> float | None:
    """Seconds that one translation takes; ``None`` for one that is refused."""
    scan.cache_clear()
    started = perf_counter()
    try:
        translate(sql, schema, classes_of(scan(sql).values(parameters)))
    except (UntranslatableSQL, KeyError, ValueError, OverflowError):
        return None
    return perf_counter() - started


def _look_up(schema: Schema) -> float:
    """Microseconds that it takes to get a translation that was made before."""
    translations = Translations(schema)
    sql, classes = f"SELECT * FROM {next(iter(schema.tables))} LIMIT ?", classes_of((5,))
    translations(sql, classes)
    started = perf_counter()
    for _ in range(_TIMES):
        translations(sql, classes)
    return (perf_counter() - started) / _TIMES * 1e6


if __name__ == "__main__":
    main()
