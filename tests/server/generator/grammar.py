"""Which expressions there are, as templates: ``<sort>`` is a hole for an expression of that sort.

The sorts are what a value is most likely to be: mixed classes come in where a hole gets another
sort than it asks for. ``<compare>`` and the other words of ``WORDS`` are chosen from a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Productions = Sequence[tuple[int, str]]

_MODIFIERS = (
    "+1 day", "-1 day", "+1 month", "-13 months", "+1 year", "-1 years", "+90 minutes",
    "-1.5 hours", "+0.25 seconds", "start of month", "start of year", "start of day", "weekday 0",
    "weekday 3", "+31 days", "-1 month", "utc", "localtime", "subsec", "+01:30", "-00:00:01.5",
    "+0001-02-03", "-0000-01-31 12:00", "ceiling", "floor", "auto", "unixepoch", "julianday",
    "no modifier", "+ 1 day", "1 day", "START OF MONTH", "+1 MONTH", "+10000 years",
)  # fmt: skip
_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%H:%M", "%H:%M:%S", "%f", "%s", "%J", "%j", "%w", "%W", "%U", "%u",
    "%V", "%G", "%g", "%e", "%k", "%l", "%I", "%p", "%P", "%R", "%T", "%F", "%%", "%Y", "%m",
    "%d.%m.%Y %H:%M:%f", "week %W", "", "%", "%q", "%Y-W%V", "%H%M%S", "x%Yx",
)  # fmt: skip
_PATHS = (
    "$", "$.a", "$.b", "$.a.b", "$[0]", "$[1]", "$[#-1]", "$.a[0]", "$.a[0].b", "$.c.d", "$[2].c",
    '$."a b"', "$.A", "$.n", '$.""', "$[7]", "$.id",
)  # fmt: skip
_SPECIFIERS = (
    "%d", "%s", "%5d|", "%-5d|", "%05d", "%+d", "%x", "%X", "%o", "%.2f", "%8.3f", "%e", "%g", "%c",
    "%5s|", "%-5s|", "%.2s", "%q", "%Q", "%w", "%%", "%,d", "%i", "%u", "%10.4f", "%.0f", "% d",
    "%#x", "%G", "%E", "a%sb", "%!.20g", "%.15g",
)  # fmt: skip


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple("'" + value.replace("'", "''") + "'" for value in values)


WORDS: Mapping[str, Sequence[str]] = {
    "compare": (
        "=", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "IS", "IS NOT", "IS DISTINCT FROM",
        "IS NOT DISTINCT FROM",
    ),
    "order": ("<", "<=", ">", ">="),
    "arithmetic": ("+", "-", "*", "/"),
    "collation": ("NOCASE", "RTRIM", "BINARY"),
    "type": (
        "TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB", "INT", "VARCHAR(10)", "DECIMAL(10,2)",
        "DOUBLE", "BOOLEAN",
    ),
    "modifier": _texts(_MODIFIERS),
    "shift": _texts(_MODIFIERS[:11]),
    "format": _texts(_FORMATS),
    "path": _texts(_PATHS),
    "specifier": _texts(_SPECIFIERS),
    "pattern": _texts(
        ("a%", "%b%", "_b_", "%", "", "A", "%c", "a\\_b", "%\U0001f642%", "É%", "ß", "%'%", "a b",
         "_", "2024%", "%\\%%", "[a]%", "%1%", "__", "%%")
    ),
    "glob": _texts(
        ("a*", "*b*", "?b?", "*", "", "[a-c]*", "[^a]*", "*[0-9]*", "A", "[]a]*", "[a", "É*",
         "2024*", "*\\*", "a?c", "[*]", "?", "*%*", "[a-]*")
    ),
    "unit": ("'%Y'", "'%m'", "'%d'", "'%H'", "'%j'", "'%w'", "'%s'"),
    "digit": ("0", "1", "2", "3", "-1", "10", "20"),
    "place": ("0", "1", "2", "3", "-1", "-2", "-9", "9", "NULL"),
    "step": ("1", "2", "3", "7"),
    "array": ("'[1, 2, 3]'", "'[]'", "'[{\"a\": 1}]'", "'{\"a\": [1]}'", "'{}'"),
}  # fmt: skip

CONDITIONS: Productions = (
    (8, "<number> <compare> <number>"),
    (6, "<text> <compare> <text>"),
    (6, "<any> <compare> <any>"),
    (4, "<moment> <compare> <moment>"),
    (5, "<condition> AND <condition>"),
    (4, "<condition> OR <condition>"),
    (3, "NOT <condition>"),
    (3, "<any> IS NULL"),
    (3, "<any> IS NOT NULL"),
    (1, "<any> NOTNULL"),
    (1, "<any> ISNULL"),
    (3, "<number> BETWEEN <number> AND <number>"),
    (1, "<any> NOT BETWEEN <any> AND <any>"),
    (2, "<text> BETWEEN <text> AND <text>"),
    (4, "<number> IN (<number>, <number>, <number>)"),
    (3, "<text> IN (<text>, <text>)"),
    (2, "<any> NOT IN (<any>, <any>)"),
    (1, "<any> IN ()"),
    (3, "<any> IN (<rows:any>)"),
    (1, "<number> NOT IN (<rows:number>)"),
    (3, "EXISTS (<rows:any>)"),
    (1, "NOT EXISTS (<rows:any>)"),
    (4, "<text> LIKE <pattern>"),
    (2, "<any> LIKE <pattern>"),
    (1, "<text> NOT LIKE <pattern>"),
    (1, "<text> LIKE <pattern> ESCAPE '\\'"),
    (1, "<text> LIKE <text>"),
    (2, "<text> GLOB <glob>"),
    (1, "<any> GLOB <glob>"),
    (1, "<text> NOT GLOB <glob>"),
    (2, "<any> IS TRUE"),
    (1, "<any> IS NOT FALSE"),
    (1, "<condition> IS NOT TRUE"),
    (2, "<text> COLLATE <collation> <compare> <text>"),
    (1, "<text> = <text> COLLATE <collation>"),
    (1, "(<number>, <text>) = (<number>, <text>)"),
    (1, "(<number>, <text>) <order> (<number>, <text>)"),
    (1, "(<number>, <text>) IN ((<number>, <text>), (<number>, <text>))"),
    (1, "(<any>, <number>) IS NOT (<any>, <number>)"),
    (1, "<any> IN (<text>, <number>, <any>)"),
    (1, "<integer> IS NOT FALSE"),
    (1, "likely(<condition>)"),
    (1, "<moment> BETWEEN <moment> AND <moment>"),
    (1, "<text> || <pattern> LIKE <text> || '%'"),
    (1, "<text> <compare> upper(<text>)"),
    (1, "coalesce(<any>, <any>) <compare> <any>"),
    (1, "CASE WHEN <condition> THEN <condition> ELSE <condition> END"),
    (1, "<any>"),
)

INTEGERS: Productions = (
    (6, "<integer> <arithmetic> <integer>"),
    (2, "<integer> % <integer>"),
    (1, "<number> % <number>"),
    (1, "<integer> & <integer>"),
    (1, "<integer> | <integer>"),
    (1, "<integer> << <digit>"),
    (1, "<integer> >> <digit>"),
    (1, "~<integer>"),
    (2, "- <integer>"),
    (1, "+<any>"),
    (3, "length(<text>)"),
    (1, "length(<any>)"),
    (1, "octet_length(<any>)"),
    (2, "instr(<text>, <text>)"),
    (1, "unicode(<text>)"),
    (3, "CAST(<any> AS INTEGER)"),
    (2, "abs(<integer>)"),
    (1, "sign(<number>)"),
    (2, "coalesce(<integer>, <integer>)"),
    (1, "ifnull(<integer>, <integer>)"),
    (1, "nullif(<integer>, <integer>)"),
    (2, "max(<integer>, <integer>)"),
    (1, "min(<integer>, <integer>, <integer>)"),
    (2, "iif(<condition>, <integer>, <integer>)"),
    (3, "CASE WHEN <condition> THEN <integer> ELSE <integer> END"),
    (1, "CASE <any> WHEN <any> THEN <integer> WHEN <any> THEN <integer> END"),
    (2, "(<query:integer>)"),
    (3, "<condition>"),
)

REALS: Productions = (
    (5, "<number> <arithmetic> <real>"),
    (3, "<real> <arithmetic> <number>"),
    (2, "- <real>"),
    (3, "round(<number>, <digit>)"),
    (2, "round(<number>)"),
    (2, "CAST(<any> AS REAL)"),
    (1, "abs(<real>)"),
    (1, "coalesce(<real>, <real>)"),
    (1, "max(<real>, <real>)"),
    (1, "<integer> * 1.0"),
    (1, "<integer> / 3.0"),
    (1, "floor(<real>)"),
    (1, "ceil(<real>)"),
    (1, "trunc(<real>)"),
    (1, "sqrt(abs(<real>))"),
    (1, "pow(<real>, 2)"),
    (1, "mod(<real>, <real>)"),
    (1, "exp(min(<real>, 5))"),
    (1, "ln(abs(<real>) + 1)"),
    (1, "log(2, abs(<integer>) + 1)"),
    (1, "atan2(<real>, 1.5)"),
    (1, "radians(<integer>)"),
    (1, "CAST(<text> AS REAL)"),
    (1, "<calendar> / 86400.0"),
    (1, "<real> % <integer>"),
    (1, "CASE WHEN <condition> THEN <real> END"),
    (1, "(<query:real>)"),
)

NUMBERS: Productions = (
    (4, "<number> <arithmetic> <number>"),
    (2, "- <number>"),
    (2, "CAST(<any> AS NUMERIC)"),
    (2, "CASE WHEN <condition> THEN <integer> ELSE <real> END"),
    (2, "coalesce(<number>, <number>)"),
    (1, "max(<number>, <number>)"),
    (1, "min(<number>, <number>)"),
    (1, "abs(<number>)"),
    (1, "<text> + <number>"),
    (1, "<text> * 1"),
    (1, "iif(<condition>, <number>, <number>)"),
    (1, "nullif(<number>, <number>)"),
)

TEXTS: Productions = (
    (6, "<text> || <text>"),
    (4, "<any> || <any>"),
    (3, "upper(<text>)"),
    (3, "lower(<text>)"),
    (2, "trim(<text>)"),
    (1, "ltrim(<text>, <text>)"),
    (1, "rtrim(<text>, <text>)"),
    (1, "trim(<any>)"),
    (3, "substr(<text>, <place>)"),
    (3, "substr(<text>, <place>, <place>)"),
    (1, "substr(<any>, <integer>, <integer>)"),
    (2, "replace(<text>, <text>, <text>)"),
    (2, "hex(<any>)"),
    (2, "quote(<any>)"),
    (3, "typeof(<any>)"),
    (3, "CAST(<any> AS TEXT)"),
    (3, "coalesce(<text>, <text>)"),
    (1, "ifnull(<text>, <text>)"),
    (1, "nullif(<text>, <text>)"),
    (2, "iif(<condition>, <text>, <text>)"),
    (3, "CASE WHEN <condition> THEN <text> WHEN <condition> THEN <text> ELSE <text> END"),
    (1, "max(<text>, <text>)"),
    (1, "min(<text>, <text>)"),
    (3, "printf(<specifier>, <any>)"),
    (1, "format(<specifier>, <number>)"),
    (1, "char(<step>, 65, 8364)"),
    (1, "concat(<any>, <text>, <number>)"),
    (1, "concat_ws(<text>, <any>, <text>, <any>)"),
    (1, "unhex(hex(<text>))"),
    (1, "substring(<text>, <place>, <step>)"),
    (1, "trim(<text>, ' a')"),
    (1, "replace(<any>, <text>, <any>)"),
    (1, "upper(<any>) || lower(<any>)"),
    (1, "printf('%s|%d|%.1f', <text>, <integer>, <real>)"),
    (1, "CASE <text> WHEN <text> THEN <text> WHEN <any> THEN <text> END"),
    (1, "nullif(<any>, <any>) || ''"),
    (2, "(<query:text>)"),
    (2, "<moment>"),
    (1, "<document>"),
    (1, "<text> COLLATE <collation>"),
)

BLOBS: Productions = (
    (2, "CAST(<text> AS BLOB)"),
    (1, "zeroblob(<step>)"),
    (1, "coalesce(<blob>, <blob>)"),
    (1, "substr(<blob>, <place>, <place>)"),
    (1, "x'00ff41'"),
    (1, "unhex('4142')"),
)

MOMENTS: Productions = (
    (4, "date(<moment>)"),
    (4, "datetime(<moment>)"),
    (2, "time(<moment>)"),
    (3, "date(<moment>, <modifier>)"),
    (3, "datetime(<moment>, <shift>)"),
    (2, "datetime(<moment>, <modifier>, <modifier>)"),
    (1, "time(<moment>, <modifier>)"),
    (4, "strftime(<format>, <moment>)"),
    (1, "strftime(<format>, <moment>, <modifier>)"),
    (1, "date(<integer>, 'unixepoch')"),
    (1, "datetime(<number>, 'auto')"),
    (1, "datetime(<integer>, 'unixepoch', <modifier>)"),
    (1, "datetime(<any>)"),
    (1, "date(<number>)"),
    (2, "substr(<moment>, 1, 10)"),
    (1, "coalesce(<moment>, <moment>)"),
    (1, "CASE WHEN <condition> THEN <moment> END"),
    (1, "timediff(<moment>, <moment>)"),
    (1, "strftime('%Y-%m', <moment>) || '-01'"),
    (1, "strftime('%d.%m.%Y', <moment>) || ' ' || time(<moment>)"),
    (1, "min(<moment>, <moment>)"),
    (1, "date(<moment>, <step> || ' days')"),
    (1, "date(<moment>, <integer> || ' months')"),
    (1, "datetime(julianday(<moment>) + <digit>)"),
    (1, "replace(<moment>, 'T', ' ')"),
    (1, "substr(<moment>, 12, 5)"),
)

CALENDAR: Productions = (
    (2, "CAST(strftime(<unit>, <moment>) AS INTEGER)"),
    (2, "unixepoch(<moment>)"),
    (1, "unixepoch(<moment>, <modifier>)"),
    (2, "julianday(<moment>)"),
    (1, "CAST(julianday(<moment>) - julianday(<moment>) AS INTEGER)"),
    (1, "strftime('%s', <moment>) - strftime('%s', <moment>)"),
    (1, "unixepoch(<moment>) / 86400"),
    (1, "round(julianday(<moment>) - julianday(<moment>), 2)"),
    (1, "strftime(<unit>, <moment>) + 0"),
)

DOCUMENTS: Productions = (
    (3, "json_object('a', <any!>, 'b', <number>)"),
    (3, "json_array(<any!>, <text>, <number>)"),
    (2, "json(<document>)"),
    (2, "json_set(<document>, <path>, <any!>)"),
    (1, "json_insert(<document>, <path>, <any!>)"),
    (1, "json_replace(<document>, <path>, <any!>)"),
    (2, "json_remove(<document>, <path>)"),
    (2, "json_patch(<document>, <document>)"),
    (1, "json_quote(<any!>)"),
    (2, "<document> -> <path>"),
    (1, "json_extract(<document>, '$', <path>)"),
    (1, "json_array(json(<document>))"),
)

EXTRACTS: Productions = (
    (5, "json_extract(<document>, <path>)"),
    (5, "<document> ->> <path>"),
    (1, "<document> ->> 'a'"),
    (1, "<document> ->> 0"),
    (2, "json_type(<document>, <path>)"),
    (1, "json_type(<document>)"),
    (1, "json_array_length(<document>)"),
    (1, "json_array_length(<document>, <path>)"),
    (2, "json_valid(<text>)"),
    (1, "CASE WHEN json_valid(<text>) THEN 'valid' END"),
    (1, "json_extract(<document>, <path>) <compare> <any>"),
    (1, "(SELECT count(*) FROM json_each(<document>))"),
    (1, "(SELECT group_concat(value, '|' ORDER BY key) FROM json_each(<array>))"),
    (1, "(SELECT max(j.value) FROM json_each(<document>) AS j)"),
    (1, "(SELECT count(*) FROM json_tree(<document>) WHERE type = 'integer')"),
    (1, "json_extract(<document>, '$.a') + <number>"),
    (1, "json_extract(<document>, <path>) IS NOT NULL"),
    (1, "EXISTS (SELECT 1 FROM json_each(<document>) AS j WHERE j.value = <any>)"),
    (1, "coalesce(<document> ->> <path>, 'none')"),
)

GRAMMAR: Mapping[str, Productions] = {
    "condition": CONDITIONS,
    "integer": INTEGERS,
    "real": REALS,
    "number": NUMBERS,
    "text": TEXTS,
    "blob": BLOBS,
    "moment": MOMENTS,
    "calendar": CALENDAR,
    "document": DOCUMENTS,
    "extract": EXTRACTS,
}

#: What an expression of any sort is, by weight; ``leaf`` is a column.
ANY = {
    "integer": 5, "real": 3, "number": 3, "text": 6, "moment": 3, "condition": 4, "calendar": 2,
    "extract": 3, "document": 1, "blob": 1,
}  # fmt: skip
#: Other sorts that fit into a hole.
FITS: Mapping[str, Sequence[str]] = {
    "number": ("integer", "real", "number", "number", "calendar"),
    "integer": ("integer", "integer", "integer", "integer", "calendar"),
    "text": ("text", "text", "text", "text", "moment", "extract"),
}
