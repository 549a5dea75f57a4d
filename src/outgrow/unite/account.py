"""What the meeting of rows came to, in words: conflicts with their remedy, findings, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.uniting import Origin, Settlements
from outgrow.unite.bench import Bench
from outgrow.unite.ids import Move, Moved
from outgrow.unite.meeting import Result
from outgrow.unite.naming import Member
from outgrow.unite.parts import Part
from outgrow.unite.pool import MERGED, SUPERSEDED, Pooled
from outgrow.unite.settling import Clash
from outgrow.unite.wording import GAVE_WAY, MOVED, SAME_KEY, Ledger, counted, listed


@dataclass(frozen=True, slots=True)
class Account:
    """Tells of a table what became of the rows of a file."""

    ledger: Ledger
    settlements: Settlements

    def tell(self, pooled: Pooled, part: Part, result: Result) -> None:
        """Tell of conflicts, of rows that gave way, and of ids that moved."""
        earlier = tuple(
            member.part.label for member in pooled.members if member.part.number < part.number
        )
        files = (*earlier, part.label)
        settled = self.settlements.table(pooled.table.name)
        clashes = result.outcome.clashes + result.duplicates
        if clashes:
            what = _clashing(part.label, listed(list(earlier)) or part.label, clashes)
            lines = [f"prefer = {_toml(label)}" for label in files]
            if all(clash.key in pooled.optional and not clash.key.is_primary for clash in clashes):
                lines.append('keep = "both"')
            self._told(pooled, files, what, lines, settled=bool(settled.prefer))
        if result.outcome.same_ids:
            what = _clashing(part.label, listed(list(earlier)), result.outcome.same_ids)
            lines = ["renumber = true", *(f"prefer = {_toml(label)}" for label in files)]
            self._told(pooled, files, what, lines, settled=bool(settled.prefer))
        if result.moved is not None:
            self._moved(pooled, part, files, result.moved)

    def _told(
        self, pooled: Pooled, files: tuple[str, ...], what: str, lines: list[str], *, settled: bool
    ) -> None:
        if settled:
            where = f"{files[-1]}:{pooled.table.name}"
            self.ledger.tell(GAVE_WAY, where, f"{what}; settled by the plan file")
        else:
            self.ledger.conflict(SAME_KEY, pooled.table.name, files, what, tuple(lines))

    def _moved(self, pooled: Pooled, part: Part, files: tuple[str, ...], moved: Moved) -> None:
        if moved.move is Move.IMPOSSIBLE:
            what = (
                f"{counted(moved.rows, 'row')} of {part.label} can't get a new id, because an id "
                f"or a reference in {listed(list(files[:-1]))} is the largest that there is"
            )
            self.ledger.conflict(SAME_KEY, pooled.table.name, files, what, ("apart = true",))
        elif moved.move is not Move.NONE:
            by = f" by {moved.offset:,}" if moved.offset else ""
            others = listed(list(files[:-1]))
            says = (
                f"the ids of {counted(moved.rows, 'row')} moved{by} and are "
                f"{moved.low} to {moved.high} now, since other rows in {others} have some of them"
                if moved.rows
                else f"references to rows that are not there moved{by}, so that they don't find "
                f"rows of {others}"
            )
            where = f"{part.label}:{pooled.table.name}.{pooled.id}"
            self.ledger.tell(MOVED, where, says, severity=Severity.INFO)


def _clashing(late: str, early: str, clashes: Sequence[Clash]) -> str:
    keys = []
    for clash in clashes:
        examples = f", as {'; '.join(clash.examples)}" if clash.examples else ""
        keys.append(f"{clash.key.name} ({counted(clash.rows, 'row')}{examples})")
    return f"rows of {late} have the same key as other rows of {early}: {listed(keys)}"


def _toml(text: str) -> str:
    """Write a string as TOML takes it (https://toml.io/en/v1.0.0#string)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def origins_of_pooled(bench: Bench, pooled: Pooled) -> list[Origin]:
    """Count what became of each file's rows."""
    found = {
        source: (rows, merged, superseded)
        for source, rows, merged, superseded in bench.rows(
            f"SELECT {pooled.src}, count(*), count(*) FILTER (WHERE {pooled.how} = '{MERGED}'), "
            f"count(*) FILTER (WHERE {pooled.how} = '{SUPERSEDED}') FROM {pooled.name} "
            f"GROUP BY {pooled.src}"
        )
    }
    return [
        origin_of(
            member,
            pooled.table,
            *found.get(member.part.number, (0, 0, 0)),
            pooled.offsets.get(member.part.number, 0),
        )
        for member in pooled.members
    ]


def origin_of(
    member: Member,
    table: SourceTable,
    rows: int,
    merged: int = 0,
    superseded: int = 0,
    moved: int = 0,
) -> Origin:
    """Give the account of a table of one file; ``table`` is the united one."""
    united = {fold(column.name): column.name for column in table.columns}
    return Origin(
        file=member.part.label,
        table=member.original,
        united=table.name,
        columns=tuple((own.name, united[fold(own.name)]) for own in member.table.columns),
        rows=rows,
        merged=merged,
        superseded=superseded,
        moved=moved,
    )
