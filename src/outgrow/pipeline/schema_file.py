"""The PostgreSQL schema as one file: self-contained, in one transaction, loaded once.

It loads as the entrypoint of Docker's postgres image does it, ``psql -v ON_ERROR_STOP=1 -f FILE``,
as any role that may create schemas. psql substitutes ``:name`` and obeys a backslash outside of
quotes (https://www.postgresql.org/docs/current/app-psql.html): names stand in quotes where they
need them, and comments on one line.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from itertools import count

from outgrow import __version__
from outgrow.model.steps import Construction, ObjectKind
from outgrow.pipeline import marker, memory, schema_objects
from outgrow.pipeline.assess import Assessment
from outgrow.pipeline.schema_memory import remembered
from outgrow.pipeline.sql_lines import one_line
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.shims import install_sql

_COUNTED = {
    ObjectKind.TABLES: "table",
    ObjectKind.INDEXES: "index",
    ObjectKind.VIEWS: "view",
    ObjectKind.TRIGGERS: "trigger",
}
_RULE = "-- " + "-" * 77

#: The settings that a statement's meaning depends on, as a migration's session has them.
_SETTINGS = """\
SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = pg_catalog;
SET LOCAL transform_null_equals = off;
SET LOCAL default_table_access_method = heap;"""


def schema_file(assessment: Assessment, construction: Construction) -> str:
    """Write the schema of files; the same input gives the same bytes.

    ``construction`` is the one in the plan's schema.
    """
    sections = _sections(assessment, construction)
    checksum = _checksum(sections)
    numbers = count(1)
    numbered = [(f"{next(numbers)}. {title}", text) for title, text in sections]
    last = f"{next(numbers)}. The marker: from here on this file is skipped"
    body = "\n\n\n".join(f"{_RULE}\n-- {title}\n{_RULE}\n\n{text}" for title, text in numbered)
    end = marker.insert_sql(assessment.plan.schema, assessment.united.files, checksum)
    return (
        f"{_head(assessment, construction, [*(title for title, _ in numbered), last])}\n\n"
        f"\\set ON_ERROR_STOP on\nSET client_encoding = 'UTF8';\n\n"
        f"{_guard(assessment, checksum)}\n\nBEGIN;\n\n{_SETTINGS}\n\n\n{body}\n\n\n"
        f"{_RULE}\n-- {last}\n{_RULE}\n\n"
        f"{marker.STATE_FUNCTION}\n{marker.TABLE}\n{end}\n\nCOMMIT;\n\n\\endif\n"
    )


def checksum_of(assessment: Assessment, construction: Construction) -> str:
    """Give the checksum that the schema file of a plan has in the marker.

    ``construction`` is the one in the plan's schema.
    """
    return _checksum(_sections(assessment, construction))


def _checksum(sections: list[tuple[str, str]]) -> str:
    return sha256("\n".join(text for _, text in sections).encode()).hexdigest()


def _sections(assessment: Assessment, construction: Construction) -> list[tuple[str, str]]:
    sections = (
        ("Schema outgrow: functions that do what SQLite's do", _helpers(assessment, construction)),
        (
            "Tables, each with its keys, checks, comments, indexes and triggers",
            schema_objects.tables(assessment, construction),
        ),
        ("Foreign keys", schema_objects.foreign_keys(construction)),
        ("Views, and the triggers on them", schema_objects.views(assessment, construction)),
        ("What PostgreSQL can't hold, and why", schema_objects.missing(construction)),
        ("What it was in SQLite, for outgrow.database", remembered(assessment)),
    )
    return [(title, text) for title, text in sections if text]


def _head(assessment: Assessment, construction: Construction, titles: list[str]) -> str:
    made = Counter(each.kind for each in construction.built)
    counted = ", ".join(
        f"{made[kind]} {singular if made[kind] == 1 else kind.value}"
        for kind, singular in _COUNTED.items()
    )
    lines = [
        f"PostgreSQL schema of {one_line(schema_objects.listed(assessment.united.files))}",
        "",
        f"{counted}, in schema {one_line(quote(assessment.plan.schema))}.",
        f"Written by outgrow {__version__} (types: {assessment.plan.policy.value}), for PostgreSQL "
        "15 and later.",
        "",
        "Load it with:  psql -v ON_ERROR_STOP=1 -f THIS_FILE",
        "",
        "It is one transaction: all of it is loaded, or nothing. Where it was loaded before, it is",
        "skipped. The tables are empty, and ids begin at 1; outgrow migrate brings the rows and",
        "sets the ids past those of SQLite.",
        "",
        *titles,
    ]
    return "\n".join(f"-- {line}".rstrip() for line in lines)


def _guard(assessment: Assessment, checksum: str) -> str:
    """Write what skips the rest of the file where the marker is."""
    schema, files = assessment.plan.schema, assessment.united.files
    sources = ", ".join(map(literal, files))
    told = f"schema of {schema_objects.listed(files)} is loaded already"
    same, other = f"The {told}", f"Another version of the {told}: this one is skipped"
    return f"""\
SELECT count(*) > 0 AS outgrow_has_marker
FROM pg_catalog.pg_class
WHERE relname = 'schema_loaded' AND relnamespace = pg_catalog.to_regnamespace('outgrow')
\\gset
\\set outgrow_is_loaded false
\\if :outgrow_has_marker
SELECT count(*) > 0 AS outgrow_is_loaded, max(loaded)::timestamptz(0) AS outgrow_since,
    coalesce(max(checksum), '') = '{checksum}' AS outgrow_is_same
FROM outgrow.schema_loaded
WHERE schema_name = {literal(schema)} AND sources = ARRAY[{sources}]
\\gset
\\endif
\\if :outgrow_is_loaded
\\if :outgrow_is_same
\\echo {_echoed(f"{same}, since")} :outgrow_since
\\else
\\echo {_echoed(f"{other}. It is there since")} :outgrow_since
\\endif
\\else"""


def _echoed(text: str) -> str:
    """Write a text as an argument of a psql command."""
    return "'" + one_line(text).replace("\\", "\\\\").replace("'", "''") + "'"


def _helpers(assessment: Assessment, construction: Construction) -> str:
    schema = assessment.plan.schema
    own = f"CREATE SCHEMA IF NOT EXISTS {quote(schema)};" if schema != "public" else ""
    installed = install_sql([*memory.TABLES, *construction.helpers]).strip()
    return "\n".join(part for part in (installed, own) if part)
