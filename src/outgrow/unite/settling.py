"""What becomes of the rows of one file in a table that rows of earlier files are in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.uniting import TableSettlement
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, both
from outgrow.unite.keys import Key
from outgrow.unite.pool import MERGED, SUPERSEDED, Pooled, storages

_EXAMPLES = 3


@dataclass(slots=True)
class Clash:
    """Rows that share a key with other rows: how many, and a few of the keys."""

    key: Key
    rows: int
    examples: list[str]


@dataclass(slots=True)
class Outcome:
    """What settling the rows of a file came to."""

    clashes: list[Clash] = field(default_factory=list)
    same_ids: list[Clash] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles the rows of one file in one table.

    Args:
        bench: the connection; it has the tables ``temp.pair`` and ``temp.banned``.
        pooled: the table.
        source: the number of the file.
        settled: what a person said of the table.
        wins: a row of this file stays where another has its key.
        loose: folded columns that lead to rows which are not settled yet.
        put_off: keys of such columns, in which no row may clash yet.

    """

    bench: Bench
    pooled: Pooled
    source: int
    settled: TableSettlement
    wins: bool
    loose: Collection[str]
    put_off: Collection[Key]

    def settle(self) -> Outcome:
        """Find the rows that are there already and those that clash with a row that is there."""
        outcome = Outcome()
        self._merge()
        self._clash(outcome)
        self._clash_by_id(outcome)
        return outcome

    # Rows that are equal

    def _merge(self) -> None:
        table = self.pooled
        self.bench.run("DELETE FROM temp.pair")
        for number, key in enumerate(table.keys):
            if key not in table.given_up:
                self._pair(number, key)
        renumbered = {fold(table.id)} if table.renumbers else set()
        self._compare(besides={*self.loose, *renumbered}, ids=False)
        self._compare(besides=self.loose, ids=True)
        if not table.table.rowid_alias:
            self._pair_rows_without_key()
        self.bench.run(
            "UPDATE temp.pair SET same = 0 WHERE EXISTS (SELECT 1 FROM temp.banned AS b "
            f"WHERE b.t = {table.number} AND b.n = pair.n AND b.p = pair.p)"
        )
        self.bench.run(
            f"UPDATE {table.name} AS t SET {table.goal} = m.p, {table.how} = '{MERGED}' "
            "FROM (SELECT n, min(p) AS p FROM temp.pair WHERE same GROUP BY n) AS m "
            f"WHERE t.{table.rid} = m.n"
        )

    def _pair(self, number: int, key: Key) -> None:
        """Pair each row of the file with the rows of earlier files that have the same key."""
        view = self.pooled.view(key)
        self.bench.run(
            f"INSERT INTO temp.pair SELECT n.rid, p.rid, {number}, 0 "
            f"FROM {view} AS n CROSS JOIN {view} AS p ON {_met(key, 'n', 'p')} "
            f"WHERE n.src = {self.source} AND p.src < {self.source} "
            "AND n.goal IS NULL AND p.goal IS NULL"
        )

    def _compare(self, *, besides: Collection[str], ids: bool) -> None:
        table = self.pooled
        numbers = [str(number) for number, key in enumerate(table.keys) if table.is_id(key) == ids]
        self.bench.run(
            f"UPDATE temp.pair SET same = (SELECT {table.same('n', 'p', besides=besides)} "
            f"FROM {table.name} AS n, {table.name} AS p "
            f"WHERE n.{table.rid} = pair.n AND p.{table.rid} = pair.p) "
            f"WHERE k IN ({', '.join(numbers)})"
        )

    def _pair_rows_without_key(self) -> None:
        """Pair equal rows that no key tells apart: the first with the first, and so on."""
        table = self.pooled
        columns = [
            column
            for column in table.table.columns
            if column.generated is None and fold(column.name) not in self.loose
        ]
        names = [f"c{place} COLLATE BINARY" for place in range(len(columns))]
        values = [f"{quote_identifier(column.name)}" for column in columns]
        packed = storages(columns)
        picked = [f", {value} AS c{place}" for place, value in enumerate(values)]
        picked += [f", {value} AS s{place}" for place, value in enumerate(packed)]
        parts = ", ".join([*names, *(f"s{place}" for place in range(len(packed)))]) or "1"
        keyed = [
            f"SELECT rid FROM {table.view(key)} WHERE "
            + both([f"v{place} IS NOT NULL" for place in range(len(key.parts))])
            for key in table.kept
        ]
        without = f"AND {table.rid} NOT IN ({' UNION ALL '.join(keyed)})" if keyed else ""
        self.bench.run(
            f"INSERT INTO temp.pair WITH rows AS MATERIALIZED (SELECT {table.rid} AS rid, "
            f"{table.src} = {self.source} AS late{''.join(picked)} FROM {table.name} "
            f"WHERE {table.goal} IS NULL AND {table.src} <= {self.source} {without}), "
            "counted AS (SELECT *, row_number() OVER "
            f"(PARTITION BY late, {parts} ORDER BY rid) AS nth FROM rows), "
            "paired AS (SELECT rid, late, lag(rid) OVER "
            f"(PARTITION BY {parts}, nth ORDER BY late) AS before FROM counted) "
            "SELECT rid, before, -1, 1 FROM paired WHERE late AND before IS NOT NULL"
        )

    # Rows that differ and share a key

    def _clash(self, outcome: Outcome) -> None:
        """Let one row of those that share a key stand for the other."""
        table = self.pooled
        self.bench.run(
            "DELETE FROM temp.pair WHERE k = -1 OR same OR "
            f"(SELECT {table.goal} IS NOT NULL FROM {table.name} WHERE {table.rid} = pair.n)"
        )
        for number, key in enumerate(table.keys):
            if table.is_id(key) or key in table.given_up or key in self.put_off:
                self.bench.run(f"DELETE FROM temp.pair WHERE k = {number}")
                continue
            clash = self._clash_of(number, key)
            if clash is None:
                continue
            if self.settled.keep_both and self._is_optional(key):
                table.given_up[key] = "the plan file keeps both of the rows that share it"
                self.bench.run(f"DELETE FROM temp.pair WHERE k = {number}")
                continue
            outcome.clashes.append(clash)
        self._give_way()

    def _is_optional(self, key: Key) -> bool:
        return not key.is_primary and key in self.pooled.optional

    def _clash_of(self, number: int, key: Key) -> Clash | None:
        rows = self.bench.value(f"SELECT count(DISTINCT n) FROM temp.pair WHERE k = {number}")
        if not rows:
            return None
        parts = ", ".join(f"CAST(quote(v{place}) AS BLOB)" for place in range(len(key.parts)))
        found = self.bench.texts(
            f"SELECT DISTINCT {parts} FROM {self.pooled.view(key)} WHERE rid IN "
            f"(SELECT n FROM temp.pair WHERE k = {number} ORDER BY n LIMIT {_EXAMPLES})"
        )
        return Clash(key, rows, [", ".join(_short(value) for value in row) for row in found])

    def _give_way(self) -> None:
        table = self.pooled
        goes, stays = ("p", "n") if self.wins else ("n", "p")
        self.bench.run(
            f"UPDATE {table.name} AS t SET {table.goal} = m.stays, {table.how} = '{SUPERSEDED}' "
            f"FROM (SELECT {goes} AS goes, min({stays}) AS stays FROM temp.pair GROUP BY {goes}) "
            f"AS m WHERE t.{table.rid} = m.goes"
        )
        if self.wins:
            redirect(self.bench, table)
            self._take_ids()

    def _take_ids(self) -> None:
        """Give the row that stays the id of the first row that gave way to it."""
        table = self.pooled
        if not table.id:
            return
        name = quote_identifier(table.id)
        self.bench.run(
            f"UPDATE {table.name} AS t SET {name} = p.{name}, {table.took} = 1 "
            f"FROM (SELECT n, min(p) AS p FROM temp.pair GROUP BY n) AS m "
            f"JOIN {table.name} AS p ON p.{table.rid} = m.p "
            f"WHERE t.{table.rid} = m.n AND p.{table.goal} = m.n"
        )

    def _clash_by_id(self, outcome: Outcome) -> None:
        """Where ids mean something, treat equal ones as any key, once the other keys are done."""
        table = self.pooled
        keys = [(number, key) for number, key in enumerate(table.keys) if table.is_id(key)]
        if not keys or table.renumbers:
            return
        number, key = keys[0]
        self.bench.run("DELETE FROM temp.pair")
        self._pair(number, key)
        clash = self._clash_of(number, key)
        if clash is not None:
            outcome.same_ids.append(clash)
            self._give_way()


