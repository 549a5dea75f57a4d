"""The rows of all files meet in the pool: file by file, parents before their children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from outgrow.errors import SourceError
from outgrow.model.names import fold
from outgrow.model.uniting import Settlements
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, both
from outgrow.unite.ids import Moved, Mover
from outgrow.unite.parts import Part
from outgrow.unite.pool import MERGED, Pooled
from outgrow.unite.references import Followers, Graph
from outgrow.unite.settling import Clash, Outcome, Settler, settle_duplicates
from outgrow.unite.wording import NOT_EXACT

#: Rounds after which rows that refer to each other in a circle must have come to rest.
_ROUNDS = 1_000


@dataclass(slots=True)
class Result:
    """What meeting came to for the rows of one file in one table."""

    outcome: Outcome = field(default_factory=Outcome)
    duplicates: list[Clash] = field(default_factory=list)
    moved: Moved | None = None


@dataclass(slots=True)
class Meeting:
    """Lets rows meet.

    Args:
        bench: the connection.
        parts: the files.
        graph: which table leads to which.
        pool: the tables by folded name, their rows in them.
        settlements: what a person said.
        results: by folded table and file.

    """

    bench: Bench
    parts: Sequence[Part]
    graph: Graph
    pool: Mapping[str, Pooled]
    settlements: Settlements
    results: dict[tuple[str, int], Result] = field(default_factory=dict)

    def meet(self) -> None:
        """Settle every table for every file.

        Raises:
            SourceError: rows that refer to each other in a circle don't come to rest.

        """
        followers = Followers(self.bench, self.graph, self.pool)
        followers.index()
        self.bench.run("CREATE TEMP TABLE pair (n INTEGER, p INTEGER, k INTEGER, same INTEGER)")
        self.bench.run("CREATE TEMP TABLE banned (t INTEGER, n INTEGER, p INTEGER)")
        for pooled in self.pool.values():
            self._give_up_broken_keys(pooled)
        layers = self.graph.layers()
        for part in self.parts[1:]:
            # Where rows of earlier files can give way, what refers to them follows, too.
            prefers = any(
                self.settlements.table(pooled.table.name).prefer == part.label
                for pooled in self.pool.values()
            )
            sources = range(1, part.number + 1) if prefers else [part.number]
            for layer in layers:
                self._settle_layer(layer, part, sources, followers)

    def _give_up_broken_keys(self, pooled: Pooled) -> None:
        """A key that a file does not declare, and that its own rows break, can't be kept."""
        for key in pooled.optional:
            parts = ", ".join(
                f"v{place} COLLATE {quote_identifier(how)}"
                for place, (_, how) in enumerate(key.parts)
            )
            held = both([f"v{place} IS NOT NULL" for place in range(len(key.parts))])
            found = self.bench.rows(
                f"SELECT src FROM {pooled.view(key)} WHERE {held} "
                f"GROUP BY src, {parts} HAVING count(*) > 1 LIMIT 1"
            )
            if found:
                label = self.parts[found[0][0] - 1].label
                pooled.given_up[key] = f"{label} doesn't declare it, and its rows break it"

    def _settle_layer(
        self, layer: list[str], part: Part, sources: Sequence[int], followers: Followers
    ) -> None:
        source = part.number
        circle = len(layer) > 1 or layer[0] in self.graph.parents(layer[0])
        self._follow(layer, sources, followers)
        if circle:
            self._save(layer, source)
        resting = False
        for _ in range(_ROUNDS):
            put_off = 0
            for name in layer:
                among = layer if circle else []
                put_off += self._settle(name, part, followers, among, resting=resting)
            if not circle:
                return
            changed = self._follow(layer, sources, followers)
            banned = self._ban(layer, source)
            if not banned and not changed and not put_off:
                self._forget(layer)
                return
            resting = not banned and (resting or not changed)
            self._restore(layer, source)
        raise SourceError(
            NOT_EXACT,
            f"rows that refer to each other in a circle can't be united: {', '.join(layer)}",
            where=part.label,
            fix="In the plan file, write apart = true for one of these tables",
        )

    def _follow(self, layer: list[str], sources: Sequence[int], followers: Followers) -> int:
        return sum(followers.follow(name, source) for name in layer for source in sources)

    def _settle(
        self, name: str, part: Part, followers: Followers, circle: list[str], *, resting: bool
    ) -> int:
        """Settle a file's rows; give how many keys were put off.

        Until ids and references have come to rest, columns that lead into the circle may hold
        ids that mean something else, so no row can be said to clash by them.
        """
        pooled = self.pool[name]
        settled = self.settlements.table(pooled.table.name)
        result = self.results[name, part.number] = Result()
        loose = {
            column
            for column in self.graph.leading(name, circle)
            if followers.may_change(name, column)
        }
        put_off = [key for key in pooled.keys if not resting and key.may_hold(loose)]
        if pooled.member(part.number) and len(pooled.members) > 1:
            wins = settled.prefer == part.label
            settler = Settler(self.bench, pooled, part.number, settled, wins, loose, put_off)
            result.outcome = settler.settle()
            if pooled.renumbers:
                result.moved = self._mover(name, part.number, followers).move()
        if pooled.changing:
            result.duplicates = settle_duplicates(self.bench, pooled, part.number, put_off)
        return len(put_off)

    def _mover(self, name: str, source: int, followers: Followers) -> Mover:
        pooled = self.pool[name]
        sequences = [
            (member.part.source.sequences or {}).get(member.table.name, 0)
            for member in pooled.members
            if member.part.number < source
        ]
        return Mover(self.bench, pooled, source, followers.columns_to(name), sequences)

    # Circles: settle, follow, and look whether what was settled still holds

    def _save(self, layer: list[str], source: int) -> None:
        for name in layer:
            pooled = self.pool[name]
            self.bench.run(
                f"CREATE TEMP TABLE saved{pooled.number} AS SELECT {pooled.rid} AS rid, "
                f"{pooled.goal} AS goal, {pooled.how} AS how FROM {pooled.name} "
                f"WHERE {pooled.src} < {source} AND {pooled.goal} IS NOT NULL"
            )

    def _restore(self, layer: list[str], source: int) -> None:
        for name in layer:
            pooled = self.pool[name]
            ids = ""
            if pooled.id:
                ids = f", {quote_identifier(pooled.id)} = {pooled.was(pooled.id)}"
            self.bench.run(
                f"UPDATE {pooled.name} SET {pooled.goal} = NULL, {pooled.how} = NULL, "
                f"{pooled.took} = 0{ids} WHERE {pooled.src} = {source}"
            )
            self.bench.run(
                f"UPDATE {pooled.name} SET {pooled.goal} = NULL, {pooled.how} = NULL "
                f"WHERE {pooled.src} < {source} AND {pooled.goal} IS NOT NULL"
            )
            self.bench.run(
                f"UPDATE {pooled.name} AS t SET {pooled.goal} = s.goal, {pooled.how} = s.how "
                f"FROM temp.saved{pooled.number} AS s WHERE t.{pooled.rid} = s.rid"
            )

    def _forget(self, layer: list[str]) -> None:
        for name in layer:
            self.bench.run(f"DROP TABLE temp.saved{self.pool[name].number}")

    def _ban(self, layer: list[str], source: int) -> int:
        """Part the rows that were one as long as what they refer to was left aside."""
        banned = 0
        for name in layer:
            pooled = self.pool[name]
            besides = {fold(pooled.id)} if pooled.renumbers else set()
            banned += self.bench.run(
                f"INSERT INTO temp.banned SELECT {pooled.number}, n.{pooled.rid}, p.{pooled.rid} "
                f"FROM {pooled.name} AS n JOIN {pooled.name} AS p "
                f"ON p.{pooled.rid} = n.{pooled.goal} WHERE n.{pooled.src} = {source} "
                f"AND n.{pooled.how} = '{MERGED}' AND NOT {pooled.same('n', 'p', besides=besides)}"
            )
        return banned
