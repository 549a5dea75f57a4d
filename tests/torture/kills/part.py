"""The tool or its server is killed: at each step of a small database, at any moment of 100 MB."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from torture.kills.holding import Hold, remove
from torture.kills.judging import SERVER, TOOL, Judge
from torture.kills.own_server import OwnServer
from torture.kills.victim import Victim
from torture.kills.workshop import Source, Workshop, compared, workshop
from torture.part import Case, Outcome, Part
from torture.shared.state import Left, changed, left, objects, report_of_last, runs

#: Entries that the reference writes into the journal's tables; there may be fewer.
_ENTRIES = 124
#: The first of them after which rows are there.
_FIRST_LOADED = 14
_MOMENTS = 60
_PAIRS = 12
_CHANGES = 12

#: A run that ended before its moment is done again so often.
_TIMES = 3


def _run(shop: Workshop, case: Case) -> Outcome:
    number = case.number
    for count, do in _KINDS:
        if number < count:
            try:
                return do(shop, case, number)
            except AssertionError as error:
                return Outcome({"kind": "failed"}, (f"case {case.number}: {error}",))
        number -= count
    raise AssertionError(number)


def _at_a_step(shop: Workshop, case: Case, number: int) -> Outcome:
    """Each entry twice: one time the server is killed, the other time the tool."""
    place, side = divmod(number, 2)
    entry = (place * 47 + 60) % _ENTRIES + 1
    harm = (SERVER, TOOL)[side]
    replace = (entry // 2 + side) % 2 == 1
    label = f"entry {entry} of the journal, {harm}, {_over(replace)}"
    server = shop.server(place)
    source = (shop.small, shop.walled)[place // 2 % 2]
    with shop.database(server, source, replace=replace, held=True) as database:
        judge = Judge(source, database, shop.folder, replace=replace)
        with Hold(database, entry) as hold, judge.victim() as victim:
            if not hold.wait(victim):
                judge.figures["kind"] = "there is no such step"
                remove(database)
                judge.complete(report_of_last(database))
                return judge.outcome(label)
            if entry == _ENTRIES:
                judge.defects.append("the journal has more entries than are tried: raise _ENTRIES")
            judge.strike(harm, victim, server, hold)
        remove(database)
        _then(judge)
        judge.figures["kind"] = f"at a step, {harm}, {_over(replace)}"
        return judge.outcome(label)


def _then(judge: Judge) -> None:
    """See what a killed run has left, and run the command again."""
    found = left(judge.database)
    if judge.middle():
        judge.run_after_the_end()
    else:
        judge.run_again(found)


def _over(replace: bool) -> str:
    return "over an older version" if replace else "into an empty schema"


def _at_a_moment(shop: Workshop, case: Case, number: int) -> Outcome:
    """Moments are drawn from as many equal parts of the whole run."""
    harm, replace = (TOOL, SERVER)[number % 2], number // 2 % 2 == 1
    moment = (number + case.random.random()) / _MOMENTS
    label = f"{harm} after {moment:.3f} of 100 MB, {_over(replace)}"
    server = shop.server(number // 4)
    shop.seconds = shop.seconds or _whole(shop, server)
    for _ in range(_TIMES):
        with shop.database(server, shop.large, replace=replace, held=False) as database:
            judge = Judge(shop.large, database, shop.folder, replace=replace)
            with judge.victim() as victim:
                while not victim.has_ended and victim.seconds < moment * shop.seconds:
                    time.sleep(0.002)
                if victim.has_ended:
                    shop.seconds = victim.seconds
                    continue
                judge.strike(harm, victim, server)
            judge.figures["phase"] = _phase(left(database))
            _then(judge)
            if judge.figures["objects"] == "complete":
                judge.figures["phase"] = "after publication"
            judge.figures["kind"] = f"100 MB, {harm}, {_over(replace)}"
            return judge.outcome(label)
    return Outcome({"kind": "the run had ended"})


def _whole(shop: Workshop, server: OwnServer) -> float:
    """See that nothing is wrong without harm, and how long it takes."""
    with shop.database(server, shop.large, replace=False, held=False) as database:
        judge = Judge(shop.large, database, shop.folder, replace=False)
        with judge.victim() as victim:
            victim.wait()
            seconds = victim.seconds
            judge.complete(json.loads(victim.out))
    assert not judge.defects, judge.defects
    return seconds


#: The entries of the workload in the journal: tables, loads, keys and indexes.
_TABLES = 3
_STEPS = 14


def _phase(found: Left) -> str:
    if not found.run:
        return "before the first step"
    if len(found.loaded) < _TABLES:
        return "while rows were loaded"
    return "while keys were built" if len(found.steps) < _STEPS else "while values were compared"


def _two_at_once(shop: Workshop, case: Case, number: int) -> Outcome:
    """Two migrations into one database: one after the other, or one of them."""
    kind, replace = number % 4, number // 4 % 2 == 1
    server = shop.server(number // 4)
    held = kind != 0
    with (
        shop.database(server, shop.small, replace=replace, held=held) as database,
        ExitStack() as stack,
    ):
        judge = Judge(shop.small, database, shop.folder, replace=replace)
        if not held:
            pair = [stack.enter_context(judge.victim()) for _ in range(2)]
            for each in pair:
                each.wait()
            met = sorted(each.status for each in pair)
            if met != ([4, 4] if replace else [3, 4]):
                judge.defects.append(f"both at once end with {met}: {[e.err[-300:] for e in pair]}")
            judge.figures["kind"] = "two at once, one waits"
        else:
            hold = stack.enter_context(Hold(database, case.random.randint(1, 110)))
            first = stack.enter_context(judge.victim())
            assert hold.wait(first), first.err
            second = stack.enter_context(judge.victim())
            _SECOND[kind](judge, hold, first, second)
        remove(database)
        judge.complete(report_of_last(database))
        return judge.outcome(f"two at once, {judge.figures['kind']}, {_over(replace)}")


def _is_refused(judge: Judge, hold: Hold, first: Victim, second: Victim) -> None:
    """The first one takes too long."""
    second.wait()
    if second.status != 1 or "OG-512" not in second.err:
        judge.defects.append(f"the second ends with {second.status}: {second.err[-500:]}")
    if differing := changed(judge.before, objects(judge.database)):
        judge.defects.append(f"a refused run has changed {differing[:5]}")
    hold.release()
    first.wait()
    if first.status != 4:
        judge.defects.append(f"the first ends with {first.status}: {first.err[-500:]}")
    judge.figures["kind"] = "two at once, one is refused"


def _waits(judge: Judge, hold: Hold, first: Victim, second: Victim) -> None:
    """The first one ends while the second waits."""
    _wait_until_it_waits(second)
    hold.release()
    first.wait()
    second.wait()
    if (first.status, second.status) != (4, 4 if judge.options else 3):
        judge.defects.append(f"they end with {first.status}, {second.status}: {second.err[-500:]}")
    judge.figures["kind"] = "two at once, one waits"


def _goes_on(judge: Judge, hold: Hold, first: Victim, second: Victim) -> None:
    """The first one is killed while the second waits, which continues its work."""
    _wait_until_it_waits(second)
    found = left(judge.database)
    first.kill()
    hold.release()
    second.wait()
    if second.status != 4:
        judge.defects.append(f"the second ends with {second.status}: {second.err[-500:]}")
    elif (json.loads(second.out)["continued"] or {"steps": 0})["steps"] < len(found.steps):
        judge.defects.append(f"it has not continued {len(found.steps)} steps: {second.out[-300:]}")
    remove(judge.database)
    judge.let_a_minute_pass()
    judge.run_after_the_end()
    judge.figures["kind"] = "two at once, one continues the other's work"


def _wait_until_it_waits(victim: Victim) -> None:
    while "waiting for another migration" not in victim.err:
        assert not victim.has_ended, victim.err
        time.sleep(0.01)


_SECOND = {1: _is_refused, 2: _waits, 3: _goes_on}


def _after_a_change(shop: Workshop, case: Case, number: int) -> Outcome:
    """The file is written to between the kill and the next run."""
    change = sorted(_CHANGED)[number % len(_CHANGED)]
    harm, replace = (TOOL, SERVER)[number % 2], number // 6 % 2 == 1
    server = shop.server(number)
    entry = case.random.randint(_FIRST_LOADED, 112)
    folder = shop.folder / "changed"
    folder.mkdir()
    path = Path(shutil.copy2(shop.small.path, folder))
    source = Source(path, shop.small.older, 4, compared(path))
    try:
        with shop.database(server, shop.small, replace=replace, held=True) as database:
            judge = Judge(source, database, shop.folder, replace=replace)
            with Hold(database, entry) as hold, judge.victim() as victim:
                assert hold.wait(victim), victim.err
                judge.strike(harm, victim, server, hold)
            remove(database)
            found = left(database)
            assert found.steps, "nothing was left to be mixed"
            assert not judge.middle(), "it was published"
            with closing(_CHANGED[change](path, shop.small.older)):
                report = judge.migrated()
                judge.complete(report)
            told = [each for each in report["findings"] if each["code"] == "OG-545"]
            if report["continued"] is not None or len(told) != 1:
                judge.defects.append(f"the change is not noticed: {report['continued']}, {told}")
            if found.run in dict(runs(database)):
                judge.defects.append("the run before the change was continued")
            judge.figures["kind"] = f"the source changed: {change}"
            return judge.outcome(f"{change} after entry {entry}, {harm}, {_over(replace)}")
    finally:
        shutil.rmtree(folder)


def _statement(sql: str, *before: str) -> Callable[[Path, Path], sqlite3.Connection]:
    """Give what runs a statement; the connection stays open during the next run."""

    def change(path: Path, _older: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        for each in (*before, sql):
            connection.execute(each).fetchall()
        return connection

    return change


def _another_file(path: Path, older: Path) -> sqlite3.Connection:
    shutil.copy2(older, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
    return sqlite3.connect(path)


_LONGER = (
    "UPDATE workflow_history SET nl_input = nl_input || '!' WHERE id = "
    "(SELECT max(id) FROM workflow_history)"
)
_CHANGED: dict[str, Callable[[Path, Path], sqlite3.Connection]] = {
    "a value": _statement(_LONGER),
    "a value, in the WAL": _statement(_LONGER, "PRAGMA journal_mode = WAL"),
    "a row less": _statement("DELETE FROM tool_calls WHERE id = (SELECT max(id) FROM tool_calls)"),
    "a row more": _statement(
        "INSERT INTO schema_migrations (migration_file, checksum) VALUES ('one_more.sql', 'x')"
    ),
    "a column more": _statement("ALTER TABLE tool_calls ADD COLUMN one_more TEXT DEFAULT 'x'"),
    "another file of its name": _another_file,
}

_KINDS = (
    (2 * _ENTRIES, _at_a_step),
    (_PAIRS, _two_at_once),
    (_CHANGES, _after_a_change),
    (_MOMENTS, _at_a_moment),
)


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    figures = [each.figures for each in outcomes]
    kinds = Counter(str(each.get("kind", "failed")) for each in figures)
    kinds.pop("there is no such step", None)
    phases = Counter(str(each["phase"]) for each in figures if "phase" in each)
    states = Counter(str(each["objects"]) for each in figures if "objects" in each)
    kept_tables = sum(int(each.get("tables kept", 0)) for each in figures)
    kept_rows = sum(int(each.get("rows kept", 0)) for each in figures)
    copies = sum("private copies" in each for each in figures)
    continued = sum("continued" in each for each in figures)
    unheard = sum("unheard" in each for each in figures)
    return [
        *((kind, f"{count:,}") for kind, count in sorted(kinds.items())),
        *((f"100 MB: killed {phase}", f"{count:,}") for phase, count in sorted(phases.items())),
        *((f"the objects were {state}", f"{count:,}") for state, count in sorted(states.items())),
        ("runs continued from the journal", f"{continued:,}"),
        ("runs that found all published, and nobody had heard of it", f"{unheard:,}"),
        ("private copies that a killed run left, and the next one removed", f"{copies:,}"),
        ("tables that were not loaded again", f"{kept_tables:,}, with {kept_rows:,} rows"),
        *(
            (words, f"{max((float(each.get(name, 0)) for each in figures), default=0):.2f} s")
            for name, words in _WORST.items()
        ),
    ]


_WORST = {
    "seconds of the others": "until the helpers of a killed outgrow had ended, at worst",
    "seconds of the sessions": "until the server had ended its sessions, at worst",
    "seconds of the tool": "until outgrow had noticed that the server is gone, at worst",
}

PART = Part(
    name="kills",
    title="Killed at every step",
    says=(
        "`kill -9` of outgrow (its helpers have to end by themselves) or `pg_ctl stop -m "
        "immediate` of the server: at every entry that the journal gets while the reference's "
        f"history is moved, and at {_MOMENTS} moments of 100 MB. The application's objects have "
        "to be as before or complete. The same command, run again, has to continue (no loaded "
        "table is loaded again, by its number in PostgreSQL's catalog), to end with every value "
        "as in SQLite, and to leave no staging, no run and no process. A file that has changed in "
        "between has to be begun anew; of two migrations into one database, one waits, is refused, "
        "or continues the other's work."
    ),
    cases=sum(count for count, _ in _KINDS),
    slice=1,
    setup=workshop,
    run=_run,
    told=_told,
)
