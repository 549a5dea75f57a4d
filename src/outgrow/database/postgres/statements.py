"""How a statement of the application runs: translated, sent, and answered as SQLite would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from time import monotonic
from typing import Any, NamedTuple

from outgrow.database.connection import in_one_line
from outgrow.database.postgres.binding import bound, classified, scanned, unshared
from outgrow.database.postgres.definitions import Definitions
from outgrow.database.postgres.failures import sqlstate, translated
from outgrow.database.postgres.headings import NOTHING, Heading
from outgrow.database.postgres.knowledge import Knowledge, runner
from outgrow.database.postgres.messages import told
from outgrow.database.postgres.plans import Plan
from outgrow.database.postgres.psycopg_statements import dumped_plain
from outgrow.database.postgres.refusals import class_of, refusal
from outgrow.database.postgres.sessions import Result, Session
from outgrow.database.postgres.transactions import Transaction
from outgrow.translate import Action, Kind, UntranslatableSQL
from outgrow.translate.expressions.values import Rep
from outgrow.translate.outcome import ROLLS_BACK

Parameters = Sequence[Any] | Mapping[str, Any]
Values = tuple[Any, ...]

_QUICK = (Kind.SELECT, Kind.INSERT, Kind.UPDATE, Kind.DELETE)

#: PostgreSQL knows no such table or column, or has one already.
_OTHER_NAMES = frozenset({"42P01", "42703", "42P07", "42701", "42710"})


class Answer(NamedTuple):
    """What a statement gave."""

    heading: Heading = NOTHING
    rows: Sequence[tuple[Any, ...]] = ()
    rowcount: int = -1
    lastrowid: int | None = None


@dataclass(slots=True)
class _Drawn:
    """Rows of executemany that are not sent yet, and how many rows those before have changed."""

    plan: Plan
    rows: list[Values] = field(default_factory=list)
    changed: int = 0


class Statements:
    """The statements of one connection, and what SQLite remembers between them."""

    def __init__(self, session: Session, knowledge: Knowledge, *, native: bool) -> None:
        self.session = session
        self.total_changes = 0
        self._knowledge = knowledge
        self._native = native
        self._transaction = Transaction(session)
        self._changes = 0
        self._rowid = 0
        self._has_lost = False  # a transaction, and nobody asked what became of it
        self._definitions = Definitions(session, knowledge)
        self._drawn: _Drawn | None = None

    @property
    def in_transaction(self) -> bool:
        """Whether there is something to commit or roll back."""
        return self._transaction.is_open

    # --- what connections and cursors call ------------------------------------------------------

    def run(self, sql: str, parameters: Parameters, isolation: str | None) -> Answer:
        """Run one statement; ``isolation`` is that of the connection.

        Raises sqlite3.Error, which is the driver's error as well where the driver raised one.
        """
        self._catch_up()
        try:
            return self._run(sql, parameters, isolation)
        except sqlite3.Error as error:
            plans = self._definitions.known
            is_name = sqlstate(error) in _OTHER_NAMES
            if not is_name or plans is None or not self._definitions.changed(plans):
                raise
        return self._run(sql, parameters, isolation)

    def _run(self, sql: str, parameters: Parameters, isolation: str | None) -> Answer:
        plan = self._quick(sql, parameters)
        if plan is not None:
            given = dumped_plain(parameters)  # type: ignore[arg-type]
            if given is not None:
                if plan.begins and isolation is not None and not self._transaction.is_open:
                    self._begin(isolation)
                return self._answer(plan, self._sent(plan, (), given))
        plans = self._knowledge.known_plans
        plan, values = self._planned(sql, parameters)
        kind = plan.translation.kind
        if kind is Kind.TRANSACTION:
            self._transact(plan)
            return Answer()
        if not plan.steps and kind is not Kind.SCHEMA:
            return Answer(plan.heading)
        if plan.begins and isolation is not None and not self._transaction.is_open:
            self._begin(isolation)
        answer = self._answer(plan, self._sent(plan, values))
        if plans is not None and kind in _QUICK and isinstance(parameters, tuple | list):
            is_current = not self._definitions.are_own and self._knowledge.known_plans is plans
            if is_current and self.session.is_quick:
                plans.keep_quick(sql, parameters, plan)
        return answer

    def _quick(self, sql: str, parameters: Parameters) -> Plan | None:
        kind = type(parameters)
        if self._definitions.are_own or (kind is not tuple and kind is not list):
            return None
        plans = self._knowledge.known_plans
        return plans.quick(sql, parameters) if plans is not None else None  # type: ignore[arg-type]

    def run_many(self, sql: str, rows: Iterable[Parameters], isolation: str | None) -> int:
        """Run one statement for each set of values; gives how many rows were changed."""
        self._catch_up()
        statement = scanned(sql)
        changed = 0
        given = (unshared(*classified(bound(statement, each))) for each in rows)
        for classes, group in groupby(given, key=lambda each: each[1]):
            plan = self._plan(sql, classes)
            if not plan.changes:
                raise sqlite3.ProgrammingError("executemany() can only execute DML statements.")
            if plan.begins and isolation is not None and not self._transaction.is_open:
                self._begin(isolation)
            changed += self._drawn_from((values for values, _ in group), plan)
        return changed

    def _drawn_from(self, rows: Iterator[Values], plan: Plan) -> int:
        """Run a statement for rows that something gives, which may use this connection itself."""
        outer, self._drawn = self._drawn, _Drawn(plan)
        drawn, failure = self._drawn, None
        try:
            try:
                for values in rows:
                    drawn.rows.append(values)
            except Exception as error:  # noqa: BLE001 - raised after the rows that SQLite has run
                failure = error
            self._catch_up()
        finally:
            self._drawn = outer
        if failure is not None:
            raise failure
        return drawn.changed

    def _catch_up(self) -> None:
        """Run the rows that executemany has drawn: what gives them asks for something itself."""
        if self._drawn is not None and self._drawn.rows:
            rows, self._drawn.rows = self._drawn.rows, []
            self._drawn.changed += self._many(self._drawn.plan, rows)

    def run_native(self, sql: str, parameters: Any, isolation: str | None) -> Answer:
        """Run a statement of PostgreSQL as it is written, with the driver's parameters."""
        self._catch_up()
        if isolation is not None and not self._transaction.is_open:
            self._transaction.open("BEGIN")
        before = self._transaction.before()
        try:
            self._first(before)
            result = self.session.run_native(sql, parameters)
        except BaseException as error:
            raise self._failed(error, before) from error
        self._transaction.went(before, wrote=True)
        if self.session.is_idle:
            self._transaction.forget()
        heading = Heading(result.names) if result.names else NOTHING
        return Answer(heading, result.rows, -1 if result.names else result.changed)

    def commit(self) -> None:
        """Commit; raises sqlite3.Error, after which nothing of the transaction is left."""
        self._catch_up()
        if self._has_lost:
            self._has_lost = False
            raise sqlite3.OperationalError(
                "the connection was lost, and with it what was not committed"
            )
        try:
            self._transaction.commit()
        except Exception as error:
            self._definitions.forget()
            raise self._told(error) from error
        self._definitions.publish()

    def rollback(self) -> None:
        """Roll back; raises sqlite3.Error where the connection is lost."""
        self._catch_up()
        self._has_lost = False
        try:
            self._transaction.rollback()
        except Exception as error:
            raise self._told(error) from error
        finally:
            self._definitions.forget()

    def end(self) -> None:
        """Leave nothing open, and no temporary table, as a connection of SQLite does."""
        if self.session.is_broken:
            return
        if self._transaction.is_open:
            self.rollback()
        if self._definitions.have_temporary:
            self.session.forget_statements()
            self.session.run("DISCARD TEMP")

    # --- plans ----------------------------------------------------------------------------------

    def _planned(self, sql: str, parameters: Parameters) -> tuple[Plan, Values]:
        values, classes = classified(bound(scanned(sql), parameters))
        return self._plan(sql, classes), values

    def _plan(self, sql: str, classes: tuple[Rep, ...]) -> Plan:
        plans = self._definitions.plans()
        try:
            plan = plans(sql, classes)
        except UntranslatableSQL as error:
            if not self._definitions.changed(plans):
                raise refusal(error, sql, plans.schema) from error
            return self._plan(sql, classes)
        if self._knowledge.lacks(plan.translation.helpers):
            try:
                self._knowledge.install(plan.translation.helpers)
            except Exception as error:
                if sqlstate(error) != "42501":
                    raise self._told(error) from error
                names = ", ".join(sorted(plan.translation.helpers))
                what = (
                    f"{in_one_line(error)}: it calls functions of schema outgrow ({names}) that "
                    "have to be made first; run it once as the owner of that schema"
                )
                raise translated(error, what) from error
        return plan

    # --- running --------------------------------------------------------------------------------

    def _begin(self, isolation: str) -> None:
        """Begin as sqlite3 does before it changes rows."""
        if isolation in ("IMMEDIATE", "EXCLUSIVE"):
            self._transact(self._plan(f"BEGIN {isolation}", ()))
        else:
            self._transaction.open()

    def _sent(
        self, plan: Plan, values: Values, given: list[bytes | None] | None = None
    ) -> list[Result]:
        """Run the steps; a statement that lost a race before anything else was done, once more."""
        transaction, give_up = self._transaction, 0.0
        while True:
            before = transaction.before()
            begins = transaction.is_open and not transaction.is_begun
            try:
                if given is None:
                    found = self._steps(plan, values, before)
                else:
                    found = [self._ready(plan, given, before)]
            except BaseException as error:
                failure = self._failed(error, before)
                is_race = begins and sqlstate(error) in ("40001", "40P01")
                give_up = give_up or monotonic() + self._knowledge.timeout
                if is_race and transaction.is_open and monotonic() < give_up:
                    continue
                raise failure from error
            if transaction.is_open:
                transaction.went(before, wrote=plan.is_write)
            return found

    def _ready(self, plan: Plan, given: list[bytes | None], before: tuple[str, ...]) -> Result:
        """Run a statement that was ready before its values came."""
        assert plan.sendable is not None
        if plan.order is not None:
            given = [given[place] for place in plan.order]
        return self.session.run_sendable(plan.sendable, given, before, self._native)

    def _steps(self, plan: Plan, values: Values, before: tuple[str, ...]) -> list[Result]:
        session, native = self.session, self._native
        steps = plan.steps
        if len(steps) == 1:
            (step,) = steps
            bound_values = plan.translation.arguments(step, values, self._fact)
            if before:
                return [session.run_after(before, step.sql, bound_values, native=native)]
            return [session.run(step.sql, bound_values, native=native)]
        given = [plan.translation.arguments(step, values, self._fact) for step in steps]
        alone = not self._transaction.is_open
        self._first(("BEGIN",) if alone else before)
        found = [
            session.run(step.sql, bound_values, native=native)
            for step, bound_values in zip(steps, given, strict=True)
        ]
        if alone:
            session.run("COMMIT")
        return found

    def _first(self, statements: tuple[str, ...]) -> None:
        for sql in statements:
            self.session.run(sql)

    def _many(self, plan: Plan, rows: list[Values]) -> int:
        """Run all but the last at once; the last tells changes() and last_insert_rowid()."""
        if len(rows) < 3 or len(plan.steps) != 1 or plan.heading is not NOTHING:
            return self._one_by_one(plan, rows)
        changed = self._at_once(plan, rows[:-1])
        if changed is None:  # SQLite keeps the rows before the one that failed
            return self._one_by_one(plan, rows)
        self.total_changes += changed
        return changed + self._one_by_one(plan, rows[-1:])

    def _at_once(self, plan: Plan, rows: list[Values]) -> int | None:
        """Run a statement for several rows; gives ``None`` where one failed, and none is kept."""
        (step,) = plan.steps
        given = [plan.translation.arguments(step, values, self._fact) for values in rows]
        before, was_open = self._transaction.before(), self._transaction.is_open
        try:
            self._first(before if was_open else ("BEGIN",))
            changed = self.session.run_many(step.sql, given)
            if not was_open:
                self.session.run("COMMIT")
        except BaseException as error:
            failure = self._failed(error, before)
            if self.session.is_broken or self._transaction.is_open != was_open:
                raise failure from error
            return None
        self._transaction.went(before, wrote=True)
        return changed

    def _one_by_one(self, plan: Plan, rows: list[Values]) -> int:
        return sum(self._answer(plan, self._sent(plan, values)).rowcount for values in rows)

    def _answer(self, plan: Plan, found: list[Result]) -> Answer:
        translation = plan.translation
        if translation.schema is not None:
            self._definitions.define(translation.schema)
            if not self._transaction.is_open:
                self._definitions.publish()
        if not found:
            return Answer(plan.heading)
        rows, count = found[-1].rows, found[-1].changed
        if translation.summed:
            rows = [row for result in found for row in result.rows]
            count = sum(result.changed for result in found)
        lastrowid = None
        if plan.changes:
            self._changes = count
            self.total_changes += count
            if translation.gives_rowid:
                given = next((row[-1] for row in reversed(rows) if row[-1] is not None), None)
                self._rowid = self._rowid if given is None else int(given)
                lastrowid = self._rowid
                rows = [row[:-1] for row in rows]
        if plan.heading is NOTHING:
            rows = []
        decoder = plan.native_decoder if self._native else plan.decoder
        if decoder is not None:
            rows = [decoder(row) for row in rows]
        return Answer(plan.heading, rows, count if plan.changes else -1, lastrowid)

    def _fact(self, name: str) -> int:
        match name:
            case "last_insert_rowid":
                return self._rowid
            case "changes":
                return self._changes
            case _:
                return self.total_changes

    # --- transactions ---------------------------------------------------------------------------

    def _transact(self, plan: Plan) -> None:
        transaction, action = self._transaction, plan.translation.action
        steps = [step.sql for step in plan.steps]
        try:
            match action:
                case Action.BEGIN if transaction.is_open:
                    raise sqlite3.OperationalError(
                        "cannot start a transaction within a transaction"
                    )
                case Action.BEGIN if len(steps) == 1:
                    transaction.open(steps[0])
                case Action.BEGIN:
                    transaction.begun_with(self._alone(steps))
                case Action.COMMIT | Action.ROLLBACK if not transaction.is_open:
                    what = "commit" if action is Action.COMMIT else "rollback"
                    raise sqlite3.OperationalError(f"cannot {what} - no transaction is active")
                case Action.COMMIT:
                    self.commit()
                case Action.ROLLBACK:
                    self.rollback()
                case Action.SAVEPOINT:
                    transaction.savepoint(steps[0].split(" ", 1)[1], steps[0])
                case Action.RELEASE:
                    transaction.release(steps[0].split(" ", 2)[2], steps[0])
                    if not transaction.is_open:
                        self._definitions.publish()
                case _:
                    transaction.rollback_to(steps[0].split(" ", 3)[3], steps[0])
                    self._definitions.see_again()
        except sqlite3.Error:
            raise
        except Exception as error:
            raise self._told(error) from error

    def _alone(self, steps: Sequence[str]) -> Sequence[str]:
        """What BEGIN IMMEDIATE sends.

        A pooler may give each transaction another session, so that no lock can outlive one. A lock
        on a table is waited for before the snapshot is taken
        (https://www.postgresql.org/docs/current/sql-lock.html), and any table will do.
        """
        if not self._knowledge.is_pooled:
            return steps
        self._knowledge.install(frozenset({"pragmas"}))
        lock = "LOCK TABLE outgrow.helpers IN SHARE ROW EXCLUSIVE MODE"
        return (steps[1], lock, steps[2])

    # --- failures -------------------------------------------------------------------------------

    def _failed(self, error: BaseException, before: tuple[str, ...]) -> BaseException:
        """Leave the transaction as it was before the statement; gives the error to raise."""
        if isinstance(error, UntranslatableSQL):  # a bound value
            return translated(error, str(error), class_of(error))
        if not isinstance(error, Exception):  # Ctrl-C: whose answer comes next, nobody knows
            self.session.close()
            self._lost()
            return error
        if sqlstate(error) == ROLLS_BACK:
            self.rollback()
        elif not self.session.is_broken:
            try:
                if not self._transaction.failed(before):
                    self._definitions.forget()
            except self.session.errors:
                if not self.session.is_broken:
                    raise
        if self.session.is_broken:
            self._lost()
        self._changes = 0
        return self._told(error)

    def _lost(self) -> None:
        """The connection is gone, and with it what was not committed."""
        self._has_lost = self._has_lost or self._transaction.is_open
        self._transaction.forget()
        self._definitions.forget()

    def _told(self, error: Exception) -> Exception:
        """The error as the application catches it; ours are raised as they are."""
        if isinstance(error, sqlite3.Error) or not isinstance(error, self.session.errors):
            return error
        usable = not self.session.is_broken and not self.session.is_failed
        known = self._definitions.known
        schema = known.schema if known else None
        message, code = told(error, schema, runner(self.session) if usable else None)
        return translated(error, message, code=code)
