"""PostgreSQL's names and literals: when a name needs quotes, and how to write a text."""

from __future__ import annotations

import re

#: Bytes that PostgreSQL keeps of a name
#: (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS).
MAX_NAME_BYTES = 63

#: Words that can't stand as any kind of name without quotes: every keyword that is not
#: "unreserved" in PostgreSQL 15 to 18 (``pg_get_keywords()``; a test asks the server).
KEYWORDS = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary
    bit boolean both case cast char character check coalesce collate collation column
    concurrently constraint create cross current_catalog current_date current_role
    current_schema current_time current_timestamp current_user dec decimal default
    deferrable desc distinct do else end except exists extract false fetch float for foreign
    freeze from full grant greatest group grouping having ilike in initially inner inout int
    integer intersect interval into is isnull join json json_array json_arrayagg json_exists
    json_object json_objectagg json_query json_scalar json_serialize json_table json_value
    lateral leading least left like limit localtime localtimestamp merge_action national
    natural nchar none normalize not notnull null nullif numeric offset on only or order out
    outer overlaps overlay placing position precision primary real references returning
    right row select session_user setof similar smallint some substring symmetric
    system_user table tablesample then time timestamp to trailing treat trim true union
    unique user using values varchar variadic verbose when where window with xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
    xmlserialize xmltable
    """.split()
)

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def quote(name: str) -> str:
    """Write a name so that PostgreSQL reads it exactly, with quotes only where they are needed."""
    if _PLAIN.fullmatch(name) and name not in KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """Write a name with its schema."""
    return f"{quote(schema)}.{quote(name)}"


def literal(text: str) -> str:
    """Write a text as a literal (``standard_conforming_strings`` is on, its default)."""
    return "'" + text.replace("'", "''") + "'"
