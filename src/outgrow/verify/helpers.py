"""Whether schema ``outgrow`` holds the functions and tables that outgrow made there.

Views, triggers, defaults and checks call these functions, so that a changed one changes what those
give, though nothing of their own has changed. What should be there is made once more in a schema
that is rolled back; then PostgreSQL describes both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import psycopg

from outgrow.errors import Code
from outgrow.model.findings import Finding, Severity
from outgrow.postgres.definitions import Named, definitions
from outgrow.postgres.failures import is_lost
from outgrow.postgres.identifiers import literal
from outgrow.translate import shims
from outgrow.verify.objects import ABSENT, CHANGED, NOT_LOOKED_AT

Connection = psycopg.Connection[Any]

_HOME = "outgrow"
#: Where the helpers are made once more; nobody else ever sees it.
_EXPECTED_HOME = "outgrow_expected_home"

#: Functions, with all that decides what they give and when they are called, and the types that
#: they take (https://www.postgresql.org/docs/current/functions-info.html).
_QUERY = """
SELECT 'function', proname, pg_get_function_identity_arguments(oid), pg_get_functiondef(oid)
FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.to_regnamespace(%(schema)s)
AND prokind IN ('f', 'w')
UNION ALL
SELECT 'type', relname, '', string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
    nullif(attcollation, 0)::regcollation), E'\\n' ORDER BY attnum)
FROM pg_catalog.pg_class JOIN pg_catalog.pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = pg_catalog.to_regnamespace(%(schema)s) AND relkind = 'c' AND attnum > 0
AND NOT attisdropped GROUP BY relname
"""

#: What a helper's file makes.
_MADE = re.compile(
    rf"CREATE (?:OR REPLACE )?(?:FUNCTION|TYPE|TABLE)(?: IF NOT EXISTS)? {_HOME}\.(\w+)"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of the schema; ``name`` is the function, type or table."""

    code: Code
    name: str
    says: str
    part: str = ""


def changed_helpers(connection: Connection, needed: Iterable[str]) -> tuple[Finding, ...]:
    """Find helpers that are not as this version makes them, and make anew those that are gone.

    Args:
        connection: the target, in a transaction that will be rolled back, by a role that may make
            schemas.
        needed: the helpers that the objects rely on; those that the database counts among its own
            are looked at, too.

    Raises:
        psycopg.Error: the connection is lost.

    """
    kept = shims.installed(lambda sql: connection.execute(sql.encode()).fetchall())
    needed = frozenset(needed)
    sources = shims.sources(needed | (kept.keys() & shims.names()))
    makers = {made: name for name, sql in sources.items() for made in _MADE.findall(sql)}
    found = _problems(connection, sources.values())
    others = {each.name for each in found if _is_of_another_version(makers[each.name], kept)}
    problems = [each for each in found if each.name not in others]
    _make_anew(connection, sources, {makers[e.name] for e in problems if e.code is ABSENT})
    database = connection.info.dbname
    return (
        *(_told(database, each, is_needed=makers[each.name] in needed) for each in problems),
        *_not_judged(database, others),
    )


def _is_of_another_version(helper: str, kept: Mapping[str, str]) -> bool:
    return kept.get(helper, shims.digest(helper)) != shims.digest(helper)


def _problems(connection: Connection, sources: Iterable[str]) -> list[Problem]:
    _make_expected(connection, sources)
    then, now = _described(connection, _EXPECTED_HOME), _described(connection, _HOME)
    tables = definitions(connection, _EXPECTED_HOME), definitions(connection, _HOME)
    return [
        *(
            problem
            for (kind, name), variants in then.items()
            if (problem := _about(kind, name, variants, now.get((kind, name), {})))
        ),
        *_about_tables(*tables),
    ]


def _make_expected(connection: Connection, sources: Iterable[str]) -> None:
    connection.execute(f"CREATE SCHEMA {_EXPECTED_HOME}")
    # They are only described.
    connection.execute("SET LOCAL check_function_bodies = off")
    script = re.sub(rf"\b{_HOME}\.", f"{_EXPECTED_HOME}.", "\n".join(sources))
    connection.execute(script.encode())


def _described(connection: Connection, schema: str) -> Mapping[tuple[str, str], dict[str, str]]:
    """Give the definitions by kind and name, and then by the types of the arguments."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for kind, name, arguments, definition in connection.execute(_QUERY, {"schema": schema}):
        there = definition.replace(f"{schema}.", f"{_HOME}.")
        found[kind, name][arguments.replace(f"{schema}.", f"{_HOME}.")] = there
    return found


def _about(kind: str, name: str, then: Mapping[str, str], now: Mapping[str, str]) -> Problem | None:
    """Say what is wrong with a function or a type."""

    def named(arguments: str) -> str:
        return f"{kind} {_HOME}.{name}" + (f"({arguments})" if kind == "function" else "")

    for arguments, definition in then.items():
        if arguments not in now:
            return Problem(ABSENT, name, f"the {named(arguments)}, which outgrow made, is gone")
        if now[arguments] != definition:
            difference = _first_difference(definition, now[arguments])
            says = f"the {named(arguments)} is not as outgrow made it: {difference}"
            return Problem(CHANGED, name, says)
    for arguments in now.keys() - then.keys():
        return Problem(CHANGED, name, f"there is a {named(arguments)} that outgrow did not make")
    return None


def _first_difference(then: str, now: str) -> str:
    lines = zip_longest(then.splitlines(), now.splitlines(), fillvalue="")
    was, is_now = next((was.strip(), here.strip()) for was, here in lines if was != here)
    return f"where it had {was!r} it has {is_now!r}"


def _about_tables(then: Mapping[Named, str], now: Mapping[Named, str]) -> Iterator[Problem]:
    """Say what is wrong with tables that are there."""
    there = {each.name for each in now if each.kind == "table"}
    for named, definition in then.items():
        table = named.table or named.name
        if table not in there or now.get(named) == definition:
            continue
        is_now = f"now it is: {now[named]}" if named in now else "it is gone"
        says = f"the {named.kind} {named.name} was: {definition}; {is_now}"
        yield Problem(CHANGED, table, says, named.name if named.kind == "column" else "")


def _make_anew(connection: Connection, sources: Mapping[str, str], gone: Iterable[str]) -> None:
    """Make what is gone, so that what relies on it can be built; who may not does without."""
    for name in sources:
        if name in gone:
            try:
                with connection.transaction():
                    connection.execute(sources[name].encode())
            except psycopg.Error as error:
                if is_lost(error):
                    raise


def _told(database: str, problem: Problem, *, is_needed: bool) -> Finding:
    where = f"{database}:{_HOME}.{problem.name}" + (f".{problem.part}" if problem.part else "")
    fix = "run what the file that outgrow schema writes has for it"
    if not is_needed:
        fix = (
            "have the application make it anew when it needs it: DELETE FROM outgrow.helpers "
            f"WHERE name = {literal(problem.name)}"
        )
    return Finding(problem.code, Severity.ERROR, where, problem.says, fix)


def _not_judged(database: str, names: set[str]) -> Iterator[Finding]:
    if names:
        yield Finding(
            NOT_LOOKED_AT,
            Severity.WARNING,
            f"{database}:{_HOME}",
            "another version of outgrow made what this one can't judge: "
            + ", ".join(f"{_HOME}.{name}" for name in sorted(names)),
            "verify with that version, to see whether somebody has changed it",
        )
