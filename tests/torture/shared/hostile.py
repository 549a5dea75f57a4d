"""Names made to break whoever forgets to quote one, cuts one short, or thinks that two are one."""

from __future__ import annotations

import unicodedata
from random import Random

from databases.names import ODD

#: What an attacker would like to have run. Each says it in one way of getting out of a quote.
_HARM = "DROP TABLE canary.canary"
INJECTIONS = (
    f"'; {_HARM}; --",
    f'"; {_HARM}; --',
    f'"); {_HARM}; --',
    f"'); {_HARM}; --",
    f"x' || (SELECT 1); {_HARM}; --",
    f"\\'; {_HARM}; --",
    f"\\\\'; {_HARM}; --",
    f"$$; {_HARM}; $$",
    f"$a$; {_HARM}; $a$",
    f"*/ {_HARM}; /*",
    f"\n{_HARM};\n",
    f"--\n{_HARM};",
    "\n\\! touch canary_is_gone\n",
    "\\copy canary.canary from stdin",
    "a\\.\nb",
    "'; ATTACH 'canary.db' AS c; DELETE FROM c.canary; --",
    '"; DELETE FROM canary; --',
    "U&'\\0027",
    "E'\\'",
    "canary",
    "canary.canary",
    '"canary"."canary"',
)
_FORMATS = (
    "%s",
    "%(a)s",
    "%%",
    "%",
    "{}",
    "{0}",
    "{0.__class__}",
    "{{",
    "$1",
    ":a",
    "?",
    "@a",
    "%n",
)
_LETTERS = (
    "аccount",  # noqa: RUF001  its first letter is Cyrillic
    "account",
    unicodedata.normalize("NFC", "naïve"),
    unicodedata.normalize("NFD", "naïve"),
    "\N{KELVIN SIGN}",
    "k",
    "\N{LATIN SMALL LETTER LONG S}",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt",
    "\N{ZERO WIDTH NO-BREAK SPACE}bom",
    "a\N{NO-BREAK SPACE}b",
    "a\N{LINE SEPARATOR}b",
    "\N{GRINNING FACE}",
    "ß",
    "ẞ",
    "İ",
    "i̇",
)
_CONTROLS = tuple(f"a{chr(code)}b" for code in (1, 7, 8, 9, 10, 11, 12, 13, 27, 31, 127, 133))
#: Sixty-three bytes and more, the same up to there; some cut in the middle of a letter.
_LONG = "a_name_of_which_only_the_end_tells_from_which_other_one_it_diffe"
_CUT = (
    _LONG[:63],
    _LONG + "_1",
    _LONG + "_2",
    _LONG.upper() + "_1",
    "x" * 62 + "é1",
    "x" * 62 + "é2",
    "\N{GRINNING FACE}" * 16,
    "\N{GRINNING FACE}" * 17,
    "n" * 300,
)
_OURS = (
    "outgrow",
    "outgrow_staging",
    "outgrow_staging_1",
    "outgrow.runs",
    "runs",
    "journal",
    "quarantine",
    "columns",
    "definitions",
    "schema_loaded",
    "source_file",
)
_RESERVED = (
    *("select", "from", "table", "user", "order", "group", "limit", "analyse", "lateral", "window"),
    *("public", "pg_catalog", "pg_class", "information_schema", "pg_temp", "postgres", "template1"),
    *("xmin", "ctid", "tableoid", "rowid", "oid", "true", "null", "current_user", "session_user"),
)

NAMES = (
    *dict.fromkeys(
        (*INJECTIONS, *_FORMATS, *_LETTERS, *_CONTROLS, *_CUT, *_OURS, *_RESERVED, *ODD)
    ),
)


def name(random: Random) -> str:
    """Draw a name; every third is an injection."""
    return random.choice(INJECTIONS if random.random() < 0.35 else NAMES)
