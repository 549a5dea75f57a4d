"""Names that applications gave, and names made to break whoever forgets to quote."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

_LONG = "a_name_that_somebody_generated_from_a_sentence_and_never_read_again"
_WORDS = ("order", "group", "user", "select", "table", "end", "desc", "all", "check", "null")
_SYSTEM = ("ctid", "xmin", "tableoid", "oid", "rowid", "_rowid_", "cmax")
_SIGNS = (
    "two words",
    "a/b",
    "a.b",
    'say "so"',
    "it's",
    "[in brackets]",
    "`ticked`",
    "100%",
    "%s",
    "?",
    ":p",
    "$1",
    "a;b",
    "-- gone",
    "/* gone */",
    "back\\slash",
    "tab\there",
    "line\nbreak",
    " ",
    "",
    "1st",
    "2",
    "{x}",
    "a,b",
    "(a)",
    "$$",
    "outgrow",
    "pg_catalog",
    "public",
)
_LETTERS = (
    "Straße",
    "straße",
    "Ä",
    "ä",
    unicodedata.normalize("NFC", "é"),
    unicodedata.normalize("NFD", "é"),
    "名前",
    "\N{SEE-NO-EVIL MONKEY}",
    "İ",
    "\N{LATIN SMALL LETTER DOTLESS I}",
    "\N{ZERO WIDTH SPACE}",
)
_TOO_LONG = (
    _LONG + "_1",
    _LONG + "_2",
    _LONG.upper() + "_1",
    "é" * 40 + "1",
    "é" * 40 + "2",
)
#: What PostgreSQL itself would call an index, a sequence or a constraint.
_DERIVED = ("a_pkey", "a_id_seq", "a_b_key", "a_id_idx", "a_check", "a_a_fkey", "b_pkey", "b_a_seq")
ODD = (*_WORDS, *_SYSTEM, *_SIGNS, *_LETTERS, *_TOO_LONG, *_DERIVED)


def names(*plain: str) -> st.SearchStrategy[str]:
    """A name: more often a plain one."""
    return st.one_of(
        st.sampled_from(plain),
        st.sampled_from(plain).flatmap(lambda name: st.sampled_from((name, name.upper()))),
        st.sampled_from(ODD),
    )


def quote(name: str) -> str:
    """As an identifier of SQLite and PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


@st.composite
def spelled(draw: st.DrawFn, name: str) -> str:
    """A name as it may stand in SQL: in one of the quotes that SQLite takes, or bare."""
    forms = [quote(name)]
    if "]" not in name and name:
        forms.append(f"[{name}]")
    forms.append("`" + name.replace("`", "``") + "`")
    if name.isascii() and name.isidentifier() and name.lower() not in _WORDS:
        forms.append(name)
    return draw(st.sampled_from(forms))
