"""Runs of many statements: counts, and what differed made small."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

import apsw
import psycopg

from generator.judging import VERDICTS, Judge
from generator.printing import as_case
from generator.schemas import Schema
from generator.shrinking import shrunk, shrunk_statement
from generator.statements import Statement, random_statement
from generator.tables import random_tables
from generator.views import random_views
from outgrow.errors import OutgrowError

#: How many statements run over the tables of one schema.
EACH = 25
_ERROR = re.compile(r"crash: \w+: [^:]*|(SQLite|PostgreSQL): (error|integrity): \w+( \w+)?")


@dataclass
class Tally:
    """What a run counted.

    Args:
        counts: statements by verdict.
        refusals: the reasons of what was refused.
        seconds: how long each translation took.
        failures: what differed, small, as a case for the corpus.

    """

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another run too."""
        self.counts += other.counts
        self.refusals += other.refusals
        self.seconds += other.seconds
        self.failures += other.failures

    def told(self) -> str:
        """The counts in one line."""
        counted = ", ".join(f"{self.counts[verdict]} {verdict}" for verdict in VERDICTS)
        return f"{self.counts.total()} statements: {counted}; {self._timed()}"

    def _timed(self) -> str:
        ranked = sorted(self.seconds) or [0.0]
        parts = ((50, "half"), (95, "95%"))
        return ", ".join(
            f"{word} translated in {ranked[len(ranked) * share // 100] * 1000:.2f} ms"
            for share, word in parts
        )


def statements_of(seed: str) -> tuple[Schema, Iterator[Statement]]:
    """The schema and statements of one seed; every other one has promoted columns."""
    random = Random(seed)
    schema = Schema(tuple(random_tables(random, promote=random.random() < 0.5)))
    schema = replace(schema, views=random_views(random, schema))
    return schema, (random_statement(Random(f"{seed}/{n}"), schema) for n in range(EACH))


def run(conninfo: str, seed: str, *, shrink: bool = True) -> Tally:
    """Run the statements of one seed on both sides."""
    tally = Tally()
    schema, statements = statements_of(seed)
    judge = Judge(conninfo, schema, tally.seconds)
    different: list[tuple[Statement, str]] = []
    try:
        for statement in statements:
            verdict, why = judge.judge(statement)
            tally.counts[verdict] += 1
            if verdict == "refused":
                tally.refusals[why] += 1
            elif verdict == "different":
                different.append((statement, why))
    finally:
        judge.close()
    for statement, why in different:
        tally.failures.append(smallest(conninfo, schema, statement, why) if shrink else why)
    return tally


def smallest(conninfo: str, schema: Schema, statement: Statement, why: str) -> str:
    """The smallest schema and statement that differ in the same way, as a case."""
    wanted = signature(why)

    def fails(judge: Judge, tried: Statement) -> bool:
        verdict, reason = judge.judge(tried)
        return verdict == "different" and signature(reason) == wanted

    def fails_over(tried: Schema, with_statement: Statement) -> bool:
        try:
            judge = Judge(conninfo, tried)
        except (apsw.Error, psycopg.Error, OutgrowError):
            return False
        try:
            return fails(judge, with_statement)
        finally:
            judge.close()

    judge = Judge(conninfo, schema)
    try:
        statement = shrunk_statement(statement, lambda tried: fails(judge, tried))
    finally:
        judge.close()
    schema = shrunk(schema, statement, fails_over)
    judge = Judge(conninfo, schema)
    try:
        return as_case(schema, statement, judge.judge(statement)[1])
    finally:
        judge.close()


def signature(why: str) -> str:
    """The sort of a difference, which stays the same while a statement is made small."""
    found = _ERROR.search(why)
    return found[0] if found else why.partition(":")[0] if why.startswith("table") else "value"