def settle_duplicates(
    bench: Bench, pooled: Pooled, source: int, put_off: Collection[Key]
) -> list[Clash]:
    """Settle rows that share a key only since the rows that they refer to became one.

    The first row stays; a row that is equal to it, but for its renumbered id, is merged.
    """
    found = []
    besides = {fold(pooled.id)} if pooled.renumbers else set()
    for key in pooled.kept:
        if key in put_off or (pooled.is_id(key) and pooled.renumbers):
            continue
        view = pooled.view(key)
        parts = ", ".join(
            f"v{place} COLLATE {quote_identifier(how)}" for place, (_, how) in enumerate(key.parts)
        )
        held = both([f"v{place} IS NOT NULL" for place in range(len(key.parts))])
        bench.run("DELETE FROM temp.pair")
        bench.run(
            "INSERT INTO temp.pair SELECT rid, first, 0, 0 FROM (SELECT rid, "
            f"first_value(rid) OVER (PARTITION BY {parts} ORDER BY rid) AS first "
            f"FROM {view} WHERE goal IS NULL AND src <= {source} AND {held}) WHERE rid > first"
        )
        bench.run(
            f"UPDATE temp.pair SET same = (SELECT {pooled.same('n', 'p', besides=besides)} "
            f"FROM {pooled.name} AS n, {pooled.name} AS p "
            f"WHERE n.{pooled.rid} = pair.n AND p.{pooled.rid} = pair.p)"
        )
        bench.run(
            f"UPDATE {pooled.name} AS t SET {pooled.goal} = m.p, "
            f"{pooled.how} = iif(m.same, '{MERGED}', '{SUPERSEDED}') "
            f"FROM temp.pair AS m WHERE t.{pooled.rid} = m.n"
        )
        redirect(bench, pooled)
        rows = bench.value("SELECT count(*) FROM temp.pair WHERE NOT same")
        if rows:
            found.append(Clash(key, rows, []))
    return found


def redirect(bench: Bench, pooled: Pooled) -> None:
    """Lead rows whose stand-in has given way itself to the row that stays."""
    bench.run(
        f"UPDATE {pooled.name} AS t SET {pooled.goal} = g.{pooled.goal} FROM {pooled.name} AS g "
        f"WHERE g.{pooled.rid} = t.{pooled.goal} AND g.{pooled.goal} IS NOT NULL"
    )


def _met(key: Key, left: str, right: str) -> str:
    return both(
        [
            f"{left}.v{place} = {right}.v{place} COLLATE {quote_identifier(collation)}"
            for place, (_, collation) in enumerate(key.parts)
        ]
    )


def _short(value: str) -> str:
    text = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in value)
    return text if len(text) <= 60 else f"{text[:57]}…"
