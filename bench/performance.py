"""Measures everything that docs/performance.md says, and writes it.

    python bench/performance.py [--url URL] [--megabytes 334] [--rounds 5]

The server is the one that is named, else an embedded one. Figures are kept in bench/results.jsonl,
a line for each run, so that a change shows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import load
import psycopg
import whole
import workload
from targets import EMPTY, INSPECT, MANY, PLAN, PLAN_ALONE, Measured, targets_section

import outgrow
from outgrow.demo.reference import build_reference
from outgrow.postgres.embedded import EmbeddedServer

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"
RESULTS = Path(__file__).with_name("results.jsonl")

#: What initdb sets up, and the embedded server does not.
_SETTINGS = {"wal_level": "replica", "max_wal_senders": "10", "max_wal_size": "1GB"}

#: Sizes of the plot.
_SIZES = (100, 300, 1_000, 2_000)
_REFERENCE_MEGABYTES = 50
_ROUNDS_BY_SIZE = 3

_HEAD = """\
# How fast it is

This page is written by `make bench`. The figures are medians of {rounds} rounds in which all sides
take turns, of {by_size} by size, on {machine},
with PostgreSQL {server} on the same machine, set up as initdb does. Ratios travel to other
machines, seconds don't. The file has {megabytes:,.0f} MB: rows of 40 columns (texts, JSON,
timestamps, booleans, decimals), narrow rows, and BLOBs.

## Rows alone

What a server takes to read a file of its own is as fast as rows can arrive. With the extra
`outgrow[fast]`, tables of which the census proved that no value can come to harm go to it in blocks
of COPY's binary form; all others, and all without the extra, row by row. Both ways give the same
tables, byte for byte. `OUTGROW_LOAD=rows` or `=fast` chooses one, to measure or to test.

"""


def main() -> None:
    """Measure, write the page, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a database of a superuser; else a server is started")
    parser.add_argument("--megabytes", type=float, default=334)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="MB")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        embedded = EmbeddedServer(folder / "server", settings=_SETTINGS)
        url = asked.url or stack.enter_context(embedded).url
        source = folder / "source.db"
        workload.make(source, asked.megabytes)
        megabytes = source.stat().st_size / 1e6
        print(f"{megabytes:,.0f} MB, {asked.rounds} rounds")
        loads, finishing = load.measure(url, source, asked.rounds)
        load.show(loads)
        wholes = whole.measure(url, source, asked.rounds)
        others = {
            name: whole.measure(url, path, asked.rounds) for name, path in _others(folder).items()
        }
        source.unlink()
        sizes = _by_size(url, folder, asked.sizes, min(asked.rounds, _ROUNDS_BY_SIZE))
        small = _small(url, folder, asked.rounds)
        with psycopg.connect(url) as connection:
            server = str(connection.info.parameter_status("server_version")).split()[0]
    page = _HEAD.format(
        rounds=asked.rounds,
        by_size=min(asked.rounds, _ROUNDS_BY_SIZE),
        machine=_machine(),
        server=server,
        megabytes=megabytes,
    )
    page += _loads(loads) + _wholes(wholes, others) + _sizes(sizes) + _smalls(small)
    page += targets_section(Measured(loads, finishing, wholes, sizes, small))
    PAGE.write_text(page)
    PLOT.write_text(plot([(size, size / runs.median) for size, runs in sizes]))
    with RESULTS.open("a") as kept:
        kept.write(json.dumps(_kept(loads, wholes, sizes, small, megabytes, server)) + "\n")
    print(f"wrote {PAGE}")


def _machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()})"


def _others(folder: Path) -> dict[str, Path]:
    """The reference application's larger file, and sakila where it is."""
    _, history = build_reference(folder, megabytes=_REFERENCE_MEGABYTES)
    sakila = ROOT.parent / "shared" / "databases" / "sakila.db"
    return {"the reference application": history} | ({"sakila": sakila} if sakila.exists() else {})


def _by_size(
    url: str, folder: Path, sizes: Sequence[int], rounds: int
) -> list[tuple[float, whole.Runs]]:
    """Measure by size; the sizes take turns, so that an hour's mood shows in all of them."""
    paths = [folder / f"{size}.db" for size in sizes]
    for path, size in zip(paths, sizes, strict=True):
        workload.make(path, size)
    found = [whole.Runs() for _ in sizes]
    for _ in range(rounds):
        for path, runs in zip(paths, found, strict=True):
            whole.once(url, path, whole.MIGRATE, runs)
            print(f"{path.stem} MB: {runs.seconds[-1]:.1f} s", flush=True)
    megabytes = [path.stat().st_size / 1e6 for path in paths]
    for path in paths:
        path.unlink()
    return list(zip(megabytes, found, strict=True))


def _small(url: str, folder: Path, rounds: int) -> dict[str, whole.Runs]:
    """Measure what is to be quick because there is little to do."""
    empty, many = folder / "empty.db", folder / "many.db"
    with closing(sqlite3.connect(empty)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
    with closing(sqlite3.connect(many)) as connection, connection:
        for number in range(300):
            connection.execute(
                f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, name TEXT, at REAL)"
            )
            rows = ((key, f"name {key}", key / 7) for key in range(10))
            connection.executemany(f"INSERT INTO t{number} VALUES (?, ?, ?)", rows)
    started, inspected, planned, alone = (whole.Runs() for _ in range(4))
    files = [str(folder / name) for name in ("database.db", "workflow_history.db")]
    for _ in range(rounds):
        whole.timed([*whole.OUTGROW, "--version"], started)
        whole.timed([*whole.OUTGROW, "inspect", *files], inspected)
        whole.timed([*whole.OUTGROW, "plan", *files], planned)
        whole.timed([*whole.OUTGROW, "plan", files[-1]], alone)
    return {
        "`outgrow --version`": started,
        INSPECT: inspected,
        PLAN: planned,
        PLAN_ALONE: alone,
        EMPTY: whole.measure(url, empty, rounds, (whole.MIGRATE,))[whole.MIGRATE],
        MANY: whole.measure(url, many, rounds, (whole.MIGRATE,))[whole.MIGRATE],
    }


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n\n"


def _loads(found: list[load.Times]) -> str:
    sides = list(found[0].seconds)
    rows = [
        [
            times.title,
            *(
                f"{median(times.seconds[side]):.2f} s"
                + (f", {times.ratio(side):.2f}×" if side != load.OURS else "")
                for side in sides
            ),
        ]
        for times in found
    ]
    told = "A ratio above 1 says how much faster the blocks are than that side.\n\n"
    return _table(["table", *sides], rows) + told


def _wholes(found: dict[str, whole.Runs], others: dict[str, dict[str, whole.Runs]]) -> str:
    ours = found[whole.MIGRATE]
    rows = [
        [
            side,
            f"{runs.median:.1f} s",
            f"{runs.median / ours.median:.2f}×",
            f"{max(runs.megabytes):.0f} MB",
            *(f"{each[side].median:.1f} s" if side in each else "" for each in others.values()),
        ]
        for side, runs in found.items()
    ]
    shares = "".join(
        f"- {title}: {ours.phase(phase) / ours.phase('load'):.2f}× the load's time\n"
        for title, phase in (
            ("the census of every value", "census"),
            ("the verification of every value", "verify"),
        )
    )
    return (
        "## From end to end\n\nCensus, load, keys, indexes, foreign keys, statistics and the\n"
        "comparison of every value. pgloader compares nothing, and makes `REAL` single "
        "precision.\n\n"
        + _table(["", "time", "of `migrate`'s", "largest process", *others], rows)
        + shares
        + "\n"
    )


def _sizes(found: list[tuple[float, whole.Runs]]) -> str:
    rows = [
        [
            f"{size:,.0f} MB",
            f"{runs.median:.1f} s",
            f"{size / runs.median:.0f} MB/s",
            f"{max(runs.megabytes):.0f} MB",
        ]
        for size, runs in found
    ]
    return "## By size\n\n![MB a second by size of the file](performance.svg)\n\n" + _table(
        ["file", "`migrate`", "rate", "largest process"], rows
    )


def _smalls(found: dict[str, whole.Runs]) -> str:
    rows = [[title, f"{runs.median:.2f} s"] for title, runs in found.items()]
    return "## When there is little to do\n\n" + _table(["", "time"], rows).rstrip() + "\n"


def plot(points: list[tuple[float, float]]) -> str:
    """Draw MB a second by MB."""
    width, height, margin = 480, 240, 40
    most_x, most_y = max(x for x, _ in points), max(y for _, y in points)

    def place(x: float, y: float) -> tuple[float, float]:
        across = margin + x / most_x * (width - 2 * margin)
        return across, height - margin - y / most_y * (height - 2 * margin)

    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in (place(*point) for point in points))
    labels = "".join(
        f'<text x="{place(x, y)[0]:.0f}" y="{place(x, y)[1] - 8:.0f}" font-size="11" '
        f'text-anchor="middle">{y:.0f}</text>'
        f'<text x="{place(x, y)[0]:.0f}" y="{height - margin + 16}" font-size="11" '
        f'text-anchor="middle">{x:,.0f}</text>'
        for x, y in points
    )
    base = height - margin
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif"><rect width="{width}" height="{height}" fill="white"/>'
        f'<line x1="{margin}" y1="{base}" x2="{width - margin}" y2="{base}" stroke="gray"/>'
        f'<polyline points="{line}" fill="none" stroke="steelblue" stroke-width="2"/>{labels}'
        f'<text x="{width / 2:.0f}" y="{height - 6}" font-size="12" text-anchor="middle">'
        "MB of the file; MB a second above the line</text></svg>\n"
    )


def _kept(
    loads: list[load.Times],
    wholes: dict[str, whole.Runs],
    sizes: list[tuple[float, whole.Runs]],
    small: dict[str, whole.Runs],
    megabytes: float,
    server: str,
) -> dict[str, Any]:
    ours = wholes[whole.MIGRATE]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "outgrow": outgrow.__version__,
        "postgresql": server,
        "machine": _machine(),
        "megabytes": round(megabytes),
        "load": {
            times.title: {
                side: [round(each, 3) for each in seconds]
                for side, seconds in times.seconds.items()
            }
            for times in loads
        },
        "whole": {side: [round(each, 2) for each in runs.seconds] for side, runs in wholes.items()},
        "phases": {name: round(ours.phase(name), 2) for name in ours.phases[0]},
        "memory": {side: round(max(runs.megabytes)) for side, runs in wholes.items()},
        "sizes": [[round(size), round(runs.median, 2)] for size, runs in sizes],
        "small": {title: round(runs.median, 2) for title, runs in small.items()},
    }


if __name__ == "__main__":
    main()
